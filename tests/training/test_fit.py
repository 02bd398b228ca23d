"""The trainer as a researcher uses it: every model by one command line, from YAML to a dancer for a bridge."""

import json
from dataclasses import replace

import numpy as np
import pytest
import pytorch_lightning as pl
import torch
import yaml
from safetensors.torch import load_file, save_file

from models.files import checkpoint, modality_checkpoint
from models.streaming.streaming_transflower import StreamingTransflower
from models.window.transflower import Transflower
from models.window.transformer import Transformer
from tests.training.runs import HPARAMS, MODELS, logged, quiet_callbacks, run, write_config
from training.data_modules.dance_data import DanceDataModule
from training.data_modules.modality_data import ModalityDataModule
from training.fitting import dancer_training, lr_find
from training.fitting.dancer_training import DancerTraining, freeze_parameters, take_over
from training.fitting.lightning import command_line

shares_dancers = pytest.mark.xdist_group("trained")
pytestmark = pytest.mark.filterwarnings("ignore")  # Lightning and TensorBoard warn about these very small runs

TINY = {
    "pose_dims": 118, "music_dims": 121, "num_styles": 2, "dims": 32, "num_layers": 2, "num_heads": 2,
    "window_frames": 30, "flow_steps": 2, "flow_hidden_dims": 32, "num_seed_poses": 3, "future_frames": 10,
}  # fmt: skip


@shares_dancers
@pytest.mark.parametrize("name", MODELS)
def test_every_model_trains_by_the_same_command_line(name, prepared, trained):
    folder = trained(name)
    best, last = (checkpoint.load(folder / f"{which}.safetensors") for which in ("best", "last"))
    assert type(last.model).__name__.lower() == name.replace("_", "")
    assert last.metadata["training"]["steps"] == 12
    assert last.metadata["training"]["loss"] == last.model.loss_name
    assert best.metadata["training"]["val/loss"] <= last.metadata["training"]["val/loss"]
    assert last.metadata["styles"] == ["LEFT", "RIGHT"]
    assert last.metadata["seed_poses"][0] == "standing"
    assert last.metadata["licence"] == "CC0-1.0"  # that of the data
    model = last.model
    pose, _ = model.step(torch.zeros(1, 121), model.initial_state(1), torch.zeros(1, model.noise_dims), 1.0)
    assert torch.isfinite(pose).all()

    poses = np.concatenate([np.load(prepared / f"sway_{i}.pose.npy") for i in range(4)])  # the training split
    np.testing.assert_allclose(model.pose_mean, poses.mean(0, np.float64), atol=1e-4)


@pytest.mark.parametrize("name", MODELS)
def test_every_model_trains_in_mixed_precision(name, prepared, tmp_path):
    trainer = {"callbacks": [], "precision": "bf16-mixed"}
    config = write_config(tmp_path / "t.yaml", name, prepared, steps=3, trainer=trainer)
    run("fit", "--config", config, "--trainer.logger", "CSVLogger", "--trainer.logger.save_dir", tmp_path / "csv",
        "--trainer.logger.flush_logs_every_n_steps", 1)  # fmt: skip
    losses = logged(tmp_path / "csv", "train/loss")
    assert len(losses) == 3
    assert np.isfinite(losses).all()
    assert np.isfinite(logged(tmp_path / "csv", "guard/gradient_norm")).all()
    assert logged(tmp_path / "csv", "guard/skipped_steps")[-1] == 0


