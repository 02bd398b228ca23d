"""Training in several processes, and training whose process is killed: the same dancer comes out."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from scipy.ndimage import gaussian_filter1d

from tests.training.runs import logged, quiet_callbacks, write_config

pytestmark = pytest.mark.slow

# Nothing is left to chance in the loss, so that two halves of a batch are the batch.
CERTAIN = {
    "transflower": {
        "history_noise": 0.0, "label_dropout": 0.0, "target_noise": 0.0, "norm": "batchnorm",
        "size": {"dims": 32, "num_heads": 2, "input_layers": 1, "cross_layers": 1, "mlp_dims": 32, "dropout": 0.0},
        "coupling": {"dims": 32, "num_heads": 2, "input_layers": 1, "cross_layers": 0, "mlp_dims": 32, "dropout": 0.0},
    },
    "moglow": {"history_noise": 0.0, "label_dropout": 0.0, "target_noise": 0.0, "history_dropout": 0.0},
    "streaming_transflower": {
        **dict.fromkeys(["dropout", "history_noise", "history_dropout", "style_dropout", "energy_dropout"], 0.0),
        **dict.fromkeys(["spectral_dropout", "look_ahead_share", "target_noise"], 0.0),
    },
}  # fmt: skip


def start(config: Path, *arguments: str) -> subprocess.Popen:
    command = [sys.executable, "-m", "training.cli", "fit", "--config", str(config), *arguments]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONWARNINGS": "ignore"}
    return subprocess.Popen(
        command, cwd=Path(__file__).parents[2], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True,
    )  # fmt: skip


def finish(process: subprocess.Popen) -> str:
    try:
        out, _ = process.communicate(timeout=180)
    except subprocess.TimeoutExpired:
        process.kill()
        pytest.fail(f"hung: {process.communicate()[0]}")
    assert process.returncode == 0, out
    return out


@pytest.fixture(scope="module")
def restless(prepared, tmp_path_factory) -> Path:
    """The prepared folder, every number of whose poses moves: a density of still ones would magnify rounding."""
    folder = tmp_path_factory.mktemp("data") / "restless"
    shutil.copytree(prepared, folder)
    rng = np.random.default_rng(0)
    for path in sorted(folder.glob("*.pose.npy")):
        pose = np.load(path)
        walk = gaussian_filter1d(rng.normal(size=pose.shape), 3, axis=0)
        np.save(path, (pose + walk).astype(np.float32))
    return folder


@pytest.mark.parametrize("name", sorted(CERTAIN))
def test_two_processes_train_as_one(name, restless, tmp_path):
    """The same global batch: the same loss curve, validation and weights, but for the order of summation."""
    runs = {}
    data = {"look_ahead": None} if name != "streaming_transflower" else {}
    for processes in (1, 2):
        folder = tmp_path / str(processes)
        folder.mkdir()
        config = write_config(
            folder / "t.yaml", name, restless, steps=20, dancer=CERTAIN[name], data={"batch_size": 8, **data},
            trainer={
                "callbacks": quiet_callbacks(0.5), "devices": processes, "strategy": "ddp", "val_check_interval": 5,
            },
        )  # fmt: skip
        logger = ["--trainer.logger", "CSVLogger", "--trainer.logger.save_dir", str(folder)]
        finish(start(config, *logger, "--trainer.logger.flush_logs_every_n_steps", "1"))
        runs[processes] = next(folder.rglob("metrics.csv")).parent
    one, two = ({key: logged(run, key) for key in ("train/loss", "val/loss")} for run in runs.values())
    assert len(one["train/loss"]) == 20
    assert len(one["val/loss"]) == 4
    for key in one:
        np.testing.assert_allclose(two[key], one[key], rtol=2e-3, atol=2e-3)
    assert np.ptp(one["train/loss"]) > 0.1  # a curve that could differ
    weights = [load_file(run / "last.safetensors") for run in runs.values()]
    for key, value in weights[0].items():
        torch.testing.assert_close(weights[1][key].float(), value.float(), rtol=0.02, atol=2e-3)


def test_a_killed_run_goes_on_to_the_same_weights(prepared, tmp_path):
    """Killed without warning in mid-epoch, with dropout, corruptions and an average of the weights going on."""
    ends = {}
    for which in ("whole", "killed"):
        folder = tmp_path / which
        folder.mkdir()
        config = write_config(
            folder / "t.yaml", "streaming_transflower", prepared, steps=60, data={"batch_size": 2},
            trainer={"callbacks": quiet_callbacks(0.5), "val_check_interval": 10},
        )  # fmt: skip
        process = start(config)
        run = folder / "streaming_transflower" / "version_0"
        if which == "killed":
            last = run / "checkpoints" / "last.ckpt"
            deadline = time.monotonic() + 120
            while not last.is_file() and process.poll() is None and time.monotonic() < deadline:
                time.sleep(0.02)
            process.send_signal(signal.SIGKILL)
            process.communicate()
            assert last.is_file()
            step = torch.load(last, weights_only=False)["global_step"]
            assert step < 60, "the run was over before it could be killed"
            process = start(config, "--ckpt_path", str(last))
            run = folder / "streaming_transflower" / "version_1"
        finish(process)
        ends[which] = load_file(run / "last.safetensors")
    for key, value in ends["whole"].items():
        assert torch.equal(ends["killed"][key], value), key
