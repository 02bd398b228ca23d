"""Training in several processes, and training whose process is killed: the same dancer comes out."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from scipy.ndimage import gaussian_filter1d

from tests.training.runs import logged, quiet_callbacks, run, write_config
from tests.warm_start import Popen

pytestmark = [pytest.mark.slow, pytest.mark.realtime, pytest.mark.filterwarnings("ignore")]

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
WITHIN_S = 500
"""A training of seconds that takes longer hangs."""


@dataclass(frozen=True)
class Fit:
    """A process that trains, and the file that it writes on."""

    process: subprocess.Popen
    output: Path

    def end(self) -> int:
        """Its exit status, once it is over by itself."""
        try:
            return self.process.wait(WITHIN_S)
        except subprocess.TimeoutExpired:
            pytest.fail(f"hung: {self.output.read_text()}")

    def finish(self) -> None:
        assert self.end() == 0, self.output.read_text()


@contextmanager
def fitting(config: Path, *arguments: str, named: str = "", **environment: str) -> Iterator[Fit]:
    """``transflower-train fit`` in a process of its own. It ends with the block, and so do those that it started."""
    command = [sys.executable, "-m", "training.cli", "fit", "--config", str(config), *arguments]
    output = config.with_name(f"output{environment.get('LOCAL_RANK', named)}.txt")
    with output.open("w") as log:
        process = Popen(
            command, cwd=Path(__file__).parents[2], stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
            env={**os.environ, "OMP_NUM_THREADS": "1", **environment},
        )  # fmt: skip
    try:
        yield Fit(process, output)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    """What trains in this process sums in the order of those that train in their own: on one thread."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def meeting_point() -> dict[str, str]:
    """Where processes that train together find each other: in a store of this process, whose port it holds.

    Left to itself, the first process looks for a free port, and takes it seconds later.
    """
    store = torch.distributed.TCPStore("127.0.0.1", 0, is_master=True, wait_for_workers=False)
    yield {
        "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(store.port),
        "TORCHELASTIC_USE_AGENT_STORE": "True", "TORCHELASTIC_RESTART_COUNT": "0",
    }  # fmt: skip
    del store


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


STEPS, VALIDATED_EVERY = 20, 5


def arguments_for(folder: Path, name: str, data: Path, **trainer: object) -> tuple[Path, list[str]]:
    """The configuration and the further arguments of a run in a folder."""
    folder.mkdir()
    further = {"look_ahead": None} if name != "streaming_transflower" else {}
    config = write_config(
        folder / "t.yaml", name, data, steps=STEPS, dancer=CERTAIN[name], data={"batch_size": 8, **further},
        trainer={"callbacks": quiet_callbacks(0.5), "val_check_interval": VALIDATED_EVERY, **trainer},
    )  # fmt: skip
    logger = ["--trainer.logger", "CSVLogger", "--trainer.logger.save_dir", str(folder)]
    return config, [*logger, "--trainer.logger.flush_logs_every_n_steps", "1"]


def assert_alike(one: Path, two: Path) -> None:
    """The same loss curve, validation and weights, but for the order of summation."""
    folders = [next(folder.rglob("metrics.csv")).parent for folder in (one, two)]
    first, second = ({key: logged(folder, key) for key in ("train/loss", "val/loss")} for folder in folders)
    assert len(first["train/loss"]) == STEPS
    assert len(first["val/loss"]) == STEPS // VALIDATED_EVERY
    for key in first:
        np.testing.assert_allclose(second[key], first[key], rtol=2e-3, atol=2e-3)
    assert np.ptp(first["train/loss"]) > 0.1  # a curve that could differ
    weights = [load_file(folder / "last.safetensors") for folder in folders]
    for key, value in weights[0].items():
        torch.testing.assert_close(weights[1][key].float(), value.float(), rtol=0.02, atol=2e-3)


