"""The stage's process, seen from the bridge: started, watched, started again should it die, and ended."""

import contextlib
import json
import queue
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import psutil

from bridge.stage.addresses import page_urls
from bridge.stage.settings import StageSettings
from bridge.system.child_process import start_child
from bridge.wire.target import Target

_START_S: Final = 30.0
_STOP_S: Final = 3.0
_PAUSE_S: Final = 1.0
_NOTICE_S: Final = 20.0
_SILENT_S: Final = 2.0
_HUNG_S: Final = 5.0
_STILL_S: Final = 3.0
"""Without a moment of a processor: what is stopped or waits for ever, and not what a busy machine keeps waiting."""
_LOST_S: Final = 30.0
_LOOK_S: Final = 0.5


class StageProcess:
    """Serves the stage beside the bridge: whatever viewers do, they take the interpreter's lock of another process.

    A thread of its own reads what the process tells, and another ends it should it tell nothing for five seconds and do
    nothing, or tell nothing for thirty: what hangs is started again like what died. Any thread may read the attributes
    and `notice`.

    Attributes:
        urls: Where the page is, for people; those of a network first.
        watch_urls: Where it is for those who may only watch; empty where nobody needs a token.
        target: Where the bridge must send what viewers are shown.
    """

    def __init__(self, settings: StageSettings) -> None:
        """Prepares; nothing runs before `start`."""
        self.urls: tuple[str, ...] = ()
        self.watch_urls: tuple[str, ...] = ()
        self.target: Target | None = None
        self._settings = settings
        self._process: subprocess.Popen[bytes] | None = None
        self._threads: list[threading.Thread] = []
        self._stop = threading.Event()
        self._notice: tuple[float, str] = (0.0, "")
        self._is_serving = False  # it has begun to tell
        self._silent_s = 0.0  # counted while this process runs, and not while the whole machine sleeps

    def start(self) -> None:
        """Starts the process and waits until the page can be opened.

        Raises:
            ValueError: It cannot be shown there; the message says what to do.
        """
        messages: queue.Queue[dict[str, Any]] = queue.Queue()
        self._launch()
        self._threads = [
            threading.Thread(target=self._watch, args=(messages.put,), name="transflower stage", daemon=True),
            threading.Thread(target=self._end_what_hangs, name="transflower stage hangs", daemon=True),
        ]
        self._threads[0].start()
        try:
            first = messages.get(timeout=_START_S)
        except queue.Empty:
            first = {"error": f"the stage's process said nothing for {_START_S:g} s"}
        if "ready" not in first:
            self.stop()
            raise ValueError(str(first.get("error", first)))
        # Another process takes the same ports, so that viewers and bridge find it again.
        ports = first["ready"]
        self._settings = replace(self._settings, port=ports["port"], mirror_port=ports["mirror_port"])
        self.target = Target("127.0.0.1", ports["mirror_port"], "dance", telemetry=True)
        self._threads[1].start()
        self.urls = tuple(page_urls(self._settings, token=self._settings.token))
        if self._settings.watch_token is not None:
            self.watch_urls = tuple(page_urls(self._settings, token=self._settings.watch_token))

    def stop(self) -> None:
        """Ends the process and waits for it; may be called twice."""
        self._stop.set()
        if self._process is not None:
            _end(self._process)
        for thread in self._threads:
            if thread.is_alive() and thread is not threading.current_thread():
                thread.join()

    @property
    def notice(self) -> str | None:
        """What the performer should know of the stage; None while all is well."""
        if self._is_serving and self._silent_s >= _SILENT_S:
            return f"the stage's process has sent nothing for {self._silent_s:.0f} s; the dance goes on"
        noticed_s, text = self._notice
        return text if text and time.monotonic() - noticed_s < _NOTICE_S else None

    def _launch(self) -> None:
        self._silent_s, self._is_serving = 0.0, False
        self._process = start_child("bridge.stage.child", stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(self._settings.to_json().encode() + b"\n")
            self._process.stdin.flush()

    def _watch(self, tell_first: Callable[[dict[str, Any]], None]) -> None:
        """The thread: reads what the process tells, and starts it again when it has died."""
        while True:
            last_words = self._read(tell_first)
            self._is_serving = False
            assert self._process is not None
            code = self._process.wait()
            _end(self._process)
            if self._stop.is_set() or self.target is None:
                tell_first({"error": last_words or f"the stage's process ended with {code}"})
                return
            self._note(f"the stage's process ended with {code} ({last_words}) and is started again; the dance goes on")
            if self._stop.wait(_PAUSE_S):
                return
            self._launch()
            if self._stop.is_set():  # the end was asked for while this one began
                _end(self._process)

    def _end_what_hangs(self) -> None:
        """The other thread, once the page could be opened."""
        worked_s, still_s = -1.0, 0.0
        while not self._stop.wait(_LOOK_S):
            self._silent_s += _LOOK_S
            process = self._process
            assert process is not None
            used_s = _processor_s(process.pid)
            still_s = still_s + _LOOK_S if used_s == worked_s else 0.0
            worked_s = used_s
            hangs = is_hung(self._silent_s, still_s) if self._is_serving else self._silent_s >= _START_S
            if hangs and process.poll() is None:
                process.kill()  # `_watch` sees its end

    def _read(self, tell_first: Callable[[dict[str, Any]], None]) -> str:
        """Takes up lines until there are no more; returns the last that was no message of the stage."""
        assert self._process is not None
        assert self._process.stdout is not None
        last_words = ""
        with self._process.stdout as lines:
            for line in lines:
                try:
                    update = json.loads(line)
                except ValueError:
                    last_words = line.decode(errors="replace").strip()[:200] or last_words
                    continue
                self._silent_s = 0.0
                self._is_serving = True
                if "log" in update:
                    self._note(str(update["log"]))
                elif self.target is None:
                    tell_first(update)
                elif "error" in update:
                    last_words = str(update["error"])
        return last_words

    def _note(self, text: str) -> None:
        self._notice = (time.monotonic(), text)


def is_hung(silent_s: float, still_s: float) -> bool:
    """Whether a process that has sent nothing for so long, and used no processor for so long, is to be ended."""
    return (silent_s >= _HUNG_S and still_s >= _STILL_S) or silent_s >= _LOST_S


def _processor_s(pid: int) -> float:
    """What a process has used of a processor, in seconds; 0 once it is gone."""
    try:
        times = psutil.Process(pid).cpu_times()
    except psutil.Error:
        return 0.0
    return float(times.user + times.system)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Closes the process's standard input, by which it ends; kills it should it not."""
    assert process.stdin is not None
    with contextlib.suppress(OSError):
        process.stdin.close()
    try:
        process.wait(_STOP_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
