"""Real dance spoilt in known ways: what a measure must rank below the dance it was made from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from scipy.spatial.transform import Rotation

from data.motion import Motion, resample

Corruption = Callable[[Motion, int], Motion]

JITTER_DEG = 2.0
FREEZE_S, FREEZE_EVERY_S = 2.0, 4.0
WARP, WARP_PERIOD_S = 0.6, 3.0
SKATE_M_S = 0.5


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


CORRUPTIONS: dict[str, Corruption] = {"jitter": jitter, "freeze": freeze, "time warp": time_warp, "skating": skate}
