"""`transflower render`: takes, BVH and .npz become pictures; the sound of a take is found, its beats are its own."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bridge.cli import main
from bridge.control.controls import Controls
from bridge.dancer.dancer_file import DancerFile
from bridge.engine.offline import features_and_levels
from bridge.takes.header import TakeHeader
from bridge.takes.recorder import TakeRecorder
from bridge.takes.soundtrack import take_soundtrack, with_sound
from bridge.takes.take import Take, read_take
from bridge.wire.pose_frame import PoseFrame
from data.formats.motion_file import write_motion
from data.formats.sound_file import write_sound
from data.music import synthesise
from data.picture.soundtrack import ENVELOPE_HZ, read_soundtrack
from data.sound.audio_features import AudioFeatures, AudioFeaturesConfig
from tests.data.test_film import click_in, needs_ffmpeg, probed
from tests.foreign_rigs import RIGS, write_rig
from tests.tiny_dancer import write_tiny_dancer

SONG = synthesise("house", 120.0, 24, 1, sample_rate_hz=24_000)  # 12 s
RATE_HZ = 30
IDLE_FRAMES = 20
"""Poses before there was sound; the first frame of sound is shown after them."""
SKIPPED = (50, 51, 52, 120)
"""Frames of sound that were not danced."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A song, another song, and the take of a performance to the first from its third second on."""
    path = tmp_path_factory.mktemp("evening")
    write_sound(path / "song.wav", SONG.samples, SONG.sample_rate_hz)
    other = synthesise("funk", 97.0, 20, 5, sample_rate_hz=24_000)
    write_sound(path / "other.wav", other.samples, other.sample_rate_hz)
    dancer = DancerFile.open(write_tiny_dancer(path / "tiny.safetensors"))
    engine = dancer.load_engine(device="cpu")
    features = AudioFeatures(AudioFeaturesConfig(sample_rate_hz=24_000, rate_hz=RATE_HZ))
    frames, levels = features_and_levels(SONG.samples[3 * 24_000 :], features)
    now = datetime(2026, 11, 25, 21, 0, tzinfo=UTC)
    recorder = TakeRecorder(path / "evening.take", TakeHeader.of(dancer, seed=1, source="song.wav", now=now))
    state = engine.initial_state(1)
    pose, state = engine.step(frames[0], -90.0, state, Controls())
    for tick in range(IDLE_FRAMES):
        recorder.record_sent(PoseFrame(tick, tick * 33_333, pose.root_position, pose.rotations), -1, "idle")
    for index, (frame, level) in enumerate(zip(frames, levels, strict=True)):
        if index in SKIPPED:
            continue
        pose, state = engine.step(frame, float(level), state, Controls())
        recorder.record_step(index, frame, float(level), Controls(), False, pose)
        time_us = (IDLE_FRAMES + index) * 33_333
        if index == 60:
            recorder.mark(True, time_us)
        if index == 150:
            recorder.mark(False, time_us)
        recorder.record_sent(
            PoseFrame(IDLE_FRAMES + index, time_us, pose.root_position, pose.rotations), index, "dancing"
        )
    recorder.close()
    assert recorder.notice is None
    return path


@pytest.fixture
def take(folder: Path) -> Take:
    return read_take(folder / "evening.take")


def test_a_sound_is_put_where_the_take_heard_it(folder: Path, take: Take):
    sound = with_sound(take, read_soundtrack(folder / "song.wav"))
    # The song's second 3 + 1 / 30 was over when the figure of its first frame was shown.
    assert sound.starts_s == pytest.approx(IDLE_FRAMES / RATE_HZ - 1 / RATE_HZ - 3.0, abs=0.012)
    assert sound.path == folder / "song.wav"
    # Beats are what the dancer was given at the time, not what a tracker hears in the file now.
    own = take_soundtrack(take)
    np.testing.assert_allclose(sound.beats.times_s + sound.starts_s, own.beats.times_s, atol=1e-9)
    np.testing.assert_array_equal(sound.beats.confidence, own.beats.confidence)
    with pytest.raises(ValueError, match=r"does not sound as if .*other\.wav had been danced to.*--sound-at-s"):
        with_sound(take, read_soundtrack(folder / "other.wav"))
    assert with_sound(take, read_soundtrack(folder / "other.wav"), -1.5).starts_s == -1.5


def test_the_beats_of_a_take_are_those_it_was_given_at_the_time_they_were_shown(take: Take):
    own = take_soundtrack(take)
    columns = AudioFeatures().columns["beat"]
    settled = own.beats.times_s[(own.beats.times_s > 4) & (own.beats.times_s < 9)]
    assert len(settled) == pytest.approx(10, abs=1)
    shown_s = (take.steps.index + IDLE_FRAMES) * 0.033333
    for time_s in settled:
        nearest = int(np.abs(shown_s - time_s).argmin())
        cosine, sine = take.steps.features[nearest, columns][:2]
        # A beat is where the phase is 0: within a frame, a fifteenth of a beat here.
        assert abs(np.arctan2(sine, cosine)) / (2 * np.pi) < 0.07


def test_a_take_knows_how_loud_it_was(take: Take):
    envelope = take_soundtrack(take).envelope
    assert len(envelope) / ENVELOPE_HZ == pytest.approx(take.duration_s, abs=0.05)
    silent = envelope[: round((IDLE_FRAMES / RATE_HZ - 0.1) * ENVELOPE_HZ)]
    assert np.abs(silent).max() < 0.02
    assert envelope[2 * ENVELOPE_HZ :, 1].mean() > 0.3


