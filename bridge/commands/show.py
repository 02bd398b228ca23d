"""`--config FILE`: a whole show in a file, put before what was typed, so that one parser checks both."""

from collections.abc import Sequence
from pathlib import Path


def with_show(arguments: Sequence[str]) -> list[str]:
    """The arguments with the options of the show in front of their own: what is typed comes last, and wins.

    Args:
        arguments: The sub-command first, as on the command line.

    Raises:
        ValueError: The file is missing, malformed, or not a flat list of options.
    """
    found = [index for index, argument in enumerate(arguments) if argument.split("=")[0] == "--config"]
    if not found:
        return list(arguments)
    if len(found) > 1:
        raise ValueError("--config was given twice: one show at a time")
    from bridge.control.presets import load_show  # not for a line without a show: it takes numpy

    (index,) = found
    _, is_joined, name = arguments[index].partition("=")
    if not is_joined:
        if index + 1 == len(arguments):
            raise ValueError("--config needs a file, such as show.yaml")
        name = arguments[index + 1]
    rest = [*arguments[:index], *arguments[index + (1 if is_joined else 2) :]]
    return [*rest[:1], *load_show(Path(name)), *rest[1:]]
