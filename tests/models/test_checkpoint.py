"""A checkpoint is read back whole or refused with a sentence that says what to do."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from models.files import checkpoint
from models.files.bounded import BoundedAllocation
from models.files.checkpoint_header import read_header
from models.streaming.streaming_transflower import StreamingTransflower
from tests.models.dancer_metadata import METADATA

CONFIG = StreamingTransflower.Config(
    pose_dims=7, music_dims=6, num_styles=3, dims=16, num_layers=1, num_heads=2, window_frames=8, flow_steps=2,
    flow_hidden_dims=16, future_frames=6, future_block_frames=2, spectral_dims=2, beat_column=2, num_seed_poses=2,
)  # fmt: skip


@pytest.fixture
def saved(tmp_path):
    torch.manual_seed(0)
    model = StreamingTransflower(CONFIG)
    path = tmp_path / "dancer.safetensors"
    checkpoint.save(path, model, METADATA)
    return path, model


def test_round_trip_dances_the_same(saved):
    path, model = saved
    loaded = checkpoint.load(path)
    assert loaded.metadata == {**METADATA, "guides_style": True}
    assert loaded.model.config == CONFIG
    music, noise = torch.randn(1, 6), torch.randn(1, 7)
    model.eval()
    expected, _ = model.step(music, model.initial_state(), noise)
    actual, _ = loaded.model.step(music, loaded.model.initial_state(), noise)
    assert torch.equal(actual, expected)


def test_half_stores_matrices_small_and_statistics_exactly(saved, tmp_path):
    path, model = saved
    model.set_seed_poses(torch.randn(2, 7))
    half = tmp_path / "half.safetensors"
    checkpoint.save(half, model, METADATA, half=True)
    checkpoint.save(path, model, METADATA)
    assert half.stat().st_size < 0.75 * path.stat().st_size
    assert torch.equal(checkpoint.load(half).model.seed_poses, model.seed_poses)


def refused(path, match):
    with pytest.raises(ValueError, match=match) as caught:
        checkpoint.load(path)
    assert str(path) in str(caught.value)


def test_missing_damaged_and_foreign_files_are_refused(saved, tmp_path):
    path, _ = saved
    refused(tmp_path / "none.safetensors", "no such checkpoint; train one")
    whole = path.read_bytes()
    for cut in (0, 5, 100, len(whole) - 7):
        path.write_bytes(whole[:cut])
        refused(path, "damaged")
    foreign = tmp_path / "foreign.safetensors"
    save_file({"x": torch.zeros(3)}, foreign)
    refused(foreign, "no dancer of this project")


def rewritten(path, model, **changes):
    """The file with parts of its header replaced."""
    header = {
        **METADATA, "format_version": 1, "model_class": "StreamingTransflower", "model_config": vars(CONFIG), **changes,
    }  # fmt: skip
    header = {key: value for key, value in header.items() if value is not None}
    save_file(model.state_dict(), path, metadata={"transflower": json.dumps(header)})
    return path


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"format_version": 99}, "format 99"),
        ({"skeleton": None}, r"lacks \['skeleton'\]"),
        ({"model_class": "os.system"}, "holds a 'os.system'"),
        ({"model_config": {"dims": 3}}, "does not fit this program"),
        ({"model_config": {**vars(CONFIG), "dims": 32}}, "weights do not fit"),
        ({"model_config": {**vars(CONFIG), "dims": -32}}, "does not fit this program"),
        ({"model_config": {**vars(CONFIG), "dims": 2 * 10**9}}, "numbers are asked for"),
        ({"model_config": {**vars(CONFIG), "num_layers": 10**9}}, "num_layers 1000000000, and there are"),
        ({"frame_rate_hz": 0}, "frame_rate_hz is 0, not a whole number from 1 to 1000"),
        ({"frame_rate_hz": 10**9}, "frame_rate_hz is 1000000000"),
        ({"frame_rate_hz": 60}, "dances at 60 Hz with poses for 30 Hz"),
        ({"energy": {"mean": float("nan"), "std": 1.0}}, "energy is .*NaN"),
        ({"energy": {"mean": 0.7, "std": 0}}, "not an object with a mean and a std"),
        ({"styles": "HO"}, 'styles is "HO", not a list of names'),
        ({"seed_poses": [["HO-1"]]}, "not a list of names"),
        ({"look_ahead_frames": "6"}, "look_ahead_frames"),
        ({"licence": "\x1b[2J" * 100}, None),
        ({"attribution": ["\x1b[2J" * 100]}, r"attribution is \[...\], not a text"),
    ],
)
def test_headers_that_lie_are_refused(saved, changes, match):
    path, model = saved
    rewritten(path, model, **changes)
    if match is None:  # nothing is wrong with it; who prints it takes care
        checkpoint.load(path)
    else:
        refused(path, match)


@pytest.mark.parametrize("text", ["[1, 2]", "3", "NaN", "{", "null"])
def test_a_header_that_is_no_object_is_refused(saved, text):
    path, model = saved
    save_file(model.state_dict(), path, metadata={"transflower": text})
    refused(path, "damaged header")


def test_weights_of_another_kind_are_refused(saved):
    path, model = saved
    whole = {key: tensor.to(torch.int64) for key, tensor in model.state_dict().items()}
    header = {**METADATA, "format_version": 1, "model_class": "StreamingTransflower", "model_config": vars(CONFIG)}
    save_file(whole, path, metadata={"transflower": json.dumps(header)})
    refused(path, "holds torch.int64")


def test_weights_that_are_not_finite_are_refused(saved):
    path, model = saved
    with torch.no_grad():
        model.enter_pose.bias[0] = float("nan")
    checkpoint.save(path, model, METADATA)
    refused(path, "not finite, first at 'enter_pose.bias'")


def test_the_header_alone_tells_what_the_whole_file_does(saved):
    path, _ = saved
    of_the_model = {"model_class": "StreamingTransflower", "model_config": vars(CONFIG), "guides_style": True}
    assert read_header(path) == {**METADATA, **of_the_model}


def test_reading_a_header_needs_no_torch(saved):
    code = "import sys; from models.files.checkpoint_header import read_header; from pathlib import Path\n"
    code += "read_header(Path(sys.argv[1])); sys.exit('torch' in sys.modules)"
    subprocess.run([sys.executable, "-c", code, saved[0]], check=True)


@pytest.mark.skipif(sys.platform == "win32", reason="permissions as on POSIX")
def test_others_may_read_a_checkpoint_as_the_umask_says(saved):
    path, model = saved
    before = os.umask(0o022)
    try:
        checkpoint.save(path, model, METADATA)
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o777 == 0o644


def test_a_failed_write_keeps_the_older_file(saved, monkeypatch):
    path, model = saved
    before = path.read_bytes()
    write = Path.write_bytes

    def write_half_and_fail(part, data):
        write(part, data[: len(data) // 2])
        raise OSError("disk full")

    monkeypatch.setattr(Path, "write_bytes", write_half_and_fail)
    with pytest.raises(OSError, match="disk full"):
        checkpoint.save(path, model, METADATA)
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_incomplete_metadata_cannot_be_saved(saved):
    path, model = saved
    with pytest.raises(ValueError, match="licence"):
        checkpoint.save(path, model, {key: "" for key in METADATA if key != "licence"})


def test_more_parts_than_weights_can_belong_to_are_not_made():
    with pytest.raises(ValueError, match="more parts are asked for"), BoundedAllocation(num_values=9, num_tensors=1):
        torch.nn.Sequential(*(torch.nn.Linear(1, 1) for _ in range(10_000)))
