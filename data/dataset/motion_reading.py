"""Files of motion on humanoid bones: BVH, pickles of AIST++, our .npz; and what of them is left out or guessed."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from data.dataset import aistpp
from data.formats.bvh import read_bvh
from data.formats.motion_file import read_npz
from data.motion.humanoid import to_humanoid
from data.motion.motion import Motion
from data.rigs.rig_reading import (
    ReadingNote,
    RigMap,
    ignored_joints,
    map_text,
    missing_bones,
    read_map,
    read_rig,
    unused_map,
    with_map,
)
from data.rigs.rig_units import AUTO, parse_unit


@dataclass(frozen=True, kw_only=True)
class HowToRead:
    """What is said of files of motion beside what they tell themselves.

    Attributes:
        rig_map: Joint to humanoid bone, where names do not tell; None for a joint that is none.
        metres_per_unit: Of BVH files; None guesses it from the legs.
        strict: Whether a file of which something is left out is an error.
    """

    rig_map: RigMap | None = None
    metres_per_unit: float | None = None
    strict: bool = False

    @classmethod
    def of(cls, map_file: Path | None = None, unit: str = AUTO, *, strict: bool = False) -> Self:
        """As options of a command say: --map, --unit, --strict.

        Raises:
            ValueError: The file or the unit cannot be meant.
            OSError: The file cannot be read.
        """
        rig_map = None if map_file is None else read_map(map_file)
        return cls(rig_map=rig_map, metres_per_unit=parse_unit(unit), strict=strict)


AS_IT_IS: Final = HowToRead()
"""Nothing is said of a file."""


@dataclass(frozen=True, eq=False)
class MotionReading:
    """A file's motion.

    Attributes:
        motion: On humanoid bones, unless `is_body` is false.
        notes: A sentence for whatever is left out, guessed, or not as the file has it.
        is_body: Whether its joints could be identified.
    """

    motion: Motion
    notes: tuple[ReadingNote, ...] = ()
    is_body: bool = True


MOTION_ENDINGS: Final = (".bvh", ".pkl")
"""Endings of recordings."""
DANCE_ENDINGS: Final = (*MOTION_ENDINGS, ".npz")
"""Endings of all files that hold a dance."""


def read_recording(path: Path, how: HowToRead | None = None, *, as_rods: bool = False) -> MotionReading:
    """A file's motion on humanoid bones, whatever its ending is among `DANCE_ENDINGS`.

    Args:
        path: The file.
        how: What is said of it.
        as_rods: Gives a figure whose joints cannot be identified as it is, instead of refusing it.

    Raises:
        ValueError: It holds no motion, its joints cannot be identified, or something would be left out and `how` is
            strict; the message names the file.
        OSError: It cannot be read.
    """
    how = how or AS_IT_IS
    ending = path.suffix.lower()
    notes: list[ReadingNote] = []
    rig_map = how.rig_map
    if ending == ".pkl":
        reading = MotionReading(aistpp.read_motion(path))
    elif ending in DANCE_ENDINGS:
        if ending == ".npz":
            motion = read_npz(path)
            notes += unused_map(rig_map, motion.skeleton.names)
        else:
            motion = read_bvh(path, how.metres_per_unit, rig_map=rig_map, notes=notes)
            # what was said of joints above the hips is done, and the joints may be gone
            rig_map = {joint: bone for joint, bone in (rig_map or {}).items() if joint in motion.skeleton.names}
        try:
            reading = on_bones(motion, rig_map, notes)
        except ValueError as error:
            if not as_rods:
                raise ValueError(f"{path}: {error}") from None
            reading = MotionReading(
                motion,
                (*notes, ReadingNote("body", f"drawn as rods, for no body can be identified: {error}")),
                is_body=False,
            )
    else:
        raise ValueError(
            f"{path} ends in none of {', '.join(DANCE_ENDINGS)}: those are read as motion, not {ending or 'no ending'}"
        )
    # of a folder of several rigs a file of joints is meant for one
    if how.strict and (said := "; ".join(note.text for note in reading.notes if note.kind != "map")):
        raise ValueError(f"{path}: {said} (an error because of --strict)")
    return reading


def on_bones(motion: Motion, rig_map: RigMap | None, notes: list[ReadingNote]) -> MotionReading:
    """A motion on humanoid bones, with a note where joints that turn are none of them.

    Raises:
        ValueError: Its joints cannot be identified.
    """
    skeleton = motion.skeleton
    _, mapping = read_rig(skeleton.names, skeleton.parents)
    if rig_map is not None:
        mapping = with_map(mapping, rig_map, skeleton.names)
    ignored: list[str] = []
    if not missing_bones(mapping):
        ignored = ignored_joints(
            mapping, skeleton.names, skeleton.parents, skeleton.offsets, motion.rotations, skeleton.end_sites
        )
    if ignored:
        shown = ", ".join(ignored[:8]) + (f" and {len(ignored) - 8} more" if len(ignored) > 8 else "")
        text = (
            f"joints that turn are not understood and left out: {shown}; --map FILE says which bones they are, a line "
            f"`joint = Bone` each (understood are {map_text(mapping)})"
        )
        notes = [*notes, ReadingNote("joints", text)]
    return MotionReading(to_humanoid(motion, mapping), tuple(notes))
