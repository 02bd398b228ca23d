"""`transflower generate` as a process beside Blender: progress by lines, cancelled at any time."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections import deque
from pathlib import Path
from typing import Any, Final, Literal

from .motion_file import read_motion
from .take import Take

State = Literal["running", "done", "failed", "cancelled"]
_PROGRESS: Final = re.compile(r"^progress (\d+)/(\d+)$")
_PATIENCE_S: Final = 3.0


class GenerateJob:
    """One dance in the making.

    Attributes:
        song: Sound file.
        state: What became of it.
        progress: 0 to 1.
        message: What the program said last, for people.
        take: The dance, once it is done.

    Args:
        command: The program, by name or path.
        song: Sound file.
        options: More words of its command line.

    Raises:
        ValueError: There is no such program or song.
    """

    def __init__(self, command: str, song: Path, options: tuple[str, ...] = ()) -> None:
        program = shutil.which(command) or shutil.which(str(Path(command).expanduser()))
        if program is None:
            raise ValueError(f"{command!r} is not to be found: set its path in the preferences of Transflower Bridge")
        if not song.is_file():
            raise ValueError(f"There is no sound file {song}")
        self.song = song
        self.state: State = "running"
        self.progress = 0.0
        self.message = "starting"
        self.take: Take | None = None
        self._folder = Path(tempfile.mkdtemp(prefix="transflower-"))
        self._output = self._folder / "dance.npz"
        self._lines: deque[str] = deque(maxlen=200)
        words = [program, "generate", str(song), "-o", str(self._output), "--progress", "lines", *options]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        quiet: dict[str, Any] = (
            {"creationflags": getattr(subprocess, "CREATE_NO_WINDOW", 0)} if sys.platform == "win32" else {}
        )
        try:
            self._process = subprocess.Popen(
                words,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                env=environment,
                encoding="utf-8",
                errors="replace",
                **quiet,
            )
        except OSError as error:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise ValueError(f"{program} cannot be started ({error})") from None
        self._reader = threading.Thread(target=self._read, name="transflower generate", daemon=True)
        self._reader.start()

    def pump(self) -> State:
        """Looks how far it is; the take is there as soon as this says `done`."""
        if self.state != "running":
            return self.state
        while self._lines:
            line = self._lines.popleft().strip()
            match = _PROGRESS.match(line)
            if match:
                self.progress = int(match.group(1)) / max(1, int(match.group(2)))
                self.message = "dancing"
            elif line:
                self.message = line[:200]
        if self._process.poll() is None or self._reader.is_alive():
            return self.state
        if self._lines:
            return self.pump()
        if self._process.returncode != 0:
            self.state = "failed"
        else:
            try:
                (self.take,) = read_motion(self._output)
                self.progress, self.state, self.message = 1.0, "done", "done"
            except (ValueError, OSError) as error:
                self.state, self.message = "failed", str(error)
        self._tidy()
        return self.state

    def cancel(self) -> None:
        """Ends the process and takes its file away; safe at any time."""
        if self.state == "running":
            self.state, self.message = "cancelled", "cancelled"
            if sys.platform == "win32":
                self._process.terminate()
            else:
                self._process.send_signal(signal.SIGINT)  # as Ctrl-C: it ends its own processes too
            try:
                self._process.wait(_PATIENCE_S)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._tidy()

    def _tidy(self) -> None:
        self._reader.join(_PATIENCE_S)
        if self._process.stderr is not None:
            self._process.stderr.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _read(self) -> None:
        assert self._process.stderr is not None
        with contextlib.suppress(ValueError, OSError):
            for line in self._process.stderr:
                self._lines.append(line)
