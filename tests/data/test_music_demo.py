"""The demo track: rendered once, kept, and made again when it is damaged."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from data.music import demo_beat_times, demo_song


def test_the_demo_is_a_whole_song_with_its_beats(tmp_path: Path) -> None:
    path = demo_song(tmp_path)
    samples, sample_rate_hz = soundfile.read(path)

    assert sample_rate_hz == 48000
    assert samples.ndim == 1
    assert 70.0 < len(samples) / sample_rate_hz < 80.0
    beats = demo_beat_times(path)
    assert beats[0] == 0.0
    np.testing.assert_allclose(np.diff(beats), 60.0 / 116.0, atol=1e-9)
    assert beats[-1] < len(samples) / sample_rate_hz
    assert {entry.suffix for entry in tmp_path.iterdir()} == {".flac", ".json"}, "nothing half-written stays"


def test_the_demo_is_kept_and_mended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr("data.music.demo._NUM_BEATS", 8)  # it is rendered three times here, and its length is all one
    path = demo_song()
    assert path.is_relative_to(tmp_path)
    whole, written_at = path.read_bytes(), path.stat().st_mtime_ns

    assert demo_song() == path
    assert path.stat().st_mtime_ns == written_at, "the second time it is not rendered again"

    path.write_bytes(whole[: len(whole) // 2])
    assert demo_song().read_bytes() == whole
    path.with_suffix(".json").write_text("{")
    assert demo_song().read_bytes() == whole
