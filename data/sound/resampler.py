"""A stateful polyphase resampler: any integer rate in, a fixed rate out, under a millisecond late."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from data.sound.streaming import FloatArray, StreamingState, check_mono_float32

MIN_RATE_HZ, MAX_RATE_HZ = 1_000, 768_000
_ZERO_CROSSINGS: Final = 16  # half width of the kernel in samples of the lower rate
_CUTOFF: Final = 0.92  # of the lower Nyquist frequency
_KAISER_BETA: Final = 8.0  # stop band 80 dB down
_MAX_EXACT_PHASES: Final = 512  # beyond this the kernel is interpolated: 44101 Hz would need 24000 phases
_CHUNK_SAMPLES: Final = 4096  # bounds the memory of one vectorised pass


@dataclass(eq=False)
class ResamplerState(StreamingState):
    """Where a `PolyphaseResampler` is in its stream.

    Attributes:
        history: The newest input samples, oldest first; float32 (taps - 1,).
        num_in: Input samples since the start.
        num_out: Output samples since the start.
    """

    history: FloatArray
    num_in: int
    num_out: int


class PolyphaseResampler:
    """A streaming change of sample rate by a windowed-sinc FIR filter.

    After N input samples exactly floor(N * rate_out / rate_in) samples have come out. Output sample j is given as soon
    as input sample ceil((j + 1) * rate_in / rate_out) - 1 is there: one dot product of fixed length over the newest
    taps, so the cut into blocks cannot change a bit. The filter is linear phase; its delay `latency_s` (0.63 ms from
    44.1 or 48 kHz to 24 kHz) stays in the signal as a shift. Equal rates are filtered too, so that the response near
    the cut-off is the same from every higher rate.

    Kernel: Kaiser-windowed sinc (beta 8, 16 zero crossings a side, cut-off 0.92 of the lower Nyquist frequency), as in
    J. O. Smith, "Digital Audio Resampling", https://ccrma.stanford.edu/~jos/resample/. Every phase has unit gain at DC.

    Args:
        rate_in_hz: Integer sample rate of the input.
        rate_out_hz: Integer sample rate of the output.

    Raises:
        ValueError: A rate is not an integer between 1 and 768 kHz.

    Example:
        >>> resampler = PolyphaseResampler(48_000, 24_000)
        >>> state = resampler.initial_state()
        >>> samples, state = resampler.step(np.zeros(480, np.float32), state)
        >>> len(samples), state.num_in, state.num_out
        (240, 480, 240)
    """

    dims = 1

    def __init__(self, rate_in_hz: int, rate_out_hz: int) -> None:
        for rate_hz in (rate_in_hz, rate_out_hz):
            if rate_hz != int(rate_hz) or not MIN_RATE_HZ <= rate_hz <= MAX_RATE_HZ:
                raise ValueError(f"a sample rate is an integer from {MIN_RATE_HZ} to {MAX_RATE_HZ} Hz, not {rate_hz}")
        self.rate_in_hz, self.rate_hz = int(rate_in_hz), int(rate_out_hz)
        divisor = math.gcd(self.rate_in_hz, self.rate_hz)
        self._up, self._down = self.rate_hz // divisor, self.rate_in_hz // divisor
        half_width = _ZERO_CROSSINGS * max(1.0, self._down / self._up)  # in input samples
        half_taps = math.ceil(half_width)
        self._taps = 2 * half_taps
        self.latency_s = (half_taps - self._down / self._up) / self.rate_in_hz

        self._exact = self._up <= _MAX_EXACT_PHASES
        num_phases = self._up if self._exact else _MAX_EXACT_PHASES
        fractions = np.arange(num_phases + (not self._exact)) / num_phases  # the last phase only serves interpolation
        # distance of each tap (oldest first) from the centre of the kernel, in input samples
        distance = fractions[:, None] + np.arange(self._taps)[None, :] - half_taps  # (phases, taps)
        cutoff = _CUTOFF * min(1.0, self._up / self._down)  # of the input's Nyquist frequency
        window = np.i0(_KAISER_BETA * np.sqrt(np.maximum(0.0, 1.0 - (distance / half_width) ** 2)))
        kernel = np.sinc(cutoff * distance) * np.where(np.abs(distance) <= half_width, window, 0.0)
        self._kernel: FloatArray = (kernel / kernel.sum(axis=1, keepdims=True)).astype(np.float32)

    def initial_state(self) -> ResamplerState:
        """A stream that was silent before its first sample."""
        return ResamplerState(history=np.zeros(self._taps - 1, np.float32), num_in=0, num_out=0)

    def step(self, samples: FloatArray, state: ResamplerState) -> tuple[FloatArray, ResamplerState]:
        """The output samples that `samples` completes.

        Args:
            samples: float32 (n,), any n.
            state: Its arrays are reused.

        Raises:
            ValueError: `samples` is not mono float32.
        """
        check_mono_float32(samples)
        blocks = [
            self._step_chunk(samples[start : start + _CHUNK_SAMPLES], state)
            for start in range(0, len(samples), _CHUNK_SAMPLES)
        ]
        output = blocks[0] if len(blocks) == 1 else np.concatenate([np.zeros(0, np.float32), *blocks])
        return output, state

    def _step_chunk(self, samples: FloatArray, state: ResamplerState) -> FloatArray:
        data = np.concatenate([state.history, samples])
        num_in = state.num_in + len(samples)
        num_out = num_in * self._up // self._down
        elapsed = np.arange(state.num_out + 1, num_out + 1) * self._down  # output clock in 1/up input samples
        needed = -(-elapsed // self._up)  # input samples that each output waits for
        output: FloatArray = np.zeros(0, np.float32)
        if len(needed):
            windows = sliding_window_view(data, self._taps)[needed - 1 - state.num_in]  # (outputs, taps)
            # vecdot is one dot product a row, whatever the number of rows: a matrix product would not be bit-exact
            output = np.vecdot(windows, self._kernel_rows(needed * self._up - elapsed))
        state.history[:] = data[len(data) - len(state.history) :]
        state.num_in, state.num_out = num_in, num_out
        return output

    def _kernel_rows(self, remainders: np.typing.NDArray[np.int64]) -> FloatArray:
        """The kernel for each output, shape (outputs, taps), from its phase in units of 1/up."""
        if self._up == 1:
            return self._kernel
        if self._exact:
            return self._kernel[remainders]
        position = remainders * (_MAX_EXACT_PHASES / self._up)
        index = position.astype(np.int64)
        weight = (position - index).astype(np.float32)[:, None]
        below = self._kernel[index]
        return below + weight * (self._kernel[index + 1] - below)
