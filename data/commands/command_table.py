"""Commands of a program that are imported when they are typed, each from its own module.

A program of fifteen commands imports what the one that was typed needs, and makes the parser of that one. Its `--help`,
and what is said to a wrong name, need their docstrings alone, which are read from the sources.
"""

from __future__ import annotations

import ast
import importlib
import importlib.util
import operator
import shlex
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, make_dataclass
from functools import reduce
from pathlib import Path
from typing import Annotated, Any

import tyro


@dataclass(frozen=True)
class CommandTable:
    """The commands of a program.

    Attributes:
        program: What is typed to start it.
        description: What it is for; stands at the top of its help.
        places: Each command's name, and where its dataclass is, as "package.module:Class".
    """

    program: str
    description: str
    places: Mapping[str, str]

    def parse(self, arguments: Sequence[str]) -> Any:
        """The command that was typed, an instance of its dataclass.

        Raises:
            SystemExit: Help was asked for, or the line is wrong; what there is to say has been printed.
        """
        if arguments and (name := arguments[0].replace("_", "-")) in self.places:
            return tyro.cli(self.load(name), prog=f"{self.program} {name}", args=arguments[1:])
        if arguments and arguments[0].startswith("-"):
            self._tell_of_order(arguments)
        all_options_are_asked_for = any(argument.startswith("--tyro-") for argument in arguments)  # shell completion
        get = self.load if all_options_are_asked_for else self._without_options
        forms = [Annotated[get(name), tyro.conf.subcommand(name)] for name in self.places]
        any_of_them: Any = reduce(operator.or_, forms)
        return tyro.cli(any_of_them, prog=self.program, description=self.description, args=arguments)

    def _tell_of_order(self, arguments: Sequence[str]) -> None:
        """Where options stand before a command's name, says where they belong; tyro says the rest."""
        later = (place for place, argument in enumerate(arguments) if argument.replace("_", "-") in self.places)
        if (place := next(later, None)) is None or {"-h", "--help"} & set(arguments[:place]):
            return
        line = [self.program, arguments[place], *arguments[:place], *arguments[place + 1 :]]
        print(f"options stand behind the command's name: {shlex.join(line)}", file=sys.stderr)

    def load(self, name: str) -> type[Any]:
        """The dataclass of a command."""
        module, _, member = self.places[name].partition(":")
        loaded: type[Any] = getattr(importlib.import_module(module), member)
        return loaded

    def _without_options(self, name: str) -> type[Any]:
        """A command that is described as the real one, and has no options."""
        module, _, member = self.places[name].partition(":")
        found = importlib.util.find_spec(module)
        assert found is not None, module
        assert found.origin is not None, module
        source = ast.parse(Path(found.origin).read_bytes())
        (node,) = (part for part in source.body if isinstance(part, ast.ClassDef) and part.name == member)
        words = ast.get_docstring(node)
        assert words is not None, f"{member} has no docstring"
        return make_dataclass(member, [], namespace={"__doc__": words}, frozen=True)
