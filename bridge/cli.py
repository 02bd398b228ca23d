"""The command `transflower`: everything a performer types."""

import sys
from collections.abc import Sequence

from bridge.commands.show import with_show
from bridge.sources.portaudio import SoundUnavailableError
from data.commands.command_line import output_is_left, print_version, reader_may_leave
from data.commands.command_table import CommandTable
from data.commands.printable import printable

COMMANDS = CommandTable(
    program="transflower",
    description="Dance that a machine invents, live, from the music in the room. --version: which this is.",
    places={
        "perform": "bridge.commands.perform:Perform",
        "demo": "bridge.commands.perform:Demo",
        "generate": "bridge.commands.generate:Generate",
        "replay": "bridge.commands.takes:Replay",
        "export": "bridge.commands.takes:Export",
        "render": "bridge.commands.render:Render",
        "plot": "bridge.commands.plot:Plot",
        "redance": "bridge.commands.takes:Redance",
        "takes": "bridge.commands.takes:Takes",
        "dancer": "bridge.commands.dancer:AboutDancer",
        "export-model": "bridge.commands.export_model:ExportModel",
        "monitor": "bridge.commands.checks:Monitor",
        "devices": "bridge.commands.checks:Devices",
        "doctor": "bridge.commands.checks:Doctor",
        "bench": "bridge.commands.checks:Bench",
    },
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Entry point: parses, runs, and turns errors of use into one line and exit code 2."""
    with reader_may_leave():
        _run(sys.argv[1:] if arguments is None else arguments)


def _run(arguments: Sequence[str]) -> None:
    if print_version("transflower", arguments):
        return
    try:
        command = COMMANDS.parse(with_show(arguments))
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
