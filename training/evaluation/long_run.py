"""Dances of many minutes: whether a dancer freezes, fades, grows wild or drifts."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.motion.motion import Motion
from data.motion.pose_codec import PoseCodec
from data.movement.speed import Curve, jerk, joint_speed, longest_freeze_s, travel_m
from training.evaluation.measures import Reference


@dataclass(frozen=True, kw_only=True)
class LongRun:
    """How a dancer is at the beginning and at the end of a long dance; pairs are of its first and last tenth.

    Attributes:
        seconds: Its length.
        longest_freeze_s: Longest stretch without motion.
        speed_m_s: Mean joint speed.
        jerk_m_s3: Mean jerk.
        fmd: Distance to real dance; one of so few poses is larger than one of many, so compare the two with each other.
        travel_m: Largest distance from the start.
        hips_height_m: Lowest and highest hips.
    """

    seconds: float
    longest_freeze_s: float
    speed_m_s: tuple[float, float]
    jerk_m_s3: tuple[float, float]
    fmd: tuple[float, float]
    travel_m: float
    hips_height_m: tuple[float, float]


def long_run(dances: Sequence[NDArray[np.float32]], codec: PoseCodec, reference: Reference) -> tuple[LongRun, Curve]:
    """What can be said of long dances, pose vectors (frames, dims) each, and their joint speed, (frames - 1,)."""
    motions = [codec.decode(dance) for dance in dances]
    tenth = len(motions[0]) // 10
    parts = [[motion[:tenth] for motion in motions], [motion[-tenth:] for motion in motions]]
    distance = reference.distances["fmd"]

    def mean(of: list[float]) -> float:
        return float(np.mean(of))

    def pair(values: list[float]) -> tuple[float, float]:
        return values[0], values[1]

    def vectors(part: list[Motion]) -> list[NDArray[np.float32]]:
        return [codec.encode(motion) for motion in part]

    speeds = np.stack([joint_speed(motion) for motion in motions])
    heights = np.stack([motion.root_positions[:, 1] for motion in motions])
    run = LongRun(
        seconds=len(motions[0]) / codec.rate_hz,
        longest_freeze_s=max(longest_freeze_s(motion) for motion in motions),
        speed_m_s=(float(speeds[:, :tenth].mean()), float(speeds[:, -tenth:].mean())),
        jerk_m_s3=pair([mean([jerk(motion) for motion in part]) for part in parts]),
        fmd=pair([distance(vectors(part)) for part in parts]),
        travel_m=max(travel_m(motion) for motion in motions),
        hips_height_m=(float(heights.min()), float(heights.max())),
    )
    return run, speeds.mean(0)
