"""A model that is no dance, from data that are made to what it generates and how it is judged, by the commands."""

import json
import runpy
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

from data.dataset.modality_description import FolderDescription
from data.dataset.modality_folder import ModalityFolder
from data.formats.bvh import read_bvh
from data.motion.humanoid import default_skeleton
from data.motion.pose_codec import PoseCodec
from models.files import checkpoint, modality_checkpoint
from models.networks.modalities import InputModality, Layout, OutputModality
from models.networks.multimodal_encoder import EncoderSize
from models.window.transformer import Transformer
from tests.training.runs import HPARAMS, quiet_callbacks, run

pytestmark = [pytest.mark.filterwarnings("ignore"), pytest.mark.xdist_group("two_people")]  # very small runs

ROOT = Path(__file__).parents[2]
TYPED = "leader:15, follower:6@4, mood -> follower:1@10"


@pytest.fixture(scope="module")
def people(tmp_path_factory):
    folder = tmp_path_factory.mktemp("people")
    runpy.run_path(str(ROOT / "examples/two_people.py"))["write"](folder, 6, 4.0)
    return folder


@pytest.fixture(scope="module")
def trained_pair(people, tmp_path_factory):
    """A model of the follower after a few steps of the shipped configuration, by the command line."""
    folder = tmp_path_factory.mktemp("trained_pair")
    config = folder / "trainer.yaml"
    config.write_text(json.dumps({"trainer": {"callbacks": quiet_callbacks(0.5)}}))
    run(
        "fit", "--config", HPARAMS / "debug/transflower.yaml", "--config", config, "--data.folder", people,
        "--modalities", TYPED, "--model.budget_steps", 4, "--data.batch_size", 8, "--trainer.val_check_interval", 2,
        "--trainer.limit_val_batches", 2, "--trainer.accelerator", "cpu", "--trainer.logger.save_dir", folder,
        "--trainer.enable_progress_bar", "false", "--trainer.enable_model_summary", "false",
    )  # fmt: skip
    return folder / "transflower" / "version_0"


def test_it_is_trained_generates_and_is_judged(people, trained_pair, tmp_path, capsys):
    best = trained_pair / "best.safetensors"
    out = tmp_path / "made"
    run("generate", best, "--folder", people, "-o", out, "--samples", 2, "--start", "data",
        "--look-ahead", 4, "--frames", 30)  # fmt: skip
    printed = capsys.readouterr().out
    assert "2 sequences of follower, 2.0 s; the first 10 frames are those of the data" in printed
    names = sorted(path.name for path in out.glob("*.npy"))
    assert len(names) == 2
    assert names[0].endswith("-1.follower.npy")
    values = np.load(out / names[0])
    real = np.load(people / names[0].replace("-1", ""))
    assert values.shape == real[:30].shape == (30, 3)
    np.testing.assert_allclose(values[:10], real[:10], atol=1e-5)
    assert np.abs(values[10:] - real[10:30]).max() > 1e-3
    assert FolderDescription.read(out).frame_rate_hz == 30

    report = tmp_path / "report"
    run(
        "evaluate", best, "--folder", people, "-o", report, "--samples", 2, "--seconds", 1, "--max-frames", 32,
    )  # fmt: skip
    assert "with others' inputs" in capsys.readouterr().out
    real_row, row = json.loads((report / "report.json").read_text(encoding="utf-8"))
    assert row["loss"]["name"] == "nll"
    assert np.isfinite([value for value in row["loss"].values() if isinstance(value, float)]).all()
    assert row["loss"]["others_inputs"] != row["loss"]["held_out"]
    assert row["outputs"]["follower"]["measures"]["diversity of samples"] > 0
    assert real_row["outputs"]["follower"]["measures"]["distance to its own"] is None
    for name in ("follower_curves.png", "follower_spectrum.png"):
        assert (report / name).stat().st_size > 5000


