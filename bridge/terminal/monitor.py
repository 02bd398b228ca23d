"""The monitor: what comes to a port, drawn in the terminal, whoever sends it."""

import contextlib
import socket
import time
from dataclasses import dataclass
from typing import Any, Final

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

from bridge.system.ports import port_owner
from bridge.terminal.stick_figure import stick_figure
from bridge.terminal.stream_inspector import StreamInspector, StreamReport, Watched
from bridge.wire.target import DEFAULT_HOST, DEFAULT_PORTS

FRAMES_A_SECOND: Final = 12
LINE_PERIOD_S: Final = 3.0
_MAX_DATAGRAM_BYTES: Final = 65536
_RECEIVE_BUFFER_BYTES: Final = 1 << 20
_PANEL_COLUMNS: Final = 52


@dataclass(frozen=True, kw_only=True)
class MonitorReport:
    """What the monitor saw until its end.

    Attributes:
        seconds: How long it watched.
        address: Where, `host:port`.
        streams: Every sender, the busiest first.
        passed_over: Datagrams of senders for whom there was no place.
    """

    seconds: float
    address: str
    streams: tuple[StreamReport, ...]
    passed_over: int

    @property
    def saw_frames(self) -> bool:
        """Whether a figure came at all."""
        return any(stream.frames for stream in self.streams)

    def to_json(self) -> dict[str, Any]:
        """Plain dictionaries and numbers."""
        return {
            "seconds": self.seconds,
            "address": self.address,
            "streams": [stream.to_json() for stream in self.streams],
            "passed_over": self.passed_over,
        }

    def to_text(self) -> str:
        """A table for people, without colour."""
        lines = [f"{'watched':<16}{self.address} for {self.seconds:.1f} s"]
        if not self.streams:
            lines.append(
                f"{'nothing came':<16}is a sender pointed at this port of this machine, and no firewall between?"
            )
        for stream in self.streams:
            lines += ["", *(f"{name:<16}{value}" for name, value in _rows(stream))]
            lines += [f"{'still':<16}{stream.why}"] if stream.why else []
            lines += [f"{'note':<16}{notice}" for notice in stream.notices]
        if self.passed_over:
            lines.append(f"\n{self.passed_over} datagrams of further senders were passed over")
        return "\n".join(lines)


def monitor(
    *,
    host: str = DEFAULT_HOST,
    port: int | None = None,
    protocol: Watched = "auto",
    seconds: float | None = None,
    console: Console | None = None,
) -> MonitorReport:
    """Watches a port until the time is over or until Ctrl-C, and shows what comes.

    Args:
        host: Address to listen at: 127.0.0.1 hears this machine, 0.0.0.0 the whole network.
        port: Where to listen; None is the usual one of the protocol, VMC's 39539 for `auto`.
        protocol: What is decoded.
        seconds: How long; None watches until interrupted.
        console: Where the picture or the lines appear; None shows nothing.

    Raises:
        ValueError: The port cannot be listened at; the message says who holds it, if that is known.
    """
    if seconds is not None and not seconds > 0:
        raise ValueError(f"--seconds must be positive, not {seconds}")
    if port is None:
        port = DEFAULT_PORTS["vmc" if protocol == "auto" else protocol]
    inspector = StreamInspector(protocol)
    with _listen(host, port) as listener:
        address = "{}:{}".format(*listener.getsockname())
        begin_s = time.monotonic()
        with contextlib.suppress(KeyboardInterrupt):
            _watch(listener, inspector, address, begin_s, seconds, console)
    end_s = time.monotonic()
    return MonitorReport(
        seconds=end_s - begin_s,
        address=address,
        streams=inspector.snapshot(end_s),
        passed_over=inspector.num_passed_over,
    )