@shares_dancers
def test_a_run_is_drawn_judged_and_gone_on_with(prepared, trained, judged, tmp_path):
    folder = trained("streaming_transflower")
    assert list(folder.glob("events.out.tfevents.*"))

    run("curves", folder, "-o", tmp_path / "curves.png")
    assert (tmp_path / "curves.png").stat().st_size > 10_000
    report = json.loads((judged / "report.json").read_text())
    real = report["real"][0]
    assert real["measures"]["beat_coherence"] > 0.5  # the fixture's dancer is exactly in time
    assert report["dancers"][0]["beat_tests"]["beat coherence"]["wrong tempo"]["count"] == 6
    assert report["dancers"][0]["prompts"] is None
    assert "an exact clock" in (judged / "report.md").read_text()

    last = folder / "checkpoints" / "last.ckpt"
    trainer = {"callbacks": quiet_callbacks(0.5), "val_check_interval": 2}
    config = write_config(tmp_path / "t.yaml", "streaming_transflower", prepared, steps=16, trainer=trainer)
    run("fit", "--config", config, "--ckpt_path", last)
    resumed = checkpoint.load(tmp_path / "streaming_transflower" / "version_0" / "last.safetensors")
    assert resumed.metadata["training"]["steps"] == 16
    run("validate", "--config", config, "--ckpt_path", last)


@shares_dancers
def test_fine_tuning_starts_from_a_dancer_and_keeps_what_is_frozen(prepared, trained, tmp_path):
    start = trained("transflower") / "last.safetensors"
    config = write_config(
        tmp_path / "tiny.yaml", "transflower", prepared, steps=4, trainer={"callbacks": quiet_callbacks(0.5)}
    )
    run("fit", "--config", config, "--model.start_from", start, "--model.freeze", '["encoder.*"]')
    before, after = (load_file(path) for path in (start, tmp_path / "transflower/version_0/last.safetensors"))
    changed = {name for name in before if not torch.equal(before[name], after[name])}
    assert changed
    assert all(name.startswith("flows.") for name in changed)


def test_what_is_exported_is_the_average_of_the_weights(prepared, tmp_path):
    callbacks = quiet_callbacks(0.5)
    callbacks[2]["init_args"] = {"decay": 0.5}
    config = write_config(tmp_path / "a.yaml", "transformer", prepared, steps=8, trainer={"callbacks": callbacks})
    run("fit", "--config", config)
    folder = tmp_path / "transformer" / "version_0"
    exported = checkpoint.load(folder / "last.safetensors").model.state_dict()
    kept = torch.load(folder / "checkpoints" / "last.ckpt", weights_only=False)
    name = "encoder.leave.0.bias"
    # Lightning keeps the average as the weights, and those of the optimiser apart.
    average, own = kept["state_dict"][f"dancer.{name}"], kept["current_model_state"][f"dancer.{name}"]
    torch.testing.assert_close(exported[name], average, rtol=0, atol=0)
    assert (own - average).abs().max() > 1e-4

    wrong = write_config(tmp_path / "b.yaml", "transformer", prepared, steps=8, trainer={"callbacks": callbacks[::-1]})
    with pytest.raises(SystemExit):
        run("fit", "--config", wrong)


class Watched(DancerTraining):
    """Remembers its losses and learning rates, and can be made to fail at one batch."""

    broken_batch = -1

    def training_step(self, batch, batch_index):
        loss = super().training_step(batch, batch_index)
        self.losses = [*getattr(self, "losses", []), loss.item()]
        self.rates = [*getattr(self, "rates", []), self.trainer.optimizers[0].param_groups[0]["lr"]]
        return loss * float("nan") if batch_index == self.broken_batch else loss


def module(prepared, **options) -> tuple[Watched, DanceDataModule]:
    torch.manual_seed(0)
    dancer = StreamingTransflower(StreamingTransflower.Config(**TINY))
    training = Watched(dancer, **{"learning_rate": 3e-3, "warmup_steps": 5, "budget_steps": 60, **options})
    return training, DanceDataModule(prepared, window_frames=60, batch_size=8)


def fit(training: DancerTraining, data: DanceDataModule, **options) -> None:
    pl.Trainer(
        accelerator="cpu", max_epochs=-1, logger=False, enable_checkpointing=False, enable_progress_bar=False,
        enable_model_summary=False, **options,
    ).fit(training, data)  # fmt: skip


