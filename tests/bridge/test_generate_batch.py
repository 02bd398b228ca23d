"""Many dances by many processes: the same bit for bit however many there are, and what breaks stops nothing else."""

import contextlib
import hashlib
import io
import json
import os
import signal
import subprocess
import sys
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
import soundfile

from bridge.batch.index import INDEX_NAME, add_to_index, read_index
from bridge.batch.messages import Danced, DanceTask, Failed, Message, Order, Progress
from bridge.batch.worker_pool import WorkerPool
from bridge.cli import main
from bridge.control.controls import Controls
from bridge.dancer.dancer_file import DancerFile
from bridge.engine.offline import dance
from data.formats.bvh import read_bvh
from data.formats.motion_file import write_motion
from data.formats.sound_file import read_sound, write_sound
from data.music import synthesise
from tests.data.child_process import limit_files, started
from tests.tiny_dancer import write_tiny_dancer
from tests.waiting import GENEROUS_S

pytestmark = pytest.mark.usefixtures("warm_children")

GOOD = {"good/one.wav": "house", "good/two.ogg": "techno", "good/set/one.flac": "funk"}
BROKEN = {
    "cut.flac": "",
    "empty.wav": "is empty",
    "nan.wav": "1 samples of the recording are NaN or infinite",
    "short.wav": "shorter than one frame",
    "text.mp3": "cannot be read as sound",
}
"""Songs that cannot be danced to, and what is said of them."""
OPTIONS = ("--seed", "3", "--style", "HO", "--seed-pose", "standing later", "--device", "cpu")


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_dancer(tmp_path_factory.mktemp("dancer") / "tiny.safetensors")


