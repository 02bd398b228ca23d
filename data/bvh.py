"""BVH files: Biovision's hierarchy of joints followed by one line of channel values a frame.

The reader takes any set and order of channels on any joint, any frame rate and any unit of length. Files that cannot be
meant (several roots, missing frames, NaN) are refused with the file and the line. The writer replaces a file as a whole
or not at all.

In a BVH file every local rotation is the identity in the rest pose, as in `Skeleton`. Rotation channels multiply in the
order in which they are written. Position channels replace the OFFSET (as in MotionBuilder and Blender).
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from data import rotations
from data.bvh_text import BvhJoint, BvhText, read_bvh_text
from data.motion import Motion
from data.skeleton import Skeleton
from data.whole_file import whole_file

_MOVING_JOINT_TOLERANCE_M = 1e-3


def read_bvh(path: str | Path, metres_per_unit: float = 0.01) -> Motion:
    """The motion in a BVH file, joints in the order of the file, axes as in the file.

    Args:
        path: The file.
        metres_per_unit: What one unit of length is: 0.01 for centimetres (usual), 0.0254 for inches,
            0.056444 for CMU's.

    Returns:
        The motion. Frame times that are a rounded 1/n (".0083333") give the whole rate n that they stand for.

    Raises:
        ValueError: the file is not whole or not one figure; the message names the file and the line. Also when position
            channels move a joint other than the root on its parent, which no skeleton of fixed bones can show.
        OSError: the file cannot be read.

    Example:
        >>> from data.humanoid import default_skeleton
        >>> from data.idle import IdleMotion
        >>> write_bvh("standing.bvh", IdleMotion(default_skeleton(), 30).motion(60))
        >>> motion = read_bvh("standing.bvh")
        >>> len(motion), motion.rate_hz, motion.skeleton.names[:3]
        (60, 30.0, ('Hips', 'Spine', 'Chest'))
    """
    path = Path(path)
    if not (np.isfinite(metres_per_unit) and metres_per_unit > 0):
        raise ValueError(f"metres_per_unit must be positive, not {metres_per_unit}")
    return _to_motion(path, read_bvh_text(path), metres_per_unit)


def _to_motion(path: Path, content: BvhText, metres_per_unit: float) -> Motion:
    joints, values, num_frames = content.joints, content.values, len(content.values)
    offsets = np.array([joint.offset for joint in joints])
    root_positions = np.tile(offsets[0], (num_frames, 1))
    turned = np.zeros((num_frames, len(joints), 4))
    turned[..., 3] = 1
    column = 0
    by_order: dict[tuple[int, ...], list[tuple[int, list[int]]]] = {}  # joints that rotate alike are computed together
    for index, joint in enumerate(joints):
        placed = offsets[index] + np.zeros((num_frames, 3))
        order, columns = [], []
        for channel in joint.channels or ():
            axis = "xyz".index(channel[0])
            if channel[1] == "p":
                placed[:, axis] = values[:, column]
            else:
                order.append(axis)
                columns.append(column)
            column += 1
        if index == 0:
            root_positions = placed
        else:
            offsets[index] = _fixed_offset(path, joint, offsets[index], placed, metres_per_unit)
        if order:
            by_order.setdefault(tuple(order), []).append((index, columns))
    for axes, members in by_order.items():
        indices = [index for index, _ in members]
        angles = np.deg2rad(values[:, [columns for _, columns in members]])  # (frames, members, rotations)
        q = rotations.about_axis(axes[0], angles[..., 0])
        for turn, axis in enumerate(axes[1:], 1):
            q = rotations.multiply(q, rotations.about_axis(axis, angles[..., turn]))
        turned[:, indices] = q
    try:
        skeleton = Skeleton(
            tuple(joint.name for joint in joints),
            tuple(joint.parent for joint in joints),
            (offsets * metres_per_unit).astype(np.float32),
            tuple(
                (j, (x * metres_per_unit, y * metres_per_unit, z * metres_per_unit))
                for j, (x, y, z) in content.end_sites
            ),
        )
        return Motion(
            skeleton,
            content.rate_hz,
            (root_positions * metres_per_unit).astype(np.float32),
            rotations.make_continuous(turned).astype(np.float32),
        )
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error


def _fixed_offset(
    path: Path, joint: BvhJoint, offset: NDArray[np.float64], placed: NDArray[np.float64], metres_per_unit: float
) -> NDArray[np.float64]:
    """The offset that a joint's position channels stand for.

    Exporters that give every joint six channels repeat the OFFSET in them, or write zeros; a constant other value is a
    bone of another length.
    """
    tolerance = _MOVING_JOINT_TOLERANCE_M / metres_per_unit
    if np.abs(placed - offset).max() <= tolerance or np.abs(placed).max() == 0:
        return offset
    middle = np.median(placed, axis=0)
    frame = int(np.abs(placed - middle).max(axis=1).argmax())
    if np.abs(placed[frame] - middle).max() > tolerance:
        raise ValueError(
            f"{path}: position channels move joint {joint.name!r} on its parent (frame {frame + 1}), which a skeleton "
            "of fixed bones cannot show; export with rotations only"
        )
    return middle


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
    order = rotation_order.upper()
    if sorted(order) != ["X", "Y", "Z"]:
        raise ValueError(f"rotation order must name X, Y and Z once each, not {rotation_order!r}")
    skeleton = motion.skeleton
    depth_first: list[int] = []
    text = ["HIERARCHY\n"]
    _write_joint(text, skeleton, 0, 0, order, metres_per_unit, decimals, depth_first)
    angles = np.rad2deg(rotations.euler_angles(motion.rotations[:, depth_first].astype(np.float64), order))
    table = np.concatenate([motion.root_positions / metres_per_unit, angles.reshape(len(motion), -1)], axis=1)
    text.append(f"MOTION\nFrames: {len(motion)}\nFrame Time: {1 / motion.rate_hz:.9f}\n")
    row = " ".join([f"%.{decimals}f"] * table.shape[1]) + "\n"
    text.extend(row % tuple(values) for values in table.tolist())
    with whole_file(Path(path)) as part:
        part.write_text("".join(text), encoding="utf-8", newline="\n")


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
