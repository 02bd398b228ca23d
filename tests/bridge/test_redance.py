"""Dancing takes again on an evening on which something has changed: the dancer's stamp, the machine, the versions."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bridge.dancer.dancer_file import DancerFile
from bridge.takes.header import TakeHeader
from bridge.takes.recorder import TakeRecorder
from bridge.takes.redance import differences_to, find_dancer, redance, why_another
from bridge.takes.take import Take, read_take
from models.fast_step import machine_code
from models.fast_step.machine_code import FORM_VARIABLE, UnavailableError, target
from models.files.checkpoint_header import default_path, with_changed_header
from tests.bridge.test_takes import record
from tests.tiny_dancer import write_tiny_dancer
from training.evaluation.calibrate import main as calibrate

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


def test_a_dancer_that_ships_is_found_though_it_is_not_the_default_or_has_another_name(take: Take) -> None:
    streaming = default_path().with_name("streaming.safetensors")
    header = TakeHeader.of(DancerFile.open(streaming), seed=3, source="noise", now=NOW)
    for name in ("streaming.safetensors", "default.safetensors"):  # the latter was its name until it was replaced
        assert find_dancer(replace(take, header=replace(header, checkpoint=name))).path == streaming


def test_where_no_dancer_is_the_one_all_that_were_looked_at_are_named(take: Take) -> None:
    unknown = replace(take, header=replace(take.header, dancer_digest="0" * 64))
    with pytest.raises(ValueError, match="name it by --checkpoint") as refusal:
        find_dancer(unknown)
    looked = (take.path.parent / "tiny.safetensors", default_path(), default_path().with_name("streaming.safetensors"))
    assert all(str(path) in str(refusal.value) for path in looked)
    with pytest.raises(ValueError, match="name it by --checkpoint") as refusal:
        find_dancer(unknown, looked[0])
    assert str(default_path()) not in str(refusal.value)


def test_what_decides_the_bits_is_recorded_and_the_difference_is_named(take: Take) -> None:
    assert take.header.backend == "fast"
    recorded = take.header.stepped_by
    assert recorded is not None
    assert set(recorded) == {"form", "processor", "numba", "llvmlite"}
    assert differences_to(take.header) == []
    another = replace(take.header, stepped_by={**recorded, "form": "neon", "llvmlite": "0.1"})
    assert differences_to(another) == [
        f"form neon then, {recorded['form']} now",
        f"llvmlite 0.1 then, {recorded['llvmlite']} now",
    ]
    assert "neon then" in why_another(another)
    assert "torch" not in why_another(another)


def test_a_take_of_before_that_is_read_and_known_by_the_whole_file(take: Take) -> None:
    entries = take.header.to_json()
    for name in ("dancer_digest", "stepped_by"):
        del entries[name]
    earlier = replace(take, header=TakeHeader.from_json(entries))
    assert find_dancer(earlier).path.name == "tiny.safetensors"
    assert "form unknown then" in why_another(earlier.header)
    named = older(find_dancer(earlier), take.path.parent / "named.safetensors")
    with pytest.raises(ValueError, match="was danced by"):
        find_dancer(earlier, named)


def test_where_the_fast_step_cannot_be_had_no_option_is_named_that_is_not_there(
    take: Take, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(FORM_VARIABLE, "off")
    target.cache_clear()
    try:
        with pytest.raises(ValueError, match="cannot be had here") as refusal:
            find_dancer(take)
    finally:
        target.cache_clear()
    assert "--backend" not in str(refusal.value)


def test_where_machine_code_cannot_be_put_into_memory_no_option_is_named_either(
    take: Take, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: bytes) -> None:
        raise UnavailableError("the fast step could not be loaded (Operation not permitted)")

    monkeypatch.setattr(machine_code, "link", fail)
    with pytest.raises(ValueError, match=r"Operation not permitted.*; replay and export still work") as refusal:
        find_dancer(take)
    assert "--backend" not in str(refusal.value)