@pytest.fixture(scope="module")
def music(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three songs of two seconds, and broken ones beside them."""
    folder = tmp_path_factory.mktemp("music")
    (folder / "good/set").mkdir(parents=True)
    (folder / "broken").mkdir()
    for number, (name, style) in enumerate(GOOD.items()):
        song = synthesise(style, 120.0, 4, number, sample_rate_hz=24_000)
        write_sound(folder / name, song.samples, song.sample_rate_hz)
    whole = (folder / "good/set/one.flac").read_bytes()
    nan = np.zeros(24_000, np.float32)
    nan[700] = np.nan
    broken = folder / "broken"
    (broken / "cut.flac").write_bytes(whole[: len(whole) // 2])
    (broken / "empty.wav").write_bytes(b"")
    soundfile.write(broken / "nan.wav", nan, 24_000, subtype="FLOAT")
    write_sound(broken / "short.wav", nan[:500], 24_000)
    (broken / "text.mp3").write_text("no sound at all, " * 200)
    return folder


@dataclass(frozen=True)
class Result:
    """What `transflower generate` answered."""

    code: int
    out: str
    err: list[str]


def generate(*arguments: object) -> Result:
    """The command, typed where neither output is a terminal."""
    out, err, code = io.StringIO(), io.StringIO(), 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main(["generate", *map(str, arguments)])
        except SystemExit as end:
            code = int(end.code or 0)
    return Result(code, out.getvalue(), err.getvalue().splitlines())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("dances") / "new"


@pytest.fixture(scope="module")
def batch(folder: Path, tiny: Path, music: Path) -> Result:
    """Two dances to each song, good or broken, by two processes."""
    return generate(
        music / "good", music / "broken", "-o", folder, "--checkpoint", tiny, *OPTIONS, "--samples", 2, "--jobs", 2
    )


def sums(folder: Path) -> dict[str, str]:
    """Checksums of all files in a folder but the index, by their path in it."""
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != INDEX_NAME]
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_what_can_be_danced_to_is_and_the_rest_is_named_once(batch: Result, folder: Path):
    assert sorted(sums(folder)) == [f"{name}.seed{seed}.bvh" for name in ("one", "set/one", "two") for seed in (3, 4)]
    assert batch.code == 1
    assert batch.out == f"{folder / INDEX_NAME}\n"
    *lines, summary = (line for line in batch.err if not line.startswith("  "))
    assert summary.startswith(f"{folder}: 6 dances")
    assert summary.endswith("10 failed")
    for name, reason in BROKEN.items():
        (line,) = (line for line in lines if name in line)
        assert "failed: " in line
        assert reason in line
    assert sum("s danced in" in line for line in lines) == 6
    assert len(lines) == 6 + len(BROKEN)


def test_each_dance_is_that_of_one_process_alone_and_the_index_tells_how_to_make_it_again(
    batch: Result, folder: Path, tiny: Path, tmp_path: Path
):
    entries = read_index(folder)
    assert {name: entry.sha256 for name, entry in entries.items()} == sums(folder)
    engine = DancerFile.open(tiny).load_engine(device="cpu")
    for name, entry in entries.items():
        made = entry.recipe
        samples, rate_hz = read_sound(folder / entry.song)
        controls = Controls(
            seed_pose=made.seed_pose, style=made.style, temperature=made.temperature, energy=made.energy,
            groove=made.groove, leash_m=made.leash_m, foot_lock=made.foot_lock, mirror=made.mirror,
            noise_correlation=made.noise_correlation, style_guidance=made.style_guidance, facing=made.facing,
            front_deg=made.front_deg, grounding=made.grounding, keep_moving=made.keep_moving,
            music_only=made.music_only,
        )  # fmt: skip
        write_motion(tmp_path / "again.bvh", dance(engine, samples, rate_hz, controls=controls, seed=made.seed))
        assert (tmp_path / "again.bvh").read_bytes() == (folder / name).read_bytes()
        assert (entry.frames, entry.rate_hz, entry.seconds) == (60, 30, 2.0)
        assert (entry.dancer, entry.model_class) == ("tiny.safetensors", "StreamingTransflower")
        assert entry.device == engine.device_name
        assert made.seed_pose == "standing later"
    assert len({entry.sha256 for entry in entries.values()}) == 6


def test_what_is_missing_is_made_and_no_more_by_any_number_of_processes(
    batch: Result, folder: Path, tiny: Path, music: Path
):
    before = sums(folder)
    (folder / "two.seed4.bvh").unlink()
    (folder / "set/one.seed3.bvh").unlink()
    times = {path: path.stat().st_mtime_ns for path in folder.rglob("*.bvh")}
    command = (music / "good", "-o", folder, "--checkpoint", tiny, *OPTIONS, "--samples", 2, "--jobs", 1)
    again = generate(*command)
    assert again.code == 0
    assert "2 dances" in again.err[-1]
    assert "4 were there already" in again.err[-1]
    assert sums(folder) == before
    assert all(path.stat().st_mtime_ns == time_ns for path, time_ns in times.items())
    assert generate(*command).err == [f"{folder}: all 6 dances were there already"]


def test_what_is_there_as_another_dance_is_in_the_way_before_anything_is_danced(
    batch: Result, folder: Path, tiny: Path, music: Path, tmp_path: Path
):
    before = sums(folder)
    command = (music / "good", "-o", folder, "--checkpoint", tiny, *OPTIONS)
    cooler = generate(*command, "--temperature", 0.5)
    assert cooler.code == 2
    assert "3 of 3 files are there already as other dances" in cooler.err[0]
    assert "temperature 1, not 0.5" in cooler.err[0]
    (tmp_path / "one.seed3.bvh").write_text("somebody's own")
    stranger = generate(music / "good", "-o", tmp_path, "--checkpoint", tiny, *OPTIONS)
    assert stranger.code == 2
    assert "one.seed3.bvh, of which the index tells nothing" in stranger.err[0]
    (tmp_path / "song.wav").write_bytes((music / "good/one.wav").read_bytes())
    (tmp_path / "song.bvh").write_text("recorded in a studio")
    beside = generate(tmp_path / "song.wav", "--checkpoint", tiny)
    assert beside.code == 2
    assert "song.bvh is there already: --overwrite replaces it" in beside.err[0]
    assert sums(folder) == before


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        ([], "name a song, or a folder of songs"),
        (["good/one.wav", "-o", "x.fbx"], "x.fbx: a dance ends in .csv, .bvh, .npz"),
        (["good/one.wav", "-o", "nowhere/x.bvh"], "there is no folder"),
        (["good/one.wav", "-o", "x.npz", "--format", "bvh"], "contradict each other"),
        (["good", "-o", "x.bvh"], "x.bvh is one file, and 3 dances are asked for"),
        (["good/one.wav", "--samples", "2", "-o", "x.bvh"], "2 dances are asked for"),
        (["good/one.wav", "--samples", "0"], "--samples must be at least 1"),
        (["good/one.wav", "-o", "x.bvh", "--jobs", "-1"], "--jobs must be 0"),
        (["good/one.wav", "--style", "polka"], "knows House (HO), Lock (LO)"),
        (["good/one.wav", "--seed-pose", "lying"], "has standing, standing later"),
        (["good/one.wav", "-o", "good/one.wav"], "a dance ends in"),
        (["good/one.wav", "-o", "spoiled"], "dances.json: no index of dances that can be read"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_one_line(
    arguments: list[str], part: str, tiny: Path, music: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(music)
    (music / "spoiled").mkdir(exist_ok=True)
    (music / "spoiled" / INDEX_NAME).write_text('{"format_version": 1, "dances": [{"file": "x.bvh"}]}')
    refused = generate(*arguments, "--checkpoint", tiny)
    assert refused.code == 2
    assert len(refused.err) == 1
    assert part in refused.err[0]


def test_a_dancer_that_cannot_be_loaded_is_refused_by_the_processes_too(tiny: Path, music: Path, tmp_path: Path):
    refused = generate(music / "good", "-o", tmp_path, "--checkpoint", tiny, "--look-ahead-s", 1, "--jobs", 1)
    assert refused.code == 2
    assert refused.err == [f"transflower: {tiny}: looks ahead by at most 6 frames, not 30"]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.realtime
def test_a_process_that_is_killed_costs_one_dance(tiny: Path, music: Path, tmp_path: Path):
    short, long = music / "good/one.wav", tmp_path / "long.wav"
    write_sound(long, np.tile(read_sound(short)[0], 15), 24_000)
    tasks = [
        DanceTask(number=number, song=song, seed=0, output=tmp_path / f"{number}.npz")
        for number, song in enumerate((long, short, short))
    ]
    before = set(psutil.Process().children())
    ended: dict[int, Message] = {}
    is_killed = False
    order = Order(dancer=DancerFile.open(tiny), controls=Controls(), device="cpu")
    for event in WorkerPool(order, jobs=1).make(tasks):
        task, message = event or (None, None)
        if isinstance(message, Progress):
            if message.done > 1 and not is_killed:
                is_killed = True
                (worker,) = set(psutil.Process().children()) - before
                worker.kill()
        elif task is not None and message is not None:
            ended[task.number] = message
    assert list(ended) == [0, 1, 2]
    # The long one, but the next if this process was so slow to kill that the long one was done.
    (failed,) = (number for number, message in ended.items() if isinstance(message, Failed))
    assert f"{tasks[failed].song.name}: the process that danced was killed by signal 9" in ended[failed].reason
    for number in {0, 1, 2} - {failed}:
        danced = ended[number]
        assert isinstance(danced, Danced)
        assert hashlib.sha256((tmp_path / f"{number}.npz").read_bytes()).hexdigest() == danced.sha256
    assert set(psutil.Process().children()) == before


@pytest.mark.realtime
@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent as on POSIX")
def test_an_interrupt_ends_it_and_leaves_what_is_whole(tiny: Path, music: Path, tmp_path: Path):
    songs, dances = tmp_path / "songs", tmp_path / "dances"
    songs.mkdir()
    (songs / "a.wav").write_bytes((music / "good/one.wav").read_bytes())
    ten_minutes = np.tile(read_sound(music / "good/one.wav")[0], 300)  # far longer to dance than to interrupt
    write_sound(songs / "b.wav", ten_minutes, 24_000)
    command = (songs, "-o", dances, "--checkpoint", tiny, "--device", "cpu", "--jobs", 1)
    with generating(*command, start_new_session=True) as process:
        assert process.stderr is not None
        assert process.stderr.readline().startswith("1/2 ")
        children = psutil.Process(process.pid).children()
        assert len(children) == 1
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=4 * GENEROUS_S)
    assert (process.returncode, out) == (130, "")
    assert err.startswith(f"{dances}: 1 dance")
    assert err.endswith("interrupted, the same command makes the other 1\n")
    assert err.count("\n") == 1
    assert sorted(path.name for path in dances.iterdir()) == ["a.seed0.bvh", INDEX_NAME]
    assert list(read_index(dances)) == ["a.seed0.bvh"]
    assert len(read_bvh(dances / "a.seed0.bvh")) == 60
    assert not any(child.is_running() for child in children)


@pytest.mark.realtime
@pytest.mark.skipif(sys.platform == "win32", reason="files are limited as on POSIX")
def test_a_full_disk_ends_it_in_one_line(tiny: Path, music: Path, tmp_path: Path):
    command = (music / "good", "-o", tmp_path, "--checkpoint", tiny, "--device", "cpu", "--jobs", 1)
    with generating(*command, preexec_fn=limit_files) as process:
        _, err = process.communicate(timeout=4 * GENEROUS_S)
    assert process.returncode == 2
    assert err.startswith(f"transflower: {tmp_path / 'one.seed0.bvh'} cannot be written: File too large. 0 of 3 dances")
    assert err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_two_programs_may_dance_into_one_folder(batch: Result, folder: Path, tmp_path: Path):
    first, second = list(read_index(folder).items())[:2]
    add_to_index(tmp_path, dict([first]))
    add_to_index(tmp_path, dict([second]))
    assert read_index(tmp_path) == dict([first, second])
    assert json.loads((tmp_path / INDEX_NAME).read_text())["format_version"] == 1


def generating(*arguments: object, **options: Any) -> AbstractContextManager[subprocess.Popen[str]]:
    """The command as a process."""
    return started(
        [sys.executable, "-m", "bridge.cli", "generate", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        **options,
    )


def test_a_song_that_is_too_quiet_to_be_danced_to_is_reported(tiny: Path, tmp_path: Path) -> None:
    song = synthesise("house", 120.0, 4, 0, sample_rate_hz=24_000)
    write_sound(tmp_path / "quiet.wav", 1e-4 * song.samples, song.sample_rate_hz, subtype="FLOAT")
    words = (tmp_path / "quiet.wav", "-o", tmp_path / "dance.bvh", "--checkpoint", tiny, "--device", "cpu", "--jobs", 1)
    result = generate(*words)
    assert result.code == 0
    assert any("quiet.wav: the figure stands throughout" in line for line in result.err)
    louder = generate(*words, "--threshold-dbfs", -89)
    assert not any("stands throughout" in line for line in louder.err)
    (tmp_path / "dance.bvh").unlink()
    strict = generate(*words, "--strict")
    assert strict.code != 0
    assert any("stands throughout" in line and "an error because of --strict" in line for line in strict.err)
    assert not (tmp_path / "dance.bvh").exists()