@needs_ffmpeg
def test_a_marked_part_of_a_take_becomes_a_film_with_its_sound(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    # A song that is silent but for one moment, laid where the take says that its own song was.
    click = np.zeros_like(SONG.samples)
    click[6 * 24_000 : 6 * 24_000 + 40] = 0.9  # frame 90 of the dance
    write_sound(tmp_path / "click.wav", click, 24_000)
    output = tmp_path / "part.mp4"
    starts_s = IDLE_FRAMES / RATE_HZ - 1 / RATE_HZ - 3.0
    main(["render", str(folder / "evening.take"), "-o", str(output), "--part", "1", "--size", "320x240",
          "--sound", str(tmp_path / "click.wav"), "--sound-at-s", f"{starts_s}"])  # fmt: skip
    assert capsys.readouterr().out == f"{output}\n"
    video, audio, duration_s = probed(output)
    assert audio is not None
    assert duration_s == pytest.approx(3.0, abs=0.05)
    assert int(video["nb_read_frames"]) == 90
    part_begins_s = (IDLE_FRAMES + 60) * 0.033333
    assert click_in(output, tmp_path) == pytest.approx(6.0 + starts_s - part_begins_s, abs=0.01)


def test_a_take_without_its_sound_is_drawn_with_its_beats(folder: Path, tmp_path: Path):
    for ending in (".gif", ".png"):
        main(["render", str(folder / "evening.take"), "-o", str(tmp_path / f"take{ending}"), "--seconds", "1",
              "--start-s", "5", "--features"])  # fmt: skip
        with Image.open(tmp_path / f"take{ending}") as picture:
            strip = np.asarray(picture.convert("RGB"))[-picture.height // 6 :].astype(int)
        gold = (strip[..., 0] > 130) & (strip[..., 2] < 0.6 * strip[..., 0]) & (strip[..., 1] > 0.6 * strip[..., 0])
        assert gold.any(), ending


def test_the_npz_of_a_dance_is_drawn_as_its_bvh_is(take: Take, tmp_path: Path):
    pictures = []
    for ending in (".bvh", ".npz"):
        write_motion(tmp_path / f"dance{ending}", take.motion())
        main(["render", str(tmp_path / f"dance{ending}"), "-o", str(tmp_path / "dance.png"), "--every-s", "2"])
        with Image.open(tmp_path / "dance.png") as picture:
            pictures.append(np.asarray(picture.convert("RGB")).astype(int))
    assert np.abs(pictures[0] - pictures[1]).mean() < 0.3


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["evening.take", "-o", "x.avi"], ".mp4 (a film with sound), .gif (a looping picture), .png"),
        (["song.wav", "-o", "x.png"], ".take, .bvh, .pkl, .npz, not .wav"),
        (["none.take", "-o", "x.png"], "none.take"),
        (["none.bvh", "-o", "x.png"], "none.bvh"),
        (["none.npz", "-o", "x.png"], "none.npz"),
        (["evening.take", "-o", "x.png", "--part", "3"], "no part 3; it has 1"),
        (["evening.take", "-o", "x.png", "--part", "1", "--start-s", "4"], "part 1 lasts 3.0 s"),
        (["evening.take", "-o", "x.png", "--sound", "none.mp3"], "none.mp3"),
        (["evening.take", "-o", "x.png", "--sound", "other.wav"], "--sound-at-s"),
        (["evening.take", "-o", "x.png", "--sound-at-s", "1"], "give both"),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_one_line(
    folder: Path, arguments: list[str], said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.chdir(folder)
    with pytest.raises(SystemExit) as exit_info:
        main(["render", *arguments])
    captured = capsys.readouterr()
    assert exit_info.value.code == 2
    assert captured.err.startswith("transflower: ")
    assert captured.err.count("\n") == 1
    assert said in captured.err
    assert not (folder / arguments[2]).exists()


def test_help_teaches_by_example(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as exit_info:
        main(["render", "--help"])
    assert exit_info.value.code == 0
    assert "- transflower render dance.bvh --sound song.mp3 -o dance.mp4" in capsys.readouterr().out


@pytest.mark.realtime
@pytest.mark.skipif(shutil.which("script") is None, reason="a terminal is made by script (Debian: bsdutils)")
def test_a_terminal_sees_how_far_it_is(folder: Path, tmp_path: Path):
    import subprocess
    import sys

    command = f"{sys.executable} -m bridge.cli render {folder}/evening.take -o {tmp_path}/take.gif --seconds 2"
    seen = subprocess.run(["script", "-qec", command, "/dev/null"], capture_output=True, text=True, check=True).stdout
    assert "drawing evening.take" in seen
    assert "30/30" in seen


def test_a_recording_of_another_program_is_drawn_and_what_is_left_out_is_reported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = [name.replace("LUArm", "LXyzzy") for name in RIGS["Motive"]]
    path = write_rig(tmp_path / "dance.bvh", names, metres_per_unit=1.0)
    words = ["render", str(path), "-o", str(tmp_path / "sheet.png"), "--every-s", "1"]
    main(words)
    said = capsys.readouterr().err
    assert "dance.bvh: lengths are taken to be in m, since the legs are 0.82 long; --unit" in said
    assert "left out: LXyzzy; --map FILE" in said
    (tmp_path / "sheet.png").unlink()
    with pytest.raises(SystemExit) as stopped:
        main([*words, "--strict"])
    assert stopped.value.code != 0
    assert "--strict" in capsys.readouterr().err
    assert not (tmp_path / "sheet.png").exists()
    (tmp_path / "joints.txt").write_text("LXyzzy = LeftUpperArm")
    main([*words, "--strict", "--map", str(tmp_path / "joints.txt"), "--unit", "m"])
    assert capsys.readouterr().err == ""
    assert (tmp_path / "sheet.png").exists()
