import time

import librosa
import numpy as np
import pytest

from data.sound.audio_features import AudioFeatures, AudioFeaturesConfig, AudioFeaturesState
from data.sound.feature_frame import FeatureFrame
from data.sound.level import AutomaticGain, GainState
from data.sound.resampler import PolyphaseResampler
from data.sound.streaming import FloatArray, run_offline
from tests.data.drum_loop import drum_loop
from tests.data.streaming_contract import verify_streaming_contract

MEL, MFCC, CHROMA, ONSET, BEAT = (slice(0, 80), slice(80, 100), slice(100, 112), slice(112, 116), slice(116, 121))


def song(duration_s: float = 8.0, sample_rate_hz: int = 48_000, **options: object) -> FloatArray:
    return drum_loop(120.0, duration_s, sample_rate_hz=sample_rate_hz, noise_db=-45.0, **options)[0]  # type: ignore[arg-type]


def features(samples: FloatArray, sample_rate_hz: int = 48_000, rate_hz: int = 30) -> FloatArray:
    return AudioFeatures(AudioFeaturesConfig(sample_rate_hz=sample_rate_hz, rate_hz=rate_hz)).offline(samples)


@pytest.mark.parametrize("sample_rate_hz", [8_000, 11_025, 22_050, 44_100, 48_000, 96_000])
def test_it_streams(sample_rate_hz: int) -> None:
    chain = AudioFeatures(AudioFeaturesConfig(sample_rate_hz=sample_rate_hz))
    verify_streaming_contract(chain, song(3.0, sample_rate_hz))


def test_it_streams_with_garbage_in_it() -> None:
    samples = song(3.0)
    samples[20_000:20_050] = np.nan
    samples[90_000] = np.inf
    verify_streaming_contract(AudioFeatures(), samples)


