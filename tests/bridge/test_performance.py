"""How a performance ends: in good order, at once when asked twice, and without a trace when it could not begin."""

import signal
from pathlib import Path

import pytest

from bridge.dancer.dancer_file import DancerFile
from bridge.performance import Performance
from bridge.sources.file import FileSource
from bridge.system.interrupts import interrupts
from bridge.wire.target import Target
from data.music import demo_song
from tests.tiny_dancer import write_tiny_dancer


def test_a_second_interrupt_does_not_wait():
    before = signal.getsignal(signal.SIGINT)
    with interrupts() as interrupted:
        assert not interrupted.is_set()
        signal.raise_signal(signal.SIGINT)
        assert interrupted.is_set()
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before


def test_a_performance_that_is_refused_leaves_no_take(tmp_path: Path):
    performance = Performance(
        dancer=DancerFile.open(write_tiny_dancer(tmp_path / "tiny.safetensors")),
        source=FileSource(demo_song()),
        source_name="the demo song",
        targets=(Target.parse("vmc:127.0.0.1:39539,rate=45"),),
        takes=tmp_path / "takes",
    )
    with pytest.raises(ValueError, match="rate=45"):
        performance.run()
    assert not list((tmp_path / "takes").iterdir())
