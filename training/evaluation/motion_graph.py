"""A motion graph: bars of real dance, joined at bar lines. The upper anchor of an evaluation.

After Kovar, Gleicher and Pighin, "Motion graphs", 2002, as far as a dancer needs it who must not know what comes: at
every bar line a bar of the style is chosen that begins nearly as the last one ended, and is played by the beat. What it
dances is real, but for the joins; what it lacks is phrases longer than a bar, and an ear for more than the beat.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from data.dataset.prepared_reader import PreparedSequence
from data.motion.pose_codec import PoseCodec

Vectors = NDArray[np.float32]

BEATS_OF_BAR: Final = 4
JOIN_S: Final = 0.3
"""What is left of the last bar's pose fades in this time."""
NUM_NEAREST: Final = 6
"""Bars among which chance chooses."""
TEMPO_SHARE: Final = 0.5
"""Share of a style's bars, those nearest in tempo, that may follow."""


@dataclass(frozen=True, eq=False)
class Bar:
    """A bar of real dance.

    Attributes:
        sequence: Where it is from.
        first: Its first frame.
        beats: Beats since its beginning, of that frame and those after it up to its end, (frames,).
        style: Index of its style.
        beats_a_frame: Its tempo.
    """

    sequence: PreparedSequence
    first: int
    beats: NDArray[np.float64]
    style: int
    beats_a_frame: float

    def at(self, beat: float, rates: NDArray[np.int64], beats_a_frame: float) -> Vectors:
        """The pose vector at a beat of it, (pose_dims,), with its speeds those of a tempo."""
        place = float(np.interp(beat, self.beats, np.arange(len(self.beats))))
        low = min(int(place), len(self.beats) - 2)
        rows = np.asarray(self.sequence.pose[self.first + low : self.first + low + 2], np.float32)
        vector = rows[0] + np.float32(place - low) * (rows[1] - rows[0])
        vector[rates] *= np.float32(beats_a_frame / self.beats_a_frame)
        return vector


class MotionGraph:
    """Dances by bars of real dance.

    Args:
        sequences: The training split.
        codec: Meaning of their pose vectors.

    Raises:
        ValueError: If there is no whole bar in them.
    """

    def __init__(self, sequences: Sequence[PreparedSequence], codec: PoseCodec) -> None:
        self._codec = codec
        self._rates = np.r_[codec.columns["floor_velocity"], codec.columns["turn_rate"]]
        self.bars = [bar for sequence in sequences for bar in _bars(sequence)]
        if not self.bars:
            raise ValueError("the training split holds no whole bar with music")
        starts = np.stack([np.asarray(bar.sequence.pose[bar.first : bar.first + 2], np.float64) for bar in self.bars])
        self._std = starts[:, 0].std(0).clip(1e-2)
        self._starts = self._described(starts)
        self._styles = np.array([bar.style for bar in self.bars])
        self._tempi = np.array([bar.beats_a_frame for bar in self.bars])

    def _described(self, two: NDArray[np.float64]) -> NDArray[np.float64]:
        """What joins are judged by, (n, numbers): a pose and twice its change over two frames, in deviations."""
        change = (two[:, 1] - two[:, 0]) * self._codec.rate_hz / 10
        keep = np.setdiff1d(np.arange(two.shape[2]), self._rates)
        return np.concatenate([two[:, 1] / self._std, (change / self._std)[:, keep]], 1)

    def dance(self, beat: NDArray[np.float64], style: int, seed: int) -> Vectors:
        """A dance to beats, (frames, pose_dims); a frame depends on no later beat.

        Args:
            beat: Beat position at each frame, (frames,), rising.
            style: Index of the style; one that nobody danced is free.
            seed: Chooses the dance.
        """
        random = np.random.default_rng(seed)
        bar, origin, joined, offset = self.bars[0], 0.0, 0, np.zeros(self._codec.dims, np.float32)
        vectors: list[Vectors] = []
        tempo = float(beat[1] - beat[0]) if len(beat) > 1 else self.bars[0].beats_a_frame
        for frame, now in enumerate(beat):
            tempo = tempo if frame == 0 else float(now - beat[frame - 1])
            line = BEATS_OF_BAR * np.floor(now / BEATS_OF_BAR)
            if frame == 0 or line > origin:
                bar, origin, joined = self._next(vectors, style, tempo, bar, random), line, frame
                vector = bar.at(now - origin, self._rates, tempo)
                offset = vectors[-1] - vector if vectors else 0 * vector
            vector = bar.at(now - origin, self._rates, tempo)
            share = (frame - joined + 1) / (JOIN_S * self._codec.rate_hz)
            vectors.append(vector + np.float32(0.5 + 0.5 * np.cos(np.pi * min(1.0, share))) * offset)
        return np.stack(vectors)

    def _next(
        self, vectors: Sequence[Vectors], style: int, tempo: float, last: Bar, random: np.random.Generator
    ) -> Bar:
        """A bar that may follow what was danced."""
        of_style = np.flatnonzero(self._styles == style)
        of_style = of_style if len(of_style) else np.arange(len(self.bars))
        distance = np.abs(np.log(self._tempi[of_style] / max(tempo, 1e-6)))
        candidates = of_style[np.argsort(distance)[: max(NUM_NEAREST, int(TEMPO_SHARE * len(of_style)))]]
        candidates = np.array([c for c in candidates if self.bars[c] is not last] or candidates)
        if len(vectors) < 2:
            return self.bars[random.choice(candidates)]
        ended = self._described(np.stack(vectors[-2:])[None].astype(np.float64))
        gaps = np.square(self._starts[candidates] - ended).sum(1)
        return self.bars[random.choice(candidates[np.argsort(gaps)[:NUM_NEAREST]])]


def _bars(sequence: PreparedSequence) -> list[Bar]:
    """The whole bars of a sequence, from the first beat of each stretch with music."""
    beat = np.asarray(sequence.beat, np.float64)
    found = []
    frame = 1
    while frame < len(beat):
        if beat[frame] < 0 or beat[frame - 1] < 0 or np.floor(beat[frame] / 4) == np.floor(beat[frame - 1] / 4):
            frame += 1
            continue
        line = BEATS_OF_BAR * np.floor(beat[frame] / BEATS_OF_BAR)
        end = frame
        while end < len(beat) and line <= beat[end] < line + BEATS_OF_BAR:
            end += 1
        beats = beat[frame:end] - line
        is_whole = end < len(beat) and beat[end] >= line + BEATS_OF_BAR and len(beats) > 8
        if is_whole and (np.diff(beats) > 0).all():
            found.append(Bar(sequence, frame, beats, sequence.style, float(np.diff(beats).mean())))
        frame = max(end, frame + 1)
    return found
