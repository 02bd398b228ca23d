"""A pipe into which a test writes by hand."""

import io
import threading

from tests.waiting import GENEROUS_S


class HandFed(io.RawIOBase):
    """A pipe into which a test writes by hand. What it wrote has been taken in, and has its time, when it goes on."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._content = b""
        self._is_hungry = self._has_ended = False

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        with self._changed:
            self._is_hungry = not self._content
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._content or self._has_ended)
            piece, self._content = self._content[:size], self._content[size:]
            return piece

    def write(self, content: bytes) -> None:
        with self._changed:
            self._content += content
            self._is_hungry = False
            self._changed.notify_all()
            assert self._changed.wait_for(lambda: self._is_hungry, GENEROUS_S), "the source asks for more"

    def close(self) -> None:
        with self._changed:
            self._has_ended = True
            self._changed.notify_all()
        super().close()
