"""The bridge's side of the process that listens to the sound card."""

import base64
import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from typing import Final

from bridge.sources.capture_memory import CaptureMemory
from bridge.sources.capture_settings import DRIVER_US, CaptureAnswer, CaptureSettings
from bridge.sources.portaudio import SoundUnavailableError
from bridge.system.child_process import start_child

_OPEN_S: Final = 30.0
_CLOSE_S: Final = 1.0
_HUNG_US: Final = 2_000_000


class CaptureProcess:
    """A child process that captures one sound input into memory shared with this one.

    The child wakes this process by a byte through a socket for every few milliseconds of sound. It ends when its end of
    the socket is closed, so it cannot outlive this process. Belongs to one thread; `memory` may be read by any.

    Attributes:
        memory: Where the child writes.
        started_s: Monotonic time at which it was started.
        has_ended: Whether the child has gone, as far as `wait` has seen.
    """

    def __init__(self, settings: CaptureSettings) -> None:
        """Starts the child, which takes a few tenths of a second to begin; does not wait for it.

        Raises:
            SoundUnavailableError: no process can be started.
        """
        self.started_s = time.monotonic()
        self.has_ended = False
        self.memory, handle = CaptureMemory.create()
        self._socket, theirs = socket.socketpair()
        self._stderr = tempfile.TemporaryFile()  # noqa: SIM115  (closed by `close`)
        inherited = (handle, theirs.fileno()) if isinstance(handle, int) else ()  # a name on Windows
        try:
            self._process = start_child(
                "bridge.sources.capture_child", stdout=subprocess.DEVNULL, stderr=self._stderr, pass_fds=inherited
            )
            order = {"settings": asdict(settings), "memory": handle, "socket": theirs.fileno(), "parent": os.getpid()}
            if sys.platform == "win32":
                order["socket"] = base64.b64encode(theirs.share(self._process.pid)).decode()
            assert self._process.stdin is not None
            with contextlib.suppress(BrokenPipeError), self._process.stdin as pipe:  # broken: `wait` will see
                pipe.write(json.dumps(order).encode() + b"\n")
        except OSError as error:
            self._socket.close()
            self._stderr.close()
            raise SoundUnavailableError(
                f"the process that listens to the sound card does not start: {error}"
            ) from error
        finally:
            theirs.close()
            if isinstance(handle, int):
                os.close(handle)

    def wait_until_open(self) -> CaptureAnswer:
        """Waits for the child's answer to settings that do not resume.

        Raises:
            ValueError: there is no such device, or it does not accept the settings.
            SoundUnavailableError: sound cannot work on this machine as it is.
        """
        line = b""
        deadline_s = time.monotonic() + _OPEN_S
        problem = "ended"
        while b"\n" not in line:
            self._socket.settimeout(max(deadline_s - time.monotonic(), 0.001))
            try:
                piece = self._socket.recv(4096)
            except TimeoutError:
                problem = f"did not open the device within {_OPEN_S:g} s"
                break
            except OSError:
                break
            if not piece:
                break
            line += piece
        else:
            # A device may call, and the child tell of it by dots, before the child gets to its answer.
            answer = CaptureAnswer.from_json(line.partition(b"\n")[0].lstrip(b".").decode())
            if answer.error is None:
                return answer
            raise SoundUnavailableError(answer.error) if answer.is_unavailable else ValueError(answer.error)
        self._stderr.seek(0)
        words = self._stderr.read().decode(errors="replace").strip().splitlines()[-1:]
        raise SoundUnavailableError(f"the process that listens to the sound card {problem}: {' '.join(words)}")

    def wait(self, max_wait_s: float) -> None:
        """Waits until the child has something to tell, or has ended, for at most so long."""
        due_us = self.memory.due_us or round(self.started_s * 1e6) + DRIVER_US  # 0 until it has begun
        if time.monotonic_ns() // 1000 > due_us + _HUNG_US:
            self._process.kill()  # it hangs, or a driver that does not return
        self._socket.settimeout(max(max_wait_s, 0.0))
        try:
            self.has_ended = not self._socket.recv(4096)
        except (TimeoutError, BlockingIOError):
            return
        except OSError:
            self.has_ended = True

    def close(self) -> None:
        """Ends the child and waits for its end."""
        self._socket.close()
        try:
            self._process.wait(_CLOSE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._stderr.close()
