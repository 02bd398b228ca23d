"""From the channels of an input to the one that is danced to: those that were chosen, and never a sum that cancels."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

CANCELLED: Final = 1e-3
"""Power of the mean of the channels in that of the loudest from which on they cancel each other: -30 dB. One channel of
eight alone has -18 dB in the mean."""
_AGAIN: Final = 1e-2  # from here on they do not any more
_LOUDER: Final = 4.0  # a channel must be so many times as powerful to take the place of the one that is heard
_MEMORY_S: Final = 0.1  # to be sure of -30 dB takes seven times as long
_ENOUGH_S: Final = 0.002  # a sample or two are opposite by chance


def check_channels(channels: tuple[int, ...] | None, num_channels: int, name: str) -> None:
    """Refuses channels that an input does not have.

    Raises:
        ValueError: Naming those that it has.
    """
    if channels and max(channels) > num_channels:
        has = "one channel" if num_channels == 1 else f"channels 1 to {num_channels}"
        raise ValueError(f"{name} has {has}, and no channel {max(channels)}: choose others by --channels")


@dataclass(frozen=True)
class MixState:
    """What a mixdown remembers.

    Attributes:
        energies: Of the chosen channels, float64 (channels,); what is a tenth of a second old counts a third.
        mean_energy: Of their mean.
        num_frames: How many frames that is, as far as they are counted.
        alone: Which of them is heard alone because they cancel each other; -1 for the mean of all.
    """

    energies: NDArray[np.float64]
    mean_energy: float
    num_frames: int
    alone: int


class Mixdown:
    """The mean of the chosen channels, or the loudest of them while they cancel each other; pure.

    A cable with two of its wires changed, or a "wide" sound, makes two channels that are each other's opposite: their
    mean is silence, although the room is loud. From the mean to the loudest, and back, it fades within a block.
    """

    def __init__(self, num_channels: int, rate_hz: int, channels: tuple[int, ...] | None = None) -> None:
        """Says what comes and what is wanted.

        Args:
            num_channels: Channels of the blocks.
            rate_hz: Their rate.
            channels: Those that are heard, from 1 on; ``None`` is all.
        """
        self._rate_hz = rate_hz
        is_all = channels is None or channels == tuple(range(1, num_channels + 1))
        self._chosen = None if channels is None or is_all else np.array(channels) - 1
        self._num_heard = num_channels if self._chosen is None else len(self._chosen)

    def initial_state(self) -> MixState:
        """Nothing heard yet."""
        return MixState(np.zeros(self._num_heard), 0.0, 0, -1)

    def step(self, sound: NDArray[np.floating], state: MixState) -> tuple[NDArray[np.float32], MixState]:
        """Mixes a block (n, channels) down to (n,), float32."""
        heard = sound if self._chosen is None else sound[:, self._chosen]
        if self._num_heard == 1:
            return np.ascontiguousarray(heard[:, 0], np.float32), state
        if not len(heard):
            return np.zeros(0, np.float32), state
        mono: NDArray[np.float32] = heard.mean(axis=1).astype(np.float32)
        kept = math.exp(-len(mono) / (_MEMORY_S * self._rate_hz))
        energies = kept * state.energies + np.einsum("ij,ij->j", heard, heard, dtype=np.float64)
        energy = kept * state.mean_energy + float(np.square(mono, dtype=np.float64).sum())
        is_new = state.num_frames < _ENOUGH_S * self._rate_hz
        num_frames = state.num_frames + len(mono) if is_new else state.num_frames
        is_enough = num_frames >= _ENOUGH_S * self._rate_hz
        alone = self._alone(energies, energy, state.alone) if is_enough else -1
        new = MixState(energies, energy, num_frames if energies.any() else 0, alone)
        after = mono if alone < 0 else heard[:, alone].astype(np.float32)
        if alone == state.alone or is_new:
            return after, new  # nothing to fade from: the sound begins
        before = mono if state.alone < 0 else heard[:, state.alone].astype(np.float32)
        fade = np.linspace(0.0, 1.0, len(mono), dtype=np.float32)
        return before + fade * (after - before), new

    @staticmethod
    def _alone(energies: NDArray[np.float64], energy: float, alone: int) -> int:
        loudest = int(energies.argmax())
        if energies[loudest] == 0.0:
            return alone
        if energy >= (CANCELLED if alone < 0 else _AGAIN) * energies[loudest]:
            return -1
        return loudest if alone < 0 or energies[loudest] > _LOUDER * energies[alone] else alone
