"""What `transflower-data` does by itself: prepare recordings, render music, draw a motion."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from tyro.conf import OmitArgPrefixes, Positional, arg

from data.picture.options import PictureOptions
from data.prepare_options import PrepareOptions
from data.printable import printable
from data.reading_options import ReadingOptions

OK, SOME_SKIPPED = 0, 2


@dataclass(frozen=True)
class Prepare:
    """Turn recordings into a folder that transflower-train reads.

    Motion with its sound: a folder of BVH files, each with a WAV, FLAC, OGG or MP3 of the same name:

        transflower-data prepare recordings/ -o prepared/mine

    AIST++ as it is distributed, whose names say style, choreography and tempo, with AIST's music (mBR0.wav, ...) in a
    folder `wav` or `music` beside its motions, or wherever --sound-folder says; what its ignore_list.txt names is left
    out:

        transflower-data prepare aist_plusplus_final/ --sound-folder music/ -o prepared/aistpp

    Motion without sound, whose beats are known: clips.csv in the folder lists clip, genre, group and bpm of clips that
    begin on a bar's first beat (names of AIST++ say it without). They are chained at bar lines and music is rendered at
    their beats:

        transflower-data prepare clips/ --chain --hours 3 -o prepared/chained

    Names of joints are read word by word, and the unit of length is guessed from the legs. Where that is wrong, a file
    of lines such as `lThigh = LeftUpperLeg` (`joint = -` for no bone) and the unit say it:

        transflower-data prepare recordings/ -o prepared/mine --map joints.txt --unit in

    Whatever is guessed or left out of a file is told in a sentence; with --strict such a file is not used. Files that
    cannot be used are named and skipped; the exit status is then 2. A run that fails (status 1) or is interrupted
    leaves nothing behind.
    """

    folder: Positional[Path]
    """Where the motion files are: BVH, or AIST++."""
    out: Annotated[Path, arg(aliases=["-o"])]
    """Folder to make."""
    options: OmitArgPrefixes[PrepareOptions] = field(default_factory=PrepareOptions)

    def run(self, console: Console) -> int:
        """Prepare, with a progress bar."""
        from data.prepare import prepare

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, TimeRemainingColumn(), console=console) as progress:
            bar = progress.add_task("reading", total=None)

            def advance(done: int, total: int, name: str) -> None:
                progress.update(bar, completed=done, total=total, description=f"{name:.40}")

            summary = prepare(self.folder, self.out, self.options, advance)
        for note in summary.notes:
            console.print(printable(f"note: {note}"), markup=False, highlight=False, soft_wrap=True)
        for reason in summary.skipped:
            console.print(printable(f"skipped {reason}"), style="yellow", markup=False, highlight=False, soft_wrap=True)
        console.print(
            f"{summary.num_sequences} sequences, {summary.hours:.2f} hours, in {self.out}",
            highlight=False,
            soft_wrap=True,
        )
        if summary.skipped:
            console.print(f"{len(summary.skipped)} files were skipped", style="yellow")
        return SOME_SKIPPED if summary.skipped else OK


@dataclass(frozen=True)
class Music:
    """Render dance music to a sound file; its beats are exact, the first sample is beat 0 of a bar."""

    out: Annotated[Path, arg(aliases=["-o"])]
    """File to write; the ending says the format (wav, flac, ogg)."""
    style: str = "house"
    """Kind of music; a wrong name lists the right ones."""
    bpm: float = 120.0
    """Beats a minute, 40 to 240."""
    seconds: float = 60.0
    """About how long: whole beats are played."""
    seed: int = 0
    """Another number, another piece."""

    def run(self, console: Console) -> int:
        """Render and write."""
        from data.music import synthesise
        from data.sound_file import write_sound

        num_beats = max(1, round(self.seconds * self.bpm / 60))
        song = synthesise(self.style, self.bpm, num_beats, self.seed, structure="song")
        write_sound(self.out, song.samples, song.sample_rate_hz)
        seconds = len(song.samples) / song.sample_rate_hz
        console.print(
            f"{self.out}: {seconds:.1f} s of {self.style}, {num_beats} beats at {self.bpm:g} BPM", highlight=False
        )
        return OK


@dataclass(frozen=True)
class Picture:
    """Draw a motion: a film (.mp4), a looping picture (.gif) or a contact sheet (.png).

    transflower-data picture clip.bvh -o sheet.png
    transflower-data picture clip.bvh -o loop.gif --start-s 20 --seconds 6
    transflower-data picture clip.bvh --sound clip.wav -o film.mp4

    Takes are drawn by `transflower render`.
    """

    motion: Positional[Path]
    """A BVH file, a pickle of AIST++, or an .npz that transflower wrote."""
    out: Annotated[Path, arg(aliases=["-o"])]
    """File to write; its ending says what: .mp4, .gif or .png."""
    sound: Annotated[Path | None, arg(metavar="SOUND")] = None
    """What was danced to, from the first frame on."""
    reading: OmitArgPrefixes[ReadingOptions] = field(default_factory=ReadingOptions)
    picture: OmitArgPrefixes[PictureOptions] = field(default_factory=PictureOptions)

    def run(self, console: Console) -> int:
        """Draw and write, with a progress bar."""
        from data.picture.dance_file import read_dance
        from data.picture.render import check_picture, render
        from data.picture.soundtrack import read_soundtrack

        check_picture(self.out, self.picture)
        notes: list[str] = []
        motion = read_dance(self.motion, self.reading.how, notes)
        for note in notes:
            console.print(printable(f"note: {note}"), markup=False, highlight=False, soft_wrap=True)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
            bar = progress.add_task("listening", total=None)

            def advance(done: int, total: int) -> None:
                progress.update(bar, completed=done, total=total)

            sound = None if self.sound is None else read_soundtrack(self.sound, advance)
            progress.update(bar, description=f"drawing {printable(self.motion.name):.40}", total=None)
            span = render(motion, sound, self.out, self.picture, advance)
        done = printable(f"{self.out}: {span.duration_s:.1f} s of {self.motion.name}")
        console.print(done, markup=False, highlight=False, soft_wrap=True)
        return OK
