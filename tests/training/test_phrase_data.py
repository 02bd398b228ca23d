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
from models.streaming.linear_prediction import fit_prediction
from models.streaming.planning_transflower import PlanningTransflower
from tests.training.runs import HPARAMS, quiet_callbacks, run
from training.data_modules.cut_phrases import cut_phrases, danced_phrases
from training.data_modules.device_windows import Augmentation, DeviceWindows
from training.data_modules.phrase_data import PhraseDataModule
from training.data_modules.phrase_labels import DancedPhrases, PhraseLabels
from training.data_modules.phrase_statistics import moving_dims
from training.data_modules.planned_dances import PlannedDances
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


def test_a_newcomer_types_no_number_of_the_data(labelled, tmp_path):
    out = tmp_path / "dancer.safetensors"
    typed = ("--config", HPARAMS / "planning" / "debug.yaml", "--data.folder", labelled, "--model.budget_steps", 2)
    run("captured", *typed, "-o", out)
    made = checkpoint.load(out)
    assert made.metadata["training"]["steps"] == 2
    assert (made.model.config.num_phrases, made.model.config.num_styles, made.model.config.most_beats) == (3, 2, 8)


def test_data_of_other_sizes_are_refused(labelled, tmp_path):
    data = PhraseDataModule(labelled)
    dancer = checkpoint.load(default_path()).model
    with pytest.raises(ValueError, match=r"config.moving_dims is 89, the data in .* have \d+") as refused:
        data.connect(dancer)
    message = str(refused.value)
    assert "num_phrases is 208" in message
    assert "num_styles is 10" in message
    typed = message.rpartition("so add ")[2].split()
    assert typed[typed.index("--model.dancer.init_args.config.num_styles") + 1] == "2"


def recorded(prepared: Path, folder: Path, *, sure: float, mirrored: str = "") -> PreparedFolder:
    """Recordings of unknown tempo and without labels, whose beat the tracker hears so surely."""
    shutil.copytree(prepared, folder)
    fingerprint = json.loads((folder / "fingerprint.json").read_text())
    fingerprint["sequences"] = {}
    for path in sorted(folder.glob("*.beat.npy")):
        name, beat = path.name.removesuffix(".beat.npy"), np.load(path)
        audio = np.load(folder / f"{name}.audio.npy")
        audio[:, 118] = np.log2(np.median(np.diff(beat[:, 0])) * 30 * 60 / 120)
        audio[:, 119:] = sure
        np.save(folder / f"{name}.audio.npy", audio)
        np.save(path, np.full_like(beat, -1))
        np.save(folder / f"{name}.phrase.npy", np.tile(np.array([-1, 0, 1], np.float32), (len(beat), 1)))
        fingerprint["sequences"][name] = {"sources": [f"{name}.bvh"], "source_groups": [name]}
    (folder / "fingerprint.json").write_text(json.dumps(fingerprint))
    return PreparedFolder.open(folder)


def test_recordings_of_unknown_tempo_are_cut_into_phrases_where_a_beat_is_heard(prepared, tmp_path):
    folder = recorded(prepared, tmp_path / "recorded", sure=0.9)
    (sequence, *_) = folder.sequences("train")
    true = np.load(prepared / f"{sequence.name}.beat.npy")[:, 0]
    for beats in (8, 4):
        danced = danced_phrases(folder, sequence, beats)
        inside = danced.rows[:, 0] >= 0
        assert not inside[:5].any(), "a tracker is trusted after a while"
        assert inside[40:].all()
        assert (danced.rows[inside, 2] == beats).all()
        off = danced.rows[inside, 1] - true[inside]
        assert np.abs(off - off.round()).max() < 0.02  # whole beats
        assert danced.names[:2] == ("sway_0 1", "sway_0 2")
        assert set(danced.groups) == {"sway_0"}


def test_the_mirror_image_of_a_recording_dances_the_mirror_images_of_its_phrases(prepared, tmp_path):
    folder = recorded(prepared, tmp_path / "recorded", sure=0.9)
    (sequence, *_) = folder.sequences("train")
    mirrored = (
        danced_phrases(folder, sequence, 8),
        cut_phrases(replace(sequence, name=f"{sequence.name}_mirrored"), ("sway_0",), folder.fingerprint, 8),
    )
    labels = PhraseLabels.of(mirrored)
    assert labels.groups == ("sway_0", "sway_0_mirrored")
    mirrors = labels.mirrors()
    assert all(mirrors[n] != n and mirrors[mirrors[n]] == n for n in range(len(labels.phrases)))


