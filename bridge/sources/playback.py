"""A file played aloud: the sound card pulls the samples and so becomes the clock."""

import time
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bridge.sources.portaudio import find_device, load_sounddevice

_LATENCY_S: Final = 0.15
"""Sound in the driver's hands: enough to cover the moments in which Python is busy. It delays nothing, because time is
measured by what is heard and not by what was handed over."""


class Playback:
    """Plays a sound once or in a loop through an output device, and tells how much of it has been heard.

    Threading model: PortAudio's own thread runs the callback, which copies and replaces one tuple; what has been heard
    may be asked from any thread.
    """

    def __init__(
        self, samples: NDArray[np.float32], sample_rate_hz: int, *, loop: bool, device: str | int | None = None
    ) -> None:
        """Opens the device; ``start`` begins to play.

        Args:
            samples: float32 mono (n,), n >= 1.
            sample_rate_hz: their rate.
            loop: whether to begin again at the end.
            device: as for ``find_device``; ``None`` is the default output.

        Raises:
            ValueError: there is no such device, or it does not take the rate.
            SoundUnavailableError: sounddevice or PortAudio is missing.
        """
        sounddevice = load_sounddevice()
        info = find_device(device, "output")
        self._samples = samples
        self._rate_hz = sample_rate_hz
        self._loop = loop
        self._position = 0  # next sample to hand over; the callback's
        self._anchor = (0, 0, 0)  # of the newest block: its first sample, its samples, when its first sample is heard
        try:
            self._stream = sounddevice.OutputStream(
                samplerate=sample_rate_hz,
                device=info.index,
                channels=min(info.max_output_channels, 2),
                dtype="float32",
                latency=_LATENCY_S,
                callback=self._callback,
            )
        except sounddevice.PortAudioError as error:
            raise ValueError(f"the sound output {info.name!r} does not open at {sample_rate_hz} Hz: {error}") from error

    def start(self) -> None:
        """Begins to play."""
        self._stream.start()

    def heard_samples(self, time_us: int) -> int:
        """How many samples have left the loudspeaker at a time of the monotonic clock; stands still when it stalls.

        The silence after the end counts as if the sound went on.
        """
        first, num_samples, heard_us = self._anchor
        heard = first + (time_us - heard_us) * self._rate_hz // 1_000_000
        return max(0, min(heard, first + num_samples))

    def heard_time_us(self, num_samples: int) -> int:
        """When the sample before number ``num_samples`` is heard, by the newest block."""
        first, _, heard_us = self._anchor
        return heard_us + (num_samples - first) * 1_000_000 // self._rate_hz

    def close(self) -> None:
        """Stops at once."""
        self._stream.abort(ignore_errors=True)
        self._stream.close(ignore_errors=True)

    def _callback(self, sound: NDArray[np.float32], num_frames: int, times: Any, flags: Any) -> None:
        """Runs in PortAudio's thread for every block (frames, channels)."""
        now_us = time.monotonic_ns() // 1000
        ahead_s = times.outputBufferDacTime - times.currentTime
        if not 0.0 <= ahead_s <= 1.0:  # some hosts leave the times at zero
            ahead_s = self._stream.latency
        first = self._position
        done = 0
        while done < num_frames:
            start = (first + done) % len(self._samples) if self._loop else first + done
            piece = self._samples[start : start + num_frames - done]
            if len(piece) == 0:
                sound[done:] = 0.0  # the silence after the end counts too, or the end would never be heard
                break
            sound[done : done + len(piece)] = piece[:, np.newaxis]
            done += len(piece)
        self._position = first + num_frames
        self._anchor = (first, num_frames, now_us + round(ahead_s * 1e6))
