"""The silence gate: decides, frame by frame, whether there is sound to dance to."""

from dataclasses import dataclass, replace


@dataclass(frozen=True, kw_only=True)
class SilenceGate:
    """Level detector with hysteresis in level and in time; its own configuration.

    Sound is believed after `attack_s` of loud frames (a single click, such as a cable being plugged in, does not start
    a dance); silence is believed after `release_s` without a frame above `close_dbfs` (a rest in the music does not
    end one). Levels are root mean squares in dB relative to full scale, before any automatic gain.

    Example:
        >>> gate = SilenceGate(rate_hz=30)
        >>> state = gate.initial_state()
        >>> heard = []
        >>> for level_dbfs in [-20.0] * 4 + [-90.0] * 2:  # a pause of two frames is no silence yet
        ...     has_sound, state = gate.step(level_dbfs, state)
        ...     heard.append(has_sound)
        >>> heard
        [False, False, True, True, True, True]
    """

    rate_hz: float
    open_dbfs: float = -50.0
    close_dbfs: float = -56.0
    attack_s: float = 0.1
    release_s: float = 0.6

    def __post_init__(self) -> None:
        if not self.close_dbfs <= self.open_dbfs:
            raise ValueError(f"close_dbfs {self.close_dbfs} must not lie above open_dbfs {self.open_dbfs}")
        if min(self.rate_hz, self.attack_s, self.release_s) <= 0:
            raise ValueError(f"rate_hz, attack_s and release_s must be positive: {self}")

    def initial_state(self) -> "SilenceGateState":
        """The state before any sound: closed."""
        return SilenceGateState(is_open=False, loud_s=0.0, quiet_s=0.0)

    def step(
        self, level_dbfs: float, state: "SilenceGateState", open_dbfs: float | None = None
    ) -> tuple[bool, "SilenceGateState"]:
        """Hears one frame's level and says whether there is sound; NaN counts as silence.

        Args:
            level_dbfs: Of the frame.
            state: From the step before.
            open_dbfs: Another threshold than the configured one; that of closing lies as far below as configured.
        """
        frame_s = 1.0 / self.rate_hz
        threshold_dbfs = self.open_dbfs if open_dbfs is None else open_dbfs
        threshold_dbfs -= (self.open_dbfs - self.close_dbfs) if state.is_open else 0.0
        if level_dbfs > threshold_dbfs:
            loud_s, quiet_s = state.loud_s + frame_s, 0.0
        else:  # evidence of sound fades slower than it gathers, so that sparse drums open the gate too
            loud_s, quiet_s = max(0.0, state.loud_s - 0.25 * frame_s), state.quiet_s + frame_s
        loud_s = min(loud_s, self.attack_s)
        # Half a frame of slack: sums of 1 / rate_hz are not exact.
        if not state.is_open and loud_s >= self.attack_s - 0.5 * frame_s:
            return True, replace(state, is_open=True, loud_s=loud_s, quiet_s=0.0)
        if state.is_open and quiet_s >= self.release_s - 0.5 * frame_s:
            return False, replace(state, is_open=False, loud_s=0.0, quiet_s=quiet_s)
        return state.is_open, replace(state, loud_s=loud_s, quiet_s=quiet_s)


@dataclass(frozen=True)
class SilenceGateState:
    """What the gate remembers: whether it is open, and for how long it has heard sound and silence."""

    is_open: bool
    loud_s: float
    quiet_s: float
