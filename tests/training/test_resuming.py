"""A resumed run follows its new settings, and what cannot be resumed is named."""

import csv
import json
import shutil
import zipfile

import numpy as np
import pytest
import torch

from models.files import checkpoint
from tests.training.runs import quiet_callbacks, run, write_config

pytestmark = [pytest.mark.filterwarnings("ignore"), pytest.mark.xdist_group("trained")]
NAME = "streaming_transflower"


@pytest.fixture
def last(trained):
    return trained(NAME) / "checkpoints" / "last.ckpt"


def go_on(tmp_path, prepared, last, *options):
    trainer = {"callbacks": quiet_callbacks(0.5), "val_check_interval": 2}
    config = write_config(tmp_path / "t.yaml", NAME, prepared, steps=16, trainer=trainer)
    run("fit", "--config", config, "--ckpt_path", last, *options, "--trainer.logger", "CSVLogger",
        "--trainer.logger.save_dir", tmp_path / "csv", "--trainer.logger.flush_logs_every_n_steps", 1)  # fmt: skip
    with next((tmp_path / "csv").rglob("metrics.csv")).open() as file:
        return [float(row["train/learning_rate"]) for row in csv.DictReader(file) if row.get("train/learning_rate")]


def test_a_resumed_run_takes_its_new_learning_rate_and_says_so(last, prepared, tmp_path, recwarn):
    (tmp_path / "a").mkdir()
    before = go_on(tmp_path / "a", prepared, last)
    assert not [w for w in recwarn if "goes on with" in str(w.message)]
    (tmp_path / "b").mkdir()
    after = go_on(tmp_path / "b", prepared, last, "--model.learning_rate", 1e-5, "--model.weight_decay", 0.5)
    (said,) = [str(w.message) for w in recwarn if "goes on with" in str(w.message)]
    assert "learning_rate 1e-05 instead of" in said
    assert "weight_decay 0.5 instead of 0.01" in said
    assert len(before) == len(after) == 4
    assert after[0] < 0.1 * before[0]
    ratios = {round(a / b, 9) for a, b in zip(after[1:], before[1:], strict=True)}
    assert len(ratios) == 1, "the schedule is the same"


def refused(tmp_path, prepared, last, capsys, *options, steps=16, **model):
    config = write_config(tmp_path / "t.yaml", NAME, prepared, steps=steps, trainer={"callbacks": []}, model=model)
    with pytest.raises(SystemExit):
        run("fit", "--config", config, "--ckpt_path", last, "--trainer.logger", "false", *options)
    (said,) = [line for line in capsys.readouterr().err.splitlines() if line.startswith("transflower-train: ")]
    return said


def test_a_run_that_has_used_its_budget_says_what_to_raise(last, prepared, tmp_path, capsys):
    said = refused(tmp_path, prepared, last, capsys, steps=12)
    assert "nothing is left to do" in said
    assert "after 12 steps" in said
    assert "raise --model.budget_steps" in said


def test_other_frozen_parameters_are_refused(last, prepared, tmp_path, capsys):
    said = refused(tmp_path, prepared, last, capsys, "--model.freeze", '["flow.*"]')
    assert "leave --model.freeze as it was when the run began" in said


def test_a_resumed_run_says_what_it_takes_from_before_and_obeys_the_rest(last, prepared, tmp_path, recwarn, capsys):
    """Other data come with the old standardisation; a dancer to start from is passed over; patience is the new one."""
    folder = shutil.copytree(prepared, tmp_path / "prepared")
    for path in folder.glob("*.pose.npy"):
        np.save(path, np.load(path) + 0.5)
    with np.load(folder / "pose.scaler.npz") as scaler:
        kept = {"mean": scaler["mean"] + 0.5, "std": scaler["std"]}
    np.savez(folder / "pose.scaler.npz", **kept)
    checkpointed = torch.load(last, weights_only=False)
    checkpointed["callbacks"]["EarlyStopping{'monitor': 'val/loss', 'mode': 'min'}"] = {
        "wait_count": 0, "stopped_epoch": 0, "best_score": torch.tensor(9.0), "patience": 16,
    }  # fmt: skip
    torch.save(checkpointed, tmp_path / "patient.ckpt")
    stopping = {"class_path": "EarlyStopping", "init_args": {"monitor": "val/loss", "patience": 3}}
    config = write_config(tmp_path / "t.yaml", NAME, folder, steps=13, trainer={"callbacks": [stopping]})
    run("fit", "--config", config, "--ckpt_path", tmp_path / "patient.ckpt", "--trainer.logger", "false",
        "--model.start_from", tmp_path / "lost.safetensors")  # fmt: skip
    said = [str(warning.message) for warning in recwarn]
    assert any("in the standardisation of those that it began with" in line for line in said)
    assert any("patience 3 instead of 16" in line for line in said)


@pytest.mark.parametrize("command", ["fit", "validate"])
def test_what_is_no_checkpoint_is_named(command, last, prepared, tmp_path, capsys):
    config = write_config(tmp_path / "t.yaml", NAME, prepared, steps=16)

    def said(path):
        with pytest.raises(SystemExit):
            run(command, "--config", config, "--ckpt_path", path)
        error = capsys.readouterr().err
        assert "Traceback" not in error
        return error

    assert f"no such checkpoint; there is {last.parent}" in said(last.parent / "lost.ckpt")
    assert "--model.start_from" in said(last.parents[1] / "last.safetensors")
    (tmp_path / "half.ckpt").write_bytes(last.read_bytes()[:1000])
    assert "damaged or no Lightning checkpoint" in said(tmp_path / "half.ckpt")
    with zipfile.ZipFile(tmp_path / "other.ckpt", "w") as file:
        file.writestr("a.json", json.dumps({}))
    assert "damaged or no Lightning checkpoint" in said(tmp_path / "other.ckpt")


def test_a_checkpoint_becomes_the_dancer_that_training_wrote(last, prepared, tmp_path, capsys):
    with pytest.raises(ValueError, match=r"no dancer; the dancer is in .*last.safetensors; make one .*train export"):
        checkpoint.load(last)
    config = (last.parents[1] / "config.yaml").read_text()
    assert "class_path: training." in config
    # as a run wrote it before the modules were moved
    (tmp_path / "config.yaml").write_text(config.replace("class_path: training.", "class_path: training.earlier."))
    run("export", "--config", tmp_path / "config.yaml", "--ckpt_path", last, "-o", tmp_path / "d.safetensors")
    assert "after 12 steps" in capsys.readouterr().out
    made, written = checkpoint.load(tmp_path / "d.safetensors"), checkpoint.load(last.parents[1] / "last.safetensors")
    for name, weights in written.model.state_dict().items():
        assert torch.equal(weights, made.model.state_dict()[name]), name
    assert made.metadata["seed_poses"] == written.metadata["seed_poses"]
    assert made.metadata["noise_correlation"] == pytest.approx(written.metadata["noise_correlation"])


def test_a_checkpoint_of_another_size_is_named(last, prepared, tmp_path, capsys):
    config = write_config(tmp_path / "t.yaml", NAME, prepared, steps=16, dancer={"dims": 48})
    with pytest.raises(SystemExit):
        run("fit", "--config", config, "--ckpt_path", last)
    assert "of another dancer: dancer." in capsys.readouterr().err
