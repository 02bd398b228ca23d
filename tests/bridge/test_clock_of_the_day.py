"""Whoever sets the machine's clock, by hand, by a time server or at the end of summer, changes no dance."""

import re
from pathlib import Path

BRIDGE = Path(__file__).parents[2] / "bridge"
TELLS_DATES = {"takes/recorder.py", "checks/click_latency.py", "stage/certificate.py"}
"""Where a date is written down for people; all else goes by a clock that only runs forward."""


def test_only_dates_for_people_come_from_the_clock_of_the_day() -> None:
    asks = re.compile(r"\btime\.time(_ns)?\(|\bdatetime\.now\(|\bdate\.today\(|\butcnow\(|\btime\.(local|gm|c)time\(\)")
    found = {
        path.relative_to(BRIDGE).as_posix()
        for path in BRIDGE.rglob("*.py")
        if "node_modules" not in path.parts and asks.search(path.read_text("utf-8"))
    }
    assert found == TELLS_DATES
