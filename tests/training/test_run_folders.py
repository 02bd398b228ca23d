"""Runs with loggers that lie elsewhere: a folder each, with what was set; and two alike to the last bit."""

from pathlib import Path

import pytest
from pytorch_lightning.loggers.logger import DummyLogger
from safetensors.torch import load_file

from tests.training.runs import quiet_callbacks, run, write_config
from training.fitting.run_folder import RunTrainer, check_logger

pytestmark = pytest.mark.filterwarnings("ignore")  # Lightning's, of these very small runs


class Elsewhere(DummyLogger):
    """A logger as those of W&B and MLflow are: without a folder of a run, numbering runs as it likes."""

    logged: dict[str, dict] = {}  # noqa: RUF012 - what all runs of a test logged, by run
    next_version = 0

    def __init__(self, save_dir: str | None = None) -> None:
        super().__init__()
        self._save_dir = save_dir
        self._version = f"run{Elsewhere.next_version}"
        Elsewhere.next_version += 1

    @property
    def name(self) -> str:
        return "dance"

    @property
    def version(self) -> str:
        return self._version

    @property
    def save_dir(self) -> str | None:
        return self._save_dir

    def log_hyperparams(self, params: dict, *_, **__) -> None:
        self.logged[self._version] = params


def test_each_run_of_any_logger_has_a_folder_and_deterministic_runs_are_equal_to_the_last_bit(prepared, tmp_path):
    trainer = {"callbacks": quiet_callbacks(0.5), "deterministic": True, "val_check_interval": 3}
    config = write_config(tmp_path / "t.yaml", "transflower", prepared, steps=3, trainer=trainer)
    for _ in range(2):
        run("fit", "--config", config, "--trainer.logger", f"{__name__}.Elsewhere",
            "--trainer.logger.save_dir", tmp_path / "runs", "--seed_everything", 5)  # fmt: skip
    first, second = sorted((tmp_path / "runs" / "dance").iterdir())
    assert {path.name for path in first.iterdir()} >= {"config.yaml", "last.safetensors", "best.safetensors"}
    weights, again = (load_file(folder / "last.safetensors") for folder in (first, second))
    assert all(weights[name].equal(again[name]) for name in weights)
    assert Elsewhere.logged[first.name]["model"]["budget_steps"] == 3
    assert Elsewhere.logged[first.name]["seed_everything"] == 5


@pytest.mark.parametrize(("name", "extra"), [("WandbLogger", "wandb"), ("MLFlowLogger", "mlflow")])
def test_a_logger_whose_package_is_missing_says_how_to_get_it(name, extra, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(ValueError, match=rf"{name}: {extra} is not installed: pip install .*-e '\.\[{extra}\]'"):
        check_logger(f"pytorch_lightning.loggers.{name}")
    check_logger("pytorch_lightning.loggers.CSVLogger")


def test_a_logger_without_a_folder_leaves_runs_in_that_of_the_trainer(tmp_path):
    trainer = RunTrainer(logger=Elsewhere(), default_root_dir=tmp_path, accelerator="cpu", enable_progress_bar=False)
    assert Path(trainer.log_dir) == tmp_path / "dance" / trainer.logger.version
    assert RunTrainer(logger=False, default_root_dir=tmp_path, accelerator="cpu").log_dir == str(tmp_path)
