"""How well this machine keeps time: its clock, and how punctually it wakes whoever sleeps."""

import time
from typing import Final

import numpy as np

from bridge.checks.finding import CheckResult
from bridge.timing.pacing import PlayoutClock, sleep_until

_NUM_SLEEPS: Final = 250
_SLEEP_S: Final = 0.002
_COARSE_S: Final = 1e-3


def check_timing() -> list[CheckResult]:
    """Measures the clock's steps and how late sleep ends; takes half a second."""
    resolution_s = time.get_clock_info("monotonic").resolution
    found = f"steps of {1e6 * resolution_s:.3g} us"
    coarse = resolution_s > _COARSE_S
    advice = "times are known in steps of milliseconds; the dance is as smooth, its latencies are guesses"
    clock = CheckResult(
        check="clock", verdict="warning" if coarse else "ok", found=found, advice=advice if coarse else ""
    )
    return [clock, _check_sleep()]


def _check_sleep() -> CheckResult:
    late_ms = np.empty(_NUM_SLEEPS)
    for index in range(_NUM_SLEEPS):
        deadline_s = time.monotonic() + _SLEEP_S
        sleep_until(deadline_s)
        late_ms[index] = 1e3 * (time.monotonic() - deadline_s)
    p50, p99 = (float(value) for value in np.percentile(late_ms, [50, 99]))
    found = f"ends p50 {p50:.2f} ms, p99 {p99:.2f} ms late"
    margin_ms = 1e3 * PlayoutClock.margin_s
    if p99 > margin_ms:
        advice = (
            f"poses leave unevenly above {margin_ms:g} ms: end other programs, switch off power saving, and give a "
            "virtual machine cores of its own"
        )
        return CheckResult(check="sleep", verdict="warning", found=found, advice=advice)
    return CheckResult(check="sleep", verdict="ok", found=found)
