"""Ctrl-C is heard whenever it comes, also in the moment in which the main thread begins to wait."""

import os
import signal
import subprocess
import sys
import threading

import pytest

from bridge.system.interrupts import Interrupt, interrupts
from tests.waiting import GENEROUS_S


def test_it_waits_so_long_and_wakes_who_waits() -> None:
    interrupt = Interrupt()
    assert not interrupt.wait(0.0)
    waiting = [threading.Thread(target=interrupt.wait, args=(GENEROUS_S,)) for _ in range(3)]
    for thread in waiting:
        thread.start()
    interrupt.set()
    for thread in waiting:
        thread.join(GENEROUS_S)
    assert not any(thread.is_alive() for thread in waiting)
    assert interrupt.wait()


@pytest.mark.realtime
def test_a_signal_of_another_process_is_heard_in_any_moment() -> None:
    """A `threading.Event` hung here within seconds: its lock was held by the very thread whose handler set it."""
    loop = f"for _ in range(1500):\n    os.kill({os.getpid()}, signal.SIGINT)\n    time.sleep(1e-3)"
    signals = f"import os, signal, time\n{loop}"
    interrupt = Interrupt()
    previous = signal.signal(signal.SIGINT, lambda *_: interrupt.set())
    try:
        with subprocess.Popen([sys.executable, "-c", signals]) as sender:
            while sender.poll() is None:
                interrupt.wait(1e-5)
                interrupt = Interrupt()
    finally:
        signal.signal(signal.SIGINT, previous)
    assert sender.returncode == 0


def test_ctrl_c_is_an_event_and_the_second_ends_at_once() -> None:
    with interrupts() as interrupted:
        signal.raise_signal(signal.SIGINT)
        assert interrupted.wait(GENEROUS_S)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
