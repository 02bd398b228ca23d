"""The planner of a `PlanningTransflower`, of one dancer: which phrase is danced, and on which of its beats.

As `models.streaming.phrase_planner`, which needs PyTorch, number by number: counting is in float32 as there, so that a
beat falls into the same frame, and a phrase is drawn only where one begins.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from models.fast_step.planning_sizes import KEYS_A_BEAT, PLACE_DIMS, PlanningSizes
from models.fast_step.weights import Array, StoredWeights

F = np.float32
# As in `models.streaming.phrase_planner`.
_PHASE_PULL, _TRUST_KEPT, _ENOUGH_TRUST, _OPEN_BEATS, _RECENCY_KEPT = F(0.15), F(0.95), F(0.2), F(8.0), F(0.8)
_TRUST_TAKEN: Final = F(1 - 0.95)
_GAP_WEIGHT, _RECENCY_WEIGHT, _ENERGY_WEIGHT, _MIRROR_WEIGHT = F(3.0), F(3.0), F(4.0), F(1.0)
_REPEATED_SHARE, _FIRST_TIME = F(0.8), F(0.5 * (0.8 + 0.8**2))
_NEVER, _LEFT, _FOREIGN, _LATELY = F(1e4), F(1e3), F(3.0), F(0.5)
_FASTEST: Final = F(1.5)
_RATE_HZ: Final = F(30)
_CYCLE: Final = F(2 * math.pi)
_ROOT_OF_TWO: Final = F(math.sqrt(2))
_TURNS: Final = tuple(F(2 * math.pi / period) for period in (1, 2, 4, 8))


@dataclass(frozen=True, kw_only=True, eq=False)
class FastPlace:
    """Where a dancer is in its plan; as `models.streaming.phrase_planner.Place`, of one dancer.

    Attributes:
        phrase: Phrase that is danced; the number of phrases leaves it open.
        beat: Beats since it began.
        trust: Smoothed confidence of the beat oscillator.
        recency: How lately each phrase was danced, (phrases + 1,), 1 for the present one.
        answered: How many requests to leave a phrase were met.
    """

    phrase: int
    beat: np.float32
    trust: np.float32
    recency: Array
    answered: float = 0.0

    def leaves(self) -> dict[str, NDArray[Any]]:
        """As the leaves of PyTorch's, by name; a batch of one."""
        numbers = {name: np.array([getattr(self, name)], np.float32) for name in ("beat", "trust", "answered")}
        return numbers | {"phrase": np.array([self.phrase], np.int64), "recency": self.recency[None]}

    @classmethod
    def of(cls, leaves: Mapping[str, NDArray[Any]]) -> "FastPlace":
        """Undoes `leaves`."""
        return cls(
            phrase=int(leaves["phrase"][0]),
            beat=F(leaves["beat"][0]),
            trust=F(leaves["trust"][0]),
            recency=np.array(leaves["recency"][0]),
            answered=float(leaves["answered"][0]),
        )


@dataclass(frozen=True, kw_only=True)
class FastPlanRequest:
    """What a planner is asked for; as `models.streaming.phrase_planner.PlanRequest`, of one dancer."""

    style: int
    energy: float
    plan: float
    hold: float
    asked: float


