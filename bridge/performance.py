"""A performance from beginning to end: runs a runner, shows it, and ends it cleanly."""

import contextlib
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from rich.console import Console
from rich.live import Live
from rich.text import Text

from bridge.addresses import Addresses
from bridge.clocks.clock import Clock
from bridge.clocks.conductor import Conductor
from bridge.control.control_state import ControlState
from bridge.control.controls import BeatControls, Controls
from bridge.dancer.dancer_file import DancerFile
from bridge.inbound.announcement import Announcement
from bridge.inbound.inbox import Inbox
from bridge.inbound.oscquery import OscQueryServer
from bridge.inbound.vmc_in import VmcRelay
from bridge.live.runner import Runner, RunnerConfig
from bridge.sources.source import SoundSource
from bridge.stage.about import describe
from bridge.stage.addresses import is_reached_by_others
from bridge.stage.browser import open_in_browser
from bridge.stage.process import StageProcess
from bridge.stage.qr_code import qr_lines
from bridge.stage.settings import StagePlace
from bridge.system.interrupts import Interrupt, interrupts
from bridge.takes.recorder import TakeRecorder
from bridge.terminal.dashboard import FRAMES_A_SECOND, Dashboard
from bridge.timing.metrics import PerformanceSummary
from bridge.wire.target import Target
from bridge.wire.targets import UdpTargets
from data.commands.printable import printable

LOG_PERIOD_S: Final = 5.0
_LOG: Final = logging.getLogger("transflower")
_VERBOSE_PERIOD_S: Final = 1.0
"""Between lines of the log, with `-v`."""


