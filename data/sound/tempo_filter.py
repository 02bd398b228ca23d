"""Tempo and phase as a hidden Markov model: the belief about where in which beat period the music is."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from data.sound.beat_network import HOP_RATE_HZ, HOPS_PER_STEP
from data.sound.streaming import FloatArray

_TAU: Final = 2.0 * math.pi


@dataclass(frozen=True, kw_only=True)
class TempoGrid:
    """Constants of a `TempoFilter`.

    Attributes:
        min_bpm: Slowest tempo of the grid.
        max_bpm: Fastest tempo of the grid.
        prior_bpm: Centre of the tempo prior, a normal distribution over octaves: it settles half and double time.
        prior_octaves: Its standard deviation.
        prior_power: How much of the prior acts again at every beat.
        rigidity: Tempo changes at a beat have the weight exp(-rigidity * |ratio - 1|).
        jump: Probability at a beat that the tempo becomes any other.
        beat_fraction: Half width of a beat, the part of the period in which its evidence is expected, at least
        beat_hops: so many hops.
        leak: Share of the prior mixed in each step; lets a wrong tempo be left.
    """

    min_bpm: float = 55.0
    max_bpm: float = 215.0
    prior_bpm: float = 118.0
    prior_octaves: float = 0.5
    prior_power: float = 0.3
    rigidity: float = 180.0
    jump: float = 1e-5
    beat_fraction: float = 0.05
    beat_hops: float = 2.0
    leak: float = 1e-5


@dataclass(frozen=True)
class Reading:
    """What a belief says.

    Attributes:
        bpm: Mean of the strongest tempo and those within 6 % of it.
        phase: Mean of their phases in beats, 0 to 1.
        concentration: Length of that mean on the circle, 0 to 1.
        mass: Belief in these tempi.
    """

    bpm: float
    phase: float
    concentration: float
    mass: float


class TempoFilter:
    """The forward filter of a bar-pointer model of one beat, four hops a step.

    Whiteley, Cemgil & Godsill, ISMIR 2006; state space after Krebs, Böck & Widmer, ISMIR 2015: for every whole beat
    period one state a hop; the position advances and the tempo may change where a beat ends. A belief is the
    probability of each (tempo, position in the beat), flat, float32 (states,).

    Attributes:
        prior: The belief of who has heard nothing.
    """

    def __init__(self, grid: TempoGrid) -> None:
        self._leak = grid.leak
        shortest = math.floor(60.0 * HOP_RATE_HZ / grid.max_bpm)
        longest = math.ceil(60.0 * HOP_RATE_HZ / grid.min_bpm)
        self._periods = np.arange(shortest, longest + 1)  # hops a beat, one for each tempo
        ends = np.cumsum(self._periods)
        self._float_periods = self._periods.astype(np.float32)
        self._first, self._last = ends - self._periods, ends - 1
        period = np.repeat(self._periods, self._periods)
        position = np.arange(ends[-1]) - np.repeat(self._first, self._periods)
        self._phases = (position / period).astype(np.float32)
        self._circle = np.stack([np.cos(_TAU * self._phases), np.sin(_TAU * self._phases)]).astype(np.float32)
        # which states, at the end of a step, are on the beat at the end of its first half, of its second, of both
        width = np.maximum(grid.beat_fraction * period, grid.beat_hops)
        second = np.minimum(position, period - position) <= width
        before = (position - HOPS_PER_STEP // 2) % period
        first = np.minimum(before, period - before) <= width
        self._on_beat = np.flatnonzero(first | second)
        self._halves = (first + 2 * second)[self._on_beat] - 1
        # the last positions of each tempo flow into the first ones: (hop of the step, tempo)
        self._leaving = np.stack([ends - HOPS_PER_STEP + hop for hop in range(HOPS_PER_STEP)])
        self._arriving = np.stack([self._first + hop for hop in range(HOPS_PER_STEP)])

        octaves = np.log2(60.0 * HOP_RATE_HZ / self._periods / grid.prior_bpm)
        tempo_prior = np.exp(-0.5 * (octaves / grid.prior_octaves) ** 2)
        prior = np.repeat(tempo_prior / self._periods, self._periods)
        self.prior: FloatArray = (prior / prior.sum()).astype(np.float32)
        ratio = self._periods[None, :] / self._periods[:, None]  # (old tempo, new tempo)
        transition = np.exp(-grid.rigidity * np.abs(ratio - 1.0))
        transition = transition / transition.sum(axis=1, keepdims=True) * tempo_prior**grid.prior_power
        transition = (1.0 - grid.jump) * transition + grid.jump * tempo_prior / tempo_prior.sum()
        self._transition = np.ascontiguousarray(transition.T.astype(np.float32))  # (new tempo, old tempo)

        lowest = np.searchsorted(self._periods, self._periods * 0.94, side="left")
        highest = np.searchsorted(self._periods, self._periods * 1.06, side="right")
        self._neighbours = [slice(int(a), int(b)) for a, b in zip(lowest, highest, strict=True)]

    def step(self, belief: FloatArray, following: FloatArray, first: float, second: float) -> None:
        """Four hops.

        Args:
            belief: Before them.
            following: Receives the belief after them.
            first: Log likelihood ratio of a beat at the end of the second hop.
            second: Likewise at the end of the fourth.
        """
        following[HOPS_PER_STEP:] = belief[:-HOPS_PER_STEP]
        following[self._arriving] = np.vecdot(self._transition, belief[self._leaving][:, None, :])
        ratios = np.exp(np.array([first, second, first + second])).astype(np.float32)
        following[self._on_beat] *= ratios[self._halves]
        following *= np.float32((1.0 - self._leak) / float(following.sum()))
        following += np.float32(self._leak) * self.prior

    def turn(self, belief: FloatArray, beats: float) -> None:
        """Lets time pass in which nobody heard: the phases of every tempo move on by so many beats."""
        for first, period in zip(self._first.tolist(), self._periods.tolist(), strict=True):
            row = belief[first : first + period]
            row[:] = np.roll(row, round(beats % 1.0 * period))

    def read(self, belief: FloatArray) -> Reading:
        """Its strongest tempo and phase."""
        tempo = np.add.reduceat(belief, self._first)
        near, states = self._near(int(tempo.argmax()))
        cosine, sine = np.vecdot(self._circle[:, states], belief[states]).tolist()
        mass = float(tempo[near].sum())
        return Reading(
            60.0 * HOP_RATE_HZ * mass / float(np.vecdot(tempo[near], self._float_periods[near])),
            math.atan2(sine, cosine) / _TAU % 1.0,
            math.hypot(cosine, sine),
            mass,
        )

    def mass_at(self, belief: FloatArray, bpm: float, phase: float) -> float:
        """Belief in tempi within 6 % and phases within an eighth of a beat."""
        tempo = int(np.searchsorted(self._periods, 60.0 * HOP_RATE_HZ / bpm - 0.5))
        _, states = self._near(min(tempo, len(self._periods) - 1))
        away = np.abs((self._phases[states] + np.float32(0.5 - phase)) % np.float32(1.0) - np.float32(0.5))
        return float(np.vecdot(belief[states], (away < 0.125).astype(np.float32)))

    def _near(self, tempo: int) -> tuple[slice, slice]:
        """The tempi within 6 % of one of the grid, and their states."""
        near = self._neighbours[tempo]
        return near, slice(int(self._first[near.start]), int(self._last[near.stop - 1]) + 1)
