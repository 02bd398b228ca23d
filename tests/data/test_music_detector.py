"""The music detector: music is heard within a second and kept, speech, applause and noise are not danced to."""

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from data.formats.sound_file import read_sound
from data.music import synthesise
from data.sound.audio_features import INTERNAL_RATE_HZ, AudioFeatures, AudioFeaturesConfig
from data.sound.music_detector import RATE_HZ, MusicDetector, MusicDetectorConfig
from tests.data.drum_loop import drum_loop
from training.music_detector.made_music import ambient
from training.music_detector.made_sound import applause, hum, noise, talk
from training.music_detector.recordings import spoken_by_espeak

LEVEL = 0.1  # -20 dBFS


def at_level(samples: np.ndarray, level: float = LEVEL) -> np.ndarray:
    return (samples * (level / np.sqrt(np.mean(np.square(samples))))).astype(np.float32)


def danced(samples: np.ndarray, sample_rate_hz: int = INTERNAL_RATE_HZ, rate_hz: int = RATE_HZ) -> np.ndarray:
    """Of each frame whether it is danced to, after a second of silence that is cut off again."""
    features = AudioFeatures(AudioFeaturesConfig(sample_rate_hz=sample_rate_hz, rate_hz=rate_hz))
    detector = MusicDetector(MusicDetectorConfig(rate_hz=rate_hz))
    state, verdicts = detector.initial_state(), []
    for frame in features.offline(np.concatenate([np.zeros(sample_rate_hz, np.float32), samples])):
        verdict, state = detector.step(frame, state)
        verdicts.append(verdict)
    return np.array(verdicts[rate_hz:])


def assert_danced(verdicts: np.ndarray, rate_hz: int = RATE_HZ) -> None:
    assert np.argmax(verdicts) <= 0.5 * rate_hz  # the figure needs half a second to rise
    assert verdicts.any()
    assert 1.0 - verdicts.mean() <= 0.05


@pytest.mark.parametrize("style", ["house", "pop", "jazz", "hiphop"])
def test_songs_are_danced(style: str) -> None:
    song = synthesise(style, 112.0, 36, seed=77, sample_rate_hz=INTERNAL_RATE_HZ)
    assert_danced(danced(at_level(song.samples)))


@pytest.mark.parametrize(
    "change", [lambda x: x * 0.03, lambda x: np.clip(8.0 * x, -0.9, 0.9)], ids=["quiet", "clipped"]
)
def test_quiet_and_clipped_songs_too(change: Callable[[np.ndarray], np.ndarray]) -> None:
    song = synthesise("house", 124.0, 40, seed=3, sample_rate_hz=INTERNAL_RATE_HZ)
    assert_danced(danced(change(at_level(song.samples)).astype(np.float32)))


@pytest.mark.parametrize("bpm", [60, 97, 128, 174])
def test_drums_alone_are_music(bpm: float) -> None:
    assert_danced(danced(at_level(drum_loop(bpm, 20.0)[0])))


def test_slow_music_without_a_beat_is_music() -> None:
    """Pads, drones, a few bells, and chords in which nothing happens for seconds; not every drone is heard."""
    shares = [danced(at_level(ambient(np.random.default_rng(seed), 20.0))).mean() for seed in range(401, 409)]
    assert np.mean(shares) >= 0.7
    assert np.median(shares) >= 0.9


