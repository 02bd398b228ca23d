"""Recordings whose tempo nobody stated are trained on; what learns nothing says so, and does not end as a success."""

import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from data.dataset.prepared_reader import PreparedFolder
from models.files import checkpoint
from tests.training.conftest import write_prepared
from tests.training.runs import MODELS, quiet_callbacks, run, write_config
from training.data_modules.data_sizes import fit_sizes, sizes_of
from training.evaluation.dances import Repertoire
from training.fitting.export import save_trained
from training.fitting.lightning import command_line
from training.fitting.rollout import sounding_excerpts

pytestmark = pytest.mark.filterwarnings("ignore")  # Lightning and TensorBoard warn about these very small runs

BEAT = 116
"""The first column of the beat in the features of the fixture."""


@pytest.fixture(scope="module")
def without_tempo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A prepared folder of recordings without a clips.csv: the beat is -1 throughout."""
    folder = write_prepared(tmp_path_factory.mktemp("own"), seconds=8)
    for path in folder.glob("*.beat.npy"):
        np.save(path, np.full_like(np.load(path), -1))
    return folder


@pytest.mark.parametrize("name", MODELS)
def test_every_model_trains_on_recordings_of_unknown_tempo(name: str, without_tempo: Path, tmp_path: Path) -> None:
    trainer = {"callbacks": quiet_callbacks(0.5)}
    run("fit", "--config", write_config(tmp_path / "t.yaml", name, without_tempo, steps=4, trainer=trainer))
    last = next(tmp_path.rglob("last.safetensors"))
    assert all(torch.isfinite(tensor.float()).all() for tensor in load_file(last).values())
    assert np.isfinite(list(checkpoint.load(last).metadata["energy"].values())).all()


def test_a_recording_of_unknown_tempo_sounds_and_has_no_beat(without_tempo: Path) -> None:
    folder = PreparedFolder.open(without_tempo)
    (first, *_) = folder.sequences("train")
    assert first.sounding.all()
    assert not first.knows_beats
    (excerpt, *_) = sounding_excerpts([first], 60)
    assert np.isnan(excerpt.beat).all()
    repertoire = Repertoire.of(folder, split="val", seconds=4, num_dances=6)
    assert np.isnan(repertoire.beats).all()
    assert "`train` a tempo is known" in repertoire.left_out[0]
    with pytest.raises(ValueError, match=r"no exact clock without a tempo.*clips\.csv"):
        Repertoire.of(folder, split="val", seconds=4, num_dances=6, exact_clock=True)


def test_where_some_tempi_are_known_the_other_recordings_are_left_out(tmp_path: Path) -> None:
    folder = write_prepared(tmp_path, seconds=4)
    np.save(folder / "sway_0.beat.npy", np.full_like(np.load(folder / "sway_0.beat.npy"), -1))
    repertoire = Repertoire.of(PreparedFolder.open(folder), split="val", seconds=2, num_dances=6)
    assert np.isfinite(repertoire.beats).all()
    assert repertoire.left_out == ("2 excerpts whose tempo is not known are left out.",)


def test_silence_between_beats_that_are_known_stays_silence(tmp_path: Path) -> None:
    folder = write_prepared(tmp_path, seconds=4)
    beat = np.load(folder / "sway_0.beat.npy")
    beat[:30] = -1
    np.save(folder / "sway_0.beat.npy", beat)
    first = PreparedFolder.open(folder).sequences("train")[0]
    assert first.sounding.sum() == len(beat) - 30


def test_statistics_that_are_no_numbers_are_refused_before_the_first_step(tmp_path: Path) -> None:
    (tmp_path / "prepared").mkdir()
    folder = write_prepared(tmp_path / "prepared", seconds=4)
    energy = np.load(folder / "sway_0.energy.npy")
    energy[7] = np.nan
    np.save(folder / "sway_0.energy.npy", energy)
    config = write_config(tmp_path / "t.yaml", "streaming_transflower", folder, steps=4, trainer={"callbacks": []})
    parts = command_line(["--config", str(config)], run=False)
    with pytest.raises(ValueError, match=r"prepared: energy_mean_std of the training sequences is NaN.*inspect"):
        parts.trainer.fit(parts.model, parts.datamodule)
    assert parts.trainer.global_step == 0


def test_a_training_whose_every_step_was_left_out_is_an_error(
    prepared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = Path(shutil.copytree(prepared, tmp_path / "prepared"))
    for path in folder.glob("*.audio.npy"):
        audio = np.load(path)
        audio[:, BEAT] = np.nan
        np.save(path, audio)
    config = write_config(tmp_path / "t.yaml", "streaming_transflower", folder, steps=3, trainer={"callbacks": []})
    with pytest.raises(SystemExit) as stopped:
        run("fit", "--config", config)
    assert stopped.value.code == 2
    assert "nothing was learned: the gradients of all 3 steps" in capsys.readouterr().err


def test_what_was_learned_without_held_out_sequences_is_kept(prepared: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(prepared, tmp_path / "prepared"))
    (folder / "base_filenames_val.txt").write_text("")
    trainer = {"callbacks": quiet_callbacks(0.5)}
    run("fit", "--config", write_config(tmp_path / "t.yaml", "streaming_transflower", folder, steps=4, trainer=trainer))
    last = checkpoint.load(next(tmp_path.rglob("last.safetensors")))
    assert last.metadata["training"]["steps"] == 4
    with pytest.raises(ValueError, match=r"'val' holds no sequence to judge by.*--val-groups"):
        Repertoire.of(PreparedFolder.open(folder), split="val", seconds=4, num_dances=6)


def test_a_dancer_with_a_weight_that_is_no_number_is_not_written(prepared: Path, tmp_path: Path) -> None:
    config = write_config(tmp_path / "t.yaml", "transformer", prepared, steps=1, trainer={"callbacks": []})
    dancer = command_line(["--config", str(config)], run=False).model.dancer
    with torch.no_grad():
        next(dancer.parameters()).fill_(float("nan"))
    metadata = checkpoint.load(Path("models/weights/default.safetensors")).metadata
    with pytest.raises(ValueError, match=r"x\.safetensors: not written, for .* is NaN or infinite"):
        save_trained(tmp_path / "x.safetensors", dancer, metadata)
    assert not (tmp_path / "x.safetensors").exists()


@pytest.mark.parametrize("name", ["streaming_transflower", "transflower", "moglow"])
def test_dimensions_and_styles_are_those_of_the_data(name: str, prepared: Path, tmp_path: Path) -> None:
    """The shipped configurations are of ten styles; a folder of two is no reason to count them by hand."""
    config = write_config(tmp_path / "t.yaml", name, prepared, steps=2, trainer={"callbacks": quiet_callbacks(0.5)})
    text = config.read_text(encoding="utf-8")
    other = text.replace("num_styles: 2", "num_styles: 10").replace("num_tokens: 2", "num_tokens: 10")
    other = other.replace("pose_dims: 118", "pose_dims: 130").replace("dims: 121", "dims: 99")
    assert other != text
    config.write_text(other, encoding="utf-8")
    run("fit", "--config", config)
    last = checkpoint.load(next(tmp_path.rglob("last.safetensors")))
    assert last.metadata["styles"] == ["LEFT", "RIGHT"]


def test_what_a_folder_does_not_tell_stays_as_it_is(tmp_path: Path) -> None:
    assert sizes_of(tmp_path) == {}
    (tmp_path / "fingerprint.json").write_text('{"styles": 3}')
    assert sizes_of(tmp_path) == {}
    config = {"pose_dims": 118, "num_styles": 10}
    assert fit_sizes(config, {}) == []
    assert fit_sizes(config, {"pose": 118, "audio": 121, "styles": 3}) == ["num_styles is 3, not 10"]
    assert config == {"pose_dims": 118, "num_styles": 3}
