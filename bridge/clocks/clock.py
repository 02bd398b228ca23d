"""What every clock offers: where the beat is at a moment. Moments are `time.monotonic()` seconds."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class BeatTime:
    """Where the beat is.

    Attributes:
        beats: Position in beats since some beginning; its whole part counts beats, its fraction is the phase.
        bpm: Tempo, beats a minute.
        phase_confidence: How likely tempo and phase are right, 0 (a guess) to 1 (sure).
        tempo_confidence: How likely the tempo is right.
    """

    beats: float
    bpm: float
    phase_confidence: float = 1.0
    tempo_confidence: float = 1.0

    @property
    def confidence(self) -> float:
        """The lesser of the two."""
        return min(self.phase_confidence, self.tempo_confidence)


class Clock(Protocol):
    """Somebody who can tell the beat, also a little ahead of time.

    `start` and `stop` belong to one thread; anybody may call `beat_at`.
    """

    @property
    def name(self) -> str:
        """What people call it: `tap`, `midi`, `link`."""
        ...

    @property
    def notice(self) -> str | None:
        """What a performer should know of it, in one line."""
        ...

    def start(self) -> None:
        """Opens what it listens to.

        Raises:
            ValueError: That is not there; the message says what to do.
        """
        ...

    def stop(self) -> None:
        """Closes it; may be called twice."""
        ...

    def beat_at(self, time_s: float) -> BeatTime | None:
        """Where the beat is at a moment, or None when this clock has nothing to say now."""
        ...
