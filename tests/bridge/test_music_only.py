"""In the engine: only music is danced to, unless that is switched off; and to music nobody stands."""

from dataclasses import replace

import numpy as np
import pytest

from bridge.control.controls import Controls
from bridge.dancer.dancer_file import DancerFile
from bridge.engine.engine import Engine
from bridge.engine.offline import SongFeatures, dance_to, song_features
from bridge.engine.why import Reason, why_still
from data.movement.speed import joint_speed
from data.music.drums import DrumKit
from data.sound.audio_features import INTERNAL_RATE_HZ
from data.sound.music_detector import MusicDetector
from training.music_detector.made_sound import talk

RATE_HZ = 30
TALK = talk(np.random.default_rng(4), 12.0)


def bare_loop(bpm: float, seconds: float) -> np.ndarray:
    """Kick, snare and hat, nothing else, at -20 dBFS."""
    kit, half_beat = DrumKit(3, 50.0, 0.2, INTERNAL_RATE_HZ), 30.0 / bpm
    sound = np.zeros(round((seconds + 2) * INTERNAL_RATE_HZ), np.float32)
    for number in range(int(seconds / half_beat)):
        hits = {"closed hat": 0.3} | ({0: {"kick": 0.8}, 2: {"snare": 0.7}}.get(number % 4, {}))
        for voice, gain in hits.items():
            hit, at = kit.render(voice), round(number * half_beat * INTERNAL_RATE_HZ)
            sound[at : at + len(hit)] += gain * hit
    sound = sound[: round(seconds * INTERNAL_RATE_HZ)]
    return sound * np.float32(0.1 / np.sqrt(np.mean(np.square(sound))))


@pytest.fixture(scope="module")
def engine() -> Engine:
    """The dancer that ships."""
    return DancerFile.open().load_engine(device="cpu")


def at_level(samples: np.ndarray) -> np.ndarray:
    return samples * np.float32(0.1 / np.sqrt(np.mean(np.square(samples))))


def features_of(samples: np.ndarray, look_ahead_frames: int = 0) -> SongFeatures:
    return song_features(at_level(samples), INTERNAL_RATE_HZ, rate_hz=RATE_HZ, look_ahead_frames=look_ahead_frames)


def weights(engine: Engine, sound: SongFeatures, controls: Controls) -> tuple[np.ndarray, list[Reason | None]]:
    """How much of each pose is dance, and why it is not."""
    state, shares, reasons = engine.initial_state(1), [], []
    for frame, level_dbfs in zip(sound.vectors, sound.levels_dbfs, strict=True):
        _, state = engine.step(frame, float(level_dbfs), state, controls)
        why = why_still(state.standing, controls)
        shares.append(state.dance)
        reasons.append(None if why is None else why.reason)
    return np.array(shares), reasons


def test_a_talk_is_not_danced_and_the_reason_is_reported(engine: Engine) -> None:
    shares, reasons = weights(engine, features_of(TALK), Controls())
    assert (shares > 0.5).mean() <= 0.1
    assert Reason.NOT_MUSIC in reasons
    assert (np.array(reasons[-60:]) != None).all()  # noqa: E711 - an element each


def test_switched_off_everything_that_sounds_is_danced_as_before(engine: Engine) -> None:
    shares, _ = weights(engine, features_of(TALK[: 4 * INTERNAL_RATE_HZ]), Controls(music_only=False))
    assert (shares[30:] > 0.5).all()


def test_a_drum_loop_is_danced_within_a_second(engine: Engine) -> None:
    silence = np.zeros(INTERNAL_RATE_HZ, np.float32)
    sound = song_features(np.concatenate([silence, bare_loop(97, 4.0)]), INTERNAL_RATE_HZ, rate_hz=RATE_HZ)
    shares, _ = weights(engine, sound, Controls())
    assert (shares[:RATE_HZ] == 0.0).all()
    assert shares[2 * RATE_HZ] == 1.0


def test_with_a_look_ahead_the_verdict_waits_for_its_dance() -> None:
    """The same verdicts as without, so many frames later as the music runs ahead."""
    look_ahead = 30
    ahead = DancerFile.open().load_engine(device="cpu", look_ahead_frames=look_ahead)
    sound = features_of(np.concatenate([np.zeros(INTERNAL_RATE_HZ, np.float32), bare_loop(120, 3.0)]), look_ahead)
    detector = MusicDetector()
    hears, expected = detector.initial_state(), []
    state = ahead.initial_state(0)
    for index, (frame, level_dbfs) in enumerate(zip(sound.vectors, sound.levels_dbfs, strict=True)):
        verdict, hears = detector.step(frame, hears)
        expected.append(verdict)
        _, state = ahead.step(frame, float(level_dbfs), state, Controls())
        assert state.is_music == (index >= look_ahead and expected[index - look_ahead])
    assert any(expected)


@pytest.mark.parametrize("bpm", [60, 174])
def test_nobody_stands_to_a_bare_drum_loop(engine: Engine, bpm: float) -> None:
    """Half a second of hardly any motion is a stand; it must not last for two seconds."""
    motion = dance_to(engine, features_of(bare_loop(bpm, 9.0)), seed=1)
    speed = np.convolve(joint_speed(motion), np.ones(15) / 15, mode="same")[RATE_HZ:]
    stands = np.concatenate([[False], speed < 0.2, [False]])
    edges = np.flatnonzero(np.diff(stands.astype(int)))
    assert (edges[1::2] - edges[::2]).max(initial=0) < 2 * RATE_HZ


def test_who_asks_for_a_dance_that_hardly_moves_is_obeyed(engine: Engine) -> None:
    controls = Controls(energy=0.0, keep_moving=True)
    kept = dance_to(engine, features_of(bare_loop(97, 4.0)), controls=controls, seed=1)
    free = dance_to(engine, features_of(bare_loop(97, 4.0)), controls=replace(controls, keep_moving=False), seed=1)
    assert np.array_equal(kept.rotations, free.rotations)


@pytest.mark.slow
def test_within_a_second_of_the_first_sound_a_dance_is_seen_in_every_style(engine: Engine):
    sound = features_of(np.concatenate([np.zeros(INTERNAL_RATE_HZ, np.float32), bare_loop(97.0, 1.0)]))
    for seed, style in enumerate(engine.styles):
        dance = dance_to(engine, sound, controls=Controls(style=style), seed=seed)
        positions = dance.global_positions()
        speed_m_s = np.linalg.norm(np.diff(positions, axis=0), axis=-1).mean(axis=1) * RATE_HZ
        fifth_s = np.convolve(speed_m_s, np.full(6, 1 / 6), "valid")
        assert fifth_s[: RATE_HZ - 6].max() < 0.15  # it stands in silence
        assert fifth_s[RATE_HZ : 2 * RATE_HZ - 6].max() > 0.25, style


def test_a_dance_begins_unseen_until_it_is_known_what_sounds(engine: Engine):
    for samples, is_music in ((bare_loop(128.0, 4.0), True), (TALK[: 4 * INTERNAL_RATE_HZ], False)):
        state, shares, prepared = engine.initial_state(1), [], []
        sound = features_of(samples)
        for frame, level_dbfs in zip(sound.vectors, sound.levels_dbfs, strict=True):
            _, state = engine.step(frame, float(level_dbfs), state, Controls())
            shares.append(state.dance)
            prepared.append(state.dancer is not None)
        began = int(np.argmax(np.array(shares) > 0.0))
        assert sum(prepared[:began]) >= 3
        assert prepared[-1] == is_music
