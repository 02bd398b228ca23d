"""Commands of a program that are imported when they are typed, each from its own module.

A program of fifteen commands imports what the one that was typed needs, and makes the parser of that one. What it shows
without one, and what is said to a wrong name, needs this table alone.
"""

import contextlib
import difflib
import importlib
import operator
import os
import shlex
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

if TYPE_CHECKING:
    from typing import NoReturn


@dataclass(frozen=True)
class Command:
    """A row of the table.

    Attributes:
        place: Where its dataclass is, as "package.module:Class".
        summary: What it does, in so few words that a line of a terminal holds them beside its name.
    """

    place: str
    summary: str


@dataclass(frozen=True)
class CommandTable:
    """The commands of a program.

    Attributes:
        program: What is typed to start it.
        description: What it is for; stands at the top of its overview.
        groups: Its commands by name, under who types them.
        hints: Lines at the end of the overview.
    """

    program: str
    description: str
    groups: Mapping[str, Mapping[str, Command]]
    hints: tuple[str, ...] = ()

    @property
    def commands(self) -> dict[str, Command]:
        """All commands by name, in the order of the overview."""
        return {name: command for group in self.groups.values() for name, command in group.items()}

    def overview(self) -> str:
        """What the program can do, on one screen."""
        width = max(map(len, self.commands))
        lines = [f"{self.program}: {self.description}"]
        for title, commands in self.groups.items():
            lines += [f"{title}:", *(f"  {name:<{width}}  {command.summary}" for name, command in commands.items())]
        return "\n".join([*lines, *self.hints]) + "\n"

    def parse(self, arguments: Sequence[str]) -> Any:
        """The command that was typed, an instance of its dataclass.

        Raises:
            SystemExit: Help was asked for, or the line is wrong; what there is to say has been printed.
        """
        if not arguments or arguments[0] in ("-h", "--help", "help"):
            print(self.overview(), end="")
            sys.exit(0)
        if arguments[0] == "--completion":
            self._write_completion(*arguments[1:2])
        import tyro  # takes longer than all else that the overview needs

        if (name := arguments[0].replace("_", "-")) in self.commands:
            return tyro.cli(self.load(name), prog=f"{self.program} {name}", args=arguments[1:])
        if not any(argument.startswith("--tyro-") for argument in arguments):  # a shell asks for every option
            self._refuse(arguments)
        forms = [Annotated[self.load(name), tyro.conf.subcommand(name)] for name in self.commands]
        any_of_them: Any = reduce(operator.or_, forms)
        return tyro.cli(any_of_them, prog=self.program, description=self.description, args=arguments)

    def _write_completion(self, shell: str = "") -> "NoReturn":
        """Writes what a shell completes by to where that shell looks for it, and says where that is."""
        places = {
            "bash": Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share")
            / "bash-completion/completions"
            / self.program,
            "zsh": Path.home() / ".zfunc" / f"_{self.program}",
        }
        if shell not in places:
            print(f"{self.program}: --completion needs a shell, {' or '.join(places)}", file=sys.stderr)
            sys.exit(2)
        place = places[shell]
        place.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(SystemExit):
            self.parse(["--tyro-write-completion", shell, str(place)])
        needs = {"bash": f"or: source {place}", "zsh": "with fpath+=~/.zfunc before compinit in .zshrc"}[shell]
        print(f"wrote {place}; shells that are opened from now on complete ({needs})")
        sys.exit(0)

    def _refuse(self, arguments: Sequence[str]) -> "NoReturn":
        """Says what may have been meant by a line that begins with no command."""
        if not arguments[0].startswith("-"):
            print(f"{self.program}: {unknown_command(arguments[0], self.commands, self.program)}", file=sys.stderr)
            sys.exit(2)
        later = (place for place, argument in enumerate(arguments) if argument.replace("_", "-") in self.commands)
        if (place := next(later, None)) is None:
            print(f"{self.program}: a command's name comes first; {self.program} --help lists them", file=sys.stderr)
        else:
            line = [self.program, arguments[place], *arguments[:place], *arguments[place + 1 :]]
            print(f"options stand behind the command's name: {shlex.join(line)}", file=sys.stderr)
        sys.exit(2)

    def load(self, name: str) -> type[Any]:
        """The dataclass of a command."""
        module, _, member = self.commands[name].place.partition(":")
        loaded: type[Any] = getattr(importlib.import_module(module), member)
        return loaded


def unknown_command(name: str, known: Sequence[str] | Mapping[str, object], program: str) -> str:
    """What is said to a command's name that is none: which one is spelt nearly so, and where all of them stand.

    Example:
        >>> unknown_command("perfrom", ["perform", "demo"], "transflower")
        "there is no command 'perfrom'; did you mean perform? transflower --help lists all"
    """
    near = difflib.get_close_matches(name.lower(), list(known), n=2)
    meant = f"did you mean {' or '.join(near)}? " if near else ""
    return f"there is no command {name!r}; {meant}{program} --help lists all"
