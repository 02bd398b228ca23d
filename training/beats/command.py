"""``transflower-train beats``: how well the beat is heard, on recordings whose beats are known."""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import tyro
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from data.commands.command_line import PatientConsole
from data.commands.printable import printable
from data.dataset.cluster import run_parallel
from data.formats.json_file import write_json
from training.beats.clips import BeatClip, find_clips
from training.beats.judge import OURS, JudgedClip, Judging, JudgingTask, beside_path, judge_clip, results_of
from training.beats.others import OTHERS
from training.beats.plots import draw
from training.beats.table import calibration_table, document, groups_tables, trackers_tables

OtherName = Literal["librosa", "aubio", "BeatNet"]


@dataclass(frozen=True, kw_only=True)
class Beats:
    """Measures the beat tracker as a dancer hears it, live and frame by frame, on recordings whose beats are known.

    A folder of sound (wav, flac, ogg, mp3, aiff) with the beats beside each file; each folder below is a group of its
    own, and a row of the table:
    - NAME.beats: a line a beat, seconds, and, if known, its place in the bar from 1 (as mir_eval, SMC, Ballroom)
    - NAME.txt: the same, but only the first column is read
    - NAME.mid: the tempo map and the time signatures; also notes.mid with song.ogg and guitar.ogg of Frets on Fire
    - NAME.json: {"beats": [0, 32], "bpms": [120, 140], "shape": "ramp", "offset_s": 0.05}, or {"beat_times_s": [...]}
    - clips.csv: the columns clip and bpm, and, if you like, offset_s and beats_per_bar

    What is measured: F, CMLt, AMLt by mir_eval; the share of frames in phase (tempo within 6 %, phase within an eighth
    of a beat), with the right tempo, twice or half of it; seconds until it is locked; whether it is right when it is
    sure; the F-measure of the downbeats. librosa, which hears the whole song first, and aubio and BeatNet where they
    are installed stand beside it.

    A first look, and everything there is:
    - transflower-train beats songs
    - transflower-train beats songs --controls -o beats.json --plots plots

    For an output that is a second late the beat is predicted a second ahead:
    - transflower-train beats songs --ahead 1

    Attributes:
        folders: Folders of sound with beats.
        output: File for all numbers, of each clip too, JSON.
        plots: Folder for pictures: calibration, groups, and the timeline of a clip.
        timeline: The clip that is drawn over time, by a part of its name; the one that is least in phase if not given.
        skip_s: So much of each clip is passed over: where every tracker only begins to hear.
        ahead_s: So far ahead the beat is predicted, as for an output that is that late.
        others: Trackers to stand beside it; --others alone for none.
        beside: NAME=FOLDER: beats that another program wrote, as FOLDER/GROUP/NAME.beats; may be given more than once.
        controls: Measures exact beats and spoilt ones as well: a third of a beat late, 8 % too fast, at random.
        by_clip: Shows a line for each clip.
        jobs: Processes; 0 takes every core. The numbers are the same.
        strict: It is an error that a sound has no beats, or that a tracker of --others, where it is given, or its
            beats are not there.
    """

    folders: tyro.conf.Positional[tuple[Path, ...]]
    output: Annotated[Path | None, tyro.conf.arg(aliases=["-o"])] = None
    plots: Path | None = None
    timeline: str | None = None
    skip_s: Annotated[float, tyro.conf.arg(aliases=["--skip"])] = 5.0
    ahead_s: Annotated[float, tyro.conf.arg(aliases=["--ahead"])] = 0.0
    others: tuple[OtherName, ...] = ("librosa", "aubio", "BeatNet")
    beside: Annotated[tuple[str, ...], tyro.conf.UseAppendAction] = ()
    controls: bool = False
    by_clip: bool = False
    jobs: Annotated[int, tyro.conf.arg(aliases=["-j"])] = 0
    strict: bool = False


def main(arguments: list[str]) -> None:
    """Entry point of ``transflower-train beats``."""
    options = tyro.cli(Beats, args=arguments, prog="transflower-train beats", description=Beats.__doc__)
    run(options, PatientConsole(), Console(stderr=True))


