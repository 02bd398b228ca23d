"""The command `transflower`: everything a performer types."""

import sys
from collections.abc import Sequence
from typing import Annotated

import tyro

from bridge.commands.checks import Bench, Devices, Doctor, Monitor
from bridge.commands.dancer import AboutDancer
from bridge.commands.export_model import ExportModel
from bridge.commands.generate import Generate
from bridge.commands.perform import Demo, Perform
from bridge.commands.plot import Plot
from bridge.commands.render import Render
from bridge.commands.show import with_show
from bridge.commands.takes import Export, Redance, Replay, Takes
from bridge.sources.portaudio import SoundUnavailableError
from data.command_line import output_is_left, print_version, reader_may_leave
from data.printable import printable

Command = (
    Annotated[Perform, tyro.conf.subcommand("perform")]
    | Annotated[Demo, tyro.conf.subcommand("demo")]
    | Annotated[Generate, tyro.conf.subcommand("generate")]
    | Annotated[Replay, tyro.conf.subcommand("replay")]
    | Annotated[Export, tyro.conf.subcommand("export")]
    | Annotated[Render, tyro.conf.subcommand("render")]
    | Annotated[Plot, tyro.conf.subcommand("plot")]
    | Annotated[Redance, tyro.conf.subcommand("redance")]
    | Annotated[Takes, tyro.conf.subcommand("takes")]
    | Annotated[AboutDancer, tyro.conf.subcommand("dancer")]
    | Annotated[ExportModel, tyro.conf.subcommand("export-model")]
    | Annotated[Monitor, tyro.conf.subcommand("monitor")]
    | Annotated[Devices, tyro.conf.subcommand("devices")]
    | Annotated[Doctor, tyro.conf.subcommand("doctor")]
    | Annotated[Bench, tyro.conf.subcommand("bench")]
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Entry point: parses, runs, and turns errors of use into one line and exit code 2."""
    with reader_may_leave():
        _run(sys.argv[1:] if arguments is None else arguments)


def _run(arguments: Sequence[str]) -> None:
    if print_version("transflower", arguments):
        return
    try:
        command: Command = tyro.cli(
            Command,
            prog="transflower",
            description="Dance that a machine invents, live, from the music in the room. --version: which this is.",
            args=with_show(arguments),
        )
        command.run()
    except KeyboardInterrupt:
        sys.exit(130)
    except (ValueError, OSError, SoundUnavailableError) as error:
        if isinstance(error, BrokenPipeError) and output_is_left():
            raise
        print(printable(f"transflower: {error}"), file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