@pytest.mark.long
@pytest.mark.parametrize("name", sorted(CERTAIN))
def test_two_processes_train_as_one(name, restless, tmp_path, meeting_point):
    """The same global batch gives the same training, where the first process starts the other."""
    config, arguments = arguments_for(tmp_path / "one", name, restless)
    run("fit", "--config", config, *arguments)
    config, arguments = arguments_for(tmp_path / "two", name, restless, devices=2, strategy="ddp")
    with fitting(config, *arguments, **meeting_point) as both:
        both.finish()
    assert_alike(tmp_path / "one", tmp_path / "two")


def test_two_processes_that_others_start_train_as_one(restless, tmp_path, meeting_point):
    """As a cluster starts them. The batch norm of this dancer takes its moments over both processes."""
    config, arguments = arguments_for(tmp_path / "one", "transflower", restless)
    run("fit", "--config", config, *arguments)
    config, arguments = arguments_for(tmp_path / "two", "transflower", restless, devices=2, strategy="ddp")
    with ExitStack() as stack:
        ranks = [
            stack.enter_context(fitting(config, *arguments, **meeting_point, LOCAL_RANK=rank, WORLD_SIZE="2"))
            for rank in "01"
        ]
        for process in ranks:
            process.finish()
    assert_alike(tmp_path / "one", tmp_path / "two")


SLURM = {
    "SLURM_JOB_ID": "77", "SLURM_JOB_NAME": "transflower", "SLURM_NTASKS": "2", "SLURM_NNODES": "2",
    "SLURM_NTASKS_PER_NODE": "1", "SLURM_NODELIST": "localhost", "SLURM_LOCALID": "0",
}  # fmt: skip


@pytest.mark.long
@pytest.mark.parametrize(
    ("variables", "numbered_by"), [(SLURM, ("SLURM_PROCID", "SLURM_NODEID")), ({}, ("NODE_RANK",))]
)
def test_two_nodes_train_as_one(variables, numbered_by, restless, tmp_path, meeting_point):
    """As `srun` of examples/train_on_slurm.sh starts them, from SLURM's variables alone; or as somebody types it."""
    config, arguments = arguments_for(tmp_path / "one", "transflower", restless)
    run("fit", "--config", config, *arguments)
    config, arguments = arguments_for(tmp_path / "two", "transflower", restless, num_nodes=2, strategy="ddp")
    with ExitStack() as stack:
        nodes = [
            stack.enter_context(
                fitting(
                    config, *arguments, **meeting_point, **variables, **dict.fromkeys(numbered_by, node), named=node
                )
            )
            for node in "01"
        ]
        for process in nodes:
            process.finish()
    assert_alike(tmp_path / "one", tmp_path / "two")


def test_a_killed_run_goes_on_to_the_same_weights(prepared, tmp_path):
    """Killed without warning in mid-epoch, with dropout, corruptions and an average of the weights going on."""

    def configure(file: str, *further_callbacks: dict) -> Path:
        return write_config(
            tmp_path / file, "streaming_transflower", prepared, steps=30, data={"batch_size": 2},
            trainer={"callbacks": [*quiet_callbacks(0.5), *further_callbacks], "val_check_interval": 10},
        )  # fmt: skip

    config = configure("t.yaml")
    killed = {"class_path": "tests.training.runs.Killed", "init_args": {"step": 15}}
    runs = tmp_path / "streaming_transflower"
    with fitting(configure("killed.yaml", killed)) as fit:
        assert fit.end() == -signal.SIGKILL, fit.output.read_text()
    last = runs / "version_0" / "checkpoints" / "last.ckpt"
    assert torch.load(last, weights_only=False)["global_step"] == 10
    run("fit", "--config", config, "--ckpt_path", last)
    run("fit", "--config", config)
    resumed, whole = (load_file(runs / version / "last.safetensors") for version in ("version_1", "version_2"))
    for key, value in whole.items():
        assert torch.equal(resumed[key], value), key
