"""A figure made of rounded parts: what stands between bare joints and a body that the eye can read.

A part is the hull of a few balls. Left and right differ in colour; the trunk is bright in front and dark behind, and
the head wears a visor on the side of the face.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from data.motion import rotations
from data.motion.motion import Motion
from data.motion.skeleton import STATURE_M, Skeleton, mirrored_name

_BALLS_A_PART: Final = 5
_LIMBS: Final = {
    "UpperArm": ("LowerArm", 0.047, 0.037),
    "LowerArm": ("Hand", 0.037, 0.027),
    "UpperLeg": ("LowerLeg", 0.074, 0.050),
    "LowerLeg": ("Foot", 0.050, 0.034),
}
"""Joint to the joint at the other end of its limb, and the limb's radius here and there, metres."""
_TRUNK: Final = {"UpperArm": 0.052, "UpperLeg": 0.078}
_VISOR_YAW_RAD: Final = np.radians(np.linspace(-65.0, 65.0, 9))


@dataclass(frozen=True)
class BodyPart:
    """The hull of some balls.

    Attributes:
        kind: `left`, `right`, `middle`, `trunk` or `head`.
        balls: For each: the joint that carries it, its place in that joint's frame (x, y, z), and its radius; metres.
    """

    kind: str
    balls: tuple[tuple[int, tuple[float, float, float], float], ...]


@dataclass(frozen=True, eq=False)
class BodyShapes:
    """The balls of all parts in every frame of a motion.

    Attributes:
        kinds: Kind of each part.
        centres: (frames, parts, balls, 3) float64, world, metres; parts of fewer balls repeat their last.
        radii: (parts, balls), metres.
        visor: Points on the face from its right to its left, (frames, points, 3); no points without a head.
        head: Middle of the head, (frames, 3), or of the first part without one.
        faces: Unit vector (frames, 3) out of the chest; zeros where no trunk can be identified.
    """

    kinds: tuple[str, ...]
    centres: NDArray[np.float64]
    radii: NDArray[np.float64]
    visor: NDArray[np.float64]
    head: NDArray[np.float64]
    faces: NDArray[np.float64]


def body_shapes(motion: Motion) -> BodyShapes:
    """The body in every frame."""
    skeleton = motion.skeleton
    size = skeleton.stature_m / STATURE_M
    parts = body_parts(skeleton)
    joints, turned = skeleton.forward_kinematics(
        motion.root_positions.astype(np.float64), motion.rotations.astype(np.float64)
    )

    def placed(joint: int, offset: tuple[float, float, float]) -> NDArray[np.float64]:
        return np.asarray(joints[:, joint] + rotations.rotate(turned[:, joint], np.array(offset)))

    centres = np.empty((len(motion), len(parts), _BALLS_A_PART, 3))
    radii = np.empty((len(parts), _BALLS_A_PART))
    for number, part in enumerate(parts):
        for slot in range(_BALLS_A_PART):
            joint, offset, radius = part.balls[min(slot, len(part.balls) - 1)]
            centres[:, number, slot] = placed(joint, offset)
            radii[number, slot] = radius
    names = skeleton.names
    visor = np.zeros((len(motion), 0, 3))
    head = centres[:, 0, 0]
    faces = np.zeros((len(motion), 3))
    if "Head" in names:
        joint, middle = names.index("Head"), 0.095 * size
        head = placed(joint, (0.0, middle, 0.0))
        rim = [(0.062 * size * np.sin(yaw), middle, 0.062 * size * np.cos(yaw)) for yaw in _VISOR_YAW_RAD]
        visor = np.stack([placed(joint, point) for point in rim], axis=1)
    if {"LeftUpperArm", "RightUpperArm", "LeftUpperLeg", "RightUpperLeg"} <= set(names):
        left, right, left_hip, right_hip = (
            joints[:, names.index(name)] for name in ("LeftUpperArm", "RightUpperArm", "LeftUpperLeg", "RightUpperLeg")
        )
        across = left - right
        out = np.cross(across, left + right - left_hip - right_hip)
        faces = out / np.maximum(np.linalg.norm(out, axis=-1, keepdims=True), 1e-9)
    return BodyShapes(tuple(part.kind for part in parts), centres, radii, visor, head, faces)


