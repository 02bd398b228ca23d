"""The process that listens to the sound card: quick, light, never in the way, and never left behind."""

import gc
import re
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

from bridge.sources.device import DeviceSource
from bridge.sources.portaudio import SoundUnavailableError
from bridge.sources.ring import SampleRing
from bridge.system.child_process import start_child
from tests.bridge.numbered_sound import RATE_HZ, Holes, Recorder, wait_for_sound
from tests.bridge.test_capture_healing import children
from tests.sound_card import DEVICE, SoundCard
from tests.waiting import GENEROUS_S, wait_until

ROOT = Path(__file__).parents[2]
posix = pytest.mark.skipif(sys.platform == "win32", reason="signals are those of POSIX")


def test_the_child_imports_little() -> None:
    """It starts in a fraction of a second, and weighs little."""
    code = "import sys, bridge.sources.capture_child, data.sound.resampler; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    foreign = {"torch", "librosa", "scipy", "numba", "soundfile", "rich", "tyro", "multiprocessing"}
    assert not foreign & {name.partition(".")[0] for name in loaded.split()}


@pytest.mark.realtime
def test_a_child_that_breaks_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "numpy.py").write_text("raise RuntimeError('this numpy is broken')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(SoundUnavailableError, match="sound card ended: RuntimeError: this numpy is broken"):
        DeviceSource().start()
    monkeypatch.setattr("sys.executable", str(tmp_path / "no-such-python"))
    with pytest.raises(SoundUnavailableError, match="does not start"):
        DeviceSource().start()


@posix
@pytest.mark.realtime
def test_a_device_may_call_before_the_child_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    code = """
        import json, socket, sys
        from bridge.sources.capture_settings import CaptureAnswer
        order = json.loads(sys.stdin.readline())
        with socket.socket(fileno=order["socket"]) as connection:
            connection.sendall(b".." + CaptureAnswer(name="early", sample_rate_hz=8000).to_json().encode() + b"\\n")
    """

    def start(module: str, *, pass_fds: tuple[int, ...], **options: Any) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", textwrap.dedent(code)]
        return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, pass_fds=pass_fds)

    monkeypatch.setattr("bridge.sources.capture_process.start_child", start)
    with DeviceSource("early") as source:
        assert source.sample_rate_hz == 8000


@posix
@pytest.mark.soundcard
@pytest.mark.realtime
@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
def test_the_child_does_not_outlive_its_parent(sound_card: SoundCard, end: signal.Signals) -> None:
    """Not even while a fork of the parent, which holds the same socket, lives on."""
    code = f"""
        import os
        from bridge.sources.device import DeviceSource
        source = DeviceSource({DEVICE!r})
        source.start()
        fork = os.fork()
        if fork:
            print(fork, source.read({GENEROUS_S}) is not None, flush=True)
        os.read(0, 1)  # until the test ends
        os._exit(0)
    """
    command = [sys.executable, "-c", textwrap.dedent(code)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        fork, has_sound = parent.stdout.readline().split()
        assert has_sound == "True"
        (child,) = (c for c in psutil.Process(parent.pid).children() if "bridge.sources.capture_child" in c.cmdline())
        parent.send_signal(end)
        parent.wait(GENEROUS_S)
        wait_until(
            lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE, "the end of the parent's child"
        )
        assert psutil.pid_exists(int(fork)), "the fork has not ended either"


@posix
@pytest.mark.soundcard
@pytest.mark.realtime
def test_ctrl_c_belongs_to_the_parent(sound_card: SoundCard) -> None:
    with DeviceSource(DEVICE) as source:
        wait_for_sound(source)
        (child,) = children()
        child.send_signal(signal.SIGINT)
        child.send_signal(signal.SIGTERM)
        signalled_us = time.monotonic_ns() // 1000

        def has_come_later() -> bool:
            block = source.read(0.05)
            return block is not None and block.capture_time_us > signalled_us + 200_000

        wait_until(has_come_later, "sound of some time after the signals")
        assert children() == [child], "it is the same process that captured it"


@posix
@pytest.mark.soundcard
@pytest.mark.realtime
def test_nothing_is_left_behind(sound_card: SoundCard, monkeypatch: pytest.MonkeyPatch) -> None:
    started = []

    def start_and_note(*arguments: Any, **options: Any) -> subprocess.Popen[bytes]:
        started.append(start_child(*arguments, **options))
        return started[-1]

    monkeypatch.setattr("bridge.sources.capture_process.start_child", start_and_note)
    monkeypatch.setattr("bridge.sources.capture_process._CLOSE_S", GENEROUS_S)
    with DeviceSource(DEVICE) as source:  # imports, caches
        wait_for_sound(source)
    gc.collect()
    before = psutil.Process().num_fds(), threading.active_count()
    for _ in range(3):
        with DeviceSource(DEVICE) as source:
            wait_for_sound(source)
        assert started[-1].returncode == 0, "it ends by itself and need not be killed"
        with pytest.raises(ValueError, match="harp"):
            DeviceSource("harp").start()
    assert not children()
    del source
    gc.collect()
    after = psutil.Process().num_fds(), threading.active_count()
    assert after[0] <= before[0]
    assert after[1] <= before[1]
    if sys.platform == "linux":
        maps = Path("/proc/self/maps").read_text()
        assert not re.search(r"memfd:transflower", maps)


@contextmanager
def busy(work: Callable[[], object]) -> Iterator[None]:
    """A thread beside this one that works all the time."""
    done = threading.Event()

    def run() -> None:
        while not done.is_set():
            work()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def python_loop() -> None:
    """Keeps the interpreter's lock for five milliseconds at a time."""
    for _ in range(10_000):
        pass


RANDOM = np.random.default_rng(0).random(400_000).tolist()


def long_call() -> None:
    """Keeps the interpreter's lock for about a fifth of a second."""
    sorted(RANDOM)


@pytest.mark.soundcard
@pytest.mark.realtime
@pytest.mark.parametrize("work", [python_loop, long_call])
def test_a_busy_interpreter_loses_nothing(
    numbered_wav: Path, sound_card: SoundCard, work: Callable[[], object]
) -> None:
    sound_card.play_from_memory(numbered_wav)
    with DeviceSource(DEVICE, sample_rate_hz=RATE_HZ) as source, busy(work):
        recorder = Recorder(source)
        recorder.read_on(RATE_HZ)
    recorder.read_rest()
    holes = Holes.of(recorder.numbers)
    assert holes.lost.sum() == source.overflow_samples == 0
    assert holes.zeros.sum() <= source.gap_samples, "there are no zeros but those counted"


def test_a_ring_in_foreign_memory_is_one_ring() -> None:
    memory = bytearray(SampleRing.num_bytes(100))
    writer, reader = SampleRing(100, 1000, memory), SampleRing(100, 1000, memory)
    writer.write(np.arange(60, dtype=np.float32), 59_000)
    writer.skip(30)
    assert reader.skipped_samples == 30
    first = reader.read(1000)
    assert first is not None
    np.testing.assert_array_equal(first.samples, np.arange(60))
    assert not writer.write(np.zeros(200, np.float32), 289_000)
    assert reader.dropped_samples == 200
    assert writer.write(np.ones(128, np.float32), 417_000), "what was read has made room"
    gap, last = reader.read(1000), reader.read(1000)
    assert gap is not None
    assert last is not None
    assert (len(gap.samples), gap.is_gap, gap.last_time_us) == (230, True, 289_000)
    np.testing.assert_array_equal(last.samples, np.ones(128))
