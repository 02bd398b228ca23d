"""What a long show is made of: its sound, its audience, what goes wrong, all chosen by one seed."""

import asyncio
import contextlib
import os
import random
import socket
import struct
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import numpy as np
import psutil
from pythonosc.udp_client import SimpleUDPClient

from bridge.wire.osc_template import message_head
from data.formats.sound_file import read_sound, write_sound
from data.music import demo_song
from data.sound.audio_features import INTERNAL_RATE_HZ
from tests.end_to_end.osc_receiver import messages_in
from tests.end_to_end.page_visit import chromium
from tests.end_to_end.performing import ROOT
from tests.ports import listen_at
from tests.sound_card import SoundCard
from training.music_detector.made_sound import talk

KNOBS = {"energy": (0.2, 0.9), "groove": (0.0, 1.0), "temperature": (0.6, 1.2), "leash_m": (1.0, 3.0)}


def write_sounds(folder: Path, seed: int) -> dict[str, Path]:
    """Two minutes of music, and of speech."""
    samples, rate_hz = read_sound(demo_song())
    write_sound(folder / "music.wav", np.tile(samples, int(np.ceil(120 * rate_hz / len(samples)))), rate_hz)
    write_sound(folder / "speech.wav", talk(np.random.default_rng(seed), 120.0), INTERNAL_RATE_HZ)
    return {name: folder / f"{name}.wav" for name in ("music", "speech")}


@dataclass
class Counted:
    """A target that counts, and keeps nothing of an evening but that.

    Attributes:
        port: Where it listens.
        states: Poses in each state.
        clocks: Poses to the beat of each clock.
        num_poses: Poses that came.
        num_lost: Numbers that are missing between them.
        longest_gap_s: Longest time between two that came.
        missed: Deadlines missed, as last reported.
    """

    port: int = 0
    states: Counter[str] = field(default_factory=Counter)
    clocks: Counter[str] = field(default_factory=Counter)
    num_poses: int = 0
    num_lost: int = 0
    longest_gap_s: float = 0.0
    missed: int = 0
    _state: str = ""
    _clock: str = ""

    def run(self, stop: threading.Event) -> None:
        """The thread."""
        last_s, last = 0.0, -1
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ear:
            ear.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
            ear.bind(("127.0.0.1", 0))
            ear.settimeout(0.5)
            self.port = ear.getsockname()[1]
            while not stop.is_set():
                with contextlib.suppress(TimeoutError):
                    for message in messages_in(ear.recv(4096)):
                        if message.address == "/dance/status":
                            self._state, self.missed = message.params[:2]
                        if message.address == "/dance/clock":
                            self._clock = message.params[0]
                        if message.address == "/dance/pose":
                            now_s, sequence = time.monotonic(), int(message.params[0])
                            if last >= 0:
                                self.num_lost += sequence - last - 1
                                self.longest_gap_s = max(self.longest_gap_s, now_s - last_s)
                            last_s, last = now_s, sequence
                            self.num_poses += 1
                            self.states[self._state] += 1
                            self.clocks[self._clock] += 1


class Audience:
    """Ten viewers in a thread, who come, turn knobs, and go."""

    def __init__(self, url: str, seed: int, *, size: int = 10, stay_s: float = 40.0) -> None:
        self.num_visits = self.num_poses = self.num_failed = 0
        self._url, self._size, self._stay_s = url, size, stay_s
        self._rng = random.Random(seed)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._all()))
        self._thread.start()

    def leave(self) -> None:
        """Everybody goes home."""
        self._stop.set()
        self._thread.join()

    async def _all(self) -> None:
        async with aiohttp.ClientSession() as session:
            await asyncio.gather(*(self._viewer(session, number) for number in range(self._size)))

    async def _viewer(self, session: aiohttp.ClientSession, number: int) -> None:
        while not self._stop.is_set():
            end_s = time.monotonic() + self._rng.uniform(0.2, 1.0) * self._stay_s
            try:
                async with session.get(f"{self._url}about") as answer:
                    await answer.read()
                async with session.ws_connect(f"{self._url}socket") as viewer:
                    self.num_visits += 1
                    while time.monotonic() < end_s and not self._stop.is_set():
                        if number < 2 and self._rng.random() < 0.01:  # two of them steer
                            name, (low, high) = self._rng.choice(list(KNOBS.items()))
                            knob = message_head(f"/dance/control/{name}", "f")
                            await viewer.send_bytes(knob + struct.pack(">f", self._rng.uniform(low, high)))
                        with contextlib.suppress(TimeoutError):
                            received = await viewer.receive(timeout=1.0)
                            if received.type is not aiohttp.WSMsgType.BINARY:
                                break
                            self.num_poses += b"/dance/pose" in received.data
            except (aiohttp.ClientError, OSError):
                self.num_failed += 1
                await asyncio.sleep(1.0)


