"""What the terminal shows: a recognisable figure, and every number a performer needs."""

import io

import numpy as np
import pytest
from rich.console import Console

from bridge.control.controls import BeatControls, Controls
from bridge.engine.why import Reason, Why
from bridge.live.runner import Snapshot
from bridge.live.sound_update import SoundUpdate
from bridge.terminal.braille import BrailleCanvas
from bridge.terminal.dashboard import Dashboard, bar, spectrum_strip, stick_figure
from bridge.timing.metrics import PipelineTimes
from bridge.wire.dance_protocol import AudioLevels, Beat
from data.motion.humanoid import default_skeleton
from data.motion.motion import Pose
from data.motion.rotations import about_axis

SKELETON = default_skeleton()


def t_pose(x: float = 0.0) -> Pose:
    rotations = np.tile(np.array([0, 0, 0, 1], np.float32), (19, 1))
    return Pose(np.array([x, SKELETON.rest_height, 0], np.float32), rotations)


def dots(rows: list[str]) -> np.ndarray:
    """The canvas behind lines of braille, (height, width) of bool."""
    picture = np.zeros((4 * len(rows), 2 * len(rows[0])), bool)
    places = [(0, 0), (1, 0), (2, 0), (0, 1), (1, 1), (2, 1), (3, 0), (3, 1)]  # of bits 0 to 7
    for row, line in enumerate(rows):
        for column, character in enumerate(line):
            for bit, (y, x) in enumerate(places):
                picture[4 * row + y, 2 * column + x] = (ord(character) - 0x2800) >> bit & 1
    return picture


def snapshot(**changes: object) -> Snapshot:
    sound = SoundUpdate(
        beat=Beat(phase=0.1, bpm=116.2, beat=6, confidence=0.9),
        levels=AudioLevels(rms=0.1, low=0.5, mid=0.5, high=0.5, onset=0.2),
        level_dbfs=-13.5,
        spectrum=np.linspace(1, 0, 80).astype(np.float32),
    )
    values: dict[str, object] = {
        "seconds": 75.0,
        "state": "dancing",
        "pose": t_pose(),
        "sound": sound,
        "times": PipelineTimes(capture_ms=33.5, features_ms=0.5, model_ms=4.0, send_ms=7.0),
        "frames_sent": 2250,
        "deadlines_missed": 3,
        "send_errors": 0,
        "controls": Controls(),
        "beat_controls": BeatControls(),
    }
    return Snapshot(**{**values, **changes})  # type: ignore[arg-type]


def rendered(shot: Snapshot, width: int = 100, height: int = 30) -> str:
    console = Console(file=io.StringIO(), width=width, height=height, force_terminal=False)
    console.print(Dashboard(SKELETON, title="a title", targets=["vmc:127.0.0.1:39539"]).render(shot, width, height))
    text = console.file.getvalue()  # type: ignore[attr-defined]
    assert max(len(line) for line in text.splitlines()) <= width
    assert len(text.splitlines()) <= height
    return text


@pytest.mark.parametrize("dot", [(0, 0), (3, 2), (1, 7), (7, 11)])
def test_a_dot_is_where_it_was_drawn(dot: tuple[int, int]):
    canvas = BrailleCanvas(4, 3)
    canvas.line(dot, dot)
    assert np.argwhere(dots(canvas.rows())).tolist() == [[dot[1], dot[0]]]


def test_what_lies_outside_the_canvas_is_cut_off():
    canvas = BrailleCanvas(4, 3)
    canvas.line((-50, 5), (50, 5))
    canvas.circle((100, 100), 5)
    assert dots(canvas.rows()).sum() == 8


def test_the_figure_stands_on_the_floor_with_its_arms_out_and_is_symmetric():
    picture = dots(stick_figure(SKELETON, t_pose(), 40, 18))
    body = picture[:-3]
    assert abs(np.argwhere(body)[:, 1].mean() - 40) < 1.5
    widest = body.sum(axis=1).argmax()
    assert 20 < widest < 35  # the arms
    assert body[widest].sum() > 35
    assert picture[-3:].any(axis=0).all()  # the floor