def run(options: Beats, console: Console, progress_console: Console) -> None:
    """Judges, prints and writes.

    Raises:
        ValueError: An option that cannot be meant, a folder without clips, or a clip that cannot be judged.
    """
    beside = _checked(options)
    asked: tuple[str, ...] = options.others
    found = find_clips(options.folders)
    absent = {name: OTHERS[name].how_to_get for name in asked if not OTHERS[name].is_here()}
    judging = Judging(
        skip_s=options.skip_s,
        ahead_s=options.ahead_s,
        others=tuple(name for name in asked if name not in absent),
        beside=beside,
        controls=options.controls,
    )
    if options.timeline is not None:
        _named(options.timeline, found.clips)
    _tell(console, f"{len(found.clips)} clips; our tracker hears them live, frame by frame, of the past alone")
    notes = [f"left out, without beats: {path}" for path in found.without_beats[:5]]
    if len(found.without_beats) > 5:
        notes.append(f"left out, without beats: {len(found.without_beats) - 5} more")
    for name, folder in beside:
        if missing := [clip.name for clip in found.clips if not beside_path(folder, clip).is_file()]:
            notes.append(f"{name}: no beats of {len(missing)} clips, such as {missing[0]}.beats in {folder}")
    missing_others = [f"absent: {name}; {how}" for name, how in absent.items()]
    for note in [*notes, *missing_others]:
        _tell(console, note)
    if options.others != Beats.others:  # those that nobody named may be absent
        notes += missing_others
    if notes and options.strict:
        raise ValueError(f"{notes[0]} (an error because of --strict)")
    clips = _judge(progress_console, [JudgingTask(clip, judging) for clip in found.clips], options.jobs)
    results = results_of(clips, judging.names)
    if options.by_clip:
        for one in clips:
            ours = one.measures[OURS]
            lock = "never locked" if math.isinf(ours.lock_s) else f"locked after {ours.lock_s:.1f} s"
            _tell(console, f"{one.clip.name}: F {ours.f_measure:.2f}, in phase {ours.in_phase:.2f}, {lock}")
    tables = [*groups_tables(results[0]), calibration_table(results[0])]
    for table in tables + (trackers_tables(results) if len(results) > 1 else []):
        console.print(table)
    if options.output is not None:
        settings = {"folders": [str(folder) for folder in options.folders], "skip_s": options.skip_s}
        settings |= {"ahead_s": options.ahead_s}
        without = [str(path) for path in found.without_beats]
        write_json(options.output, document(settings, results, clips, absent, without))
        _tell(console, f"written: {options.output}")
    if options.plots is not None:
        for path in draw(options.plots, results, _shown(options.timeline, clips)):
            _tell(console, f"written: {path}")


def _checked(options: Beats) -> tuple[tuple[str, Path], ...]:
    """Refuses what cannot be meant before the work is done; the folders of other programs' beats, by name."""
    if not options.folders:
        raise ValueError("name a folder of sound with beats; --help says in which forms")
    if not 0 <= options.skip_s < math.inf:
        raise ValueError(f"--skip is a time in seconds, 0 or more, not {options.skip_s:g}")
    if not 0 <= options.ahead_s <= 10:
        raise ValueError(f"--ahead is a time in seconds, 0 to 10, not {options.ahead_s:g}")
    if options.jobs < 0:
        raise ValueError(f"-j is a number of processes, or 0 for every core, not {options.jobs}")
    if options.timeline is not None and options.plots is None:
        raise ValueError("--timeline is drawn into a folder: name it by --plots")
    for path, is_wrong, what in (
        (options.output, options.output is not None and not options.output.absolute().parent.is_dir(), "-o"),
        (options.plots, options.plots is not None and options.plots.is_file(), "--plots"),
    ):
        if is_wrong:
            where = "its folder is not there" if what == "-o" else "it is a file, and a folder is wanted"
            raise ValueError(f"{what} {path}: {where}")
    beside = []
    for text in options.beside:
        name, is_set, folder = text.partition("=")
        if not (name and is_set and Path(folder).is_dir()):
            raise ValueError(f"--beside {text}: NAME=FOLDER is wanted, and a folder that is there")
        if name in (OURS, *OTHERS) and name in options.others and OTHERS[name].is_here():
            raise ValueError(f"--beside {text}: {name} is run here already; give it another name, or name --others")
        beside.append((name, Path(folder)))
    return tuple(beside)


def _judge(console: Console, tasks: list[JudgingTask], jobs: int) -> list[JudgedClip]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    shown = Progress(*columns, TimeRemainingColumn(), console=console, transient=True, disable=not console.is_terminal)
    clips: list[JudgedClip] = []
    with shown as progress:
        bar = progress.add_task("listening", total=len(tasks))
        for one in run_parallel(judge_clip, tasks, jobs=jobs):
            clips.append(one)
            progress.update(bar, advance=1, description=printable(f"{one.clip.name:.40}"))
    return clips


def _named(part: str, clips: tuple[BeatClip, ...]) -> BeatClip:
    found = [clip for clip in clips if part in clip.name]
    exact = [clip for clip in found if clip.name == part]
    if len(exact or found) != 1:
        some = ", ".join(clip.name for clip in (found or clips)[:5])
        raise ValueError(
            f"--timeline {part}: {len(found)} clips are called so, and one is wanted; there are {some}, ..."
        )
    return (exact or found)[0]


def _shown(part: str | None, clips: list[JudgedClip]) -> JudgedClip:
    if part is None:
        return min(clips, key=lambda one: one.measures[OURS].in_phase)
    wanted = _named(part, tuple(one.clip for one in clips))
    return next(one for one in clips if one.clip == wanted)


def _tell(console: Console, text: Any) -> None:
    console.print(printable(text), markup=False, highlight=False, soft_wrap=True)
