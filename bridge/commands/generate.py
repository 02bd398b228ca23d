"""`transflower generate`: dances to songs, as files."""

import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import tyro
from rich.console import Console

from bridge.batch.plan import Format
from bridge.commands.options import DancerOptions
from data.commands.printable import printable
from data.sound.channels import parse_channels

if TYPE_CHECKING:
    from bridge.batch.plan import BatchPlan
    from bridge.batch.run import Outcome


@dataclass(frozen=True, kw_only=True)
class Generate:
    """Make dances to songs offline and write them to files: the same dancer, features and engine as live.

    One song, to song.bvh beside it; to numbers instead of BVH; with a dancer that hears a second of what is coming:
    - transflower generate song.mp3
    - transflower generate song.mp3 -o dance.npz
    - transflower generate song.mp3 -o dance.bvh --look-ahead-s 1 --style HO --seed-pose HO-1

    All songs in a folder and the folders in it, four dances to each, whose seeds are 7 to 10:
    - transflower generate music/ -o dances --samples 4 --seed 7

    They are dances/NAME.seed7.bvh and so on, in folders as the songs are; dances/dances.json tells for each how it was
    made. A song that cannot be read is named, and the others go on; the exit status is then 1. Type the same command
    again to go on after an interruption: dances that are there, and were made just so, are not made again; one that was
    made otherwise is in the way until you say --overwrite. The same seed, song, dancer and options give the same file,
    whatever --jobs is. `transflower dancer` lists the names of styles and seed poses.
    """

    songs: Annotated[tyro.conf.Positional[tuple[Path, ...]], tyro.conf.arg(metavar="SONG|FOLDER ...")]
    """Sound files, WAV, FLAC, OGG, MP3 or, where ffmpeg is, M4A and others, and folders of them."""
    output: Annotated[Path | None, tyro.conf.arg(aliases=["-o"], metavar="FILE|FOLDER")] = None
    """For one dance a file, .bvh, .npz or .csv, which is written whatever was there; otherwise a folder. One dance goes
    beside its song and several into the folder dances, if not given."""
    format: Format | None = None
    """What is written into a folder: bvh for animation programs, in centimetres (in Blender's own importer set Scale to
    0.01), npz for Python, csv for spreadsheets, both in metres; bvh, if not given."""
    samples: int = 1
    """Dances to each song: their seeds are --seed, the next number, and so on."""
    jobs: Annotated[int, tyro.conf.arg(aliases=["-j"])] = 0
    """How many dances are made at the same time, each by a process of its own that holds the dancer in memory, on a GPU
    too; 0 is one for every core."""
    overwrite: bool = False
    """Make dances anew that are there already."""
    strict: bool = False
    """What would be a note is an error: a request that the dancer cannot follow, a song to which nothing is danced."""
    look_ahead_s: float = 0.0
    """How much of the music to come the dancer hears, up to what it was trained for."""
    channels: Annotated[str | None, tyro.conf.arg(metavar="N,N|None")] = None
    """Which channels of the songs are heard, from 1 on: 3,4 or 3. None is all: their mean, or the loudest where they
    cancel each other."""
    progress: Literal["bar", "lines"] = "bar"
    """lines tells on standard error how far it is, such as `progress 120/900`, to programs with a bar of their own."""
    dancer: tyro.conf.OmitArgPrefixes[DancerOptions] = field(default_factory=DancerOptions)

    def run(self) -> None:
        """Dances, writes, and prints where to; exits with code 1 when a song failed, and 130 when interrupted."""
        from bridge.batch.index import INDEX_NAME
        from bridge.batch.messages import Order
        from bridge.batch.plan import Wanted, make_plan
        from bridge.batch.run import run

        options, console = self.dancer, Console(stderr=True)
        if self.look_ahead_s < 0:
            raise ValueError(f"--look-ahead-s must not be negative, but is {self.look_ahead_s}")
        dancer = options.open_dancer()
        controls = options.controls.known_to(dancer.styles, dancer.seed_poses)
        if (said := dancer.says_of(controls)) is not None:
            if self.strict:
                raise ValueError(f"{said} (an error because of --strict)")
            console.print(printable(f"note: {said}"), highlight=False, soft_wrap=True)
        order = Order(
            dancer=dancer,
            controls=controls,
            device=options.device,
            cuda_graph=options.cuda_graph,
            look_ahead_frames=round(self.look_ahead_s * dancer.rate_hz),
            strict=self.strict,
            channels=parse_channels(self.channels),
        )
        wanted = Wanted(
            places=self.songs,
            output=self.output,
            format=self.format,
            seed=options.seed,
            samples=self.samples,
            overwrite=self.overwrite,
        )
        with console.status("looking for songs, and for dances that are there already"):
            plan = make_plan(wanted, order)
        outcome = run(plan, order, jobs=self.jobs, console=console, progress_lines=self.progress == "lines")
        for note in outcome.notes:
            console.print(printable(f"note: {note}"), markup=False, highlight=False, soft_wrap=True)
        if plan.folder is None and outcome.failures:
            raise ValueError(outcome.failures[0])
        if plan.folder is not None:
            console.out(printable(_summary(plan, outcome)), highlight=False)
        if outcome.was_interrupted:
            sys.exit(130)
        print(plan.dances[0].file if plan.folder is None else plan.folder / INDEX_NAME)
        if outcome.failures:
            sys.exit(1)


def _summary(plan: "BatchPlan", outcome: "Outcome") -> str:
    """How it went, in a line, and one for each reason why a dance failed."""
    if not plan.dances:
        return f"{plan.folder}: all {plan.num_there} dances were there already"
    num_left = len(plan.dances) - outcome.num_danced - outcome.num_failed
    speed = f"{outcome.danced_s / max(outcome.wall_s, 1e-3):.1f}x"
    parts = [f"{outcome.num_danced} dances of {outcome.danced_s:.1f} s in all made in {outcome.wall_s:.1f} s ({speed})"]
    parts += [f"{plan.num_there} were there already"] * (plan.num_there > 0)
    parts += [f"{outcome.num_failed} failed"] * (outcome.num_failed > 0)
    parts += [f"interrupted, the same command makes the other {num_left}"] * outcome.was_interrupted
    return f"{plan.folder}: {', '.join(parts)}" + "".join(f"\n  {reason}" for reason in outcome.failures)
