"""What a performance says to people: it never raises, and never waits for a reader that does not read."""

import contextlib
import io
import os
import select
import sys
from typing import Final, TextIO, cast

from rich.console import Console

_WAIT_S: Final = 1.0


class TerminalOutput(io.TextIOBase):
    """Standard output as a performance may use it: whatever becomes of its reader, the dance goes on.

    What is written while the reader takes nothing (a pager that waits, a connection that hangs) is passed over, and
    what a full disk refuses is lost; later lines appear again when they can. A reader that has gone, as `head` does and
    a terminal that was closed, is left alone.

    Attributes:
        num_lost: Pieces of a log that was to be kept and is not whole. What a terminal did not show does not count.
        problem: Why the first of them was lost; None while nothing is.
    """

    def __init__(self, stream: TextIO) -> None:
        """`stream` is where it goes, such as `sys.stdout`; it stays open."""
        self.num_lost = 0
        self.problem: str | None = None
        self._stream = stream
        self._is_terminal = stream.isatty()  # one that was closed would say no
        self._reader_left = False

    def console(self) -> Console:
        """A console that writes here."""
        return Console(file=cast("TextIO", self))

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """That of the stream."""
        return self._stream.encoding

    def fileno(self) -> int:
        """That of the stream."""
        return self._stream.fileno()

    def isatty(self) -> bool:
        """Whether it is a terminal."""
        return self._is_terminal

    def writable(self) -> bool:
        """Always."""
        return True

    def write(self, text: str) -> int:
        """Writes and flushes `text`, or passes over it. Returns its length either way."""
        if not self._reader_left:
            self._write(text, wait_s=0.0)
        return len(text)

    def conclude(self, text: str) -> None:
        """Writes the last words, for which a slow reader has a second, and lets go of the stream."""
        if not self._reader_left:
            self._write(text, wait_s=_WAIT_S)
        with contextlib.suppress(OSError, ValueError):
            self._stream.flush()
            return
        # What Python itself would flush at its end goes nowhere, instead of becoming its exit status.
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), self._stream.fileno())

    def _write(self, text: str, wait_s: float) -> None:
        if not self._takes_more(wait_s):
            self._lose("nobody read it")
            return
        try:
            try:
                self._stream.write(text)
            except UnicodeEncodeError:  # a name that this terminal, or a log of Windows, has no letters for
                self._stream.write(text.encode(self.encoding, "replace").decode(self.encoding))
            self._stream.flush()
        except BrokenPipeError:
            self._reader_left = True
        except OSError as error:
            self._reader_left = self._is_terminal
            self._lose(error.strerror or str(error))

    def _takes_more(self, wait_s: float) -> bool:
        """Whether a write would not wait for the reader."""
        if sys.platform == "win32":  # select knows sockets only there
            return True
        with contextlib.suppress(OSError, ValueError):  # a stream of a test has no descriptor
            return bool(select.select([], [self._stream.fileno()], [], wait_s)[1])
        return True

    def _lose(self, reason: str) -> None:
        if not self._is_terminal:
            self.num_lost += 1
            self.problem = self.problem or reason
