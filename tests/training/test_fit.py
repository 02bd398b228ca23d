"""The trainer as a researcher uses it: fit from YAML, resume, guard, export a dancer that the bridge can load."""

import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import pytorch_lightning as pl
import torch
import yaml
from safetensors.torch import save_file

from models import checkpoint
from models.streaming_transflower import StreamingTransflower
from training.cli import main
from training.dancer_training import DancerTraining, take_over
from training.data_module import DanceDataModule

pytestmark = pytest.mark.filterwarnings("ignore")  # Lightning and TensorBoard warn about this very small run

TINY = {
    "pose_dims": 118, "music_dims": 121, "num_styles": 2, "dims": 32, "num_layers": 2, "num_heads": 2,
    "window_frames": 30, "flow_steps": 2, "flow_hidden_dims": 32, "num_seed_poses": 3, "future_frames": 10,
}  # fmt: skip


def run(*arguments: str) -> None:
    """Calls ``transflower-train`` in this process."""
    before = sys.argv
    sys.argv = ["transflower-train", *arguments]
    try:
        main()
    finally:
        sys.argv = before


@pytest.fixture
def config(prepared, tmp_path) -> Path:
    """The shipped configuration, made tiny."""
    text = (Path(__file__).parents[2] / "training/hparams/streaming_transflower.yaml").read_text(encoding="utf-8")
    values = yaml.safe_load(text)
    values["data"] |= {"folder": str(prepared), "window_frames": 60, "future_frames": 10, "batch_size": 4}
    values["model"] |= {"budget_steps": 30, "warmup_steps": 5, "config": TINY}
    values["trainer"] |= {
        "accelerator": "cpu", "val_check_interval": 5, "default_root_dir": str(tmp_path), "log_every_n_steps": 1,
        "enable_progress_bar": False, "enable_model_summary": False,
    }  # fmt: skip
    values["trainer"]["logger"]["init_args"]["save_dir"] = str(tmp_path)
    values["trainer"]["callbacks"][0]["init_args"] = {"num_dancers": 2, "seconds": 4.0}
    path = tmp_path / "tiny.yaml"
    path.write_text(yaml.safe_dump(values), encoding="utf-8")
    return path


def test_fit_ends_with_its_budget_and_exports_a_dancer(config, prepared, tmp_path):
    run("fit", "--config", str(config))
    folder = tmp_path / "streaming_transflower" / "version_0"
    loaded = checkpoint.load(folder / "last.safetensors")
    assert loaded.metadata["training"]["steps"] == 30
    assert loaded.metadata["styles"] == ["LEFT", "RIGHT"]
    assert loaded.metadata["seed_poses"][0] == "standing"
    assert "Google" in loaded.metadata["attribution"]
    state = loaded.model.initial_state(1)
    pose, _ = loaded.model.step(torch.zeros(1, 121), state, torch.zeros(1, 118), 1.0)
    assert torch.isfinite(pose).all()
    assert (folder / "best.safetensors").is_file()
    assert list(folder.glob("events.out.tfevents.*"))

    run("curves", str(folder), "-o", str(tmp_path / "curves.png"))
    assert (tmp_path / "curves.png").stat().st_size > 10_000
    run(
        "assess", str(folder / "last.safetensors"), "--folder", str(prepared), "-o", str(tmp_path / "report"),
        "--num-dances", "6", "--seconds", "5", "--long-seconds", "6", "--exact-clock",
    )  # fmt: skip
    report = json.loads((tmp_path / "report.json").read_text())
    assert report["real"]["beat_coherence"] > 0.5  # the fixture's dancer is exactly in time
    assert report["danced"]["beat_tests"]["coherence, wrong tempo"]["count"] == 6
    assert "an exact clock" in (tmp_path / "report.md").read_text()
    assert (tmp_path / "report.png").is_file()

    last = next(folder.glob("checkpoints/last.ckpt"))
    run(
        "fit", "--config", str(config), "--ckpt_path", str(last), "--model.budget_steps", "40",
        "--trainer.logger.init_args.version", "1",
    )  # fmt: skip
    resumed = checkpoint.load(tmp_path / "streaming_transflower" / "version_1" / "last.safetensors")
    assert resumed.metadata["training"]["steps"] == 40


class Watched(DancerTraining):
    """Remembers its losses, and can be made to fail at one batch."""

    broken_batch = -1

    def training_step(self, batch, batch_index):
        loss = super().training_step(batch, batch_index)
        self.losses = [*getattr(self, "losses", []), loss.item()]
        return loss * float("nan") if batch_index == self.broken_batch else loss


def module(prepared) -> tuple[Watched, DanceDataModule]:
    torch.manual_seed(0)
    training = Watched(StreamingTransflower.Config(**TINY), learning_rate=3e-3, warmup_steps=5, budget_steps=60)
    return training, DanceDataModule(prepared, window_frames=60, future_frames=10, batch_size=8)


def fit(training: DancerTraining, data: DanceDataModule, **options) -> None:
    pl.Trainer(
        accelerator="cpu", max_epochs=-1, logger=False, enable_checkpointing=False, enable_progress_bar=False,
        enable_model_summary=False, **options,
    ).fit(training, data)  # fmt: skip


def test_training_learns(prepared):
    training, data = module(prepared)
    fit(training, data, limit_val_batches=0)
    assert len(training.losses) == 60
    assert np.mean(training.losses[-10:]) < np.mean(training.losses[:10]) - 0.5


def test_a_step_with_a_broken_gradient_is_left_out(prepared):
    training, data = module(prepared)
    training.broken_batch = 1
    fit(training, data, max_steps=6, limit_val_batches=0)
    assert training.skipped_steps > 0
    assert all(torch.isfinite(p).all() for p in training.dancer.parameters())


def test_dimensions_must_be_those_of_the_data(prepared):
    _, data = module(prepared)
    data.setup("fit")
    with pytest.raises(ValueError, match=r"num_styles is 7, the data in .* have 2"):
        data.fit_statistics(StreamingTransflower(replace(StreamingTransflower.Config(**TINY), num_styles=7)))


def test_a_run_can_start_from_another_dancer(tmp_path):
    torch.manual_seed(0)
    first, second = (StreamingTransflower(StreamingTransflower.Config(**TINY)) for _ in range(2))
    weights = {name: value for name, value in first.state_dict().items() if not name.startswith("enter_rhythm")}
    save_file(weights, tmp_path / "first.safetensors")
    fresh = take_over(second, tmp_path / "first.safetensors")
    assert fresh == sorted(name for name in second.state_dict() if name.startswith("enter_rhythm"))
    assert torch.equal(second.enter_pose.weight, first.enter_pose.weight)
    save_file({"x": torch.zeros(1)}, tmp_path / "other.safetensors")
    with pytest.raises(ValueError, match="no weight in it fits"):
        take_over(second, tmp_path / "other.safetensors")
    with pytest.raises(ValueError, match="cannot start from it"):
        take_over(second, tmp_path / "none.safetensors")


def test_user_errors_are_one_line(tmp_path, capsys):
    for command in (
        ["curves", str(tmp_path), "-o", str(tmp_path / "x.png")],
        ["assess", str(tmp_path / "none.safetensors"), "--folder", str(tmp_path), "-o", str(tmp_path / "x")],
    ):
        with pytest.raises(SystemExit) as exit_info:
            run(*command)
        assert exit_info.value.code == 2
        assert capsys.readouterr().err.startswith("transflower-train: ")


def test_help_teaches(capsys):
    run("--help")
    assert "transflower-train assess" in capsys.readouterr().out