def test_training_learns_and_its_learning_rate_follows_the_schedule(prepared):
    training, data = module(prepared)
    fit(training, data, limit_val_batches=0)
    assert len(training.losses) == 60
    assert np.mean(training.losses[-10:]) < np.mean(training.losses[:10]) - 0.5
    assert training.rates[:5] == pytest.approx([3e-3 * share * 0.2 for share in (1, 2, 3, 4, 5)], rel=0.02)
    assert training.rates[-1] < 0.03 * 3e-3
    assert (np.diff(training.rates[5:]) < 0).all()


@pytest.mark.parametrize(("schedule", "middle", "end"), [("linear", 0.51, 0.02), ("constant", 1.0, 1.0)])
def test_other_schedules(prepared, schedule, middle, end):
    training, _ = module(prepared, schedule=schedule, budget_steps=1000)
    assert training.learning_rate_share(500) == pytest.approx(middle)
    assert training.learning_rate_share(1000) == pytest.approx(end)


class Clocks:
    """Stands for the module `time`: a second of work passes on both clocks, a second of waiting on that of the wall."""

    def __init__(self) -> None:
        self.worked_s = self.waited_s = 0.0

    def monotonic(self) -> float:
        return self.worked_s + self.waited_s

    def process_time(self) -> float:
        return self.worked_s


class WorksAndWaits(pl.Callback):
    """Each step works for a second and then waits for another one."""

    def __init__(self, clocks: Clocks) -> None:
        self.clocks = clocks

    def on_before_zero_grad(self, *_) -> None:
        self.clocks.worked_s += 1
        self.clocks.waited_s += 1


def test_a_budget_of_processor_time_does_not_count_waiting(prepared, monkeypatch):
    for clock, num_steps in (("wall", 3), ("processor", 6)):
        clocks = Clocks()
        monkeypatch.setattr(dancer_training, "time", clocks)
        training, data = module(prepared, budget_minutes=5.5 / 60, budget_steps=12, budget_clock=clock)
        fit(training, data, limit_val_batches=0, callbacks=[WorksAndWaits(clocks)])
        assert len(training.losses) == num_steps, clock
        assert training.trained_minutes == pytest.approx(6 / 60), clock


def test_a_step_with_a_broken_gradient_is_left_out(prepared):
    training, data = module(prepared)
    training.broken_batch = 1
    fit(training, data, max_steps=6, limit_val_batches=0)
    assert training.skipped_steps > 0
    assert all(torch.isfinite(p).all() for p in training.dancer.parameters())


def test_a_dancer_must_fit_the_data(prepared, tmp_path):
    config = StreamingTransflower.Config(**TINY)
    data = DanceDataModule(prepared)
    with pytest.raises(ValueError, match=r"num_styles is 7, the data in .* have 2"):
        data.connect(StreamingTransflower(replace(config, num_styles=7)))
    with pytest.raises(ValueError, match=r"feeds a StreamingTransflower, not a Transflower; use --data .*Modality"):
        data.connect(Transflower.__new__(Transflower))
    with pytest.raises(ValueError, match=r"feeds window models, not a StreamingTransflower; use --data .*DanceData"):
        ModalityDataModule(prepared).connect(StreamingTransflower(config))
    with pytest.raises(ValueError, match="batch_size must be at least 1, not 0"):
        DanceDataModule(prepared, batch_size=0)


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


def test_freezing_names_what_it_does_not_find():
    dancer = StreamingTransflower(StreamingTransflower.Config(**TINY))
    with pytest.raises(ValueError, match=r"'encoder\.\*' fits no parameter; their names begin with \['"):
        freeze_parameters(dancer, ["encoder.*"])
    with pytest.raises(ValueError, match="leaves nothing to train"):
        freeze_parameters(dancer, ["*"])


