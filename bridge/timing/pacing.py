"""The sender's clock: absolute deadlines at a steady rate, slowly steered to where poses become ready."""

import math
import time
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray


def sleep_until(deadline_s: float) -> None:
    """Sleeps until `time.monotonic()` reaches the deadline; returns at once when it has passed."""
    while (left_s := deadline_s - time.monotonic()) > 0:
        time.sleep(left_s)


@dataclass(frozen=True, kw_only=True)
class PlayoutClock:
    """Decides when each pose is due and when the sender ticks: a jitter buffer's clock. Pure: times go in and come out.

    Pose `k` of the engine becomes ready at about `k * period + phase`. The clock keeps the residuals of the last
    `window` poses, aims its phase at their `quantile` plus a margin, and so follows both the jitter of a machine under
    load and the drift of the sound card's clock. Ticks are at most `max_delay_s` longer and `max_hurry_s` shorter than
    a period (late poses are answered at once, early ones at leisure), except for two ticks at the beginning of a stream
    or after a break in it (a pose `resync_s` early, or `patience` poses in a row that are so late): one for its first
    pose, and one when `acquisition` poses have shown whether that was a slow one.
    """

    rate_hz: float
    quantile: float = 0.9
    margin_s: float = 0.003
    window: int = 96
    max_delay_s: float = 0.002
    max_hurry_s: float = 0.001
    resync_s: float = 0.25
    patience: int = 15
    acquisition: int = 10

    @property
    def period_s(self) -> float:
        """Time between two ticks."""
        return 1.0 / self.rate_hz

    def initial_state(self, now_s: float) -> "PlayoutState":
        """The first tick is now."""
        return PlayoutState(next_tick_s=now_s, residuals_s=np.zeros(self.window))

    def observe(self, index: int, ready_s: float, state: "PlayoutState") -> "PlayoutState":
        """Notes that the pose with this index (counted in frames of sound, gaps included) became ready."""
        residual_s = ready_s - index * self.period_s
        ahead_s = state.phase_s - residual_s
        is_far_behind = state.num_observed > 0 and ahead_s < -self.resync_s
        state.num_far_behind = state.num_far_behind + 1 if is_far_behind else 0
        if 0 < state.num_far_behind < self.patience:
            return state  # the engine stood still for a moment: that it catches up is likelier than that it never does
        if is_far_behind or ahead_s > self.resync_s:  # a stream whose time has shifted
            state.num_observed = state.num_far_behind = 0
        first = 0 if state.num_observed < self.acquisition else self.acquisition
        state.residuals_s[(state.num_observed - first) % self.window] = residual_s
        state.num_observed += 1
        known = state.residuals_s[: min(state.num_observed - first, self.window)]
        if first == 0:
            state.phase_s = float(np.median(known)) + self.margin_s
            state.is_aligned = 1 < state.num_observed < self.acquisition
        else:
            rank = round(self.quantile * (len(known) - 1))
            state.phase_s += self._slewed(float(np.partition(known, rank)[rank]) + self.margin_s - state.phase_s)
        return state

    def due_s(self, index: int, state: "PlayoutState") -> float:
        """When the pose with this index should leave."""
        return index * self.period_s + state.phase_s

    def is_due(self, index: int, tick_s: float, state: "PlayoutState") -> bool:
        """Whether a pose belongs to the tick at `tick_s` or to one before."""
        return self.due_s(index, state) <= tick_s + 0.5 * self.period_s

    def advance(self, now_s: float, state: "PlayoutState") -> "PlayoutState":
        """Plans the tick after the present one, nearer to the grid of due times; ticks that have passed are skipped.

        `state.num_ticks_skipped` counts periods in which the sender itself did not run (a suspended machine).
        """
        next_s = state.next_tick_s + self.period_s
        if state.num_observed:
            error_s = math.remainder(state.phase_s - next_s, self.period_s)
            next_s += self._slewed(error_s) if state.is_aligned else error_s
            state.is_aligned = True
        skipped = max(0, math.floor((now_s - next_s) / self.period_s))
        state.num_ticks_skipped += skipped
        state.next_tick_s = next_s + skipped * self.period_s
        return state

    def _slewed(self, error_s: float) -> float:
        return min(max(error_s, -self.max_hurry_s), self.max_delay_s)


@dataclass
class PlayoutState:
    """Times on the monotonic clock, in seconds."""

    next_tick_s: float
    residuals_s: NDArray[np.float64] = field(repr=False)
    num_observed: int = 0
    phase_s: float = 0.0
    num_far_behind: int = 0
    is_aligned: bool = False
    num_ticks_skipped: int = 0
