"""Pictures of findings: the figure before, at and after the moment, and what was measured over time."""

import io
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from data.formats.sound_file import read_sound
from data.inspection.clips import BROKEN, ClipTask, read_clip
from data.inspection.finding import Finding
from data.inspection.prepared import SequenceTask, decoded
from data.inspection.sound_checks import TEMPO_HZ
from data.motion.feet import FEET
from data.motion.motion import Motion
from data.movement.measured_figure import Figure, angular_speed, foot_speeds, measure, speed
from data.picture.body import body_shapes
from data.picture.camera import follow, mean_facing_rad, view_axes
from data.picture.canvas import Box, Canvas, colour
from data.picture.chart import chart
from data.picture.sheet import draw_figures
from data.picture.stage import DrawableDance, backdrop
from data.sound.audio_features import AudioFeatures, AudioFeaturesConfig

_WIDTH: Final = 900
_FIGURES_HEIGHT: Final = 250
_CHART_HEIGHT: Final = 170
_AROUND_S: Final = 1.5
_EARTH: Final = colour("#f5c04f", 0.22)
_COLOURS: Final = 96


@dataclass(frozen=True, eq=False)
class PictureTask:
    """A finding to draw; all that another process needs."""

    finding: Finding
    task: ClipTask | SequenceTask
    other: ClipTask | SequenceTask | None


def draw(task: PictureTask) -> bytes | None:
    """The picture of a finding as a PNG, or None where there is nothing to see, or no file to draw it from."""
    try:
        pixels = _pixels(task)
    except BROKEN:
        return None
    if pixels is None:
        return None
    content = io.BytesIO()
    picture = Image.fromarray(pixels[..., :3].copy()).quantize(_COLOURS, dither=Image.Dither.NONE)
    picture.save(content, format="PNG", optimize=True)
    return content.getvalue()


def _pixels(task: PictureTask) -> NDArray[np.uint8] | None:
    finding = task.finding
    match finding.kind:
        case "silence" | "clipping" | "tempo-doubt" | "length-mismatch":
            return _sound_chart(task)
        case (
            "joint-jump"
            | "too-fast"
            | "place-jump"
            | "under-floor"
            | "floating"
            | "floor-level"
            | "foot-sliding"
            | ("frozen")
        ):
            figure = _figure(task.task)
            return None if figure is None else _moment(finding, figure)
        case "duplicate":
            return _both(task)
        case _:
            return None


def _figure(task: ClipTask | SequenceTask) -> Figure | None:
    if isinstance(task, SequenceTask):
        motion, _ = decoded(task, np.load(task.folder / f"{task.name}.pose.npy", allow_pickle=False))
        name = task.name
    else:
        _, motion = read_clip(task)
        name = task.clip
    return None if motion is None else measure(name, motion, task.thresholds.size_factor)


def _moment(finding: Finding, figure: Figure) -> NDArray[np.uint8]:
    """Figures around the moment above a chart of what was measured."""
    canvas = Canvas(_WIDTH, _FIGURES_HEIGHT + _CHART_HEIGHT)
    motion, names = figure.motion, figure.motion.skeleton.names
    frame = finding.frame if finding.frame is not None else len(motion) // 2
    ring = names.index(finding.joint) if finding.joint in names else None
    if finding.kind == "under-floor":
        _draw_feet(canvas, figure, frame)
    else:
        frames = _frames(finding, frame, motion)
        cells = _cells(len(frames), _CHART_HEIGHT)
        backdrop(canvas, cells, smooth=False)
        words = [f"{figure.time_s(k):.2f} s, frame {k}" for k in frames.tolist()]
        draw_figures(canvas, motion, frames, cells, words, ring=ring)
    canvas.paste((0, 0), _measured(finding, figure, frame))
    return canvas.pixels


