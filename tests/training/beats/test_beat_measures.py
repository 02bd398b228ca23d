"""What the measures of beats say: exact beats are perfect, and whatever is wrong is measured worse."""

import math

import numpy as np
import pytest

from data.music import TempoMap, synthesise
from data.sound.beats import beat_positions
from training.beats.annotation import Annotation, regular
from training.beats.controls import CONTROLS, control
from training.beats.judge import GroupMeasures, calibration
from training.beats.measures import measure, scores
from training.beats.track import BarClaim, BeatTrack, downbeats_of, track_live

DURATION_S = 40.0


def steady(bpm: float = 120.0, beats_per_bar: int = 4) -> Annotation:
    return regular(np.arange(0.3, DURATION_S - 1, 60 / bpm), 0, beats_per_bar)


def gliding() -> Annotation:
    times_s = 0.3 + TempoMap.ramp(90, 130, 50).seconds(np.arange(68))
    return regular(times_s, 2, 4)


def claims(truth: Annotation, *, ratio: float = 1.0, late_beats: float = 0.0, confidence: float = 0.8) -> BeatTrack:
    """A tracker that is in every frame so many beats late, at so many times the tempo."""
    times_s = (np.arange(int(DURATION_S * 30)) + 1) / 30
    true = np.interp(times_s, truth.times_s, np.arange(len(truth.times_s)))
    bpm = 60 / np.gradient(truth.times_s)[np.clip(true.astype(int), 0, len(truth.times_s) - 1)]
    position = ratio * true - late_beats
    whole = np.arange(math.ceil(position[0]), position[-1])
    beats_s = np.interp(whole, position + 1e-9 * np.arange(len(position)), times_s)
    return BeatTrack(times_s, position, ratio * bpm, np.full(len(times_s), confidence), beats_s)


@pytest.mark.parametrize("truth", [steady(), steady(93.0, 3), gliding()], ids=["4/4", "3/4", "gliding"])
def test_exact_beats_are_perfect(truth: Annotation):
    found = measure(control("exact", truth, DURATION_S), truth, skip_s=5.0)
    assert (found.f_measure, found.cmlt, found.amlt) == (1, 1, 1)
    assert (found.in_phase, found.right_tempo, found.in_phase_any) == (1, 1, 1)
    assert (found.double_tempo, found.half_tempo) == (0, 0)
    assert found.lock_s == 0
    assert found.downbeat_f == 1


@pytest.mark.parametrize("truth", [steady(), steady(93.0, 3), gliding()], ids=["4/4", "3/4", "gliding"])
@pytest.mark.parametrize("name", CONTROLS[1:])
def test_spoilt_beats_are_measured_worse(truth: Annotation, name: str):
    exact, spoilt = (measure(control(each, truth, DURATION_S), truth, skip_s=5.0) for each in ("exact", name))
    assert spoilt.f_measure < 0.6 * exact.f_measure
    assert spoilt.cmlt < 0.6 * exact.cmlt
    assert spoilt.in_phase < 0.3
    assert math.isinf(spoilt.lock_s)
    assert spoilt.downbeat_f < 0.5
    if (
        name != "third late"
    ):  # which AMLt takes for the off-beat: a third and a half are 0.167 apart, and it allows 0.175
        assert spoilt.amlt < 0.6 * exact.amlt


def test_a_control_of_no_known_name_is_refused():
    with pytest.raises(ValueError, match="control must be one of"):
        control("perfect", steady(), DURATION_S)


@pytest.mark.parametrize(("late_beats", "in_phase"), [(0.0, 1.0), (0.1, 1.0), (-0.12, 1.0), (0.14, 0.0), (0.5, 0.0)])
def test_in_phase_is_within_an_eighth_of_a_beat(late_beats: float, in_phase: float):
    found = measure(claims(steady(), late_beats=late_beats), steady(), skip_s=5.0)
    assert found.in_phase == in_phase
    assert found.right_tempo == 1


@pytest.mark.parametrize(
    ("ratio", "key"), [(2.0, "double_tempo"), (0.5, "half_tempo"), (1.0, "right_tempo"), (1.05, "right_tempo")]
)
def test_tempi_are_distinguished(ratio: float, key: str):
    found = measure(claims(steady(), ratio=ratio), steady(), skip_s=5.0)
    for name in ("double_tempo", "half_tempo", "right_tempo"):
        assert vars(found)[name] == (1.0 if name == key else 0.0)


@pytest.mark.parametrize("ratio", [2.0, 0.5])
def test_another_octave_serves_a_dancer_where_its_beats_fall_on_beats(ratio: float):
    on, off = (measure(claims(steady(), ratio=ratio, late_beats=late), steady(), 5.0) for late in (0.0, 0.3))
    assert (on.in_phase, on.in_phase_any) == (0, 1)
    assert off.in_phase_any == 0


