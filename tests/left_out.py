"""Says at the end of a run what was left out on this machine, and how to get it."""

from collections import Counter

import pytest


class LeftOut:
    """Counts tests by the reason for which they were skipped."""

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """One line a reason; all reasons of this repository name the way out."""
        reasons: Counter[str] = Counter()
        for report in terminalreporter.stats.get("skipped", []):
            text = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
            reasons[text.removeprefix("Skipped: ")] += 1
        if not reasons:
            return
        terminalreporter.section(f"left out: {sum(reasons.values())} tests, and how to get them")
        for reason, count in reasons.most_common():
            terminalreporter.line(f"{count:5}  {reason}")
