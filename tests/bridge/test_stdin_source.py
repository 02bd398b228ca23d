"""Sound through a pipe: any form, any size of pieces, at its own pace; that is kept in simulated time."""

import io
import os
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import BinaryIO

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.sources import stdin
from bridge.sources.sample_format import SampleFormat, read_wav_header
from bridge.sources.source import SoundBlock
from bridge.sources.stdin import StdinSource
from tests.bridge.hand_fed import HandFed
from tests.bridge.running_timeline import RunningTimeline
from tests.simulated_time import SimulatedTime
from tests.waiting import GENEROUS_S

RATE_HZ = 8000


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> SimulatedTime:
    """The clock by which the pipe is read. It stands still while the source waits for the writer."""
    clock = SimulatedTime()
    monkeypatch.setattr("bridge.sources.stdin.time", clock)
    return clock


class Pieces(io.RawIOBase):
    """A pipe that gives its bytes in pieces of the given sizes, over and over."""

    def __init__(self, content: bytes, sizes: list[int]) -> None:
        self._content, self._sizes, self._next = content, sizes, 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        size = min(size, self._sizes[self._next % len(self._sizes)])
        self._next += 1
        piece, self._content = self._content[:size], self._content[size:]
        return piece


def read_all(source: StdinSource) -> list[SoundBlock]:
    blocks = []
    while not source.ended:
        if (block := source.read(max_wait_s=0.5)) is not None:
            assert block.capture_time_us <= stdin.time.monotonic_ns() // 1000
            blocks.append(block)
    return blocks


def samples_of(source: StdinSource) -> np.ndarray:
    with source:
        return np.concatenate([block.samples for block in read_all(source)])


def wav(samples: np.ndarray, subtype: str, *, extensible: bool = False, rate_hz: int = RATE_HZ) -> bytes:
    file = io.BytesIO()
    soundfile.write(file, samples, rate_hz, format="WAVEX" if extensible else "WAV", subtype=subtype)
    return file.getvalue()


def with_data_size(content: bytes, size: int) -> bytes:
    """The WAV as a program writes it that does not know how long it becomes."""
    at = content.index(b"data")
    return content[: at + 4] + struct.pack("<I", size) + content[at + 8 :]


def noise(num_frames: int, channels: int) -> np.ndarray:
    return np.random.default_rng(0).uniform(-0.9, 0.9, (num_frames, channels)).astype(np.float32)


STEPS = {"PCM_U8": 2**-7, "PCM_16": 2**-15, "PCM_24": 2**-23, "PCM_32": 2**-24, "FLOAT": 0.0}