def _listen(host: str, port: int) -> socket.socket:
    """A bound socket, or a sentence that says why not."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER_BYTES)
        listener.bind((host, port))
    except (OSError, OverflowError) as error:
        listener.close()
        owner = port_owner(port, "udp")
        held = f"; {owner} holds it" if owner else ""
        raise ValueError(
            f"cannot listen at {host}:{port} ({error}){held}: close that program, or watch another port with --port "
            "and send there as well, as in --target vmc:39539 vmc:39549"
        ) from error
    return listener


def _watch(
    listener: socket.socket,
    inspector: StreamInspector,
    address: str,
    begin_s: float,
    seconds: float | None,
    console: Console | None,
) -> None:
    """Feeds the inspector, and shows what it sees now and then."""
    end_s = float("inf") if seconds is None else begin_s + seconds
    is_live = console is not None and console.is_terminal and not console.is_dumb_terminal
    period_s = 1.0 / FRAMES_A_SECOND if is_live else LINE_PERIOD_S
    next_show_s = begin_s + period_s
    with Live(console=console, auto_refresh=False, transient=True) if is_live else contextlib.nullcontext() as live:
        while (now_s := time.monotonic()) < end_s:
            if now_s >= next_show_s:
                next_show_s = now_s + period_s
                streams = inspector.snapshot(now_s)
                if live is not None:
                    live.update(
                        render(streams, address, live.console.size.width, live.console.size.height), refresh=True
                    )
                elif console is not None:
                    console.out(line(streams, address, now_s - begin_s), highlight=False)
            listener.settimeout(max(min(next_show_s, end_s) - time.monotonic(), 0.001))
            try:
                datagram, (host, port) = listener.recvfrom(_MAX_DATAGRAM_BYTES)
            except TimeoutError:
                continue
            except ConnectionError:  # Windows tells of what was sent before from this port
                continue
            inspector.receive(datagram, (host, port), time.monotonic())


def render(streams: tuple[StreamReport, ...], address: str, num_columns: int, num_rows: int) -> RenderableType:
    """The whole picture, for a terminal of this size: the busiest sender in full, the others by name."""
    title = Text(f"transflower monitor at {address}, Ctrl-C ends", style="bold", no_wrap=True)
    if not streams:
        return Group(title, Text("nothing has come yet", style="yellow"))
    first, *others = streams
    notices = [*_why(first), *first.notices]  # in full, over the whole width: its end is the way out
    if others:
        names = ", ".join(f"{stream.sender} ({stream.frames} frames)" for stream in others)
        notices.append(f"more than one sender; a receiver mixes them up. Also: {names}")
    rows = [Text(notice, style="bold yellow") for notice in notices]
    notice_rows = sum(1 + len(notice) // num_columns for notice in notices)
    panel = Text("\n".join(f"{name:<11}{value}" for name, value in _rows(first)), no_wrap=True, overflow="ellipsis")
    grid = Table.grid(padding=(0, 2))
    columns = min(max(num_columns - _PANEL_COLUMNS - 2, 12), 60)
    height = min(max(num_rows - 2 - notice_rows, 8), 24)
    figure = [" " * columns] * height if first.figure is None else stick_figure(*first.figure, columns, height)
    grid.add_row(Text("\n".join(figure), style="bold white", no_wrap=True), panel)
    return Group(title, *rows, grid)


def line(streams: tuple[StreamReport, ...], address: str, seconds: float) -> str:
    """One line for a log: the busiest sender."""
    if not streams:
        return f"{seconds:7.1f} s | nothing has come to {address} yet"
    first = streams[0]
    parts = [f"{seconds:7.1f} s", f"{first.sender} {first.protocol}", f"{first.rate_hz:.1f} frames/s"]
    parts += [
        f"jitter {_jitter_ms(first):.1f} ms",
        f"{len(first.bones)} bones",
        f"{first.bytes_a_second / 1e3:.1f} kB/s",
    ]
    if first.status is not None:
        parts.append(first.status.state)
    if first.beat is not None:
        parts.append(f"{first.beat.bpm:.1f} bpm")
    parts.append(f"lost {first.lost}, refused {first.malformed}")
    return " | ".join(
        [*parts, *_why(first), *first.notices[:1], *([f"{len(streams)} senders"] if len(streams) > 1 else [])]
    )


def _why(stream: StreamReport) -> list[str]:
    return [stream.why] if stream.why else []


def _jitter_ms(stream: StreamReport) -> float:
    return stream.interval_ms.p99 - stream.interval_ms.p50


def _rows(stream: StreamReport) -> list[tuple[str, str]]:
    """What there is to say of a sender, name and value."""
    intervals = stream.interval_ms
    shown = ", ".join(stream.bones[:3]) + (" ..." if len(stream.bones) > 3 else "")
    rows = [
        ("from", f"{stream.sender}, {stream.protocol}"),
        ("frames", f"{stream.frames}, {stream.rate_hz:.1f} a second now"),
        ("interval", f"p50 {intervals.p50:.1f}, p99 {intervals.p99:.1f}, max {intervals.max:.1f} ms"),
        (
            "traffic",
            f"{stream.bytes_a_second / 1e3:.1f} kB/s, {stream.datagrams} datagrams of up to {stream.largest_bytes}",
        ),
        ("refused", f"{stream.malformed}"),
        ("bones", f"{len(stream.bones)}" + (f": {shown}" if shown else "")),
    ]
    if "dance" in stream.protocol:
        rows.insert(3, ("lost", f"{stream.lost}, {stream.reordered} out of order"))
    if (status := stream.status) is not None:
        rows.append(("state", f"{status.state}, {status.dropped} deadlines missed"))
    if (beat := stream.beat) is not None:
        rows.append(("beat", f"{beat.beat}, {beat.bpm:.1f} bpm, sure {beat.confidence:.2f}"))
    if (levels := stream.levels) is not None:
        rows.append(("sound", f"rms {levels.rms:.3f}, onset {levels.onset:.2f}"))
    if (latency := stream.latency) is not None:
        rows.append(("latency", f"{latency.total_ms:.1f} ms from sound to datagram"))
    if stream.blend_shapes:
        values = ", ".join(f"{name} {value:.2f}" for name, value in list(stream.blend_shapes.items())[:4])
        rows.append(("face", f"{len(stream.blend_shapes)} blend shapes: {values}"))
    if stream.other:
        rows.append(("also", ", ".join(stream.other[:4])))
    return rows
