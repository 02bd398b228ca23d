"""What the dancer hears: 121 causal features a frame, the same live and from a file."""

import dataclasses
import hashlib
import json
from dataclasses import dataclass
from typing import Final

import numpy as np

from data.sound.beat_network import HOP_RATE_HZ, WEIGHTS_CHECKSUM
from data.sound.beat_tracker import BeatState, BeatTracker
from data.sound.feature_frame import COLUMNS, DIMS, NUM_MEL, NUM_MFCC, FeatureFrame
from data.sound.filter_banks import SAMPLE_RATE_HZ
from data.sound.level import AutomaticGain, GainConfig, GainState, power_to_dbfs
from data.sound.resampler import PolyphaseResampler, ResamplerState
from data.sound.spectral import Chroma, LogMel, OnsetFlux, OnsetState, mfcc
from data.sound.streaming import FloatArray, StreamingState, check_mono_float32, run_offline

FEATURES_VERSION: Final = "2"
"""Raise it whenever the same sound would give other numbers: a dancer refuses features it was not trained on."""

FIRST_FINGERPRINTS: Final = {
    20: "91c4cf9fdb4ca417",
    24: "dee8e9394cb6a934",
    30: "52a25c40335edac9",
    40: "eba6907a8252d699",
    60: "41e461e583d0e315",
    120: "5a691afd45273002",
}
"""By frame rate, of version 1: the same but for the beat columns, which another tracker filled."""

INTERNAL_RATE_HZ: Final = SAMPLE_RATE_HZ
"""Divisible by 20, 24, 30, 40, 60 and 120: frames end on whole samples."""

# Gain, onsets and beats advance at HOP_RATE_HZ, which every frame rate divides.
_HOP_SAMPLES: Final = INTERNAL_RATE_HZ // HOP_RATE_HZ
_MEL_WINDOW, _CHROMA_WINDOW = 2048, 4096
_MEL_FLOOR_DB: Final = -60.0  # the gain holds music near -20 dBFS: what lies lower is inaudible beside it
_MAX_SAMPLE: Final = 1000.0  # 60 dB over full scale is no sound; squares beyond would overflow

# constants that bring every column to order one
_MEL_CENTRE_DB, _MEL_SPAN_DB = -15.0, 15.0
_MFCC_SPANS: Final = np.array([9.0, 5.0, 2.5] + [1.2] * (NUM_MFCC - 3), np.float32)
_ONSET_SPAN_DB, _MAX_ONSET_DB = 10.0, 30.0  # music rises by less; sound after silence by more


@dataclass(frozen=True, kw_only=True)
class AudioFeaturesConfig:
    """The rates of an `AudioFeatures`.

    Attributes:
        sample_rate_hz: Rate of the sound that comes in: any integer from 1 to 768 kHz (8 to 192 kHz is sensible).
        rate_hz: Feature frames a second: a divisor of 120.

    Raises:
        ValueError: `rate_hz` does not divide 120.
    """

    sample_rate_hz: int = 48_000
    rate_hz: int = 30

    def __post_init__(self) -> None:
        if self.rate_hz < 1 or HOP_RATE_HZ % self.rate_hz:
            raise ValueError(f"rate_hz must divide {HOP_RATE_HZ} (20, 24, 30, 40, 60, ...), not {self.rate_hz}")


@dataclass(eq=False)
class AudioFeaturesState(StreamingState):
    """Where an `AudioFeatures` is in its stream.

    Attributes:
        resampler: State of the resampler.
        gain: State of the automatic gain.
        onset: State of the onset flux.
        beat: State of the beat tracker: `phase`, `bpm`, `count`, the confidences, `place` in a bar of `beats_per_bar`.
        pending: The hop that is being filled, at 24 kHz before the gain; float32 (200,).
        num_pending: Samples in it.
        signal: The newest samples at 24 kHz after the gain, oldest first; float32 (4096,).
        onset_peak: Strongest flux in dB since the last frame; float32 (4,).
        frame_power: Sum of the hops' mean squares since the last frame, before the gain.
        num_hops: Hops since the start.
        num_frames: Frames since the start.
        num_bad_samples: Samples that were NaN, infinite or absurdly large and were taken as 0.
    """

    resampler: ResamplerState
    gain: GainState
    onset: OnsetState
    beat: BeatState
    pending: FloatArray
    num_pending: int
    signal: FloatArray
    onset_peak: FloatArray
    frame_power: float
    num_hops: int
    num_frames: int
    num_bad_samples: int


