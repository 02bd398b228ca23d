"""A causal beat tracker: a network's opinion, a hidden Markov model of tempo and phase, and an oscillator that follows.

Only the past is used. The oscillator is what others see: its phase never runs backwards, it can be read ahead of time,
and it runs on when the music pauses.
"""

import dataclasses
import math
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from data.sound.bar_tracker import BarState, BarTracker, BarTrackerConfig
from data.sound.beat_confidence import FACTS, BeatConfidence, log_odds, octaves_away
from data.sound.beat_network import HOP_RATE_HZ, HOPS_PER_STEP, RATE_HZ, BeatNetwork, BeatNetworkState
from data.sound.spectral import OnsetFlux
from data.sound.streaming import FloatArray, StreamingState
from data.sound.tempo_filter import TempoFilter, TempoGrid

_TAU: Final = 2.0 * math.pi
_HALF: Final = HOPS_PER_STEP // 2
_NEVER_S: Final = 1e6


@dataclass(frozen=True, kw_only=True)
class BeatTrackerConfig:
    """Constants of a `BeatTracker`, chosen on music that neither training nor the measurements know.

    Attributes:
        grid: Of tempo and phase.
        sharpness: Exponent of the network's likelihood ratio of a beat: neighbouring halves say the same twice.
        beat_share: Share of half frames that are beats, taken out of the network's probability.
        min_log_odds: The log ratio is clipped here, so that a missing beat is forgiven,
        max_log_odds: and here.
        flux_weight: Log-likelihood ratio of a beat for each unit of onset strength above its mean, beside the network.
        flux_hops: Onset flux rises so much sooner than the network answers.
        max_strength: Onset strength is clipped here, in units of its mean.
        band_weights: Weights of the four onset bands (all, low, mid, high).
        norm_s: Time constant of the mean that the onset strength is divided by.
        activity_s: Time constant of the activity of the sound.
        active_flux_db: Mean flux at and above which the sound is fully active.
        onset_db: Flux above this is an onset;
        onset_s: after so long without any, the network is not heard.
        presence_s: The network's strongest beat is remembered so long: without any, there is a break,
        min_presence: which begins when it has faded to this probability. The belief then rests and turns on with
            the oscillator.
        pace_s: Time constant of the mean pace that is kept in a break.
        quiet_s: Confidence falls as exp(-(time in silence / quiet_s)^2).
        follow: Share of the phase error that the oscillator makes up in each step, at full certainty.
        agree: Share of the newest beat in the running agreement of network and oscillator.
    """

    grid: TempoGrid = field(default_factory=TempoGrid)
    sharpness: float = 0.5
    beat_share: float = 0.08
    min_log_odds: float = -1.5
    max_log_odds: float = 4.5
    flux_weight: float = 0.03
    flux_hops: int = 2
    max_strength: float = 8.0
    band_weights: tuple[float, float, float, float] = (0.6, 0.4, 0.0, 0.0)
    norm_s: float = 4.0
    activity_s: float = 1.0
    active_flux_db: float = 0.3
    onset_db: float = 1.0
    onset_s: float = 0.6
    presence_s: float = 1.0
    min_presence: float = 0.12
    pace_s: float = 2.5
    quiet_s: float = 2.6
    follow: float = 0.5
    agree: float = 0.15


