"""`transflower-data`: the command that fetches and makes training data, music, and tables of what is in a folder."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable

from rich.console import Console

from data.commands.command_line import PatientConsole, output_is_left, print_version, reader_may_leave
from data.commands.command_table import CommandTable
from data.commands.printable import printable

FAILED, INTERRUPTED = 1, 130

COMMANDS = CommandTable(
    program="transflower-data",
    description="Fetch and make training data, and look at it. `--version` says which this is.",
    places={
        "download": "data.download.command:Download",
        "prepare": "data.commands.prepare:Prepare",
        "features": "data.commands.features:Features",
        "music": "data.commands.music:Music",
        "inspect": "data.inspection.command:Inspect",
        "picture": "data.commands.picture:Picture",
    },
)


def main(arguments: list[str] | None = None) -> None:
    """Run one command and exit with its status."""
    # A cluster's scheduler ends a job with SIGTERM: clean up then as on Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with reader_may_leave():
        if print_version("transflower-data", sys.argv[1:] if arguments is None else arguments):
            return
        sys.exit(run(arguments))


def run(arguments: list[str] | None = None) -> int:
    """Run one command; its exit status."""
    command = COMMANDS.parse(sys.argv[1:] if arguments is None else arguments)
    return guarded(command.run)


def guarded(action: Callable[[Console], int]) -> int:
    """The status of an action whose expected errors are one sentence for a person, not a traceback."""
    console = Console(stderr=True)
    try:
        return action(PatientConsole())
    except (OSError, ValueError) as error:
        if isinstance(error, BrokenPipeError) and output_is_left():
            raise
        console.print(printable(f"error: {error}"), style="red", markup=False, highlight=False, soft_wrap=True)
        return FAILED
    except KeyboardInterrupt as stop:
        # Python's own interruption comes without words; a command that keeps what it has done brings them.
        words = str(stop) or "interrupted; nothing was left behind"
        console.print(words, style="yellow", markup=False, highlight=False, soft_wrap=True)
        return INTERRUPTED


if __name__ == "__main__":
    main()
