"""A metric counts only if it ranks corrupted motion below the motion it was made from."""

import csv
from dataclasses import replace

import numpy as np
import pytest

from data.formats.bvh import read_bvh
from data.movement import feet
from data.movement import speed as body
from training.metrics import beats


@pytest.fixture
def real(swaying_motion):
    return swaying_motion(bpm=110, seconds=20)


def test_jitter_raises_the_jerk(real):
    motion, _ = real
    rng = np.random.default_rng(0)
    noisy = motion.rotations + rng.normal(0, 0.02, motion.rotations.shape).astype(np.float32)
    noisy /= np.linalg.norm(noisy, axis=-1, keepdims=True)
    assert body.jerk(replace(motion, rotations=noisy)) > 5 * body.jerk(motion)


def test_a_freeze_is_found_with_its_length(real):
    motion, _ = real
    frozen = motion.rotations.copy(), motion.root_positions.copy()
    for array in frozen:
        array[200:290] = array[200]
    still = replace(motion, rotations=frozen[0], root_positions=frozen[1])
    assert body.longest_freeze_s(motion) < 0.3
    assert body.longest_freeze_s(still) == pytest.approx(3.0, abs=0.15)


def test_skating_raises_the_sliding_by_its_speed(real):
    motion, _ = real
    skating = motion.root_positions.copy()
    skating[:, 0] += np.arange(len(skating)) / motion.rate_hz * 0.7
    slid = feet.foot_sliding_m_s(replace(motion, root_positions=skating))
    assert slid > feet.foot_sliding_m_s(motion) + 0.3


def test_travel_is_the_distance_from_the_start(real):
    motion, _ = real
    walked = motion.root_positions.copy()
    walked[100:, 2] += 3
    assert body.travel_m(replace(motion, root_positions=walked)) == pytest.approx(3, abs=1e-3)


def test_beat_measures_rank_the_true_beat_above_every_corruption(real):
    motion, beat = real
    speed = body.pose_speed(motion)
    true = beats.beat_lock(speed, beat, np.pi)  # this dancer rests on the beat
    assert true > 0.6
    assert beats.beat_lock(speed, beat + 0.5, np.pi) == pytest.approx(-true)
    assert beats.beat_lock(speed, beat + 0.2, np.pi) < true
    coherence = abs(beats.beat_coherence(speed, beat))
    assert coherence >= true
    assert abs(beats.beat_coherence(speed, beat * beats.WRONG_TEMPO)) < 0.2
    assert abs(beats.beat_coherence(speed, beat + 0.4 * np.sin(beat / 7))) < coherence
    assert beats.beat_coherence(np.full_like(speed, 0.3), beat) == 0


def test_speed_by_phase_is_lowest_on_the_beat(real):
    motion, beat = real
    curve = beats.speed_by_beat_phase(body.pose_speed(motion), beat)
    assert np.argmin(curve) in (0, 11)
    assert np.argmax(curve) in (5, 6)


def test_beat_test_tells_a_real_difference_from_none():
    rng = np.random.default_rng(0)
    locks = list(rng.normal(0.2, 0.1, 30))
    assert beats.beat_test(locks, [v - 0.1 for v in locks]).p_value < 1e-6
    assert beats.beat_test(locks, list(rng.permutation(locks))).p_value > 0.05
    with pytest.raises(ValueError, match="6 dances"):
        beats.beat_test([1.0], [0.0])


def test_real_street_dance_keeps_its_tempo_and_pauses_on_the_beat(shared_data):
    """AIST++ clips start on beat 0; over many clips the body is slowest near the beat."""
    folder = shared_data / "aistpp_bvh"
    with (folder / "clips.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))[::4]
    right, wrong, locks = [], [], []
    for row in rows:
        motion = read_bvh(folder / f"{row['clip']}.bvh")
        beat = np.arange(len(motion)) / motion.rate_hz * float(row["bpm"]) / 60
        speed = body.pose_speed(motion)
        right.append(abs(beats.beat_coherence(speed, beat)))
        wrong.append(abs(beats.beat_coherence(speed, beat * beats.WRONG_TEMPO)))
        locks.append(beats.beat_lock(speed, beat, np.pi))
    assert np.mean(right) > 2 * np.mean(wrong)
    assert beats.beat_test(right, wrong).p_value < 1e-4
    assert beats.beat_test(locks, [-lock for lock in locks]).p_value < 0.01
