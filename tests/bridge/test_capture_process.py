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

import numpy as np
import psutil
import pytest

from bridge.sources.device import DeviceSource
from bridge.sources.portaudio import SoundUnavailableError
from bridge.sources.ring import SampleRing
from tests.bridge.test_capture_healing import children, count_and_clock_agree
from tests.bridge.test_device_source import RATE_HZ, click_positions, read_until, write_clicks
from tests.sound_card import DEVICE, SoundCard

ROOT = Path(__file__).parents[2]
posix = pytest.mark.skipif(sys.platform == "win32", reason="signals are those of POSIX")


def test_the_child_imports_little() -> None:
    """It starts in a fraction of a second, and weighs little."""
    code = "import sys, bridge.sources.capture_child, data.resampler; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    foreign = {"torch", "librosa", "scipy", "numba", "soundfile", "rich", "tyro", "multiprocessing"}
    assert not foreign & {name.partition(".")[0] for name in loaded.split()}


def test_a_child_that_breaks_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "numpy.py").write_text("raise RuntimeError('this numpy is broken')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(SoundUnavailableError, match="sound card ended: RuntimeError: this numpy is broken"):
        DeviceSource().start()
    monkeypatch.setattr("sys.executable", str(tmp_path / "no-such-python"))
    with pytest.raises(SoundUnavailableError, match="does not start"):
        DeviceSource().start()


@posix
@pytest.mark.soundcard
@pytest.mark.realtime
@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
def test_the_child_does_not_outlive_its_parent(sound_card: SoundCard, end: signal.Signals) -> None:
    """Not even while a fork of the parent, which holds the same socket, lives on."""
    code = f"""
        import os, time
        from bridge.sources.device import DeviceSource
        source = DeviceSource({DEVICE!r})
        source.start()
        if os.fork() == 0:
            time.sleep(4)
            os._exit(0)
        print(source.read(2.0) is not None, flush=True)
        time.sleep(60)
    """
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "True\n"
        (child,) = (c for c in psutil.Process(parent.pid).children() if "bridge.sources.capture_child" in c.cmdline())
        parent.send_signal(end)
        parent.wait(5)
        psutil.wait_procs([child], timeout=2)
        assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE


@posix
@pytest.mark.soundcard
@pytest.mark.realtime
def test_ctrl_c_belongs_to_the_parent(sound_card: SoundCard) -> None:
    with DeviceSource(DEVICE) as source:
        assert read_until(source, time.monotonic() + 0.3)
        (child,) = children()
        child.send_signal(signal.SIGINT)
        child.send_signal(signal.SIGTERM)
        time.sleep(0.2)
        read_until(source, time.monotonic() + 0.2)
        assert source.read(max_wait_s=1.0) is not None
        assert children() == [child]
        assert source.num_reopened == 0


@posix
@pytest.mark.soundcard
@pytest.mark.realtime
def test_nothing_is_left_behind(sound_card: SoundCard) -> None:
    with DeviceSource(DEVICE) as source:  # imports, caches
        read_until(source, time.monotonic() + 0.2)
    gc.collect()
    before = psutil.Process().num_fds(), threading.active_count()
    for _ in range(3):
        with DeviceSource(DEVICE) as source:
            assert source.read(max_wait_s=2.0) is not None
            begin_s = time.monotonic()
        assert time.monotonic() - begin_s < 0.9, "it ends by itself and need not be killed"
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
def test_a_busy_interpreter_loses_nothing(tmp_path: Path, sound_card: SoundCard, work: Callable[[], object]) -> None:
    write_clicks(tmp_path / "clicks.wav", num_clicks=10, every_s=0.25)
    with DeviceSource(DEVICE, sample_rate_hz=RATE_HZ) as source, busy(work):
        player = sound_card.play(tmp_path / "clicks.wav", latency_ms=200)
        blocks = read_until(source, time.monotonic() + 4.0)
        assert player.wait(10) == 0
        assert (source.gap_samples, source.overflow_samples) == (0, 0)
        assert source.notice is None
    clicks = click_positions(np.concatenate([block.samples for block in blocks]))
    np.testing.assert_allclose(np.diff(clicks), 0.25 * RATE_HZ, atol=1)
    assert len(clicks) == 10
    count_and_clock_agree(blocks, within_s=0.03)


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
