"""Does an audience cost the dance anything? Performances with and without viewers of the stage, in turn, in one run."""

import json
import statistics
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from bridge.addresses import Addresses
from bridge.bench.bench_table import Measurement
from bridge.dancer.dancer_file import DancerFile
from bridge.performance import Performance
from bridge.sources.file import FileSource
from bridge.stage.settings import StagePlace
from bridge.system.child_process import start_child
from bridge.timing.metrics import PerformanceSummary
from bridge.wire.target import Target

NUM_VIEWERS: Final = 10
NUM_TURNS: Final = 2


def perform_before_an_audience(
    dancer: DancerFile, *, song: Path, targets: tuple[Target, ...], device: str, cuda_graph: bool, seconds: float
) -> tuple[list[PerformanceSummary], list[PerformanceSummary], list[dict[str, Any]]]:
    """Performs in turn before nobody and before ten viewers, the last of whom stops reading.

    The stage's process runs in both cases, so that what differs is the audience alone.

    Returns:
        Summaries before nobody, before the audience, and what each viewer saw in the last turn.
    """
    alone: list[PerformanceSummary] = []
    watched: list[PerformanceSummary] = []
    seen: list[dict[str, Any]] = []

    def perform(tell_addresses: Callable[[Addresses], None] | None = None) -> PerformanceSummary:
        return Performance(
            dancer=dancer,
            source=FileSource(song, loop=True),
            source_name=song.name,
            targets=targets,
            device=device,
            cuda_graph=cuda_graph,
            stage=StagePlace(port=0),
            seconds=seconds,
            tell_addresses=tell_addresses,
        ).run()

    for _ in range(NUM_TURNS):
        alone.append(perform())
        with _audience() as (come, reports):
            watched.append(perform(come))
        seen = reports
    return alone, watched, seen


def measure_audience(
    alone: list[PerformanceSummary], watched: list[PerformanceSummary], seen: list[dict[str, Any]]
) -> list[Measurement]:
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
def _audience() -> Iterator[tuple[Callable[[Addresses], None], list[dict[str, Any]]]]:
    """What lets viewers come, once it is known where; and a list, filled at the end of the block, of what they saw."""
    reports: list[dict[str, Any]] = []
    processes: list[subprocess.Popen[bytes]] = []

    def come(addresses: Addresses) -> None:
        process = start_child("bridge.stage.audience", stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        processes.append(process)
        assert process.stdin is not None
        process.stdin.write(json.dumps({"url": addresses.stage[0], "viewers": NUM_VIEWERS}).encode() + b"\n")
        process.stdin.flush()

    try:
        yield come, reports
    finally:
        for process in processes:
            output, _ = process.communicate(timeout=30)
            reports += json.loads(output)
