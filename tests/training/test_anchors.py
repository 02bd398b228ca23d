"""The anchors of an evaluation: a linear autoregression, a motion graph, and the distance to what was learned."""

import numpy as np
import pytest

from data.dataset.prepared_reader import PreparedFolder
from data.motion.humanoid import default_skeleton
from data.motion.pose_codec import PoseCodec
from data.movement.speed import pose_speed
from training.evaluation.linear_dance import LinearDance
from training.evaluation.motion_graph import BEATS_OF_BAR, MotionGraph
from training.metrics.beats import beat_coherence
from training.metrics.copying import LearnedWindows

RATE_HZ = 30.0
CODEC = PoseCodec(default_skeleton(), RATE_HZ)


def wandering(seed: int, frames: int = 900, kept: float = 0.8, dims: int = 5) -> np.ndarray:
    """Numbers whose changes are an autoregression of first order, drawn back to 0; two columns keep still."""
    rng = np.random.default_rng(seed)
    pose, change, rows = np.zeros(dims), np.zeros(dims), []
    for _ in range(frames):
        change = kept * change - 0.01 * pose + 0.05 * rng.standard_normal(dims)
        pose = pose + change
        rows.append(np.concatenate([pose, [0.3, -1.0]]))
    return np.array(rows, np.float32)


@pytest.fixture(scope="module")
def linear():
    return LinearDance.fit([wandering(seed) for seed in range(6)])


def test_what_is_left_is_what_nobody_can_predict(linear):
    """Of changes that keep 0.8 of themselves, 1 - 0.8^2 of the variance is new in every frame, and it is white."""
    assert linear.moving.tolist() == [0, 1, 2, 3, 4]
    held_out = [wandering(seed) for seed in range(100, 104)]
    assert linear.variance_left(held_out) == pytest.approx(0.36, abs=0.05)
    assert abs(linear.lag1(held_out)) < 0.06
    assert linear.innovation_rms(held_out) == pytest.approx(1, abs=0.05)


def test_innovations_tell_calm_dances_and_jerky_ones_from_real(linear):
    calm = [dance.mean(0) + 0.5 * (dance - dance.mean(0)) for dance in (wandering(7), wandering(8))]
    assert linear.innovation_rms(calm) == pytest.approx(0.5, abs=0.06)
    shaking = [dance + np.float32(0.1) * np.random.default_rng(0).standard_normal(dance.shape) for dance in calm]
    assert linear.innovation_rms(shaking) > 2
    assert linear.lag1(shaking) < -0.3
    lazy = [wandering(7, kept=0.95)]
    assert linear.lag1(lazy) > 0.05


def test_the_deaf_dance_moves_as_much_as_what_it_was_fitted_to_and_never_runs_away(linear):
    dance = linear.dance(3000, seed=3)
    real = np.concatenate([wandering(seed) for seed in range(6)])
    assert dance.std(0)[:5] == pytest.approx(real.std(0)[:5], rel=0.5)
    assert np.diff(dance, axis=0).std(0)[:5] == pytest.approx(np.diff(real, axis=0).std(0)[:5], rel=0.2)
    assert dance[:, 5:] == pytest.approx(np.tile([0.3, -1.0], (3000, 1)), abs=1e-3)
    np.testing.assert_array_equal(linear.dance(100, seed=3), dance[:100])
    assert not np.array_equal(linear.dance(100, seed=4), dance[:100])


def test_dances_in_which_nothing_moves_are_refused():
    with pytest.raises(ValueError, match="nothing moves"):
        LinearDance.fit([np.ones((200, 4), np.float32)])


@pytest.fixture(scope="module")
def graph(prepared):
    return MotionGraph(PreparedFolder.open(prepared).sequences("train"), CODEC)


def test_bars_are_whole_and_begin_on_bar_lines(graph):
    assert len(graph.bars) > 10
    for bar in graph.bars:
        assert 0 <= bar.beats[0] < 0.2
        assert BEATS_OF_BAR - 0.2 < bar.beats[-1] < BEATS_OF_BAR


def test_a_motion_graph_keeps_the_beat_at_any_tempo(graph):
    """Its bars were danced at 100 to 130 beats a minute; who swings there rests on every beat here too."""
    beat = np.arange(400) / RATE_HZ * 92 / 60
    motion = CODEC.decode(graph.dance(beat, style=0, seed=1))
    speed = pose_speed(motion)
    assert abs(beat_coherence(speed, beat)) > 0.5
    assert abs(beat_coherence(speed, beat * 1.13)) < 0.2


def test_a_motion_graph_does_not_jump_and_hears_nothing_of_what_comes(graph):
    beat = np.arange(400) / RATE_HZ * 110 / 60 + 1.3
    dance = graph.dance(beat, style=1, seed=2)
    later = beat.copy()
    later[200:] = beat[200] + 1.2 * (beat[200:] - beat[200])
    np.testing.assert_array_equal(graph.dance(later, style=1, seed=2)[:200], dance[:200])
    changes = np.abs(np.diff(dance[:, 10:], axis=0)).max(1)
    assert changes.max() < 3 * np.percentile(changes, 95)
    assert not np.array_equal(graph.dance(beat, style=1, seed=3), dance)


def test_a_copy_lies_nearer_than_a_dance_of_its_own(prepared):
    folder = PreparedFolder.open(prepared)
    learned = [sequence.pose for sequence in folder.sequences("train")]
    windows = LearnedWindows(learned, RATE_HZ, range(4, CODEC.dims))
    own = [windows.distance(np.asarray(sequence.pose)) for sequence in folder.sequences("val")]
    assert windows.distance(np.asarray(learned[1])) == pytest.approx(0, abs=0.02)
    assert windows.distance(np.asarray(learned[1][7:307])) < 0.1 * min(own)
    assert min(own) > 0.1
    assert np.isnan(windows.distance(np.asarray(learned[0][:20])))


def test_a_motion_graph_copies_and_its_bars_are_known(prepared, graph):
    learned = [sequence.pose for sequence in PreparedFolder.open(prepared).sequences("train")]
    windows = LearnedWindows(learned, RATE_HZ, range(4, CODEC.dims))
    held_out = np.asarray(PreparedFolder.open(prepared).sequences("val")[0].pose)
    beat = np.arange(300) / RATE_HZ * 100 / 60  # as one of the learned dances
    assert windows.distance(graph.dance(beat, style=0, seed=1)) < 0.5 * windows.distance(held_out)
