"""Ableton Link between two machines that are network namespaces: our clock follows a stranger's tempo and phase.

Link multicasts, so it is let loose only on a cable between two namespaces that this test makes. The machines share
one clock, so that both can tell where they believe the beat to be at the same moments.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bridge.clocks.link import LinkClock

pytestmark = [
    pytest.mark.realtime,
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="network namespaces are Linux's"),
]

ROOT = Path(__file__).resolve().parents[2]
GRID_S = 0.02
START_BPM, LATER_BPM = 128.0, 97.0
ALONE_S, JOINED_S = 2.0, 24.0
CHANGE_S = 12.0


def ours(seconds: float) -> Iterator[dict[str, Any]]:
    """What our clock tells at moments of a common grid."""
    clock = LinkClock()
    clock.start()
    for moment_s in moments(seconds):
        beat = clock.beat_at(moment_s)
        yield {"s": moment_s, "beats": beat and beat.beats, "bpm": beat and beat.bpm}
    clock.stop()


def theirs(seconds: float) -> Iterator[dict[str, Any]]:
    """What a peer that sets the tempo tells at the same moments; it changes the tempo in between."""
    import link

    session = link.Link(START_BPM)
    session.enabled = True
    begin_s = time.monotonic()
    has_changed = False
    for moment_s in moments(seconds):
        state = session.captureSessionState()
        if not has_changed and moment_s - begin_s > CHANGE_S:
            state.setTempo(LATER_BPM, session.clock().micros())
            session.commitSessionState(state)
            has_changed = True
            yield {"changed_s": time.monotonic()}
        before_s = time.monotonic()
        link_us = session.clock().micros()
        ahead_s = moment_s - (before_s + time.monotonic()) / 2
        beats = state.beatAtTime(link_us + round(ahead_s * 1e6), 4.0)
        yield {"s": moment_s, "beats": beats, "bpm": state.tempo(), "peers": session.numPeers()}
    session.enabled = False


def moments(seconds: float) -> Iterator[float]:
    """Moments of a grid that all processes of this machine share, each a little before it comes."""
    first = int(time.monotonic() / GRID_S) + 1
    for index in range(first, first + round(seconds / GRID_S)):
        time.sleep(max(0.0, (index - 1) * GRID_S - time.monotonic()))
        yield index * GRID_S


def run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True, text=True)


@pytest.fixture
def machines() -> Iterator[tuple[str, str]]:
    """Two network namespaces with a cable between them."""
    pytest.importorskip("link", reason="Ableton Link is not installed: pip install '.[link]'")
    if shutil.which("ip") is None:
        pytest.skip("network namespaces are made by ip, of the package iproute2")
    names = f"link{os.getpid()}a", f"link{os.getpid()}b"
    with ExitStack() as stack:
        for name in names:
            made = subprocess.run(["ip", "netns", "add", name], capture_output=True, text=True)
            if made.returncode:
                pytest.skip(f"this machine does not let network namespaces be made: {made.stderr.strip()}")
            stack.callback(run, "ip", "netns", "del", name)
        ends = [f"l{os.getpid() % 10**6}{letter}" for letter in "ab"]
        run("ip", "link", "add", ends[0], "netns", names[0], "type", "veth", "peer", "name", ends[1], "netns", names[1])
        for index, (name, end) in enumerate(zip(names, ends, strict=True)):
            run("ip", "-n", name, "addr", "add", f"10.77.0.{index + 1}/24", "dev", end)
            run("ip", "-n", name, "link", "set", "lo", "up")
            run("ip", "-n", name, "link", "set", end, "up")
            run("ip", "-n", name, "route", "add", "224.0.0.0/4", "dev", end)
        yield names


@contextmanager
def peer(machine: str, role: str, seconds: float, lines: Path) -> Iterator[subprocess.Popen[bytes]]:
    """This file, run as a program on one of the machines; it tells a file, since a full pipe would block it."""
    program = [sys.executable, "-m", "tests.end_to_end.test_link", role, str(seconds)]
    with (
        lines.open("wb") as out,
        subprocess.Popen(["ip", "netns", "exec", machine, *program], cwd=ROOT, stdout=out) as process,
    ):
        try:
            yield process
        finally:
            process.kill()


def test_our_clock_follows_a_strangers_tempo_and_phase_and_is_silent_alone(machines: tuple[str, str], tmp_path: Path):
    files = tmp_path / "ours", tmp_path / "theirs"
    with peer(machines[0], "ours", ALONE_S + JOINED_S + 12.0, files[0]) as follower:
        time.sleep(ALONE_S)
        with peer(machines[1], "theirs", JOINED_S, files[1]) as leader:
            assert leader.wait(100) == 0
        assert follower.wait(100) == 0
    heard, true = ([json.loads(line) for line in file.read_text().splitlines()] for file in files)

    changed_s = next(line["changed_s"] for line in true if "changed_s" in line)
    # Before the two have found each other the session is not theirs together.
    joined_s = next(line["s"] for line in heard if line["beats"] is not None) + 2.0
    truth = {round(line["s"] / GRID_S): line for line in true if "s" in line}
    errors: dict[float, list[float]] = {START_BPM: [], LATER_BPM: []}
    adopted_s = next(line["s"] for line in heard if line["s"] > changed_s and line["bpm"] == pytest.approx(LATER_BPM))
    for line in heard:
        other = truth.get(round(line["s"] / GRID_S))
        if other is None or line["s"] < joined_s or changed_s - GRID_S < line["s"] < adopted_s + 0.5:
            continue  # news take their time
        bpm = START_BPM if line["s"] < changed_s else LATER_BPM
        # Whoever was there first would set the tempo; it is the stranger's all the same.
        assert other["bpm"] == pytest.approx(bpm, abs=1e-3)
        assert line["bpm"] == pytest.approx(bpm, abs=1e-3)
        bars = (line["beats"] - other["beats"] + 2.0) % 4.0 - 2.0  # the bar of four beats is shared too
        errors[bpm].append(bars * 60e3 / bpm)
    for bpm, values in errors.items():
        p50, p99, most = np.percentile(np.abs(values), [50, 99, 100])
        print(f"{bpm} bpm: phase error p50 {p50:.3f} ms, p99 {p99:.3f} ms, max {most:.3f} ms of {len(values)} moments")
        assert len(values) > 100
        assert p50 < 5.0
        assert p99 < 20.0
    assert heard[0]["beats"] is None  # alone
    assert heard[-1]["beats"] is None  # alone again
    came_s = next(line["s"] for line in heard if line["beats"] is not None) - true[0]["s"]
    left_s = next(line["s"] for line in reversed(heard) if line["beats"] is not None) - true[-1]["s"]
    print(
        f"joined {came_s:.1f} s after the stranger came; the new tempo was adopted {1e3 * (adopted_s - changed_s):.0f} "
        f"ms after it was set; the stranger was forgotten {left_s:.1f} s after the last word"
    )


if __name__ == "__main__":
    for line in {"ours": ours, "theirs": theirs}[sys.argv[1]](float(sys.argv[2])):
        print(json.dumps(line), flush=True)
