"""The beat network: hears the mel bands and says how likely a beat and a downbeat are."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from data.sound.spectral import OnsetFlux
from data.sound.streaming import FloatArray, StreamingState

HOP_RATE_HZ: Final = 120
"""Hops of mel bands a second."""
HOPS_PER_STEP: Final = 4
RATE_HZ: Final = HOP_RATE_HZ // HOPS_PER_STEP
"""The network steps so often, whatever the rate of the feature frames."""
NUM_BANDS: Final = OnsetFlux.NUM_BANDS
NUM_INPUTS: Final = 3 * NUM_BANDS
WEIGHTS: Final = Path(__file__).with_name("weights.npz")

WEIGHTS_CHECKSUM: Final = hashlib.sha256(WEIGHTS.read_bytes()).hexdigest()[:12] if WEIGHTS.exists() else ""
"""Of the weights that ship; it is part of the features' fingerprint."""

_LAG: Final = OnsetFlux.LAG
_FLOOR_DB: Final = OnsetFlux.FLOOR_DB
_LEVEL_CENTRE_DB, _LEVEL_SPAN_DB = -15.0, 15.0
_MAX_RISE_DB, _RISE_SPAN_DB = 30.0, 10.0


@dataclass(eq=False)
class BeatNetworkState(StreamingState):
    """What the network remembers.

    Attributes:
        hidden: Of its recurrent layers, one after the other; float32 (layers, units).
        mel_db: Mel decibels of the newest hops, oldest first; float32 (3, 64).
        rise: Strongest rise in dB in the first and in the second half of the step; float32 (2, 64).
        num_hops: Hops of the step that is being filled, 0 to 3.
    """

    hidden: FloatArray
    mel_db: FloatArray
    rise: FloatArray
    num_hops: int


class BeatNetwork:
    """A gated recurrent network (Cho et al. 2014) over mel bands: log odds of beat and downbeat, thirty times a second.

    Of each frame of four hops it hears the newest level of every band and its strongest rise over three hops in each
    half of the frame, and says for each half how likely a beat and a downbeat were `delay_s` before the half's end.
    Causal and pure: state in, state out, and its sums do not depend on the number of threads. Both halves are known
    only at the end of the frame.

    Args:
        weights: Arrays of the network, named as in the file; those that ship if None.

    Attributes:
        weights: Arrays of the file, float32.
        num_units: Units of a recurrent layer.
        delay_s: From a beat to the end of the half frame in which it shows.

    Example:
        >>> network = BeatNetwork()
        >>> state = network.initial_state()
        >>> for _ in range(4):  # the fourth hop completes a frame
        ...     log_odds, state = network.step(np.full(64, -60.0, np.float32), state)
        >>> log_odds.shape, bool(log_odds.max() < 0)  # halves of the frame by (beat, downbeat)
        ((2, 2), True)
    """

    def __init__(self, weights: dict[str, NDArray[np.float32]] | None = None) -> None:
        if weights is None:
            with np.load(WEIGHTS, allow_pickle=False) as arrays:
                weights = {name: arrays[name] for name in arrays.files}
        self.weights = {name: np.asarray(array, np.float32, "C") for name, array in weights.items()}
        self._num_layers = sum(name.startswith("gru__weight_hh_l") for name in weights)
        self.num_units = self.weights["gru__weight_hh_l0"].shape[1]
        self.delay_s = float(self.weights["delay_s"])

    def initial_state(self) -> BeatNetworkState:
        """Silence so far."""
        return BeatNetworkState(
            hidden=np.zeros((self._num_layers, self.num_units), np.float32),
            mel_db=np.full((_LAG, NUM_BANDS), _FLOOR_DB, np.float32),
            rise=np.zeros((2, NUM_BANDS), np.float32),
            num_hops=0,
        )

    def step(self, mel_db: FloatArray, state: BeatNetworkState) -> tuple[FloatArray | None, BeatNetworkState]:
        """Hears a hop; every fourth completes a frame.

        Args:
            mel_db: Mel decibels of `OnsetFlux`, after the gain, float32 (64,).
            state: Its arrays are reused.

        Returns:
            Log odds float32 (half of the frame, (beat, downbeat)) or None between frames, and the state.
        """
        half = state.rise[2 * state.num_hops // HOPS_PER_STEP]
        np.maximum(half, mel_db - state.mel_db[0], out=half)
        state.mel_db[:-1] = state.mel_db[1:]
        state.mel_db[-1] = mel_db
        state.num_hops += 1
        if state.num_hops < HOPS_PER_STEP:
            return None, state
        log_odds = self._hear(_inputs(mel_db, state.rise.ravel()), state)
        state.rise[:] = 0.0
        state.num_hops = 0
        return log_odds, state

    def _hear(self, inputs: FloatArray, state: BeatNetworkState) -> FloatArray:
        """One step of the network: inputs (192,) to log odds (2, 2)."""
        weights, units = self.weights, self.num_units
        x = np.maximum(np.vecdot(weights["inp__weight"], inputs) + weights["inp__bias"], np.float32(0.0))
        for layer, hidden in enumerate(state.hidden):
            heard = np.vecdot(weights[f"gru__weight_ih_l{layer}"], x) + weights[f"gru__bias_ih_l{layer}"]
            held = np.vecdot(weights[f"gru__weight_hh_l{layer}"], hidden) + weights[f"gru__bias_hh_l{layer}"]
            gates = np.float32(1.0) / (np.float32(1.0) + np.exp(-(heard[: 2 * units] + held[: 2 * units])))
            new = np.tanh(heard[2 * units :] + gates[:units] * held[2 * units :])
            hidden[:] = new + gates[units:] * (hidden - new)
            x = hidden
        log_odds: FloatArray = np.vecdot(weights["out__weight"], x) + weights["out__bias"]
        return log_odds.reshape(2, 2)


def _inputs(level_db: FloatArray, rise_db: FloatArray) -> FloatArray:
    """Inputs (..., 192) of levels (..., 64) and rises (..., 128) in dB."""
    level = (level_db - np.float32(_LEVEL_CENTRE_DB)) / np.float32(_LEVEL_SPAN_DB)
    rise = np.minimum(rise_db, np.float32(_MAX_RISE_DB)) / np.float32(_RISE_SPAN_DB)
    return np.concatenate([level, rise], axis=-1)


def network_inputs(mel_db: FloatArray) -> FloatArray:
    """What the network hears of a whole recording: inputs (hops // 4, 192) of mel decibels (hops, 64), for training."""
    before = np.concatenate([np.full((_LAG, NUM_BANDS), _FLOOR_DB, np.float32), mel_db])[: len(mel_db)]
    num_steps = len(mel_db) // HOPS_PER_STEP
    whole = slice(0, num_steps * HOPS_PER_STEP)
    rise = np.maximum(mel_db - before, np.float32(0.0))[whole]
    rise = rise.reshape(num_steps, 2, HOPS_PER_STEP // 2, NUM_BANDS).max(axis=2)
    return _inputs(mel_db[whole][HOPS_PER_STEP - 1 :: HOPS_PER_STEP], rise.reshape(num_steps, 2 * NUM_BANDS))
