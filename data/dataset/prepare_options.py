"""What the command line asks of a preparation. Nothing here computes, so that a command line is there at once."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import tyro

from data.dataset.reading_options import ReadingOptions
from data.sound.channels import parse_channels


@dataclass(frozen=True, kw_only=True)
class PrepareOptions(ReadingOptions):
    """How to prepare.

    Attributes:
        sound_folder: Where the sound is, if it does not lie with the motion.
        channels: Which channels of the sound are heard, from 1 on, such as `3,4`; None is all: their mean, or the
            loudest where they cancel each other.
        chain: Chain clips of known tempo at bar lines and render music to them, instead of reading sound files.
        hours: With --chain: hours of performances to render, all splits together.
        performance_s: With --chain: shortest and longest performance, seconds.
        stretch: With --chain: play training clips up to this factor faster or slower.
        mirror: Mirror training motion as well (left and right change places).
        rate_hz: Frames a second; must divide 120.
        rotation: How the pose vectors hold rotations.
        val_fraction: Share of the choreographies to validate on.
        test_fraction: Share of the choreographies for the final test.
        val_groups: Choreographies to validate on, by name, instead of a random share.
        seed: Of all that is left to chance; the same seed and files give the same folder.
        licence: Licence of the motion, for the record.
        attribution: Whom to thank, for the record; it travels into checkpoints.
        jobs: Processes; 0 takes every core.
        cluster: Work on a running cluster instead: tcp://HOST:PORT (Dask) or ray://HOST:PORT (Ray).
        overwrite: Replace a folder prepared earlier.
    """

    sound_folder: Path | None = None
    channels: Annotated[str | None, tyro.conf.arg(metavar="N,N|None")] = None
    chain: bool = False
    hours: float = 3.0
    performance_s: tuple[float, float] = (40.0, 90.0)
    stretch: float = 1.15
    mirror: bool = True
    rate_hz: int = 30
    rotation: Literal["6d", "expmap"] = "6d"
    val_fraction: float = 0.12
    test_fraction: float = 0.06
    val_groups: tuple[str, ...] = ()
    seed: int = 0
    licence: str = "unknown"
    attribution: str = ""
    jobs: int = 0
    cluster: str | None = None
    overwrite: bool = False

    def __post_init__(self) -> None:
        if self.chain and self.sound_folder is not None:
            raise ValueError(f"--sound-folder {self.sound_folder} and --chain: chained clips dance to rendered music")
        if self.chain and self.channels is not None:
            raise ValueError(f"--channels {self.channels} and --chain: chained clips dance to rendered music")
        parse_channels(self.channels)
        if not self.hours > 0:
            raise ValueError(f"--hours is {self.hours}: some time is needed")
        if not 10 <= self.performance_s[0] <= self.performance_s[1]:
            raise ValueError(f"--performance-s is {self.performance_s}: shortest and longest, 10 seconds or more")
        if not 1 <= self.stretch <= 1.5:
            raise ValueError(f"--stretch is {self.stretch}: a factor between 1 (as danced) and 1.5")
        if self.jobs < 0:
            raise ValueError(f"--jobs is {self.jobs}: a number of processes, or 0 for every core")
