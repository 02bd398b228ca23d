"""Dancing takes again on an evening on which something has changed: the dancer's stamp, the machine, the versions."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bridge.dancer_file import DancerFile
from bridge.takes.header import TakeHeader
from bridge.takes.recorder import TakeRecorder
from bridge.takes.redance import find_dancer, redance
from bridge.takes.take import Take, read_take
from models.checkpoint_header import with_changed_header
from tests.bridge.test_takes import record
from tests.tiny_dancer import write_tiny_dancer
from training.calibrate import main as calibrate

NOW = datetime(2026, 11, 23, 21, 4, 5, tzinfo=UTC)
OLDER = {"audio_fingerprint": "b" * 16, "provenance": "The beat columns that it heard in training came from an older "
         f"beat tracker (features {'a' * 16})."}  # fmt: skip


@pytest.fixture
def dancer(tmp_path: Path) -> DancerFile:
    return DancerFile.open(write_tiny_dancer(tmp_path / "tiny.safetensors"))


@pytest.fixture
def take(dancer: DancerFile, tmp_path: Path) -> Take:
    recorder = TakeRecorder(tmp_path / "evening.take", TakeHeader.of(dancer, seed=3, source="noise", now=NOW))
    record(recorder, dancer.load_engine(device="cpu"), 60)
    recorder.close()
    assert recorder.notice is None
    return read_take(recorder.path)


def older(dancer: DancerFile, path: Path) -> Path:
    """The dancer as it was before it was stamped for these beats."""
    path.write_bytes(with_changed_header(dancer.path, OLDER))
    return path


@pytest.mark.parametrize("is_stamped", [True, False])
def test_a_take_is_danced_again_by_its_dancer_stamped_or_not(take: Take, tmp_path: Path, is_stamped: bool) -> None:
    named = older(DancerFile.open(take.path.parent / "tiny.safetensors"), tmp_path / "named.safetensors")
    if is_stamped:
        calibrate([str(named), "--older-beats"])
    result = redance(take, find_dancer(take, named).load_engine(device="cpu"))
    assert result.first_difference is None


def test_other_weights_or_another_configuration_are_another_dancer(take: Take, tmp_path: Path) -> None:
    other = tmp_path / "other.safetensors"
    content = bytearray((tmp_path / "tiny.safetensors").read_bytes())
    content[-1] ^= 1
    for spoilt in (bytes(content), with_changed_header(tmp_path / "tiny.safetensors", {"noise_correlation": 0.5})):
        other.write_bytes(spoilt)
        with pytest.raises(ValueError, match="was danced by"):
            find_dancer(take, other)
