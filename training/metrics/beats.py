"""Whether a body keeps time: beats of the motion against beats of the music, with controls.

A dancer is said to keep time only where its measure with the music it heard beats the same measure with beats that are
half a beat off, with another song's beats, and with its dance in silence.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import scipy  # loads `stats`, which takes a second, when it is first used
from scipy.ndimage import gaussian_filter1d

from data.movement.speed import Curve

SMOOTHING_S: Final = 0.083
"""Deviation of the Gaussian that smooths the speed before its minima are taken: 5 frames at 60 a second, as in EDGE.
Without it there are so many minima that every beat is met, and real dance fits another song as well as its own."""
TOLERANCE_S: Final = 0.070
"""A beat is met by a minimum this near: the tolerance of beat tracking's F-measure."""
WRONG_TEMPO: Final = 1.13
"""Tempo ratio of the wrong-tempo control: no simple fraction, so that its beats do not fall on the true ones."""


def motion_beats_s(speed: Curve, rate_hz: float) -> Curve:
    """Times at which the body comes to rest: minima of its smoothed speed, seconds from the first frame.

    Args:
        speed: As `data.movement.speed.pose_speed` has it, (frames - 1,).
        rate_hz: Frames a second.
    """
    smooth = gaussian_filter1d(speed, SMOOTHING_S * rate_hz)
    is_minimum = (smooth[1:-1] < smooth[:-2]) & (smooth[1:-1] <= smooth[2:])
    return np.asarray((np.flatnonzero(is_minimum) + 1.5) / rate_hz, np.float64)


def music_beats_s(beat: Curve, rate_hz: float) -> Curve:
    """Times of the whole beats, seconds from the first frame; none where there is no beat (NaN).

    Args:
        beat: Beat position at each frame, (frames,), in beats, rising.
        rate_hz: Frames a second.

    Example:
        >>> music_beats_s(beat=np.arange(90) / 15 + 0.5, rate_hz=30).round(3).tolist()
        [0.25, 0.75, 1.25, 1.75, 2.25, 2.75]
    """
    if not np.isfinite(beat).all():
        return np.zeros(0)
    whole = np.arange(np.ceil(beat[0]), beat[-1])
    return np.interp(whole, beat, np.arange(len(beat)) / rate_hz)


@dataclass(frozen=True, kw_only=True)
class BeatMatch:
    """How beats of motion and of music meet; all 0, and the offset NaN, where either has none.

    Attributes:
        precision: Share of the motion's beats that lie within `TOLERANCE_S` of a beat of the music, each used once.
        recall: Share of the music's beats that are met.
        f1: Their harmonic mean.
        offset_s: Mean distance of a beat of the music to the nearest of the motion.
    """

    precision: float
    recall: float
    f1: float
    offset_s: float


def match_beats(danced_s: Curve, heard_s: Curve) -> BeatMatch:
    """How the motion's beats meet the music's; both sorted, seconds.

    Example:
        >>> match = match_beats(danced_s=np.array([0.52, 1.3]), heard_s=np.array([0.5, 1.0, 1.5]))
        >>> match.precision, round(match.recall, 3), round(match.offset_s, 3)
        (0.5, 0.333, 0.173)
    """
    if not len(danced_s) or not len(heard_s):
        return BeatMatch(precision=0.0, recall=0.0, f1=0.0, offset_s=float("nan"))
    met = danced = heard = 0
    while danced < len(danced_s) and heard < len(heard_s):
        distance_s = danced_s[danced] - heard_s[heard]
        met += bool(abs(distance_s) <= TOLERANCE_S)
        danced += bool(distance_s <= TOLERANCE_S)
        heard += bool(distance_s >= -TOLERANCE_S)
    offset_s = np.abs(danced_s[:, None] - heard_s[None]).min(0).mean()
    return BeatMatch(
        precision=met / len(danced_s),
        recall=met / len(heard_s),
        f1=2 * met / (len(danced_s) + len(heard_s)),
        offset_s=float(offset_s),
    )


def beat_coherence(speed: Curve, beat: Curve) -> complex:
    """How strongly the motion pulses once a beat, and where in it: mean of standardised speed times e^(2 pi i beat).

    The magnitude (0 to about 0.7) says that the motion keeps the tempo; the angle is the place in the beat at which the
    body is fastest. Beats shifted by half turn the angle round; a wrong tempo makes the magnitude vanish.

    Args:
        speed: Pose speed, (frames - 1,).
        beat: Beat position at each frame, (frames,), in beats; NaN where there is none, and the coherence 0.
    """
    if not np.isfinite(beat).all():
        return 0j
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
        matched: Mean of the measure with the true beats.
        control: Mean of the same dances, or of those in silence, with the control's beats.
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
    result = scipy.stats.wilcoxon(np.array(matched), np.array(control), alternative="greater")
    return BeatTest(
        matched=float(np.mean(matched)),
        control=float(np.mean(control)),
        p_value=float(result.pvalue),
        count=len(matched),
    )
