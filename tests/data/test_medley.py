"""Performances: dance where music sounds, standing where it does not, and no jump in between."""

import pickle

import numpy as np
import pytest

from data.dataset.choreography import Choreographer, Clip, ClipEntry, make_clip
from data.dataset.medley import SAMPLE_RATE_HZ, Medley, beat_positions, plan, render_motion, render_sound
from data.motion.feet import plant_feet
from data.motion.humanoid import default_skeleton
from data.motion.idle import IdleMotion
from data.motion.motion import Motion
from tests.clip_maker import CLIPS, dancing

RATE_HZ = 30


@pytest.fixture(scope="module")
def performances() -> list[Medley]:
    clips = [
        make_clip(dancing(bpm, 16, seed), ClipEntry(name, genre, group, bpm), RATE_HZ)
        for seed, (name, genre, group, bpm) in enumerate(CLIPS)
    ]
    choreographer = Choreographer(clips, stretch=1.15, may_mirror=True)
    return [plan(f"p{seed}", choreographer, np.random.default_rng(seed), seconds=48.0) for seed in range(8)]


@pytest.fixture(scope="module")
def motions(performances: list[Medley]) -> list[Motion]:
    return [render_motion(performance, standing_dancer()) for performance in performances]


def joint_speeds(motion: Motion) -> np.ndarray:
    return np.linalg.norm(np.diff(motion.global_positions(), axis=0), axis=-1) * motion.rate_hz


def standing_dancer() -> IdleMotion:
    return IdleMotion(default_skeleton(), RATE_HZ)


def test_silence_is_stood_through_and_music_is_danced(performances: list[Medley], motions: list[Motion]) -> None:
    stood, danced = [], []
    for performance, motion in zip(performances, motions, strict=True):
        speeds = joint_speeds(motion).mean(axis=1)
        times_s = (np.arange(len(speeds)) + 1) / RATE_HZ
        settled = np.full(len(speeds), True)
        in_swing = np.full(len(speeds), False)
        for act in performance.acts:
            settled &= (times_s < act.start_s + act.reaction_s - 0.05) | (times_s > act.stop_s + act.settling_s + 1.25)
            in_swing |= (times_s > act.start_s + 1.2) & (times_s < act.stop_s)
        stood.append(speeds[settled])
        danced.append(speeds[in_swing])
    assert np.concatenate(stood).max() < 0.05
    assert np.concatenate(danced).mean() > 0.15


def test_nobody_moves_before_the_music_could_be_heard(performances: list[Medley], motions: list[Motion]) -> None:
    for performance, motion in zip(performances, motions, strict=True):
        first = performance.acts[0]
        until = int((first.start_s + first.reaction_s) * RATE_HZ)
        assert first.reaction_s >= 0.3
        assert joint_speeds(motion[:until]).max() < 0.1


def test_a_second_after_the_start_the_dance_is_on(performances: list[Medley], motions: list[Motion]) -> None:
    for performance, motion in zip(performances, motions, strict=True):
        act = performance.acts[0]
        begin = round((act.start_s + 1.2) * RATE_HZ)
        assert joint_speeds(motion[begin : begin + RATE_HZ]).mean() > 0.1


def test_nothing_jumps(performances: list[Medley], motions: list[Motion]) -> None:
    for performance, motion in zip(performances, motions, strict=True):
        speeds = joint_speeds(motion)
        times_s = (np.arange(len(speeds)) + 1) / RATE_HZ
        near = np.zeros(len(speeds), bool)
        for act in performance.acts:
            for edge_s, after_s in ((act.start_s + act.reaction_s, 0.7), (act.stop_s + act.settling_s, 1.3)):
                near |= (times_s > edge_s - 0.1) & (times_s < edge_s + after_s)
        assert near.any()
        assert speeds[near].max() < 2 * speeds[~near].max()