def _frames(finding: Finding, frame: int, motion: Motion) -> NDArray[np.int64]:
    """Which frames are drawn: those around an instant, or five over a time."""
    if finding.kind in ("joint-jump", "place-jump", "too-fast"):
        frames = frame + np.arange(-2.0, 3.0)
    elif finding.start_s is None or finding.end_s is None:
        frames = np.linspace(0, len(motion) - 1, 5)
    else:
        frames = np.linspace(finding.start_s * motion.rate_hz, finding.end_s * motion.rate_hz, 5)
    return np.clip(np.round(frames), 0, len(motion) - 1).astype(np.int64)


def _cells(count: int, bottom: int, height: int = _FIGURES_HEIGHT) -> list[Box]:
    edges = np.round(np.linspace(0, _WIDTH, count + 1)).tolist()
    width = min(b - a for a, b in pairwise(edges))
    return [(left, bottom, width, height) for left in edges[:-1]]


def _measured(finding: Finding, figure: Figure, frame: int) -> NDArray[np.uint8]:
    """The chart of what a finding was measured by."""
    motion, names = figure.motion, figure.motion.skeleton.names
    rate_hz = motion.rate_hz
    size = (_WIDTH, _CHART_HEIGHT)
    span_s = None if finding.start_s is None else (finding.start_s, finding.end_s or finding.start_s)
    between_s = (np.arange(len(motion) - 1) + 0.5) / rate_hz
    if finding.kind in ("under-floor", "floating", "floor-level"):
        times_s = np.arange(len(motion)) / rate_hz
        height = figure.lowest_m + figure.floor_m
        return chart(size, times_s, [("", height)], "lowest point, m", limits=[figure.floor_m], span_s=span_s)
    if finding.kind == "foot-sliding":
        speeds, stands = foot_speeds(figure)
        curves = [(name, np.where(stands[:, side], speeds[:, side], np.nan)) for side, name in enumerate(FEET)]
        return chart(size, between_s, curves, "standing feet, m/s", limits=[finding.limit], span_s=span_s)
    if finding.kind == "frozen":
        mean = speed(figure.positions, rate_hz).mean(axis=1)
        return chart(size, between_s, [("", mean)], "mean joint speed, m/s", span_s=span_s)
    joint = names.index(finding.joint) if finding.joint in names else 0
    near = np.abs(between_s - frame / rate_hz) < _AROUND_S
    if finding.unit == "rad/s":
        values, label = angular_speed(motion)[:, joint], f"{names[joint]}, rad/s"
    else:
        values, label = speed(figure.positions[:, joint], rate_hz), f"{names[joint]}, m/s"
    return chart(size, between_s[near], [("", values[near])], label, limits=[finding.limit], span_s=span_s)


def _draw_feet(canvas: Canvas, figure: Figure, frame: int) -> None:
    """The whole figure, and beside it its lowest part from the side, with the floor cut open."""
    whole: Box = (0, _CHART_HEIGHT, 250, _FIGURES_HEIGHT)
    close: Box = (250, _CHART_HEIGHT, _WIDTH - 250, _FIGURES_HEIGHT)
    backdrop(canvas, [whole, close], smooth=False)
    motion = figure.motion
    words = [f"{figure.time_s(frame):.2f} s, frame {frame}"]
    draw_figures(canvas, motion, np.array([frame]), [whole], words)
    one = motion[frame : frame + 1]
    shapes = body_shapes(one)
    balls = shapes.centres.reshape(1, -1, 3)
    lowest = balls[0, balls[0, :, 1].argmin()]
    near = np.linalg.norm(balls[0] - lowest, axis=1) < 0.3
    camera = follow(
        lowest[None],
        balls[:, near],
        box=close,
        stature=0.35,
        floor=figure.floor_m - 0.1,
        axes=view_axes(mean_facing_rad(motion), 0.0),
        rate_hz=motion.rate_hz,
        smoothly=False,
    )
    DrawableDance(one, shapes, camera, figure.floor_m, "none").draw(canvas, 0)
    level = np.array([lowest[0], figure.floor_m, lowest[2]])
    y = float(np.clip(camera.project(level, 0)[0][1], close[1], close[1] + close[3]))
    left, bottom, right = close[0], close[1], close[0] + close[2]
    canvas.polygon(np.array([[left, bottom], [right, bottom], [right, y], [left, y]]), _EARTH)
    canvas.lines(np.array([[[left, y], [right, y]]]), (*_EARTH[:3], 1.0), 2.0)


