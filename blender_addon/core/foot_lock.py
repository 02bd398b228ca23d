"""Foot lock for takes: feet that stand are pinned by the legs' inverse kinematics, eased in and out.

It works on the rig, not on the figure: feet that stand still on one do not on another of other proportions. It is no
copy of the bridge's, which steps a figure frame by frame and knows nothing of what comes; a take is known whole, so a
foot is pinned to the mean of where it stands and eased from both sides. Their constants stand in one table.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from .._vendor.motion.body_constants import BODY
from .humanoid import SIDES
from .retarget import Retarget, RigPose
from .rotations import Floats, inverse, multiply, rotate
from .two_bone import reach_turns

_TABLE: Final = BODY["take_foot_lock"]


@dataclass(frozen=True)
class FootLockConfig:
    """When a foot stands. Lengths are metres of the figure: those of the rig divided by its size.

    Attributes:
        on_height_m: A foot stands if its sole is lower than this over the floor ...
        on_speed_m_s: ... and the part of it that carries moves no faster.
        off_height_m: It is lifted above this ...
        off_speed_m_s: ... or if it moves faster than this.
        least_s: Shorter contacts are none; shorter gaps within one are none either.
        bound_m: No foot is moved by more than this; one that drifts farther is pinned anew.
        ease_s: Time in which a correction comes and goes.
    """

    on_height_m: float = _TABLE["on_height_m"]
    on_speed_m_s: float = _TABLE["on_speed_m_s"]
    off_height_m: float = _TABLE["off_height_m"]
    off_speed_m_s: float = _TABLE["off_speed_m_s"]
    least_s: float = _TABLE["least_s"]
    bound_m: float = _TABLE["bound_m"]
    ease_s: float = _TABLE["ease_s"]


def lock_feet(
    retarget: Retarget, pose: RigPose, rate_hz: float, config: FootLockConfig | None = None
) -> tuple[RigPose, int]:
    """The poses with standing feet pinned, and how many times one was; only thighs and shins turn.

    Args:
        retarget: Knows the rig.
        pose: Its poses, on a steady grid.
        rate_hz: Of the grid.
        config: When a foot stands.
    """
    config = config or FootLockConfig()
    heads = rotate(inverse(retarget.to_rig), retarget.heads(pose)) / retarget.scale
    turns = retarget.turns(pose)
    rotations = pose.rotations.copy()
    num_pinned = 0
    soles = {
        side: _sole(heads[:, retarget.index[side + "Foot"]], turns[:, retarget.index[side + "Foot"]], retarget)
        for side in SIDES
        if all(side + bone in retarget.index for bone in ("UpperLeg", "LowerLeg", "Foot"))
    }
    if not soles or len(pose.hips) < 3:
        return pose, 0
    lowest = np.min([sole[..., 1].min(axis=1) for sole in soles.values()], axis=0)
    floor_m = float(np.clip(np.percentile(lowest, 10), -0.1, 0.1))
    for side, sole in soles.items():
        offset, spans = pinning_offset(sole - np.array([0.0, floor_m, 0.0]), rate_hz, config)
        num_pinned += len(spans)
        upper, lower, foot = (retarget.index[side + bone] for bone in ("UpperLeg", "LowerLeg", "Foot"))
        thigh_turn, shin_turn = reach_turns(
            heads[:, upper], heads[:, lower], heads[:, foot], heads[:, foot] + offset, turns[:, upper]
        )
        for bone, turn in ((upper, thigh_turn), (lower, shin_turn)):
            in_rig = multiply(retarget.to_rig, multiply(turn, inverse(retarget.to_rig)))
            rotations[:, bone] = multiply(in_rig, rotations[:, bone])
    return RigPose(rotations, pose.hips), num_pinned


def pinning_offset(sole: Floats, rate_hz: float, config: FootLockConfig) -> tuple[Floats, list[tuple[int, int]]]:
    """By how much to move a foot (frames, 3), and when it stands.

    While a foot stands, the part of its sole that carries - heel, toe, or what lies between - stays where it is on the
    average of that time; so the foot may roll. A sole under the floor is raised.

    Args:
        sole: Heel and toe, (frames, 2, 3), floor at height 0.
        rate_hz: Frames a second.
        config: When a foot stands.
    """
    heights = sole[..., 1]
    toe_weight = np.clip(0.5 + (heights[:, 0] - heights[:, 1]) / 0.04, 0.0, 1.0)
    step = np.diff(sole, axis=0, prepend=sole[:1])[..., [0, 2]]
    slip = (1 - toe_weight)[:, None] * step[:, 0] + toe_weight[:, None] * step[:, 1]
    speed = np.linalg.norm(slip, axis=1) * rate_hz
    speed[0] = speed[1]
    stands = _hysteresis(
        (heights.min(axis=1) < config.on_height_m) & (speed < config.on_speed_m_s),
        (heights.min(axis=1) < config.off_height_m) & (speed < config.off_speed_m_s),
    )
    least = max(2, round(config.least_s * rate_hz))
    stands = _without_short(stands, least, value=False)
    stands = _without_short(stands, least, value=True)
    spans: list[tuple[int, int]] = []
    flat: Floats = np.zeros((len(sole), 2))
    for first, last in _spans(stands):
        begin = first
        while begin < last:
            drift = -np.cumsum(np.concatenate([np.zeros((1, 2)), slip[begin + 1 : last]]), axis=0)
            wide = np.flatnonzero(np.linalg.norm(drift, axis=1) > 2 * config.bound_m)
            end = begin + int(wide[0]) if len(wide) else last
            drift = drift[: end - begin]
            middle = 0.5 * (drift.max(axis=0) + drift.min(axis=0))
            centred = drift - middle
            size = np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), 1e-9)
            flat[begin:end] = centred * np.minimum(1.0, config.bound_m / size)
            if end - begin >= least:
                spans.append((begin, end))
            begin = end
    if spans:
        flat = _eased(flat, spans, max(2, round(config.ease_s * rate_hz)))
    else:
        flat[:] = 0.0
    raised = np.maximum(0.0, -heights.min(axis=1))
    return np.stack([flat[:, 0], raised, flat[:, 1]], axis=1), spans


def _sole(ankle: Floats, turn: Floats, retarget: Retarget) -> Floats:
    """Heel and toe (frames, 2, 3) of a foot."""
    length_m = BODY["leg"]["foot_of_leg"] * retarget.skeleton.leg_m
    points = np.array([[0.0, -retarget.ankle_m, 0.0], [0.0, -retarget.ankle_m, length_m]])
    return ankle[:, None] + rotate(turn[:, None], points)


def _hysteresis(begins: NDArray[np.bool_], goes_on: NDArray[np.bool_]) -> NDArray[np.bool_]:
    state = False
    result = np.zeros(len(begins), bool)
    for index in range(len(begins)):
        state = bool(goes_on[index]) if state else bool(begins[index])
        result[index] = state
    return result


def _spans(mask: NDArray[np.bool_]) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
    return [(int(first), int(last)) for first, last in zip(edges[::2], edges[1::2], strict=True)]


def _without_short(mask: NDArray[np.bool_], least: int, *, value: bool) -> NDArray[np.bool_]:
    """Runs of `value` that are shorter than `least` take the other value; those at the ends of a gap stay."""
    result = mask.copy()
    for first, last in _spans(mask == value):
        at_end = first == 0 or last == len(mask)
        if last - first < least and not (at_end and not value):
            result[first:last] = not value
    return result


def _eased(offset: Floats, spans: list[tuple[int, int]], ease: int) -> Floats:
    """The offset between the spans: smoothly from one to the next where they are near, else to nothing and back."""
    result = np.zeros_like(offset)
    for first, last in spans:
        result[first:last] = offset[first:last]
    borders: list[tuple[int, int, Floats | None, Floats | None]] = [(0, spans[0][0], None, offset[spans[0][0]])]
    for (_, end), (begin, _) in pairwise(spans):
        borders.append((end, begin, offset[end - 1], offset[begin]))
    borders.append((spans[-1][1], len(offset), offset[spans[-1][1] - 1], None))
    for first, last, leaves, comes in borders:
        gap = last - first
        if leaves is not None and comes is not None and gap <= 2 * ease:
            weight = _smooth((np.arange(gap) + 1) / (gap + 1))[:, None]
            result[first:last] = leaves + weight * (comes - leaves)
            continue
        if leaves is not None:
            n = min(gap, ease)
            result[first : first + n] += leaves * (1 - _smooth((np.arange(n) + 1) / (ease + 1)))[:, None]
        if comes is not None:
            n = min(gap, ease)
            result[last - n : last] += comes * _smooth((ease - n + np.arange(n) + 1) / (ease + 1))[:, None]
    return result


def _smooth(x: Floats) -> Floats:
    """From 0 to 1 with no corner at either end."""
    return np.asarray(x * x * x * (x * (6.0 * x - 15.0) + 10.0))
