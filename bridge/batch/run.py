"""A batch from beginning to end: many dances by many processes, of which one that fails stops no other."""

import contextlib
import importlib.metadata
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from rich.console import Console

from bridge.batch.display import Display
from bridge.batch.index import DanceEntry, add_to_index
from bridge.batch.messages import Danced, DanceTask, Failed, Order, Progress, Unwritable
from bridge.batch.plan import BatchPlan, PlannedDance, recipe_of
from bridge.batch.worker_pool import WorkerPool
from bridge.system.interrupts import interrupts
from models.torch_install import torch_version

_STAGING_PREFIX: Final = ".dances-"


@dataclass
class Outcome:
    """What became of a batch.

    Attributes:
        num_danced: Dances that were made.
        num_failed: Dances that could not be made.
        failures: Why not, in lines; one for a song that cannot be read, however often it was to be danced to.
        danced_s: Length of those that were made.
        wall_s: Time that it took, the loading of the dancer included.
        was_interrupted: Whether Ctrl-C ended it.
        notes: What a person should know of dances that were made, a line each.
    """

    num_danced: int = 0
    num_failed: int = 0
    failures: list[str] = field(default_factory=list)
    danced_s: float = 0.0
    wall_s: float = 0.0
    was_interrupted: bool = False
    notes: list[str] = field(default_factory=list)


def run(plan: BatchPlan, order: Order, *, jobs: int = 0, console: Console, progress_lines: bool = False) -> Outcome:
    """Makes the dances of a plan.

    A file is written aside, then entered in the index, then put in its place. So a file in its place is whole, and the
    index knows it, whenever and however the batch is ended; and the same command goes on from there.

    Args:
        plan: What is to be done.
        order: How.
        jobs: Processes; 0 takes one for every core.
        console: Where bars or lines appear.
        progress_lines: Tell how far it is in lines, for programs that show a bar of their own.

    Raises:
        ValueError: The dancer cannot be loaded, or somebody spoiled the index.
        OSError: A dance or the index cannot be written, as on a full disk.
    """
    if jobs < 0:
        raise ValueError(f"--jobs must be 0, for every core, or a number of processes, not {jobs}")
    outcome, begin_s = Outcome(), time.monotonic()
    if not plan.dances:
        return outcome
    with interrupts() as interrupted, _staging(plan) as staging:
        tasks = [
            DanceTask(
                number=number, song=dance.song.path, seed=dance.seed, output=staging / f"{number}{dance.file.suffix}"
            )
            for number, dance in enumerate(plan.dances)
        ]
        with (
            Display(console, len(tasks), order.dancer.rate_hz, lines=progress_lines) as display,
            contextlib.closing(WorkerPool(order, jobs).make(tasks)) as events,
        ):
            for event in events:
                if interrupted.is_set():
                    outcome.was_interrupted = True
                    break
                if event is None:
                    continue
                task, message = event
                dance = plan.dances[task.number]
                label = f"{dance.song.path} seed {dance.seed}"
                match message:
                    case Progress():
                        display.step(task.number, label, message.done, message.total)
                    case Danced():
                        try:
                            _keep(plan, order, dance, task.output, message)
                        except OSError as error:
                            raise _unwritable(dance, error.strerror or str(error), outcome, len(tasks)) from error
                        outcome.num_danced += 1
                        outcome.notes += [message.note] * (bool(message.note) and message.note not in outcome.notes)
                        outcome.danced_s += message.frames / order.dancer.rate_hz
                        display.finish(task.number, label, message.frames, message.wall_s)
                    case Failed():
                        reason = message.reason if message.is_songs_fault else f"{message.reason} (seed {dance.seed})"
                        is_new = reason not in outcome.failures
                        outcome.num_failed += 1
                        outcome.failures += [reason] * is_new
                        display.fail(task.number, reason if is_new else None)
                    case Unwritable():
                        raise _unwritable(dance, message.reason, outcome, len(tasks))
    outcome.wall_s = time.monotonic() - begin_s
    return outcome


@contextlib.contextmanager
def _staging(plan: BatchPlan) -> Iterator[Path]:
    """A hidden folder on the disk of the dances, where they are written before they are put in their place."""
    above = plan.folder if plan.folder is not None else plan.dances[0].file.parent
    folder = Path(tempfile.mkdtemp(prefix=_STAGING_PREFIX, dir=above))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _keep(plan: BatchPlan, order: Order, dance: PlannedDance, staged: Path, danced: Danced) -> None:
    """Tells the index of a dance and puts it in its place."""
    if plan.folder is not None:
        dance.file.parent.mkdir(parents=True, exist_ok=True)
        name = dance.file.relative_to(plan.folder).as_posix()
        dancer = order.dancer
        entry = DanceEntry(
            file=name,
            sha256=danced.sha256,
            song=_seen_from(plan.folder, dance.song.path),
            dancer=dancer.path.name,
            model_class=str(dancer.metadata["model_class"]),
            device=danced.device,
            frames=danced.frames,
            rate_hz=dancer.rate_hz,
            seconds=danced.frames / dancer.rate_hz,
            recipe=recipe_of(order, seed=dance.seed, song_sha256=danced.song_sha256, dancer_sha256=plan.dancer_sha256),
            program=importlib.metadata.version("transflower-bridge"),
            torch=torch_version(),
        )
        add_to_index(plan.folder, {name: entry})
    staged.replace(dance.file)


def _seen_from(folder: Path, song: Path) -> str:
    """The way from a folder to a song, as POSIX writes it; on another drive, the song's full path."""
    try:
        return Path(os.path.relpath(song.resolve(), folder.resolve())).as_posix()
    except ValueError:
        return song.resolve().as_posix()


def _unwritable(dance: PlannedDance, reason: str, outcome: Outcome, num_dances: int) -> OSError:
    """What is said when a disk is full or does not let itself be written."""
    return OSError(
        f"{dance.file} cannot be written: {reason}. {outcome.num_danced} of {num_dances} dances are written; make room "
        "and type the same command again, it goes on from there"
    )
