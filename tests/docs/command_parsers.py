"""Judges what somebody may type by the parsers of the commands themselves; nothing is run.

Each function takes the words behind the program's name, and ends well or raises.
"""

import importlib.util
import re
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import pytest

from bridge import cli as bridge_cli
from bridge.commands.options import parse_address
from bridge.dancer.dancer_file import DancerFile
from bridge.wire.target import Target
from data import cli as data_cli
from tests.docs.documents import ROOT
from training import cli as train_cli

SUBCOMMANDS = {
    **{
        table.program: {name: table.load(name) for name in table.commands}
        for table in (bridge_cli.COMMANDS, data_cli.COMMANDS)
    },
    "transflower-train": dict.fromkeys((*train_cli.OURS, "fit", "validate")),
}
PYTHONS = ("python", "python3", "python3.11", "py")


class WrongLineError(AssertionError):
    """Who types this is refused."""


class _Parsed(BaseException):
    pass


def _stop(*_: Any, **__: Any) -> NoReturn:
    raise _Parsed


@contextmanager
def ends_well(words: list[str]) -> Iterator[None]:
    """What happens within is a parser's work; whoever asks for help, or for a configuration, gets it.

    Raises:
        WrongLineError: The parser complains.
    """
    try:
        yield
    except _Parsed:
        return
    except SystemExit as end:
        if end.code not in (0, None):
            raise WrongLineError(f"refused, exit status {end.code}: {words}") from None
    except (ValueError, OSError) as error:
        raise WrongLineError(f"refused: {words}: {error}") from error


def transflower(words: list[str]) -> None:
    """By `transflower` itself, whose commands do nothing; what they check before they begin is checked."""
    with pytest.MonkeyPatch.context() as patch, ends_well(words), tempfile.TemporaryDirectory() as folder:
        for name in ("HOME", "USERPROFILE", "XDG_DATA_HOME"):  # where `--completion` would write
            patch.setenv(name, folder)
        for command in SUBCOMMANDS["transflower"].values():
            patch.setattr(command, "run", _judge)
        bridge_cli.main(words)


def _judge(command: Any) -> None:
    stage, dancer, beat = (getattr(command, part, None) for part in ("stage", "dancer", "beat"))
    if isinstance(stage, str):  # where `replay` shows its page
        parse_address(stage)
        stage = None
    if dancer is not None:
        controls = dancer.controls
        if dancer.checkpoint is None:
            known = DancerFile.open()
            controls.known_to(known.styles, known.seed_poses)
    for target in getattr(command, "target", ()) if stage is None else stage.target:
        Target.parse(target)
    if stage is not None:
        assert stage.control_address is not None or stage.control is None
        assert stage.stage_place is not None or stage.stage is None
    if beat is not None:
        assert beat.controls is not None


def transflower_data(words: list[str]) -> None:
    """By `transflower-data` itself, whose commands do nothing."""
    with pytest.MonkeyPatch.context() as patch, ends_well(words):
        for command in SUBCOMMANDS["transflower-data"].values():
            patch.setattr(command, "run", lambda *_: 0)
        data_cli.run(words)


TYRO = {"transflower": transflower, "transflower-data": transflower_data}
"""Programs whose parsers are quick."""