def test_user_errors_are_one_line(tmp_path, capsys):
    for command in (
        ["teach"],
        ["curves", tmp_path, "-o", tmp_path / "x.png"],
        ["evaluate", tmp_path / "none.safetensors", "--folder", tmp_path, "-o", tmp_path / "x"],
        ["evaluate", tmp_path / "x.safetensors", "--folder", tmp_path, "-o", tmp_path / "x", "--num-dances", 2],
    ):
        with pytest.raises(SystemExit) as exit_info:
            run(*command)
        assert exit_info.value.code == 2
        assert capsys.readouterr().err.startswith("transflower-train: ")


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        (["--data.folder", "x"], "fit: say what it is about by --config FILE, such as training/hparams/small"),
        (["--config", "lost.yaml"], "--config lost.yaml: no such file; name one, such as training/hparams/small"),
        (["--model.learnin_rate", "1e-3"], "learnin_rate"),
        (["--model.learning_rate", "fast"], "learning_rate"),
        (["--trainer.logger", "FooLogger"], "FooLogger"),
        (["--model.warmup_steps", "0"], "warmup_steps=0 and budget_steps=200 must be at least 1"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_one_line(typed, message, prepared, capsys):
    is_whole = typed[0].startswith(("--data", "--config"))
    config = [] if is_whole else ["--config", HPARAMS / "debug" / "transformer.yaml", "--data.folder", prepared]
    with pytest.raises(SystemExit) as ended:
        run("fit", *config, *typed)
    assert ended.value.code == 2
    (line,) = [line for line in capsys.readouterr().err.strip().splitlines() if not line.startswith("Seed set")]
    assert line.startswith("transflower-train")
    assert message in line


def test_help_teaches(capsys):
    run("--help")
    assert "transflower-train evaluate" in capsys.readouterr().out
    for arguments, message in (
        (["fit", "--help"], "--model.freeze"),
        (["fit", "--model.dancer.help", "Transflower"], "history_noise"),
        (["fit", "--data.help", "training.data_modules.modality_data.ModalityDataModule"], "stride_frames"),
        (["overfit", "--help"], "--config"),
        (["lr-find", "--help"], "--config"),
        (["evaluate", "--help"], "--num-dances"),
    ):
        with pytest.raises(SystemExit) as ended:
            run(*arguments)
        assert ended.value.code == 0
        assert message in capsys.readouterr().out


def test_the_whole_configuration_can_be_printed(prepared, tmp_path, capsys):
    config = write_config(tmp_path / "t.yaml", "transflower", prepared, steps=5, dancer={"label_dropout": 0})
    with pytest.raises(SystemExit):
        run("fit", "--config", config, "--print_config")
    printed = yaml.safe_load(capsys.readouterr().out)
    chosen = printed["model"]["dancer"]["init_args"]["config"]
    assert chosen["label_dropout"] == 0  # a zero is a value
    assert chosen["history_noise"] == 0.5  # what was not set is written, too
    assert printed["trainer"]["callbacks"][0]["class_path"].endswith("RolloutMetrics")


@pytest.mark.parametrize("dropout", [0, 0.1])
def test_a_dropout_of_zero_is_none(prepared, tmp_path, dropout):
    size = {"dims": 32, "num_heads": 2, "input_layers": 1, "cross_layers": 1, "mlp_dims": 32, "dropout": dropout}
    certain = {"size": size, "coupling": size, "history_noise": 0, "label_dropout": 0, "target_noise": 0}
    config = write_config(tmp_path / "t.yaml", "transflower", prepared, steps=5, dancer=certain)
    cli = command_line(["--config", str(config), "--trainer.callbacks", "[]"], run=False)
    dancer, data = cli.model.dancer.train(), cli.datamodule
    data.connect(dancer)
    batch = next(iter(data.train_dataloader()))
    with torch.no_grad():
        for parameter in dancer.parameters():  # away from the zeros it begins with
            parameter.add_(0.05 * torch.randn_like(parameter))
        dancer.loss(batch)  # actnorm takes its first batch
        losses = {float(dancer.loss(batch)) for _ in range(3)}
    assert (len(losses) == 1) == (dropout == 0)


def test_the_learning_rate_finder_suggests_and_draws(prepared, tmp_path, capsys, monkeypatch):
    tried = []
    drawn = lr_find.draw
    monkeypatch.setattr(lr_find, "draw", lambda path, rates, *rest: (tried.extend(rates), drawn(path, rates, *rest)))
    config = write_config(tmp_path / "t.yaml", "transformer", prepared, steps=100)
    run("lr-find", "--config", config, "--steps", 30, "-o", tmp_path / "rate.png")
    suggested = float(capsys.readouterr().out.split("--model.learning_rate")[1].split()[0])
    assert 1e-6 < suggested < 1
    np.testing.assert_allclose(np.diff(np.log(tried[1:])), np.log(1e6) / 30, rtol=0.05)
    assert (tmp_path / "rate.png").stat().st_size > 5000


def test_overfit_tells_a_sound_model_from_a_broken_one(prepared, tmp_path, capsys, monkeypatch):
    config = write_config(tmp_path / "t.yaml", "transformer", prepared, steps=5)
    arguments = ("overfit", "--config", config, "--steps", 150)  # a sound one needs 60
    run(*arguments)
    assert "Transformer: mse" in capsys.readouterr().out
    sees = Transformer._predicted

    def is_blind(self, batch):
        return sees(self, replace(batch, inputs={name: torch.zeros_like(x) for name, x in batch.inputs.items()}))

    monkeypatch.setattr(Transformer, "_predicted", is_blind)
    with pytest.raises(SystemExit) as ended:
        run(*arguments)
    assert ended.value.code == 1
    assert "or a fault" in capsys.readouterr().err


def test_bench_measures_both_regimes(capsys):
    run("bench", "--dims", 64, "--num-layers", 2, "--repeats", 1, "--batch-size", 2, "--window-batch-size", 2)
    out = capsys.readouterr().out
    assert "every frame a target" in out
    assert "times as many frames of supervision a second" in out


def test_only_what_a_bridge_can_feed_is_exported(prepared, tmp_path, caplog):
    config = write_config(
        tmp_path / "t.yaml", "transformer", prepared, steps=4, trainer={"callbacks": quiet_callbacks(0.5)}
    )
    values = yaml.safe_load(config.read_text())
    layout = values["model"]["dancer"]["init_args"]["config"]["layout"]
    layout["inputs"].append({"name": "energy", "dims": 1, "frames": 10})
    config.write_text(yaml.safe_dump(values))
    with caplog.at_level("INFO"):
        run("fit", "--config", config)
    assert "this one hears ['audio', 'energy']" in caplog.text
    assert "best.safetensors, for `transflower-train generate" in caplog.text
    # It trains on anything; what is written is no dancer, and says so.
    (last,) = (tmp_path / "transformer").glob("version_*/last.safetensors")
    with pytest.raises(ValueError, match=r"no stage can feed; let it generate by `transflower-train generate"):
        checkpoint.load(last)
    loaded = modality_checkpoint.load(last)
    assert [item.name for item in loaded.model.layout.heard] == ["audio", "energy"]
    assert loaded.modalities["pose"]["pose_codec"]["rate_hz"] == 30
    assert loaded.metadata["training"]["steps"] == 4


def test_metrics_can_go_to_a_table(prepared, tmp_path):
    config = write_config(tmp_path / "t.yaml", "moglow", prepared, steps=6, trainer={"callbacks": []})
    run("fit", "--config", config, "--trainer.logger", "CSVLogger", "--trainer.logger.save_dir", tmp_path / "csv",
        "--trainer.logger.flush_logs_every_n_steps", 1)  # fmt: skip
    losses = logged(tmp_path / "csv", "train/loss")
    assert len(losses) == 6
    assert np.isfinite(losses).all()
    assert next((tmp_path / "csv").rglob("config.yaml"))
