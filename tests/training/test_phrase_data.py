"""Phrases of prepared dances: labelled, drawn on the device, learned from and exported by one command."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
import yaml

from data.dataset.prepared_reader import PreparedFolder
from models.files import checkpoint
from models.files.checkpoint_header import default_path
from models.streaming.planning_transflower import PlanningTransflower
from tests.training.runs import HPARAMS, quiet_callbacks, run
from training.data_modules.device_windows import Augmentation, DeviceWindows
from training.data_modules.phrase_data import PhraseDataModule
from training.data_modules.phrase_labels import DancedPhrases, PhraseLabels
from training.data_modules.phrase_statistics import moving_dims
from training.evaluation.held_out import held_out_loss

pytestmark = pytest.mark.filterwarnings("ignore")
NAMES = ("step", "step_mirrored", "turn")


@pytest.fixture(scope="module")
def labelled(prepared: Path, tmp_path_factory) -> Path:
    """The small prepared folder, every sequence of which dances phrases of eight beats."""
    folder = shutil.copytree(prepared, tmp_path_factory.mktemp("labelled") / "prepared")
    fingerprint = json.loads((folder / "fingerprint.json").read_text())
    entry = {"sources": NAMES, "source_groups": ("walk", "walk", "spin")}
    fingerprint["sequences"] = {path.name.removesuffix(".beat.npy"): entry for path in folder.glob("*.beat.npy")}
    for name in fingerprint["sequences"]:
        beat = np.load(folder / f"{name}.beat.npy")[:, 0]
        rows = np.stack([beat // 8 % 3, beat % 8, np.full_like(beat, 8)], 1).astype(np.float32)
        np.save(folder / f"{name}.phrase.npy", rows)
    (folder / "fingerprint.json").write_text(json.dumps(fingerprint))
    return folder


def write_config(path: Path, folder: Path, steps: int) -> Path:
    """The debug configuration for the folder."""
    prepared = PreparedFolder.open(folder)
    values = yaml.safe_load((HPARAMS / "planning" / "debug.yaml").read_text(encoding="utf-8"))
    sizes = {"num_styles": 2, "num_phrases": 3, "num_groups": 3, "most_beats": 8}
    sizes["moving_dims"] = len(moving_dims(prepared.sequences("train"), prepared))
    values["model"]["dancer"]["init_args"]["config"] |= sizes
    values["model"] |= {"warmup_steps": 5, "budget_steps": steps}
    values["data"]["init_args"] |= {"folder": str(folder)}
    values["trainer"] |= {
        "accelerator": "cpu", "devices": 1, "precision": "32-true", "val_check_interval": max(1, steps // 2),
        "limit_val_batches": 2, "log_every_n_steps": 1, "enable_progress_bar": False, "enable_model_summary": False,
        "default_root_dir": str(path.parent), "callbacks": quiet_callbacks(0.5),
    }  # fmt: skip
    values["trainer"]["logger"]["init_args"]["save_dir"] = str(path.parent)
    path.write_text(yaml.safe_dump(values), encoding="utf-8")
    return path


def test_a_mirrored_phrase_belongs_to_a_choreography_of_its_own():
    rows = np.array([[-1, 0, 1]] * 5 + [[0, 0, 4]] * 70 + [[1, 0, 4]] * 70 + [[2, 0, 4]] * 10, np.float32)
    danced = DancedPhrases(("a", "a_mirrored", "b"), ("walk", "walk", "spin"), rows)
    labels = PhraseLabels.of([danced])
    assert labels.phrases == ("a", "a_mirrored")  # of b too little is danced
    assert labels.groups == ("walk", "walk_mirrored")
    phrases, groups = labels.indices(danced)
    assert phrases[[0, 10, 80, 150]].tolist() == [2, 0, 1, 2]
    assert groups[[0, 10, 80, 150]].tolist() == [2, 0, 1, 2]
    assert labels.mirrors().tolist() == [1, 0]


def windows_of(folder: Path) -> DeviceWindows:
    prepared = PreparedFolder.open(folder)
    sequences = prepared.sequences("train")
    danced = [DancedPhrases.of(prepared, sequence) for sequence in sequences]
    return DeviceWindows(
        sequences, danced, PhraseLabels.of(danced),
        beat_columns=slice(116, 121), rate_columns=[0, 1, 3], rate_hz=30.0, device="cpu",
    )  # fmt: skip


def test_a_window_that_is_not_varied_is_a_stretch_of_the_sequence(labelled):
    frames = windows_of(labelled)
    plain = Augmentation(exact_clock_share=1.0, mistiming_share=0.0, tempo_share=0.0)
    batch = frames.draw(4, 40, 3, 10, plain, torch.Generator().manual_seed(0))
    sure = batch.music[..., 119] > 0
    assert sure.all()
    angle = torch.atan2(batch.music[..., 117], batch.music[..., 116])[:, :40] / (2 * torch.pi)
    off = torch.remainder(batch.beat - angle + 0.5, 1.0) - 0.5
    assert off.abs().median() < 0.02  # the place in the phrase is the clock's
    assert batch.pose.shape == (4, 43, 118)
    assert (batch.valid == 1).all()


def test_tempo_and_mistiming_leave_the_phrase_to_the_music(labelled):
    frames = windows_of(labelled)
    varied = Augmentation(exact_clock_share=1.0, mistiming_share=1.0, tempo_share=1.0, largest_tempo=1.2)
    batch = frames.draw(32, 60, 3, 10, varied, torch.Generator().manual_seed(0))
    assert torch.isfinite(batch.pose).all()
    tempo = 120 * batch.music[..., 118].exp2()
    assert tempo.min() < 95 or tempo.max() > 135  # the sequences have 100 to 130
    assert 0 < batch.valid.mean() < 1
    again = frames.draw(32, 60, 3, 10, varied, torch.Generator().manual_seed(0))
    assert torch.equal(batch.pose, again.pose)


def test_a_folder_without_phrases_says_what_to_do(prepared):
    folder = PreparedFolder.open(prepared)
    sequence = folder.sequences("train")[0]
    folder.fingerprint.setdefault("sequences", {}).setdefault(sequence.name, {})
    with pytest.raises(ValueError, match="does not tell which phrases are danced; prepare it again"):
        DancedPhrases.of(folder, sequence)


def test_the_trainer_trains_and_exports_a_dancer_that_has_a_plan(labelled, tmp_path):
    run("fit", "--config", write_config(tmp_path / "t.yaml", labelled, steps=6))
    made = checkpoint.load(tmp_path / "planning_transflower" / "version_0" / "last.safetensors")
    assert made.metadata["training"]["steps"] == 6
    dancer = made.model
    assert isinstance(dancer, PlanningTransflower)
    assert dancer.planner.beats[:3].tolist() == [8.0, 8.0, 8.0]
    assert dancer.planner.mirror[:3].tolist() == [1, 0, 2]
    assert float(dancer.planner.keys[:3].abs().sum()) > 0
    assert float(dancer.footing.standing_m) > 0


def test_training_without_lightning_learns_and_exports(labelled, tmp_path, capsys):
    out = tmp_path / "dancer.safetensors"
    run("captured", "--config", write_config(tmp_path / "t.yaml", labelled, steps=40), "-o", out)
    dancer = checkpoint.load(out).model
    data = PhraseDataModule(labelled, window_frames=60)
    data.connect(dancer)
    windows = data.windows("val")
    batch = data.collate([windows.window(item, None) for item in range(len(windows))])
    fresh = PlanningTransflower(dancer.config)
    data.fit_statistics(fresh)
    with torch.no_grad():
        assert dancer.held_out_loss(batch) < fresh.eval().held_out_loss(batch) - 0.1


def test_a_dancer_of_other_phrases_is_judged_without_a_plan(labelled, tmp_path):
    out = tmp_path / "dancer.safetensors"
    run("captured", "--config", write_config(tmp_path / "t.yaml", labelled, steps=2), "-o", out)
    known = checkpoint.load(out).model
    dancer = PlanningTransflower(replace(known.config, num_phrases=5)).eval()
    with pytest.raises(ValueError, match="num_phrases is 5"):
        PhraseDataModule(labelled).connect(dancer)
    found = held_out_loss(dancer, labelled, 256)
    assert np.isfinite([found.value, found.training, found.untrained, found.constant_pose]).all()


def test_training_without_lightning_that_learns_nothing_is_an_error(labelled, tmp_path, capsys):
    folder = Path(shutil.copytree(labelled, tmp_path / "prepared"))
    for path in folder.glob("*.audio.npy"):
        np.save(path, np.full_like(np.load(path), np.nan))
    out = tmp_path / "dancer.safetensors"
    with pytest.raises(SystemExit) as stopped:
        run("captured", "--config", write_config(tmp_path / "t.yaml", folder, steps=2), "-o", out)
    assert stopped.value.code == 2
    assert "nothing was learned" in capsys.readouterr().err
    assert not out.exists()


def test_a_newcomer_is_told_at_once_every_number_that_is_another_and_what_to_type(labelled, tmp_path, capsys):
    out = tmp_path / "dancer.safetensors"
    debug = Path(__file__).parents[2] / "training/hparams/planning/debug.yaml"
    typed = ("captured", "--config", debug, "--data.folder", labelled, "-o", out)
    with pytest.raises(SystemExit):
        run(*typed)
    told = capsys.readouterr().err
    assert "num_phrases is 208" in told
    assert "num_styles is 10" in told
    run(*typed, *told.rpartition("so add ")[2].split(), "--model.budget_steps", 2)
    assert checkpoint.load(out).metadata["training"]["steps"] == 2


def test_data_of_other_sizes_are_refused(labelled, tmp_path):
    data = PhraseDataModule(labelled)
    dancer = checkpoint.load(default_path()).model
    with pytest.raises(ValueError, match=r"config.moving_dims is 89, the data in .* have \d+"):
        data.connect(dancer)
