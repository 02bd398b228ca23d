"""What all commands have in common: their version, and readers such as `head` that leave before the end."""

import contextlib
import os
import select
import sys
from collections.abc import Iterator, Sequence

from rich.console import Console


def print_version(program: str, arguments: Sequence[str]) -> bool:
    """Prints name and version if that is what was asked, by `--version`; whether it was."""
    if list(arguments[:1]) != ["--version"]:
        return False
    import importlib.metadata  # takes as long as all else that a command has in common with the others

    try:
        version = importlib.metadata.version("transflower-bridge")
    except importlib.metadata.PackageNotFoundError:
        version = "that is not installed"
    print(f"{program} {version}")
    return True


class PatientConsole(Console):
    """The terminal, which goes on in silence when its reader has left: what was begun is finished."""

    def on_broken_pipe(self) -> None:
        """Says nothing any more; rich's own would end the program here, in the middle, with status 1."""
        self.quiet = True
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextlib.contextmanager
def reader_may_leave() -> Iterator[None]:
    """Ends the program quietly, with the status it would have had, when nobody reads its output any more.

    Only the output's own pipe is meant: a broken pipe to a program that we feed, such as ffmpeg, stays an error.
    """
    _hold_closed_streams()
    status: object = 0
    try:
        try:
            yield
        except SystemExit as end:
            status = end.code
            raise
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        if not _nobody_reads(sys.stdout.fileno()):
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is flushed at the very end goes there
        sys.exit(status)  # type: ignore[arg-type]


def _hold_closed_streams() -> None:
    """Leads streams with which nobody started the program (`>&-`, some services) nowhere.

    Else Python has None for them, and what is opened next, a take or a socket, has their number, and what libraries
    print goes into it.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(number)
        except OSError:
            if (opened := os.open(os.devnull, os.O_RDWR)) != number:
                os.dup2(opened, number)
                os.close(opened)
        if number and getattr(sys, name) is None:
            setattr(sys, name, open(number, "w", encoding="utf-8", closefd=False))  # noqa: SIM115 - as Python has it


def output_is_left() -> bool:
    """Whether the output is a pipe whose reader has gone."""
    try:
        return _nobody_reads(sys.stdout.fileno())
    except (OSError, ValueError):
        return False


def _nobody_reads(descriptor: int) -> bool:
    if not hasattr(select, "poll"):  # Windows, where only our own output is a pipe like this
        return True
    poll = select.poll()
    poll.register(descriptor, 0)
    return any(events & select.POLLERR for _, events in poll.poll(0))