def _both(task: PictureTask) -> NDArray[np.uint8] | None:
    """The same moments of two clips, one above the other."""
    finding = task.finding
    figures = [_figure(task.task), None if task.other is None else _figure(task.other)]
    assert finding.start_s is not None
    assert finding.end_s is not None
    canvas = Canvas(_WIDTH, 2 * _FIGURES_HEIGHT)
    rows = [_cells(6, _FIGURES_HEIGHT), _cells(6, 0)]
    backdrop(canvas, [cell for row in rows for cell in row], smooth=False)
    for figure, cells, begin_s in zip(figures, rows, (finding.start_s, finding.other_start_s or 0.0), strict=True):
        if figure is None:
            return None
        times_s = begin_s + np.linspace(0.0, finding.end_s - finding.start_s, len(cells), endpoint=False)
        frames = np.clip(np.round(times_s * figure.motion.rate_hz), 0, len(figure.motion) - 1).astype(np.int64)
        draw_figures(canvas, figure.motion, frames, cells, [f"{figure.clip[:22]} {time_s:.2f} s" for time_s in times_s])
    return canvas.pixels


def _sound_chart(task: PictureTask) -> NDArray[np.uint8] | None:
    finding, source = task.finding, task.task
    size = (_WIDTH, _CHART_HEIGHT)
    span_s = None if finding.start_s is None else (finding.start_s, finding.end_s or finding.start_s)
    if isinstance(source, SequenceTask):
        audio = np.load(source.folder / f"{source.name}.audio.npy", allow_pickle=False)
        columns, rate_hz = source.document["audio_columns"], float(source.document["frame_rate_hz"])
        times_s = np.arange(1, len(audio) + 1) / rate_hz
        if finding.kind == "tempo-doubt":
            return _tempo(size, times_s, audio[:, slice(*columns["beat"])])
        loudness = audio[:, slice(*columns["mel"])].mean(axis=1)
        return chart(size, times_s, [("", loudness)], "mean of the mel columns", span_s=span_s)
    if source.sound is None:
        return None
    samples, sample_rate_hz = read_sound(source.sound, channels=source.channels)
    if finding.kind == "tempo-doubt":
        chain = AudioFeatures(AudioFeaturesConfig(sample_rate_hz=sample_rate_hz, rate_hz=TEMPO_HZ))
        beat = chain.offline(samples)[:, chain.columns["beat"]]
        return _tempo(size, np.arange(1, len(beat) + 1) / TEMPO_HZ, beat)
    if finding.kind == "clipping":
        middle = round((finding.start_s or 0.0) * sample_rate_hz)
        part = slice(max(0, middle - sample_rate_hz // 100), middle + sample_rate_hz // 100)
        times_s = np.arange(len(samples))[part] / sample_rate_hz
        return chart(size, times_s, [("", samples[part])], "samples", limits=[-1.0, 1.0])
    bins = max(1, round(sample_rate_hz / 200))
    starts = np.arange(0, len(samples), bins)
    low, high = np.minimum.reduceat(samples, starts), np.maximum.reduceat(samples, starts)
    times_s = starts / sample_rate_hz
    end_s = (finding.end_s or 0.0) if finding.kind == "length-mismatch" else 0.0
    if end_s > times_s[-1]:  # the dance goes on without sound
        times_s, low, high = (np.append(a, b) for a, b in ((times_s, end_s), (low, np.nan), (high, np.nan)))
    return chart(size, times_s, [("", high), ("", low)], "waveform", span_s=span_s)


def _tempo(size: tuple[int, int], times_s: NDArray[np.floating], beat: NDArray[np.floating]) -> NDArray[np.uint8]:
    """The tracker's tempo and how sure it is of it; the stated tempo stands in the finding's sentence."""
    bpm = 120.0 * 2.0 ** beat[:, 2].astype(np.float64)
    return chart(size, times_s, [("tempo", bpm), ("confidence, %", 100 * beat[:, 4])], "heard, BPM")
