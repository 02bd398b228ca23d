"""Interrupts: the first ends a performance in good order, the second does not wait for anything."""

import signal

import pytest

from bridge.performance import interrupts


def test_a_second_interrupt_does_not_wait():
    before = signal.getsignal(signal.SIGINT)
    with interrupts() as interrupted:
        assert not interrupted.is_set()
        signal.raise_signal(signal.SIGINT)
        assert interrupted.is_set()
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before
