"""What an evaluation holds dancers against beside real dance: a linear baseline, a motion graph, a deaf dancer."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from data.dataset.prepared_reader import PreparedFolder, PreparedSequence
from training.evaluation.dances import Dance, Repertoire, spread
from training.evaluation.linear_dance import LinearDance
from training.evaluation.measures import Reference
from training.evaluation.motion_graph import MotionGraph
from training.evaluation.rows import Baseline
from training.metrics.copying import LearnedWindows

UPPER, LOWER = "motion graph of real bars", "deaf linear autoregression"
_MOST_SEQUENCES: Final = 40
_SHORTEST_S: Final = 2.0


class Anchors:
    """Everything that is fitted to the training split of a prepared folder, without any network.

    Args:
        folder: The prepared folder.
        repertoire: Its dances.
        split: The held-out split.
    """

    def __init__(self, folder: PreparedFolder, repertoire: Repertoire, split: str) -> None:
        self._repertoire = repertoire
        learned, held_out = (folder.sequences(name) for name in ("train", split))
        rate_hz = repertoire.codec.rate_hz
        self._learned = _dancing(spread(learned, min(_MOST_SEQUENCES, len(learned))), rate_hz)
        self._held_out = _dancing(held_out, rate_hz)
        self.linear = LinearDance.fit(self._learned)
        windows = LearnedWindows(
            _dancing(learned, rate_hz), rate_hz, range(repertoire.codec.columns["tilt"].start, repertoire.codec.dims)
        )
        self.reference = Reference(repertoire.held_out, self.linear, windows)
        # Bars are joined and played by the beat.
        self._graph = MotionGraph(learned, repertoire.codec) if repertoire.fastest_rad else None

    def baseline(self) -> Baseline:
        """What the linear regression leaves of real dance."""
        both = (self._learned, self._held_out)
        return Baseline(
            variance_left=(self.linear.variance_left(both[0]), self.linear.variance_left(both[1])),
            left_lag1=(self.linear.lag1(both[0]), self.linear.lag1(both[1])),
            held_out_distance=self.reference.values["learned_distance"],
        )

    def dances(self, seed: int) -> dict[str, list[Dance]]:
        """Dances of the anchors to the held-out music, by their name, the upper one first, if there are beats."""
        found = self._to(list(self._repertoire.beats), self._repertoire.style_of, seed)
        return {name: self._repertoire.dances(vectors) for name, vectors in found.items()}

    def in_styles(self, styles: Sequence[int], seed: int) -> dict[str, list[NDArray[np.float32]]]:
        """Pose vectors of the anchors' dances in styles that were asked for, by their name; one of them knows none."""
        beats = [self._repertoire.beats[place % len(self._repertoire.beats)] for place in range(len(styles))]
        return self._to(beats, styles, seed)

    def _to(
        self, beats: Sequence[NDArray[np.float64]], styles: Sequence[int], seed: int
    ) -> dict[str, list[NDArray[np.float32]]]:
        found, graph = {}, self._graph
        if graph is not None:
            numbered = enumerate(zip(beats, styles, strict=True))
            found[UPPER] = [graph.dance(beat, style, seed + place) for place, (beat, style) in numbered]
        found[LOWER] = [self.linear.dance(len(beat), seed + place) for place, beat in enumerate(beats)]
        return found


def _dancing(sequences: Sequence[PreparedSequence], rate_hz: float) -> list[NDArray[np.float32]]:
    """Pose vectors of every stretch with music."""
    found = []
    for sequence in sequences:
        sounding = np.concatenate([[False], sequence.sounding, [False]])
        edges = np.flatnonzero(np.diff(sounding.astype(int)))
        stretches = zip(edges[::2], edges[1::2], strict=True)
        found += [np.asarray(sequence.pose[a:b], np.float32) for a, b in stretches if b - a >= _SHORTEST_S * rate_hz]
    return found