def body_parts(skeleton: Skeleton) -> list[BodyPart]:
    """The parts of a skeleton: a body for humanoid bones, rods of one thickness for anything else."""
    names = skeleton.names
    size = skeleton.stature_m / STATURE_M
    tips = dict(skeleton.end_sites)
    origin = (0.0, 0.0, 0.0)
    parts: list[BodyPart] = []
    covered: set[int] = set()  # joints whose bone to the parent needs no rod
    for side in ("Left", "Right"):
        for start, (end, thick, thin) in _LIMBS.items():
            if {side + start, side + end} <= set(names):
                a, b = names.index(side + start), names.index(side + end)
                parts.append(BodyPart(side.lower(), ((a, origin, thick * size), (b, origin, thin * size))))
                covered.add(b)
        if side + "Foot" in names:
            parts.append(_foot(names.index(side + "Foot"), tips, side.lower(), size))
        if side + "Hand" in names and names.index(side + "Hand") in tips:
            hand = names.index(side + "Hand")
            x, y, z = tips[hand]
            palm = (0.6 * x, 0.6 * y, 0.6 * z)
            parts.append(BodyPart(side.lower(), ((hand, origin, 0.029 * size), (hand, palm, 0.030 * size))))
    corners = [side + joint for side in ("Left", "Right") for joint in _TRUNK]
    if set(corners) <= set(names):
        balls = [(names.index(corner), origin, radius * size)
                 for corner in corners for joint, radius in _TRUNK.items() if corner.endswith(joint)]  # fmt: skip
        if "Neck" in names:
            balls.append((names.index("Neck"), origin, 0.05 * size))
        parts.append(BodyPart("trunk", tuple(balls)))
        trunk = ("Hips", "Spine", "Chest", "UpperChest", "Neck", "LeftShoulder", "RightShoulder", *corners)
        covered |= {names.index(name) for name in trunk if name in names}
    if "Head" in names:
        head = names.index("Head")
        chin, skull = (0.0, 0.06 * size, 0.01 * size), (0.0, 0.115 * size, 0.0)
        parts.append(BodyPart("head", ((head, chin, 0.07 * size), (head, skull, 0.085 * size))))
        neck = skeleton.parents[head]
        if neck >= 0:
            parts.append(BodyPart("middle", ((neck, origin, 0.045 * size), (head, origin, 0.045 * size))))
        covered.add(head)
    has_body = bool(covered)
    rod = 0.014 * size if has_body else 0.02 * size
    for joint, parent in enumerate(skeleton.parents):
        if parent >= 0 and joint not in covered:
            parts.append(BodyPart(side_of(names[joint]), ((parent, origin, rod), (joint, origin, rod))))
    if not has_body:
        parts += [
            BodyPart(side_of(names[joint]), ((joint, origin, rod), (joint, tip, rod))) for joint, tip in tips.items()
        ]
    if not parts:
        parts.append(BodyPart("middle", ((0, origin, 0.05 * size),)))
    return parts


def _foot(ankle: int, tips: dict[int, tuple[float, float, float]], side: str, size: float) -> BodyPart:
    """A foot from heel to toe whose sole lies where the skeleton's toe is, or 6 cm below the ankle."""
    x, y, z = tips.get(ankle, (0.0, -0.06 * size, 0.12 * size))
    toe, heel = 0.022 * size, 0.028 * size
    length = float(np.hypot(x, z))
    back = 0.35  # of the way from ankle to toe, behind the ankle
    balls = (
        (ankle, (0.0, 0.0, 0.0), 0.036 * size),
        (ankle, (x, y + toe, z), toe),
        (ankle, (-back * x, y + heel, -back * z) if length > 0 else (0.0, y + heel, -0.04 * size), heel),
    )
    return BodyPart(side, balls)


def side_of(name: str) -> str:
    """`left`, `right` or `middle`, from the name of a joint."""
    if mirrored_name(name) == name:
        return "middle"
    # the first letter in which the two names differ is the one that says the side
    first = next(a for a, b in zip(name, mirrored_name(name), strict=False) if a != b)
    return "left" if first in "Ll" else "right"
