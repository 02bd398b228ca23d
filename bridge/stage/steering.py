"""How much viewers may steer: so much that the bridge hears everything, and nobody drowns the panic of another."""

import time
from typing import Final

from bridge.control.control_schema import CONTROL_SPECS
from bridge.wire.osc_message import OscMessage

URGENT: Final = frozenset(spec.address for spec in CONTROL_SPECS if spec.is_urgent)
"""What stops a dance has a lane of its own."""
MESSAGES_A_SECOND: Final = 2000.0
"""In a lane, of all viewers together; the bridge hears 5000 (`inbound/inbox.py`)."""
_BURST_S: Final = 0.5
_FIRST_MESSAGES: Final = 20.0  # whoever comes again and again gains little


class Allowance:
    """So many messages a second, and as many at once as come in half a second."""

    def __init__(self, first: float) -> None:
        """Begins with so many messages."""
        self._messages = first
        self._last_s = time.monotonic()

    def take(self, messages_a_second: float) -> bool:
        """Takes one message off it, at this rate since the last time; whether it was there."""
        now_s = time.monotonic()
        earned = (now_s - self._last_s) * messages_a_second
        self._messages = min(self._messages + earned, max(1.0, messages_a_second * _BURST_S))
        self._last_s = now_s
        if self._messages < 1.0:
            return False
        self._messages -= 1.0
        return True


class Lane:
    """What one viewer steers at its share of what all may; of what is more, the newest of each control waits."""

    def __init__(self, of_all: Allowance) -> None:
        """`of_all` is that of all viewers together."""
        self._own = Allowance(_FIRST_MESSAGES)
        self._of_all = of_all
        self._waiting: dict[str, OscMessage] = {}

    def add(self, message: OscMessage) -> None:
        """Puts a message at the end of what waits, in place of an older one of the same control."""
        self._waiting.pop(message.address, None)
        self._waiting[message.address] = message

    def due(self, num_viewers: int) -> list[bytes]:
        """The datagrams to hand on now, the oldest first, when so many viewers share."""
        ready: list[bytes] = []
        while (
            self._waiting
            and self._own.take(MESSAGES_A_SECOND / max(1, num_viewers))
            and self._of_all.take(MESSAGES_A_SECOND)
        ):
            ready.append(self._waiting.pop(next(iter(self._waiting))).raw)
        return ready


class SteeringLanes:
    """The two lanes of all viewers. Belongs to the event loop."""

    def __init__(self) -> None:
        """Nobody has steered yet."""
        self._urgent = Allowance(MESSAGES_A_SECOND * _BURST_S)
        self._others = Allowance(MESSAGES_A_SECOND * _BURST_S)

    def seat(self) -> "SteeringSeat":
        """For one more viewer."""
        return SteeringSeat(Lane(self._urgent), Lane(self._others))


class SteeringSeat:
    """The two lanes of one viewer."""

    def __init__(self, urgent: Lane, others: Lane) -> None:
        """Takes up its lanes."""
        self._urgent = urgent
        self._others = others

    def add(self, message: OscMessage) -> None:
        """Takes up a control that the viewer moved."""
        (self._urgent if message.address in URGENT else self._others).add(message)

    def due(self, num_viewers: int) -> list[bytes]:
        """The datagrams to hand on now, when so many viewers share."""
        return [*self._urgent.due(num_viewers), *self._others.due(num_viewers)]
