"""`transflower plot`: what a take knows is where it belongs in time, and attention is that of the dance itself."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bridge.cli import main
from bridge.commands.attention import look_at_song, look_at_take
from bridge.commands.options import DancerOptions
from bridge.control.controls import Controls
from bridge.dancer.dancer_file import DancerFile
from bridge.engine.offline import features_and_levels
from bridge.takes.header import TakeHeader
from bridge.takes.recorder import TakeRecorder
from bridge.takes.soundtrack import take_soundtrack
from bridge.takes.take import Take, read_take
from bridge.takes.tracks import take_tracks
from bridge.wire.pose_frame import PoseFrame
from data.formats.sound_file import write_sound
from data.music import synthesise
from data.picture.scene import cut
from data.picture.tracks import AttentionTrace, attention_groups, draw_tracks
from data.sound.audio_features import AudioFeatures, AudioFeaturesConfig
from models.watched_stepper import WatchedStepper
from tests.tiny_dancer import write_tiny_dancer

SONG = synthesise("house", 120.0, 12, 1, sample_rate_hz=24_000)  # 6 s
RATE_HZ, IDLE_FRAMES, WINDOW = 30, 20, 8
MISSED = (70, 71, 130)
"""Frames of sound whose poses came too late: the sender had none of them."""


def asked(index: int) -> Controls:
    return Controls(energy=0.5 if index < 60 else 0.9, freeze=100 <= index < 120)


@pytest.fixture(scope="module")
def take(tmp_path_factory: pytest.TempPathFactory) -> Take:
    """A take in which energy rises, the figure freezes, three deadlines are missed and a part is marked."""
    path = tmp_path_factory.mktemp("evening")
    write_sound(path / "song.wav", SONG.samples, SONG.sample_rate_hz)
    dancer = DancerFile.open(write_tiny_dancer(path / "tiny.safetensors"))
    engine = dancer.load_engine(device="cpu")
    frames, levels = features_and_levels(
        SONG.samples, AudioFeatures(AudioFeaturesConfig(sample_rate_hz=24_000, rate_hz=RATE_HZ))
    )
    now = datetime(2026, 11, 25, 21, 0, tzinfo=UTC)
    recorder = TakeRecorder(path / "evening.take", TakeHeader.of(dancer, seed=1, source="song.wav", now=now))
    state = engine.initial_state(1)
    pose, _ = engine.step(frames[0], -90.0, engine.initial_state(1), asked(0))
    for tick in range(IDLE_FRAMES):
        recorder.record_sent(PoseFrame(tick, tick * 33_333, pose.root_position, pose.rotations), -1, "idle")
    for index, (frame, level) in enumerate(zip(frames, levels, strict=True)):
        pose, state = engine.step(frame, float(level), state, asked(index))
        recorder.record_step(index, frame, float(level), asked(index), False, pose)
        tick = IDLE_FRAMES + index
        if index in (60, 120):
            recorder.mark(index == 60, tick * 33_333)
        sent = PoseFrame(tick, tick * 33_333, pose.root_position, pose.rotations)
        recorder.record_sent(sent, -1 if index in MISSED else index, "dancing")
    recorder.close()
    assert recorder.notice is None
    return read_take(path / "evening.take")


def look(take: Take, layer: int | None = None) -> AttentionTrace:
    options = DancerOptions(checkpoint=take.path.parent / "tiny.safetensors", device="cpu")
    return look_at_take(take, options, layer, None, lambda done, total: None)


def at_s(index: int) -> float:
    return (IDLE_FRAMES + index) * 33_333e-6


def test_what_was_asked_for_and_missed_is_where_it_belongs_in_time(take: Take):
    tracks = take_tracks(take, take_soundtrack(take))
    controls = {name: (times_s, values) for name, times_s, values in tracks.controls}
    assert set(controls) == {"energy", "freeze"}
    assert controls["energy"][1] == [0.5, 0.9]
    assert controls["energy"][0][1] == pytest.approx(at_s(60), abs=0.01)
    assert controls["freeze"][1] == [False, True, False]
    np.testing.assert_allclose(controls["freeze"][0][1:], [at_s(100), at_s(120)], atol=0.01)
    np.testing.assert_allclose(tracks.missed_s, [at_s(index) for index in MISSED], atol=1e-6)
    assert [state for _, _, state in tracks.states] == ["idle", "dancing"]
    assert tracks.states[1][0] == pytest.approx(at_s(0))
    assert tracks.parts == [pytest.approx((at_s(60), at_s(120)), abs=0.04)]


def test_the_attention_of_a_take_is_that_of_its_own_dance(take: Take):
    of_fast_step = look(take)
    take = replace(take, header=replace(take.header, backend="torch"))
    attention_trace = look(take)
    np.testing.assert_array_equal(of_fast_step.times_s, attention_trace.times_s)
    np.testing.assert_allclose(of_fast_step.weights[:60], attention_trace.weights[:60], atol=1e-3)
    engine = DancerFile.open(take.path.parent / "tiny.safetensors", "torch").load_engine(device="cpu")
    watched = WatchedStepper(engine.dancer)
    engine.dancer = watched
    state = engine.initial_state(take.header.seed)
    for row in range(len(take.steps.index)):  # step by step, by hand
        watched.row = row
        _, state = engine.step(take.steps.features[row], float(take.steps.level_dbfs[row]), state, asked(row))
    rows = sorted(watched.weights)
    assert len(rows) > 100
    np.testing.assert_array_equal(attention_trace.weights, np.stack([watched.weights[row] for row in rows]))
    np.testing.assert_allclose(attention_trace.times_s, [at_s(row) for row in rows], atol=0.01)
    np.testing.assert_allclose(attention_trace.weights.sum(axis=1), 1.0, atol=1e-5)
    np.testing.assert_allclose(attention_trace.offsets_s, -np.arange(WINDOW) / RATE_HZ)
    assert attention_trace.weights[0, 0] == pytest.approx(1.0)  # nothing else is there yet
    groups = attention_groups(attention_trace)
    assert sum(members.sum() for members in groups.values()) == WINDOW
    assert look(take, layer=0).of == "layer 0, all heads"


def test_the_figure_has_one_axis_of_time_and_shows_what_there_is(take: Take):
    tracks = take_tracks(take, take_soundtrack(take), look(take))
    span = cut(tracks.motion, start_s=2.0, seconds=3.0, rate_hz=30)
    figure = draw_tracks(tracks, span)
    labels = [axis.get_ylabel().split("\n")[0] for axis in figure.axes]
    for label in ("mel band", "chroma", "onset", "tempo", "input", "speed", "foot", "controls", "attention,"):
        assert label in labels
    assert {axis.get_xlim() for axis in figure.axes[: labels.index("controls")]} == {(2.0, 5.0)}
    shown = next(axis for axis in figure.axes if axis.get_ylabel().startswith("looked at")).images[0]
    assert shown.get_array().shape[0] == WINDOW
    left, right, *_ = shown.get_extent()
    assert left == pytest.approx(tracks.attention_trace.times_s[0])
    assert right == pytest.approx(tracks.attention_trace.times_s[-1], abs=0.07)
    bare = draw_tracks(take_tracks(take, None), span)
    assert len(bare.axes) < len(figure.axes) - 4


@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
def test_a_part_of_a_take_becomes_a_file(take: Take, tmp_path: Path, ending: str, capsys: pytest.CaptureFixture[str]):
    output = tmp_path / f"plot.{ending}"
    checkpoint = str(take.path.parent / "tiny.safetensors")
    attention = ["--attention", "--device", "cpu", "--checkpoint", checkpoint] if ending == "png" else []
    song = str(take.path.parent / "song.wav")
    main(["plot", str(take.path), "-o", str(output), "--part", "1", "--sound", song, *attention])
    assert capsys.readouterr().out.strip() == str(output)
    assert [path.name for path in tmp_path.iterdir()] == [output.name]
    if ending == "png":
        with Image.open(output) as picture:
            assert picture.width > 1000
    else:
        assert output.read_bytes()[:5] in (b"<?xml", b"%PDF-")


@pytest.mark.parametrize(
    "command", [("plot", "-o", "cut.png"), ("render", "-o", "cut.png", "--every-s", "2"), ("export", "cut.bvh")]
)
def test_a_take_that_was_cut_off_is_reported_and_strict_refuses_it(
    take: Take,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    command: tuple[str, ...],
):
    monkeypatch.chdir(tmp_path)
    Path("cut.take").write_bytes(take.path.read_bytes()[:-20])
    with pytest.raises(SystemExit):
        main([command[0], "cut.take", *command[1:], "--strict"])
    assert "cut.take: the take was cut off" in capsys.readouterr().err
    assert [path.name for path in Path().iterdir()] == ["cut.take"]
    main([command[0], "cut.take", *command[1:]])
    assert "note: cut.take: the take was cut off: it ends after" in capsys.readouterr().err
    assert len(list(Path().iterdir())) == 2


def test_a_dancer_dances_to_a_song_for_the_plot(take: Take):
    options = DancerOptions(checkpoint=take.path.parent / "tiny.safetensors", device="cpu")
    tracks = look_at_song(take.path.parent / "song.wav", options, True, None, None, lambda done, total: None)
    assert len(tracks.motion) == int(len(SONG.samples) / SONG.sample_rate_hz * RATE_HZ)
    assert tracks.attention_trace is not None
    assert tracks.sound is not None
    assert tracks.sound.starts_s == pytest.approx(-1 / RATE_HZ)
    assert (
        look_at_song(take.path.parent / "song.wav", options, False, None, None, lambda *_: None).attention_trace is None
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["evening.take", "-o", "plot.mp4"], ".png, .svg, .pdf"),
        (["evening.take", "-o", "plot.png", "--layer", "1"], "--attention"),
        (["evening.take", "-o", "plot.png", "--part", "7"], "no part 7"),
        (["evening.take", "-o", "plot.png", "--start-s", "90"], "--start-s"),
        (["evening.take", "-o", "plot.png", "--attention", "--checkpoint", "song.wav"], "--checkpoint"),
        (["song.wav", "-o", "plot.png", "--part", "1"], "is a song"),
        (["other.bvh", "-o", "plot.png", "--attention"], "needs a take or a song"),
    ],
)
def test_what_cannot_be_plotted_is_refused_in_one_line(
    take: Take, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
):
    monkeypatch.chdir(take.path.parent)
    with pytest.raises(SystemExit) as stop:
        main(["plot", *arguments])
    assert stop.value.code == 2
    error = capsys.readouterr().err
    assert words in error
    assert error.count("\n") == 1
    assert not Path("plot.png").exists()


def test_a_take_by_onnx_is_refused_with_a_reason(take: Take):
    danced_by_onnx = replace(take, header=replace(take.header, backend="onnx"))
    with pytest.raises(ValueError, match="does not show attention"):
        look(danced_by_onnx)


def test_the_attention_of_a_take_is_shown_though_pytorch_would_dance_otherwise(tmp_path: Path):
    """By rounding alone the dance of PyTorch parts from that of the fast step, after some seconds."""
    dancer = DancerFile.open()
    engine = dancer.load_engine(device="cpu")
    frames, levels = features_and_levels(
        SONG.samples, AudioFeatures(AudioFeaturesConfig(sample_rate_hz=24_000, rate_hz=RATE_HZ))
    )
    recorder = TakeRecorder(
        tmp_path / "long.take", TakeHeader.of(dancer, seed=1, source="song.wav", now=datetime(2026, 11, 25, tzinfo=UTC))
    )
    state, controls = engine.initial_state(1), Controls(music_only=False)
    for index in range(4 * len(frames)):
        frame, level = frames[index % len(frames)], float(levels[index % len(frames)])
        pose, state = engine.step(frame, level, state, controls)
        recorder.record_step(index, frame, level, controls, False, pose)
        recorder.record_sent(PoseFrame(index, index * 33_333, pose.root_position, pose.rotations), index, "dancing")
    recorder.close()
    take = read_take(tmp_path / "long.take")
    attention_trace = look_at_take(take, DancerOptions(device="cpu"), None, None, lambda done, total: None)
    assert len(attention_trace.times_s) > 500
    np.testing.assert_allclose(attention_trace.weights.sum(axis=1), 1.0, atol=1e-5)
