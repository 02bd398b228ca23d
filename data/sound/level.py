"""A causal automatic gain: quiet and loud playback of the same music look alike, and silence stays silence."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from data.sound.streaming import FloatArray, StreamingState

SILENCE_DBFS: Final = -120.0
"""The level reported for digital silence."""


def power_to_dbfs(power: float) -> float:
    """Mean square to decibels, 0 for a mean square of 1, never below `SILENCE_DBFS`.

    Example:
        >>> round(power_to_dbfs(0.25), 2), power_to_dbfs(0.0)
        (-6.02, -120.0)
    """
    return 10.0 * math.log10(max(power, 10.0 ** (SILENCE_DBFS / 10.0)))


@dataclass(frozen=True, kw_only=True)
class GainConfig:
    """What an `AutomaticGain` aims at; levels are RMS in dB relative to full scale.

    Attributes:
        target_dbfs: The level that the gain steers to.
        max_gain_db: The most that quiet music is lifted.
        memory_s: The gain follows the mean power of so much sound. A drop of the input by 20 dB is made up within
            6 times this (to 1 dB), a rise within a second (a mean of powers is soon ruled by the loud part).
        forget_s: Silence fades the memory with this time constant, so that the next song is judged afresh.
        open_dbfs: Sound above this level passes wholly and is measured.
        closed_dbfs: Sound below this level becomes digital silence; it fades in between.
        hold_db_per_s: How fast the gate's level falls after a peak, so that it stays open between two kicks.
    """

    target_dbfs: float = -20.0
    max_gain_db: float = 30.0
    memory_s: float = 3.0
    forget_s: float = 2.0
    open_dbfs: float = -60.0
    closed_dbfs: float = -70.0
    hold_db_per_s: float = 20.0


@dataclass(eq=False)
class GainState(StreamingState):
    """What an `AutomaticGain` remembers.

    Attributes:
        gain: Linear gain at the end of the newest hop.
        mean_power: Mean square of the sound in memory.
        memory_hops: How many hops that mean stands for.
        held_power: The gate's level: the hops' mean square, peaks held.
        hop_power: Mean square of the newest hop, before the gain.
    """

    gain: float
    mean_power: float
    memory_hops: float
    held_power: float
    hop_power: float


class AutomaticGain:
    """A streaming gain that steers the mean power of a few seconds of sound to a target.

    One step takes one hop of fixed length, measures it and ramps to the new gain across it; so the gain hangs on the
    sample clock and never on a caller's blocks. The running mean starts with the first audible hop (its memory grows
    from one hop to `memory_s`): the level is right from the first sound. The mean is slow: a kick drum does not pump.

    Args:
        sample_rate_hz: Samples a second.
        hop_samples: Samples in one step.
        config: The target and its time constants.
    """

    latency_s = 0.0
    dims = 1

    def __init__(self, sample_rate_hz: int, hop_samples: int, config: GainConfig | None = None) -> None:
        self.config = config or GainConfig()
        self.rate_hz = sample_rate_hz
        self.hop_samples = hop_samples
        hops_per_s = sample_rate_hz / hop_samples
        self._max_memory_hops = self.config.memory_s * hops_per_s
        self._forget = math.exp(-1.0 / (self.config.forget_s * hops_per_s))
        self._hold = 10.0 ** (-self.config.hold_db_per_s / 10.0 / hops_per_s)
        self._target_power = float(10.0 ** (self.config.target_dbfs / 10.0))
        self._open_power = 10.0 ** (self.config.open_dbfs / 10.0)
        self._max_gain = float(10.0 ** (self.config.max_gain_db / 20.0))
        self._ramp = np.arange(1, hop_samples + 1, dtype=np.float32) / np.float32(hop_samples)

    def initial_state(self) -> GainState:
        """Silence so far."""
        return GainState(gain=0.0, mean_power=0.0, memory_hops=0.0, held_power=0.0, hop_power=0.0)

    def step(self, hop: FloatArray, state: GainState) -> tuple[FloatArray, GainState]:
        """The hop at its new level.

        Args:
            hop: float32 (hop_samples,).
            state: Reused.
        """
        assert len(hop) == self.hop_samples
        power = float(np.vecdot(hop, hop)) / self.hop_samples
        state.hop_power = power
        state.held_power = max(power, state.held_power * self._hold)
        if state.held_power > self._open_power:
            state.memory_hops = min(state.memory_hops + 1.0, self._max_memory_hops)
            state.mean_power += (power - state.mean_power) / state.memory_hops
        else:
            state.memory_hops *= self._forget
        gain_before, state.gain = state.gain, self._gain(state)
        if gain_before == state.gain:
            return hop * np.float32(state.gain), state
        return hop * (np.float32(gain_before) + np.float32(state.gain - gain_before) * self._ramp), state

    def _gain(self, state: GainState) -> float:
        span_db = self.config.open_dbfs - self.config.closed_dbfs
        openness = (power_to_dbfs(state.held_power) - self.config.closed_dbfs) / span_db
        if openness <= 0.0:
            return 0.0
        loudness_gain = math.sqrt(self._target_power / state.mean_power) if state.mean_power > 0.0 else 1.0
        return min(loudness_gain, self._max_gain) * min(openness, 1.0)
