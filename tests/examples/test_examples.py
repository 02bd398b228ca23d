"""The examples, run as their README says, beside a bridge that dances."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from data.formats.bvh import read_bvh
from data.formats.sound_file import write_sound
from data.music import synthesise
from tests.stage.bridge_process import running_bridge
from tests.tiny_dancer import write_tiny_dancer
from tests.waiting import GENEROUS_S

pytestmark = pytest.mark.realtime

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"


@pytest.fixture(scope="module")
def dancer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_dancer(tmp_path_factory.mktemp("dancer") / "dancer.safetensors")


@pytest.fixture(scope="module")
def song(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = synthesise("house", 120.0, 4, 1, sample_rate_hz=24_000)  # 2 s
    path = tmp_path_factory.mktemp("song") / "song.wav"
    write_sound(path, made.samples, made.sample_rate_hz)
    return path


def command(name: str, *options: object) -> list[str]:
    return [sys.executable, str(EXAMPLES / name), *map(str, options)]


def printed(name: str, *options: object) -> str:
    done = subprocess.run(
        command(name, *options), cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=2 * GENEROUS_S
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


@contextmanager
def listening(name: str, *options: object) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """An example that listens at a port of its own, and this port."""
    process = subprocess.Popen(
        command(name, "--port", 0, *options), cwd=ROOT, env=environment(), stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        told = re.search(r"listening at port (\d+)", process.stdout.readline())
        assert told is not None
        yield process, int(told[1])
    finally:
        process.kill()
        process.communicate()


@pytest.fixture(scope="module")
def told(dancer: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the examples that need a bridge print beside one, by the name of the example."""
    with ExitStack() as stack:
        listeners = {
            name: stack.enter_context(listening(name, *options))
            for name, options in {
                "vmc_receiver.py": ("--poses", 20),
                "pose_receiver.py": ("--poses", 20),
                "lights_on_the_beat.py": ("--beats", 8, "--sure", 0),
            }.items()
        }
        targets = " ".join(
            f"{'vmc' if name.startswith('vmc') else 'dance'}:127.0.0.1:{port}" for name, (_, port) in listeners.items()
        )
        with running_bridge(dancer, tmp_path_factory.mktemp("bridge"), target=targets, steered=True) as bridge:
            found = {name: process.communicate(timeout=2 * GENEROUS_S)[0] for name, (process, _) in listeners.items()}
            options = ("--port", bridge.control_port, "--pause-s", 0.1, "--style", "HO")
            found["steer.py"] = printed("steer.py", *options)
            bridge.wait_for("energy", 0.6)
        assert {name: process.returncode for name, (process, _) in listeners.items()} == dict.fromkeys(listeners, 0)
    return found


def test_a_vmc_receiver_reads_the_hips(told: dict[str, str]) -> None:
    heights = [float(text) for text in re.findall(r"hips at x .* y ([+-][\d.]+)", told["vmc_receiver.py"])]
    assert len(heights) == 20
    assert all(0.3 < height < 1.5 for height in heights)


def test_a_pose_receiver_places_every_joint(told: dict[str, str]) -> None:
    reaches = [float(text) for text in re.findall(r"([\d.]+) m\b", told["pose_receiver.py"])]
    assert len(reaches) == 40
    assert all(0.02 < reach < 1.5 for reach in reaches)


def test_a_lamp_flashes_on_the_beat(told: dict[str, str]) -> None:
    beats = [int(text) for text in re.findall(r"beat +(\d+) ", told["lights_on_the_beat.py"])]
    assert len(beats) == 8
    assert beats == sorted(set(beats))
    assert "#" in told["lights_on_the_beat.py"]


def test_a_program_steers(told: dict[str, str]) -> None:
    assert told["steer.py"].count("/dance/control/") == 6


def test_a_song_becomes_a_dance_by_the_library(dancer: Path, song: Path, tmp_path: Path) -> None:
    output = tmp_path / "dance.bvh"
    told = printed("dance_to_a_song.py", song, "-o", output, "--checkpoint", dancer)
    assert "60 frames at 30 Hz" in told
    assert len(read_bvh(output)) == 60


def test_seeds_dance_differently(dancer: Path, song: Path) -> None:
    told = printed("compare_seeds.py", song, "--seeds", 1, 2, "--checkpoint", dancer)
    first, second = (line.split()[1:] for line in told.splitlines()[1:])
    assert first != second


def test_a_sound_of_ones_own_is_performed(dancer: Path) -> None:
    with listening("pose_receiver.py", "--poses", 30) as (process, port):
        told = printed("own_sound.py", "--seconds", 4, "--checkpoint", dancer, "--target", f"dance:127.0.0.1:{port}")
        process.communicate(timeout=GENEROUS_S)
        assert process.returncode == 0
    assert "a drum loop" in told


def test_the_readme_names_every_example() -> None:
    text = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    assert {path.name for path in EXAMPLES.glob("*.py")} == set(re.findall(r"examples/(\w+\.py)", text))
