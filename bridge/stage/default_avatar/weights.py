"""Which bones move a point of the body, and how much: one smooth field over the T-pose.

Clothes and the skin below them read the same field, so that what lies together moves together. Every joint is a
change from one bone to the next across a tilted plane; a half bone (`bones`) takes the middle of the change.
"""

from collections.abc import Sequence

import numpy as np

from bridge.stage.default_avatar.bones import Bones
from bridge.stage.default_avatar.distance import Points, Values


def weights(bones: Bones, points: Points, only: Sequence[str] = ()) -> Points:
    """The share of each bone in the movement of points.

    Args:
        bones: the rest pose.
        points: (n, 3) metres.
        only: bones that may move them, without their side; what falls to others goes to the first of these. Empty: all.

    Returns:
        (n, bones), rows that sum to 1, at most four of a row above 0.
    """
    x, y, z = np.abs(points[:, 0]), points[:, 1], points[:, 2]
    left = _step(points[:, 0], 0.0, 0.03)
    shares: dict[str, Values] = {}

    def give(name: str, share: Values) -> None:
        shares[name] = shares.get(name, np.zeros(len(points))) + share

    def give_sided(name: str, share: Values) -> None:
        give("Left" + name, share * left)
        give("Right" + name, share * (1 - left))

    leg_y, knee_y, ankle_y = (bones.place(f"Left{bone}")[1] for bone in ("UpperLeg", "LowerLeg", "Foot"))
    # The crease of the hip runs from the crotch up and outward; the seat stays with the pelvis longer than the front.
    thigh = _step(leg_y - 0.035 + 0.45 * (x - 0.08) + 0.15 * z - y, 0.0, 0.075)
    leg = _chain(thigh, _step(knee_y + 0.1 * z - y, 0.0, 0.065))
    shin_to_foot = _step(ankle_y + 0.012 - y, 0.0, 0.03)
    rest = leg[0]
    give_sided("UpperLegHalf", leg[1])
    give_sided("UpperLeg", leg[2])
    give_sided("LowerLegHalf", leg[3])
    give_sided("LowerLeg", leg[4] * (1 - shin_to_foot))
    give_sided("Foot", leg[4] * shin_to_foot)

    shoulder_x, shoulder_y, _ = bones.place("LeftUpperArm")
    elbow_x, wrist_x = bones.place("LeftLowerArm")[0], bones.place("LeftHand")[0]
    # From the armpit to the neck: the side of the chest stays, the shoulder's cap goes with the arm.
    tilt = np.clip(0.7 * (y - shoulder_y), -0.2, 0.05)
    arm = _chain(_step(x - shoulder_x - 0.014 + tilt, 0.0, 0.072), _step(x - elbow_x - 0.1 * z, 0.0, 0.055))
    to_hand = _step(x - wrist_x, 0.0, 0.032)
    # Ears are as far out as the shoulders begin.
    below_head = 1 - _step(y, shoulder_y + 0.095, 0.02)
    arms = rest * below_head
    give_sided("UpperArmHalf", arms * arm[1])
    give_sided("UpperArm", arms * arm[2])
    give_sided("LowerArmHalf", arms * arm[3])
    give_sided("LowerArm", arms * arm[4] * (1 - to_hand))
    give_sided("Hand", arms * arm[4] * to_hand)
    rest = rest - arms * (1 - arm[0])
    collar_bone = below_head * _step(x, 0.085, 0.045) * _step(y, shoulder_y - 0.03, 0.07)
    give_sided("Shoulder", rest * collar_bone)
    rest = rest * (1 - collar_bone)

    spine = _step(y, bones.place("Spine")[1] + 0.01, 0.06)
    chest = _step(y, bones.place("Chest")[1], 0.07)
    neck = _step(y, bones.place("Neck")[1] + 0.01, 0.035)
    head = _step(y + 0.45 * z, bones.place("Head")[1] - 0.005, 0.028)
    give("Hips", rest * (1 - spine))
    give("Spine", rest * spine * (1 - chest))
    give("Chest", rest * chest * (1 - neck))
    give("Neck", rest * neck * (1 - head))
    give("Head", rest * neck * head)

    table = np.zeros((len(points), len(bones.names)))
    for name, share in shares.items():
        side = next((side for side in ("Left", "Right") if name.startswith(side)), "")
        if not only or name.removeprefix(side) in only:
            table[:, bones.names.index(name)] += share
        elif only[0] in bones.names:
            table[:, bones.names.index(only[0])] += share
        else:
            table[:, bones.names.index("Left" + only[0])] += share * left
            table[:, bones.names.index("Right" + only[0])] += share * (1 - left)
    return _four_largest(table)


def _step(values: Values, middle: float, half_width: float) -> Values:
    """From 0 below to 1 above, smoothly across `middle` plus and minus `half_width`."""
    t = np.clip((values - middle) / (2 * half_width) + 0.5, 0.0, 1.0)
    return t * t * (3 - 2 * t)


def _chain(first: Values, second: Values) -> tuple[Values, Values, Values, Values, Values]:
    """Shares of what is before a limb, its half bone, its bone, the next half bone and the next bone."""
    before, half, after = _with_half(first)
    upper, next_half, lower = _with_half(second)
    return before, half, after * upper, after * next_half, after * lower


def _with_half(t: Values) -> tuple[Values, Values, Values]:
    return np.maximum(1 - 2 * t, 0.0), 1 - np.abs(2 * t - 1), np.maximum(2 * t - 1, 0.0)


def _four_largest(table: Points) -> Points:
    """Rows with only their four largest numbers, summing to 1."""
    order = np.argsort(-table, axis=1, kind="stable")
    kept = np.where(table > 1e-4, table, 0.0)
    np.put_along_axis(kept, order[:, 4:], 0.0, axis=1)
    return kept / kept.sum(axis=1, keepdims=True)