def test_locked_is_who_stays_in_phase_for_four_seconds():
    truth = steady()
    track = claims(truth)
    wrong = track.positions + np.where((track.times_s < 8) | ((track.times_s > 10) & (track.times_s < 12)), 0.5, 0)
    found = measure(BeatTrack(track.times_s, wrong, track.bpm, None, track.beats_s), truth, skip_s=5.0)
    assert found.lock_s == pytest.approx(12 - 0.3, abs=0.05), "two seconds in between are no lock"
    assert len(found.confidence) == 0
    lost = track.positions + 0.5 * (track.times_s // 2 % 2)
    found = measure(BeatTrack(track.times_s, lost, track.bpm, None, track.beats_s), truth, skip_s=5.0)
    assert math.isinf(found.lock_s)


def test_what_comes_before_the_skipped_seconds_are_over_counts_for_the_lock_alone():
    truth = steady()
    track = claims(truth)
    late = track.positions + np.where(track.times_s < 4.9, 0.5, 0)
    bpm = np.where(track.times_s < 4.9, 33.0, track.bpm)
    beats_s = np.concatenate([[0.11, 2.13], track.beats_s[track.beats_s > 4.9]])
    found = measure(BeatTrack(track.times_s, late, bpm, track.confidence, beats_s), truth, skip_s=5.0)
    assert (found.in_phase, found.right_tempo) == (1, 1)
    assert found.f_measure > 0.99
    assert found.lock_s == pytest.approx(4.9 - 0.3, abs=0.05)
    assert measure(BeatTrack(track.times_s, late, bpm, None, beats_s), truth, skip_s=0.0).in_phase < 0.95


def test_a_tracker_that_claims_nothing_is_right_about_nothing():
    found = measure(BeatTrack.of_beats(np.zeros(0), DURATION_S), steady(), skip_s=5.0)
    assert (found.f_measure, found.amlt, found.in_phase, found.in_phase_any) == (0, 0, 0, 0)
    assert math.isinf(found.lock_s)
    assert math.isnan(found.downbeat_f)
    assert scores(np.array([1.0]), np.array([1.0])) == (0, 0, 0)


def test_a_confidence_that_is_as_often_right_as_it_says_is_calibrated():
    rng = np.random.default_rng(0)
    stated = rng.uniform(0, 1, 200_000)
    right = (rng.uniform(0, 1, len(stated)) < stated).astype(float)
    found = calibration(stated, right)
    assert found.share.sum() == pytest.approx(1)
    assert found.right == pytest.approx(found.stated, abs=0.015)
    assert found.error < 0.01
    assert calibration(np.full(1000, 0.95), np.tile([1.0, 0.0], 500)).error == pytest.approx(0.45)
    assert math.isnan(calibration(np.zeros(0), np.zeros(0)).error)


def test_a_group_is_a_mean_over_clips_and_never_locked_is_no_number():
    truth = steady()
    good = measure(claims(truth, confidence=0.95), truth, 5.0)
    bad = measure(claims(truth, late_beats=0.5, confidence=0.95), truth, 5.0)
    found = GroupMeasures.of("both", [good, bad])
    assert found.in_phase == 0.5
    assert (found.num_clips, found.num_unlocked) == (2, 1)
    assert math.isinf(found.lock_90_s)
    assert (found.sure_share, found.sure_right) == (1, 0.5)
    assert found.calibration_error == pytest.approx(0.45)
    assert GroupMeasures.of("three", [good, good, bad]).lock_median_s == good.lock_s
    unsure = measure(claims(truth, confidence=0.5), truth, 5.0)
    assert math.isnan(GroupMeasures.of("unsure", [unsure]).sure_right)


def test_a_bar_is_read_off_the_claim_that_the_first_frame_after_a_beat_makes():
    positions = np.arange(0, 12, 0.05) + 0.02
    # the tracker's own count is 7 beats ahead, and so far behind in time that it counts a beat late
    own = positions + 7 - 0.2
    counts = np.stack([np.floor(own), own], axis=1)
    whole = np.arange(1, 12)
    bars = [BarClaim(place=int(count) % 3, beats_per_bar=3) for count in counts[:, 0]]
    assert downbeats_of(whole, 0.5 * whole, positions, counts, bars).tolist() == [
        1.0,
        2.5,
        4.0,
        5.5,
    ]  # beats 9, 12, ...


@pytest.fixture(scope="module")
def house():
    return synthesise("house", 124.0, 64, seed=3, sample_rate_hz=24_000)


def test_our_tracker_is_measured_as_a_dancer_hears_it(house):
    truth = Annotation(house.beat_times_s)
    track = track_live(house.samples, house.sample_rate_hz)
    found = measure(track, truth, skip_s=5.0)
    assert found.f_measure > 0.95
    assert found.in_phase > 0.95
    assert found.lock_s < 8
    assert len(track.times_s) == int(len(house.samples) / house.sample_rate_hz * 30)
    assert np.all(np.diff(track.positions) >= 0)
    assert track.confidence.min() >= 0
    assert track.confidence.max() <= 1


def test_a_beat_that_is_predicted_ahead_is_judged_when_it_holds(house):
    truth = Annotation(house.beat_times_s)
    now, ahead = (track_live(house.samples, house.sample_rate_hz, ahead_s) for ahead_s in (0.0, 0.7))
    assert ahead.times_s == pytest.approx(now.times_s + 0.7)
    assert measure(ahead, truth, skip_s=6.0).f_measure > 0.95
    # had it been forgotten, it were 1.45 beats early
    forgotten = BeatTrack(now.times_s, ahead.positions, ahead.bpm, None, ahead.beats_s - 0.7)
    assert measure(forgotten, truth, skip_s=6.0).f_measure < 0.2


def test_a_phase_that_steps_back_where_the_tempo_is_corrected_is_not_lost():
    """What is predicted a second ahead jumps with the tempo; a jump back must not leave the beats further behind."""
    times_s = np.arange(0, 20, 1 / 30)
    bpm = 120 + 9 * np.sin(2 * np.pi * times_s * 3)
    position = 2 * times_s + bpm / 60  # a second ahead, by the tempo of the moment
    angle = 2 * np.pi * position
    sure = np.ones(len(times_s))
    columns = np.stack([np.cos(angle), np.sin(angle), np.log2(bpm / 120), sure, sure], axis=1).astype(np.float32)
    found = beat_positions(columns, times_s)
    assert np.all(np.diff(found) >= 0)
    assert np.abs((found - position + 0.5) % 1 - 0.5).max() < 0.1
