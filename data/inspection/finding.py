"""A finding: what is wrong, where, by how much, and how bad that is."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

KINDS: Final[dict[str, str]] = {
    "unreadable": "a file that cannot be read, or a feature that is missing",
    "not-understood": "joints that turn, and nobody can tell which bones they are",
    "not-finite": "NaN or infinity where a number should be",
    "non-unit": "rotations that are none: quaternions or axes whose length is not one",
    "joint-jump": "a joint turns out of nothing and stops at once",
    "place-jump": "the whole figure moves out of nothing and stops at once",
    "too-fast": "a joint moves or turns faster than any body, for longer than a jump",
    "under-floor": "a part of the body is under the floor",
    "floating": "nothing touches the floor for longer than anybody jumps",
    "floor-level": "the floor is not at height 0",
    "foot-sliding": "feet that stand move over the floor",
    "limb-length": "a bone changes its length, or is longer on one side",
    "frozen": "nobody moves at all: the same pose again and again",
    "odd-size": "a figure that is no person's size: another unit of length",
    "odd-rate": "a rate that no camera or sound card has",
    "too-heavy": "the whole body falls faster than gravity lets it: the true rate is lower than the stated one",
    "silence": "the sound is silent while there is dance",
    "clipping": "the sound was recorded too loud: its peaks are cut off",
    "length-mismatch": "motion and sound, or features of one sequence, are not equally long",
    "tempo-doubt": "the beat tracker hears another tempo than the file states",
    "duplicate": "the same motion twice",
    "split-leak": "the same choreography in two splits",
}
"""Every kind of finding, and what it means."""

WORST: Final = 100.0
"""Severity of what cannot be used at all, and the largest there is."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that is wrong with one clip.

    Attributes:
        kind: One of `KINDS`.
        clip: Name of the file below the inspected folder, or of the sequence.
        message: A sentence for people.
        value: How much, in `unit`.
        unit: Of value and limit.
        limit: From what value on it is a finding.
        severity: How many times the limit it is; 1 is just a finding, `WORST` is unusable.
        start_s: Where in the clip it begins; None where it is of the whole clip.
        end_s: Where it ends.
        frame: The frame of the worst moment.
        joint: The joint, if it is one's.
        other: The other clip, if there are two.
        other_start_s: Where in the other it begins.
    """

    kind: str
    clip: str
    message: str
    value: float
    unit: str
    limit: float
    severity: float
    start_s: float | None = None
    end_s: float | None = None
    frame: int | None = None
    joint: str | None = None
    other: str | None = None
    other_start_s: float | None = None

    def __post_init__(self) -> None:
        assert self.kind in KINDS, self.kind

    @classmethod
    def beyond(
        cls, kind: str, clip: str, message: str, value: float, unit: str, limit: float, **where: Any
    ) -> "Finding":
        """What is beyond a limit, as severe as it is many times the limit."""
        severity = WORST if limit <= 0 else min(value / limit, WORST)
        return cls(
            kind=kind, clip=clip, message=message, value=value, unit=unit, limit=limit, severity=severity, **where
        )

    @classmethod
    def unusable(
        cls, kind: str, clip: str, message: str, value: float = 1.0, unit: str = "", **where: Any
    ) -> "Finding":
        """What makes a clip useless, however much of it there is."""
        return cls(kind=kind, clip=clip, message=message, value=value, unit=unit, limit=0.0, severity=WORST, **where)

    @property
    def amount(self) -> str:
        """Value and unit, for people."""
        return f"{self.value:.3g} {self.unit}".strip() if self.unit else ""

    @property
    def place(self) -> str:
        """When it is, for people."""
        if self.start_s is None:
            return ""
        if self.end_s is None or self.end_s - self.start_s < 0.05:
            return f"{self.start_s:.2f} s"
        return f"{self.start_s:.2f} to {self.end_s:.2f} s"


def ranked(findings: Iterable[Finding]) -> list[Finding]:
    """Worst first; equals in the order of kinds, clips and times."""
    order = list(KINDS)
    return sorted(findings, key=lambda f: (-f.severity, order.index(f.kind), f.clip, f.start_s or 0.0))
