"""What documents and help texts show, typed as it stands there, in a folder in which the files that it names are.

Only what takes seconds: performances, exports of dancers, trainings and measurements have tests of their own.
"""

import csv
import json
import shutil
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from blender_addon import make_zip
from bridge import cli as bridge_cli
from bridge.control.controls import Controls
from bridge.dancer.dancer_file import DancerFile
from bridge.engine.offline import features_and_levels
from bridge.takes.header import TakeHeader
from bridge.takes.recorder import TakeRecorder
from bridge.wire.pose_frame import PoseFrame
from data import cli as data_cli
from data.formats.bvh import read_bvh
from data.formats.sound_file import read_sound, write_sound
from data.music import synthesise
from data.sound.audio_features import AudioFeatures, AudioFeaturesConfig
from tests.clip_maker import write_clips
from tests.docs.documents import Line, block_lines, help_lines, programs, spans
from tests.tiny_dancer import write_tiny_dancer

pytestmark = pytest.mark.usefixtures("warm_children")

RATE_HZ = 30

Typed = Callable[..., int]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files that the documents speak of: `song.mp3`, `evening.take`, `clips/`, `recordings/`, dancers."""
    folder = tmp_path_factory.mktemp("workspace")
    song = synthesise("house", 120.0, 8, 1, sample_rate_hz=24_000)  # 4 s
    write_sound(folder / "song.mp3", song.samples, song.sample_rate_hz)
    write_clips(folder / "clips")
    (folder / "recordings").mkdir()
    for name in ("house_a_120", "pop_a_100", "pop_b_105"):
        shutil.copy(folder / "clips" / f"{name}.bvh", folder / "recordings")
        write_sound(folder / "recordings" / f"{name}.wav", song.samples, song.sample_rate_hz)
    shutil.copy(folder / "recordings/pop_a_100.bvh", folder / "clip.bvh")
    (folder / "runs").mkdir()
    tiny = write_tiny_dancer(folder / "runs/best.safetensors")
    shutil.copy(tiny, folder / "dancer.safetensors")
    shutil.copy(tiny, folder / "best.safetensors")
    write_take(folder / "evening.take", tiny, folder / "song.mp3")
    return folder


def write_take(path: Path, checkpoint: Path, song: Path) -> None:
    """A performance of a dancer that lies beside it to the whole song; two parts are marked."""
    dancer = DancerFile.open(checkpoint)
    engine = dancer.load_engine(device="cpu")
    samples, sample_rate_hz = read_sound(song)
    features = AudioFeatures(AudioFeaturesConfig(sample_rate_hz=sample_rate_hz, rate_hz=RATE_HZ))
    now = datetime(2026, 11, 27, 21, 0, tzinfo=UTC)
    recorder = TakeRecorder(path, TakeHeader.of(dancer, seed=1, source=song.name, now=now))
    state = engine.initial_state(1)
    for index, (frame, level) in enumerate(zip(*features_and_levels(samples, features), strict=True)):
        pose, state = engine.step(frame, float(level), state, Controls())
        time_us = index * 33_333
        recorder.record_step(index, frame, float(level), Controls(), False, pose)
        if index in (20, 50, 60, 100):
            recorder.mark(index in (20, 60), time_us)
        recorder.record_sent(PoseFrame(index, time_us, pose.root_position, pose.rotations), index, "dancing")
    recorder.close()
    assert recorder.notice is None


@pytest.fixture
def typed(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> Typed:
    """Types a line that is shown, in the folder, and gives its exit status."""
    monkeypatch.chdir(workspace)
    return type_line


def type_line(text: str, *more: str, **instead: str) -> int:
    """Runs a line that is shown, with options that make it small, and with files in the place of words such as `TAKE`.

    Returns:
        The exit status.
    """
    shown = {line.text for line in (*block_lines(), *help_lines(), *spans())}
    assert text in shown, f"no document shows this any more: {text}"
    ((program, *words),) = programs(text)
    arguments = [*(instead.get(word, word) for word in words), *more]
    try:
        if program == "transflower-data":
            return data_cli.run(arguments)
        assert program == "transflower"
        bridge_cli.main(arguments)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    return 0


@pytest.fixture(scope="module")
def dance(workspace: Path) -> Path:
    """`dance.bvh` by the dancer that ships with the repository."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(workspace)
        bridge_cli.main(["generate", "song.mp3", "-o", "dance.bvh"])
    return workspace / "dance.bvh"


def is_picture(path: Path) -> bool:
    with Image.open(path) as picture:
        return picture.width > 300 and len(set(np.asarray(picture.convert("L")).ravel().tolist())) > 10


def test_a_song_becomes_a_dance(dance: Path):
    assert Line("README.md", "transflower generate song.mp3 -o dance.bvh") in spans()
    motion = read_bvh(dance)
    assert (len(motion), motion.rate_hz) == (4 * RATE_HZ, RATE_HZ)
    assert np.ptp(motion.rotations, axis=0).max() > 0.1, "it dances"


def test_a_song_becomes_numbers(typed: Typed, workspace: Path):
    assert typed("transflower generate song.mp3 -o dance.npz", "--checkpoint", "dancer.safetensors") == 0
    with np.load(workspace / "dance.npz") as numbers:
        assert len(numbers["rotations"]) == 4 * RATE_HZ


