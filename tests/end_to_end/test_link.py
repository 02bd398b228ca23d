"""Ableton Link between two machines that are network namespaces: our clock follows a stranger's tempo and phase.

Link multicasts, so it is let loose only on a cable between two namespaces that this test makes. The machines share
one clock, so that both can tell where they believe the beat to be at the same moments.
"""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bridge.clocks.link import LinkClock
from tests.end_to_end.two_machines import Machine, missing_part, two_machines
from tests.waiting import wait_until

pytestmark = [
    pytest.mark.realtime,
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="network namespaces are Linux's"),
]

ROOT = Path(__file__).resolve().parents[2]
GRID_S = 0.02
START_BPM, LATER_BPM = 128.0, 97.0
SETTLED = 100
"""Moments after which both are sure of each other."""


def ours(orders: list[str]) -> Iterator[dict[str, Any]]:
    """What our clock tells at moments of a common grid."""
    clock = LinkClock()
    clock.start()
    for moment_s in moments(orders):
        beat = clock.beat_at(moment_s)
        yield {"s": moment_s, "beats": beat and beat.beats, "bpm": beat and beat.bpm}
    clock.stop()


def theirs(orders: list[str]) -> Iterator[dict[str, Any]]:
    """What a peer that sets the tempo tells at the same moments; it changes the tempo when it is asked to."""
    import link

    session = link.Link(START_BPM)
    session.enabled = True
    for moment_s in moments(orders):
        state = session.captureSessionState()
        if orders and orders[0] != "":
            state.setTempo(float(orders.pop(0)), session.clock().micros())
            session.commitSessionState(state)
            yield {"changed_s": time.monotonic()}
        before_s, link_us, after_s = time.monotonic(), session.clock().micros(), time.monotonic()
        while after_s - before_s > 1e-4:  # somebody came between the two clocks
            before_s, link_us, after_s = time.monotonic(), session.clock().micros(), time.monotonic()
        ahead_s = moment_s - (before_s + after_s) / 2
        beats = state.beatAtTime(link_us + round(ahead_s * 1e6), 4.0)
        yield {"s": moment_s, "beats": beats, "bpm": state.tempo(), "peers": session.numPeers()}
    session.enabled = False


def moments(orders: list[str]) -> Iterator[float]:
    """Moments of a grid that all processes of this machine share, each a little before it comes; until stopped."""
    index = int(time.monotonic() / GRID_S) + 1
    while "" not in orders:
        time.sleep(max(0.0, (index - 1) * GRID_S - time.monotonic()))
        yield index * GRID_S
        index += 1


@pytest.fixture
def machines() -> Iterator[tuple[Machine, Machine]]:
    """Two network namespaces with a cable between them."""
    pytest.importorskip("link", reason="Ableton Link is not installed: pip install '.[link]'")
    if (missing := missing_part()) is not None:
        pytest.skip(missing)
    with two_machines() as both:
        yield both