@dataclass(eq=False)
class BeatState(StreamingState):
    """What a `BeatTracker` believes.

    Attributes:
        network: State of the network.
        bar: Where in the bar the beats are: `beats_per_bar`, and the place of the beat judged last; see `place`.
        belief: Probability of each (tempo, position in the beat), flat; float32 (states,).
        scratch: Room for the next belief; float32 (states,).
        strength: Onset strengths of the newest hops, oldest first; float64 (6,).
        band_means: Running means of the onset bands in dB; float64 (4,).
        active_hops: Hops since the start, weighted by activity.
        recent_flux: Running mean of the flux over about a second, in dB.
        activity: 0 (silence, steady sound) to 1 (music).
        since_onset_s: Time since the last onset.
        quiet_s: Since when the sound has not been active.
        presence: The network's strongest beat of late, as a probability.
        rested_beats: What the oscillator has turned in this break, in beats.
        beats: Position of the oscillator in beats since the start, never falling, as heard `delay_s` ago.
        bpm: Its tempo.
        pace: Running mean of its speed in beats a second; 0 at the start.
        pull: What the oscillator makes up in each hop, in beats.
        posterior_phase: The model's own phase in beats, 0 to 1.
        tempo_belief: Belief in tempi within 6 % of the chosen one.
        facts: What the confidences are made of, `FACTS`; float64 (7,).
        on_beat: The network's strongest beat near the oscillator's, since the last beat was judged,
        off_beat: and between two beats, as probabilities.
        agree_on: Running means of these over the beats.
        agree_off: Likewise.
        judged_beats: The oscillator's beat that was judged last.
        phase_confidence: How likely tempo and phase are right: within 6 % and an eighth of a beat.
        tempo_confidence: How likely the tempo is right, whatever the phase.
    """

    network: BeatNetworkState
    bar: BarState
    belief: FloatArray
    scratch: FloatArray
    strength: NDArray[np.float64]
    band_means: NDArray[np.float64]
    active_hops: float
    recent_flux: float
    activity: float
    since_onset_s: float
    quiet_s: float
    presence: float
    rested_beats: float
    beats: float
    bpm: float
    pace: float
    pull: float
    posterior_phase: float
    tempo_belief: float
    facts: NDArray[np.float64]
    on_beat: float
    off_beat: float
    agree_on: float
    agree_off: float
    judged_beats: int
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

    @property
    def beats_per_bar(self) -> int:
        """2, 3 or 4; of 6/8 and 12/8 the dotted beats are counted."""
        return self.bar.beats_per_bar

    @property
    def place(self) -> int:
        """Place in the bar of the newest beat, `count`: 0 is the downbeat."""
        return (self.bar.place + self.count - self.judged_beats) % self.bar.beats_per_bar

    @property
    def bar_confidence(self) -> float:
        """How likely place and beats of the bar are right, 0 to 1."""
        return self.bar.confidence * self.phase_confidence