def test_a_dance_is_drawn(typed: Typed, workspace: Path, dance: Path):
    (workspace / "dance.png").unlink(missing_ok=True)
    assert typed("transflower render dance.bvh --sound song.mp3 -o dance.png --every-s 1") == 0
    assert is_picture(workspace / "dance.png")


def test_a_dance_is_plotted(typed: Typed, workspace: Path, dance: Path):
    (workspace / "dance.png").unlink(missing_ok=True)
    assert typed("transflower plot dance.bvh --sound song.mp3 -o dance.png") == 0
    assert is_picture(workspace / "dance.png")


def test_a_song_is_plotted_with_what_the_dancer_looked_at(typed: Typed, workspace: Path):
    assert typed("transflower plot song.mp3 -o song.png --attention --checkpoint best.safetensors") == 0
    assert is_picture(workspace / "song.png")


def test_a_take_is_plotted_exported_and_danced_again(typed: Typed, workspace: Path, capsys: pytest.CaptureFixture[str]):
    take = {"TAKE": "evening.take"}
    dancer = ("--checkpoint", "best.safetensors")
    assert typed("transflower plot TAKE -o evening.png --attention", *dancer, **take) == 0
    assert is_picture(workspace / "evening.png")
    assert typed("transflower plot evening.take -o solo.pdf --part 2") == 0
    assert (workspace / "solo.pdf").read_bytes().startswith(b"%PDF")
    assert typed("transflower export TAKE dance.bvh", **{**take, "dance.bvh": "exported.bvh"}) == 0
    assert len(read_bvh(workspace / "exported.bvh")) == 4 * RATE_HZ
    assert typed("transflower export evening.take solo.csv --part 2") == 0
    with (workspace / "solo.csv").open(encoding="utf-8") as file:
        assert len(list(csv.reader(file))) > 30
    capsys.readouterr()
    assert typed("transflower redance TAKE", "--device", "cpu", **take) == 0
    assert "the same bit for bit" in capsys.readouterr().out
    (workspace / "takes").mkdir()
    shutil.copy(workspace / "evening.take", workspace / "takes/evening.take")
    assert typed("transflower takes") == 0
    assert "evening.take" in capsys.readouterr().out


def test_a_dancer_is_described(typed: Typed, capsys: pytest.CaptureFixture[str]):
    assert typed("transflower dancer") == 0
    printed = capsys.readouterr().out
    assert "StreamingTransflower" in printed
    assert "HO-1" in printed
    assert typed("transflower dancer runs/best.safetensors") == 0
    assert "standing later" in capsys.readouterr().out


def test_devices_are_listed_or_it_is_said_what_is_missing(typed: Typed, capsys: pytest.CaptureFixture[str]):
    status = typed("transflower devices")
    captured = capsys.readouterr()
    assert (status == 0 and captured.out) or (status == 2 and "portaudio" in captured.err.lower())


@pytest.mark.realtime
def test_the_doctor_comes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """What it finds is the machine's own; that it looks at everything is what is asked here."""
    monkeypatch.chdir(tmp_path)
    assert type_line("transflower doctor") in (0, 1)
    printed = capsys.readouterr().out
    for check in ("Python", "torch", "dancer", "takes"):
        assert check in printed


def test_data_are_inspected(typed: Typed, workspace: Path, capsys: pytest.CaptureFixture[str]):
    assert typed("transflower-data inspect clips/ -o report", "--jobs", "1", "--pictures", "1") == 0
    assert "7 clips" in capsys.readouterr().out
    assert {"report.html", "findings.json", "findings.csv"} <= {path.name for path in (workspace / "report").iterdir()}


def test_data_are_prepared(typed: Typed, workspace: Path, capsys: pytest.CaptureFixture[str]):
    assert typed("transflower-data prepare recordings/ -o prepared/mine", "--jobs", "1") == 0
    assert "sequences" in capsys.readouterr().out
    assert (workspace / "prepared/mine/fingerprint.json").is_file()


def test_clips_are_chained_to_music(typed: Typed, workspace: Path):
    options = {"--hours": "0.004", "--val-fraction": "0", "--test-fraction": "0", "--jobs": "1"}
    small = [*(word for option in options.items() for word in option), "--performance-s", "10", "12", "--no-mirror"]
    instead = {"prepared": "chained"}
    assert typed("transflower-data prepare clips/ --chain -o prepared", *small, **instead) == 0
    fingerprint = json.loads((workspace / "chained/fingerprint.json").read_text(encoding="utf-8"))
    assert fingerprint["styles"] == ["HO", "PO"]


def test_data_sets_are_listed(typed: Typed, capsys: pytest.CaptureFixture[str]):
    assert typed("transflower-data download") == 0
    assert "aistpp" in capsys.readouterr().out


def test_a_motion_is_drawn(typed: Typed, workspace: Path):
    assert typed("transflower-data picture clip.bvh -o sheet.png") == 0
    assert is_picture(workspace / "sheet.png")


def test_the_extension_is_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """What `make blender-zip` calls; the name of the file is the one that the README promises."""
    monkeypatch.setattr("sys.argv", ["make_zip", "-o", str(tmp_path / "dist")])
    make_zip.main()
    (built,) = (tmp_path / "dist").iterdir()
    assert capsys.readouterr().out.strip() == str(built)
    assert zipfile.is_zipfile(built)
    assert Line("blender_addon/README.md", f"dist/{built.name}") in spans()
