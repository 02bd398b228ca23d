"""A performance from beginning to end: runs a runner, shows it, and ends it cleanly."""

import contextlib
import json
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from rich.console import Console
from rich.live import Live

from bridge.controls import Controls
from bridge.dancer_file import DancerFile
from bridge.dashboard import FRAMES_A_SECOND, Dashboard
from bridge.metrics import Summary
from bridge.runner import Runner, RunnerConfig
from bridge.sources.source import SoundSource
from bridge.wire.targets import Target, UdpTargets

LOG_PERIOD_S = 5.0


@dataclass(frozen=True, kw_only=True)
class Performance:
    """What is performed, where to, and for how long.

    Attributes:
        dancer: Who dances.
        source: What sounds.
        source_name: The source as people know it.
        targets: Where poses go.
        controls: The performer's wishes.
        seed: Chooses the dance.
        device: What the dancer runs on.
        cuda_graph: Whether a CUDA device captures the step as a graph.
        seconds: How long; None performs until the sound ends or until interrupted.
    """

    dancer: DancerFile
    source: SoundSource
    source_name: str
    targets: tuple[Target, ...]
    controls: Controls = field(default_factory=Controls)
    seed: int = 0
    device: str = "auto"
    cuda_graph: bool = True
    seconds: float | None = None

    def run(self, console: Console | None = None) -> Summary:
        """Performs until the end; an interrupt (Ctrl-C, SIGTERM) ends it early and cleanly.

        Args:
            console: Where the dashboard or the log lines appear; None shows nothing.

        Returns:
            How it went. A failure after the dance had begun is told there, as its `problem`.

        Raises:
            ValueError: Something that a person can put right, such as a device that is not there.
            Exception: Whatever else kept the dance from beginning.
        """
        self.controls.require_known_style(self.dancer.styles)
        runner = Runner(
            source=self.source,
            load_engine=lambda: self.dancer.load_engine(device=self.device, cuda_graph=self.cuda_graph),
            skeleton=self.dancer.skeleton,
            targets=UdpTargets(self.targets),
            controls=self.controls,
            config=RunnerConfig(rate_hz=self.dancer.rate_hz, seed=self.seed),
        )
        with _interrupts() as interrupted:
            runner.start()
            try:
                self._watch(runner, interrupted, console)
            finally:
                runner.stop()
        if runner.failure is not None and not runner.has_performed:
            raise runner.failure
        return runner.summary(checkpoint=self.dancer.path.name, source=self.source_name)

    def _watch(self, runner: Runner, interrupted: threading.Event, console: Console | None) -> None:
        """Shows the performance until it is over."""
        deadline_s = float("inf") if self.seconds is None else time.monotonic() + self.seconds
        dashboard = Dashboard(
            self.dancer.skeleton,
            title=f"Transflower Bridge: {self.dancer.path.name} dances to {self.source_name}",
            targets=[str(target) for target in self.targets] or ["nobody"],
        )
        is_live = console is not None and console.is_terminal and not console.is_dumb_terminal
        period_s = 1.0 / FRAMES_A_SECOND if is_live else 0.1
        next_line_s = time.monotonic()
        told: set[str] = set()
        with Live(console=console, auto_refresh=False, transient=True) if is_live else contextlib.nullcontext() as live:
            while not (interrupted.is_set() or runner.is_finished):
                now_s = time.monotonic()
                if now_s >= deadline_s:
                    return
                snapshot = runner.snapshot()
                if snapshot is not None and live is not None:
                    size = live.console.size
                    live.update(dashboard.render(snapshot, size.width, size.height), refresh=True)
                elif snapshot is not None and console is not None:
                    for notice in [notice for notice in snapshot.notices if notice not in told]:
                        console.out(notice, highlight=False)
                        told.add(notice)
                    if now_s >= next_line_s:
                        console.out(dashboard.line(snapshot), highlight=False)
                        next_line_s = now_s + LOG_PERIOD_S
                interrupted.wait(min(period_s, max(0.0, deadline_s - now_s)))


@contextlib.contextmanager
def _interrupts() -> Iterator[threading.Event]:
    """An event that Ctrl-C and SIGTERM set instead of tearing the program down; only the main thread can have it.

    A second one raises `KeyboardInterrupt`, for whoever does not want to wait for a driver that hangs.
    """
    interrupted = threading.Event()

    def interrupt(number: int, frame: FrameType | None) -> None:
        if interrupted.is_set():
            raise KeyboardInterrupt
        interrupted.set()

    if threading.current_thread() is not threading.main_thread():
        yield interrupted
        return
    previous = {number: signal.signal(number, interrupt) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield interrupted
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


def write_json(path: Path, summary: Summary) -> None:
    """Writes a summary for programs to read."""
    path.write_text(json.dumps(summary.to_json(), indent=2) + "\n", encoding="utf-8")
