"""BVH files: Biovision's hierarchy of joints followed by one line of channel values a frame.

The reader takes any set and order of channels on any joint, any frame rate and any unit of length. Files that cannot be
meant (several roots, missing frames, NaN) are refused with the file and the line. The writer replaces a file as a whole
or not at all.

In a BVH file every local rotation is the identity in the rest pose, as in `Skeleton`. Rotation channels multiply in the
order in which they are written. Position channels replace the OFFSET (as in MotionBuilder and Blender);
`bvh_bones` says what they mean of which joint.
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from data.formats.bvh_bones import BvhBones, bones_of
from data.formats.bvh_text import BvhText, read_bvh_text
from data.formats.whole_file import whole_file
from data.motion import rotations
from data.motion.motion import Motion
from data.motion.skeleton import Skeleton
from data.rigs.rig_reading import ReadingNote, RigMap
from data.rigs.rig_tree import descends


def read_bvh(
    path: str | Path,
    metres_per_unit: float | None = 0.01,
    *,
    rig_map: RigMap | None = None,
    notes: list[ReadingNote] | None = None,
) -> Motion:
    """The motion in a BVH file, joints in the order of the file, axes as in the file.

    Where position channels move the hips on a root that stands still, or on one that moves as well, the motion is that
    of the hips and what hangs on them. Bones that stretch by up to three centimetres have their mean length.

    Args:
        path: The file.
        metres_per_unit: What one unit of length is: 0.01 for centimetres (usual), 0.0254 for inches,
            0.056444 for CMU's; None guesses it from the legs, where joints' names tell which they are.
        rig_map: What is said of the joints beside what their names tell.
        notes: Takes a sentence for whatever is not shown as the file has it.

    Returns:
        The motion. Frame times that are a rounded 1/n (".0083333") give the whole rate n that they stand for.

    Raises:
        ValueError: the file is not whole or not one figure; the message names the file and the line. Also when position
            channels move a joint below the hips on its parent by more than three centimetres.
        OSError: the file cannot be read.

    Example:
        >>> from data.motion.humanoid import default_skeleton
        >>> from data.motion.idle import IdleMotion
        >>> write_bvh("standing.bvh", IdleMotion(default_skeleton(), 30).motion(60))
        >>> motion = read_bvh("standing.bvh")
        >>> len(motion), motion.rate_hz, motion.skeleton.names[:3]
        (60, 30.0, ('Hips', 'Spine', 'Chest'))
    """
    path = Path(path)
    if metres_per_unit is not None and not (np.isfinite(metres_per_unit) and metres_per_unit > 0):
        raise ValueError(f"metres_per_unit must be positive, not {metres_per_unit}")
    content = read_bvh_text(path)
    try:
        bones = bones_of(content, metres_per_unit, rig_map)
        motion = _to_motion(content, bones)
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error
    if notes is not None:
        notes += bones.notes
        if content.encoding not in ("utf-8", "utf-16"):
            text = f"its names are not UTF-8 (read as {content.encoding}): save it as UTF-8 if they look wrong"
            notes.append(ReadingNote("names", text))
    return motion


def _to_motion(content: BvhText, bones: BvhBones) -> Motion:
    joints, values, num_frames = content.joints, content.values, len(content.values)
    metres = bones.metres_per_unit
    turned = np.zeros((num_frames, len(joints), 4))
    turned[..., 3] = 1
    column = 0
    by_order: dict[tuple[int, ...], list[tuple[int, list[int]]]] = {}  # joints that rotate alike are computed together
    for index, joint in enumerate(joints):
        order, columns = [], []
        for channel in joint.channels or ():
            if channel[1] == "r":
                order.append("xyz".index(channel[0]))
                columns.append(column)
            column += 1
        if order:
            by_order.setdefault(tuple(order), []).append((index, columns))
    for axes, members in by_order.items():
        indices = [index for index, _ in members]
        angles = np.deg2rad(values[:, [columns for _, columns in members]])  # (frames, members, rotations)
        q = rotations.about_axis(axes[0], angles[..., 0])
        for turn, axis in enumerate(axes[1:], 1):
            q = rotations.multiply(q, rotations.about_axis(axis, angles[..., turn]))
        turned[:, indices] = q
    kept = list(range(len(joints)))
    root_positions: rotations.Floats = bones.placed[0]
    if bones.hips:
        root_positions, turned[:, bones.hips] = _carried(content, bones, turned)
        parents = [joint.parent for joint in joints]
        kept = [index for index in kept if descends(parents, index, bones.hips)]
    place = {index: number for number, index in enumerate(kept)}
    skeleton = Skeleton(
        tuple(joints[index].name for index in kept),
        tuple(place.get(joints[index].parent, -1) for index in kept),
        (bones.offsets[kept] * metres).astype(np.float32),
        tuple((place[j], (x * metres, y * metres, z * metres)) for j, (x, y, z) in content.end_sites if j in place),
    )
    return Motion(
        skeleton,
        content.rate_hz,
        (root_positions * metres).astype(np.float32),
        rotations.make_continuous(turned[:, kept]).astype(np.float32),
    )


def _carried(
    content: BvhText, bones: BvhBones, turned: NDArray[np.float64]
) -> tuple[rotations.Floats, rotations.Floats]:
    """Place (frames, 3), in the file's unit, and rotation (frames, 4) of the hips in the world."""
    line = [bones.hips]
    while content.joints[line[0]].parent >= 0:
        line.insert(0, content.joints[line[0]].parent)
    place: rotations.Floats = bones.placed[0]
    turn: rotations.Floats = turned[:, 0]
    for joint in line[1:]:
        place = place + rotations.rotate(turn, bones.placed[joint])
        turn = rotations.multiply(turn, turned[:, joint])
    return place, turn


