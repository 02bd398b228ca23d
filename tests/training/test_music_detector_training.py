"""How the music detector's weights are made: the numbers of training are those that are stepped live."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from data.formats.sound_file import write_sound
from data.sound.audio_features import INTERNAL_RATE_HZ, AudioFeatures, AudioFeaturesConfig
from data.sound.music_detector import INPUT_COLUMNS, WEIGHTS, MusicDetector
from training.music_detector.command import main
from training.music_detector.examples import MusicExamples, heard, make_examples
from training.music_detector.fit import fit
from training.music_detector.made_music import _sine, ambient, respoken, sung_speech
from training.music_detector.made_sound import RATE_HZ, drums, machine, talk, tones
from training.music_detector.network import DetectorNetwork
from training.music_detector.recordings import LabelledRecording, levelled
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


def test_a_network_begins_with_weights_that_know_fewer_inputs() -> None:
    torch.manual_seed(4)
    arrays = DetectorNetwork().arrays()
    fewer = arrays | {"inner_w": arrays["inner_w"][:, :176]}
    network = DetectorNetwork().eval()
    network.begin_with(fewer)
    np.testing.assert_array_equal(network.arrays()["inner_w"][:, :176], fewer["inner_w"])
    assert not network.arrays()["inner_w"][:, 176:].any()
    assert all(np.array_equal(network.arrays()[name], fewer[name]) for name in arrays if name != "inner_w")


def test_words_are_sung_on_notes_and_spoken_without() -> None:
    """The pitch of what is sung stays on a note; that of the same voice when it talks does not."""
    speech = [levelled(talk(np.random.default_rng(seed), 8.0)) for seed in range(2)]

    def chroma_change(sound: np.ndarray) -> float:
        chroma = heard(levelled(sound))[0][30:, 80:92]
        return float(np.abs(chroma[6:] - chroma[:-6]).mean())

    sung, spoken = (
        np.mean([chroma_change(make(np.random.default_rng(seed), 8.0, speech)) for seed in range(4)])
        for make in (sung_speech, respoken)
    )
    assert sung < 0.8 * spoken
    again = sung_speech(np.random.default_rng(0), 8.0, speech)
    np.testing.assert_array_equal(again, sung_speech(np.random.default_rng(0), 8.0, speech))


@pytest.mark.parametrize("make", [ambient, machine, tones])
def test_what_is_made_sounds_for_as_long_as_asked(make: Callable[[np.random.Generator, float], np.ndarray]) -> None:
    for seed in range(3):
        sound = make(np.random.default_rng(seed), 3.0)
        assert len(sound) == 3 * INTERNAL_RATE_HZ
        assert sound.dtype == np.float32
        assert np.isfinite(sound).all()
        assert np.square(sound).mean() > 0.0


def library() -> Library:
    speech = [
        LabelledRecording("one", str(seed), levelled(talk(np.random.default_rng(seed), 8.0))) for seed in range(2)
    ]
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
    fit(MusicExamples(inputs, labels), num_epochs=25, batch_size=16, on_epoch=lambda _, loss: losses.append(loss))
    assert losses[-1] < 0.5 * losses[0]


def test_a_few_scenes_are_fitted_too() -> None:
    """Fewer than a batch: a trial must not end with weights that have seen nothing."""
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 2, (3, 40)).astype(np.int8)
    examples = MusicExamples(rng.normal(size=(3, 40, len(INPUT_COLUMNS))).astype(np.float16), labels)
    losses: list[float] = []
    fitted = fit(examples, num_epochs=2, on_epoch=lambda _, loss: losses.append(loss))
    assert np.isfinite(losses).all()
    torch.manual_seed(0)
    fresh = DetectorNetwork().arrays()
    assert any(not np.array_equal(array, fresh[name]) for name, array in fitted.arrays().items())


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A sound of each kind to learn from, and one to be judged."""
    for seed, part in enumerate(("train", "held_out")):
        rng = np.random.default_rng(seed)
        noise = 0.1 * rng.standard_normal(13 * INTERNAL_RATE_HZ).astype(np.float32)
        for kind, samples in (("speech", talk(rng, 13.0)), ("music", drums(rng, 13.0)), ("noise", noise)):
            group = tmp_path / "corpus" / part / kind / f"{kind}_{seed}"
            group.mkdir(parents=True)
            write_sound(group / "sound.wav", 0.2 * samples, INTERNAL_RATE_HZ)
    return tmp_path / "corpus"


@pytest.mark.slow
def test_from_sound_files_to_weights_and_their_judgement(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))  # without espeak-ng, whose two dozen voices take minutes
    output = tmp_path / "weights.npz"
    shipped = WEIGHTS.read_bytes()
    main([str(corpus), "--scenes", "2", "--seeds", "1", "--epochs", "1", "-o", str(output)])
    printed = capsys.readouterr()
    assert "epoch 1: loss" in printed.err
    assert "nan" not in printed.err
    judged = [line.split()[:2] for line in printed.out.splitlines()[1:]]
    assert judged == [["speech", "speech_1"], ["music", "music_1"], ["noise", "noise_1"]]
    main([str(corpus), "--judge-only", "-o", str(output)])
    assert capsys.readouterr().out == printed.out
    main([str(corpus), "--judge-only"])
    assert capsys.readouterr().out != printed.out, "those that ship know more"
    assert WEIGHTS.read_bytes() == shipped


def test_what_would_end_in_nothing_is_refused_before_the_fit(corpus: Path, tmp_path: Path) -> None:
    def refused(words: str, *more: str) -> None:
        with pytest.raises(ValueError, match=words):
            main([str(corpus), *more])

    refused("name a file for the weights")
    refused("weights are an .npz file", "-o", str(tmp_path / "weights"))
    refused("there is no such folder", "-o", str(tmp_path / "nowhere" / "weights.npz"))
    refused("--soundfont", "-o", str(tmp_path / "weights.npz"), "--drummers", str(tmp_path))
    (corpus / "train/noise/noise_0/sound.wav").rename(corpus / "train/noise/sound.wav")
    refused("train/noise: no sound in a folder of its own", "-o", str(tmp_path / "weights.npz"))


def test_a_corpus_without_its_folders_is_refused_with_their_names(tmp_path_factory: pytest.TempPathFactory) -> None:
    with pytest.raises(ValueError, match="lacks the folders speech, music, noise"):
        main([str(tmp_path_factory.mktemp("empty")), "--judge-only"])


@pytest.mark.parametrize("frequency_hz", [0.05, 440.0, 9_999.0])
def test_a_sine_that_is_put_together_of_blocks_is_a_sine(frequency_hz: float) -> None:
    n = 20 * RATE_HZ + 1
    expected = np.sin(2 * np.pi * frequency_hz * np.arange(n) / RATE_HZ + 1.0)
    np.testing.assert_allclose(_sine(frequency_hz, n, 1.0), expected, atol=1e-8)
