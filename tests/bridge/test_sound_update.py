"""What is sent of the sound, from real features of music with known beats."""

import numpy as np
import pytest

from bridge.clocks.conductor import Conductor
from bridge.control.controls import BeatControls
from bridge.live.sound_update import sound_update
from data.music import synthesise
from data.sound.audio_features import AudioFeatures, AudioFeaturesConfig

AHEAD_S = 0.1


@pytest.fixture(scope="module")
def updates():
    """Frame times in seconds, and all that was heard in sixteen bars of house at 120 bpm, read ahead."""
    song = synthesise("house", 120.0, 64, 0, sample_rate_hz=24_000)
    features = AudioFeatures(AudioFeaturesConfig(sample_rate_hz=24_000, rate_hz=30))
    state = features.initial_state()
    heard = []
    conductor = Conductor()
    leading = conductor.initial_state()
    for start in range(0, len(song.samples), 800):
        frames, state = features.step_frames(song.samples[start : start + 800], state, AHEAD_S)
        for frame in frames:
            conducted, leading = conductor.step(frame, start / 24_000, AHEAD_S, BeatControls(), leading)
            heard.append(sound_update(conducted.frame, conducted.beat, conducted.source))
    return (np.arange(len(heard)) + 1) / 30, heard


def test_the_beat_is_sent_for_the_moment_at_which_the_pose_is_shown(updates):
    times_s, heard = updates
    late = times_s > 12
    phases = np.array([one.beat.phase for one in heard])[late]
    # Beat 0 is at time 0, two beats a second.
    error = (phases - 2 * (times_s[late] + AHEAD_S) + 0.5) % 1 - 0.5
    assert np.abs(np.median(error)) < 0.06
    assert all(one.beat.bpm == pytest.approx(120, rel=0.03) for one in heard[-300:])


def test_the_count_turns_over_with_the_phase(updates):
    times_s, heard = updates
    beats = np.array([one.beat.beat + one.beat.phase for one in heard])
    steps = np.diff(beats[times_s > 12])
    assert steps.min() >= 0
    assert steps.max() < 0.25  # a count that lags behind the phase would fall by one and jump by one


def test_levels_lie_where_lights_expect_them(updates):
    _, heard = updates
    for name in ("rms", "low", "mid", "high", "onset"):
        values = np.array([getattr(one.levels, name) for one in heard])
        assert np.isfinite(values).all()
        assert values.min() >= 0
        assert 0.05 < values.max() < 2
