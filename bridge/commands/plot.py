"""`transflower plot`: what was heard, danced, asked for and looked at, over time, as a figure."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import tyro
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn

from bridge.commands.bars import progress_bar
from bridge.commands.dance_source import Advance, check_sound, read_source, tell
from bridge.commands.options import DancerOptions
from bridge.takes.take_file import SUFFIX
from data.dataset.reading_options import ReadingOptions
from data.picture.options import PictureOptions

if TYPE_CHECKING:
    from data.picture.tracks import Tracks


@dataclass(frozen=True, kw_only=True)
class Plot:
    """Plot a dance over time: spectrum, chroma, onsets, tempo and beats, level, speed, feet, controls, and attention.

    A performance, with what was asked for, missed and marked; a part of it; as a vector graphic for a paper:
    - transflower plot evening.take -o evening.png
    - transflower plot evening.take -o solo.pdf --part 2
    - transflower plot evening.take -o bar.svg --start-s 40 --seconds 8 --sound song.mp3

    Where the dancer looked: the take is danced again, and the weights of its attention are kept. Shares by what was
    looked at, and a map of when (across) and how old or far ahead it was (upwards); of all layers and heads, or of one:
    - transflower plot evening.take -o looks.png --attention
    - transflower plot evening.take -o looks.png --attention --layer 0 --head 2

    A song, to which a dancer dances for the plot, and a dance from a file:
    - transflower plot song.mp3 -o song.png --attention --checkpoint best.safetensors
    - transflower plot dance.bvh --sound song.mp3 -o dance.png

    In upper layers a key holds what it has read itself: attention says where a dancer looks, not what moves it.
    """

    dance: tyro.conf.Positional[Path]
    """A take, a .bvh or .npz, or a song to dance to."""
    output: Annotated[Path, tyro.conf.arg(aliases=["-o"], metavar="FILE")]
    """File to write; its ending says what: .png, .svg or .pdf."""
    sound: Annotated[Path | None, tyro.conf.arg(metavar="SONG")] = None
    """The sound that was danced to; a take that has none is put where it heard it."""
    sound_at_s: Annotated[float | None, tyro.conf.arg(metavar="SECONDS")] = None
    """When in the dance the sound begins; see `transflower render`."""
    channels: Annotated[str | None, tyro.conf.arg(metavar="N,N|None")] = None
    """Which channels of the song, or of --sound, are heard, from 1 on: 3,4 or 3. None is all."""
    part: Annotated[int | None, tyro.conf.arg(metavar="NUMBER")] = None
    """A marked part of a take, from 1; everything, if not given."""
    start_s: float = 0.0
    """Where in the dance to begin."""
    seconds: Annotated[float | None, tyro.conf.arg(metavar="SECONDS")] = None
    """How much of it to plot; to its end, if not given."""
    attention: bool = False
    """Also where the dancer looked; needs a take or a song, and the dancer's .safetensors file."""
    layer: Annotated[int | None, tyro.conf.arg(metavar="NUMBER")] = None
    """Attention of this layer, from 0; the mean of all, if not given."""
    head: Annotated[int | None, tyro.conf.arg(metavar="NUMBER")] = None
    """Attention of this head, from 0; the mean of all, if not given."""
    reading: tyro.conf.OmitArgPrefixes[ReadingOptions] = field(default_factory=ReadingOptions)
    dancer: tyro.conf.OmitArgPrefixes[DancerOptions] = field(default_factory=DancerOptions)

    def run(self) -> None:
        """Plots, with a bar that shows how far it is, and prints where to."""
        from data.dataset.recordings import SOUND_ENDINGS
        from data.picture.scene import cut
        from data.picture.tracks import check_plot, plot_tracks

        check_plot(self.output)
        is_song = self.dance.suffix.lower() in SOUND_ENDINGS
        if is_song and (self.sound is not None or self.part is not None):
            raise ValueError(f"{self.dance} is a song: --sound and --part are of dances")
        channels = check_sound(self.dance if is_song else self.sound, self.sound_at_s, self.channels)
        if not self.attention and (self.layer is not None or self.head is not None):
            raise ValueError("--layer and --head are of --attention: say that as well")
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with progress_bar(*columns) as progress:
            task = progress.add_task(f"reading {self.dance.name}", total=None)

            def advance(done: int, total: int) -> None:
                progress.update(task, completed=done, total=total)

            tracks, options = self._read(is_song, channels, advance)
            span = cut(tracks.motion, start_s=options.start_s, seconds=options.seconds, rate_hz=tracks.motion.rate_hz)
            progress.update(task, description="drawing", total=None)
            plot_tracks(tracks, span, self.output)
        print(self.output)

    def _read(
        self, is_song: bool, channels: tuple[int, ...] | None, advance: Advance
    ) -> "tuple[Tracks, PictureOptions]":
        """What is plotted, and which part of it."""
        from bridge.commands.attention import look_at_song, look_at_take
        from bridge.takes.tracks import take_tracks
        from data.picture.tracks import Tracks

        options = PictureOptions(start_s=self.start_s, seconds=self.seconds)
        if is_song:
            notes: list[str] = []
            looked = look_at_song(
                self.dance, self.dancer, self.attention, self.layer, self.head, advance, channels, notes
            )
            tell(self.dance, notes, strict=self.reading.strict)
            return looked, options
        if self.attention and self.dance.suffix.lower() != SUFFIX:
            raise ValueError(f"--attention needs a take or a song, to be danced again; {self.dance} is neither")
        motion, sound, options, take = read_source(
            self.dance,
            sound=self.sound,
            sound_at_s=self.sound_at_s,
            part=self.part,
            picture=options,
            advance=advance,
            reading=self.reading,
            channels=channels,
        )
        if take is None:
            return Tracks(self.dance.name, motion, sound=sound), options
        attention_trace = None
        if self.attention:
            attention_trace = look_at_take(take, self.dancer, self.layer, self.head, advance)
        return take_tracks(take, sound, attention_trace), options