def test_the_sound_is_where_the_beats_are(performances: list[Medley]) -> None:
    for performance in performances[:4]:
        samples = render_sound(performance)
        assert samples.dtype == np.float32
        assert len(samples) == round(performance.end_s * SAMPLE_RATE_HZ)
        assert np.abs(samples).max() <= 1
        noise = 0.0 if performance.noise_dbfs is None else 10 ** (performance.noise_dbfs / 20)
        block = SAMPLE_RATE_HZ // 2
        levels = np.sqrt(np.mean(samples[: len(samples) // block * block].reshape(-1, block) ** 2, axis=1))
        edges = np.array([[0.0], [0.99]])
        block_beats = beat_positions(performance, (np.arange(len(levels)) + edges) / 2)
        silent = (block_beats == -1).all(axis=0)
        assert levels[silent].max() < 1.2 * noise + 1e-7
        assert np.median(levels[(block_beats >= 0).all(axis=0)]) > 3 * noise


def test_the_beat_count_runs_at_the_tempo_and_stops_with_the_music(performances: list[Medley]) -> None:
    performance = performances[0]
    act = performance.acts[0]
    times_s = np.array([act.start_s - 0.01, act.start_s, act.start_s + 60 / act.bpm, act.stop_s + 0.01])
    np.testing.assert_allclose(
        beat_positions(performance, times_s), [-1, act.first_beat, act.first_beat + 1, -1], rtol=1e-5
    )


def test_an_equal_plan_gives_an_equal_performance_elsewhere(performances: list[Medley]) -> None:
    here = performances[1]
    there: Medley = pickle.loads(pickle.dumps(here))
    np.testing.assert_array_equal(render_sound(here), render_sound(there))
    motions = [render_motion(performance, standing_dancer()) for performance in (here, there)]
    np.testing.assert_array_equal(motions[0].rotations, motions[1].rotations)
    np.testing.assert_array_equal(motions[0].root_positions, motions[1].root_positions)


def test_plans_differ_in_what_a_performer_meets(performances: list[Medley]) -> None:
    acts = [act for performance in performances for act in performance.acts]
    assert len({act.music_style for act in acts}) > 2
    assert {len(performance.acts) for performance in performances} == {1, 2}
    assert min(act.gain_db for act in acts) < -15 < -5 < max(act.gain_db for act in acts)
    assert {act.first_beat == 0 for act in acts} == {True, False}
    assert {performance.noise_dbfs is None for performance in performances} == {True, False}


def test_the_supporting_foot_is_planted_only_where_asked() -> None:
    motion = dancing(120, 16)
    rolling = Motion(
        motion.skeleton,
        RATE_HZ,
        motion.root_positions + np.linspace([0, 0, 0], [4, 0, 0], len(motion), dtype=np.float32),
        motion.rotations,
    )
    where = np.zeros(len(motion), bool)
    where[60:120] = True
    planted = plant_feet(rolling, where)
    foot = motion.skeleton.index("LeftFoot")
    slide = np.linalg.norm(np.diff(planted.global_positions()[:, foot][:, [0, 2]], axis=0), axis=1) * RATE_HZ
    before = np.linalg.norm(np.diff(rolling.global_positions()[:, foot][:, [0, 2]], axis=0), axis=1) * RATE_HZ
    assert slide[70:110].mean() < 0.3 * before[70:110].mean()
    np.testing.assert_allclose(slide[:50], before[:50], atol=1e-4)
    np.testing.assert_allclose(slide[130:], before[130:], atol=1e-4)
    np.testing.assert_array_equal(planted.rotations, rolling.rotations)


def test_clips_of_unknown_genres_get_some_music() -> None:
    clip: Clip = make_clip(dancing(120, 16), ClipEntry("waltz", "waltz", "a", 120), RATE_HZ)
    choreographer = Choreographer([clip], stretch=1.0, may_mirror=False)
    performance = plan("p", choreographer, np.random.default_rng(0), seconds=20)
    assert np.abs(render_sound(performance)).max() > 0.01
