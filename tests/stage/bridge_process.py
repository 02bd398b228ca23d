"""A bridge as users start it, with its stage, and a witness who hears backstage what it does."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from pythonosc.osc_message import OscMessage

from tests.end_to_end.witness import Witness, Witnesses, messages_in
from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[2]


def wait_until(condition: Callable[[], Any], seconds: float = 30.0, what: str = "it") -> Any:
    """The first value of the condition that is true.

    Raises:
        AssertionError: There was none in that time.
    """
    deadline_s = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < deadline_s, f"waited {seconds:g} s for {what}"
        time.sleep(0.02)
    return value


class BridgeProcess:
    """`transflower demo`, or `perform` where options name a sound, in a process of its own.

    Attributes:
        url: Of the page.
        port: Of the page.
        folder: Holds `takes` and `presets`.
        process: The bridge.
        printed: What it printed, once it has ended.
    """

    def __init__(self, dancer: Path, folder: Path, *options: str, host: str = "127.0.0.1", port: int = 0) -> None:
        """Starts it; `wait_ready` waits until it can be seen.

        Args:
            dancer: Its checkpoint.
            folder: For takes and presets.
            options: Further ones of the command.
            host: Where the page is served.
            port: Likewise; 0 takes a free one.
        """
        self.port = port or free_port(socket.SOCK_STREAM)
        self.url = f"http://{host}:{self.port}/"
        self.folder = folder
        self._witnesses = Witnesses(1)
        self._witness: Witness = self._witnesses.__enter__()[0]
        self.printed = ""
        self._read = 0
        self._newest: dict[str, OscMessage] = {}
        self._poses: deque[OscMessage] = deque(maxlen=3000)
        self._bones: dict[int, list[Any]] = {}
        # The demo's song has no end; a file's has, and the bridge's with it.
        command = "perform" if {"--file", "--input"} & set(options) else "demo"
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "bridge.cli", command, "--checkpoint", str(dancer), "--device", "cpu"),
                *("--stage", f"{host}:{self.port}", "--control", "None", "--no-aloud"),
                *("--takes", str(folder / "takes"), "--presets", str(folder / "presets")),
                *("--target", f"dance:127.0.0.1:{self._witness.port},backstage=yes"),
                *options,
            ],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()

    def wait_ready(self) -> Self:
        """Waits until the dancer dances, so that its page and its witness have everything to show."""
        wait_until(
            lambda: self.state in ("dancing", "idle") and self.value("temperature") is not None, 90, "the bridge"
        )
        return self

    def stop(self, number: signal.Signals = signal.SIGINT) -> str:
        """Ends it as Ctrl-C does, and returns what it printed; may be called twice."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            self.printed = self.printed or self.process.communicate(timeout=30)[0]
        finally:
            self._witnesses.__exit__(None, None, None)
        return self.printed

    @property
    def state(self) -> str | None:
        """The word of `/dance/status`; None before any."""
        message = self.newest("/dance/status")
        return None if message is None else str(message.params[0])

    def value(self, control: str) -> Any:
        """Where the bridge says that a knob stands; None before it has."""
        message = self.newest("/dance/control/" + control)
        return None if message is None else message.params[0]

    def wait_for(self, control: str, wanted: Any, seconds: float = 15.0) -> None:
        """Waits until a knob stands there, floats nearly."""
        same = (lambda value: value is not None and abs(value - wanted) < 1e-4) if isinstance(wanted, float) else (
            lambda value: value == wanted
        )  # fmt: skip
        wait_until(lambda: same(self.value(control)), seconds, f"{control} to be {wanted}, it is {self.value(control)}")

    def newest(self, address: str) -> OscMessage | None:
        """The newest message to an address."""
        self._take_up()
        return self._newest.get(address)

    def poses(self) -> list[OscMessage]:
        """The last poses: sequence, time_us, skeleton_id, blob."""
        self._take_up()
        return list(self._poses)

    def bones(self) -> list[list[Any]]:
        """The skeleton: id, index, name, parent, x, y, z of each bone."""
        self._take_up()
        return [self._bones[index] for index in sorted(self._bones)]

    def _take_up(self) -> None:
        received = self._witness.received
        while self._read < len(received):
            for message in messages_in(received[self._read][1]):
                self._newest[message.address] = message
                if message.address == "/dance/pose":
                    self._poses.append(message)
                elif message.address == "/dance/skeleton":
                    self._bones[message.params[1]] = message.params
            self._read += 1


@contextmanager
def running_bridge(dancer: Path, folder: Path, *options: str, **where: Any) -> Iterator[BridgeProcess]:
    """A bridge that is ready; it ends with the block."""
    with BridgeProcess(dancer, folder, *options, **where) as bridge:
        yield bridge.wait_ready()
