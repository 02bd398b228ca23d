"""How far a command has come: a bar on a terminal, and a line now and then in a log, a notebook or a cluster's job."""

import contextlib
import sys
import time
from collections.abc import Callable, Iterator
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from data.commands.printable import printable

Advance = Callable[[int, int, str], None]
"""Called with how much is done, of how much, and what was done last."""

LINE_EVERY_S: Final = 10.0


@contextlib.contextmanager
def progress_of(
    console: Console, *, transient: bool = False, clock: Callable[[], float] = time.monotonic
) -> Iterator[Advance]:
    """Shows how far something has come while the block runs; yields what is to be called with it.

    Args:
        console: Where the command prints. Lines go to the standard error beside it, so that results stay alone.
        transient: The bar is taken away at the end.
        clock: Seconds.
    """
    if not console.is_terminal:
        yield _lines(clock)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, TimeRemainingColumn(), console=console, transient=transient) as progress:
        bar = progress.add_task("reading", total=None)

        def advance(done: int, total: int, name: str) -> None:
            progress.update(bar, completed=done, total=total, description=f"{printable(name):.40}")

        yield advance


def _lines(clock: Callable[[], float]) -> Advance:
    begun = last = clock()
    of = 0

    def advance(done: int, total: int, name: str) -> None:
        nonlocal begun, last, of
        now = clock()
        if total != of:  # other work has begun, which is as fast as it is
            begun, of = now, total
        if now - last >= LINE_EVERY_S and done < total:
            left = f", {_duration((now - begun) / done * (total - done))} left" if done and now > begun else ""
            print(f"{done} of {total}: {printable(name):.40}{left}", file=sys.stderr, flush=True)
            last = now

    return advance


def _duration(seconds: float) -> str:
    return f"about {seconds / 60:.0f} min" if seconds > 90 else f"about {seconds:.0f} s"
