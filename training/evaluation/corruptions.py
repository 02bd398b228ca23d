"""Real dance spoilt in known ways: what a measure must rank below the dance it was made from."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import numpy as np
from scipy.ndimage import gaussian_filter1d
from scipy.spatial.transform import Rotation

from data.motion.motion import Motion, resample
from data.motion.rotations import about_axis, make_continuous, multiply, normalise

Corruption = Callable[[Motion, int], Motion]

JITTER_DEG: Final = 2.0
FREEZE_S, FREEZE_EVERY_S = 2.0, 4.0
WARP, WARP_PERIOD_S = 0.6, 3.0
SKATE_M_S: Final = 0.5
BLUR_S: Final = 0.1
LIFT_M, LIFT_S, LIFT_EVERY_S, LIFT_RAMP_S = 0.25, 2.0, 5.0, 0.25
TURN_AWAY_S: Final = 3.0
LEAN_DEG: Final = 35.0


def jitter(motion: Motion, seed: int) -> Motion:
    """Every joint shakes by `JITTER_DEG` (deviation about each axis), anew in every frame."""
    noise = np.random.default_rng(seed).normal(0, np.radians(JITTER_DEG), (*motion.rotations.shape[:2], 3))
    turned = Rotation.from_quat(motion.rotations.reshape(-1, 4)) * Rotation.from_rotvec(noise.reshape(-1, 3))
    return replace(motion, rotations=turned.as_quat().reshape(motion.rotations.shape).astype(np.float32))


def freeze(motion: Motion, seed: int) -> Motion:
    """The body stops for `FREEZE_S` in every `FREEZE_EVERY_S`, and jumps on to where it would be."""
    start = int(np.random.default_rng(seed).uniform(0, FREEZE_EVERY_S - FREEZE_S) * motion.rate_hz)
    length, every = int(FREEZE_S * motion.rate_hz), int(FREEZE_EVERY_S * motion.rate_hz)
    frames = np.arange(len(motion))
    place = (frames - start) % every
    frames = np.where((frames >= start) & (place < length), frames - place, frames)
    return replace(motion, rotations=motion.rotations[frames], root_positions=motion.root_positions[frames])


def time_warp(motion: Motion, seed: int) -> Motion:
    """Played slower and faster in turn, between 1 - `WARP` and 1 + `WARP` times the speed, in `WARP_PERIOD_S`."""
    fine = resample(motion, 8 * motion.rate_hz)
    time_s = np.arange(len(motion)) / motion.rate_hz
    turn = 2 * np.pi / WARP_PERIOD_S
    phase = np.random.default_rng(seed).uniform(0, 2 * np.pi)
    warped_s = time_s + WARP / turn * (np.sin(turn * time_s + phase) - np.sin(phase))
    frames = np.clip(np.round(warped_s * fine.rate_hz).astype(int), 0, len(fine) - 1)
    return replace(motion, rotations=fine.rotations[frames], root_positions=fine.root_positions[frames])


def skate(motion: Motion, seed: int) -> Motion:
    """The whole body glides over the floor at `SKATE_M_S` beside what it dances, in a circle."""
    turn = np.random.default_rng(seed).choice([-1.0, 1.0]) * 0.5  # rad/s
    angle = turn * np.arange(len(motion)) / motion.rate_hz
    path = motion.root_positions.copy()
    path[:, 0] += SKATE_M_S / abs(turn) * np.sin(angle)
    path[:, 2] += SKATE_M_S / abs(turn) * (1 - np.cos(angle))
    return replace(motion, root_positions=path)


def blur(motion: Motion, seed: int) -> Motion:
    """Joint angles smoothed by a Gaussian of deviation `BLUR_S`: all movements are there, and none hits."""
    signs = make_continuous(motion.rotations.astype(np.float64))
    smooth = normalise(gaussian_filter1d(signs, BLUR_S * motion.rate_hz, axis=0, mode="nearest"))
    path = gaussian_filter1d(motion.root_positions, BLUR_S * motion.rate_hz, axis=0, mode="nearest")
    return replace(motion, rotations=smooth.astype(np.float32), root_positions=path)


def float_up(motion: Motion, seed: int) -> Motion:
    """The whole body hangs `LIFT_M` above its floor for `LIFT_S` in every `LIFT_EVERY_S`."""
    start_s = np.random.default_rng(seed).uniform(0, LIFT_EVERY_S - LIFT_S)
    time_s = (np.arange(len(motion)) / motion.rate_hz - start_s) % LIFT_EVERY_S
    rise = np.clip(np.minimum(time_s, LIFT_S - time_s) / LIFT_RAMP_S, 0, 1)
    path = motion.root_positions.copy()
    path[:, 1] += (LIFT_M * rise).astype(np.float32)
    return replace(motion, root_positions=path)


def turn_away(motion: Motion, seed: int) -> Motion:
    """The body turns its back for `TURN_AWAY_S`, then its front, and so on; about its hips, within half a second."""
    time_s = np.arange(len(motion)) / motion.rate_hz
    phase = np.random.default_rng(seed).uniform(0, 2 * TURN_AWAY_S)
    place = (time_s + phase) % (2 * TURN_AWAY_S)
    yaw = np.pi * np.clip(np.minimum(place, 2 * TURN_AWAY_S - place) - TURN_AWAY_S / 2 + 0.25, 0, 0.5) / 0.5
    turned = multiply(about_axis(1, yaw), motion.rotations[:, 0].astype(np.float64))
    rotations = np.concatenate([turned[:, None].astype(np.float32), motion.rotations[:, 1:]], 1)
    return replace(motion, rotations=rotations)


def lean(motion: Motion, seed: int) -> Motion:
    """The whole body is tilted by `LEAN_DEG` about a point between where its feet are, like a statue that falls."""
    axis = np.random.default_rng(seed).uniform(0, 2 * np.pi)
    turn = Rotation.from_rotvec(np.radians(LEAN_DEG) * np.array([np.cos(axis), 0.0, np.sin(axis)]))
    pivot = motion.root_positions * np.array([1, 0, 1])
    rotations = motion.rotations.copy()
    rotations[:, 0] = (turn * Rotation.from_quat(motion.rotations[:, 0])).as_quat()
    path = pivot + turn.apply(motion.root_positions - pivot)
    return replace(motion, rotations=rotations, root_positions=path.astype(np.float32))


CORRUPTIONS: Final[dict[str, Corruption]] = {
    "jitter": jitter,
    "freeze": freeze,
    "time warp": time_warp,
    "skating": skate,
    "blur": blur,
    "floating": float_up,
    "turning away": turn_away,
    "leaning": lean,
}
