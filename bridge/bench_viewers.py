"""Does an audience cost the dance anything? Performances with and without viewers of the stage, in turn, in one run."""

import json
import socket
import statistics
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from bridge.bench_table import Measurement
from bridge.child_process import start_child
from bridge.dancer_file import DancerFile
from bridge.metrics import Summary
from bridge.performance import Performance
from bridge.sources.file import FileSource
from bridge.stage.settings import StagePlace
from bridge.wire.target import Target

NUM_VIEWERS: Final = 10
NUM_TURNS: Final = 2


def perform_before_an_audience(
    dancer: DancerFile, *, song: Path, targets: tuple[Target, ...], device: str, cuda_graph: bool, seconds: float
) -> tuple[list[Summary], list[Summary], list[dict[str, Any]]]:
    """Performs in turn before nobody and before ten viewers, the last of whom stops reading.

    The stage's process runs in both cases, so that what differs is the audience alone.

    Returns:
        Summaries before nobody, before the audience, and what each viewer saw in the last turn.
    """
    alone: list[Summary] = []
    watched: list[Summary] = []
    seen: list[dict[str, Any]] = []
    port = _free_port()

    def perform() -> Summary:
        return Performance(
            dancer=dancer,
            source=FileSource(song, loop=True),
            source_name=song.name,
            targets=targets,
            device=device,
            cuda_graph=cuda_graph,
            stage=StagePlace(port=port),
            seconds=seconds,
        ).run()

    for _ in range(NUM_TURNS):
        alone.append(perform())
        with _audience(f"http://127.0.0.1:{port}/") as told:
            watched.append(perform())
        seen = told
    return alone, watched, seen


def measure_audience(alone: list[Summary], watched: list[Summary], seen: list[dict[str, Any]]) -> list[Measurement]:
    """Rows that set a performance before ten viewers beside one before nobody."""
    rows = [
        Measurement(
            what=what,
            unit="ms",
            p50=statistics.fmean(summary.latency["total_ms"].p50 for summary in summaries),
            p99=statistics.fmean(summary.latency["total_ms"].p99 for summary in summaries),
            note=f"{sum(summary.deadlines_missed for summary in summaries)} deadlines missed in {NUM_TURNS} turns",
        )
        for what, summaries in (
            ("  the same, nobody watches", alone),
            ("  the same, ten viewers watch", watched),
        )
    ]
    *reading, stalled = seen
    return [
        *rows,
        Measurement(
            what="  a viewer's pose, after its tick",
            unit="ms",
            p50=statistics.median(viewer["age_ms"]["p50"] for viewer in reading),
            p99=max(viewer["age_ms"]["p99"] for viewer in reading),
            note=f"nine saw {min(v['poses'] for v in reading)} poses or more, who stopped reading {stalled['poses']}",
        ),
    ]


@contextmanager
def _audience(url: str) -> Iterator[list[dict[str, Any]]]:
    """Viewers who come when the stage can be seen and go with the block; the list is filled at its end."""
    told: list[dict[str, Any]] = []
    come = threading.Event()
    processes: list[subprocess.Popen[bytes]] = []

    def arrive() -> None:
        host, port = "127.0.0.1", int(url.rstrip("/").rpartition(":")[2])
        while not come.is_set():
            try:
                socket.create_connection((host, port), timeout=1.0).close()
            except OSError:
                time.sleep(0.05)
                continue
            process = start_child("bridge.stage.audience", stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            assert process.stdin is not None
            process.stdin.write(json.dumps({"url": url, "viewers": NUM_VIEWERS}).encode() + b"\n")
            process.stdin.flush()
            processes.append(process)
            return

    thread = threading.Thread(target=arrive, name="audience", daemon=True)
    thread.start()
    try:
        yield told
    finally:
        come.set()
        thread.join()
        for process in processes:
            output, _ = process.communicate(timeout=30)
            told += json.loads(output)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
