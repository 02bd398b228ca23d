"""How sure a beat tracker may be: probabilities fitted on music whose beats are known."""

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

FACTS: Final = (
    "one",
    "belief in tempo and phase",
    "belief in the tempo",
    "network on the beat",
    "network between beats",
    "belief in the bar",
    "octaves from the usual tempo",
)
"""What a confidence is made of: the first three as log odds, the others as they are."""

PHASE: Final = "confidence__phase"
"""Name of the logistic weights in the file of the network: tempo within 6 % and phase within an eighth of a beat."""
TEMPO: Final = "confidence__tempo"
"""Likewise: tempo within 6 %."""

_DEFAULTS: Final = {
    PHASE: (-1.7, 0.4, 0.0, 5.0, 0.5, 0.5, -1.0),
    TEMPO: (-1.0, 0.0, 0.4, 5.0, 0.5, 0.5, -1.0),
}
_USUAL_BPM: Final = 118.0
_SMALLEST: Final = 1e-3


class BeatConfidence:
    """Logistic models over the facts of `FACTS`, one for tempo and phase, one for the tempo alone.

    Args:
        weights: Arrays of the network's file; without fitted weights among them rough ones are taken.
    """

    def __init__(self, weights: dict[str, NDArray[np.float32]]) -> None:
        self._weights = {name: np.asarray(weights.get(name, rough), np.float64) for name, rough in _DEFAULTS.items()}

    def facts(self) -> dict[str, list[float]]:
        """The weights, for the fingerprint of the features."""
        return {name: weights.tolist() for name, weights in self._weights.items()}

    def phase(self, facts: NDArray[np.float64]) -> float:
        """Probability that tempo and phase are right."""
        return _probability(facts, self._weights[PHASE])

    def tempo(self, facts: NDArray[np.float64]) -> float:
        """Probability that the tempo is right."""
        return _probability(facts, self._weights[TEMPO])


def log_odds(probability: float) -> float:
    """Of a probability, which is kept a thousandth away from 0 and 1."""
    inner = min(max(probability, _SMALLEST), 1.0 - _SMALLEST)
    return math.log(inner / (1.0 - inner))


def octaves_away(bpm: float) -> float:
    """How many octaves a tempo lies from the usual one, never negative."""
    return abs(math.log2(bpm / _USUAL_BPM))


def _probability(facts: NDArray[np.float64], weights: NDArray[np.float64]) -> float:
    odds = float(np.vecdot(weights, facts))
    return 1.0 / (1.0 + math.exp(-min(max(odds, -30.0), 30.0)))
