"""Where the bar begins: a small filter over the place of each beat in bars of two, three and four beats."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.sound.streaming import StreamingState


@dataclass(frozen=True, kw_only=True)
class BarTrackerConfig:
    """Constants of a `BarTracker`.

    Attributes:
        meters: Beats of a bar; 6/8 and 12/8 count their dotted beats and are 2 and 4.
        meter_prior: How often each of them is met.
        sharpness: Exponent of the likelihood ratio of a downbeat.
        centre: Log odds of a downbeat that speak neither for nor against one.
        max_log_odds: They are clipped so far from the centre.
        leak: Share of the prior mixed in at each beat.
    """

    meters: tuple[int, ...] = (2, 3, 4)
    meter_prior: tuple[float, ...] = (0.05, 0.12, 0.83)
    sharpness: float = 0.6
    centre: float = -1.0
    max_log_odds: float = 3.5
    leak: float = 0.02


@dataclass(eq=False)
class BarState(StreamingState):
    """What a `BarTracker` believes.

    Attributes:
        belief: Probability of each (meter, place of the newest beat), flat; float64 (places,).
        downbeat: Highest log odds of a downbeat around the beat that is being heard.
        beats_per_bar: Of the likeliest meter.
        place: Of the beat that was judged last, from 0 on the downbeat.
        confidence: 0 to 1: the belief in that meter and place.
    """

    belief: NDArray[np.float64]
    downbeat: float
    beats_per_bar: int
    place: int
    confidence: float


class BarTracker:
    """The forward filter of the place in the bar, one step a beat."""

    def __init__(self, config: BarTrackerConfig | None = None) -> None:
        self.config = config = config or BarTrackerConfig()
        meters = np.array(config.meters)
        self._ends = np.cumsum(meters)
        self._starts = self._ends - meters
        shares = np.array(config.meter_prior) / np.sum(config.meter_prior)
        self._prior = np.repeat(shares / meters, meters)
        # the beat before place 0 is the last place of the same meter
        self._before = np.arange(self._ends[-1]) - 1
        self._before[self._starts] = self._ends - 1

    def initial_state(self) -> BarState:
        """Nothing heard: four beats, of which nobody knows the first."""
        return BarState(
            belief=self._prior.copy(), downbeat=-math.inf, beats_per_bar=self.config.meters[-1], place=0, confidence=0.0
        )

    def hear(self, log_odds: float, state: BarState) -> None:
        """Log odds of a downbeat, near the beat."""
        state.downbeat = max(state.downbeat, log_odds)

    def beat(self, trust: float, state: BarState) -> None:
        """The beat is over and is judged: it was the next in the bar.

        Args:
            trust: How far the beat itself is believed, 0 to 1: an unsure beat says little about the bar.
            state: Written into.
        """
        config = self.config
        belief = state.belief[self._before]
        if state.downbeat > -math.inf:
            log_odds = min(max(state.downbeat - config.centre, -config.max_log_odds), config.max_log_odds)
            belief[self._starts] *= math.exp(config.sharpness * trust * log_odds)
            belief /= belief.sum()
        state.belief = (1.0 - config.leak) * belief + config.leak * self._prior
        state.downbeat = -math.inf
        masses = np.add.reduceat(state.belief, self._starts)
        meter = int(masses.argmax())
        first, last = int(self._starts[meter]), int(self._ends[meter])
        state.place = int(state.belief[first:last].argmax())
        state.beats_per_bar = last - first
        state.confidence = float(state.belief[first + state.place])

    def skip(self, num_beats: int, state: BarState) -> None:
        """Beats that nobody heard."""
        for _ in range(num_beats):
            state.belief = state.belief[self._before]
            state.place = (state.place + 1) % state.beats_per_bar
