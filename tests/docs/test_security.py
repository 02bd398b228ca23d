"""SECURITY.md names ports, options and limits that are what it says they are."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from bridge.commands import options
from bridge.control.presets import _MAX_PRESETS
from bridge.inbound import oscquery
from bridge.stage import acceptor, steering
from bridge.stage.mirror import MAX_VIEWERS
from bridge.stage.settings import StagePlace
from bridge.stage.takes import _MAX_EXPORTS
from bridge.system.hosts import is_loopback

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "SECURITY.md").read_text("utf-8")
ROWS = [[cell.strip() for cell in line.split("|")[1:-1]] for line in TEXT.splitlines() if line.startswith("| ")]


def default_of(option: str) -> str:
    (row,) = [row for row in ROWS if row[2] == f"`{option}`"]
    return row[1]


def test_every_socket_has_the_default_that_is_stated() -> None:
    assert default_of("--stage") == options.DEFAULT_STAGE
    assert default_of("--control") == options.DEFAULT_CONTROL
    host = options.DEFAULT_CONTROL.partition(":")[0]
    assert default_of("--query-port") == f"{host}:{options.DEFAULT_QUERY_PORT}"
    shown = re.findall(r"127\.0\.0\.1:\d+", default_of("--target"))
    assert shown == [re.search(r"127\.0\.0\.1:\d+", name)[0] for name in options.DEFAULT_TARGET_NAMES]  # type: ignore[index]
    for address in re.findall(r"(\d+\.\d+\.\d+\.\d+)", " ".join(row[1] for row in ROWS)):
        assert is_loopback(address)


def test_what_is_off_by_default_is_off() -> None:
    assert [row[0] for row in ROWS if row[1] == "off"] == ["zeroconf, UDP multicast", "MIDI, Ableton Link"]
    stage = {field.name: field.default for field in fields(options.StageOptions)}
    assert stage["announce"] is False
    beat = {field.name: field.default for field in fields(options.BeatOptions)}
    assert (beat["midi"], beat["link"]) == (None, False)


@pytest.mark.parametrize("option", sorted(set(re.findall(r"`(--[a-z-]+)", TEXT))))
def test_every_option_that_is_named_is_one(option: str) -> None:
    names = {
        field.name
        for kind in (options.StageOptions, options.BeatOptions)
        for field in fields(kind)
    }  # fmt: skip
    assert option.removeprefix("--").replace("-", "_") in names


def test_limits_are_those_that_are_stated() -> None:
    text = " ".join(TEXT.split())
    for words in (
        f"within {acceptor.HEAD_S:g} seconds (stage) or {oscquery._TIMEOUT_S:g} (OSCQuery)",
        f"{acceptor.MAX_CONNECTIONS} and {oscquery._MAX_CLIENTS} are served at a time",
        f"{MAX_VIEWERS} viewers, {oscquery._MAX_LISTENERS} who LISTEN",
        f"viewers share {steering.MESSAGES_A_SECOND:g} messages",
        f"up to {_MAX_PRESETS} presets",
    ):
        assert words in text, words
    assert _MAX_EXPORTS == 2
    assert "two run at a time" in text
    assert len(StagePlace(host="0.0.0.0").settings().token or "") == 22
    assert "tokens of 22 letters" in text


def test_every_format_that_is_named_is_fuzzed() -> None:
    fuzzed = (ROOT / "tests/bridge/test_file_fuzz.py").read_text("utf-8")
    for form in ("checkpoint", "onnx", "bvh", "npz", "take", "preset", "vrm"):
        assert f'"{form}": ' in fuzzed
        assert form in TEXT
