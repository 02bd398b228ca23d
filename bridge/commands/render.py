"""`transflower render`: a dance to look at, as a film, a looping picture or a contact sheet."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import tyro
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn

from bridge.commands.bars import progress_bar
from bridge.commands.dance_source import check_sound, read_source
from data.dataset.reading_options import ReadingOptions
from data.picture.options import PictureOptions


@dataclass(frozen=True, kw_only=True)
class Render:
    """Draw a dance: a film with its sound (.mp4), a looping picture (.gif), or a contact sheet (.png).

    The dance to a song, with the song:
    - transflower render dance.bvh --sound song.mp3 -o dance.mp4

    A performance: beats and loudness are in the take, its sound is not. A song or a recording of the evening is put
    where the take heard it:
    - transflower render evening.take -o evening.mp4
    - transflower render evening.take --sound song.mp3 -o evening.mp4 --part 2

    Ten seconds for a web page, with the hands' ways; all of it at a glance; for a telephone held upright:
    - transflower render dance.npz -o dance.gif --start-s 20 --seconds 10 --trail hands
    - transflower render dance.bvh --sound song.mp3 -o dance.png --every-s 1
    - transflower render dance.bvh --sound song.mp3 -o dance.mp4 --size 720x1280 --fps 60

    A recording of another program: names of its joints are read word by word, its unit of length is guessed. Where that
    is wrong, a file of lines such as `lThigh = LeftUpperLeg` says it:
    - transflower render recording.bvh -o sheet.png --map joints.txt --unit in

    Films need ffmpeg on this machine.
    """

    dance: tyro.conf.Positional[Path]
    """What was danced: a take, a .bvh file, or the .npz that `transflower generate` writes."""
    output: Annotated[Path, tyro.conf.arg(aliases=["-o"], metavar="FILE")]
    """File to write; its ending says what: .mp4, .gif or .png."""
    sound: Annotated[Path | None, tyro.conf.arg(metavar="SONG")] = None
    """The sound that was danced to: WAV, FLAC, OGG or MP3."""
    sound_at_s: Annotated[float | None, tyro.conf.arg(metavar="SECONDS")] = None
    """When in the dance the sound begins, negative if it was on before; otherwise it begins with the dance or, for a
    take, is put where the take heard it."""
    channels: Annotated[str | None, tyro.conf.arg(metavar="N,N|None")] = None
    """Which channels of --sound are heard, from 1 on: 3,4 or 3. None is all."""
    part: Annotated[int | None, tyro.conf.arg(metavar="NUMBER")] = None
    """A part of a take that was marked while performing, from 1; everything, if not given."""
    reading: tyro.conf.OmitArgPrefixes[ReadingOptions] = field(default_factory=ReadingOptions)
    picture: tyro.conf.OmitArgPrefixes[PictureOptions] = field(default_factory=PictureOptions)

    def run(self) -> None:
        """Draws, with a bar that shows how far it is, and prints where to."""
        from data.picture.render import check_picture, render

        check_picture(self.output, self.picture)
        channels = check_sound(self.sound, self.sound_at_s, self.channels)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with progress_bar(*columns) as progress, _stops_on_sigterm():
            task = progress.add_task("reading", total=None)

            def advance(done: int, total: int) -> None:
                progress.update(task, completed=done, total=total)

            motion, sound, picture, _ = read_source(
                self.dance,
                sound=self.sound,
                sound_at_s=self.sound_at_s,
                channels=channels,
                part=self.part,
                picture=self.picture,
                advance=advance,
                reading=self.reading,
            )
            progress.update(task, description=f"drawing {self.dance.name}", total=None)
            render(motion, sound, self.output, picture, advance)
        print(self.output)


@contextmanager
def _stops_on_sigterm() -> Iterator[None]:
    """SIGTERM stops as Ctrl-C does, so that it too leaves no half file."""
    previous = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, previous)