class Peer:
    """This file, run as a program on one of the machines; it tells a file, since a full pipe would block it."""

    def __init__(self, process: subprocess.Popen[str], file: Path) -> None:
        self._process = process
        self._file = file
        self._lines: list[dict[str, Any]] = []
        self._at = 0

    def reported(self) -> list[dict[str, Any]]:
        """Everything so far."""
        assert self._process.poll() is None or self._process.returncode == 0
        with self._file.open() as lines:
            lines.seek(self._at)
            for line in lines.read().splitlines(keepends=True):
                if line.endswith("\n"):  # not one that is being written
                    self._lines.append(json.loads(line))
                    self._at += len(line)
        return self._lines

    def order(self, text: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(text + "\n")
        self._process.stdin.flush()

    def end(self) -> None:
        self._process.communicate(timeout=60)  # closes its standard input
        assert self._process.returncode == 0


@contextmanager
def peer(machine: Machine, role: str, file: Path) -> Iterator[Peer]:
    program = [*machine, sys.executable, "-m", "tests.end_to_end.test_link", role]
    with (
        file.open("wb") as out,
        subprocess.Popen(program, cwd=ROOT, stdin=subprocess.PIPE, stdout=out, text=True) as process,
    ):
        try:
            yield Peer(process, file)
        finally:
            process.kill()


def heard_at(clock: Peer, bpm: float) -> int:
    """At how many moments our clock has reported this tempo so far."""
    return sum(line["bpm"] is not None and abs(line["bpm"] - bpm) < 1e-3 for line in clock.reported())


def test_our_clock_follows_a_strangers_tempo_and_phase_and_is_silent_alone(
    machines: tuple[Machine, Machine], tmp_path: Path
):
    with peer(machines[0], "ours", tmp_path / "ours") as follower:
        wait_until(follower.reported, "our clock to be asked")
        with peer(machines[1], "theirs", tmp_path / "theirs") as leader:
            wait_until(
                lambda: leader.reported() and heard_at(follower, START_BPM) > 3 * SETTLED, "the stranger's tempo"
            )
            leader.order(f"{LATER_BPM}")
            wait_until(lambda: heard_at(follower, LATER_BPM) > 2 * SETTLED, "the stranger's new tempo")
            leader.end()
            true = leader.reported()
        wait_until(lambda: follower.reported()[-1]["beats"] is None, "the stranger to be forgotten")
        follower.end()
        heard = follower.reported()

    changed_s = next(line["changed_s"] for line in true if "changed_s" in line)
    truth = {round(line["s"] / GRID_S): line for line in true if "s" in line}
    adopted = {bpm: next(line["s"] for line in heard if line["bpm"] == pytest.approx(bpm)) for bpm in (128.0, 97.0)}
    errors: dict[float, list[float]] = {START_BPM: [], LATER_BPM: []}
    last = max(number for number, line in enumerate(heard) if line["beats"] is not None)
    for line in heard[: last + 1]:  # what comes then was asked after the stranger had left, however late
        other = truth.get(round(line["s"] / GRID_S))
        bpm = START_BPM if line["s"] < changed_s else LATER_BPM
        # Before the two have found each other the session is not theirs together; and updates take their time.
        updates_s = 2.0 if bpm == START_BPM else 0.5
        if other is None or line["s"] < adopted[bpm] + updates_s or abs(line["s"] - changed_s) < 2 * GRID_S:
            continue
        # Whoever was there first would set the tempo; it is the stranger's all the same.
        assert other["bpm"] == pytest.approx(bpm, abs=1e-3)
        assert line["bpm"] == pytest.approx(bpm, abs=1e-3)
        bars = (line["beats"] - other["beats"] + 2.0) % 4.0 - 2.0  # the bar of four beats is shared too
        errors[bpm].append(bars * 60e3 / bpm)
    for bpm, values in errors.items():
        p50, p99, most = np.percentile(np.abs(values), [50, 99, 100])
        print(f"{bpm} bpm: phase error p50 {p50:.3f} ms, p99 {p99:.3f} ms, max {most:.3f} ms of {len(values)} moments")
        assert len(values) > 50
        assert p50 < 5.0
        assert p99 < 20.0
    assert heard[0]["beats"] is None  # alone
    assert heard[-1]["beats"] is None  # alone again
    came_s = next(line["s"] for line in heard if line["beats"] is not None) - true[0]["s"]
    left_s = next(line["s"] for line in reversed(heard) if line["beats"] is not None) - true[-1]["s"]
    print(
        f"joined {came_s:.1f} s after the stranger came; the new tempo was adopted "
        f"{1e3 * (adopted[LATER_BPM] - changed_s):.0f} ms after it was set; the stranger was forgotten {left_s:.1f} s "
        "after the last word"
    )


def take_orders(orders: list[str]) -> None:
    """Notes what comes by standard input, and an empty order at its end."""
    while line := sys.stdin.readline():
        orders.append(line.strip())
    orders.append("")


if __name__ == "__main__":
    given: list[str] = []
    threading.Thread(target=take_orders, args=(given,), daemon=True).start()
    for entry in {"ours": ours, "theirs": theirs}[sys.argv[1]](given):
        print(json.dumps(entry), flush=True)
