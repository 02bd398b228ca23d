"""A show of hours on which everything happens, by one seed: real sound card, real dancer, real sockets, real time.

`TRANSFLOWER_SHOW_S=7200 pytest -s tests/end_to_end/test_long_show.py` is two hours, `TRANSFLOWER_SHOW_SEED=3` another
evening, and `TRANSFLOWER_SHOW_JSON=show.json` keeps the figures that it prints.
"""

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil
import pytest
from pythonosc.udp_client import SimpleUDPClient

from bridge.takes.outline import read_outline
from tests.end_to_end.page_visit import chromium
from tests.end_to_end.performing import ROOT
from tests.end_to_end.show import Audience, Counted, Show, figures, write_sounds
from tests.midi_cables import missing_part as missing_midi
from tests.midi_cables import running_jack
from tests.ports import held_port
from tests.sound_card import DEVICE, missing_part, running_sound_card
from tests.waiting import GENEROUS_S, wait_until

SHOW_S = float(os.environ.get("TRANSFLOWER_SHOW_S", "25"))
SEED = int(os.environ.get("TRANSFLOWER_SHOW_SEED", "26"))
WARM_UP_S = min(60.0, SHOW_S / 4)
"""Until then things are loaded and caches fill."""
JACK_PERIOD = 1024
"""21 ms: a cycle more often would wake three processes for messages that come 50 times a second."""

pytestmark = [
    pytest.mark.realtime,
    pytest.mark.slow,
    pytest.mark.soundcard,
    pytest.mark.timeout(SHOW_S + 600),
    pytest.mark.skipif(sys.platform == "win32", reason="signals are sent as on POSIX"),
]


def test_a_long_show_ends_as_it_began(tmp_path: Path) -> None:
    if (missing := missing_part()) is not None:
        pytest.skip(missing)
    addresses, output, summary = tmp_path / "addresses.json", tmp_path / "output.txt", tmp_path / "summary.json"
    (clock := tmp_path / "clock").write_text("0\n")
    stop, counted = threading.Event(), Counted()
    counting = threading.Thread(target=counted.run, args=(stop,))
    counting.start()
    wait_until(lambda: counted.port, "a port")
    with (
        tempfile.TemporaryDirectory() as card_folder,
        running_sound_card(Path(card_folder)) as card,
        held_port() as avatar_port,
        contextlib.nullcontext() if missing_midi() else running_jack(JACK_PERIOD) as cables,
        output.open("wb") as log,
        subprocess.Popen(  # a start as users have it, in no warm process
            [
                *(
                    sys.executable,
                    "-m",
                    "tests.end_to_end.jumping_clock",
                    "perform",
                    "--input",
                    DEVICE,
                    "--seed",
                    str(SEED),
                ),
                *("--target", f"dance:127.0.0.1:{counted.port}", f"vmc:127.0.0.1:{avatar_port}"),
                *("--control", "127.0.0.1:0", "--query-port", "0", "--stage", "127.0.0.1:0"),
                *(("--midi", "virtual") if cables else ()),
                *("--addresses", str(addresses), "--json", str(summary), "--takes", str(tmp_path / "takes")),
            ],
            cwd=ROOT,
            env={**os.environ, **card.environment, **(cables or {}), "TRANSFLOWER_CLOCK_FILE": str(clock)},
            stdout=log,
            stderr=subprocess.STDOUT,
        ) as performance,
    ):
        try:
            wait_until(lambda: performance.poll() is not None or addresses.is_file(), "the addresses", 2 * GENEROUS_S)
            assert performance.poll() is None, output.read_text(errors="replace")[-3000:]
            places = json.loads(addresses.read_text())
            with SimpleUDPClient(*places["control"]) as one, SimpleUDPClient(*places["control"]) as other:
                show = Show(
                    psutil.Process(performance.pid), card, write_sounds(tmp_path, SEED), (one, other),
                    places["stage"][0], cables, avatar_port, clock, random.Random(SEED),
                )  # fmt: skip
                begin = perform(show, performance, counted)
                end, viewers = begin.pop("end"), begin.pop("viewers")
            performance.send_signal(signal.SIGINT)
            assert performance.wait(2 * GENEROUS_S) == 0, output.read_text(errors="replace")[-3000:]
        finally:
            performance.kill()
            stop.set()
            counting.join()
    (take,) = (tmp_path / "takes").glob("*.take")
    went = json.loads(summary.read_text())
    result = {
        "seconds": SHOW_S, "seed": SEED, "happened": dict(show.happened),
        "begin": begin, "end": end, "viewers": viewers, "poses": counted.num_poses, "poses_lost": counted.num_lost,
        "states": dict(counted.states), "clocks": dict(counted.clocks),
        "longest_gap_s": round(counted.longest_gap_s, 3),
        "deadlines_missed": went["deadlines_missed"], "deadlines_missed_percent": went["deadlines_missed_percent"],
        "controls_applied": went["controls_applied"], "take_s": round(read_outline(take).duration_s, 1),
        "processor_s": begin["processor_s"],
    }  # fmt: skip
    keep(result)
    if SHOW_S >= 600 and chromium() is not None:
        assert show.happened["visits_well_ended"], "nobody could steer by the page's keys and MIDI"
    assert went["problem"] is None
    assert counted.num_poses >= went["frames_sent"] - counted.num_lost - 60
    assert read_outline(take).lost_bytes == 0
    for name, had in begin["processes"].items():
        has = end["processes"][name]
        assert has["descriptors"] <= had["descriptors"] + 24, f"{name} keeps descriptors: {had} {has}"
        assert has["threads"] <= had["threads"] + 8, f"{name} keeps threads: {had} {has}"
        if SHOW_S >= 3600:
            assert has["memory_mb"] <= 1.25 * had["memory_mb"] + 40, f"{name} grows: {had} {has}"