def test_new_inputs_need_no_outputs(people, trained_pair, tmp_path, capsys):
    folder = tmp_path / "new"
    folder.mkdir()
    for feature in ("leader", "mood"):
        array = np.load(people / f"pair_00.{feature}.npy")
        np.save(folder / f"new.{feature}.npy", array)
    line = ["generate", trained_pair / "last.safetensors", "--folder", folder, "-o", tmp_path / "made"]
    with pytest.raises(SystemExit):
        run(*line)
    assert "has no 'follower', which the model needs; it has leader" in (error := capsys.readouterr().err)
    assert "for inputs alone say --split all" in error
    run(*line, "--split", "all", "--frames", 12)
    assert np.load(tmp_path / "made/new.follower.npy").shape == (12, 3)

    with pytest.raises(SystemExit):
        run(*line, "--split", "all")
    assert "exists: name another folder, or say --overwrite" in capsys.readouterr().err
    np.save(folder / "new.mood.npy", np.array([5]))
    with pytest.raises(SystemExit):
        run(*line, "--split", "all", "--overwrite")
    assert "new.mood.npy holds tokens 5..5, the model knows 0..1" in capsys.readouterr().err
    np.save(folder / "new.mood.npy", np.array([1]))
    np.save(folder / "new.leader.npy", np.zeros((40, 2), np.float32))
    with pytest.raises(SystemExit):
        run(*line, "--split", "all", "--overwrite")
    assert "new.leader.npy is (40, 2), and the model's leader has 3 dims" in capsys.readouterr().err
    assert sorted(path.name for path in (tmp_path / "made").iterdir()) == ["modalities.json", "new.follower.npy"]
    (tmp_path / "made/new.leader.npy").write_bytes(b"")
    with pytest.raises(SystemExit):
        run(*line, "--split", "all", "--overwrite")
    assert "new.leader.npy was not written by this command and would be lost" in capsys.readouterr().err


@pytest.mark.parametrize("place", [".", "..", "../alias"])
def test_the_inputs_are_never_replaced(people, trained_pair, tmp_path, capsys, place):
    folder = tmp_path / "set" / "people"
    shutil.copytree(people, folder)
    shutil.copy(people / "modalities.json", folder.parent)
    (folder.parent / "alias").symlink_to(folder, target_is_directory=True)
    before = sorted(path.name for path in folder.iterdir())
    line = ["--folder", folder, "-o", folder / place, "--frames", 12, "--overwrite"]
    with pytest.raises(SystemExit):
        run("generate", trained_pair / "last.safetensors", *line)
    assert f"is or holds the folder of the inputs, {folder}: name another one by -o" in capsys.readouterr().err
    assert sorted(path.name for path in folder.iterdir()) == before


def test_models_are_compared_on_the_same_sequences(people, trained_pair, tmp_path, capsys):
    folder = tmp_path / "people"
    shutil.copytree(people, folder)
    splits = ModalityFolder(folder, {"leader": "continuous"}).splits()[0]
    names = {split: [sequence.sequence_id for sequence in splits[split]] for split in ("train", "val")}
    for name in names["train"]:  # so the sequence held out from the one model is none for the other
        np.save(folder / f"{name}.third.npy", np.ones((120, 2), np.float32))
    layout = Layout(
        inputs=(InputModality(name="third", dims=2, frames=3),),
        outputs=(OutputModality(name="follower", dims=3, frames=1, offset=2),),
    )
    size = EncoderSize(dims=8, num_heads=1, input_layers=1, cross_layers=1, mlp_dims=8)
    model = Transformer(Transformer.Config(layout=layout, size=size))
    modality_checkpoint.save(tmp_path / "other.safetensors", model, {"frame_rate_hz": 30, "modalities": {}})
    line = ["evaluate", trained_pair / "last.safetensors", tmp_path / "other.safetensors", "--folder", folder,
            "-o", tmp_path / "report", "--samples", 1, "--seconds", 1, "--max-frames", 8]  # fmt: skip
    with pytest.raises(SystemExit):
        run(*line)
    error = capsys.readouterr().err
    assert "other.safetensors reads other features than" in error
    assert "say which by base_filenames_train.txt and base_filenames_val.txt" in error
    assert not (tmp_path / "report").exists()

    (folder / "base_filenames_train.txt").write_text("\n".join(names["train"][1:]))
    (folder / "base_filenames_val.txt").write_text(names["train"][0])
    run(*line)
    assert len(json.loads((tmp_path / "report/report.json").read_text(encoding="utf-8"))) == 3


