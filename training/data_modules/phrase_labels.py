"""Phrases of prepared dances: their names, and what a planner has to know of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from data.dataset.prepared_reader import PreparedFolder, PreparedSequence

MIRRORED: Final = "_mirrored"
LEAST_FRAMES: Final = 60
"""A phrase of which less is danced is none to learn."""


@dataclass(frozen=True, eq=False)
class DancedPhrases:
    """What is danced at each frame of one sequence.

    Attributes:
        names: Name of every source of the sequence.
        groups: Choreography of every source.
        rows: Number of the source (-1 for none), beats since it began, beats it has: (frames, 3) float32.
    """

    names: tuple[str, ...]
    groups: tuple[str, ...]
    rows: NDArray[np.float32]

    @classmethod
    def of(cls, folder: PreparedFolder, sequence: PreparedSequence) -> Self:
        """Those of one of the folder's sequences.

        Raises:
            ValueError: If the folder was prepared by a version that did not keep them.
        """
        names, groups = folder.sources(sequence)
        return cls(names, groups, np.asarray(sequence.phrase))

    def choreography(self, number: int) -> str:
        """Name of a source's choreography; danced in the mirror it is another one."""
        return self.groups[number] + (MIRRORED if self.names[number].endswith(MIRRORED) else "")


@dataclass(frozen=True)
class PhraseLabels:
    """The phrases and choreographies that a dancer knows, in the order of their indices."""

    phrases: tuple[str, ...]
    groups: tuple[str, ...]

    @classmethod
    def of(cls, sequences: Sequence[DancedPhrases]) -> "PhraseLabels":
        """All that are danced for `LEAST_FRAMES` in one of some sequences."""
        danced = []
        for sequence in sequences:
            numbers, counts = np.unique(sequence.rows[:, 0], return_counts=True)
            danced += [(sequence, int(number)) for number in numbers[(numbers >= 0) & (counts >= LEAST_FRAMES)]]
        return cls(
            tuple(sorted({s.names[number] for s, number in danced})),
            tuple(sorted({s.choreography(number) for s, number in danced})),
        )

    def indices(self, danced: DancedPhrases) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Phrase and choreography of each frame, (frames,) each; their numbers where unknown or none."""
        phrase = {name: index for index, name in enumerate(self.phrases)}
        group = {name: index for index, name in enumerate(self.groups)}
        count = len(danced.names)
        phrases = [phrase.get(name, len(self.phrases)) for name in danced.names] + [len(self.phrases)]
        groups = [group.get(danced.choreography(n), len(self.groups)) for n in range(count)] + [len(self.groups)]
        rows = danced.rows[:, 0].astype(np.int64)  # -1 takes the last: none
        return np.array(phrases)[rows], np.array(groups)[rows]

    def mirrors(self) -> NDArray[np.int64]:
        """Index of the mirror image of each phrase, or its own."""
        index = {name: number for number, name in enumerate(self.phrases)}
        partners = [
            name.removesuffix(MIRRORED) if name.endswith(MIRRORED) else name + MIRRORED for name in self.phrases
        ]
        return np.array([index.get(partner, number) for number, partner in enumerate(partners)], np.int64)
