"""The bench reports every budget of the design, honestly: what was not measured says so."""

import json
import re
import sys
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from bridge.bench import ONNX_STEP, TORCH_STEP, bench, measure_backends
from bridge.bench_table import Measurement, time_ms
from bridge.dancer_file import DancerFile
from data.sound_file import write_sound
from tests.exported_dancer import export_dancer
from tests.tiny_dancer import write_tiny_dancer


def test_a_budget_holds_when_all_its_numbers_hold():
    row = Measurement(what="a step", unit="ms", p50=4.0, p99=9.0, budget_p50=5.0, budget_p99=10.0)
    assert row.holds is True
    assert Measurement(what="a step", unit="ms", p50=4.0, p99=12.0, budget_p50=5.0, budget_p99=10.0).holds is False
    assert Measurement(what="a step", unit="ms", budget_p50=5.0).holds is None
    assert Measurement(what="a step", unit="ms", p50=4.0).holds is None


def test_timing_counts_what_it_is_told_to():
    calls: list[int] = []
    p50_ms, p99_ms = time_ms(lambda: calls.append(0), 50, warm_up=7)
    assert len(calls) == 57
    assert 0 < p50_ms <= p99_ms


@pytest.mark.realtime
def test_the_report_has_a_row_for_each_budget_as_text_and_as_json(tmp_path: Path):
    song = tmp_path / "song.wav"
    samples = 0.2 * np.random.default_rng(0).standard_normal(48_000)
    write_sound(song, samples.astype(np.float32), 24_000)
    report = bench(
        DancerFile.open(write_tiny_dancer(tmp_path / "tiny.safetensors")),
        device="cpu",
        cuda_graph=True,
        seconds=3.0,
        song=song,
        console=Console(quiet=True),
        audience_s=5.0,
    )
    rows = {row.what: row for row in report.measurements}
    for what in (
        "sound in to datagram out, live",
        "  the same, nobody watches",
        "  the same, ten viewers watch",
        "  a viewer's pose, after its tick",
        "deadlines missed",
        "memory grown",
        "first (idle) pose after the start",
        "first danced pose after sound",
        "one step of the dancer, PyTorch",
        "  of which transformer",
        "  of which flow",
        "one step of the dancer, ONNX Runtime",
        "the engine's step, dancer included",
        "sound features",
        "encode and send a pose to two targets",
    ):
        assert rows[what].p50 is not None
    # Nine viewers see nearly every pose, one stops reading after a second; that it costs nobody anything is for people
    # to read.
    seen, stalled = map(int, re.findall(r"\d+", rows["  a viewer's pose, after its tick"].note))
    assert seen > 30
    assert stalled < 0.75 * seen
    assert "ONNX Runtime" in rows["one step of the dancer, ONNX Runtime"].note
    assert {"torch", "onnxruntime"} <= report.machine.keys()
    assert "236.5" in report.to_text()
    parsed = json.loads(json.dumps(report.to_json()))
    assert len(parsed["measurements"]) == len(rows)
    assert parsed["live"]["frames_sent"] > 30


def test_what_cannot_be_measured_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    tiny = write_tiny_dancer(tmp_path / "tiny.safetensors")
    exported = DancerFile.open(export_dancer(tiny))
    rows = {row.what: row for row in measure_backends(exported, device="cpu", cuda_graph=True, count=5)}
    assert "holds nothing for PyTorch" in rows[TORCH_STEP].note
    assert rows[TORCH_STEP].holds is None
    assert rows[ONNX_STEP].p50 is not None
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    rows = {row.what: row for row in measure_backends(DancerFile.open(tiny), device="cpu", cuda_graph=True, count=5)}
    assert rows[TORCH_STEP].p50 is not None
    assert rows[ONNX_STEP].holds is None
    assert "onnxruntime is not installed" in rows[ONNX_STEP].note
