"""Floor and feet: what is under the floor, what never touches it, and feet that slide."""

from collections.abc import Iterator

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from data.inspection.finding import Finding
from data.inspection.thresholds import Thresholds
from data.motion.feet import FEET
from data.motion.floor import usual_lowest_m
from data.movement.measured_figure import AROUND_S, MOST_OF_A_KIND, Figure, events, foot_speeds
from data.movement.stretches import stretches


def under_floor(figure: Figure, thresholds: Thresholds) -> Iterator[Finding]:
    """Parts of the body under the floor."""
    motion = figure.motion
    depth = -figure.lowest_m
    for at, _, _, more in events(depth[:, None], thresholds.under_floor_m, motion.rate_hz):
        name = motion.skeleton.names[int(figure.lowest_joint[at])]
        share = float(np.mean(depth > thresholds.under_floor_m))
        yield Finding.beyond(
            "under-floor",
            figure.clip,
            f"{name} is {100 * depth[at]:.0f} cm under the floor in frame {at}; {share:.0%} of the frames are{more}",
            float(depth[at]),
            "m",
            thresholds.under_floor_m,
            start_s=figure.time_s(at),
            frame=at,
            joint=name,
        )


def floating(figure: Figure, thresholds: Thresholds) -> Iterator[Finding]:
    """Times in which nothing touches the floor."""
    motion = figure.motion
    spans = [
        (start, stop)
        for start, stop in stretches(np.asarray(figure.lowest_m > thresholds.floating_m))
        if (stop - start) / motion.rate_hz > thresholds.floating_s
    ]
    for start, stop in sorted(spans, key=lambda span: span[0] - span[1])[:MOST_OF_A_KIND]:
        height = figure.lowest_m[start:stop]
        yield Finding.beyond(
            "floating",
            figure.clip,
            f"nothing touches the floor for {(stop - start) / motion.rate_hz:.1f} s, up to {height.max():.2f} m",
            (stop - start) / motion.rate_hz,
            "s",
            thresholds.floating_s,
            start_s=figure.time_s(start),
            end_s=figure.time_s(stop),
            frame=start + int(height.argmax()),
        )


def floor_level(figure: Figure, thresholds: Thresholds) -> Iterator[Finding]:
    """A floor that is not at 0."""
    level = usual_lowest_m(figure.motion)
    if abs(level) > thresholds.floor_level_m:
        yield Finding.beyond(
            "floor-level",
            figure.clip,
            f"the lowest points are usually {abs(level):.2f} m {'over' if level > 0 else 'under'} height 0",
            abs(level),
            "m",
            thresholds.floor_level_m,
        )


def foot_sliding(figure: Figure, thresholds: Thresholds) -> Iterator[Finding]:
    """Feet that slide; a clip is judged as a whole, for single slides are danced."""
    speeds, stands = foot_speeds(figure)
    rate_hz = figure.motion.rate_hz
    if stands.sum() < AROUND_S * rate_hz or float(speeds[stands].mean()) <= thresholds.foot_sliding_m_s:
        return
    mean = float(speeds[stands].mean())
    window = min(max(1, round(0.5 * rate_hz)), len(speeds))
    slid = sliding_window_view((speeds * stands).max(axis=1), window).sum(axis=-1) / rate_hz
    at = int(slid.argmax())
    side = FEET[int((speeds * stands)[at : at + window].sum(axis=0).argmax())]
    yield Finding.beyond(
        "foot-sliding",
        figure.clip,
        f"standing feet slide at {mean:.2f} m/s in the mean, {side} over {slid[at]:.2f} m within half a second",
        mean,
        "m/s",
        thresholds.foot_sliding_m_s,
        start_s=figure.time_s(at),
        end_s=figure.time_s(at + window),
        frame=at + window // 2,
        joint=side,
    )
