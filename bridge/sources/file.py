"""Sound from a file, as if it were live: paced by the clock, or by the sound card that plays it."""

import time
from pathlib import Path
from typing import Final, Literal

import numpy as np

from bridge.sources.playback import Playback
from bridge.sources.portaudio import SoundUnavailableError
from bridge.sources.source import SoundBlock, SoundSource
from data.formats.sound_file import read_sound

_BLOCKS_A_SECOND: Final = 100
_PLAYBACK_START_S: Final = 3.0  # a wireless loudspeaker may take its time
_PLAYBACK_STALL_S: Final = 0.5
_POLL_S: Final = 0.005


class FileSource(SoundSource):
    """A sound file in blocks of ten milliseconds.

    Paced, block ``k`` is released at ``start + (k + 1) * 10 ms`` of the monotonic clock: an absolute deadline, so that
    a late reader gets the blocks it missed at once and nothing drifts. Played aloud, a block is released when it has
    been heard. Unpaced, blocks come as fast as they are read, with the times that they would have had.
    """

    def __init__(
        self,
        path: str | Path,
        *,
        paced: bool = True,
        loop: bool = False,
        play_aloud: Literal["auto"] | bool = False,
        output_device: str | int | None = None,
        channels: tuple[int, ...] | None = None,
    ) -> None:
        """Describes the source; ``start`` reads the file.

        Args:
            path: anything that libsndfile or ffmpeg reads: WAV, FLAC, OGG, MP3, M4A.
            paced: in real time, or as fast as it is read.
            loop: whether to begin again at the end, for ever.
            play_aloud: ``True`` needs an output device, ``"auto"`` does without when there is none that works
                (``silent_because`` then tells why); only paced.
            output_device: index, name or unique part of a name; ``None`` is the system's default output.
            channels: those that are heard, from 1 on; ``None`` is all.
        """
        if play_aloud is True and not paced:
            raise ValueError("play_aloud=True needs paced=True: a sound card plays in real time")
        self.silent_because: str | None = None
        self._path = Path(path)
        self._paced = paced
        self._loop = loop
        self._play_aloud = play_aloud if paced else False
        self._output_device = output_device
        self._channels = channels
        self._playback: Playback | None = None
        self._started = False
        self._rate_hz = 0
        self._position = 0  # samples released, over all rounds of a loop
        self._anchor = (0, 0)  # a position and the time in microseconds at which it is due

    @property
    def sample_rate_hz(self) -> int:
        """The rate of the file; 0 before ``start``."""
        return self._rate_hz

    @property
    def ended(self) -> bool:
        """Whether the file has been read to its end, or the source was stopped."""
        return not self._started or (not self._loop and self._position >= len(self._samples))

    @property
    def notice(self) -> str | None:
        """Why the file is not heard, although it should be."""
        return None if self.silent_because is None else f"not played aloud: {self.silent_because}"

    @property
    def overflow_samples(self) -> int:
        """None are ever dropped: they wait for the reader."""
        return 0

    @property
    def gap_samples(self) -> int:
        """None are ever lost."""
        return 0

    @property
    def playing_aloud(self) -> bool:
        """Whether a sound card plays the file and sets the pace."""
        return self._playback is not None

    def start(self) -> None:
        """Reads the file and starts its clock.

        Raises:
            FileNotFoundError: there is no such file.
            ValueError: it is no sound or is empty, or the output device does not work.
            SoundUnavailableError: it must be played aloud and PortAudio is missing.
        """
        assert not self._started, "already started"
        self._samples, self._rate_hz = read_sound(self._path, channels=self._channels)
        self._position = 0
        self.silent_because = None
        if self._play_aloud:
            try:
                self._playback = Playback(self._samples, self._rate_hz, loop=self._loop, device=self._output_device)
            except (ValueError, SoundUnavailableError) as error:
                if self._play_aloud is True:
                    raise
                self.silent_because = str(error)
        self._started = True
        self._anchor = (0, time.monotonic_ns() // 1000)
        if self._playback is not None:
            self._playback.start()

    def read(self, max_wait_s: float) -> SoundBlock | None:
        """The next ten milliseconds, once they are due; ``None`` after ``max_wait_s`` or at the end."""
        if self.ended:
            return None
        stop = (self._position * _BLOCKS_A_SECOND // self._rate_hz + 1) * self._rate_hz
        stop = -(-stop // _BLOCKS_A_SECOND)  # the next multiple of ten milliseconds, rounded up to a sample
        if not self._loop:
            stop = min(stop, len(self._samples))
        if self._playback is not None:
            due_us = self._wait_until_heard(stop, max_wait_s)
        else:
            due_us = self._wait_until_due(stop, max_wait_s)
        if due_us is None:
            return None
        indices = np.arange(self._position, stop) % len(self._samples)
        self._position = stop
        return SoundBlock(self._samples[indices], due_us)

    def stop(self) -> None:
        """Ends the sound; may be called twice."""
        if self._playback is not None:
            self._playback.close()
            self._playback = None
        self._started = False

    def _wait_until_due(self, stop: int, max_wait_s: float) -> int | None:
        """When the samples up to ``stop`` are due by the clock; ``None`` when that is later than the wait."""
        position, time_us = self._anchor
        due_us = time_us + (stop - position) * 1_000_000 // self._rate_hz
        wait_s = due_us * 1e-6 - time.monotonic()
        if not self._paced or wait_s <= 0.0:
            return due_us
        time.sleep(min(wait_s, max(max_wait_s, 0.0)))
        return due_us if wait_s <= max_wait_s else None

    def _wait_until_heard(self, stop: int, max_wait_s: float) -> int | None:
        """When the samples up to ``stop`` were heard; ``None`` when that is later than the wait."""
        assert self._playback is not None
        deadline_s = time.monotonic() + max_wait_s
        while self._playback.heard_samples(time.monotonic_ns() // 1000) < stop:
            now_s = time.monotonic()
            patience_s = _PLAYBACK_STALL_S if self._position else _PLAYBACK_START_S
            if now_s - self._anchor[1] * 1e-6 > patience_s:
                self.silent_because = "the sound card stopped playing"
                self._playback.close()
                self._playback = None
                self._anchor = (self._position, time.monotonic_ns() // 1000)
                return self._wait_until_due(stop, max(deadline_s - now_s, 0.0))
            if now_s >= deadline_s:
                return None
            due_s = self._playback.heard_time_us(stop) * 1e-6 - now_s
            time.sleep(min(max(due_s, 0.0005), _POLL_S, max(deadline_s - now_s, 0.0)))
        now_us = time.monotonic_ns() // 1000
        self._anchor = (stop, now_us)
        return min(self._playback.heard_time_us(stop), now_us)