def test_the_dancers_left_is_on_the_viewers_right():
    pose = t_pose()
    pose.rotations[SKELETON.index("LeftUpperArm")] = about_axis(2, 1.4)  # the left arm goes up
    plain, raised = (dots(stick_figure(SKELETON, p, 40, 18)) for p in (t_pose(), pose))
    assert np.argwhere(raised & ~plain)[:, 1].min() > 40


def test_the_floor_moves_under_a_dancer_who_travels():
    assert stick_figure(SKELETON, t_pose(0.0), 40, 18)[:-1] == stick_figure(SKELETON, t_pose(0.25), 40, 18)[:-1]
    assert stick_figure(SKELETON, t_pose(0.0), 40, 18)[-1] != stick_figure(SKELETON, t_pose(0.25), 40, 18)[-1]


def test_the_panel_tells_what_a_performer_needs():
    text = rendered(snapshot())
    for part in ("dancing", "1:15", "116.2 bpm", "○○●○", "-13.5 dB", "model", "45.0", "2250", "vmc:127.0.0.1:39539"):
        assert part in text
    targets = ["vmc:192.168.178.201:39539,rate=60"]
    console = Console(file=io.StringIO(), width=100, height=30)
    shot = snapshot(absent=targets)
    console.print(Dashboard(SKELETON, title="a title", targets=targets).render(shot, 100, 30))
    assert "…" not in text + console.file.getvalue()  # the figure makes room for a wide panel


@pytest.mark.parametrize(("width", "height"), [(80, 24), (60, 20), (200, 60), (40, 20)])
def test_it_fits_terminals_of_all_sizes(width: int, height: int):
    assert "dancing" in rendered(snapshot(), width, height)


def test_before_any_sound_there_is_a_figure_all_the_same():
    text = rendered(snapshot(sound=None, times=None, state="loading"))
    assert "loading" in text
    assert "no sound yet" in text


def test_datagrams_that_were_refused_are_shown():
    assert "unsent    7" in rendered(snapshot(send_errors=7))


def test_what_a_performer_should_know_is_shown_in_full():
    notice = "no sound comes from the device: is it still plugged in?"
    assert notice in rendered(snapshot(notices=(notice,)), 80, 24).splitlines()[1]


def test_why_the_figure_stands_is_shown_first_and_once():
    line = "no sound comes from the device: is it still plugged in?"
    rows = rendered(snapshot(why=Why(Reason.NO_SOUND, line), notices=("a disk is full", line)), 80, 24).splitlines()
    assert line in rows[1]
    assert "a disk is full" in rows[2]
    assert sum(line in row for row in rows) == 1
    assert line in Dashboard(SKELETON, title="", targets=[]).line(snapshot(why=Why(Reason.NO_SOUND, line)))


def test_a_log_line_is_one_line():
    line = Dashboard(SKELETON, title="", targets=[]).line(snapshot())
    assert "\n" not in line
    for part in ("75.0 s", "dancing", "-13.5 dB", "116.2 bpm", "45.0 ms", "2250", "missed 3"):
        assert part in line


def test_bars_fill_from_nothing_to_all():
    assert bar(0.0, 4) == "····"
    assert bar(0.5, 4) == "██··"
    assert bar(9.0, 4) == "████"
    assert bar(-1.0, 4) == "····"
    strip = spectrum_strip(snapshot().sound, 8)  # type: ignore[arg-type]
    assert strip[0] == "█"
    assert strip[-1] == " " or strip[-1] == "▁"


def test_the_figure_grows_with_the_terminal():
    def rows(width: int, height: int) -> int:
        lines = rendered(snapshot(), width, height).splitlines()
        return sum(any("\u2801" <= letter <= "\u28ff" for letter in line) for line in lines)

    assert rows(80, 24) >= 15
    assert rows(160, 50) >= 35
    assert rows(400, 200) <= 50
