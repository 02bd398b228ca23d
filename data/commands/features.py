"""What `transflower-data features` does."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from rich.console import Console
from rich.table import Table
from tyro.conf import OmitArgPrefixes, Positional, arg

from data.commands.printable import printable
from data.commands.progress import progress_of
from data.dataset.reading_options import ReadingOptions
from data.sound.channels import parse_channels

if TYPE_CHECKING:
    from data.dataset.feature_extraction import Extracted

OK, SOME_SKIPPED = 0, 2


@dataclass(frozen=True)
class Features:
    """Extract features, as arrays for your own models or analysis: of sound alone, of motion alone, or of both.

    Sound becomes the 121 numbers a frame that a dancer hears live, causally: mel, mfcc, chroma, onset, beat:

        transflower-data features song.wav -o features
        transflower-data features songs/ -o features --rate-hz 60

    Motion becomes pose vectors that do not depend on where the body is: floor velocity, height, turn rate, rotations:

        transflower-data features clip.bvh -o features

    Files of one name, as take.bvh and take.wav, are one recording: row k of both is the same instant, (k + 1) / rate.
    FEATURES then holds take.audio.npy (frames, 121) and take.pose.npy (frames, dims), float32, and modalities.json,
    which has the rate, the columns of each part by name, and a fingerprint: equal where numbers mean the same. With
    --packed there is one compressed take.npz a recording instead, with the arrays audio and pose:

        transflower-data features recordings/ -o features --packed

    In Python: `numpy.load("features/take.audio.npy")[:, 80:100]` are the mfcc. The folder is one of modalities, which
    `transflower-train fit` trains on once there are outputs in it as well; `prepare` makes a dancer's.

    Files that cannot be used are named and skipped; the exit status is then 2. A run that fails (status 1) or is
    interrupted leaves nothing behind.
    """

    sources: Positional[tuple[Path, ...]]
    """Sound files, motion files (BVH, AIST++, .npz of transflower), and folders of them."""
    out: Annotated[Path, arg(aliases=["-o"], metavar="FEATURES")]
    """Folder to make."""
    rate_hz: int = 30
    """Frames a second; must divide 120."""
    rotation: Literal["6d", "expmap"] = "6d"
    """How pose vectors hold rotations: six numbers each, or axis times angle in three."""
    channels: Annotated[str | None, arg(metavar="N,N|None")] = None
    """Which channels of the sound are heard, from 1 on: 3,4 or 3. None is all."""
    packed: bool = False
    """One compressed .npz a recording instead of one .npy a modality, which is read without being copied."""
    jobs: int = 0
    """Processes; 0 takes every core."""
    overwrite: bool = False
    """Replace a folder of features, if it holds nothing that was added."""
    reading: OmitArgPrefixes[ReadingOptions] = field(default_factory=ReadingOptions)

    def run(self, console: Console) -> int:
        """Extract, with a progress bar, and show the columns."""
        from data.dataset.feature_extraction import ExtractionOptions, extract

        if not self.sources:
            raise ValueError("name a sound file, a motion file or a folder of them")
        if self.jobs < 0:
            raise ValueError(f"--jobs is {self.jobs}: a number of processes, or 0 for every core")
        options = ExtractionOptions(
            rate_hz=self.rate_hz,
            rotation=self.rotation,
            how=self.reading.how,
            channels=parse_channels(self.channels),
            jobs=self.jobs,
            packed=self.packed,
            overwrite=self.overwrite,
        )
        with progress_of(console) as advance:
            extracted = extract(self.sources, self.out, options, advance)
        for note in extracted.notes:
            console.print(printable(f"note: {note}"), markup=False, highlight=False, soft_wrap=True)
        for reason in extracted.skipped:
            console.print(printable(f"skipped {reason}"), style="yellow", markup=False, highlight=False, soft_wrap=True)
        console.print(columns_table(extracted))
        num_frames = sum(max(frames.values()) for frames in extracted.frames.values())
        summary = f"{len(extracted.frames)} recordings, {num_frames / self.rate_hz:.1f} s, in {self.out}"
        console.print(printable(summary), markup=False, highlight=False, soft_wrap=True)
        if extracted.skipped:
            console.print(f"{len(extracted.skipped)} files were skipped", style="yellow")
        return SOME_SKIPPED if extracted.skipped else OK


def columns_table(extracted: "Extracted") -> Table:
    """Which columns are what."""
    table = Table("modality", "fingerprint", "part", "columns")
    for name, modality in extracted.description.modalities.items():
        for number, (part, (start, stop)) in enumerate(modality.columns.items()):
            head = (name, modality.fingerprint) if number == 0 else ("", "")
            table.add_row(*head, part, f"{start}:{stop}")
    return table
