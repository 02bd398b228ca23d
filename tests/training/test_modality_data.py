"""The data module over a folder of any features: statistics, checks, and windows that a model can learn from."""

import numpy as np
import pytest
import torch

from models.files.checkpoint import MODEL_CLASSES
from models.networks.modalities import InputModality, Layout, OutputModality
from models.networks.multimodal_encoder import EncoderSize
from models.networks.pose_changes import SMALLEST_CHANGE_STD
from training.data_modules.modality_data import ModalityDataModule, change_std, column_statistics

FRAMES = 80


@pytest.fixture
def folder(tmp_path):
    """Three sequences of poses, hands, sound, chords and a mood; no skeleton, no fingerprint."""
    rng = np.random.default_rng(0)
    names = ["a", "b", "c"]
    for number, name in enumerate(names):
        features = {
            "pose": np.cumsum(rng.normal(size=(FRAMES, 4)), 0) * [1, 2, 3, 0] + [5, 0, 0, 0],
            "hands": rng.normal(size=(FRAMES, 2)),
            "audio": 10 * rng.normal(size=(FRAMES, 3)) + 100,
            "chord": rng.integers(0, 5, (FRAMES, 1)),
            "mood": np.array([number]),
        }
        for feature, values in features.items():
            np.save(tmp_path / f"{name}.{feature}.npy", values if values.dtype.kind == "i" else np.float32(values))
    (tmp_path / "base_filenames_train.txt").write_text("a\nb")  # the original lost the last character of such a list
    (tmp_path / "base_filenames_val.txt").write_text("c\n")
    return tmp_path


def layout(**changes) -> Layout:
    inputs = {
        "pose": InputModality(name="pose", dims=4, frames=6),
        "audio": InputModality(name="audio", dims=3, frames=9),
        "chord": InputModality(name="chord", dims=2, frames=6, kind="discrete", num_tokens=5),
        "mood": InputModality(name="mood", dims=2, kind="label", num_tokens=3),
        **changes,
    }
    outputs = (
        OutputModality(name="pose", dims=4, frames=2, offset=6),
        OutputModality(name="hands", dims=2, frames=2, offset=6),
    )
    return Layout(inputs=tuple(inputs.values()), outputs=outputs)


def make(chosen: Layout | None = None, name: str = "Transformer"):
    size = EncoderSize(dims=16, num_heads=2, input_layers=1, cross_layers=1, mlp_dims=16)
    kind = MODEL_CLASSES[name]
    return kind(kind.Config(layout=chosen or layout(), size=size))


def test_a_sequence_that_is_shorter_than_a_window_is_named_or_refused(folder, caplog):
    for file in folder.glob("b.*.npy"):
        np.save(file, np.load(file)[:5])
    data = ModalityDataModule(folder, pad=False)
    data.connect(make())
    with caplog.at_level("INFO"):
        assert len(data.train_dataloader().dataset) > 0
    note = "1 sequence is shorter than a window and left out of train: b"
    assert note in caplog.text
    data.strict = True
    with pytest.raises(ValueError, match=note + r" \(an error because of --data.strict\)"):
        data.train_dataloader()