class AudioFeatures:
    """A streaming chain from sound to feature frames: resampler, automatic gain, spectra, onsets, beat oscillator.

    Frame k describes the sound up to time (k + 1) / rate_hz and is given with input sample
    ceil((k + 1) * sample_rate_hz / rate_hz); T seconds give floor(T * rate_hz) frames, whatever the blocks. Nothing
    looks ahead and nothing is a statistic of a whole file.

    Columns (`columns` maps the name to a slice), float32 of order one:
        mel (80): log-mel, (dB + 15) / 15, floor -60 dB: the last 85 ms, 30 Hz to 11 kHz.
        mfcc (20): orthonormal DCT of the mel columns / (9, 5, 2.5, 1.2, 1.2, ...).
        chroma (12): pitch classes of the last 171 ms, the strongest 1; zeros in silence.
        onset (4): strongest flux within the frame in all, low, mid, high bands, dB / 10, at most 3.
        beat (5): cos and sin of the beat's phase, log2(bpm / 120), and two probabilities: that tempo and phase are
            right (within 6 % and an eighth of a beat), and that the tempo is. Of frames at 0.8, eight of ten are right.

    Attributes:
        rate_hz: Frames a second.
        dims: 121.
        latency_s: Delay of the resampler; the beat columns are read at the present (or ahead of it).
        fingerprint: Names the values of the features; the same for every input rate.

    Example:
        >>> features = AudioFeatures(AudioFeaturesConfig(sample_rate_hz=44_100, rate_hz=30))
        >>> state = features.initial_state()
        >>> frames, state = features.step(np.zeros(4_410, np.float32), state)  # a tenth of a second, however it was cut
        >>> frames.shape, features.columns["beat"]
        ((3, 121), slice(116, 121, None))
    """

    def __init__(self, config: AudioFeaturesConfig | None = None) -> None:
        self.config = config = config or AudioFeaturesConfig()
        self.rate_hz = config.rate_hz
        self._hops_per_frame = HOP_RATE_HZ // config.rate_hz
        self._resampler = PolyphaseResampler(config.sample_rate_hz, INTERNAL_RATE_HZ)
        self._gain = AutomaticGain(INTERNAL_RATE_HZ, _HOP_SAMPLES, GainConfig())
        self._onset = OnsetFlux(HOP_RATE_HZ)
        self._beat = BeatTracker()
        self._mel = LogMel(_MEL_WINDOW, NUM_MEL, _MEL_FLOOR_DB)
        self._chroma = Chroma(_CHROMA_WINDOW)
        self.latency_s = self._resampler.latency_s
        self.columns, self.dims = COLUMNS, DIMS
        self.fingerprint = self._fingerprint()

    def _fingerprint(self) -> str:
        facts = {
            "version": FEATURES_VERSION,
            "rate_hz": self.rate_hz,
            "internal_rate_hz": INTERNAL_RATE_HZ,
            "hop_rate_hz": HOP_RATE_HZ,
            "columns": {name: [column.start, column.stop] for name, column in self.columns.items()},
            "windows": [_MEL_WINDOW, _CHROMA_WINDOW, OnsetFlux.WINDOW_SAMPLES, OnsetFlux.NUM_BANDS, OnsetFlux.LAG],
            "scales": [
                _MEL_FLOOR_DB,
                _MEL_CENTRE_DB,
                _MEL_SPAN_DB,
                *_MFCC_SPANS.tolist(),
                _ONSET_SPAN_DB,
                _MAX_ONSET_DB,
            ],
            "gain": dataclasses.asdict(self._gain.config),
            "beat": self._beat.facts(),
            "beat_network": WEIGHTS_CHECKSUM,
        }
        return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:16]

    def initial_state(self) -> AudioFeaturesState:
        """A stream that was silent before its first sample."""
        return AudioFeaturesState(
            resampler=self._resampler.initial_state(),
            gain=self._gain.initial_state(),
            onset=self._onset.initial_state(),
            beat=self._beat.initial_state(),
            pending=np.zeros(_HOP_SAMPLES, np.float32),
            num_pending=0,
            signal=np.zeros(_CHROMA_WINDOW, np.float32),
            onset_peak=np.zeros(4, np.float32),
            frame_power=0.0,
            num_hops=0,
            num_frames=0,
            num_bad_samples=0,
        )

    def step(
        self, samples: FloatArray, state: AudioFeaturesState, beat_ahead_s: float = 0.0
    ) -> tuple[FloatArray, AudioFeaturesState]:
        """The vectors of the frames that `samples` completes, (frames, dims), often no frame; see `step_frames`."""
        frames, state = self.step_frames(samples, state, beat_ahead_s)
        return np.array([frame.vector for frame in frames], np.float32).reshape(len(frames), self.dims), state

    def step_frames(
        self, samples: FloatArray, state: AudioFeaturesState, beat_ahead_s: float = 0.0
    ) -> tuple[list[FeatureFrame], AudioFeaturesState]:
        """The frames that `samples` completes, each with its level and its place in the beat.

        Args:
            samples: Mono float32 (n,) in [-1, 1] at `config.sample_rate_hz`, any n.
            state: From the step before.
            beat_ahead_s: The beat columns are read so much after the frame's end: the latency of the output.

        Returns:
            The frames, often none, and the state.

        Raises:
            ValueError: `samples` is not mono float32.
        """
        check_mono_float32(samples)
        good = np.abs(samples) <= _MAX_SAMPLE  # NaN compares false
        if not good.all():
            state.num_bad_samples += int(len(good) - np.count_nonzero(good))
            samples = np.where(good, samples, np.float32(0.0))
        resampled, state.resampler = self._resampler.step(samples, state.resampler)
        frames: list[FeatureFrame] = []
        start = 0
        while start < len(resampled):
            stop = min(start + _HOP_SAMPLES - state.num_pending, len(resampled))
            num_filled = state.num_pending + stop - start
            state.pending[state.num_pending : num_filled] = resampled[start:stop]
            start, state.num_pending = stop, num_filled
            if num_filled == _HOP_SAMPLES:
                state.num_pending = 0
                self._step_hop(state)
                if state.num_hops % self._hops_per_frame == 0:
                    frames.append(self._frame(state, beat_ahead_s))
        return frames, state

    def offline(self, samples: FloatArray) -> FloatArray:
        """Features (frames, dims) of a whole recording: the live object, fed the file."""
        return run_offline(self, samples)

    def _step_hop(self, state: AudioFeaturesState) -> None:
        """Take the full hop in `pending` into gain, signal, onsets and beat."""
        hop, state.gain = self._gain.step(state.pending, state.gain)
        state.signal[:-_HOP_SAMPLES] = state.signal[_HOP_SAMPLES:]
        state.signal[-_HOP_SAMPLES:] = hop
        flux, state.onset = self._onset.step(state.signal, state.onset)
        _, state.beat = self._beat.step(state.onset.mel_db[-1], flux, state.beat)
        np.maximum(state.onset_peak, flux, out=state.onset_peak)
        state.frame_power += state.gain.hop_power
        state.num_hops += 1

    def _frame(self, state: AudioFeaturesState, beat_ahead_s: float) -> FeatureFrame:
        """The feature frame at the end of the newest hop."""
        mel = (self._mel(state.signal) - np.float32(_MEL_CENTRE_DB)) / np.float32(_MEL_SPAN_DB)
        vector = np.concatenate(
            [
                mel,
                mfcc(mel, NUM_MFCC) / _MFCC_SPANS,
                self._chroma(state.signal),
                np.minimum(state.onset_peak, np.float32(_MAX_ONSET_DB)) / np.float32(_ONSET_SPAN_DB),
                self._beat.features(state.beat, beat_ahead_s),
            ],
            dtype=np.float32,
        )
        level_dbfs = power_to_dbfs(state.frame_power / self._hops_per_frame)
        state.onset_peak[:] = 0.0
        state.frame_power = 0.0
        state.num_frames += 1
        return FeatureFrame(vector, level_dbfs, self._beat.beats_at(state.beat, beat_ahead_s))