@pytest.mark.parametrize("sample_rate_hz", [8_000, 22_050, 44_100, 44_101, 48_000, 96_000, 192_000])
@pytest.mark.parametrize("rate_hz", [20, 30, 60])
def test_t_seconds_give_floor_t_times_rate_frames_each_with_its_last_sample(sample_rate_hz: int, rate_hz: int) -> None:
    chain = AudioFeatures(AudioFeaturesConfig(sample_rate_hz=sample_rate_hz, rate_hz=rate_hz))
    state = chain.initial_state()
    num_given = 0
    for frame in range(12):
        end = -(-(frame + 1) * sample_rate_hz // rate_hz)  # ceil
        early, state = chain.step(np.zeros(end - 1 - num_given, np.float32), state)
        assert len(early) == 0
        last, state = chain.step(np.zeros(1, np.float32), state)
        assert last.shape == (1, chain.dims)
        num_given = end
    for duration_s in (0.01, 0.7001, 1.0, 2.4999):
        num_samples = int(duration_s * sample_rate_hz)
        assert len(chain.offline(np.zeros(num_samples, np.float32))) == num_samples * rate_hz // sample_rate_hz


def test_the_columns_and_their_scale() -> None:
    chain = AudioFeatures()
    assert chain.dims == 121
    assert chain.columns == {"mel": MEL, "mfcc": MFCC, "chroma": CHROMA, "onset": ONSET, "beat": BEAT}
    frames = chain.offline(song())
    assert frames.dtype == np.float32
    assert np.abs(frames).max() < 8.0
    for name, column in chain.columns.items():
        assert 0.05 < frames[30:, column].std() < 1.5, name
    np.testing.assert_allclose(np.hypot(*frames[:, BEAT][:, :2].T), 1.0, atol=1e-5)


class Bypass(AutomaticGain):
    """A gain that leaves the sound alone, so that librosa hears the same."""

    def step(self, hop: FloatArray, state: GainState) -> tuple[FloatArray, GainState]:
        return hop, state


@pytest.mark.xdist_group("librosa")  # it takes long to compile itself: once, for all who ask it
def test_librosa_hears_the_same() -> None:
    samples = song(6.0)
    chain = AudioFeatures()
    chain._gain = Bypass(24_000, 200)
    frames = chain.offline(samples)
    at_24_khz = run_offline(PolyphaseResampler(48_000, 24_000), samples)
    hop = 24_000 // 30

    def padded(window: int) -> FloatArray:  # so that librosa's frame k ends where ours does
        return np.pad(at_24_khz, (window - hop, 0))

    mel = librosa.feature.melspectrogram(
        y=padded(2048), sr=24_000, n_fft=2048, hop_length=hop, center=False, n_mels=80, fmin=30, fmax=11_000
    )
    mel_db = np.maximum(librosa.power_to_db(mel, top_db=None), -60.0)
    np.testing.assert_allclose(15.0 * frames[:, MEL] - 15.0, mel_db.T, atol=5e-3)

    mfcc = librosa.feature.mfcc(S=(mel_db + 15.0) / 15.0, n_mfcc=20).T
    spans = np.array([9.0, 5.0, 2.5] + [1.2] * 17)
    np.testing.assert_allclose(frames[:, MFCC] * spans, mfcc, atol=5e-3)

    chroma = librosa.feature.chroma_stft(
        y=padded(4096), sr=24_000, n_fft=4096, hop_length=hop, center=False, tuning=0.0, norm=np.inf
    ).T
    np.testing.assert_allclose(frames[:, CHROMA], chroma, atol=1e-4)

    hop = 200
    onset_mel = librosa.feature.melspectrogram(
        y=padded(1024), sr=24_000, n_fft=1024, hop_length=hop, center=False, n_mels=64, fmin=30, fmax=11_000
    )
    onset_db = np.maximum(librosa.power_to_db(onset_mel, top_db=None), -60.0)
    flux = librosa.onset.onset_strength(S=onset_db, sr=24_000, lag=3, max_size=1, center=False, detrend=False)
    peaks = np.minimum(flux.reshape(-1, 4).max(axis=1), 30.0) / 10.0
    np.testing.assert_allclose(frames[1:, ONSET.start], peaks[1:], atol=1e-3)


def test_no_sample_goes_unheard() -> None:
    """The original's mel windows left out more than half of the sound between two frames."""
    chain = AudioFeatures()
    before, samples = np.split(song(2.5), [95_000])
    _, state = chain.step(before, chain.initial_state())
    heard, _ = chain.step(samples, state.copy())
    for offset in range(0, 1600, 100):  # over one frame
        clicked = samples.copy()
        clicked[1000 + offset] += 0.5
        assert np.abs(chain.step(clicked, state.copy())[0] - heard)[:, MEL].max() > 0.02, offset


@pytest.fixture(scope="module")
def settled() -> tuple[FloatArray, FloatArray]:
    """A song and its features, settled after the first second."""
    samples = song(15.0)
    return samples, features(samples)[30:]


@pytest.mark.parametrize("gain_db", [-20.0, -10.0, 10.0])
def test_the_volume_knob_does_not_matter(settled: tuple[FloatArray, FloatArray], gain_db: float) -> None:
    samples, plain = settled
    turned = features((samples * 10 ** (gain_db / 20)).astype(np.float32))[30:]
    difference = np.abs(turned - plain)
    print(f"{gain_db} dB: p99 {np.quantile(difference, 0.99):.4f}, max {difference.max():.4f}")
    assert np.quantile(difference, 0.99) < 0.02
    assert difference[:, MEL].mean() < 0.005


def test_the_volume_turned_down_in_mid_song_is_made_up_in_twenty_seconds() -> None:
    chain = AudioFeatures()
    before, samples = np.split(song(36.0), [10 * 48_000])
    _, state = chain.step(before, chain.initial_state())
    plain, turned = (chain.step(part, state.copy())[0] for part in (samples, samples * np.float32(0.1)))
    difference = np.abs(turned - plain)[600:, MEL]
    print(f"dB off 20 s after -20 dB: {15 * difference.mean():.2f}")
    assert 15.0 * difference.mean() < 1.0  # dB


def test_44100_and_48000_hz_give_the_same_features() -> None:
    # the same sound at two rates: made at both of tones, which no resampler has touched
    generator = np.random.default_rng(3)
    frequencies_hz, phases = generator.uniform(40, 8_000, 60), generator.uniform(0, 6.28, 60)

    def chord(sample_rate_hz: int) -> FloatArray:
        time_s = np.arange(6 * sample_rate_hz) / sample_rate_hz
        tones = np.sin(2 * np.pi * frequencies_hz[:, None] * time_s + phases[:, None]).sum(axis=0)
        return (0.02 * tones * (1 + np.sign(np.sin(2 * np.pi * 2 * time_s + 0.3)) * 0.8)).astype(np.float32)

    difference = np.abs(features(chord(44_100), 44_100) - features(chord(48_000), 48_000))[30:]
    print(
        f"44.1 against 48 kHz: p99 {np.quantile(difference, 0.99):.4f} ({15 * difference[:, MEL].mean():.3f} dB mean)"
    )
    assert np.quantile(difference, 0.99) < 0.05
    assert difference[:, ONSET].max() < 0.1


def test_silence_is_one_constant_frame() -> None:
    frames = features(np.zeros(48_000 * 3, np.float32))
    still = np.delete(frames, [BEAT.start, BEAT.start + 1], axis=1)  # the oscillator turns, without confidence
    assert (still == still[0]).all()
    np.testing.assert_allclose(frames[:, MEL], -3.0, rtol=1e-6)
    assert not frames[:, CHROMA].any()
    assert not frames[:, ONSET].any()
    assert not frames[:, BEAT][:, 3:].any()


def test_faint_noise_is_silence() -> None:
    noise = (10 ** (-75 / 20) * np.random.default_rng(0).standard_normal(48_000 * 3)).astype(np.float32)
    frames = features(noise)
    np.testing.assert_allclose(frames[:, MEL], -3.0, rtol=1e-6)
    assert not frames[:, ONSET].any()


def run(samples: FloatArray) -> tuple[FloatArray, AudioFeaturesState]:
    chain = AudioFeatures()
    return chain.step(samples, chain.initial_state())


def last_frame(samples: FloatArray) -> FeatureFrame:
    chain = AudioFeatures()
    return chain.step_frames(samples, chain.initial_state())[0][-1]


def test_the_input_level_is_measured_before_the_gain() -> None:
    tone = np.sin(2 * np.pi * 1000 * np.arange(48_000) / 48_000).astype(np.float32)
    assert last_frame(tone).level_dbfs == pytest.approx(-3.01, abs=0.05)
    assert last_frame(0.01 * tone).level_dbfs == pytest.approx(-43.01, abs=0.05)
    assert last_frame(np.zeros(48_000, np.float32)).level_dbfs == -120.0


def test_every_frame_of_a_block_has_its_own_level_and_beat() -> None:
    """A block of any length gives what blocks of a sample would: who has a frame needs no state."""
    tone = np.sin(2 * np.pi * 440 * np.arange(48_000) / 48_000).astype(np.float32)
    samples = np.concatenate([tone, 0.1 * tone, np.zeros_like(tone)])
    chain = AudioFeatures()
    whole, _ = chain.step_frames(samples, chain.initial_state(), 0.05)
    state, pieces = chain.initial_state(), []
    for start in range(0, len(samples), 331):
        frames, state = chain.step_frames(samples[start : start + 331], state, 0.05)
        pieces += frames
    assert len(whole) == len(pieces) == 90
    assert [frame.level_dbfs for frame in whole] == [frame.level_dbfs for frame in pieces]
    assert [frame.beat for frame in whole] == [frame.beat for frame in pieces]
    np.testing.assert_array_equal([frame.vector for frame in whole], [frame.vector for frame in pieces])
    loud, soft, silent = (whole[index].level_dbfs for index in (20, 50, 80))
    assert loud - soft == pytest.approx(20, abs=0.1)
    assert silent == -120.0
    for frame in whole:
        cosine, sine = frame.vector[chain.columns["beat"]][:2].tolist()
        assert (np.arctan2(sine, cosine) / (2 * np.pi) - frame.beat + 0.5) % 1 == pytest.approx(0.5, abs=1e-5)


def test_bad_samples_are_zeros_and_counted() -> None:
    samples = song(2.0)
    cleaned = samples.copy()
    for index, bad in {100: np.nan, 40_000: np.inf, 40_001: -np.inf, 50_000: 1e30}.items():
        samples[index], cleaned[index] = bad, 0.0
    frames, state = run(samples)
    assert state.num_bad_samples == 4
    np.testing.assert_array_equal(frames, run(cleaned)[0])


def test_the_beat_is_read_ahead_and_nothing_else_moves() -> None:
    samples = song(10.0)
    chain = AudioFeatures()
    now, state = chain.step(samples, chain.initial_state())
    ahead, _ = chain.step(samples, chain.initial_state(), 0.1)
    np.testing.assert_array_equal(ahead[:, : BEAT.start], now[:, : BEAT.start])
    turned = np.angle(np.exp(1j * (np.arctan2(*ahead[-1, 117:115:-1]) - np.arctan2(*now[-1, 117:115:-1]))))
    assert turned == pytest.approx(2 * np.pi * 0.1 * state.beat.bpm / 60, abs=1e-3)


def test_the_state_tells_the_beat() -> None:
    _, state = run(song(12.0, pattern="four"))
    assert state.beat.bpm == pytest.approx(120.0, rel=0.02)
    assert state.beat.count == pytest.approx(24, abs=2)
    assert state.beat.phase_confidence > 0.8
    assert state.num_frames == 360


def test_the_fingerprint_names_the_values_not_the_device() -> None:
    fingerprint = AudioFeatures().fingerprint
    assert len(fingerprint) == 16
    assert AudioFeatures(AudioFeaturesConfig(sample_rate_hz=44_100)).fingerprint == fingerprint
    assert AudioFeatures(AudioFeaturesConfig(rate_hz=60)).fingerprint != fingerprint


@pytest.mark.parametrize("rate_hz", [0, 25, 50, 240])
def test_a_frame_rate_off_the_grid_is_refused(rate_hz: int) -> None:
    with pytest.raises(ValueError, match=f"not {rate_hz}"):
        AudioFeaturesConfig(rate_hz=rate_hz)


@pytest.mark.parametrize("samples", [np.zeros(9, np.int16), np.zeros(9), np.zeros((9, 2), np.float32)])
def test_wrong_samples_are_refused(samples: FloatArray) -> None:
    chain = AudioFeatures()
    with pytest.raises(ValueError, match="samples must be"):
        chain.step(samples, chain.initial_state())


def test_the_cost_is_printed() -> None:
    samples = song(10.0)
    chain = AudioFeatures()
    state = chain.initial_state()
    start_s = time.process_time()
    for block in range(0, len(samples), 512):
        _, state = chain.step(samples[block : block + 512], state)
    print(f"{100 * (time.process_time() - start_s) / 10.0:.2f} % of one core (48 kHz, 512-sample blocks, 30 Hz)")
