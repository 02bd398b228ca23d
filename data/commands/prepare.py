"""`transflower-data prepare`: recordings become a folder that training reads."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Final

from rich.console import Console
from tyro.conf import OmitArgPrefixes, Positional, arg

from data.commands.printable import printable
from data.commands.progress import progress_of
from data.dataset.prepare_options import PrepareOptions

OK: Final = 0
SOME_SKIPPED: Final = 2


@dataclass(frozen=True)
class Prepare:
    """Turn recordings into a folder that transflower-train reads.

    Motion with its sound: a folder of BVH files, each with a WAV, FLAC, OGG, MP3 or M4A of the same name:

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

    Whatever is guessed or left out of a file is reported in a sentence; with --strict such a file is not used, and a
    sentence that is of no single file ends the run: nothing held out, a row of clips.csv without a file. Files that
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
        from data.dataset.prepare import prepare

        with progress_of(console) as advance:
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
