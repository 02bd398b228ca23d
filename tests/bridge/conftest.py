"""Fixtures of the bridge's tests."""

import tempfile
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest

from bridge.checks.dancing import check_dancer
from tests.bridge.numbered_sound import write_numbered
from tests.sound_card import SoundCard, missing_part, portaudio_on, running_sound_card
from tests.waiting import GENEROUS_S


@pytest.fixture
def sound_card() -> Iterator[SoundCard]:
    """A software sound card to which PortAudio in this process is connected; its device is called `pulse`."""
    if (missing := missing_part()) is not None:
        pytest.skip(missing)
    # Not tmp_path: the path of a socket may have 107 bytes at most.
    with tempfile.TemporaryDirectory() as folder, running_sound_card(Path(folder)) as card, portaudio_on(card):
        yield card


@pytest.fixture(scope="session")
def numbered_wav(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Forty seconds of numbered samples, as many as the sound server takes into its memory."""
    return write_numbered(tmp_path_factory.mktemp("sound") / "numbered.wav", seconds=40.0)


@pytest.fixture
def patient_doctor(monkeypatch: pytest.MonkeyPatch) -> None:
    """The doctor waits for as long as this machine needs, and counts what its own work took; it looks less often."""
    monkeypatch.setattr("bridge.checks.sound._OPENING_S", GENEROUS_S)
    monkeypatch.setattr("bridge.checks.network._PING_PATIENCE_S", GENEROUS_S)
    clock = SimpleNamespace(monotonic=time.monotonic, perf_counter=time.thread_time)
    monkeypatch.setattr("bridge.checks.dancing.time", clock)
    monkeypatch.setattr("bridge.checks.network._NUM_PINGS", 10)
    monkeypatch.setattr("bridge.checks.timing._NUM_SLEEPS", 30)
    monkeypatch.setattr("bridge.checks.doctor.check_dancer", partial(check_dancer, seconds=0.1))
