"""Measures of an evaluation: each ranks real dance above corruptions of it, but for those it is said to be blind to."""

import csv
from dataclasses import replace

import numpy as np
import pytest

from data.formats.bvh import read_bvh
from data.motion.pose_codec import PoseCodec
from training.evaluation.beat_controls import BEAT_MEASURES, CONTROLS, beat_tests, with_control
from training.evaluation.corruptions import CORRUPTIONS, LIFT_EVERY_S, LIFT_S, SKATE_M_S
from training.evaluation.dances import Dance
from training.evaluation.measures import COPYING, MEASURES, Reference, measure_all
from training.evaluation.prompts import PromptMatrix
from training.metrics.beats import match_beats, motion_beats_s, music_beats_s
from training.metrics.frechet import DanceDistance, GaussianMoments, frechet_distance, movements, poses, three_poses


@pytest.fixture(scope="module")
def street_dance(shared_data) -> tuple[list[Dance], list[Dance]]:
    """Real clips of AIST++ with their beats, which begin with the clip: a reference, and others like it."""
    folder = shared_data / "aistpp_bvh"
    with (folder / "clips.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    halves: tuple[list[Dance], list[Dance]] = [], []
    for place, row in enumerate(rows[::2]):
        motion = read_bvh(folder / f"{row['clip']}.bvh")
        beat = np.arange(len(motion)) / motion.rate_hz * float(row["bpm"]) / 60
        codec = PoseCodec(motion.skeleton, motion.rate_hz)
        halves[place % 2].append(Dance(motion, codec, beat, style=0, fastest_rad=np.pi))
    return halves


@pytest.fixture(scope="module")
def swaying(swaying_motion) -> list[Dance]:
    """Dancers by formula who rest on every beat, with feet that stand."""
    dances = []
    for seed in range(8):
        motion, beat = swaying_motion(bpm=90 + 7 * seed, seconds=10, seed=seed)
        dances.append(Dance(motion, PoseCodec(motion.skeleton, motion.rate_hz), beat, style=0, fastest_rad=np.pi))
    return dances


def corrupted(dances: list[Dance], name: str) -> list[Dance]:
    return [replace(dance, motion=CORRUPTIONS[name](dance.motion, seed)) for seed, dance in enumerate(dances)]


@pytest.mark.slow
def test_every_measure_ranks_real_street_dance_above_its_corruptions(street_dance):
    """Against other real dances, so that being the reference itself does not help."""
    others, real = street_dance
    reference = Reference(others)
    whole = measure_all(real, reference)
    seen = {name: measure_all(corrupted(real, name), reference) for name in CORRUPTIONS}
    wrong = [
        f"{measure.key} {name}: {whole[measure.key]:.4g} {values[measure.key]:.4g}"
        for measure in MEASURES
        for name, values in seen.items()
        if name in measure.sees
        and not measure.badness(values[measure.key], reference) > measure.badness(whole[measure.key], reference)
    ]
    assert not wrong


def test_no_corruption_escapes_and_no_measure_sees_nothing():
    for name in CORRUPTIONS:
        assert sum(name in measure.sees for measure in MEASURES) >= 2, name
    for measure in MEASURES:
        assert measure.sees, measure.key
        assert set(measure.sees) | set(measure.blind_to) == set(CORRUPTIONS), measure.key


def test_real_street_dance_keeps_to_its_own_music_alone(street_dance):
    """Half a beat off, another song, another tempo and silence all rank below the music that was danced to."""
    dances = [dance for half in street_dance for dance in half]
    for measure, tests in beat_tests(dances).items():
        for control, test in tests.items():
            assert test.matched > test.control, (measure, control)
            assert test.p_value < 0.02, (measure, control, test)
    reference = Reference(street_dance[0][:2])
    for measure in MEASURES:
        if measure.key.startswith("beat_") and measure.key != "beat_coherence":  # its size knows no half beats
            matched = measure.badness(measure.of(dances, reference), reference)
            for control in CONTROLS:
                other = measure.badness(measure.of(with_control(dances, control), reference), reference)
                assert matched < other, (measure.key, control)


@pytest.mark.parametrize("name", sorted(CORRUPTIONS))
def test_measures_see_what_was_done_to_a_dancer_by_formula(swaying, name):
    reference = Reference(swaying)
    whole, spoilt = measure_all(swaying, reference), measure_all(corrupted(swaying, name), reference)
    assert whole["fmd"] == pytest.approx(0, abs=1e-3)
    assert spoilt["fmd"] > (0.1 if name == "turning away" else 1)
    for measure in (*MEASURES, COPYING):
        assert measure.key in spoilt
    if name == "jitter":
        assert spoilt["jerk_m_s3"] > 5 * whole["jerk_m_s3"]
    elif name == "freeze":
        assert spoilt["freeze_share"] > whole["freeze_share"] + 0.3
        assert spoilt["beat_recall"] < 0.6 * whole["beat_recall"]
    elif name == "time warp":
        assert spoilt["beat_f1"] < 0.6 * whole["beat_f1"]
        assert spoilt["beat_lock"] < 0.5 * whole["beat_lock"]
        assert spoilt["likeness_8_beats"] < 0.8 < whole["likeness_8_beats"]
    elif name == "skating":
        assert spoilt["foot_sliding_m_s"] == pytest.approx(SKATE_M_S, rel=0.1)
        assert spoilt["foot_contact_share"] < 0.1 < 0.9 < whole["foot_contact_share"]
    elif name == "blur":
        assert spoilt["accent_power"] < 0.5 * whole["accent_power"]
        assert spoilt["innovation_rms"] < 0.7 * whole["innovation_rms"]
        assert spoilt["beat_f1"] > 0.9 * whole["beat_f1"]  # beats can be kept, and bought, without any accent
    elif name == "floating":
        assert spoilt["floating_share"] == pytest.approx(LIFT_S / LIFT_EVERY_S, abs=0.1)
        assert spoilt["longest_floating_s"] > whole["longest_floating_s"] + 1
    elif name == "turning away":
        assert spoilt["front_share"] < 0.7 < 0.9 < whole["front_share"]
    else:
        assert spoilt["unbalanced_share"] > 0.4 > 0.1 > whole["unbalanced_share"]


def test_a_dancer_by_formula_meets_every_beat(swaying):
    whole = measure_all(swaying, Reference(swaying))
    assert whole["beat_precision"] > 0.9
    assert whole["beat_recall"] > 0.9
    assert whole["beat_offset_s"] < 0.05
    tests = beat_tests(swaying)
    assert set(tests) == set(BEAT_MEASURES)
    assert all(test.matched > test.control + 0.3 for found in tests.values() for test in found.values())


def test_beats_are_matched_once_and_within_tolerance():
    heard = np.array([1.0, 2.0, 3.0])
    match = match_beats(np.array([0.95, 1.05, 2.2, 3.069]), heard)
    assert (match.precision, match.recall) == pytest.approx((2 / 4, 2 / 3))
    assert match.f1 == pytest.approx(4 / 7)
    assert match.offset_s == pytest.approx((0.05 + 0.2 + 0.069) / 3)
    assert match_beats(heard, heard).f1 == 1
    nothing = match_beats(np.zeros(0), heard)
    assert nothing.f1 == 0
    assert np.isnan(nothing.offset_s)


def test_silence_has_no_beats(swaying):
    assert len(music_beats_s(np.full(30, np.nan), 30.0)) == 0
    assert len(motion_beats_s(swaying[0].pose_speed, 30.0)) > 10
    np.testing.assert_allclose(music_beats_s(np.arange(60) / 15 + 0.5, 30.0), [0.25, 0.75, 1.25, 1.75])


def test_frechet_distance_of_gaussians_is_the_closed_form():
    """For diagonal covariances: squared distance of the means and of the deviations."""
    a = GaussianMoments(np.array([0.0, 1.0]), np.diag([4.0, 9.0]))
    b = GaussianMoments(np.array([3.0, 1.0]), np.diag([1.0, 1.0]))
    assert frechet_distance(a, b) == pytest.approx(9 + 1 + 4)
    assert frechet_distance(a, a) == pytest.approx(0, abs=1e-9)
    turn = np.array([[0.6, -0.8], [0.8, 0.6]])
    turned = [GaussianMoments(turn @ g.mean, turn @ g.moments @ turn.T) for g in (a, b)]
    assert frechet_distance(*turned) == pytest.approx(14)


def test_frechet_distance_grows_with_a_shift_and_knows_no_order(swaying):
    vectors = [dance.vectors for dance in swaying]
    for blocks in (poses, three_poses, movements):
        distance = DanceDistance(vectors, blocks)
        assert distance(vectors[::-1]) == pytest.approx(0, abs=1e-3)
        shifted = [distance([v + np.float32(step) for v in vectors]) for step in (0.01, 0.02, 0.04)]
        assert shifted == sorted(shifted)
    backwards = [v[::-1] for v in vectors]
    assert DanceDistance(vectors, poses)(backwards) == pytest.approx(0, abs=1e-3)
    assert DanceDistance(vectors, movements)(backwards) >= 0


def test_prompts_that_are_obeyed_are_their_own_nearest():
    rng = np.random.default_rng(0)
    real = [[rng.normal(style, 1, (300, 4)).astype(np.float32) for _ in range(3)] for style in range(3)]
    obeyed = PromptMatrix.of(["a", "b", "c"], [[dances[0]] for dances in real], real)
    assert (obeyed.nearest_is_own, obeyed.mean_rank) == (1.0, 1.0)
    ignored = PromptMatrix.of(["a", "b", "c"], [[real[0][0]]] * 3, real)
    assert ignored.nearest_is_own == pytest.approx(1 / 3)
    assert ignored.mean_rank == pytest.approx(2.0)


def test_a_style_to_which_all_are_near_does_not_hide_what_was_asked_for():
    """Calm dances of one style, and dancers who do as asked but not fully: raw distances name the calm style alone."""
    rng = np.random.default_rng(0)
    directions = np.eye(6)[:3]
    far = (0.3, 3.0, 3.0)

    def dances(style: int, share: float) -> list[np.ndarray]:
        return [(rng.normal(0, 1, (400, 6)) + share * far[style] * directions[style]).astype(np.float32)]

    real = [dances(style, 1.0) for style in range(3)]
    asked = PromptMatrix.of(["calm", "a", "b"], [dances(style, 0.3) for style in range(3)], real)
    assert asked.nearest_is_own == pytest.approx(1 / 3)
    assert (asked.centred_nearest, asked.centred_rank) == (1.0, 1.0)
    ignored = PromptMatrix.of(["calm", "a", "b"], [real[1]] * 3, real)
    assert (ignored.centred_nearest, ignored.centred_rank) == (0.0, 2.0)
    assert np.abs(asked.centred_distances.sum(0)).max() < 0.01