class TrainParsers:
    """`transflower-train`, up to where something would be made or read; Lightning's parsers, which take long to make,
    are made once.
    """

    def __init__(self) -> None:
        self._parsers: dict[str, Any] = {}

    def __call__(self, words: list[str]) -> None:
        """Judges one line."""
        from training import cli
        from training.audience import command as audience
        from training.beat_network import command as beat_network
        from training.beats import command as beats
        from training.evaluation import calibrate, evaluate, evaluate_modalities
        from training.fitting import (
            bench,
            captured,
            curves,
            export_command,
            generate_command,
            lightning,
            lr_find,
            overfit,
        )
        from training.music_detector import command as music_detector

        with pytest.MonkeyPatch.context() as patch, ends_well(words):
            patch.setattr("sys.argv", ["transflower-train", *words])
            patch.setattr(lightning, "main", lambda arguments: self._parse(arguments, run=True))
            for module in (captured, overfit):
                patch.setattr(module, "command_line", self._parse)
            for module in (lr_find, export_command):
                patch.setattr(module, "parts_of_run", self._parse_parts)
            patch.setattr(export_command, "check_checkpoint", lambda path: None)
            for module, name in (
                *(
                    (evaluate, "evaluate"),
                    (generate_command, "run_generate"),
                    (evaluate_modalities, "evaluate_modalities"),
                    (audience, "read_dances"),
                    (audience, "real_dance_of"),
                    (calibrate, "calibrate"),
                ),
                *((curves, "curves"), (bench, "bench"), (beats, "run"), (music_detector, "recordings")),
                *((beat_network, name) for name in ("_check", "render")),
            ):
                patch.setattr(module, name, _stop)
            cli.main()

    def _parse_parts(self, config: str, arguments: list[str], *, is_training: bool = False) -> NoReturn:
        self._parse(["--config", config, *arguments], run=False)

    def _parse(self, arguments: list[str], *, run: bool, is_training: bool = False) -> NoReturn:
        from training.fitting import lightning

        command = arguments[0] if run else ""  # a command makes no parser but its own
        if command not in self._parsers:
            with pytest.MonkeyPatch.context() as patch:

                def keep(_: Any, parser: Any, __: Any) -> NoReturn:
                    self._parsers[command] = parser
                    raise _Parsed

                patch.setattr(lightning._CommandLine, "parse_arguments", keep)
                with pytest.raises(_Parsed):
                    lightning.command_line(arguments, run=run)
        self._parsers[command].parse_args(arguments)
        raise _Parsed


def make(words: list[str]) -> None:
    """By the Makefile: its targets, and its variables on the command line."""
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    variables = re.findall(r"^(\w+) *[:?]?=", text, re.MULTILINE)
    targets = re.findall(r"^([\w-]+):(?!=)", text, re.MULTILINE)
    assert targets
    for word in words:
        name, is_variable, _ = word.partition("=")
        known = variables if is_variable else targets
        if name not in known:
            raise WrongLineError(f"the Makefile has no {name}; it has {', '.join(known)}")


def pip(words: list[str]) -> None:
    """By what pyproject.toml offers and constraints.txt pins."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8").lower()
    command, *rest = words
    assert command == "install", words
    while rest:
        word = rest.pop(0)
        if word in ("--require-hashes", "--no-deps", "--no-build-isolation"):
            continue
        if word in ("-c", "-r"):
            assert (ROOT / rest.pop(0)).is_file(), words
        elif word == "-e":
            place, _, extras = rest.pop(0).rstrip("]").partition("[")
            assert place == ".", words
            unknown = {extra for extra in extras.split(",") if extra} - set(project["optional-dependencies"])
            if unknown:
                raise WrongLineError(f"pyproject.toml has no extra {', '.join(unknown)}")
        elif not re.search(rf"^{re.escape(word.lower())}==", pins, re.MULTILINE):
            raise WrongLineError(f"constraints.txt pins no {word}")


def python(words: list[str], config: pytest.Config) -> None:
    """By the modules and files that there are; long options of a module of ours must stand in its source."""
    rest = list(words)
    if rest and re.fullmatch(r"-3(\.\d+)?", rest[0]):  # which Python, to the launcher of Windows
        rest.pop(0)
    if rest[0] != "-m":
        assert (ROOT / rest[0]).is_file(), f"no file {rest[0]}"
        return
    module, *arguments = rest[1:]
    if module in ("pip", "pytest"):
        pip(arguments) if module == "pip" else pytest_line(arguments, config)
        return
    found = importlib.util.find_spec(module)
    if found is not None and found.submodule_search_locations:
        found = importlib.util.find_spec(f"{module}.__main__")
    if found is None or found.origin is None:
        raise WrongLineError(f"python -m {module}: no such module")
    source = Path(found.origin).read_text(encoding="utf-8")
    for option in arguments:
        if option.startswith("--") and f'"{option}"' not in source:
            raise WrongLineError(f"{module} knows no {option}")


def pytest_line(words: list[str], config: pytest.Config) -> None:
    """By pytest's own parser with its plugins; files and folders must be there, markers must be declared."""
    try:
        options = config._parser.parse(words)
    except pytest.UsageError as error:
        raise WrongLineError(f"pytest refuses {words}: {error}") from error
    for place in options.file_or_dir:
        if not (ROOT / place.split("::")[0]).exists():
            raise WrongLineError(f"no tests at {place}")
    markers = {line.split(":")[0].split("(")[0] for line in config.getini("markers")}
    unknown = set(re.findall(r"\w+", options.markexpr)) - {"and", "or", "not"} - markers
    if unknown:
        raise WrongLineError(f"no marker {', '.join(unknown)}")