def test_stated_tempo_counts_phrases_from_the_first_frame(prepared, tmp_path):
    folder = recorded(prepared, tmp_path / "recorded", sure=0.0)
    (sequence, *_) = folder.sequences("train")
    beat = np.load(prepared / "sway_0.beat.npy")[:, 0]
    danced = danced_phrases(folder, replace(sequence, beat=beat), 8)
    np.testing.assert_array_equal(danced.rows[:, 0], beat // 8)
    np.testing.assert_allclose(danced.rows[:, 1], beat % 8, atol=1e-5)


@pytest.mark.parametrize("beats", [1, 4, 10])
def test_phrases_that_nobody_dances_are_refused(prepared, beats):
    with pytest.raises(ValueError, match=f"phrase_beats is {beats}: phrases are whole bars of 4 beats"):
        PlannedDances.open(prepared, beats)


def test_windows_that_are_longer_than_every_take_are_refused(labelled):
    data = PhraseDataModule(labelled, window_frames=2000)
    data.history_frames, data.future_frames = 2, 10
    data.sequences = {"train": PreparedFolder.open(labelled).sequences("train")}
    with pytest.raises(ValueError, match=r"longest training sequence has 360 frames, and a window takes 2012"):
        data.windows("train")


def test_where_no_beat_is_heard_the_way_out_is_named(prepared, tmp_path, capsys):
    recorded(prepared, tmp_path / "recorded", sure=0.05)
    with pytest.raises(SystemExit):
        run("fit", "--config", HPARAMS / "planning" / "debug.yaml", "--data.folder", tmp_path / "recorded",
            "--trainer.logger.save_dir", tmp_path / "runs")  # fmt: skip
    said = capsys.readouterr().err
    assert "no beat is stated or surely heard" in said
    assert "--config training/hparams/small/streaming_transflower.yaml" in said
    assert not (tmp_path / "runs").exists()


def test_a_dancer_with_a_plan_is_trained_on_recordings_of_unknown_tempo_and_performs(prepared, tmp_path):
    """The shipped configuration as it stands, on a folder that says neither tempo nor phrases."""
    recorded(prepared, tmp_path / "recorded", sure=0.9)
    run("fit", "--config", HPARAMS / "planning" / "debug.yaml", "--data.folder", tmp_path / "recorded",
        "--model.budget_steps", 4, "--trainer.val_check_interval", 4, "--trainer.callbacks", "[]",
        "--trainer.callbacks+", "ExportDancer", "--trainer.logger.save_dir", tmp_path,
        "--trainer.enable_progress_bar", "false", "--trainer.enable_model_summary", "false")  # fmt: skip
    path = tmp_path / "planning_transflower" / "version_0" / "last.safetensors"
    dancer = checkpoint.load(path).model
    assert dancer.config.num_phrases > 8  # 48 s of dance
    state = dancer.initial_state(1)
    danced = []
    for frame in torch.from_numpy(np.load(tmp_path / "recorded" / "sway_0.audio.npy")[:60]):
        pose, state = dancer.step(frame[None], state, torch.zeros(1, dancer.noise_dims), 1.0)
        danced.append(int(state.place.phrase))
    assert torch.isfinite(pose).all()
    assert danced[0] == dancer.config.num_phrases  # nothing is planned before a beat is trusted
    assert danced[-1] < dancer.config.num_phrases


def test_a_prediction_from_too_little_dance_dies_away_too():
    """A body that turns round and round for some seconds has no rest that a regression could find."""
    angle = np.arange(150)[:, None] * 0.1 + np.linspace(0, 2, 6)
    poses = (np.sqrt(2) * np.sin(angle) + 0.01 * np.arange(150)[:, None]).astype(np.float32)
    change_std = np.diff(poses, axis=0).std(0).astype(np.float32)
    found = fit_prediction([poses], change_std, lags=4)
    assert found.radius < 1
    assert found.left_share < 0.5