class FastPlanner:
    """Counts beats, and at the end of a phrase draws the next.

    Args:
        weights: Of the dancer.
        sizes: Of its configuration.

    Raises:
        ValueError: The phrases do not fit the configuration; the message says what to do.
    """

    def __init__(self, weights: StoredWeights, sizes: PlanningSizes) -> None:
        self._num_phrases, self._num_styles, self._num_groups = sizes.num_phrases, sizes.num_styles, sizes.num_groups
        self.group, self._style, self._mirror = (
            weights.integers(f"planner.{name}") for name in ("group", "style", "mirror")
        )
        self.beats, self._energy, self._keys = (weights[f"planner.{name}"] for name in ("beats", "energy", "keys"))
        counts = (sizes.num_groups, sizes.num_styles, sizes.num_phrases)
        for numbers, count in zip((self.group, self._style, self._mirror), counts, strict=True):
            if numbers.min() < 0 or numbers.max() > count:
                raise ValueError("its phrases are of choreographies or styles that there are not; train it again")
        phrases = self.beats[:-1]
        if phrases.min() <= 0 or phrases.max() > sizes.most_beats:
            raise ValueError(f"its phrases are not of up to {sizes.most_beats} beats; train it again")
        self._danced_styles = frozenset(self._style[:-1].tolist()) - {self._num_styles}
        self._firsts = np.ascontiguousarray(self._keys[:-1, 0])

    def initial_place(self) -> FastPlace:
        """No phrase yet, and no beat heard."""
        recency = np.zeros(self._num_phrases + 1, np.float32)
        return FastPlace(phrase=self._num_phrases, beat=_OPEN_BEATS, trust=F(0), recency=recency)

    def next_place(
        self, place: FastPlace, oscillator: Array, pose: Array, request: FastPlanRequest, noise: Array
    ) -> FastPlace:
        """The place of one more frame; see `models.streaming.phrase_planner.PhrasePlanner.next_place`."""
        cos, sin, log_tempo, sure = oscillator
        sure = _bounded(sure, F(0), F(1))
        trust = _TRUST_KEPT * place.trust + _TRUST_TAKEN * sure
        phase = F(math.atan2(sin, cos)) / _CYCLE
        tempo = F(2.0 ** float(_bounded(log_tempo, -_FASTEST, _FASTEST)))
        counted = place.beat + F(120) * tempo / F(60) / _RATE_HZ
        counted = counted + _PHASE_PULL * sure * (np.remainder(phase - counted + F(0.5), F(1)) - F(0.5))
        nobody = self._num_phrases
        is_open = place.phrase >= nobody
        style = request.style if request.style in self._danced_styles else self._num_styles
        wrong = style < self._num_styles and not is_open and int(self._style[place.phrase]) != style
        may = bool(trust >= _ENOUGH_TRUST) and request.plan > 0
        left = request.asked != place.answered
        on_beat = np.floor(counted) > np.floor(place.beat)
        ends = bool(on_beat and (counted >= self.beats[place.phrase] or wrong or left))
        phrase = place.phrase if may else nobody
        if ends and may:
            uniform = _uniform(noise[1])
            returns = uniform < _REPEATED_SHARE * F(request.plan) and self._is_first_time(place)
            if not (request.hold > 0 or returns) or is_open or wrong or left:
                is_planned = uniform < F(request.plan)
                drawn_of = replace(request, style=style)
                phrase = self._drawn(place, pose, drawn_of, _uniform(noise[0]), left) if is_planned else nobody
        begins = ends or phrase != place.phrase
        beat = np.remainder(counted, F(1)) if begins else counted
        if not may:
            beat = _OPEN_BEATS if beat > _OPEN_BEATS else beat
        recency = place.recency
        if begins or recency[phrase] < 1:
            recency = recency * _RECENCY_KEPT if begins else recency.copy()
            recency[phrase] = 1
        answered = request.asked if ends or not may else place.answered
        return FastPlace(phrase=phrase, beat=beat, trust=trust, recency=recency, answered=answered)

    def _is_first_time(self, place: FastPlace) -> bool:
        """Whether the present phrase has not been danced twice in a row yet."""
        others = place.recency.copy()
        others[place.phrase] = 0
        return bool(others.max() > _FIRST_TIME)

    def _drawn(self, place: FastPlace, pose: Array, request: FastPlanRequest, uniform: np.float32, left: bool) -> int:
        """A phrase by its likelihood."""
        recency = place.recency[:-1]
        gap = np.square(pose - self._firsts).mean(-1, dtype=np.float64).astype(np.float32)
        score = -_GAP_WEIGHT * gap - _RECENCY_WEIGHT * recency
        if not math.isnan(request.energy):
            score = score - _ENERGY_WEIGHT * np.abs(self._energy[:-1] - F(request.energy))
        answer = int(self._mirror[place.phrase])
        if answer < len(score) and recency[answer] < _LATELY:
            score[answer] += _MIRROR_WEIGHT + _RECENCY_WEIGHT
        if request.style < self._num_styles:
            foreign = (self._style[:-1] != request.style) * _NEVER
        else:
            foreign = (self._style[:-1] != self._style[place.phrase]) * _FOREIGN
        if left and place.phrase < len(score):
            foreign[place.phrase] += _LEFT
        likelihood = np.exp((score - foreign).astype(np.float64) - np.max(score - foreign))
        # PyTorch's sums of float32 are of float64 here, each rounded.
        shares = (likelihood / likelihood.sum()).astype(np.float32)
        up_to = np.cumsum(shares, dtype=np.float64).astype(np.float32)
        return min(int((up_to < uniform).sum()), len(score) - 1)

    def write_place(self, place: FastPlace, out: Array) -> None:
        """Writes the place in the phrase as numbers, (PLACE_DIMS,); zeros where there is no choreography."""
        beat, length = place.beat, self.beats[place.phrase]
        is_planned = self.group[place.phrase] < self._num_groups
        left = _bounded(length - beat, F(0), F(4))
        out[0], out[1], out[2], out[PLACE_DIMS - 1] = beat / length, left / F(4), length / F(16), 1
        for index, turn in enumerate(_TURNS):
            angle = float(turn * beat)
            out[3 + 2 * index], out[4 + 2 * index] = math.cos(angle), math.sin(angle)
        out *= F(is_planned)

    def write_keys(self, place: FastPlace, pose: Array, bound: np.float32, out: Array) -> None:
        """Writes how far the next two key poses are, bounded, and how soon; zeros where no phrase is danced."""
        phrase, (_, num_keys, dims) = place.phrase, self._keys.shape
        if phrase >= self._num_phrases or not np.isfinite(place.beat):
            out[:] = 0
            return
        at = _bounded(place.beat * F(KEYS_A_BEAT), F(0), F(num_keys - 1))
        index, last = int(at), int(self.beats[phrase] * KEYS_A_BEAT)
        for number in (0, 1):
            gap = out[number * dims : (number + 1) * dims]
            np.subtract(self._keys[phrase, min(index + 1 + number, last)], pose, out=gap)
            np.minimum(gap, bound, out=gap)
            np.maximum(gap, -bound, out=gap)
        out[-2], out[-1] = (F(1) - (at - F(index))) / F(KEYS_A_BEAT), 1


def _uniform(normal: np.float32) -> np.float32:
    return F(0.5) * (F(1) + F(math.erf(normal / _ROOT_OF_TWO)))


def _bounded(x: np.float32, low: np.float32, high: np.float32) -> np.float32:
    """The nearest number from low to high; what is no number stays as it is."""
    return low if x < low else high if x > high else x
