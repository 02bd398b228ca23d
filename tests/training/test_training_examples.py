"""The examples of long trainings: a sweep that ranks its runs, and a job for SLURM whose numbers agree."""

import csv
import re
import runpy
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.command_parsers import TrainParsers
from tests.training.runs import write_config
from tests.warm_start import Popen
from training.fitting.lightning import LightningCLI

pytestmark = pytest.mark.filterwarnings("ignore")  # Lightning's, of these very small runs

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


def sweep(monkeypatch: pytest.MonkeyPatch, *options: object) -> None:
    monkeypatch.setattr(sys, "argv", ["sweep.py", *map(str, options)])
    runpy.run_path(str(EXAMPLES / "sweep.py"), run_name="__main__")


@pytest.mark.usefixtures("warm_children")
@pytest.mark.realtime
def test_a_sweep_ranks_its_runs_and_goes_on_after_one_that_fails(prepared, tmp_path, monkeypatch, capsys):
    trainer = {"callbacks": [{"class_path": "training.fitting.callbacks.ExportDancer"}], "limit_val_batches": 1}
    config = write_config(tmp_path / "t.yaml", "transformer", prepared, steps=3, trainer=trainer)
    monkeypatch.setattr(subprocess, "Popen", Popen)  # `subprocess.run` of the example begins its runs warm
    sweep(monkeypatch, "--config", config, "--folder", prepared, "-o", tmp_path / "sweep",
          "--set", "model.learning_rate=1e-3,1e-2,fast", "--trainer.limit_train_batches", 3)  # fmt: skip
    with (tmp_path / "sweep" / "sweep.csv").open() as file:
        rows = list(csv.DictReader(file))
    losses = [float(row["held_out_loss"]) for row in rows]
    assert losses == sorted(losses)
    assert losses[0] < losses[1] < losses[2] == float("inf")
    assert rows[2]["model.learning_rate"] == "fast"
    assert "inf  002  model.learning_rate fast" in capsys.readouterr().out


def test_settings_are_drawn_within_their_ranges_and_again_alike(monkeypatch, tmp_path, capsys):
    names = runpy.run_path(str(EXAMPLES / "sweep.py"))

    class Asked:
        set = (names["values_of"]("model.learning_rate=1e-4..1e-2"), names["values_of"]("data.batch_size=16,64"))
        trials, seed = 40, 3

    drawn = names["settings_of"](Asked)
    rates = [float(setting["model.learning_rate"]) for setting in drawn]
    assert min(rates) >= 1e-4
    assert max(rates) <= 1e-2
    assert 8 < sum(rate < 1e-3 for rate in rates) < 32, "evenly in the logarithm"
    assert {setting["data.batch_size"] for setting in drawn} == {"16", "64"}
    assert drawn == names["settings_of"](Asked)
    for wrong, said in (("rate", "say name=value"), ("rate=a..b", "the ends of a range are numbers")):
        with pytest.raises(SystemExit):
            sweep(monkeypatch, "--config", "c.yaml", "--folder", tmp_path, "--set", wrong)
        assert said in capsys.readouterr().err
    with pytest.raises(SystemExit):
        sweep(monkeypatch, "--config", "c.yaml", "--folder", tmp_path, "--set", "rate=1..2", "-o", tmp_path / "s")
    assert "need --trials" in capsys.readouterr().err


def test_the_job_for_slurm_is_one_that_the_trainer_takes():
    script = (EXAMPLES / "train_on_slurm.sh").read_text(encoding="utf-8")
    asked = dict(re.findall(r"^#SBATCH --([a-z-]+)=(\S+)", script, re.MULTILINE))
    line = script[script.index("srun ") :].replace("\\\n", " ").replace("$SLURM_JOB_ID", "77")
    words = shlex.split(line)[2:]
    options = dict(zip(words[1::2], words[2::2], strict=True))
    assert options["--trainer.num_nodes"] == asked["nodes"]
    assert options["--trainer.devices"] == asked["ntasks-per-node"] == asked["gpus-per-node"], "one task a device"
    assert asked["signal"].startswith("SIGUSR1"), "the signal at which Lightning saves"
    assert LightningCLI.subcommands().keys() >= {words[0]}
    TrainParsers()(words)
