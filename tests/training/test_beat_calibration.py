"""The confidence of the beat tracker: fitted where the truth is known, written beside the network's weights."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from data.sound.beat_confidence import FACTS, PHASE, TEMPO
from data.sound.beat_network import WEIGHTS, BeatNetwork
from data.sound.beat_tracker import BeatTracker
from tests.data.drum_loop import drum_loop
from training.beat_network.calibration import calibrate, claims_of, fit_logistic, heard, read_clips


def test_a_logistic_model_is_found_again() -> None:
    generator = np.random.default_rng(0)
    facts = np.concatenate([np.ones((40_000, 1)), generator.normal(0.0, 1.5, (40_000, 2))], axis=1)
    true = np.array([-0.5, 1.2, -0.7])
    is_so = generator.random(40_000) < 1.0 / (1.0 + np.exp(-facts @ true))
    fitted = fit_logistic(facts, is_so, np.full(40_000, 1.0 / 40_000))
    np.testing.assert_allclose(fitted, true, atol=0.25)
    assert (np.abs(fitted[1:]) < np.abs(true[1:])).all(), "the ridge pulls towards saying nothing"


def test_claims_are_right_where_the_tracker_is() -> None:
    samples, beats_s = drum_loop(128.0, 14.0, pattern="four")
    found = claims_of(heard("four", samples, 24_000, beats_s), BeatTracker())
    assert found.facts.shape[1] == len(FACTS)
    assert found.is_right[-90:].mean() > 0.9
    elsewhere = claims_of(heard("four", samples, 24_000, beats_s + 0.5 * 60 / 128.0), BeatTracker())
    assert elsewhere.is_right[-90:].mean() < 0.1
    assert elsewhere.is_tempo_right[-90:].mean() > 0.9


def test_calibration_goes_into_the_file_and_the_tracker_reads_it(tmp_path: Path) -> None:
    weights = tmp_path / "weights.npz"
    shutil.copy(WEIGHTS, weights)
    before = dict(np.load(weights))
    clips = []
    for bpm, moved_s in ((128.0, 0.0), (100.0, 0.2)):  # the second clip's beats are written down wrongly
        samples, beats_s = drum_loop(bpm, 12.0, pattern="rock")
        clips.append(heard("loop", samples, 24_000, beats_s + moved_s))
    said = calibrate(weights, clips)
    assert "fitted on 2 clips" in said
    after = dict(np.load(weights))
    assert after[PHASE].shape == after[TEMPO].shape == (len(FACTS),)
    for name in set(before) - {PHASE, TEMPO}:
        np.testing.assert_array_equal(after[name], before[name])
    facts = BeatTracker(network=BeatNetwork(after)).facts()["confidence"]
    assert facts == {PHASE: after[PHASE].astype(float).tolist(), TEMPO: after[TEMPO].astype(float).tolist()}


def test_a_folder_without_beats_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no sound"):
        list(read_clips(tmp_path))
