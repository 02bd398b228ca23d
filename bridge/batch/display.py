"""What is shown of a batch while it is danced: a bar for each dance and one for all, or lines of what is done."""

from types import TracebackType
from typing import Final, Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from data.commands.printable import printable

_LONGEST_NAME: Final = 40


class _Speed(ProgressColumn):
    """Frames a second, and how many times as fast as in real time that is."""

    def __init__(self, rate_hz: int) -> None:
        super().__init__()
        self._rate_hz = rate_hz

    def render(self, task: Task) -> Text:
        if task.speed is None:
            return Text("")
        return Text(f"{task.speed:.0f} frames/s, {task.speed / self._rate_hz:.1f}x", style="progress.data.speed")


class Display:
    """Shows a batch on a console.

    Nobody knows how long the songs are that were not read yet: they count as the mean of those that were.

    Args:
        console: Where; bars if it is a terminal, lines otherwise.
        num_dances: To be made.
        rate_hz: Poses a second.
        lines: Tell how far all is in lines such as `progress 120/900`, in frames, instead of by bars.
    """

    def __init__(self, console: Console, num_dances: int, rate_hz: int, *, lines: bool = False) -> None:
        self._console = console
        self._lines, self._percent_shown = lines, -1
        self._num_dances, self._rate_hz = num_dances, rate_hz
        self._num_settled = 0
        self._frames_danced: list[int] = []
        self._bars: dict[int, TaskID] = {}
        self._progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TaskProgressColumn(),
            _Speed(rate_hz),
            TimeRemainingColumn(),
            console=console,
            transient=True,
            disable=lines or not console.is_terminal,
        )
        self._all = self._progress.add_task("loading the dancer", total=None)

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._progress.stop()

    def step(self, number: int, label: str, done: int, total: int) -> None:
        """So many frames of a dance are done."""
        if number not in self._bars:
            name = label if len(label) <= _LONGEST_NAME else f"…{label[1 - _LONGEST_NAME :]}"
            self._bars[number] = self._progress.add_task(f"  {printable(name)}")
        self._progress.update(self._bars[number], completed=done, total=total)
        self._count()

    def finish(self, number: int, label: str, frames: int, wall_s: float) -> None:
        """A dance is done."""
        self._frames_danced.append(frames)
        self._settle(number)
        if not self._console.is_terminal:
            seconds = frames / self._rate_hz
            self.say(f"{self._place} {label}: {seconds:.1f} s danced in {wall_s:.1f} s ({seconds / wall_s:.1f}x)")

    def fail(self, number: int, reason: str | None) -> None:
        """A dance cannot be made; None has been said before."""
        self._settle(number)
        if reason is not None:
            self.say(f"{self._place} failed: {reason}")

    def say(self, line: str) -> None:
        """Writes a line, above the bars."""
        self._console.out(printable(line), highlight=False)

    @property
    def _place(self) -> str:
        return f"{self._num_settled}/{self._num_dances}"

    def _settle(self, number: int) -> None:
        self._num_settled += 1
        if (bar := self._bars.pop(number, None)) is not None:
            self._progress.remove_task(bar)
        self._count()

    def _count(self) -> None:
        running = [task for task in self._progress.tasks if task.id in self._bars.values()]
        lengths = [*self._frames_danced, *(task.total or 0.0 for task in running)]
        done = sum(self._frames_danced) + sum(task.completed for task in running)
        num_unread = self._num_dances - self._num_settled - len(running)
        total = sum(lengths) * (1.0 + num_unread / len(lengths)) if lengths else None
        self._progress.update(
            self._all, completed=done, total=total, description=f"{self._num_settled} of {self._num_dances} dances"
        )
        percent = int(100 * done / total) if total else -1
        if self._lines and total and percent > self._percent_shown:
            self._percent_shown = percent
            self.say(f"progress {round(done)}/{round(total)}")
