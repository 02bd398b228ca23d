"""Overload: what to do when the dancer cannot keep up with the sound, step by step, and the way back."""

from collections import deque
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class OverloadGuard:
    """Sends a dancer that keeps falling behind to rest, and lets it try again; its own configuration.

    The first step is not taken here: a late pose is bridged by the sender (`bridge.body.concealment`), which coasts,
    holds and at last idles, and the listener leaves frames out to catch up. One long stall ends there. But a machine
    that is too slow falls behind again at once; `max_catch_ups` times within `window_s`, and the dancer rests: the
    figure idles, which costs next to nothing, for `rest_s`, and twice as long each time it fails again soon after, up
    to `max_rest_s`. After `trust_s` of dancing in time it is trusted as at the beginning. Pure: frames are the clock.
    """

    rate_hz: float
    max_catch_ups: int = 8
    window_s: float = 3.0
    rest_s: float = 2.0
    max_rest_s: float = 30.0
    trust_s: float = 20.0

    def initial_state(self) -> "OverloadState":
        """Nothing has gone wrong yet."""
        return OverloadState(next_rest_s=self.rest_s)

    def step(self, *, skipped: bool, state: "OverloadState") -> "OverloadState":
        """One frame of sound: whether its dance had to be left out. Changes and returns `state`."""
        period_s = 1.0 / self.rate_hz
        state.rest_left_s = max(0.0, state.rest_left_s - period_s)
        state.since_rest_s += period_s
        if state.since_rest_s > self.trust_s:
            state.next_rest_s = self.rest_s
        state.frame += 1
        if skipped and not state.was_skipped:
            state.catch_ups.append(state.frame)
        state.was_skipped = skipped
        while state.catch_ups and state.frame - state.catch_ups[0] > self.window_s * self.rate_hz:
            state.catch_ups.popleft()
        if len(state.catch_ups) >= self.max_catch_ups and not state.is_resting:
            state.rest_left_s = state.next_rest_s
            state.next_rest_s = min(2.0 * state.next_rest_s, self.max_rest_s)
            state.since_rest_s = -state.rest_left_s
            state.num_rests += 1
            state.catch_ups.clear()
        return state


@dataclass
class OverloadState:
    """How often the dancer fell behind of late, and how long it still rests.

    Attributes:
        next_rest_s: Length of the next rest.
        rest_left_s: What is left of the present one; 0 while dancing is allowed.
        since_rest_s: Time since the last rest ended.
        num_rests: Rests so far.
        frame: Frames of sound so far.
        was_skipped: Whether the last frame's dance was left out.
        catch_ups: Frames at which leaving out began, within the window.
    """

    next_rest_s: float
    rest_left_s: float = 0.0
    since_rest_s: float = 0.0
    num_rests: int = 0
    frame: int = 0
    was_skipped: bool = False
    catch_ups: deque[int] = field(default_factory=deque)

    @property
    def is_resting(self) -> bool:
        """Whether the figure must idle."""
        return self.rest_left_s > 0.0