@pytest.mark.parametrize("extensible", [False, True])
@pytest.mark.parametrize("channels", [1, 2, 5])
@pytest.mark.parametrize("subtype", list(STEPS))
@pytest.mark.parametrize("size", [None, 0, 0xFFFFFFFF, 0x7FFFFFDB, 0x7FFF0000])
def test_every_wav_is_heard(subtype: str, channels: int, extensible: bool, size: int | None) -> None:
    sound = noise(RATE_HZ // 50 + 8, channels)
    content = wav(sound, subtype, extensible=extensible)
    if size is not None:
        content = with_data_size(content, size)
    heard = samples_of(StdinSource(stream=io.BytesIO(content)))
    np.testing.assert_allclose(heard, sound.mean(axis=1), rtol=0, atol=STEPS[subtype] + 1e-7)


def test_what_follows_the_sound_is_not_heard() -> None:
    sound = noise(RATE_HZ // 50, 1)
    content = wav(sound, "PCM_16") + b"LIST" + struct.pack("<I", 4000) + b"\x7f" * 4000
    assert len(samples_of(StdinSource(stream=io.BytesIO(content)))) == len(sound)


def test_rf64_of_unknown_and_known_length() -> None:
    sound = noise(300, 2)
    plain = wav(sound, "PCM_16")
    rest = plain[12 : plain.index(b"data")]
    data = plain[plain.index(b"data") + 8 :]
    for length in (0, len(data)):
        ds64 = b"ds64" + struct.pack("<IQQQI", 28, 0, length, 0, 0)
        content = b"RF64\xff\xff\xff\xffWAVE" + ds64 + rest + b"data\xff\xff\xff\xff" + data
        tail = b"" if length == 0 else b"LIST\x10\x00\x00\x00" + b"\x55" * 16
        heard = samples_of(StdinSource(stream=io.BytesIO(content + tail)))
        np.testing.assert_allclose(heard, sound.mean(axis=1), atol=2**-14)


@given(
    st.sampled_from(["u8", "s16le", "s24le", "s32le", "f32le"]),
    st.integers(1, 3),
    st.lists(st.integers(1, 700), min_size=1, max_size=20),
    st.integers(0, 6),
)
@settings(max_examples=40, deadline=None)
def test_the_size_of_pieces_changes_nothing(form: str, channels: int, sizes: list[int], cut: int) -> None:
    """Frames may be cut anywhere; one that is cut off at the end is left out."""
    format_ = SampleFormat(form, 48000, channels)
    content = np.random.default_rng(1).integers(0, 256, 1200 * channels, np.uint8).tobytes()
    content = content[: len(content) - cut]
    whole = content[: len(content) - len(content) % format_.frame_bytes]
    heard = samples_of(StdinSource(f"{form}:48000:{channels}", stream=Pieces(content, sizes)))
    np.testing.assert_array_equal(heard, format_.to_mono(whole))
    assert np.isfinite(heard).all()


def test_full_scale_and_what_is_no_number() -> None:
    one = struct.pack("<4f", np.nan, 1.0, np.inf, -0.5)
    assert SampleFormat("f32le", 48000, 1).to_mono(one).tolist() == [0.0, 1.0, 0.0, -0.5]
    assert SampleFormat("f32le", 48000, 2).to_mono(one).tolist() == [0.5, -0.25]
    huge = struct.pack("<2f", 3e38, 3e38)
    assert np.isfinite(SampleFormat("f32le", 48000, 2).to_mono(huge)).all()
    assert SampleFormat("u8", 48000, 1).to_mono(b"\x00\x80\xff").tolist() == [-1.0, 0.0, 127 / 128]
    assert SampleFormat("s24le", 48000, 1).to_mono(b"\x00\x00\x80\xff\xff\xff").tolist() == [-1.0, -(2.0**-23)]


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("s16le", "s16le:48000:2"),
        ("s16le:48000", "'s16le:48000' is not FORM:RATE:CHANNELS"),
        ("s16be:48000:2", "'s16be' are not understood, only u8, s16le"),
        ("s16le:7:2", "not 7"),
        ("s16le:48000:0", "not 0"),
        ("s16le:4800x:1", "4800x"),
    ],
)
def test_a_bad_form_is_refused_at_once(raw: str, words: str) -> None:
    with pytest.raises(ValueError, match=words) as caught:
        StdinSource(raw)
    assert "\n" not in str(caught.value)


GOOD = wav(noise(100, 2), "PCM_16")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "nothing came through the pipe"),
        (b"ID3\x03 and an MP3 follows", r"begins with b'ID3"),
        (GOOD[:20], "ends within its header|has a `fmt `"),
        (GOOD[:12] + b"data\x00\x00\x00\x00", "no `fmt `"),
        (wav(noise(100, 1), "ALAW"), "0x0006 with 8 bits"),
        (wav(noise(100, 1), "DOUBLE"), "0x0003 with 64 bits"),
        (GOOD[:22] + b"\x00\x00" + GOOD[24:], "1 to 256 channels, not 0"),
        (GOOD[:32] + b"\x07\x00" + GOOD[34:], "a frame has 7 bytes"),
        (GOOD[:12] + b"junk\xff\xff\xff\xff" + GOOD[12:], "has no sound"),
    ],
)
def test_a_bad_header_is_one_clear_line(content: bytes, words: str) -> None:
    source = StdinSource(stream=io.BytesIO(content))
    with pytest.raises(ValueError, match=words) as caught:
        source.start()
    assert "ffmpeg" in str(caught.value) or "program" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert source.ended
    source.stop()


@given(st.binary(max_size=60), st.integers(0, 43))
@settings(max_examples=200, deadline=None)
def test_no_header_brings_anything_but_value_errors(garbage: bytes, at: int) -> None:
    content = GOOD[:at] + garbage + GOOD[at + len(garbage) :]
    try:
        format_, num_bytes = read_wav_header(io.BytesIO(content))
    except ValueError:
        return
    assert format_.frame_bytes > 0
    assert num_bytes is None or num_bytes > 0