def test_a_checkpoint_of_training_becomes_a_model_by_export(people, trained_pair, tmp_path, capsys):
    kept = trained_pair / "checkpoints" / "last.ckpt"
    run("export", "--config", trained_pair / "config.yaml", "--ckpt_path", kept, "-o", tmp_path / "model.safetensors")
    assert "the model, for `transflower-train generate`, after 4 steps" in capsys.readouterr().out
    assert modality_checkpoint.load(tmp_path / "model.safetensors").token_names == {"mood": ("calm", "lively")}
    with pytest.raises(SystemExit):
        run("generate", kept, "--folder", people, "-o", tmp_path / "made")
    assert "a checkpoint from which a training goes on, no dancer" in capsys.readouterr().err


def test_what_is_motion_becomes_bvh(tmp_path, capsys):
    codec = PoseCodec(default_skeleton(), 30)
    layout = Layout(
        inputs=(InputModality(name="speech", dims=2, frames=3),),
        outputs=(OutputModality(name="gesture", dims=codec.dims, frames=1, offset=2),),
    )
    torch.manual_seed(0)
    size = EncoderSize(dims=8, num_heads=1, input_layers=1, cross_layers=1, mlp_dims=8)
    model = Transformer(Transformer.Config(layout=layout, size=size))
    rest = torch.from_numpy(codec.encode(codec.decode(np.zeros((2, codec.dims), np.float32)))[0])
    model.set_statistics(
        pose_mean=rest, pose_std=torch.full((codec.dims,), 0.1), music_mean=torch.zeros(2), music_std=torch.ones(2)
    )
    description = {"frame_rate_hz": 30, "modalities": {"gesture": {"pose_codec": codec.to_dict()}}}
    modality_checkpoint.save(tmp_path / "model.safetensors", model, description)
    np.save(tmp_path / "hello.speech.npy", np.random.default_rng(0).normal(size=(20, 2)).astype(np.float32))
    run(
        "generate", tmp_path / "model.safetensors", "--folder", tmp_path, "-o", tmp_path / "made", "--split", "all"
    )  # fmt: skip
    assert "1 sequences of gesture, 0.7 s, and BVH of gesture" in capsys.readouterr().out
    motion = read_bvh(tmp_path / "made/hello.gesture.bvh")
    expected = codec.decode(np.load(tmp_path / "made/hello.gesture.npy"))
    assert (len(motion), motion.rate_hz) == (20, pytest.approx(30, rel=1e-4))
    hips = motion.global_positions()[:, 0]
    np.testing.assert_allclose(hips, expected.global_positions()[:, 0], atol=1e-3)


def test_a_dancer_is_a_model_too(tmp_path):
    loaded = modality_checkpoint.load(ROOT / "models/weights/default.safetensors")
    assert loaded.modalities["pose"]["pose_codec"]["rate_hz"] == loaded.frame_rate_hz == 30
    assert not modality_checkpoint.is_of_modalities(ROOT / "README.md")


def test_a_damaged_header_is_named(trained_pair, tmp_path):
    content = (trained_pair / "last.safetensors").read_bytes()
    broken = tmp_path / "broken.safetensors"
    broken.write_bytes(content.replace(b'model_class\\"', b'model_glass\\"', 1))
    with pytest.raises(ValueError, match=r"broken\.safetensors: damaged header"):
        modality_checkpoint.load(broken)
    with pytest.raises(ValueError, match="no stage can feed; let it generate by `transflower-train generate"):
        checkpoint.load(trained_pair / "last.safetensors")