class BeatTracker:
    """A streaming estimate of tempo, phase, beat count and place in the bar from the mel bands of the onset flux.

    `BeatNetwork` says thirty times a second how likely a beat is; `TempoFilter` gathers what that means for tempo and
    phase, `BarTracker` for the place in the bar, and an oscillator follows. Columns of the output: cos and sin of the
    phase, log2(bpm / 120), phase confidence, tempo confidence. The confidences are probabilities, fitted on music that
    training has not seen: of ten frames at 0.8 eight are right.

    Where nothing sounds like a beat, in silence or a break, the belief rests: tempo and phase are kept while the
    oscillator runs on at its mean pace, and are met again by the music; confidences fall to 0 in silence.

    Args:
        config: Constants.
        network: Says how likely a beat is; the one that ships if None.

    Example:
        >>> tracker = BeatTracker()
        >>> state = tracker.initial_state()
        >>> silence = np.full(64, -60.0, np.float32), np.zeros(4, np.float32)
        >>> for _ in range(120):  # a second of silent hops
        ...     beat, state = tracker.step(*silence, state)
        >>> beat.shape, state.phase_confidence, 1 <= state.beats < 3, state.beats_per_bar
        ((5,), 0.0, True, 4)
    """

    dims = 5
    latency_s = 0.0  # the phase is extrapolated to the present
    rate_hz = HOP_RATE_HZ

    def __init__(self, config: BeatTrackerConfig | None = None, network: BeatNetwork | None = None) -> None:
        self.config = config = config or BeatTrackerConfig()
        self.network = network or BeatNetwork()
        self.delay_s = self.network.delay_s
        self._bar = BarTracker(BarTrackerConfig())
        self._confidence = BeatConfidence(self.network.weights)
        self._filter = TempoFilter(config.grid)
        self._silence = (
            np.full(OnsetFlux.NUM_BANDS, OnsetFlux.FLOOR_DB, np.float32),
            np.zeros(OnsetFlux.dims, np.float32),
        )
        self._band_weights = np.array(config.band_weights)
        self._activity_rate = 1.0 / (config.activity_s * HOP_RATE_HZ)
        self._log_share = math.log(config.beat_share / (1.0 - config.beat_share))
        self._fading = math.exp(-1.0 / (config.presence_s * RATE_HZ))

    def facts(self) -> dict[str, object]:
        """What decides the values of the features beside the network's weights, for their fingerprint."""
        own, bar = dataclasses.asdict(self.config), dataclasses.asdict(self._bar.config)
        return {"beat": own, "bar": bar, "confidence": self._confidence.facts()}

    def initial_state(self) -> BeatState:
        """Nothing heard: the prior, at phase 0 and the prior's tempo."""
        return BeatState(
            network=self.network.initial_state(),
            bar=self._bar.initial_state(),
            belief=self._filter.prior.copy(),
            scratch=np.zeros_like(self._filter.prior),
            strength=np.zeros(HOPS_PER_STEP + self.config.flux_hops),
            band_means=np.zeros(4),
            active_hops=0.0,
            recent_flux=0.0,
            activity=0.0,
            since_onset_s=_NEVER_S,
            quiet_s=_NEVER_S,
            presence=0.0,
            rested_beats=0.0,
            beats=0.0,
            bpm=self.config.grid.prior_bpm,
            pace=0.0,
            pull=0.0,
            posterior_phase=0.0,
            tempo_belief=0.0,
            facts=np.eye(1, len(FACTS))[0],
            on_beat=0.0,
            off_beat=0.0,
            agree_on=0.0,
            agree_off=0.0,
            judged_beats=-1,
            phase_confidence=0.0,
            tempo_confidence=0.0,
        )

    def step(self, mel_db: FloatArray, flux: FloatArray, state: BeatState) -> tuple[FloatArray, BeatState]:
        """Features (5,) at the end of a hop.

        Args:
            mel_db: Mel decibels of `OnsetFlux` after the gain, float32 (64,).
            flux: Its onset strength in dB, float32 (4,): all, low, mid, high. A hop that is not finite is not heard.
            state: Its arrays are reused.
        """
        if not math.isfinite(flux[0]):  # the mean of all bands: one of them is no number
            mel_db, flux = self._silence
        self._hear_flux(flux, state)
        self._advance(state)
        opinion, state.network = self.network.step(mel_db, state.network)
        if opinion is not None:
            self._step_belief(opinion.astype(np.float64), state)
        return self.features(state), state

    def phase_at(self, state: BeatState, ahead_s: float = 0.0) -> float:
        """Phase in beats (0 to 1) at `ahead_s` after the end of the newest hop, the network's delay taken off."""
        return self.beats_at(state, ahead_s) % 1.0

    def beats_at(self, state: BeatState, ahead_s: float = 0.0) -> float:
        """Position in beats at that moment."""
        return state.beats + (self.delay_s + ahead_s) * state.bpm / 60.0

    def features(self, state: BeatState, ahead_s: float = 0.0) -> FloatArray:
        """Columns (5,) of the output, read `ahead_s` ahead of the newest hop."""
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

    def _hear_flux(self, flux: FloatArray, state: BeatState) -> None:
        """Onset strength of the hop in units of its running mean; the activity is brought up to date."""
        config = self.config
        state.recent_flux += self._activity_rate * (float(flux[0]) - state.recent_flux)
        state.activity = min(1.0, state.recent_flux / config.active_flux_db)
        state.since_onset_s = 0.0 if flux[0] > config.onset_db else state.since_onset_s + 1.0 / HOP_RATE_HZ
        # the mean starts as a plain one, so that the first seconds are on scale too; silence does not count
        state.active_hops += state.activity
        rate = state.activity / min(max(state.active_hops, 20.0), config.norm_s * HOP_RATE_HZ)
        state.band_means += rate * (flux - state.band_means)
        state.strength[:-1] = state.strength[1:]
        state.strength[-1] = self._band_weights @ np.minimum(flux / (state.band_means + 0.02), config.max_strength)

    def _is_resting(self, state: BeatState) -> bool:
        return state.presence < self.config.min_presence

    def _step_belief(self, opinion: NDArray[np.float64], state: BeatState) -> None:
        """What the network says of the last four hops: log odds (halves, (beat, downbeat))."""
        config = self.config
        # without any onset of late, what the network says is its memory
        heard = min(1.0, 2.0 * state.activity) if state.since_onset_s < config.onset_s else 0.0
        strongest = heard / (1.0 + math.exp(-float(opinion[:, 0].max())))
        was_resting = self._is_resting(state)
        state.presence = max(strongest, self._fading * state.presence)
        if self._is_resting(state):
            if not was_resting:
                state.pull = 0.0
                if abs(60.0 * state.pace / state.bpm - 1.0) < 0.04:
                    state.bpm = 60.0 * state.pace
            state.quiet_s += 1.0 / RATE_HZ
        else:
            if was_resting:
                self._filter.turn(state.belief, state.rested_beats)
                state.rested_beats = 0.0
            state.quiet_s = 0.0 if state.activity > 0.5 else state.quiet_s + 1.0 / RATE_HZ
            lifts = np.minimum(np.maximum(opinion[:, 0] - self._log_share, config.min_log_odds), config.max_log_odds)
            onsets = state.strength[:HOPS_PER_STEP].reshape(2, _HALF).sum(axis=1) - _HALF
            first, second = heard * (config.sharpness * lifts + config.flux_weight * onsets)
            self._filter.step(state.belief, state.scratch, float(first), float(second))
            state.belief, state.scratch = state.scratch, state.belief
            reading = self._filter.read(state.belief)
            if state.activity > 0.5:  # else the tempo is held
                state.bpm = reading.bpm
            state.posterior_phase, state.tempo_belief = reading.phase, reading.mass
            self._compare(strongest, float(opinion[:, 1].max()), state)
            error = (state.posterior_phase - state.beats + 0.5) % 1.0 - 0.5
            state.pull = config.follow * reading.concentration * error / HOPS_PER_STEP
        self._judge(state)

    def _compare(self, strongest: float, downbeat: float, state: BeatState) -> None:
        """Whether the network hears beats where the oscillator has them."""
        phase = state.phase
        if min(phase, 1.0 - phase) < 0.15:
            state.on_beat = max(state.on_beat, strongest)
            self._bar.hear(downbeat, state.bar)
        elif 0.2 < phase < 0.8:
            state.off_beat = max(state.off_beat, strongest)

    def _judge(self, state: BeatState) -> None:
        """Confidences; and half a beat after a beat what was heard of it."""
        config = self.config
        is_resting = self._is_resting(state)
        judged = math.floor(state.beats - 0.5)
        if judged > state.judged_beats:
            state.judged_beats = judged
            if is_resting:
                self._bar.skip(1, state.bar)
            else:
                self._bar.beat(state.phase_confidence, state.bar)
                state.agree_on += config.agree * (state.on_beat - state.agree_on)
                state.agree_off += config.agree * (state.off_beat - state.agree_off)
            state.on_beat = state.off_beat = 0.0
        if not is_resting:
            state.facts[1:] = (
                log_odds(self._filter.mass_at(state.belief, state.bpm, state.phase)),
                log_odds(state.tempo_belief),
                state.agree_on,
                state.agree_off,
                state.bar.confidence,
                octaves_away(state.bpm),
            )
        sounding = math.exp(-((state.quiet_s / config.quiet_s) ** 2))
        state.phase_confidence = sounding * self._confidence.phase(state.facts)
        state.tempo_confidence = sounding * self._confidence.tempo(state.facts)

    def _advance(self, state: BeatState) -> None:
        """Move the oscillator on by one hop, towards the belief's phase, never backwards."""
        beats_per_hop = state.bpm / 60.0 / HOP_RATE_HZ
        moved = min(max(beats_per_hop + state.pull, 0.0), 3.0 * beats_per_hop)
        state.beats += moved
        if self._is_resting(state):
            state.rested_beats += moved
        elif state.pace == 0.0:
            state.pace = moved * HOP_RATE_HZ
        else:
            state.pace += (moved - state.pace / HOP_RATE_HZ) / self.config.pace_s