def test_before_it_starts_a_source_has_ended() -> None:
    source = StdinSource()
    assert source.ended
    assert source.notice is None
    assert (source.sample_rate_hz, source.overflow_samples, source.gap_samples) == (0, 0, 0)
    assert source.read(0.0) is None
    source.stop()


def pipe() -> tuple[BinaryIO, BinaryIO]:
    reader, writer = os.pipe()
    return open(reader, "rb", buffering=0), open(writer, "wb", buffering=0)  # noqa: PTH123


def written_by(write: Callable[[BinaryIO], None]) -> tuple[BinaryIO, threading.Thread]:
    """The reading end of a pipe into which a thread writes."""
    reader, writer = pipe()

    def run() -> None:
        with writer:
            write(writer)

    thread = threading.Thread(target=run)
    thread.start()
    return reader, thread


def test_a_fast_writer_is_slowed_down_to_real_time(clock: SimulatedTime) -> None:
    sound = np.random.default_rng(0).integers(-(2**15), 2**15, 2 * 48000, "<i2")
    written_s: list[float] = []

    def write(writer: BinaryIO) -> None:
        for start in range(0, len(sound), 480):
            writer.write(sound[start : start + 480].tobytes())
            written_s.append(clock.monotonic())

    reader, thread = written_by(write)
    begin_s = clock.monotonic()
    blocks = []
    with reader, StdinSource("s16le:48000:1", stream=reader) as source:
        while not source.ended:
            if (block := source.read(max_wait_s=0.5)) is not None:
                assert 0 <= clock.monotonic_ns() // 1000 - block.capture_time_us <= 1, "neither early nor late"
                blocks.append(block)
        assert source.notice is None
    thread.join()
    np.testing.assert_array_equal(np.concatenate([block.samples for block in blocks]), sound / np.float32(2**15))
    assert {len(block.samples) for block in blocks} == {480}
    times_s = np.array([block.capture_time_us for block in blocks]) * 1e-6
    np.testing.assert_allclose(np.diff(times_s), 0.01, atol=2e-6)
    # The first ten milliseconds had sounded when they came.
    assert clock.monotonic() - begin_s == pytest.approx(2.0 - 0.01, abs=1e-4)
    # 192 kB: a quarter of a second is taken ahead, 64 kB fit into a pipe of Linux, the rest had to wait.
    assert written_s[-1] - begin_s > 1.0


