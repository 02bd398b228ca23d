"""A dance from a file, on humanoid bones where its joints can be told, so that a body can be drawn."""

from pathlib import Path
from typing import Final

from data.bvh import read_bvh
from data.humanoid import to_humanoid
from data.motion import Motion
from data.motion_file import read_npz
from data.recordings import MOTION_READERS, read_motion

DANCE_ENDINGS: Final = (*MOTION_READERS, ".npz")


def read_dance(path: Path) -> Motion:
    """The motion in a BVH file, an .npz of ours, or a pickle of AIST++.

    A figure whose joints bear no name of a body's is drawn as the rods that it is.

    Raises:
        ValueError: The file holds no motion, or its ending is of no such file.
        OSError: It cannot be read.
    """
    ending = path.suffix.lower()
    if ending not in DANCE_ENDINGS:
        raise ValueError(f"{path}: a dance is read from {', '.join(DANCE_ENDINGS)}, not {ending or 'no ending'}")
    if ending == ".npz":
        return _on_bones(read_npz(path))
    return _on_bones(read_bvh(path)) if ending == ".bvh" else read_motion(path)


def _on_bones(motion: Motion) -> Motion:
    try:
        return to_humanoid(motion)
    except ValueError:
        return motion
