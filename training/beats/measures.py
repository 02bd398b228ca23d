"""How right a tracker's claims are: the field's scores, and what a dancer feels."""

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from training.beats.annotation import Annotation
from training.beats.track import RATE_HZ, BeatTrack, Curve, tempo_at

TEMPO_TOLERANCE: Final = 0.06
"""Of a right tempo, relative."""
PHASE_TOLERANCE: Final = 0.125
"""Of a right phase, in beats."""
HOLD_S, HOLD_SHARE = 4.0, 0.95
"""Locked is who is in phase in so large a share of so long a time."""


@dataclass(frozen=True, kw_only=True)
class ClipMeasures:
    """One tracker on one recording; from the skipped seconds on, but for the time to lock.

    Attributes:
        f_measure: Of beats within 70 ms (Davies et al. 2009).
        cmlt: Share of beats in right continuity, at the written tempo.
        amlt: The same where double, half and the off-beat count as right too.
        in_phase: Share of frames with the tempo within 6 % and the phase within an eighth of a beat.
        right_tempo: Share of frames with the tempo within 6 %.
        double_tempo: Share of frames at twice the tempo.
        half_tempo: Share of frames at half of it.
        in_phase_any: Share of frames in phase at the tempo, twice or half of it: what serves a dancer.
        lock_s: From the first beat until it is in phase and stays so for four seconds; infinite if never.
        downbeat_f: F-measure of the downbeats; NaN where either side knows none.
        confidence: Of each frame, (frames,); empty where the tracker does not say.
        is_right: Whether the frame is in phase, (frames,).
    """

    f_measure: float
    cmlt: float
    amlt: float
    in_phase: float
    right_tempo: float
    double_tempo: float
    half_tempo: float
    in_phase_any: float
    lock_s: float
    downbeat_f: float
    confidence: Curve
    is_right: NDArray[np.bool_]


def measure(track: BeatTrack, truth: Annotation, skip_s: float) -> ClipMeasures:
    """Holds what a tracker claimed against the beats that are known.

    Args:
        track: The claims.
        truth: The beats, at least two from `skip_s` on.
        skip_s: So much of the recording is passed over: where every tracker only begins to hear.
    """
    beats_s = truth.times_s
    end_s = beats_s[-1] + 0.5 * (beats_s[-1] - beats_s[-2])
    reference, estimate = _part(beats_s, skip_s, end_s), _part(track.beats_s, skip_s, end_s)
    within = (track.times_s >= beats_s[0]) & (track.times_s < beats_s[-1])
    times_s, positions, bpm = track.times_s[within], track.positions[within], track.bpm[within]
    true = np.interp(times_s, beats_s, np.arange(len(beats_s)))
    ratio = bpm / tempo_at(beats_s, times_s)
    is_tempo, is_double, is_half = _near(ratio), _near(ratio / 2), _near(ratio * 2)
    is_right = is_tempo & (_apart(positions - true) < PHASE_TOLERANCE)
    # In beats of its own, a tracker at twice the tempo may be twice as far off.
    is_double_right = is_double & (_apart(positions - 2 * true) < 2 * PHASE_TOLERANCE)
    is_half_right = is_half & (_apart(2 * positions - true) < PHASE_TOLERANCE)
    late = times_s >= skip_s
    f_measure, cmlt, amlt = scores(reference, estimate)
    return ClipMeasures(
        f_measure=f_measure,
        cmlt=cmlt,
        amlt=amlt,
        in_phase=_share(is_right[late]),
        right_tempo=_share(is_tempo[late]),
        double_tempo=_share(is_double[late]),
        half_tempo=_share(is_half[late]),
        in_phase_any=_share((is_right | is_double_right | is_half_right)[late]),
        lock_s=_lock_s(is_right),
        downbeat_f=_downbeat_f(track, truth, skip_s, end_s),
        confidence=np.zeros(0) if track.confidence is None else track.confidence[within][late],
        is_right=is_right[late],
    )


def scores(reference: Curve, estimate: Curve) -> tuple[float, float, float]:
    """F-measure, CMLt and AMLt by mir_eval; 0 where either has too few beats to judge.

    Example:
        >>> beats = np.arange(5.0, 30.0, 0.5)
        >>> scores(beats, beats), [round(score, 2) for score in scores(beats, beats + 0.25)]
        ((1.0, 1.0, 1.0), [0.0, 0.0, 0.98])
    """
    if min(len(reference), len(estimate)) < 2:
        return 0.0, 0.0, 0.0
    beat = _definitions()
    _, cmlt, _, amlt = beat.continuity(reference, estimate)
    return float(beat.f_measure(reference, estimate)), float(cmlt), float(amlt)


def _definitions() -> Any:
    try:
        from mir_eval import beat
    except ModuleNotFoundError:
        raise ValueError("beats are measured by the package mir_eval: pip install -e '.[train]'") from None
    return beat


def _part(beats_s: Curve, start_s: float, end_s: float) -> Curve:
    return beats_s[(beats_s >= start_s) & (beats_s < end_s)]


def _near(ratio: Curve) -> NDArray[np.bool_]:
    return np.abs(ratio - 1.0) < TEMPO_TOLERANCE  # NaN is not


def _apart(beats: Curve) -> Curve:
    """Distance to the nearest whole beat."""
    return np.abs((beats + 0.5) % 1.0 - 0.5)


def _share(is_so: NDArray[np.bool_]) -> float:
    return float(is_so.mean()) if len(is_so) else 0.0


def _lock_s(is_right: NDArray[np.bool_]) -> float:
    hold = int(HOLD_S * RATE_HZ)
    if len(is_right) < hold:
        return math.inf
    counts = np.convolve(is_right.astype(np.float64), np.ones(hold), "valid")
    is_held = (counts >= HOLD_SHARE * hold - 1e-6) & is_right[: len(counts)]
    return float(np.argmax(is_held)) / RATE_HZ if is_held.any() else math.inf


def _downbeat_f(track: BeatTrack, truth: Annotation, skip_s: float, end_s: float) -> float:
    if track.downbeats_s is None or truth.downbeats_s is None:
        return math.nan
    reference, estimate = _part(truth.downbeats_s, skip_s, end_s), _part(track.downbeats_s, skip_s, end_s)
    if len(reference) < 2:
        return math.nan
    return float(_definitions().f_measure(reference, estimate)) if len(estimate) else 0.0
