"""Progress bars of commands that take a while."""

import sys

from rich.progress import Progress, ProgressColumn

from bridge.terminal.output import TerminalOutput


def progress_bar(*columns: ProgressColumn) -> Progress:
    """A bar that goes when the work is done, and is not there at all where nobody looks.

    A terminal that is closed costs the bar alone.
    """
    console = TerminalOutput(sys.stderr).console()
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
