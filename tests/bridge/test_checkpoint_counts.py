"""A header that asks for millions of layers or frames is refused in a sentence, before anything is built."""

from pathlib import Path
from typing import Any

import pytest

from bridge.dancer.dancer_file import DancerFile
from models.files.checkpoint_header import read_header, with_changed_header
from tests.tiny_dancer import write_tiny_dancer


@pytest.mark.parametrize(
    "counts",
    [
        {"num_layers": 3_000_000},
        {"flow_steps": 3_000_000},
        {"future_frames": 6_000_000, "future_block_frames": 2_000_000},  # as many blocks as before: shapes fit
        {"window_frames": 1e9},
        {"deeper": [{"num_layers": 3_000_000}]},
    ],
)
def test_counts_that_make_no_sense_are_refused_before_anything_is_built(counts: dict[str, Any], tmp_path: Path) -> None:
    path = write_tiny_dancer(tmp_path / "tiny.safetensors")
    config = read_header(path)["model_config"]
    path.write_bytes(with_changed_header(path, {"model_config": {**config, **counts}}))
    with pytest.raises(ValueError, match="its model configuration has") as refusal:
        DancerFile.open(path)
    assert "\n" not in str(refusal.value)
