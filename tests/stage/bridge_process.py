"""A bridge as users start it, with its stage, and a receiver of its telemetry."""

import json
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from pythonosc.osc_message import OscMessage

from tests.end_to_end.osc_receiver import OscReceiver, OscReceivers, messages_in
from tests.waiting import GENEROUS_S, wait_until
from tests.warm_start import Popen

ROOT = Path(__file__).resolve().parents[2]
START_S = 180.0
"""So long a start, which imports PyTorch, may take on a machine that does much else."""


class BridgeProcess:
    """`transflower demo`, or `perform` where options name a sound, in a process of its own.

    All its ports are such as were free. A block ends it.

    Attributes:
        folder: Holds `takes` and `presets`, and what it prints.
        process: The bridge.
    """

    def __init__(
        self, dancer: Path, folder: Path, *options: str, port: int = 0, target: str = "", steered: bool = False
    ) -> None:
        """Starts it; `wait_ready` waits until it can be seen.

        Args:
            dancer: Its checkpoint.
            folder: For takes and presets.
            options: Further ones of the command.
            port: Where the page is served; 0 takes a free one.
            target: Who gets the dance beside our receiver, as `--target` has it; several, with spaces between.
            steered: Whether it hears controls from others than its page.
        """
        self.folder = folder
        self._addresses = folder / "addresses.json"
        self._addresses.unlink(missing_ok=True)
        self._log = folder / "bridge.log"
        self._receivers = OscReceivers(1)
        self._receiver: OscReceiver = self._receivers.__enter__()[0]
        self._read = 0
        self._newest: dict[str, OscMessage] = {}
        self._poses: deque[OscMessage] = deque(maxlen=30_000)
        self._bones: dict[int, list[Any]] = {}
        # The demo's song has no end; a file's has, and the bridge's with it.
        command = ["perform"] if {"--file", "--input"} & set(options) else ["demo", "--no-open-page", "--record"]
        targets = [f"dance:127.0.0.1:{self._receiver.port},backstage=yes", *target.split()]
        with self._log.open("wb") as log:  # a pipe that nobody reads would stop it once it is full
            self.process = Popen(
                [
                    *(sys.executable, "-m", "bridge.cli", *command, "--checkpoint", str(dancer), "--device", "cpu"),
                    *("--stage", f"127.0.0.1:{port}", "--no-aloud", "--addresses", str(self._addresses)),
                    *("--control", "127.0.0.1:0" if steered else "None", "--query-port", "None"),
                    *("--takes", str(folder / "takes"), "--presets", str(folder / "presets")),
                    *("--target", *targets),
                    *options,
                ],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()

    def wait_ready(self) -> Self:
        """Waits until the dancer dances, so that its page and its receiver have everything to show."""

        def is_ready() -> bool:
            assert self.process.poll() is None, f"the bridge has ended:\n{self.printed}"
            # Its health is sent last in a second, after all its controls.
            is_known = self.newest("/dance/health") and self.newest("/dance/beat") and self._addresses.is_file()
            return bool(is_known) and self.state in ("dancing", "idle")

        wait_until(is_ready, "the bridge", START_S)
        return self

    def stop(self) -> None:
        """Ends it as Ctrl-C does, or by force should it not listen; may be called twice."""
        try:
            if self.process.poll() is None:
                self.process.send_signal(signal.SIGINT)
            self.process.wait(GENEROUS_S)
        finally:
            if self.process.poll() is None:
                self.process.kill()
                self.process.wait()
            self._receivers.__exit__(None, None, None)

    @property
    def url(self) -> str:
        """Of the page, once it is ready."""
        return self.urls[0]

    @property
    def urls(self) -> list[str]:
        """Likewise, all of them: those of a network first, loopback last."""
        return [str(url) for url in self._addresses_json()["stage"]]

    @property
    def control_port(self) -> int:
        """Where it hears controls, once it is ready."""
        return int(self._addresses_json()["control"][1])

    @property
    def printed(self) -> str:
        """What it has printed so far."""
        return self._log.read_text(errors="replace")

    @property
    def state(self) -> str | None:
        """The word of `/dance/status`; None before any."""
        message = self.newest("/dance/status")
        return None if message is None else str(message.params[0])

    def value(self, control: str) -> Any:
        """Where the bridge says that a knob stands; None before it has."""
        message = self.newest("/dance/control/" + control)
        return None if message is None else message.params[0]

    def wait_for(self, control: str, wanted: Any) -> None:
        """Waits until a knob stands there, floats nearly."""
        same = (lambda value: value is not None and abs(value - wanted) < 1e-4) if isinstance(wanted, float) else (
            lambda value: value == wanted
        )  # fmt: skip
        try:
            wait_until(lambda: same(self.value(control)), f"{control} to be {wanted}", 2 * GENEROUS_S)
        except AssertionError as error:
            raise AssertionError(f"{error}; it is {self.value(control)}") from None

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

    def _addresses_json(self) -> dict[str, Any]:
        addresses: dict[str, Any] = json.loads(self._addresses.read_text())
        return addresses

    def _take_up(self) -> None:
        received = self._receiver.received
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
