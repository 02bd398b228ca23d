"""Metrics of dance: how it moves, whether it stops, whether it keeps time. All on joint positions in metres.

Each is defined so that corrupted real motion scores worse than real motion; the tests hold that.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from data.motion import Motion

FREEZE_SPEED_M_S = 0.05
"""Mean joint speed below which a body counts as standing still; breathing idles at about 0.02 m/s."""
CONTACT_HEIGHT_M = 0.03
"""A foot this little above its own lowest level is taken to stand."""
WRONG_TEMPO = 1.13
"""Tempo ratio of the wrong-tempo control: no simple fraction, so that its beats do not fall on the true ones."""

Curve = NDArray[np.float64]


def joint_speed(motion: Motion) -> Curve:
    """Mean speed of all joints in the room, m/s, (frames - 1,); value i lies between frames i and i + 1."""
    positions = motion.global_positions().astype(np.float64)
    return np.linalg.norm(np.diff(positions, axis=0), axis=-1).mean(1) * motion.rate_hz


def jerk(motion: Motion) -> float:
    """Mean size of the third derivative of the joint positions relative to the hips, m/s^3."""
    positions = motion.global_positions().astype(np.float64)
    relative = positions - positions[:, :1]
    return float(np.linalg.norm(np.diff(relative, n=3, axis=0), axis=-1).mean() * motion.rate_hz**3)


def longest_freeze_s(motion: Motion) -> float:
    """Longest stretch below `FREEZE_SPEED_M_S`, seconds."""
    still = np.concatenate([[False], joint_speed(motion) < FREEZE_SPEED_M_S, [False]])
    edges = np.flatnonzero(np.diff(still.astype(int)))
    lengths = edges[1::2] - edges[::2]
    return float(lengths.max(initial=0) / motion.rate_hz)


def foot_sliding_m_s(motion: Motion) -> float:
    """Mean horizontal speed of the ankles while they stand, m/s.

    A foot stands where it is less than `CONTACT_HEIGHT_M` above its own 5th percentile of height, which makes the
    measure independent of the floor's level.
    """
    positions = motion.global_positions().astype(np.float64)
    speeds = []
    for name in ("LeftFoot", "RightFoot"):
        foot = positions[:, motion.skeleton.index(name)]
        standing = foot[:, 1] < np.percentile(foot[:, 1], 5) + CONTACT_HEIGHT_M
        both = standing[1:] & standing[:-1]
        speeds.append(np.linalg.norm(np.diff(foot[:, [0, 2]], axis=0), axis=1)[both] * motion.rate_hz)
    moved = np.concatenate(speeds)
    return float(moved.mean()) if len(moved) else 0.0


def travel_m(motion: Motion) -> float:
    """Largest horizontal distance of the hips from where they started, metres."""
    path = motion.root_positions[:, [0, 2]] - motion.root_positions[:1, [0, 2]]
    return float(np.linalg.norm(path, axis=1).max())


def pose_speed(motion: Motion) -> Curve:
    """Mean speed of all joints relative to the hips, m/s, (frames - 1,): the dance without its path over the floor."""
    positions = motion.global_positions().astype(np.float64)
    relative = positions - positions[:, :1]
    return np.linalg.norm(np.diff(relative, axis=0), axis=-1).mean(1) * motion.rate_hz


def beat_coherence(speed: Curve, beat: Curve) -> complex:
    """How strongly the motion pulses once a beat, and where in it: mean of standardised speed times e^(2 pi i beat).

    The magnitude (0 to about 0.7) says that the motion keeps the tempo; the angle is the place in the beat at which the
    body is fastest. Beats shifted by half turn the angle round; a wrong tempo makes the magnitude vanish.

    Args:
        speed: Pose speed, (frames - 1,).
        beat: Beat position at each frame, (frames,), in beats.
    """
    middle = 0.5 * (beat[1:] + beat[:-1])
    spread = speed.std()
    if spread < 1e-6:
        return 0j
    return complex(np.mean((speed - speed.mean()) / spread * np.exp(2j * np.pi * middle)))


def beat_lock(speed: Curve, beat: Curve, fastest_rad: float) -> float:
    """The part of the beat coherence at the expected place in the beat; negative where the dance is off.

    Args:
        speed: Pose speed, (frames - 1,).
        beat: Beat position at each frame, (frames,).
        fastest_rad: Where in the beat this kind of dance is fastest, as the angle of real dances' mean coherence;
            street dance pauses on the beat, so it is mostly near pi.
    """
    return (beat_coherence(speed, beat) * np.exp(-1j * fastest_rad)).real


def speed_by_beat_phase(speed: Curve, beat: Curve, num_bins: int = 12) -> Curve:
    """Mean of the speed relative to its own mean in each bin of the beat's phase, (num_bins,)."""
    middle = 0.5 * (beat[1:] + beat[:-1])
    index = np.minimum((middle % 1 * num_bins).astype(int), num_bins - 1)
    sums = np.bincount(index, weights=speed / max(speed.mean(), 1e-9), minlength=num_bins)
    return sums / np.maximum(np.bincount(index, minlength=num_bins), 1)


@dataclass(frozen=True, kw_only=True)
class BeatTest:
    """Whether many dances keep to their own music more than to a control, by Wilcoxon's signed-rank test (one-sided).

    Attributes:
        matched: Mean beat lock to the true beats.
        control: Mean beat lock of the same dances to the control's beats.
        p_value: Probability of so large a difference if there were none.
        count: Number of dances.
    """

    matched: float
    control: float
    p_value: float
    count: int


def beat_test(matched: list[float], control: list[float]) -> BeatTest:
    """The test of matched against control locks of the same dances.

    Raises:
        ValueError: If the lists differ in length or hold fewer than six dances.
    """
    if len(matched) != len(control) or len(matched) < 6:
        raise ValueError(f"a beat test needs two lists of at least 6 dances, not {len(matched)} and {len(control)}")
    result = stats.wilcoxon(np.array(matched), np.array(control), alternative="greater")
    return BeatTest(
        matched=float(np.mean(matched)),
        control=float(np.mean(control)),
        p_value=float(result.pvalue),
        count=len(matched),
    )