def test_statistics_are_those_of_the_training_split(folder):
    dancer, data = make(), ModalityDataModule(folder)
    data.connect(dancer)
    data.fit_statistics(dancer)
    poses, hands, sound = (
        np.concatenate([np.load(folder / f"{name}.{feature}.npy") for name in "ab"])
        for feature in ("pose", "hands", "audio")
    )
    both = np.concatenate([poses, hands], 1)
    np.testing.assert_allclose(dancer.pose_mean, both.mean(0), rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(dancer.music_mean[:3], sound.mean(0), rtol=1e-4)
    np.testing.assert_allclose(dancer.music_std[:3], sound.std(0), rtol=1e-3)
    assert dancer.music_mean[3] == 0  # a token is a name
    assert dancer.music_std[3] == 1
    moving = both.std(0)
    np.testing.assert_allclose(dancer.pose_std[[0, 1, 2, 4, 5]], moving[[0, 1, 2, 4, 5]], rtol=1e-3)
    assert dancer.pose_std[3] > 0.05 * moving[:4].mean()  # never moves, and is not magnified

    # What changes over two frames, of walks of independent steps, is the root of two of what changes over one.
    one, two = dancer.changes.get_buffer("std_0")
    np.testing.assert_allclose(one[:3] * dancer.pose_std[:3], [1, 2, 3], rtol=0.2)
    np.testing.assert_allclose(two[:3] / one[:3], [2**0.5] * 3, rtol=0.2)
    assert one[3] == pytest.approx(SMALLEST_CHANGE_STD)


def test_a_model_of_several_outputs_learns_from_it(folder):
    torch.manual_seed(0)
    dancer, data = make(), ModalityDataModule(folder, batch_size=8)
    data.connect(dancer)
    data.fit_statistics(dancer)
    batch = next(iter(data.train_dataloader()))
    assert batch.inputs["chord"].shape == (8, 6)
    assert batch.outputs["hands"].shape == (8, 2, 2)
    optimiser = torch.optim.Adam(dancer.parameters(), 1e-2)
    losses = []
    for _ in range(60):
        loss = dancer.eval().loss(batch)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    assert losses[-1] < 0.3 * losses[0]


def test_arrays_stay_on_disk(folder):
    data = ModalityDataModule(folder)
    data.connect(make())
    assert isinstance(data.sequences["train"][0].features["audio"], np.memmap)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"audio": InputModality(name="audio", dims=5, frames=9)}, r"audio has 5 dims, .*a\.audio\.npy is \(80, 3\)"),
        (
            {"chord": InputModality(name="chord", dims=2, frames=6, kind="discrete", num_tokens=4)},
            r"a\.chord\.npy holds tokens 0\.\.4, the layout's chord has num_tokens=4",
        ),
        (
            {"mood": InputModality(name="mood", dims=2, kind="label", num_tokens=2)},
            r"c\.mood\.npy holds tokens 2\.\.2",
        ),
        ({"smell": InputModality(name="smell", dims=2, frames=6)}, r"smell"),
    ],
)
def test_a_layout_that_is_not_the_folders_is_refused(folder, changes, message):
    with pytest.raises(ValueError, match=message):
        ModalityDataModule(folder).connect(make(layout(**changes)))


def test_dropout_of_an_input_that_is_not_there_is_refused(folder):
    with pytest.raises(ValueError, match=r"data\.window_dropout names 'sound'; the inputs are \['audio', 'chord'"):
        ModalityDataModule(folder, window_dropout={"sound": 0.5}).connect(make())


def test_dropout_hides_the_named_input(folder):
    data = ModalityDataModule(folder, batch_size=16, window_dropout={"audio": 1.0}, frame_dropout={"pose": 0.5})
    data.connect(make())
    batch = next(iter(data.train_dataloader()))
    assert not batch.known["audio"].any()
    assert not batch.inputs["audio"].any()
    assert 0.2 < batch.known["pose"].mean() < 0.7
    assert next(iter(data.val_dataloader())).known["audio"].any()


def test_column_statistics_are_those_of_numpy_and_never_nearly_zero():
    rng = np.random.default_rng(0)
    parts = [rng.normal(3, [1, 2, 0], (size, 3)).astype(np.float32) for size in (5, 400, 37)]
    mean, std = column_statistics(parts)
    joined = np.concatenate(parts)
    np.testing.assert_allclose(mean, joined.mean(0), rtol=1e-5)
    np.testing.assert_allclose(std[:2], joined.std(0)[:2], rtol=1e-5)
    assert std[2] == pytest.approx(0.1 * np.sqrt(np.mean(joined.std(0) ** 2)), rel=1e-3)


def test_changes_do_not_cross_sequences():
    far_apart = [np.zeros((10, 1), np.float32), np.full((10, 1), 100, np.float32)]
    assert change_std(far_apart, np.ones(1, np.float32), [1]).item() == pytest.approx(SMALLEST_CHANGE_STD)
