"""What a performer may change while the dance goes on: requests for the dance, and requests for the beat."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Final, get_args

from bridge.control.control_fields import ClockName, ControlFields, EasedFields
from bridge.control.control_schema import CONTROL_SPECS
from models.step.style_names import find_seed_pose, find_style

RANGES: Final[dict[str, tuple[float, float]]] = {
    **{spec.name: spec.value_range() for spec in CONTROL_SPECS if spec.kind == "number"},
    "octave": (-2, 2),
}
"""Lowest and highest value of what is a number; both are allowed."""


@dataclass(frozen=True, kw_only=True)
class Controls(ControlFields):
    """What a performer asks of the dance; a frame obeys the controls it is stepped with.

    A value: whoever wants a change makes a new one. What happens once (a reset, a panic) is a count that has grown.

    Attributes:
        num_resets: How often the dance was begun anew, at home.
        num_panics: How often everything was to stop; the figure then eases into standing idle as fast as looks human.
        num_next_phrases: How often the present phrase was to be left for another.

    Example:
        >>> from dataclasses import replace
        >>> calm = Controls(energy=0.2, style="HO")
        >>> replace(calm, freeze=True, num_resets=calm.num_resets + 1).energy
        0.2
        >>> Controls(energy=7)
        Traceback (most recent call last):
        ValueError: energy must lie between 0 and 1, not 7
    """

    num_resets: int = 0
    num_panics: int = 0
    num_next_phrases: int = 0

    def __post_init__(self) -> None:
        for name in self.__dataclass_fields__.keys() & RANGES.keys():
            require_in_range(name, getattr(self, name))

    def known_to(self, styles: Sequence[str], seed_poses: Sequence[str]) -> "Controls":
        """These controls for a dancer with these styles and seed poses: both by the names that the dancer has.

        Raises:
            ValueError: The dancer does not know the style, or does not have the seed pose.

        Example:
            >>> Controls(style="house").known_to(("BR", "HO"), ()).style
            'HO'
        """
        return replace(
            self,
            style=None if self.style is None else find_style(self.style, styles),
            seed_pose=None if self.seed_pose is None else find_seed_pose(self.seed_pose, seed_poses),
        )


@dataclass(frozen=True, kw_only=True)
class EasedControls(EasedFields):
    """The controls that an engine eases, as they are by now; NaN before the first frame, and for what nobody asks for.

    Example:
        >>> eased = EasedControls().towards(Controls(energy=0.2), 0.5, noise_correlation=0.6, groove=0.1)
        >>> eased = eased.towards(Controls(energy=0.8), 0.5, noise_correlation=0.6, groove=0.1)
        >>> eased.energy, eased.groove
        (0.5, 0.1)
    """

    def towards(self, controls: Controls, share: float, *, noise_correlation: float, groove: float) -> "EasedControls":
        """One frame on: a share of what lies between, or what is asked for where nothing was before.

        Args:
            controls: What is asked for.
            share: Of the way that is gone, 0 to 1.
            noise_correlation: The dancer's own, where nobody asks for another.
            groove: Likewise.
        """
        wanted = {field.name: getattr(controls, field.name) for field in fields(self)}
        for name, own in (("noise_correlation", noise_correlation), ("groove", groove)):
            if wanted[name] is None:
                wanted[name] = own
        return EasedControls(
            **{
                name: math.nan if target is None else _eased(getattr(self, name), float(target), share)
                for name, target in wanted.items()
            }
        )


@dataclass(frozen=True, kw_only=True)
class BeatControls:
    """What a performer asks of the beat: who tells it, and how it is to be read.

    Attributes:
        clock: Who tells the beat; `auto` takes the surest of those that tell one.
        bpm: Tempo that the performer set by number, beats a minute; None leaves it to the clock.
        taps: The last taps of a finger, `time.monotonic()` seconds, oldest first; at most 32 of them.
        nudge_beats: Part of a beat by which the beat was pushed forward (positive) or back, all nudges together.
        offset_ms: By how much the dance leads the sound (positive) or follows it.
        octave: Doublings (positive) and halvings of the tempo.
    """

    clock: ClockName = "auto"
    bpm: float | None = None
    taps: tuple[float, ...] = ()
    nudge_beats: float = 0.0
    offset_ms: float = 0.0
    octave: int = 0

    def __post_init__(self) -> None:
        if self.clock not in get_args(ClockName):
            raise ValueError(f"no clock {self.clock!r}; there are {', '.join(get_args(ClockName))}")
        for name in ("bpm", "offset_ms", "octave"):
            require_in_range(name, getattr(self, name))


def require_in_range(name: str, value: float | None) -> None:
    """Says whether a number is one that this control takes; None always is.

    Raises:
        ValueError: It is not a number or outside `RANGES`.
    """
    low, high = RANGES[name]
    if value is not None and not (math.isfinite(value) and low <= value <= high):
        raise ValueError(f"{name} must lie between {low:g} and {high:g}, not {value}")


def _eased(value: float, goal: float, share: float) -> float:
    """`value` with a share of the way to `goal` behind it; NaN jumps; the last thousandth is given."""
    if math.isnan(value) or abs(goal - value) < 1e-3:
        return goal
    return value + share * (goal - value)