@dataclass(frozen=True, kw_only=True)
class Performance:
    """What is performed, where to, and for how long.

    Attributes:
        dancer: Who dances.
        source: What sounds.
        source_name: The source as people know it.
        targets: Where poses go.
        controls: The performer's requests at the beginning.
        beat: The performer's requests for the beat at the beginning.
        midi_port: Where MIDI clock comes in, `virtual` for a port of our own; None listens to none.
        link: Whether to join Ableton Link.
        control_address: Host and port at which controls come in, 0 for any port; None hears nobody.
        stage: The page in the browser; None shows none.
        stage_code: Whose address is shown as a QR code, of those who `steer` or of those who `watch`.
        open_page: Whether to open the page in this machine's browser, if it has a desktop.
        query_port: Where OSCQuery answers, on the same host, 0 for any port; None answers nobody.
        announce: Whether to tell the network of both by zeroconf, which multicasts.
        preset: Name of the preset to begin with.
        presets: Folder of presets; None has none.
        takes: Folder in which the take is kept; None keeps none.
        seed: Chooses the dance.
        device: What the dancer runs on.
        cuda_graph: Whether a CUDA device captures the step as a graph.
        seconds: How long; None performs until the sound ends or until interrupted.
        tell_addresses: Called once, before the dance begins, with where everything listens; None tells nobody.
    """

    dancer: DancerFile
    source: SoundSource
    source_name: str
    targets: tuple[Target, ...]
    controls: Controls = field(default_factory=Controls)
    beat: BeatControls = field(default_factory=BeatControls)
    midi_port: str | None = None
    link: bool = False
    control_address: tuple[str, int] | None = None
    stage: StagePlace | None = None
    stage_code: Literal["steer", "watch"] = "steer"
    open_page: bool = False
    query_port: int | None = None
    announce: bool = False
    preset: str | None = None
    presets: Path | None = None
    takes: Path | None = None
    seed: int = 0
    device: str = "auto"
    cuda_graph: bool = True
    seconds: float | None = None
    tell_addresses: Callable[[Addresses], None] | None = None

    def run(self, console: Console | None = None) -> PerformanceSummary:
        """Performs until the end; an interrupt (Ctrl-C, SIGTERM, a closed terminal) ends it early and cleanly.

        Args:
            console: Where the dashboard or the log lines appear; None shows nothing.

        Returns:
            How it went. A failure after the dance had begun stands there, as its `problem`.

        Raises:
            ValueError: Something that a person can put right, such as a device that is not there.
            Exception: Whatever else kept the dance from beginning.
        """
        control_state = ControlState(
            self.controls.known_to(self.dancer.styles, self.dancer.seed_poses),
            self.beat,
            self.dancer.styles,
            self.presets,
            self.dancer.seed_poses,
            self.dancer.noise_correlation,
            self.dancer.groove,
        )
        _LOG.info("%s, stepped by %s, dances to %s", self.dancer.path.name, self.dancer.backend, self.source_name)
        if console is not None and (said := self.dancer.says_of(control_state.controls)) is not None:
            console.out(printable(said), highlight=False)
        if self.preset is not None:
            control_state.apply("preset", (self.preset,), time.monotonic())
        with contextlib.ExitStack() as exits:
            inbox, relay = self._listen_to_others(control_state, exits)
            query = self._describe_controls(control_state, inbox, exits)
            self._announce(inbox, query, exits)
            recorder = self._open_take(exits)
            page = self._open_stage(control_state, exits)
            addresses = Addresses(
                control=None if inbox is None else inbox.address,
                query=None if query is None else query.address,
                stage=() if page is None else page.urls,
                watch=() if page is None else page.watch_urls,
            )
            if console is not None:
                for line in addresses.lines():
                    console.out(line, highlight=False)
                show_code(console, addresses.watch if self.stage_code == "watch" else addresses.stage)
            conductor = Conductor(self._start_clocks(exits))
            shown = () if page is None or page.target is None else (page.target,)
            targets = exits.enter_context(UdpTargets((*self.targets, *shown)))
            runner = Runner(
                source=self.source,
                load_engine=lambda: self.dancer.load_engine(device=self.device, cuda_graph=self.cuda_graph),
                skeleton=self.dancer.skeleton,
                targets=targets,
                control_state=control_state,
                conductor=conductor,
                relay=relay,
                inbound_port=None if inbox is None else inbox.address[1],
                recorder=recorder,
                notice=lambda: next((one.notice for one in (page, query) if one and one.notice), None),
                config=RunnerConfig(rate_hz=self.dancer.rate_hz, seed=self.seed),
            )
            with interrupts() as interrupted:
                if self.tell_addresses is not None:  # now, when whoever reads them may interrupt it too
                    self.tell_addresses(addresses)
                runner.start()
                try:
                    self._watch(runner, interrupted, console)
                finally:
                    runner.stop()
        if runner.failure is not None:
            _LOG.error("the performance broke off", exc_info=runner.failure)
        if runner.failure is not None and not runner.has_performed:
            raise runner.failure
        return runner.summary(checkpoint=self.dancer.path.name, source=self.source_name)

    def _listen_to_others(
        self, control_state: ControlState, exits: contextlib.ExitStack
    ) -> tuple[Inbox, VmcRelay] | tuple[None, None]:
        """The way in for OSC, open, and what comes in to be passed on. It closes with `exits`."""
        if self.control_address is None:
            return None, None
        host, port = self.control_address
        relay = VmcRelay()
        inbox = Inbox(port, host, control_state, relay)
        inbox.start()
        exits.callback(inbox.stop)
        return inbox, relay

    def _describe_controls(
        self, control_state: ControlState, inbox: Inbox | None, exits: contextlib.ExitStack
    ) -> OscQueryServer | None:
        """OSCQuery, answering, on the host of the controls. It closes with `exits`."""
        if self.control_address is None or inbox is None or self.query_port is None:
            return None
        query = OscQueryServer(control_state, self.control_address[0], self.query_port, inbox.address[1])
        query.start()
        exits.callback(query.stop)
        return query

    def _announce(self, inbox: Inbox | None, query: OscQueryServer | None, exits: contextlib.ExitStack) -> None:
        """Tells the network where controls are heard, if that is wanted. It says goodbye with `exits`."""
        if not self.announce:
            return
        if self.control_address is None or inbox is None:
            raise ValueError("--announce tells where controls are heard, and --control None hears nobody")
        announcement = Announcement(
            self.control_address[0], inbox.address[1], None if query is None else query.address[1]
        )
        announcement.start()
        exits.callback(announcement.stop)

    def _open_stage(self, control_state: ControlState, exits: contextlib.ExitStack) -> StageProcess | None:
        """The page in the browser, which has a way in of its own. It closes with `exits`."""
        if self.stage is None:
            return None
        inbox = Inbox(0, "127.0.0.1", control_state, VmcRelay())
        inbox.start()
        exits.callback(inbox.stop)
        about = describe(self.dancer, sound=self.source_name)
        process = StageProcess(
            self.stage.settings(control_address=inbox.address, takes=self.takes, presets=self.presets, about=about)
        )
        process.start()
        exits.callback(process.stop)
        if self.open_page:
            open_in_browser(process.urls[0])
        return process

    def _start_clocks(self, exits: contextlib.ExitStack) -> list[Clock]:
        """The clocks beside the audio's that were asked for, running. They stop with `exits`."""
        clocks: list[Clock] = []
        if self.midi_port is not None:
            from bridge.clocks.midi import MidiClock

            clocks.append(MidiClock(self.midi_port))
        if self.link:
            from bridge.clocks.link import LinkClock

            clocks.append(LinkClock())
        for clock in clocks:
            clock.start()
            exits.callback(clock.stop)
        return clocks

    def _open_take(self, exits: contextlib.ExitStack) -> TakeRecorder | None:
        """The recorder of this performance, its file begun. It closes with `exits`, if not before."""
        if self.takes is None:
            return None
        from bridge.takes.recorder import open_take

        recorder = open_take(self.takes, dancer=self.dancer, seed=self.seed, source=self.source_name)
        exits.callback(recorder.close)
        return recorder

    def _watch(self, runner: Runner, interrupted: Interrupt, console: Console | None) -> None:
        """Shows the performance until it is over."""
        deadline_s = float("inf") if self.seconds is None else time.monotonic() + self.seconds
        dashboard = Dashboard(
            self.dancer.skeleton,
            title=printable(f"Transflower Bridge: {self.dancer.path.name} dances to {self.source_name}"),
            targets=[str(target) for target in self.targets] or ["nobody"],
        )
        is_live = console is not None and console.is_terminal and not console.is_dumb_terminal
        period_s = 1.0 / FRAMES_A_SECOND if is_live else 0.1
        next_line_s = next_log_s = time.monotonic()
        log_period_s = _VERBOSE_PERIOD_S if _LOG.isEnabledFor(logging.DEBUG) else LOG_PERIOD_S
        reported: set[str] = set()
        logged: set[str] = set()
        with Live(console=console, auto_refresh=False, transient=True) if is_live else contextlib.nullcontext() as live:
            while not (interrupted.is_set() or runner.is_finished):
                now_s = time.monotonic()
                if now_s >= deadline_s:
                    return
                snapshot = runner.snapshot()
                if snapshot is not None and _LOG.isEnabledFor(logging.INFO):
                    for notice in unreported(snapshot.notices, logged):
                        _LOG.warning("%s", printable(notice))
                    if now_s >= next_log_s:
                        _LOG.info("%s", dashboard.line(snapshot))
                        next_log_s = now_s + log_period_s
                if snapshot is not None and live is not None:
                    size = live.console.size
                    live.update(dashboard.render(snapshot, size.width, size.height), refresh=True)
                elif snapshot is not None and console is not None:
                    for notice in unreported(snapshot.notices, reported):
                        console.out(printable(notice), highlight=False)
                    if now_s >= next_line_s:
                        console.out(dashboard.line(snapshot), highlight=False)
                        next_line_s = now_s + LOG_PERIOD_S
                interrupted.wait(min(period_s, max(0.0, deadline_s - now_s)))


def show_code(console: Console, urls: Sequence[str]) -> None:
    """Prints the first of the page's addresses that is of use as a QR code for the cameras of telephones and headsets.

    Only to a terminal that can show it, and only an address that other machines reach: a log file, or a telephone that
    is sent to itself, has nothing from it.
    """
    url = next((url for url in urls if is_reached_by_others(url)), None)
    can_show = console.is_terminal and not (console.is_dumb_terminal or console.no_color)
    if url is None or not can_show or not console.encoding.lower().startswith("utf"):
        return
    lines = qr_lines(url)
    if len(lines[0]) <= console.width:
        for line in lines:
            console.print(Text(line, style="black on bright_white"), no_wrap=True)


def unreported(notices: Sequence[str], reported: set[str]) -> list[str]:
    """The notices that were not reported before, or were gone meanwhile.

    Args:
        notices: Those of now.
        reported: Those of the last time; becomes those of now.

    Example:
        >>> reported = set()
        >>> [unreported(notices, reported) for notices in (["no sound"], ["no sound"], [], ["no sound"])]
        [['no sound'], [], [], ['no sound']]
    """
    new = [notice for notice in notices if notice not in reported]
    reported.clear()
    reported.update(notices)
    return new