@dataclass
class Show:
    """A performance, and all that happens to it.

    Attributes:
        process: The performance.
        card: The sound card.
        sounds: Files that are played, by name.
        controls: Two foreign OSC clients that steer.
        page: Address of the page.
        cables: Variables by which a drum machine finds the bridge's MIDI port; None where there is no MIDI.
        avatar_port: Where a target is, now and then.
        clock: File that says how far the clock of the day is off.
        rng: Chooses all.
        happened: How often what happened.
    """

    process: psutil.Process
    card: SoundCard
    sounds: dict[str, Path]
    controls: tuple[SimpleUDPClient, SimpleUDPClient]
    page: str
    cables: dict[str, str] | None
    avatar_port: int
    clock: Path
    rng: random.Random
    happened: Counter[str] = field(default_factory=Counter)
    _player: Any = None
    _drums: Any = None
    _visit: Any = None
    _avatar: socket.socket | None = None

    def goes_on(self) -> None:
        """One thing more happens."""
        if self._visit is not None and self._visit.poll() is not None:
            self._end_visit()
        acts: dict[Callable[[], None], int] = {
            self.music: 6, self.silence: 2, self.speech: 2, self.steer: 10, self.panic: 1,
            self.target_comes_or_goes: 3, self.device_is_lost: 1, self.stage_dies: 1, self.clock_jumps: 2,
            self.drum_machine_comes_or_goes: 2, self.somebody_at_the_page: 1,
        }  # fmt: skip
        act = self.rng.choices(list(acts), list(acts.values()))[0]
        act()
        self.happened[act.__name__] += 1

    def music(self) -> None:
        self._play("music")

    def speech(self) -> None:
        self._play("speech")

    def silence(self) -> None:
        if self._player is not None:
            self._player.kill()
            self._player.wait()
        self._player = None

    def steer(self) -> None:
        for _ in range(self.rng.randint(1, 50)):
            name, (low, high) = self.rng.choice(list(KNOBS.items()))
            self.rng.choice(self.controls).send_message(f"/dance/control/{name}", self.rng.uniform(low, high))

    def panic(self) -> None:
        self.rng.choice(self.controls).send_message("/dance/control/panic", [])
        time.sleep(0.5)
        self.rng.choice(self.controls).send_message("/dance/control/idle", 0)

    def drum_machine_comes_or_goes(self) -> None:
        """Its MIDI clock tells the beat while it is there; it stops in good order, or its plug is pulled."""
        if self.cables is None:
            return
        if self._drums is None:
            self._drums = subprocess.Popen(
                [sys.executable, "-m", "tests.end_to_end.drum_machine", f"{self.rng.uniform(70.0, 150.0):.1f}"],
                cwd=ROOT,
                env={**os.environ, **self.cables},
                stdin=subprocess.PIPE,
            )
            return
        if self.rng.random() < 0.5:
            self._drums.kill()
        self._drums.communicate()
        self._drums = None

    def somebody_at_the_page(self) -> None:
        """Comes, steers by keys and by a MIDI controller, panics by its pad, and goes: beside all else."""
        if chromium() is None or self._visit is not None:
            return
        line = [sys.executable, "-m", "tests.end_to_end.page_visit", self.page, str(self.rng.randrange(1 << 30))]
        self._visit = subprocess.Popen(line, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def _end_visit(self) -> None:
        """A visit during which the stage died may fail; the dance that it froze goes on."""
        if self._visit is not None:
            self.happened["visits_well_ended" if self._visit.wait() == 0 else "visits_cut_short"] += 1
            self._visit = None
            for name in ("freeze", "idle"):
                self.controls[0].send_message(f"/dance/control/{name}", 0)

    def target_comes_or_goes(self) -> None:
        if self._avatar is None:
            self._avatar = listen_at(self.avatar_port)
        else:
            self._avatar.close()
            self._avatar = None

    def device_is_lost(self) -> None:
        self.silence()
        self.card.kill()
        time.sleep(self.rng.uniform(0.5, 3.0))
        self.card.start()
        self.music()

    def stage_dies(self) -> None:
        """Its process is killed: viewers find it again."""
        for child in self.process.children():
            with contextlib.suppress(psutil.Error):
                if "bridge.stage.child" in child.cmdline():
                    child.kill()

    def clock_jumps(self) -> None:
        """An hour as at the end of summer, and what a time server corrects."""
        offset_s = self.rng.choice((-3600, 3600, -2, 2, 0, 86_400 * 365))
        part = self.clock.with_suffix(".part")
        part.write_text(f"{offset_s}\n")
        part.replace(self.clock)

    def end(self) -> None:
        """Silence, and nobody listens."""
        self.silence()
        self._end_visit()
        if self._drums is not None:
            self.drum_machine_comes_or_goes()
        if self._avatar is not None:
            self._avatar.close()

    def _play(self, name: str) -> None:
        self.silence()
        self._player = self.card.play(self.sounds[name], latency_ms=200)


def figures(process: psutil.Process) -> dict[str, dict[str, float]]:
    """Memory in MB, descriptors and threads of a performance and of its processes, by name."""
    found: dict[str, dict[str, float]] = {}
    for one in [process, *process.children(recursive=True)]:
        with contextlib.suppress(psutil.Error):
            line = " ".join(one.cmdline())
            name = "bridge" if one == process else "stage" if "stage.child" in line else "capture"
            descriptors = one.num_fds() if os.name == "posix" else one.num_handles()
            memory_mb = round(one.memory_info().rss / 1e6, 1)
            found[name] = {"memory_mb": memory_mb, "descriptors": descriptors, "threads": one.num_threads()}
    return found
