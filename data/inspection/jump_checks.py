"""Movements that no body makes: joints and hips that move out of nothing, and speeds beyond all dance."""

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from data.inspection.finding import Finding
from data.inspection.thresholds import Thresholds
from data.movement.measured_figure import Figure, angular_speed, events, out_of_nothing, speed

_FAST_FRAMES: Final = 3


def joint_jumps(figure: Figure, thresholds: Thresholds) -> Iterator[Finding]:
    """Joints that turn out of nothing."""
    motion = figure.motion
    if len(motion) < 3:
        return
    speeds = angular_speed(motion)
    jumps = out_of_nothing(speeds, motion.rate_hz)
    for at, joint, num_joints, more in events(jumps, thresholds.jump_rad_s, motion.rate_hz):
        name = motion.skeleton.names[joint]
        degrees = np.degrees(speeds[at, joint] / motion.rate_hz)
        others = f" and {num_joints - 1} more joints" if num_joints > 1 else ""
        yield Finding.beyond(
            "joint-jump",
            figure.clip,
            f"{name}{others}: {degrees:.0f} degrees from frame {at} to {at + 1}, out of nothing{more}",
            float(jumps[at, joint]),
            "rad/s",
            thresholds.jump_rad_s,
            start_s=figure.time_s(at),
            end_s=figure.time_s(at + 1),
            frame=at + 1,
            joint=name,
        )


def place_jumps(figure: Figure, thresholds: Thresholds) -> Iterator[Finding]:
    """Hips that move out of nothing."""
    motion = figure.motion
    if len(motion) < 3:
        return
    speeds = speed(figure.positions[:, :1], motion.rate_hz)
    jumps = out_of_nothing(speeds, motion.rate_hz)
    for at, _, _, more in events(jumps, thresholds.place_jump_m_s, motion.rate_hz):
        name = motion.skeleton.names[0]
        yield Finding.beyond(
            "place-jump",
            figure.clip,
            f"{name}: {100 * speeds[at, 0] / motion.rate_hz:.0f} cm from frame {at} to {at + 1}, out of nothing{more}",
            float(jumps[at, 0]),
            "m/s",
            thresholds.place_jump_m_s,
            start_s=figure.time_s(at),
            end_s=figure.time_s(at + 1),
            frame=at + 1,
            joint=name,
        )


def too_fast(figure: Figure, thresholds: Thresholds) -> Iterator[Finding]:
    """Joints that are too fast for longer than a jump."""
    motion = figure.motion
    if len(motion) <= _FAST_FRAMES:
        return
    for speeds, limit, unit, verb in (
        (angular_speed(motion), thresholds.fast_rad_s, "rad/s", "turns"),
        (speed(figure.positions, motion.rate_hz), thresholds.fast_m_s, "m/s", "moves"),
    ):
        kept = sliding_window_view(speeds, _FAST_FRAMES, axis=0).min(axis=-1)  # (intervals, joints)
        for at, joint, _, more in events(kept, limit, motion.rate_hz):
            name = motion.skeleton.names[joint]
            yield Finding.beyond(
                "too-fast",
                figure.clip,
                f"{name} {verb} at {kept[at, joint]:.0f} {unit} or more from frame {at} to {at + _FAST_FRAMES}{more}",
                float(kept[at, joint]),
                unit,
                limit,
                start_s=figure.time_s(at),
                end_s=figure.time_s(at + _FAST_FRAMES),
                frame=at + 1,
                joint=name,
            )
