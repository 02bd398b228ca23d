"""What a check found, and what to do about it."""

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["ok", "warning", "problem"]


@dataclass(frozen=True, kw_only=True)
class CheckResult:
    """One line of a check-up.

    Attributes:
        check: What was looked at, in a word or two.
        verdict: `ok`; `warning`, with which a show can go on; `problem`, with which it cannot.
        found: What was found, one line.
        advice: What to do, one line; empty if there is nothing to do.
    """

    check: str
    verdict: Verdict
    found: str
    advice: str = ""
