"""The transforms are those of scipy.fft to the bit, with or without the compiled module loaded alone."""

from pathlib import Path

import numpy as np
import pytest
import scipy.fft

from data.formats.sound_file import read_sound
from data.sound import fourier
from data.sound.audio_features import AudioFeatures, AudioFeaturesConfig

SIZES = (1, 2, 20, 40, 64, 441, 735, 1024, 2048, 4096)


@pytest.fixture(params=["the compiled module", "another scipy"])
def transforms(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "another scipy":
        monkeypatch.setattr(fourier, "_compiled", fourier._load("scipy.fft._elsewhere.transforms"))
    assert (fourier._compiled is None) == (request.param == "another scipy")


@pytest.mark.usefixtures("transforms")
@pytest.mark.parametrize("size", SIZES)
def test_they_are_those_of_scipy_to_the_bit(size: int) -> None:
    rng = np.random.default_rng(size)
    for scale in (1e-6, 1.0, 1e4):
        values = (scale * rng.standard_normal(size)).astype(np.float32)
        given = values.copy()
        for ours, theirs in (
            (fourier.rfft(values), scipy.fft.rfft(values)),
            (fourier.dct(values), scipy.fft.dct(values, type=2, norm="ortho")),
        ):
            assert ours.dtype == theirs.dtype
            np.testing.assert_array_equal(ours, theirs)
        np.testing.assert_array_equal(values, given)


def test_real_music_is_heard_the_same_to_the_bit(shared_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    samples, rate_hz = read_sound(shared_data / "music" / "Kevin_MacLeod_-_Vibe_Ace.hq.ogg")
    samples = samples[10 * rate_hz : 15 * rate_hz]
    features = AudioFeatures(AudioFeaturesConfig(sample_rate_hz=rate_hz, rate_hz=30))
    ours, _ = features.step(samples, features.initial_state())
    monkeypatch.setattr(fourier, "rfft", scipy.fft.rfft)
    monkeypatch.setattr(fourier, "dct", lambda values: scipy.fft.dct(values, type=2, norm="ortho"))
    theirs, _ = features.step(samples, features.initial_state())
    assert len(ours) >= 148
    assert ours.tobytes() == theirs.tobytes()


def test_a_compiled_module_that_does_not_load_is_done_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "broken.py").write_text("raise ImportError('no such symbol')\n")
    monkeypatch.setattr(scipy, "__path__", [str(tmp_path)])
    assert fourier._load("scipy.broken") is None