def perform(show: Show, performance: "subprocess.Popen[bytes]", counted: Counted) -> dict:
    """Lets the show happen; the figures of its beginning, and those of its end within them."""
    show.music()
    wait_until(lambda: counted.states["dancing"] > 30, f"the dance, {counted}", 2 * GENEROUS_S)
    if show.cables is not None:
        show.drum_machine_comes_or_goes()
        wait_until(lambda: counted.clocks["midi"] > 0, f"the drum machine's beat, {counted}", 2 * GENEROUS_S)
    show.somebody_at_the_page()
    audience = Audience(show.page, SEED)
    begin_s, begin = time.monotonic(), {}
    try:
        while (elapsed_s := time.monotonic() - begin_s) < SHOW_S:
            assert performance.poll() is None, f"it ended after {elapsed_s:.0f} s and {dict(show.happened)}"
            show.goes_on()
            if not begin and elapsed_s >= WARM_UP_S:
                begin = {"processes": figures(show.process), "missed": counted.missed}
            time.sleep(min(show.rng.uniform(1.0, 8.0), max(0.0, SHOW_S - (time.monotonic() - begin_s))))
    finally:
        show.end()
        audience.leave()
    times = show.process.cpu_times()
    begin = begin or {"processes": figures(show.process), "missed": counted.missed}
    wait_until(lambda: "stage" in figures(show.process), "the stage's process, should it just have died")
    return {
        **begin,
        "end": {"processes": figures(show.process), "missed": counted.missed},
        "viewers": {"visits": audience.num_visits, "turned_away": audience.num_failed, "poses": audience.num_poses},
        "processor_s": round(times.user + times.system, 1),
    }


def keep(result: dict) -> None:
    """Prints the figures, and writes them where they are wanted."""
    print(json.dumps({key: value for key, value in result.items() if key not in ("begin", "end")}, indent=1))
    print(f"{'':10}{'memory, MB':>18}{'descriptors':>16}{'threads':>12}   at the beginning, at the end")
    for name, had in result["begin"]["processes"].items():
        has = result["end"]["processes"].get(name, had)
        cells = [f"{had[key]:g}, {has[key]:g}" for key in ("memory_mb", "descriptors", "threads")]
        print(f"{name:10}{cells[0]:>18}{cells[1]:>16}{cells[2]:>12}")
    if (file := os.environ.get("TRANSFLOWER_SHOW_JSON")) is not None:
        Path(file).write_text(json.dumps(result, indent=1) + "\n")