def test_a_chord_that_is_held_does_not_end_a_song() -> None:
    song = at_level(synthesise("house", 120.0, 26, seed=4, sample_rate_hz=INTERNAL_RATE_HZ).samples)
    time_s = np.arange(5 * INTERNAL_RATE_HZ) / INTERNAL_RATE_HZ
    partials_hz = [pitch_hz * number for pitch_hz in (196.0, 246.9, 293.7, 392.0) for number in (1, 2, 3)]
    chord = at_level(np.sin(2 * np.pi * np.outer(partials_hz, time_s)).sum(axis=0))
    verdicts = danced(np.concatenate([song, chord]))
    assert verdicts[len(song) * RATE_HZ // INTERNAL_RATE_HZ :].all()


@pytest.mark.parametrize("rate_hz", [20, 60])
def test_other_frame_rates(rate_hz: int) -> None:
    song = synthesise("house", 118.0, 36, seed=5, sample_rate_hz=INTERNAL_RATE_HZ)
    assert_danced(danced(at_level(song.samples), rate_hz=rate_hz), rate_hz)
    talks = [at_level(talk(np.random.default_rng(seed), 15.0)) for seed in (101, 102)]
    assert np.mean([danced(speech, rate_hz=rate_hz).mean() for speech in talks]) <= 0.1


@pytest.mark.parametrize("seed", [101, 102, 103])
@pytest.mark.parametrize("make", [talk, applause, noise, hum])
def test_what_is_no_music_is_not_danced(make: Callable[[np.random.Generator, float], np.ndarray], seed: int) -> None:
    assert danced(at_level(make(np.random.default_rng(seed), 20.0))).mean() <= 0.1


def test_a_song_after_a_talk_is_found_and_the_talk_after_it_left() -> None:
    song = at_level(synthesise("house", 120.0, 30, seed=8, sample_rate_hz=INTERNAL_RATE_HZ).samples)
    speech = at_level(talk(np.random.default_rng(5), 15.0))
    verdicts = danced(np.concatenate([speech, song, speech]))
    begins, ends = len(speech) * RATE_HZ // INTERNAL_RATE_HZ, (len(speech) + len(song)) * RATE_HZ // INTERNAL_RATE_HZ
    assert np.argmax(verdicts[begins:]) <= 2 * RATE_HZ
    assert verdicts[begins + 2 * RATE_HZ : ends].mean() >= 0.95
    assert verdicts[ends + 3 * RATE_HZ :].mean() <= 0.1


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is missing: apt install espeak-ng")
@pytest.mark.parametrize("voice", ["fr-fr", "en-gb-scotland+m5"])
def test_voices_that_were_held_out_are_not_danced(voice: str) -> None:
    shares = [danced(at_level(one.samples)).mean() for one in spoken_by_espeak([voice], seed=9, num_texts=2)]
    assert np.mean(shares) <= 0.1


@pytest.mark.parametrize("name", ["Kevin_MacLeod_-_Vibe_Ace.hq.ogg", "Karissa_Hobbs_-_Lets_Go_Fishin.hq.ogg"])
def test_recordings_that_were_held_out_are_danced(shared_data: Path, name: str) -> None:
    samples, sample_rate_hz = read_sound(shared_data / "music" / name)
    assert_danced(danced(at_level(samples[10 * sample_rate_hz : 35 * sample_rate_hz]), sample_rate_hz))


def test_it_is_pure_and_goes_on_from_a_saved_state() -> None:
    frames = AudioFeatures(AudioFeaturesConfig(sample_rate_hz=INTERNAL_RATE_HZ)).offline(
        at_level(drum_loop(100, 4.0)[0])
    )
    detector = MusicDetector()
    state, logits = detector.initial_state(), []
    for index, frame in enumerate(frames):
        if index == 50:
            saved = state.to_arrays()
        _, state = detector.step(frame, state)
        logits.append(state.logit)
    again = detector.initial_state().restored(saved)
    for index in range(50, len(frames)):
        _, again = detector.step(frames[index], again)
        assert again.logit == logits[index]


def test_a_frame_that_is_no_number_is_not_heard() -> None:
    detector = MusicDetector()
    state = detector.initial_state()
    before = state.copy()
    verdict, state = detector.step(np.full(121, np.nan, np.float32), state)
    assert not verdict
    assert state.logit == before.logit
    assert np.isfinite(state.hidden).all()


def test_speech_stays_speech_over_a_pause_and_is_forgotten_after_a_long_one() -> None:
    detector = MusicDetector()
    state = detector.initial_state()
    state.verdict = -1
    silence = np.concatenate([np.full(80, -3.0), np.zeros(41)]).astype(np.float32)
    for _ in range(3 * RATE_HZ):
        _, state = detector.step(silence, state)
    assert state.verdict == -1
    for _ in range(6 * RATE_HZ):
        _, state = detector.step(silence, state)
    assert state.verdict == 0