def test_a_writer_that_pauses_leaves_silence_of_that_length(clock: SimulatedTime) -> None:
    tone = np.full(RATE_HZ // 100, 0.5, "<f4")
    blocks: list[SoundBlock] = []
    notices = set()
    with HandFed() as stream, StdinSource(f"f32le:{RATE_HZ}:1", stream=stream) as source:
        timeline = RunningTimeline(RATE_HZ, clock.monotonic() - 0.01)
        num_given = 0
        for hundredth in range(300):
            if not 50 <= hundredth < 250:
                stream.write(tone.tobytes())
            while (block := source.read(max_wait_s=0.0)) is not None:
                assert block.capture_time_us <= clock.monotonic_ns() // 1000
                blocks.append(block)
                num_given += len(timeline.accept(block))
            num_given += len(timeline.fill(clock.monotonic()))
            notices.add(source.notice)
            clock.sleep(0.01)
    samples = np.concatenate([block.samples for block in blocks])
    edges = np.flatnonzero(np.diff(samples))
    assert len(edges) == 2
    assert edges[0] == RATE_HZ // 2 - 1
    assert np.diff(edges)[0] == pytest.approx(2.0 * RATE_HZ, abs=2)
    assert len(samples) == pytest.approx(3.0 * RATE_HZ, abs=2)
    assert num_given == pytest.approx(len(samples), abs=2), "the timeline filled nothing twice"
    ends = np.cumsum([len(block.samples) for block in blocks]) / RATE_HZ
    times_s = np.array([block.capture_time_us for block in blocks]) * 1e-6
    assert np.ptp(times_s - ends) < 3 / RATE_HZ, "count and clock agree"
    assert notices == {None, "nothing comes through the pipe: does the other program still run?"}


def test_a_slow_writer_does_not_slow_down_time(clock: SimulatedTime) -> None:
    piece = np.full(RATE_HZ // 50, 0.5, "<f4")
    given = []
    with HandFed() as stream, StdinSource(f"f32le:{RATE_HZ}:1", stream=stream) as source:
        begin_s = clock.monotonic() - 0.01
        for _ in range(40):
            stream.write(piece.tobytes())
            for _ in range(4):  # half as fast as it should be
                while (block := source.read(max_wait_s=0.0)) is not None:
                    given.append(block.samples)
                clock.sleep(0.01)
            behind_s = clock.monotonic() - begin_s - sum(map(len, given)) / RATE_HZ
            assert 0.0 < behind_s < 0.05 + 0.04, "50 ms are waited for, and the next piece"
    assert np.count_nonzero(np.concatenate(given)) == 40 * len(piece)


def test_a_reader_that_was_late_gets_what_it_missed_at_once(clock: SimulatedTime) -> None:
    ramp = np.arange(30 * RATE_HZ // 100, dtype="<i2")
    with HandFed() as stream, StdinSource(f"s16le:{RATE_HZ}:1", stream=stream) as source:
        blocks = []
        for hundredth, piece in enumerate(ramp.reshape(30, -1)):
            clock.sleep(0.01)
            stream.write(piece.tobytes())
            if hundredth < 10:
                blocks.append(source.read(0.0))
        late_s = clock.monotonic()
        blocks += [source.read(0.0) for _ in range(20)]
        assert clock.monotonic() == pytest.approx(late_s, abs=1e-6), "these were due"
        assert source.read(0.0) is None
    samples = np.concatenate([block.samples for block in blocks if block is not None])
    np.testing.assert_array_equal(samples, ramp / np.float32(2**15))
    times_s = np.array([block.capture_time_us for block in blocks if block is not None]) * 1e-6
    np.testing.assert_allclose(np.diff(times_s), 0.01, atol=2e-6)


def test_a_header_may_take_its_time_and_stop_does_not_wait(clock: SimulatedTime) -> None:
    stream, is_over = HandFed(), threading.Event()

    def write() -> None:
        for byte in GOOD[: GOOD.index(b"data") + 8]:
            clock.sleep(0.1)
            stream.write(bytes([byte]))
        is_over.wait()
        stream.close()

    thread = threading.Thread(target=write)
    thread.start()
    try:
        with StdinSource(stream=stream) as source:
            assert source.sample_rate_hz == RATE_HZ
            source.stop()
            assert source.ended
        assert thread.is_alive(), "it did not wait for the writer"
    finally:
        is_over.set()
        thread.join()


def test_a_terminal_is_answered_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(ValueError, match="transflower perform --file -"):
        StdinSource().start()


@pytest.mark.realtime
def test_the_clock_by_which_a_pipe_is_read_is_that_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bridge.sources.stdin.time", time)
    ramp = np.arange(1, 1601, dtype="<i2")
    reader, thread = written_by(lambda writer: writer.write(ramp.tobytes()) and None)
    thread.join()
    begin_s = time.monotonic()
    with reader, StdinSource(f"s16le:{RATE_HZ}:1", stream=reader) as source:
        samples = np.concatenate([block.samples for block in read_all(source)])
    assert time.monotonic() - begin_s > 0.2 - 0.01 - 1e-3
    # A source that is kept from reading for 50 ms takes the writer for late, and gives zeros for that.
    np.testing.assert_array_equal(samples[samples != 0.0], ramp / np.float32(2**15))


@pytest.mark.realtime
def test_real_standard_input_ends_cleanly_even_while_the_writer_is_silent() -> None:
    code = (
        "from bridge.sources.stdin import StdinSource\n"
        "source = StdinSource('s16le:8000:1')\n"
        "with source:\n"
        f"    block = source.read({GENEROUS_S})\n"
        "print(len(block.samples), source.ended)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdin=-1, stdout=-1, stderr=-1) as process:
        try:
            assert process.stdin is not None
            assert process.stdout is not None
            assert process.stderr is not None
            process.stdin.write(bytes(800))
            process.stdin.flush()
            assert process.wait(GENEROUS_S) == 0, process.stderr.read()
            assert process.stdout.read().split() == [b"80", b"True"]
            assert process.stderr.read() == b""
        finally:
            process.kill()
