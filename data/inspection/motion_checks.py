"""All that is wrong with a motion, of which here: limbs, stillness, size and rate."""

from collections.abc import Callable, Iterator
from typing import Final

import numpy as np

from data.inspection.finding import Finding
from data.inspection.floor_checks import floating, floor_level, foot_sliding, under_floor
from data.inspection.jump_checks import joint_jumps, place_jumps, too_fast
from data.inspection.thresholds import Thresholds
from data.motion.skeleton import STATURE_M, mirrored_name
from data.movement.measured_figure import AROUND_S, MOST_OF_A_KIND, Figure, events, is_odd_size, speed
from data.movement.stretches import stretches

UNEVEN_M: Final = 0.01
"""Fingers are so short that millimetres are shares."""
FREEZE_SPEED_M_S: Final = 0.001
GRAVITY_M_S2: Final = 9.81
_LIMB_MASS: Final = {
    "UpperLeg": 0.05,
    "LowerLeg": 0.10,
    "Foot": 0.04,
    "UpperArm": 0.03,
    "LowerArm": 0.025,
    "Hand": 0.015,
}
_MASS: Final = {
    **{"Hips": 0.2, "Spine": 0.1, "Chest": 0.14, "Head": 0.08},
    **{side + limb: share for side in ("Left", "Right") for limb, share in _LIMB_MASS.items()},
}
"""Shares of the body's mass, roughly, at the joints where it is near."""
_KNOWN_MASS: Final = 0.8
USUAL_RATES_HZ: Final = (20, 24, 25, 30, 48, 50, 60, 72, 75, 80, 90, 100, 120, 144, 150, 180, 200, 240, 250, 300, 360,
                         400, 480, 500, 1000)  # fmt: skip


def motion_findings(figure: Figure, thresholds: Thresholds) -> list[Finding]:
    """All that is wrong with a motion."""
    checks: tuple[Callable[[Figure, Thresholds], Iterator[Finding]], ...] = (
        joint_jumps,
        place_jumps,
        too_fast,
        under_floor,
        floating,
        floor_level,
        foot_sliding,
        uneven_limbs,
        frozen,
        odd_size,
        odd_rate,
        too_heavy,
    )
    return [finding for check in checks for finding in check(figure, thresholds)]


def uneven_limbs(figure: Figure, thresholds: Thresholds) -> Iterator[Finding]:
    """The bone whose two sides differ most."""
    skeleton = figure.motion.skeleton
    lengths = np.linalg.norm(skeleton.offsets.astype(np.float64), axis=1)
    worst: tuple[float, int, int] | None = None
    for joint, name in enumerate(skeleton.names):
        partner = mirrored_name(name)
        if joint == 0 or partner == name or partner not in skeleton.names[joint + 1 :]:
            continue
        other = skeleton.names.index(partner)
        mean = 0.5 * (lengths[joint] + lengths[other])
        share = abs(lengths[joint] - lengths[other]) / mean if mean > 0.01 else 0.0
        if share > thresholds.limb_change and share * mean > UNEVEN_M and (worst is None or share > worst[0]):
            worst = share, joint, other
    if worst is not None:
        share, joint, other = worst
        yield Finding.beyond(
            "limb-length",
            figure.clip,
            f"the bone to {skeleton.names[joint]} is {lengths[joint]:.3f} m long, that to {skeleton.names[other]} "
            f"{lengths[other]:.3f} m",
            share,
            "of its length",
            thresholds.limb_change,
            joint=skeleton.names[joint],
        )


def frozen(figure: Figure, thresholds: Thresholds) -> Iterator[Finding]:
    """Times in which nothing moves."""
    motion = figure.motion
    if len(motion) < 2:
        return
    still = speed(figure.positions, motion.rate_hz).mean(axis=1) < FREEZE_SPEED_M_S
    spans = [span for span in stretches(still) if (span[1] - span[0]) / motion.rate_hz > thresholds.frozen_s]
    total_s = sum(stop - start for start, stop in spans) / motion.rate_hz
    for number, (start, stop) in enumerate(sorted(spans, key=lambda span: span[0] - span[1])[:MOST_OF_A_KIND]):
        seconds = (stop - start) / motion.rate_hz
        more = f"; {total_s:.1f} s in all" if number == 0 and len(spans) > 1 else ""
        yield Finding.beyond(
            "frozen",
            figure.clip,
            f"nothing moves for {seconds:.1f} s from frame {start} on{more}",
            seconds,
            "s",
            thresholds.frozen_s,
            start_s=figure.time_s(start),
            end_s=figure.time_s(stop),
            frame=start,
        )


def odd_size(figure: Figure, thresholds: Thresholds) -> Iterator[Finding]:
    """A figure of another unit."""
    stature = figure.original_stature_m
    if is_odd_size(stature, thresholds.size_factor):
        factor = max(stature / STATURE_M, STATURE_M / stature)
        yield Finding.beyond(
            "odd-size",
            figure.clip,
            f"the figure is {stature:.3g} m tall: its unit is not the centimetre; the rest assumes 1.6 m",
            factor,
            "times a person",
            thresholds.size_factor,
        )


def too_heavy(figure: Figure, thresholds: Thresholds) -> Iterator[Finding]:
    """Falls that gravity does not explain: nothing else pulls a body down, whatever its limbs do."""
    motion = figure.motion
    reach = max(1, round(AROUND_S * motion.rate_hz))
    if len(motion) <= 2 * reach:
        return
    shares = np.array([_MASS.get(name, 0.0) for name in motion.skeleton.names])
    if shares.sum() < _KNOWN_MASS:
        return
    height = figure.positions[..., 1] @ (shares / shares.sum())
    bend = height[2 * reach :] - 2 * height[reach:-reach] + height[: -2 * reach]
    down = -bend * (motion.rate_hz / reach) ** 2
    for at, _, _, more in events(down[:, None], thresholds.fall_m_s2, motion.rate_hz):
        yield Finding.beyond(
            "too-heavy",
            figure.clip,
            f"the body falls at {down[at]:.0f} m/s2, and gravity's is {GRAVITY_M_S2:.1f}: is {motion.rate_hz:g} frames "
            f"a second twice the true rate?{more}",
            float(down[at]),
            "m/s2",
            thresholds.fall_m_s2,
            start_s=figure.time_s(at),
            end_s=figure.time_s(at + 2 * reach),
            frame=at + reach,
        )


def odd_rate(figure: Figure, thresholds: Thresholds) -> Iterator[Finding]:
    """A rate of frames that is none."""
    rate_hz = figure.motion.rate_hz
    nearest = min(USUAL_RATES_HZ, key=lambda usual: abs(rate_hz / usual - 1))
    error = abs(rate_hz / nearest - 1)
    rate = f"{rate_hz:.6g} frames a second"
    if rate_hz < thresholds.low_rate_hz:
        yield Finding.beyond(
            "odd-rate",
            figure.clip,
            f"{rate} are too few for dance",
            thresholds.low_rate_hz / rate_hz,
            "times too slow",
            1.0,
        )
    elif error > thresholds.rate_error:
        yield Finding.beyond(
            "odd-rate",
            figure.clip,
            f"{rate}; no camera has such a rate, the next is {nearest}",
            error,
            f"from {nearest} Hz",
            thresholds.rate_error,
        )
