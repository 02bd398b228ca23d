"""`transflower render`: a dance to look at, as a film, a looping picture or a contact sheet."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import tyro
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn

from bridge.commands.bars import progress_bar
from bridge.takes.take_file import SUFFIX
from data.picture.options import PictureOptions

if TYPE_CHECKING:
    from collections.abc import Callable

    from data.motion import Motion
    from data.picture.soundtrack import Soundtrack


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
    part: Annotated[int | None, tyro.conf.arg(metavar="NUMBER")] = None
    """A part of a take that was marked while performing, from 1; everything, if not given."""
    picture: tyro.conf.OmitArgPrefixes[PictureOptions] = field(default_factory=PictureOptions)

    def run(self) -> None:
        """Draws, with a bar that shows how far it is, and prints where to."""
        from data.picture.render import check_picture, render

        check_picture(self.output, self.picture)
        if self.sound is None and self.sound_at_s is not None:
            raise ValueError("--sound-at-s says when --sound begins: give both")
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with progress_bar(*columns) as progress, _stops_on_sigterm():
            task = progress.add_task("reading", total=None)

            def advance(done: int, total: int) -> None:
                progress.update(task, completed=done, total=total)

            motion, sound, picture = self._read(advance)
            progress.update(task, description=f"drawing {self.dance.name}", total=None)
            render(motion, sound, self.output, picture, advance)
        print(self.output)

    def _read(self, advance: "Callable[[int, int], None]") -> "tuple[Motion, Soundtrack | None, PictureOptions]":
        """The dance, its sound, and what of it is drawn."""
        from data.picture.dance_file import DANCE_ENDINGS, read_dance
        from data.picture.soundtrack import read_soundtrack

        ending = self.dance.suffix.lower()
        if ending == SUFFIX:
            return self._read_take(advance)
        if self.part is not None:
            raise ValueError(f"--part is of a take, and {self.dance} is none")
        if ending not in DANCE_ENDINGS:
            known = ", ".join((SUFFIX, *DANCE_ENDINGS))
            raise ValueError(f"{self.dance}: a dance is read from {known}, not {ending or 'without an ending'}")
        motion = read_dance(self.dance)
        if self.sound is None:
            return motion, None, self.picture
        return motion, replace(read_soundtrack(self.sound, advance), starts_s=self.sound_at_s or 0.0), self.picture

    def _read_take(self, advance: "Callable[[int, int], None]") -> "tuple[Motion, Soundtrack | None, PictureOptions]":
        from bridge.takes.soundtrack import take_soundtrack, with_sound
        from bridge.takes.take import read_take
        from data.picture.soundtrack import read_soundtrack

        take = read_take(self.dance)
        motion, picture = take.motion(), self.picture
        if self.part is not None:
            begin_s, end_s = take.part_span(self.part)
            rest_s = end_s - begin_s - picture.start_s
            if rest_s <= 0:
                raise ValueError(f"part {self.part} lasts {end_s - begin_s:.1f} s: lower --start-s")
            seconds = rest_s if picture.seconds is None else min(picture.seconds, rest_s)
            picture = replace(picture, start_s=begin_s + picture.start_s, seconds=seconds)
        if self.sound is not None:
            sound = read_soundtrack(self.sound, advance, features_hz=take.header.rate_hz)
            return motion, with_sound(take, sound, self.sound_at_s), picture
        return motion, take_soundtrack(take) if take.was_danced else None, picture


@contextmanager
def _stops_on_sigterm() -> Iterator[None]:
    """SIGTERM stops as Ctrl-C does, so that it too leaves no half file."""
    previous = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, previous)
