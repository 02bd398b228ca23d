"""What a performer sees in the terminal: the dancer, the beat, the sound, and whether time is kept."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from bridge.braille import BrailleCanvas
from bridge.hearing import Heard
from bridge.metrics import STAGES
from bridge.runner import Snapshot
from data.motion import Pose
from data.rotations import rotate
from data.skeleton import Skeleton

FRAMES_A_SECOND = 12
"""Enough to see the dance, and little enough not to disturb it."""

_PANEL_COLUMNS = 46
_METRES_HIGH = 2.15
_BARS = " ▁▂▃▄▅▆▇█"
_STATE_STYLES = {"loading": "yellow", "idle": "cyan", "dancing": "bold green", "waiting": "bold red"}


def stick_figure(skeleton: Skeleton, pose: Pose, num_columns: int, num_rows: int) -> list[str]:
    """The figure from the front, without perspective, in braille dots; the camera follows, the floor has marks.

    The viewer faces the dancer, so the dancer's left (+X) is on the right. Marks on the floor are half a metre apart.
    """
    canvas = BrailleCanvas(num_columns, num_rows)
    dots_a_metre = (canvas.height - 4) / _METRES_HIGH
    floor = canvas.height - 3
    positions, rotations = skeleton.forward_kinematics(pose.root_position, pose.rotations)
    camera = float(positions[0, 0])

    def project(point: NDArray[np.floating]) -> tuple[float, float]:
        return canvas.width / 2 + (float(point[0]) - camera) * dots_a_metre, floor - float(point[1]) * dots_a_metre

    for joint, parent in enumerate(skeleton.parents):
        if parent >= 0:
            canvas.line(project(positions[parent]), project(positions[joint]))
    for joint, tip in skeleton.end_sites:
        start = project(positions[joint])
        end = project(positions[joint] + rotate(rotations[joint], np.array(tip, np.float32)))
        if skeleton.names[joint].lower().endswith("head"):
            canvas.circle(((start[0] + end[0]) / 2, (start[1] + end[1]) / 2), 0.1 * dots_a_metre)
        else:
            canvas.line(start, end)
    canvas.line((0, floor + 1), (canvas.width, floor + 1))
    reach = canvas.width / 2 / dots_a_metre
    for mark in range(math.ceil((camera - reach) * 2), math.floor((camera + reach) * 2) + 1):
        x = canvas.width / 2 + (mark / 2 - camera) * dots_a_metre
        canvas.line((x, floor + 1), (x, floor + 2))
    return canvas.rows()


def bar(value: float, width: int) -> str:
    """A horizontal bar of `width` characters, filled from 0 to 1."""
    filled = min(max(value, 0.0), 1.0) * width
    return ("█" * int(filled) + ("▌" if filled % 1 >= 0.5 else "")).ljust(width, "·")[:width]


def spectrum_strip(heard: Heard, width: int) -> str:
    """The mel bands as a row of small bars, low on the left."""
    bands = np.array_split(heard.spectrum, width)
    return "".join(_BARS[round(float(band.mean()) * (len(_BARS) - 1))] for band in bands)


class Dashboard:
    """Renders snapshots. Knows no thread and no terminal: whoever performs asks it for pictures or for lines."""

    def __init__(self, skeleton: Skeleton, *, title: str, targets: Sequence[str]) -> None:
        self._skeleton = skeleton
        self._title = title
        self._targets = targets

    def render(self, snapshot: Snapshot, num_columns: int, num_rows: int) -> RenderableType:
        """The whole picture, for a terminal of this size."""
        columns = min(max(num_columns - _PANEL_COLUMNS - 2, 12), 60)
        notice_rows = sum(1 + len(notice) // num_columns for notice in snapshot.notices)
        figure = stick_figure(self._skeleton, snapshot.pose, columns, min(max(num_rows - 2 - notice_rows, 8), 24))
        grid = Table.grid(padding=(0, 2))
        grid.add_row(Text("\n".join(figure), style="bold white", no_wrap=True), self._panel(snapshot))
        notices = [Text(notice, style="bold yellow") for notice in snapshot.notices]
        # Above the figure, since a terminal that is too small loses the last lines.
        return Group(Text(self._title, style="bold", no_wrap=True), *notices, grid)

    def _panel(self, snapshot: Snapshot) -> Text:
        text = Text(no_wrap=True)
        minutes, seconds = divmod(int(snapshot.seconds), 60)
        text.append(f"{snapshot.state:<10}", _STATE_STYLES.get(snapshot.state, "white"))
        text.append(f"{minutes}:{seconds:02}\n\n")
        heard = snapshot.heard
        if heard is not None:
            beat = heard.beat
            flash = "bold magenta" if beat.phase < 0.2 and beat.confidence > 0.3 else "dim"
            place = beat.beat % 4
            text.append("beat      ").append("".join("●" if i == place else "○" for i in range(4)), flash)
            text.append(f"  {beat.bpm:5.1f} bpm  sure {bar(beat.confidence, 6)}\n")
            level = (heard.level_dbfs + 60.0) / 60.0
            text.append(f"level     {bar(level, 24)} {heard.level_dbfs:6.1f} dB\n")
            text.append("spectrum  ").append(spectrum_strip(heard, 32), "cyan").append("\n\n")
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
            text.append(f"{word:<10}{target}\n")
        text.append("\nCtrl-C ends the performance", "dim")
        return text

    def line(self, snapshot: Snapshot) -> str:
        """One line for a log."""
        parts = [f"{snapshot.seconds:7.1f} s", f"{snapshot.state:<8}"]
        if snapshot.heard is not None:
            beat = snapshot.heard.beat
            parts.append(f"{snapshot.heard.level_dbfs:6.1f} dB, {beat.bpm:5.1f} bpm (sure {beat.confidence:.2f})")
        if snapshot.times is not None:
            parts.append(f"latency {snapshot.times.total_ms:.1f} ms")
        parts.append(f"sent {snapshot.frames_sent}, missed {snapshot.deadlines_missed}")
        return " | ".join(parts)
