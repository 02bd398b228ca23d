"""The music detector: hears, frame by frame, whether what sounds is music or something else."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from data.sound.audio_features import AudioFeatures, AudioFeaturesConfig
from data.sound.streaming import FloatArray, StreamingState

RATE_HZ: Final = 30
"""The network steps so often, whatever the rate of the frames."""
NUM_INNER, NUM_HIDDEN = 32, 40
WEIGHTS: Final = Path(__file__).with_name("weights.npz")

WEIGHTS_CHECKSUM: Final = hashlib.sha256(WEIGHTS.read_bytes()).hexdigest()[:12] if WEIGHTS.exists() else ""
"""Of the weights that ship; it tells whether a dance can be danced again."""

_COLUMNS: Final = AudioFeatures(AudioFeaturesConfig()).columns
_MEL: Final = _COLUMNS["mel"]
INPUT_COLUMNS: Final = np.r_[_MEL, _COLUMNS["chroma"], _COLUMNS["onset"]]
"""Columns of a feature frame that the network hears. The beat is not among them: a clock may have replaced it."""

_NUM_MEL: Final = _MEL.stop - _MEL.start
_NUM_SLOW: Final = _NUM_MEL + _COLUMNS["chroma"].stop - _COLUMNS["chroma"].start
FOLLOWED_PER_STEP: Final = np.repeat(1.0 / (RATE_HZ * np.array([1.0, 4.0])), [_NUM_MEL, _NUM_SLOW - _NUM_MEL]).astype(
    np.float32
)
"""How fast the slow mean of the mel bands (1 s) and of the chroma (4 s) follows. What sounds now, apart from that mean,
tells a change of harmony from a hum, which has none."""

_FAINT_MEL: Final = -2.9  # the floor of the features is -3: what the automatic gain has closed on
_MAX_LOGIT: Final = 4.0
# Of the mean change: steady noise stays below 1.3, music exceeds 1.8.
_EVENT_RATIO, _SMALLEST_EVENT, _CHANGE_S = 1.5, 0.005, 0.7


@dataclass(eq=False)
class MusicDetectorState(StreamingState):
    """What the detector remembers.

    Attributes:
        hidden: Of the network, (40,).
        mel: The mel columns of the frame before, (80,).
        slow: Slow mean of mel bands and chroma, (92,).
        change: Mean change of the mel columns from step to step of late.
        steady_s: For how long that change has stayed about the same: nothing has happened.
        onset: Strongest onsets since the network's last step, (4,).
        due: Steps of the network that are due, 0 to 1.
        logit: The network's last opinion; positive is music.
        evidence: What has gathered for music (positive) or against it, from -1 on.
        verdict: 1 music, -1 something else, 0 not known yet.
        music_s: How long music has been heard in which something happened, since the verdict was last against it.
        heard_s: Sound since the last long silence.
        silent_s: Silence since the last sound.
    """

    hidden: FloatArray
    mel: FloatArray
    slow: FloatArray
    change: float
    steady_s: float
    onset: FloatArray
    due: float
    logit: float
    evidence: float
    verdict: int
    music_s: float
    heard_s: float
    silent_s: float

    @property
    def is_judged(self) -> bool:
        """Whether there is a verdict."""
        return self.verdict != 0


@dataclass(frozen=True, kw_only=True)
class MusicDetectorConfig:
    """How opinions become a verdict.

    The network's opinions are summed up as evidence between two bounds (a sequential test, as Wald's), so that a sure
    opinion changes the verdict soon and a wavering one late. Speech stays speech over the speaker's pauses.

    Attributes:
        rate_hz: Feature frames a second.
        patience_s: Sound is listened to for so long before anything is made of it. Then it is taken for music until
            the evidence says otherwise: a song must not be missed.
        doubt: Unless the evidence is below this by then.
        music_per_s: How fast a certain opinion for music fills the evidence, from 0 to 1, in a second.
        other_per_s: Likewise an opinion against.
        to_music: Evidence above this is music.
        to_other: Evidence below this is something else.
        steady_s: Sound in which nothing has happened for so long (a hum, a fan, rain) counts as something else,
            unless the network takes it for music.
        sure: As it does with a logit above this: a chord that is held.
        trust_s: What has been music for so long is not given up for a quiet or a still passage: by then the two
            bounds that follow are reached.
        trusted_evidence: The most evidence that gathers; 1 at first.
        trusted_steady_s: How much longer than `steady_s` nothing may happen; 0 at first.
        forget_s: After so much silence everything is forgotten.
    """

    rate_hz: float = RATE_HZ
    patience_s: float = 0.2
    doubt: float = -0.1
    music_per_s: float = 2.0
    other_per_s: float = 2.0
    to_music: float = 0.3
    to_other: float = -0.5
    steady_s: float = 1.5
    sure: float = 0.0
    trust_s: float = 8.0
    trusted_evidence: float = 2.0
    trusted_steady_s: float = 8.0
    forget_s: float = 8.0


class MusicDetector:
    """A gated recurrent network of 40 units (Cho et al. 2014) over 96 columns of the features, and a verdict.

    It hears mel bands, chroma and onsets of the present frame, the change of the mel bands, and how far mel bands and
    chroma are from their slow means; all of them come after the automatic gain, so the level of the sound plays no
    part. Causal and pure: state in, state out, and its sums do not depend on the number of threads.

    Args:
        config: Rate and patience.
        weights: Arrays of the network; those that ship if None.

    Example:
        >>> detector = MusicDetector()
        >>> state = detector.initial_state()
        >>> silence = np.full(121, -3.0, np.float32)
        >>> is_music, state = detector.step(silence, state)
        >>> is_music, state.verdict
        (False, 0)
    """

    def __init__(
        self, config: MusicDetectorConfig | None = None, weights: dict[str, NDArray[np.float32]] | None = None
    ) -> None:
        self.config = config or MusicDetectorConfig()
        if weights is None:
            with np.load(WEIGHTS, allow_pickle=False) as arrays:
                weights = {name: arrays[name] for name in arrays.files}
        self._weights = {name: np.asarray(array, np.float32, "C") for name, array in weights.items()}

    def initial_state(self) -> MusicDetectorState:
        """Nothing heard yet."""
        return MusicDetectorState(
            hidden=np.zeros(NUM_HIDDEN, np.float32),
            mel=np.full(_NUM_MEL, -3.0, np.float32),
            slow=np.repeat(np.array([-3.0, 0.0], np.float32), [_NUM_MEL, _NUM_SLOW - _NUM_MEL]),
            change=0.0,
            steady_s=0.0,
            onset=np.zeros(4, np.float32),
            due=0.0,
            logit=0.0,
            evidence=0.0,
            verdict=0,
            music_s=0.0,
            heard_s=0.0,
            silent_s=0.0,
        )

    def step(self, frame: FloatArray, state: MusicDetectorState) -> tuple[bool, MusicDetectorState]:
        """Hears a frame of sound features (121,) and says whether to dance to it; `state` is reused.

        A frame with a number that is none is not heard.
        """
        config = self.config
        frame_s = 1.0 / config.rate_hz
        inputs = frame[INPUT_COLUMNS]
        if not np.isfinite(inputs).all():
            return self._is_danced(state), state
        if float(inputs[: _MEL.stop].max()) > _FAINT_MEL:
            state.heard_s, state.silent_s = state.heard_s + frame_s, 0.0
        else:
            state.silent_s += frame_s
            if state.silent_s > config.forget_s:
                return False, self.initial_state()
        np.maximum(state.onset, inputs[-4:], out=state.onset)
        state.due += RATE_HZ / config.rate_hz
        while state.due > 1.0 - 1e-6:
            state.due -= 1.0
            self._hear(np.concatenate([inputs[:-4], state.onset]), state)
            state.onset[:] = 0.0
            if state.silent_s == 0.0:
                self._judge(state)
        return self._is_danced(state), state

    def _is_danced(self, state: MusicDetectorState) -> bool:
        if state.verdict != 0:
            return state.verdict > 0
        return state.heard_s >= self.config.patience_s and state.evidence > self.config.doubt

    def _judge(self, state: MusicDetectorState) -> None:
        config = self.config
        opinion = min(max(state.logit, -_MAX_LOGIT), _MAX_LOGIT) / _MAX_LOGIT
        trust = min(state.music_s / config.trust_s, 1.0)
        if state.steady_s > config.steady_s + trust * config.trusted_steady_s and state.logit < config.sure:
            opinion = -1.0
        pace = config.music_per_s if opinion > 0.0 else config.other_per_s
        most = 1.0 + trust * (config.trusted_evidence - 1.0)
        state.evidence = min(max(state.evidence + opinion * pace / RATE_HZ, -1.0), most)
        if state.evidence > config.to_music:
            state.verdict = 1
        elif state.evidence < config.to_other:
            state.verdict = -1
        if state.verdict < 0:
            state.music_s = 0.0
        elif state.verdict > 0 and state.logit > 1.0 and state.steady_s < config.steady_s:
            state.music_s += 1.0 / RATE_HZ

    def _note_change(self, change: float, state: MusicDetectorState) -> None:
        """A note or a beat changes the spectrum by more than what changes it all the time."""
        is_event = change > _EVENT_RATIO * state.change + _SMALLEST_EVENT
        state.steady_s = 0.0 if is_event else state.steady_s + 1.0 / RATE_HZ
        state.change += (change - state.change) / (_CHANGE_S * RATE_HZ)

    def _hear(self, inputs: FloatArray, state: MusicDetectorState) -> None:
        """One step of the network: inputs (96,)."""
        weights = self._weights
        mel = inputs[:_NUM_MEL]
        moved = mel - state.mel
        apart = inputs[:_NUM_SLOW] - state.slow
        state.slow = state.slow + FOLLOWED_PER_STEP * apart
        heard = np.concatenate([inputs, moved, apart])
        if state.silent_s == 0.0:
            self._note_change(float(np.abs(moved).mean()), state)
        state.mel = mel.copy()
        inner = np.tanh(np.vecdot(weights["inner_w"], heard) + weights["inner_b"])
        from_inner = np.vecdot(weights["gates_w"], inner) + weights["gates_b"]
        from_hidden = np.vecdot(weights["hidden_w"], state.hidden) + weights["hidden_b"]
        reset, update = (
            _sigmoid(from_inner[at : at + NUM_HIDDEN] + from_hidden[at : at + NUM_HIDDEN]) for at in (0, NUM_HIDDEN)
        )
        new = np.tanh(from_inner[2 * NUM_HIDDEN :] + reset * from_hidden[2 * NUM_HIDDEN :])
        state.hidden = ((1.0 - update) * new + update * state.hidden).astype(np.float32)
        state.logit = float(np.vecdot(weights["opinion_w"], state.hidden) + weights["opinion_b"])


def _sigmoid(x: FloatArray) -> FloatArray:
    result: FloatArray = np.float32(1.0) / (np.float32(1.0) + np.exp(-x))
    return result
