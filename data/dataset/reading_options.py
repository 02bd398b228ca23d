"""What commands ask of files of motion. Nothing here reads, so that a command line is there at once."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import tyro

from data.rigs.rig_units import AUTO

if TYPE_CHECKING:
    from data.dataset.motion_reading import HowToRead


@dataclass(frozen=True, kw_only=True)
class ReadingOptions:
    """What is said of a file of motion beside what it tells itself."""

    map: Annotated[Path | None, tyro.conf.arg(metavar="FILE")] = None
    """A file that says which joint is which bone where names do not tell: a line `lThigh = LeftUpperLeg` each, and
    `joint = -` for a joint that is none."""
    unit: str = AUTO
    """Of length in BVH files: mm, cm, in, ft, m, or how many metres one is; auto guesses it from the legs."""
    strict: bool = False
    """Refuse files of which something would be left out or guessed, instead of telling of it."""

    @property
    def how(self) -> "HowToRead":
        """How files of motion are read.

        Raises:
            ValueError: The unit or the file of joints cannot be meant.
            OSError: The file cannot be read.
        """
        from data.dataset.motion_reading import HowToRead

        return HowToRead.of(self.map, self.unit, strict=self.strict)
