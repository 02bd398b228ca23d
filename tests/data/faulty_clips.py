"""Clips with known faults, for the tests of the inspection."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from data.inspection.finding import Finding
from data.inspection.inspect import inspect
from data.inspection.thresholds import Thresholds
from data.motion import rotations
from data.motion.motion import Motion
from tests.clip_maker import dancing

RATE_HZ = 60.0
LIMITS = Thresholds()


def clean() -> Motion:
    """Eight seconds of a sway at 120 BPM, standing on the floor."""
    return dancing(120, 16, seed=1, rate_hz=RATE_HZ)


def found(folder: Path, limits: Thresholds = LIMITS) -> list[Finding]:
    return inspect(folder, limits, jobs=1).findings


def bump(motion: Motion, begin_s: float, end_s: float) -> np.ndarray:
    """Rises smoothly from 0 to 1 and goes back, half a second each, (frames,)."""
    times_s = np.arange(len(motion)) / motion.rate_hz
    rise = np.clip(np.minimum(times_s - begin_s, end_s - times_s) / 0.5, 0, 1)
    return np.asarray(0.5 - 0.5 * np.cos(np.pi * rise))


def moved(motion: Motion, way: np.ndarray) -> Motion:
    return replace(motion, root_positions=(motion.root_positions + way).astype(np.float32))


def joint_jump(motion: Motion) -> Motion:
    return turned(motion, "LeftUpperArm", np.where(np.arange(len(motion)) >= 200, 0.8, 0.0))


def under_floor(motion: Motion) -> Motion:
    return moved(motion, -0.15 * bump(motion, 3, 5)[:, None] * [0, 1, 0])


def turned(motion: Motion, joint: str, angles_rad: np.ndarray) -> Motion:
    """A joint turned further by an angle about its z axis in each frame."""
    local = motion.rotations.astype(np.float64)
    index = motion.skeleton.index(joint)
    local[:, index] = rotations.multiply(local[:, index], rotations.about_axis(2, angles_rad))
    return replace(motion, rotations=local.astype(np.float32))
