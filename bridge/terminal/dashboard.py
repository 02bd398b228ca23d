"""What a performer sees in the terminal: the dancer, the beat, the sound, and whether time is kept."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from rich.cells import cell_len
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from bridge.control.control_schema import CONTROL_SPECS, ControlSpec
from bridge.live.runner import Snapshot
from bridge.live.sound_update import SoundUpdate
from bridge.terminal.stick_figure import stick_figure
from bridge.timing.metrics import STAGES
from data.commands.printable import printable
from data.motion.skeleton import Skeleton
from models.step.style_names import seed_pose_title, style_title

FRAMES_A_SECOND: Final = 12
"""Enough to see the dance, and little enough not to disturb it."""

_PANEL_COLUMNS: Final = 48
_MOST_COLUMNS, _MOST_ROWS = 120, 50
"""Of the figure: a terminal that is larger than a large screen has shows it no larger."""

_BARS: Final = " ▁▂▃▄▅▆▇█"
_REQUESTS: Final = [spec for spec in CONTROL_SPECS if spec.of == "dance" and spec.kind != "trigger"]
_STATE_STYLES: Final = {
    "loading": "yellow",
    "idle": "cyan",
    "dancing": "bold green",
    "frozen": "bold blue",
    "waiting": "bold red",
}


def bar(value: float, width: int) -> str:
    """A horizontal bar of `width` characters, filled from 0 to 1."""
    filled = min(max(value, 0.0), 1.0) * width
    return ("█" * int(filled) + ("▌" if filled % 1 >= 0.5 else "")).ljust(width, "·")[:width]


def spectrum_strip(sound: SoundUpdate, width: int) -> str:
    """The mel bands as a row of small bars, low on the left."""
    bands = np.array_split(sound.spectrum, width)
    return "".join(_BARS[round(float(band.mean()) * (len(_BARS) - 1))] for band in bands)


def asked_for(snapshot: Snapshot) -> str:
    """What the performer asks for, where it is not the default, in a few words."""
    controls, beat = snapshot.controls, snapshot.beat_controls
    requests = [_request(spec, getattr(controls, spec.name)) for spec in _REQUESTS]
    requests = [request for request in requests if request]
    requests += [f"offset {beat.offset_ms:+g} ms"] if beat.offset_ms else []
    requests += [f"tempo x{2.0**beat.octave:g}"] if beat.octave else []
    return ", ".join(requests) or "nothing special"


def _request(spec: ControlSpec, value: Any) -> str:
    """What is asked of a control, in a word or two; empty for its default."""
    if value is None or value == spec.default:
        return ""
    if spec.kind == "switch":
        return spec.label if value else spec.label_off
    if spec.choices_of is not None:
        value = style_title(value) if spec.choices_of == "styles" else seed_pose_title(value)
    return f"{spec.label} {value:g}" if isinstance(value, float) else f"{spec.label} {value}"


class Dashboard:
    """Renders snapshots. Knows no thread and no terminal: whoever performs asks it for pictures or for lines."""

    def __init__(self, skeleton: Skeleton, *, title: str, targets: Sequence[str]) -> None:
        self._skeleton = skeleton
        self._title = title
        self._targets = targets

    def render(self, snapshot: Snapshot, num_columns: int, num_rows: int) -> RenderableType:
        """The whole picture, for a terminal of this size."""
        panel = self._panel(snapshot)
        # Targets that nobody listens to, and many requests, make long lines: the figure keeps two fifths.
        widest = min(max(_PANEL_COLUMNS, max(map(cell_len, panel.plain.splitlines()))), num_columns * 3 // 5)
        columns = min(max(num_columns - widest - 2, 12), _MOST_COLUMNS)
        lines = [] if snapshot.why is None else [snapshot.why.text]
        lines += [notice for notice in snapshot.notices if notice not in lines]
        lines = [printable(line) for line in lines]
        notice_rows = sum(1 + len(line) // num_columns for line in lines)
        figure = stick_figure(
            self._skeleton, snapshot.pose, columns, min(max(num_rows - 2 - notice_rows, 8), _MOST_ROWS)
        )
        grid = Table.grid(padding=(0, 2))
        drawn = Text("\n".join(figure), style="bold white", no_wrap=True, overflow="crop")
        grid.add_row(drawn, panel)
        notices = [Text(line, style="bold yellow") for line in lines]
        # Above the figure, since a terminal that is too small loses the last lines.
        return Group(Text(self._title, style="bold", no_wrap=True), *notices, grid)

    def _panel(self, snapshot: Snapshot) -> Text:
        text = Text(no_wrap=True)
        minutes, seconds = divmod(int(snapshot.seconds), 60)
        text.append(f"{snapshot.state:<10}", _STATE_STYLES.get(snapshot.state, "white"))
        text.append(f"{minutes}:{seconds:02}\n\n")
        sound = snapshot.sound
        if sound is not None:
            beat = sound.beat
            flash = "bold magenta" if beat.phase < 0.2 and beat.confidence > 0.3 else "dim"
            place = beat.beat % 4
            text.append("beat      ").append("".join("●" if i == place else "○" for i in range(4)), flash)
            text.append(f"  {beat.bpm:5.1f} bpm by {sound.source}  sure {bar(beat.confidence, 6)}\n")
            level = (sound.level_dbfs + 60.0) / 60.0
            text.append(f"level     {bar(level, 24)} {sound.level_dbfs:6.1f} dB\n")
            text.append("spectrum  ").append(spectrum_strip(sound, 32), "cyan").append("\n\n")
        else:
            text.append("no sound yet\n\n\n\n")
        if snapshot.times is not None:
            text.append("latency, milliseconds\n", "dim")
            for stage in STAGES:
                value = getattr(snapshot.times, stage)
                text.append(f"  {stage.removesuffix('_ms'):<9}{value:6.1f}  {bar(value / 80.0, 20)}\n")
        text.append(f"\nsent      {snapshot.frames_sent}\n")
        text.append(f"missed    {snapshot.deadlines_missed}\n", "bold red" if snapshot.deadlines_missed else "")
        if snapshot.send_errors:
            text.append(f"unsent    {snapshot.send_errors} datagrams\n", "bold red")
        for word, target in zip(["to", *[""] * len(self._targets)], self._targets, strict=False):
            text.append(f"{word:<10}{target}")
            text.append(" nobody listens\n" if target in snapshot.absent else "\n", "bold yellow")
        text.append(f"asked     {asked_for(snapshot)}\n")
        if snapshot.is_marking:
            text.append("●         this part of the take is marked\n", "bold red")
        text.append("\nCtrl-C ends the performance", "dim")
        return text

    def line(self, snapshot: Snapshot) -> str:
        """One line for a log."""
        parts = [f"{snapshot.seconds:7.1f} s", f"{snapshot.state:<8}"]
        if snapshot.sound is not None:
            beat = snapshot.sound.beat
            source = snapshot.sound.source
            parts.append(
                f"{snapshot.sound.level_dbfs:6.1f} dB, {beat.bpm:5.1f} bpm by {source} (sure {beat.confidence:.2f})"
            )
        if snapshot.times is not None:
            parts.append(f"latency {snapshot.times.total_ms:.1f} ms")
        parts.append(f"sent {snapshot.frames_sent}, missed {snapshot.deadlines_missed}")
        if snapshot.why is not None:
            parts.append(snapshot.why.text)
        if snapshot.absent:
            parts.append(f"nobody listens at {', '.join(snapshot.absent)}")
        return " | ".join(parts)
