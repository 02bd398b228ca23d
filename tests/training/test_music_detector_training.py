"""How the music detector's weights are made: the numbers of training are those that are stepped live."""

import numpy as np
import pytest
import torch

from data.audio_features import INTERNAL_RATE_HZ, AudioFeatures, AudioFeaturesConfig
from data.music_detector import INPUT_COLUMNS, MusicDetector
from training.music_detector.command import main
from training.music_detector.examples import Examples, heard, make_examples
from training.music_detector.fit import fit
from training.music_detector.made_sound import drums, talk
from training.music_detector.network import DetectorNetwork
from training.music_detector.recordings import Recording, levelled
from training.music_detector.scenes import Library

SOUND = np.concatenate(
    [
        np.zeros(9_000, np.float32),
        0.3 * drums(np.random.default_rng(0), 3.0),
        np.zeros(50_000, np.float32),
        0.05 * talk(np.random.default_rng(1), 3.0),
    ]
).astype(np.float32)


def test_training_hears_what_the_stage_hears() -> None:
    inputs, levels = heard(SOUND)
    features = AudioFeatures(AudioFeaturesConfig(sample_rate_hz=INTERNAL_RATE_HZ, rate_hz=30))
    streamed = features.offline(SOUND)[:, INPUT_COLUMNS]
    assert len(levels) == len(streamed)
    np.testing.assert_allclose(inputs, streamed, atol=1e-4)


def test_the_network_steps_in_numpy_as_it_runs_in_torch() -> None:
    torch.manual_seed(3)
    network = DetectorNetwork().eval()
    inputs, _ = heard(SOUND)
    detector = MusicDetector(weights=network.arrays())
    state, logits = detector.initial_state(), []
    frame = np.zeros(121, np.float32)
    for row in inputs:
        frame[INPUT_COLUMNS] = row
        _, state = detector.step(frame, state)
        logits.append(state.logit)
    with torch.inference_mode():
        expected = network(torch.from_numpy(inputs)[None])[0].numpy()
    np.testing.assert_allclose(logits, expected, atol=1e-4)


def library() -> Library:
    speech = [Recording("one", str(seed), levelled(talk(np.random.default_rng(seed), 8.0))) for seed in range(2)]
    return Library({"speech": speech}, ("house",))


def test_scenes_are_the_same_for_the_same_seed_and_hold_both_kinds() -> None:
    examples, again = (make_examples(library(), num_scenes=3, seed=5) for _ in range(2))
    np.testing.assert_array_equal(examples.inputs, again.inputs)
    assert set(np.unique(examples.labels)) == {-1, 0, 1}
    assert examples.inputs.shape == (3, 24 * 30, len(INPUT_COLUMNS))


def test_fitting_learns_what_is_plain() -> None:
    """Loud in the low bands is music, loud in the high ones is not."""
    rng = np.random.default_rng(0)
    labels = np.repeat(rng.integers(0, 2, (32, 4)), 10, axis=1).astype(np.int8)
    inputs = np.full((32, 40, len(INPUT_COLUMNS)), -3.0, np.float16)
    inputs[..., :20] = np.where(labels[..., None] == 1, 1.0, -2.0)
    inputs[..., 60:80] = np.where(labels[..., None] == 1, -2.0, 1.0)
    losses: list[float] = []
    fit(Examples(inputs, labels), num_epochs=25, batch_size=16, on_epoch=lambda _, loss: losses.append(loss))
    assert losses[-1] < 0.5 * losses[0]


def test_a_corpus_without_its_folders_is_refused_with_their_names(tmp_path_factory: pytest.TempPathFactory) -> None:
    with pytest.raises(ValueError, match="lacks the folders speech, music, noise"):
        main([str(tmp_path_factory.mktemp("empty"))])
