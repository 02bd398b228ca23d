"""Dances of the fast step beside PyTorch's."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from models.fast_step.fast_stepper import FastStepper
from models.fast_step.forms import Form
from models.files import checkpoint
from models.step.state_tree import named_leaves
from models.step.steering import Steering
from models.step.stepper import DancerStepper

IN_A_STEP, IN_A_DANCE = 2e-6, 1e-5
"""Largest differences from PyTorch, where a step begins from PyTorch's state and where a dance goes on from its own.

PyTorch itself adds in another order on each kind of processor: the widest of these networks differs in a step by 0.9e-6
on one with AVX-512 and by 1.1e-6 on one without.
"""
FRAMES = 300
LAST_BIT = 1.2e-7
"""Of a float32, relative."""


def steppers(path: Path, form: Form | None = None) -> tuple[FastStepper, DancerStepper]:
    return FastStepper(path, form), DancerStepper(checkpoint.load(path).model, "cpu")


def music_for(stepper: FastStepper | DancerStepper, frames: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((frames, stepper.music_dims)).astype(np.float32)


def differences(
    fast: FastStepper,
    reference: DancerStepper,
    steerings: Mapping[int, Steering],
    frames: int = FRAMES,
    *,
    music: np.ndarray | None = None,
    units: np.ndarray | float = 1.0,
    temperature: float = 0.9,
    seed: int = 1,
) -> tuple[float, float]:
    """Largest difference in a step, and in a dance, in these units of a pose vector; both are to dance one plan."""
    rng = np.random.default_rng(seed)
    music = music_for(fast, frames) if music is None else music[:frames]
    own, theirs = fast.initial_state(1), reference.initial_state(1)
    in_a_step = in_a_dance = 0.0
    for frame, heard in enumerate(music):
        if frame in steerings:
            own, theirs = fast.steer(own, steerings[frame]), reference.steer(theirs, steerings[frame])
        same = fast.state_of({name: leaf.numpy() for name, leaf in named_leaves(theirs).items()})
        noise = rng.standard_normal(fast.noise_dims).astype(np.float32)
        expected, theirs = reference.step(heard, theirs, noise, temperature)
        vector, own = fast.step(heard, own, noise, temperature)
        one, _ = fast.step(heard, same, noise, temperature)
        in_a_step = max(in_a_step, float(np.abs((one - expected) / units).max()))
        in_a_dance = max(in_a_dance, float(np.abs((vector - expected) / units).max()))
        if hasattr(own, "place"):
            assert own.place.phrase == int(theirs.place.phrase)
    return in_a_step, in_a_dance


def of_last_bits(
    reference: DancerStepper,
    steerings: Mapping[int, Steering],
    *,
    music: np.ndarray,
    units: np.ndarray | float = 1.0,
    temperature: float = 0.9,
    seed: int = 1,
) -> float:
    """Largest difference of two dances by PyTorch, one of which goes on from poses that differ by a last bit."""
    rng, signs = np.random.default_rng(seed), np.random.default_rng(2)
    own, other = reference.initial_state(1), reference.initial_state(1)
    difference = 0.0
    for frame, heard in enumerate(music):
        if frame in steerings:
            own, other = (reference.steer(state, steerings[frame]) for state in (own, other))
        noise = rng.standard_normal(reference.noise_dims).astype(np.float32)
        factor = torch.from_numpy(1 + LAST_BIT * signs.choice((-1.0, 1.0), own.pose.shape)).float()
        vector, own = reference.step(heard, own, noise, temperature)
        changed, other = reference.step(heard, replace(other, pose=other.pose * factor), noise, temperature)
        difference = max(difference, float(np.abs((vector - changed) / units).max()))
    return difference


def noise_of(fast: FastStepper, frame: int) -> np.ndarray:
    return np.random.default_rng(frame).standard_normal(fast.noise_dims).astype(np.float32)


def rollout_from(fast: FastStepper, state: Any, music: np.ndarray, temperature: float) -> list[np.ndarray]:
    vectors = []
    for frame, heard in enumerate(music):
        vector, state = fast.step(heard, state, noise_of(fast, frame), temperature)
        vectors.append(vector)
    return vectors
