"""Claims of known worth: exact beats, and spoilt ones, to see that the measures tell them apart."""

from typing import Final

import numpy as np

from training.beats.annotation import Annotation
from training.beats.track import BeatTrack, Curve

CONTROLS: Final = ("exact", "third late", "8 % fast", "random")
"""Exact beats; these a third of a beat late; 8 % too fast; as many at random."""
EXACT: Final = CONTROLS[0]


def control(name: str, truth: Annotation, duration_s: float) -> BeatTrack:
    """What a tracker would claim that is right, or wrong in the named way."""
    beats_s, downbeats_s = truth.times_s, truth.downbeats_s
    if name == EXACT:
        return BeatTrack.of_beats(beats_s, duration_s, downbeats_s)
    if name == "third late":
        number = np.arange(len(beats_s) - 1) + 1 / 3
    elif name == "8 % fast":
        number = np.arange(0, len(beats_s) - 1, 1 / 1.08)
    elif name == "random":
        rng = np.random.default_rng(len(beats_s))  # as many as there are, so that the tempo is right in the mean
        number = np.sort(rng.uniform(0, len(beats_s) - 1, len(beats_s)))
    else:
        raise ValueError(f"control must be one of {CONTROLS}, not {name!r}")
    spoilt = np.interp(number, np.arange(len(beats_s)), beats_s)
    return BeatTrack.of_beats(spoilt, duration_s, None if truth.places is None else _first_of_bars(spoilt, truth))


def _first_of_bars(beats_s: Curve, truth: Annotation) -> Curve:
    assert truth.places is not None
    return beats_s[:: int(truth.places.max()) + 1]
