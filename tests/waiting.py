"""Waiting for events: the only way in which a test lets time pass."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

GENEROUS_S = 60.0
"""No machine on which the tests run is as busy as this; who waits so long waits for something that does not come."""


def wait_until(condition: Callable[[], T], what: str, within_s: float = GENEROUS_S) -> T:
    """The first value of the condition that is true.

    Raises:
        AssertionError: There was none in that time. It says what was waited for.
    """
    give_up_s = time.monotonic() + within_s
    while not (value := condition()):
        assert time.monotonic() < give_up_s, f"waited {within_s:g} s for {what}"
        time.sleep(0.01)
    return value
