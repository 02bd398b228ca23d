"""What a performer may change while the dance goes on."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Controls:
    """What a performer may change while the dance goes on; a frame obeys the controls it is stepped with.

    Attributes:
        temperature: Spread of the dance: 1 as learned, less is calmer, more is wilder.
        energy: How much the body moves, 0 (hardly) to 1 (a lot), 0.5 as the average of what was learned; None leaves it
            to the dancer, who is then on the calm side.
        style: Name of a style of the checkpoint; None leaves it to the dancer.
        groove: How much the beat modulates the speed of the body, 0 (not at all) to 1; 0.15 pulses about as much as
            real street dance.
        idle: Stand idle whatever sounds.
    """

    temperature: float = 1.0
    energy: float | None = 0.5
    style: str | None = None
    groove: float = 0.15
    idle: bool = False

    def __post_init__(self) -> None:
        if not 0.0 <= self.temperature <= 2.0:
            raise ValueError(f"temperature must lie between 0 and 2, not {self.temperature}")
        if self.energy is not None and not 0.0 <= self.energy <= 1.0:
            raise ValueError(f"energy must lie between 0 and 1, not {self.energy}")
        if not 0.0 <= self.groove <= 1.0:
            raise ValueError(f"groove must lie between 0 and 1, not {self.groove}")

    def require_known_style(self, styles: Sequence[str]) -> None:
        """Says whether a dancer who knows these styles can obey.

        Raises:
            ValueError: The style is none of them.
        """
        if self.style is not None and self.style not in styles:
            raise ValueError(f"no style {self.style!r}; this dancer knows {', '.join(styles) or 'none'}")
