"""A real performance whose dancer can be made to stall: `python -m tests.end_to_end.faulty_performer OPTIONS`.

Options are those of `transflower perform`. SIGUSR1 stops the dancer's next step for two seconds, as a page fault, a
driver or a greedy neighbour would; everything else is the real thing.
"""

import signal
import sys
import time
from typing import Any

from bridge.cli import main
from bridge.dancer.dancer_file import DancerFile

STALL_S = 2.0


class StallingEngine:
    """An engine that can be slowed down."""

    def __init__(self, engine: Any) -> None:
        self._engine = engine
        self._stalls = 0
        signal.signal(signal.SIGUSR1, self._ask)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)

    def _ask(self, *_: object) -> None:
        self._stalls += 1

    def step(self, *arguments: Any) -> Any:
        if self._stalls:
            self._stalls -= 1
            time.sleep(STALL_S)
        return self._engine.step(*arguments)


if __name__ == "__main__":
    load_engine = DancerFile.load_engine
    engines: list[StallingEngine] = []

    def load_stalling_engine(dancer: DancerFile, **options: Any) -> Any:
        engines[0]._engine = load_engine(dancer, **options)
        return engines[0]

    engines.append(StallingEngine(None))  # signals can only be caught by the main thread, engines load in another
    DancerFile.load_engine = load_stalling_engine  # type: ignore[method-assign, assignment]
    main(["perform", *sys.argv[1:]])
