"""What is fitted to real dance after training: found where it is known, written without touching a weight."""

from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors import safe_open

from bridge.dancer.dancer_file import DancerFile
from data.sound.audio_features import FIRST_FINGERPRINTS, AudioFeatures
from models.files.checkpoint_header import default_path, read_header, with_changed_header
from models.step.dancer import DanceBatch
from models.step.noise import frame_noise
from models.streaming.streaming_transflower import StreamingTransflower
from tests.models.test_streaming_transflower import CONFIG
from tests.training.runs import run
from training.evaluation.calibrate import stamped_for_these_beats
from training.fitting.noise_fit import _sums, likeliest_correlation


@pytest.mark.parametrize("correlation", [0.0, 0.3, 0.6, 0.9])
def test_the_correlation_of_a_dance_is_found_again_from_the_dance(correlation: float):
    """A dancer dances by correlated noise; from its poses alone the noise is found, and how it is correlated."""
    torch.manual_seed(0)
    model = StreamingTransflower(CONFIG).eval()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(0.05 * torch.randn_like(parameter))
    model.set_statistics(
        pose_mean=torch.zeros(7), pose_std=torch.ones(7), change_std=torch.full((7,), 0.02),
        energy_mean=0.5, energy_std=0.2,
    )  # fmt: skip
    model.eval()
    frames = 120
    state = model.initial_state(16)
    start, poses = state.pose[:, None].clone(), []
    with torch.no_grad():
        for frame in range(frames):
            noise = np.stack([frame_noise(seed, frame, 7, correlation) for seed in range(16)])
            pose, state = model.step(torch.zeros(16, 6), state, torch.from_numpy(noise))
            poses.append(pose)
        batch = DanceBatch(
            pose=torch.cat([start, start, torch.stack(poses, 1)], 1),
            music=torch.zeros(16, frames + CONFIG.future_frames, 6),
            style=torch.full((16,), CONFIG.num_styles),
            energy=torch.zeros(16, frames),
            valid=torch.ones(16, frames),
        )
        squares, count, products, pairs = _sums(model, batch)
    assert likeliest_correlation(squares / count, products / pairs) == pytest.approx(correlation, abs=0.05)


def test_a_dancer_who_is_too_sure_is_not_given_its_errors_size_as_correlation():
    assert likeliest_correlation(1.0, 0.7) == pytest.approx(0.7)
    assert likeliest_correlation(2.0, 1.4) < 0.6
    assert likeliest_correlation(1.0, -0.3) == 0.0


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_the_command_writes_both_into_the_header_and_leaves_the_weights_alone(trained, prepared: Path, tmp_path: Path):
    source, output = trained("streaming_transflower") / "last.safetensors", tmp_path / "calibrated.safetensors"
    assert 0.0 <= read_header(source)["noise_correlation"] <= 0.95, "training fits it too"
    before = source.read_bytes()
    options = ("--num-dances", 2, "--seconds", 4, "--noise-correlation", 0.4)
    run("calibrate", source, "--folder", prepared, "-o", output, *options)
    assert source.read_bytes() == before
    old, new = read_header(source), read_header(output)
    assert {name for name in new if new[name] != old.get(name)} == {"noise_correlation", "energy", "groove"}
    assert new["noise_correlation"] == 0.4
    assert DancerFile.open(output).groove == new["groove"] == 0.15
    assert new["energy"]["aim_mean"] > 0.0
    assert {name: new["energy"][name] for name in old["energy"]} == old["energy"]
    with safe_open(source, framework="np") as one, safe_open(output, framework="np") as other:
        assert one.keys() == other.keys()
    size = 8 + int.from_bytes(before[:8], "little")
    assert output.read_bytes().endswith(before[size:])
    assert DancerFile.open(output).noise_correlation == 0.4
    run("calibrate", output, "--folder", prepared, *options, "--told-energy", 0.41)
    assert read_header(output)["energy"] == {**new["energy"], "told_mean": 0.41}


@pytest.mark.parametrize(("name", "low", "high"), [("default", 0.0, 0.0), ("streaming", 0.4, 0.7)])
def test_the_dancers_that_ship_are_calibrated(name: str, low: float, high: float):
    """What the flow of the dancer with a plan models is nearly white already."""
    path = default_path().with_name(f"{name}.safetensors")
    header = read_header(path)
    assert low <= header["noise_correlation"] <= high
    assert 0.3 < header["energy"]["told_mean"] <= header["energy"]["mean"] + header["energy"]["std"]
    engine = DancerFile.open(path).load_engine(device="cpu")
    assert engine._energy_mean_std[0] == header["energy"]["told_mean"]
    assert engine._style_energy == header["energy"]["by_style"]
    assert set(engine._style_energy) == set(header["styles"])
    assert engine._style_energy["LO"] < 1 < engine._style_energy["HO"], "lock is danced smaller than house"
    assert engine._dancers_own == {name: header[name] for name in ("noise_correlation", "groove")}
    assert engine._energy_aim_m_s == header["energy"].get("aim_mean", header["energy"]["mean"])


def header_changed(tmp_path: Path, **changes: object) -> Path:
    path = tmp_path / "dancer.safetensors"
    path.write_bytes(with_changed_header(default_path(), changes))
    return path


def test_a_dancer_older_than_the_beat_tracker_is_stamped_and_says_so(tmp_path: Path):
    first = FIRST_FINGERPRINTS[30]
    older = header_changed(tmp_path, audio_fingerprint=first, provenance="Trained long ago.")
    with pytest.raises(ValueError, match="calibrate --older-beats"):
        DancerFile.open(older).load_engine(device="cpu")
    weights = older.read_bytes()[8 + int.from_bytes(older.read_bytes()[:8], "little") :]
    run("calibrate", older, "--older-beats")
    header = read_header(older)
    assert header["audio_fingerprint"] == AudioFeatures().fingerprint
    assert header["provenance"].startswith("Trained long ago. The beat columns that it heard")
    assert first in header["provenance"]
    assert older.read_bytes().endswith(weights)
    DancerFile.open(older).load_engine(device="cpu")


def test_a_stamp_is_renewed_once_and_refused_where_it_is_not_due(tmp_path: Path):
    provenance = f"The beat columns that it heard in training came from an older beat tracker (features {'a' * 16})."
    again = stamped_for_these_beats(header_changed(tmp_path, audio_fingerprint="b" * 16, provenance=provenance))
    assert again == {"audio_fingerprint": AudioFeatures().fingerprint, "provenance": provenance}
    with pytest.raises(ValueError, match="prepare its data again and train"):
        stamped_for_these_beats(header_changed(tmp_path, audio_fingerprint="b" * 16, provenance="Unknown."))
    with pytest.raises(ValueError, match="nothing to stamp"):
        stamped_for_these_beats(header_changed(tmp_path, audio_fingerprint=AudioFeatures().fingerprint))
