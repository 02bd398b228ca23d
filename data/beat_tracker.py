"""A causal beat tracker: a hidden Markov model of tempo and phase, and an oscillator that follows it smoothly.

Only the past is used. The oscillator is what others see: its phase never runs backwards, it can be read ahead of time,
and it runs on when the music pauses.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.streaming import FloatArray, StreamingState

_TAU = 2.0 * math.pi


@dataclass(frozen=True, kw_only=True)
class BeatTrackerConfig:
    """Constants of a `BeatTracker`, tuned on synthesised loops.

    Attributes:
        rate_hz: Onset frames a second.
        min_bpm: Slowest tempo of the grid.
        max_bpm: Fastest tempo of the grid.
        prior_bpm: Centre of the tempo prior, a normal distribution over octaves.
        prior_octaves: Its standard deviation.
        prior_power: How much of the prior acts again at every beat.
        tempo_rigidity: Tempo changes at a beat have the weight exp(-rigidity * |ratio - 1|).
        beat_fraction: The part of a beat, from its start, in which onsets are expected.
        evidence: Log-likelihood ratio of a beat for each unit of onset strength above `baseline`.
        baseline: Onset strength, in units of its mean, that speaks neither for nor against a beat.
        max_strength: Onset strength is clipped here, in units of its mean.
        band_weights: Weights of the four onset bands (all, low, mid, high).
        norm_s: Time constant of the mean that the onset strength is divided by.
        leak: Share of the prior mixed in each frame; lets a wrong tempo be left.
        silent_leak: The same in silence.
        activity_s: Time constant of the activity: without onsets, confidence decays so fast.
        active_flux_db: Mean flux at and above which the tracker is fully active.
        follow: Share of the phase error that the oscillator makes up in each frame, at full phase confidence.
        delay_s: The age of an onset when its flux peaks, taken off when the phase is read.
    """

    rate_hz: int = 120
    min_bpm: float = 55.0
    max_bpm: float = 215.0
    prior_bpm: float = 110.0
    prior_octaves: float = 0.5
    prior_power: float = 1.0
    tempo_rigidity: float = 100.0
    beat_fraction: float = 1.0 / 16.0
    evidence: float = 0.3
    baseline: float = 1.0
    max_strength: float = 8.0
    band_weights: tuple[float, float, float, float] = (0.6, 0.4, 0.0, 0.0)
    norm_s: float = 4.0
    leak: float = 1e-7
    silent_leak: float = 0.02
    activity_s: float = 1.0
    active_flux_db: float = 0.3
    follow: float = 0.15
    delay_s: float = 0.015


@dataclass(eq=False)
class BeatState(StreamingState):
    """What a `BeatTracker` believes.

    Attributes:
        belief: Probability of each (tempo, position in the beat), flat; float32 (states,).
        scratch: Room for the next belief; float32 (states,).
        band_means: Running means of the onset bands in dB; float64 (4,).
        active_frames: Onset frames since the start, weighted by activity.
        recent_flux: Running mean of the flux over about a second, in dB.
        activity: 0 (silence, steady sound) to 1 (music).
        beats: Position of the oscillator in beats since the start, never falling, as heard `delay_s` ago.
        bpm: Its tempo.
        posterior_phase: The model's own phase in beats, 0 to 1.
        phase_confidence: 0 to 1: how concentrated the belief about the phase is.
        tempo_confidence: 0 to 1: the belief in tempi within 6 % of the chosen one.
    """

    belief: FloatArray
    scratch: FloatArray
    band_means: NDArray[np.float64]
    active_frames: float
    recent_flux: float
    activity: float
    beats: float
    bpm: float
    posterior_phase: float
    phase_confidence: float
    tempo_confidence: float

    @property
    def phase(self) -> float:
        """Phase of the oscillator in beats, 0 to 1, as heard `delay_s` ago; see `BeatTracker.phase_at`."""
        return self.beats % 1.0

    @property
    def count(self) -> int:
        """Beats that the oscillator has passed since the start."""
        return math.floor(self.beats)


class BeatTracker:
    """A streaming estimate of tempo, phase and beat count from onset flux.

    The forward filter of a bar-pointer model (Whiteley, Cemgil & Godsill, ISMIR 2006; state space after Krebs, Böck &
    Widmer, ISMIR 2015): for every integer beat period one state a frame; the position advances by one each frame and
    the tempo may change where a beat ends. Columns of the output: cos and sin of the phase, log2(bpm / 120), phase
    confidence, tempo confidence.

    In silence the evidence is neutral, the belief melts into the prior, confidences fall to 0 and the oscillator runs
    on at its last tempo.

    Example:
        >>> tracker = BeatTracker()
        >>> state = tracker.initial_state()
        >>> for frame in range(10 * 120):  # ten seconds of onset frames in which every half a second something sounds
        ...     flux = np.full(4, 20.0 if frame % 60 == 0 else 0.0, np.float32)
        ...     beat, state = tracker.step(flux, state)
        >>> abs(state.bpm - 120) < 1, state.tempo_confidence > 0.7
        (True, True)
    """

    dims = 5
    latency_s = 0.0  # the phase is extrapolated to the present

    def __init__(self, config: BeatTrackerConfig | None = None) -> None:
        self.config = config = config or BeatTrackerConfig()
        self.rate_hz = config.rate_hz
        shortest = math.floor(60.0 * config.rate_hz / config.max_bpm)
        longest = math.ceil(60.0 * config.rate_hz / config.min_bpm)
        self._periods = np.arange(shortest, longest + 1)  # frames a beat, one for each tempo
        ends = np.cumsum(self._periods)
        self._float_periods = self._periods.astype(np.float32)
        self._first, self._last = ends - self._periods, ends - 1
        period = np.repeat(self._periods, self._periods)
        position = np.arange(ends[-1]) - np.repeat(self._first, self._periods)
        self._circle = np.stack([np.cos(_TAU * position / period), np.sin(_TAU * position / period)]).astype(np.float32)
        self._on_beat = (position < np.maximum(1, np.round(period * config.beat_fraction))).astype(np.float32)

        octaves = np.log2(60.0 * config.rate_hz / self._periods / config.prior_bpm)
        tempo_prior = np.exp(-0.5 * (octaves / config.prior_octaves) ** 2)
        prior = np.repeat(tempo_prior / self._periods, self._periods)
        self._prior = (prior / prior.sum()).astype(np.float32)
        ratio = self._periods[None, :] / self._periods[:, None]  # (old tempo, new tempo)
        transition = np.exp(-config.tempo_rigidity * np.abs(ratio - 1.0))
        transition = transition / transition.sum(axis=1, keepdims=True) * tempo_prior**config.prior_power
        self._transition = np.ascontiguousarray(transition.T.astype(np.float32))  # (new tempo, old tempo)

        lowest = np.searchsorted(self._periods, self._periods * 0.94, side="left")
        highest = np.searchsorted(self._periods, self._periods * 1.06, side="right")
        self._neighbours = [slice(int(a), int(b)) for a, b in zip(lowest, highest, strict=True)]
        self._band_weights = np.array(config.band_weights)
        self._activity_rate = 1.0 / (config.activity_s * config.rate_hz)

    def initial_state(self) -> BeatState:
        """Nothing heard: the prior, at phase 0 and the prior's tempo."""
        return BeatState(
            belief=self._prior.copy(),
            scratch=np.zeros_like(self._prior),
            band_means=np.zeros(4),
            active_frames=0.0,
            recent_flux=0.0,
            activity=0.0,
            beats=0.0,
            bpm=self.config.prior_bpm,
            posterior_phase=0.0,
            phase_confidence=0.0,
            tempo_confidence=0.0,
        )

    def step(self, flux: FloatArray, state: BeatState) -> tuple[FloatArray, BeatState]:
        """Features (5,) at the end of an onset frame.

        Args:
            flux: Onset strength in dB, float32 (4,): all, low, mid, high.
            state: Its arrays are reused.
        """
        strength = self._strength(flux, state)
        self._update_belief(strength, state)
        self._read_belief(state)
        self._advance(state)
        return self.features(state), state

    def phase_at(self, state: BeatState, ahead_s: float = 0.0) -> float:
        """Phase in beats (0 to 1) at `ahead_s` after the end of the newest frame, the onset delay taken off."""
        return (state.beats + (self.config.delay_s + ahead_s) * state.bpm / 60.0) % 1.0

    def features(self, state: BeatState, ahead_s: float = 0.0) -> FloatArray:
        """Columns (5,) of the output, read `ahead_s` ahead of the newest frame."""
        angle = _TAU * self.phase_at(state, ahead_s)
        return np.array(
            [
                math.cos(angle),
                math.sin(angle),
                math.log2(state.bpm / 120.0),
                state.phase_confidence,
                state.tempo_confidence,
            ],
            np.float32,
        )

    def _strength(self, flux: FloatArray, state: BeatState) -> float:
        """Onset strength of the frame in units of its running mean; the activity is brought up to date."""
        config = self.config
        state.recent_flux += self._activity_rate * (float(flux[0]) - state.recent_flux)
        state.activity = min(1.0, state.recent_flux / config.active_flux_db)
        # the mean starts as a plain one, so that the first seconds are on scale too; silence does not count
        state.active_frames += state.activity
        rate = state.activity / min(max(state.active_frames, 20.0), config.norm_s * config.rate_hz)
        state.band_means += rate * (flux - state.band_means)
        return float(self._band_weights @ np.minimum(flux / (state.band_means + 0.02), config.max_strength))

    def _update_belief(self, strength: float, state: BeatState) -> None:
        """One step of the forward filter."""
        belief, following = state.belief, state.scratch
        following[1:] = belief[:-1]
        following[self._first] = np.vecdot(self._transition, belief[self._last])
        ratio = math.exp(self.config.evidence * state.activity * (strength - self.config.baseline))
        following += following * self._on_beat * np.float32(ratio - 1.0)
        leak = self.config.leak + self.config.silent_leak * (1.0 - state.activity)
        following *= np.float32((1.0 - leak) / float(following.sum()))
        following += np.float32(leak) * self._prior
        state.belief, state.scratch = following, belief

    def _read_belief(self, state: BeatState) -> None:
        """Tempo, phase and confidences of the belief's strongest tempo and its neighbours."""
        tempo = np.add.reduceat(state.belief, self._first)
        near = self._neighbours[int(tempo.argmax())]
        states = slice(int(self._first[near.start]), int(self._last[near.stop - 1]) + 1)
        cosine, sine = np.vecdot(self._circle[:, states], state.belief[states]).tolist()
        mass = float(tempo[near].sum())
        if state.activity > 0.5:  # else the tempo is held
            state.bpm = 60.0 * self.rate_hz * mass / float(np.vecdot(tempo[near], self._float_periods[near]))
        state.posterior_phase = math.atan2(sine, cosine) / _TAU % 1.0
        state.phase_confidence = state.activity * math.hypot(cosine, sine)
        state.tempo_confidence = state.activity * mass

    def _advance(self, state: BeatState) -> None:
        """Move the oscillator on by one frame, towards the belief's phase, never backwards."""
        beats_per_frame = state.bpm / 60.0 / self.rate_hz
        error = (state.posterior_phase - (state.beats + beats_per_frame) + 0.5) % 1.0 - 0.5
        state.beats += min(
            max(beats_per_frame + self.config.follow * state.phase_confidence * error, 0.0), 3.0 * beats_per_frame
        )
