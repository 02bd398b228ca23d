"""The bench reports every budget of the design, honestly: what was not measured says so."""

import asyncio
import json
import re
import struct
import sys
import threading
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from rich.console import Console

from bridge.addresses import Addresses
from bridge.bench.bench import FAST_STEP, ONNX_STEP, TORCH_STEP, bench, measure_backends
from bridge.bench.bench_table import Measurement, time_in_turn_ms, time_ms
from bridge.bench.bench_viewers import NUM_VIEWERS
from bridge.dancer.dancer_file import DancerFile
from bridge.live.runner import Runner
from bridge.performance import Performance
from bridge.stage.audience import Seat, watch
from bridge.timing.metrics import PerformanceSummary
from bridge.wire.dance_protocol import POSE_HEAD
from data.formats.sound_file import write_sound
from data.music import synthesise
from tests.exported_dancer import export_dancer
from tests.tiny_dancer import write_tiny_dancer
from tests.waiting import GENEROUS_S, wait_until


def test_a_budget_holds_when_all_its_numbers_hold():
    row = Measurement(what="a step", unit="ms", p50=4.0, p99=9.0, budget_p50=5.0, budget_p99=10.0)
    assert row.holds is True
    assert Measurement(what="a step", unit="ms", p50=4.0, p99=12.0, budget_p50=5.0, budget_p99=10.0).holds is False
    assert Measurement(what="a step", unit="ms", budget_p50=5.0).holds is None
    assert Measurement(what="a step", unit="ms", p50=4.0).holds is None


def test_timing_counts_what_it_is_asked_to():
    calls: list[int] = []
    p50_ms, p99_ms = time_ms(lambda: calls.append(0), 50, warm_up=7)
    assert len(calls) == 57
    assert 0 < p50_ms <= p99_ms


def test_what_is_timed_in_turn_is_called_equally_often_a_few_times_in_a_row():
    calls: list[str] = []
    times = time_in_turn_ms([lambda: calls.append("a"), lambda: calls.append("b")], 5, warm_up=1, turn=2)
    assert "".join(calls) == "ab" + "aabb" + "aabb" + "ab"
    assert [0 < p50_ms <= p99_ms for p50_ms, p99_ms in times] == [True, True]


class UntilDanced(Performance):
    """Lasts until it has danced for two seconds, however long that takes here; an audience is seated before."""

    def run(self, console: Console | None = None) -> PerformanceSummary:
        if (tell := self.tell_addresses) is None:
            return super().run(console)

        def seat(addresses: Addresses) -> None:
            tell(addresses)
            port = urlsplit(addresses.stage[0]).port
            wait_until(lambda: num_connected(port) == NUM_VIEWERS, "the audience", 4 * GENEROUS_S)

        return Performance.run(replace(self, tell_addresses=seat), console)

    def _watch(self, runner: Runner, interrupted: threading.Event, console: Console | None) -> None:
        wait_until(lambda: runner.is_finished or runner.summary(checkpoint="", source="").frames_danced > 60, "a dance")


def num_connected(port: int | None) -> int:
    """How many have reached the server at a TCP port of this machine."""
    found = psutil.net_connections("tcp")
    return sum(bool(c.laddr) and c.laddr.port == port and c.status == psutil.CONN_ESTABLISHED for c in found)


@pytest.mark.realtime
def test_the_report_has_a_row_for_each_budget_as_text_and_as_json(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for module in ("bridge.bench.bench", "bridge.bench.bench_viewers"):
        monkeypatch.setattr(f"{module}.Performance", UntilDanced)
    song = tmp_path / "song.wav"
    write_sound(song, synthesise("house", 120.0, 4, 0, sample_rate_hz=24_000).samples, 24_000)
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
        "one step of the dancer, the fast step",
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
    seen, _stalled = map(int, re.findall(r"\d+", rows["  a viewer's pose, after its tick"].note))
    assert seen > 0
    for row, device in ((FAST_STEP, "fast step ("), (TORCH_STEP, "on cpu"), (ONNX_STEP, "ONNX Runtime")):
        assert device in rows[row].note
        assert ("times as fast as PyTorch" in rows[row].note) == (row != TORCH_STEP)
    assert {"torch", "onnxruntime"} <= report.machine.keys()
    assert "236.5" in report.to_text()
    parsed = json.loads(json.dumps(report.to_json()))
    assert len(parsed["measurements"]) == len(rows)
    assert parsed["live"]["frames_sent"] > 60
    assert parsed["dance"]["here"]["seconds"] > 1.5
    assert "beside the mean of 80 real dances" in report.to_text()
    assert parsed["live"]["take"] is None, "it is gone"


@pytest.mark.realtime
def test_a_viewer_who_stalls_sees_no_more_and_the_others_see_all(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("bridge.stage.audience._STALLED_AFTER_S", 0.0)
    poses = [POSE_HEAD + struct.pack(">iq", number, number) for number in range(20)]

    async def show(request: web.Request) -> web.WebSocketResponse:
        viewer = web.WebSocketResponse()
        await viewer.prepare(request)
        for pose in poses:
            await viewer.send_bytes(pose)
        await viewer.receive()
        return viewer

    async def watched() -> list[Seat]:
        app = web.Application()
        app.router.add_get("/socket", show)
        server = TestServer(app)
        seats = [Seat(), Seat()]
        async with server:
            url = str(server.make_url("/"))
            visits = [asyncio.create_task(watch(url, seat, stalls=seat is seats[1])) for seat in seats]
            async with asyncio.timeout(GENEROUS_S):
                while seats[0].num_poses < len(poses) or seats[1].num_poses < 1:
                    await asyncio.sleep(0.01)
            for visit in visits:
                visit.cancel()
            await asyncio.gather(*visits, return_exceptions=True)
        return seats

    reading, stalled = asyncio.run(watched())
    assert (reading.num_poses, stalled.num_poses) == (len(poses), 1)
    assert reading.age_ms.percentiles().count == len(poses)


def test_what_cannot_be_measured_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    tiny = write_tiny_dancer(tmp_path / "tiny.safetensors")
    exported = DancerFile.open(export_dancer(tiny))
    rows = {row.what: row for row in measure_backends(exported, device="cpu", cuda_graph=True, count=5)}
    assert "holds nothing for PyTorch" in rows[TORCH_STEP].note
    assert rows[TORCH_STEP].holds is None
    assert "the fast step .safetensors files" in rows[FAST_STEP].note
    assert rows[ONNX_STEP].p50 is not None
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    rows = {row.what: row for row in measure_backends(DancerFile.open(tiny), device="cpu", cuda_graph=True, count=5)}
    assert rows[TORCH_STEP].p50 is not None
    assert rows[FAST_STEP].p50 is not None
    assert rows[ONNX_STEP].holds is None
    assert "onnxruntime is not installed" in rows[ONNX_STEP].note