def write_bvh(
    path: str | Path,
    motion: Motion,
    *,
    metres_per_unit: float = 0.01,
    rotation_order: str = "ZXY",
    decimals: int = 6,
) -> None:
    """Writes a motion as BVH: the whole file appears at `path` at once, or nothing does.

    Joints are written depth first, as the format asks, so a skeleton in another order is read back reordered.

    Args:
        path: The file to make or replace.
        motion: What to write.
        metres_per_unit: Length of one unit in the file; 0.01 writes centimetres.
        rotation_order: Order of the three rotation channels, such as ZXY or XYZ; each axis once.
        decimals: Digits after the point.

    Raises:
        ValueError: the rotation order is not X, Y and Z in some order.
        OSError: the file cannot be written; no part of it is left behind.
    """
    writer = BvhWriter(motion.skeleton, metres_per_unit, rotation_order, decimals)
    text = writer.head(len(motion), motion.rate_hz) + writer.rows(motion)
    with whole_file(Path(path)) as part:
        part.write_text(text, encoding="utf-8", newline="\n")


class BvhWriter:
    """The text of a BVH file, its head and then its frames, so many at a time."""

    def __init__(
        self, skeleton: Skeleton, metres_per_unit: float = 0.01, rotation_order: str = "ZXY", decimals: int = 6
    ) -> None:
        """Prepares; the arguments are those of `write_bvh`.

        Raises:
            ValueError: the rotation order is not X, Y and Z in some order.
        """
        self._order = rotation_order.upper()
        if sorted(self._order) != ["X", "Y", "Z"]:
            raise ValueError(f"rotation order must name X, Y and Z once each, not {rotation_order!r}")
        self._metres_per_unit = metres_per_unit
        self._depth_first: list[int] = []
        text = ["HIERARCHY\n"]
        _write_joint(text, skeleton, 0, 0, self._order, metres_per_unit, decimals, self._depth_first)
        self._hierarchy = "".join(text)
        self._row = " ".join([f"%.{decimals}f"] * (3 + 3 * skeleton.num_joints)) + "\n"

    def head(self, num_frames: int, rate_hz: float) -> str:
        """All before the first frame."""
        return f"{self._hierarchy}MOTION\nFrames: {num_frames}\nFrame Time: {1 / rate_hz:.9f}\n"

    def rows(self, motion: Motion) -> str:
        """The frames of a motion of this skeleton, a line each."""
        turned = motion.rotations[:, self._depth_first].astype(np.float64)
        angles = np.rad2deg(rotations.euler_angles(turned, self._order))
        table = np.concatenate([motion.root_positions / self._metres_per_unit, angles.reshape(len(motion), -1)], axis=1)
        return "".join(self._row % tuple(values) for values in table.tolist())


def _write_joint(
    text: list[str],
    skeleton: Skeleton,
    joint: int,
    depth: int,
    order: str,
    metres_per_unit: float,
    decimals: int,
    visited: list[int],
) -> None:
    """Appends the block of one joint and, within it, those of its children."""

    def block(header: str, offset: NDArray[np.float64], level: int, channels: str = "") -> None:
        tabs = "\t" * level
        numbers = " ".join(f"{value / metres_per_unit:.{decimals}f}" for value in offset)
        text.append(f"{tabs}{header}\n{tabs}{{\n{tabs}\tOFFSET {numbers}\n{channels}")

    visited.append(joint)
    turns = " ".join(f"{axis}rotation" for axis in order)
    channels = f"6 Xposition Yposition Zposition {turns}" if joint == 0 else f"3 {turns}"
    tabs = "\t" * depth
    block(
        f"{'JOINT' if depth else 'ROOT'} {skeleton.names[joint]}",
        skeleton.offsets[joint].astype(np.float64),
        depth,
        f"{tabs}\tCHANNELS {channels}\n",
    )
    for child, parent in enumerate(skeleton.parents):
        if parent == joint:
            _write_joint(text, skeleton, child, depth + 1, order, metres_per_unit, decimals, visited)
    for owner, offset in skeleton.end_sites:
        if owner == joint:
            block("End Site", np.array(offset), depth + 1)
            text.append(f"{tabs}\t}}\n")
    text.append(f"{tabs}}}\n")
