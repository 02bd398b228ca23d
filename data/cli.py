"""`transflower-data`: the command that fetches and makes training data, music, and tables of what is in a folder."""

import signal
import sys
from collections.abc import Callable
from typing import Final

from rich.console import Console

from data.commands.command_line import PatientConsole, output_is_left, print_version, reader_may_leave
from data.commands.command_table import Command, CommandTable
from data.commands.logs import LOG_HINTS, tell_of_error, without_log_options
from data.commands.printable import printable

FAILED, INTERRUPTED = 1, 130

COMMANDS: Final = CommandTable(
    program="transflower-data",
    description="motion, music and training data",
    groups={
        "To look": {
            "inspect": Command("data.inspection.command:Inspect", "what is wrong with motion or training data"),
            "picture": Command("data.commands.picture:Picture", "a motion as a film, a looping picture or a sheet"),
            "features": Command("data.commands.features:Features", "sound and motion as arrays with named columns"),
        },
        "To make": {
            "download": Command("data.download.command:Download", "fetch published data sets; alone it lists them"),
            "prepare": Command("data.commands.prepare:Prepare", "training data from motion and music"),
            "music": Command("data.commands.music:Music", "synthesised dance music whose beats are known"),
        },
    },
    hints=LOG_HINTS,
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
    try:
        arguments = without_log_options(sys.argv[1:] if arguments is None else arguments)
    except ValueError as error:
        print(printable(f"error: {error}"), file=sys.stderr)
        return FAILED
    command = COMMANDS.parse(arguments)
    return guarded(command.run)


def guarded(action: Callable[[Console], int]) -> int:
    """The status of an action whose expected errors are one sentence for a person, not a traceback."""
    console = Console(stderr=True)
    try:
        return action(PatientConsole())
    except (OSError, ValueError) as error:
        if isinstance(error, BrokenPipeError) and output_is_left():
            raise
        tell_of_error()
        console.print(printable(f"error: {error}"), style="red", markup=False, highlight=False, soft_wrap=True)
        return FAILED
    except KeyboardInterrupt as stop:
        # Python's own interruption comes without words; a command that keeps what it has done brings them.
        words = str(stop) or "interrupted; nothing was left behind"
        console.print(words, style="yellow", markup=False, highlight=False, soft_wrap=True)
        return INTERRUPTED


if __name__ == "__main__":
    main()
