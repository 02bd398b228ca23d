"""What a performer asks of a dancer, and where that stands in the dancer's state. No torch here."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

MAX_STYLE_GUIDANCE: Final = 8.0


@dataclass(frozen=True, kw_only=True)
class Steering:
    """What a performer asks of the dancer. A model that was not trained for a request leaves it alone.

    Attributes:
        style: Index of a style, or None to leave it to the dancer.
        energy_m_s: Requested mean joint speed, or None to leave it to the dancer.
        look_ahead_frames: Frames by which the music given to `Dancer.step` runs ahead of the dance.
        groove: How much the beat modulates the speed of the dance, 0 to 1.
        style_guidance: How far the style is exaggerated beyond what the dancer makes of it by itself, 0 (not at all) to
            `MAX_STYLE_GUIDANCE`; without a style it has no effect.
        plan: Share of phrases that are choreographed, the others being improvised, 0 to 1.
        hold_phrase: Whether the present phrase is danced again and again.
        next_phrase: How often the present phrase was to be left for another: another number leaves it on the next beat.

    Example:
        >>> Steering(style=3, energy_m_s=0.7).check(num_styles=10, future_frames=30)
        >>> Steering(style=30).check(num_styles=10, future_frames=30)
        Traceback (most recent call last):
        ValueError: style must lie in 0..9, not 30
    """

    style: int | None = None
    energy_m_s: float | None = None
    look_ahead_frames: int = 0
    groove: float = 0.0
    style_guidance: float = 0.0
    plan: float = 1.0
    hold_phrase: bool = False
    next_phrase: int = 0

    @property
    def is_guided(self) -> bool:
        """Whether the dancer has to be computed twice, with the style and without."""
        return self.style is not None and self.style_guidance > 0.0

    def check(self, *, num_styles: int, future_frames: int) -> None:
        """Refuses what a dancer of so many styles and so long a look-ahead cannot do.

        Raises:
            ValueError: With the value and its range.
        """
        if self.style is not None and not 0 <= self.style < num_styles:
            raise ValueError(f"style must lie in 0..{num_styles - 1}, not {self.style}")
        if not 0 <= self.look_ahead_frames <= future_frames:
            raise ValueError(f"look-ahead must lie in 0..{future_frames} frames, not {self.look_ahead_frames}")
        if not 0 <= self.groove <= 1:
            raise ValueError(f"groove must lie in 0..1, not {self.groove}")
        if not 0 <= self.plan <= 1:
            raise ValueError(f"plan must lie in 0..1, not {self.plan}")
        if not 0 <= self.style_guidance <= MAX_STYLE_GUIDANCE:
            raise ValueError(f"style guidance must lie in 0..{MAX_STYLE_GUIDANCE:g}, not {self.style_guidance}")


@dataclass(frozen=True, kw_only=True)
class SteeredLeaves:
    """Which leaves of a state hold a performer's requests: all that steering needs, in PyTorch as elsewhere.

    Attributes:
        leaves: Name of the leaf by the request's name; a request that is not named here is not known to the dancer.
        num_styles: Styles that it knows; their number itself, in the leaf, leaves the style to the dancer.
        future_frames: Longest look-ahead.
    """

    leaves: Mapping[str, str] = field(default_factory=dict)
    num_styles: int
    future_frames: int

    def values(self, steering: Steering) -> dict[str, float]:
        """The number with which each steered leaf is to be filled, by the leaf's name.

        Raises:
            ValueError: If a request lies outside what the dancer was trained for.
        """
        request = steering if "style" in self.leaves else replace(steering, style=None)
        request.check(num_styles=self.num_styles, future_frames=self.future_frames)
        numbers = {
            "style": self.num_styles if request.style is None else request.style,
            "energy_m_s": float("nan") if request.energy_m_s is None else request.energy_m_s,
            "look_ahead_frames": request.look_ahead_frames,
            "groove": request.groove,
            "style_guidance": request.style_guidance,
            "plan": request.plan,
            "hold_phrase": float(request.hold_phrase),
            "next_phrase": request.next_phrase,
        }
        return {leaf: numbers[name] for name, leaf in self.leaves.items()}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "SteeredLeaves":
        """Undoes `dataclasses.asdict`.

        Raises:
            ValueError: If a key is missing or no such request is known.
        """
        requests = set(Steering.__dataclass_fields__)
        try:
            leaves = {str(name): str(leaf) for name, leaf in values["leaves"].items()}
            made = cls(leaves=leaves, num_styles=int(values["num_styles"]), future_frames=int(values["future_frames"]))
        except (AttributeError, KeyError, TypeError) as error:
            raise ValueError(f"no list of steered leaves ({error!r})") from None
        if leaves.keys() - requests:
            raise ValueError(f"steers {sorted(leaves.keys() - requests)}, known are {sorted(requests)}")
        return made
