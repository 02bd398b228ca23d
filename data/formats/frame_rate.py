"""Which frame rates a recording can have."""


def recorded_rate_hz(rate_hz: float) -> float:
    """The frame rate that a file tells, if a recording can have it.

    Raises:
        ValueError: It cannot: a few frames would be a dance of years, which nothing that resamples it has room for.
    """
    if not 0.1 <= rate_hz <= 10_000:
        raise ValueError(f"no recording has {rate_hz:g} frames a second")
    return rate_hz
