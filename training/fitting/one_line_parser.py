"""A parser whose complaints are one line, where Lightning's prints all options and errors within errors."""

import sys
from typing import Final, NoReturn

from pytorch_lightning.cli import LightningArgumentParser

_OF_PROGRAMMERS: Final = ("Given value type", "Subtypes:")
_NO_REASON: Final = ("Expected a <class", "Expected a collections", "Given value", "Not of type", *_OF_PROGRAMMERS)


class OneLineParser(LightningArgumentParser):
    """What complains in one line."""

    def error(self, message: str, ex: Exception | None = None) -> NoReturn:
        """Ends the program with status 2."""
        parser = getattr(ex, "subcommand_parser", None) or self
        typed = parser.prog.replace(" [options]", "")
        print(f"{typed}: {in_one_line(message)}; `{typed} --help` tells what there is", file=sys.stderr)
        sys.exit(2)


def in_one_line(message: str) -> str:
    r"""The lines of an error that say something.

    Example:
        >>> in_one_line("Parser key devices:\n  Does not validate\n  - Expected a <class 'int'>\n  - no number: x")
        'Parser key devices: Does not validate: no number: x'
    """
    lines = [line for line in dict.fromkeys(map(_bare, message.splitlines())) if line and line != "Errors:"]
    reasons = [line for line in lines if not line.startswith(_NO_REASON)]
    if len(reasons) < 2:  # what was expected is all there is
        reasons = [line for line in lines if not line.startswith(_OF_PROGRAMMERS)]
    return " ".join(f"{line}:" if not line.endswith(":") and line is not reasons[-1] else line for line in reasons)


def _bare(line: str) -> str:
    return line.strip().removeprefix("- ")
