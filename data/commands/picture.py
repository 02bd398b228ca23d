"""`transflower-data picture`: a motion as a film, a looping picture or a contact sheet."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Final

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from tyro.conf import OmitArgPrefixes, Positional, arg

from data.commands.printable import printable
from data.dataset.reading_options import ReadingOptions
from data.picture.options import PictureOptions
from data.sound.channels import parse_channels

OK: Final = 0


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
    channels: Annotated[str | None, arg(metavar="N,N|None")] = None
    """Which channels of the sound are heard, from 1 on: 3,4 or 3. None is all."""
    reading: OmitArgPrefixes[ReadingOptions] = field(default_factory=ReadingOptions)
    picture: OmitArgPrefixes[PictureOptions] = field(default_factory=PictureOptions)

    def run(self, console: Console) -> int:
        """Draw and write, with a progress bar."""
        from data.picture.dance_file import read_dance
        from data.picture.render import check_picture, render
        from data.picture.soundtrack import read_soundtrack

        check_picture(self.out, self.picture)
        channels = parse_channels(self.channels)
        if self.sound is None and channels is not None:
            raise ValueError(f"--channels {self.channels} are those of --sound: give both")
        notes: list[str] = []
        motion = read_dance(self.motion, self.reading.how, notes)
        for note in notes:
            console.print(printable(f"note: {note}"), markup=False, highlight=False, soft_wrap=True)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
            bar = progress.add_task("listening", total=None)

            def advance(done: int, total: int) -> None:
                progress.update(bar, completed=done, total=total)

            sound = None if self.sound is None else read_soundtrack(self.sound, advance, channels=channels)
            progress.update(bar, description=f"drawing {printable(self.motion.name):.40}", total=None)
            span = render(motion, sound, self.out, self.picture, advance)
        done = printable(f"{self.out}: {span.duration_s:.1f} s of {self.motion.name}")
        console.print(done, markup=False, highlight=False, soft_wrap=True)
        return OK
