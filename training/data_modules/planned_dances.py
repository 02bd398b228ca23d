"""The dances of a prepared folder with their phrases, and what they decide of a `PlanningTransflower`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from data.dataset.prepared_reader import PreparedFolder, PreparedSequence
from models.streaming.phrase_planner import BEATS_A_BAR
from training.data_modules.cut_phrases import danced_phrases
from training.data_modules.phrase_labels import DancedPhrases, PhraseLabels
from training.data_modules.phrase_statistics import moving_dims

FEWEST_BEATS: Final = 8
"""A shorter phrase is over before it can be learned; see `training.data_modules.phrase_labels.LEAST_FRAMES`."""
OF_PHRASES: Final = ("num_phrases", "num_groups", "most_beats")
"""Sizes that a dancer has of its phrases alone."""


@dataclass(frozen=True, eq=False)
class PlannedDances:
    """What is danced in a folder.

    Attributes:
        prepared: The folder.
        sequences: By split, train and val.
        danced: The phrases in each of them.
        labels: The phrases to learn: those of the training split.
    """

    prepared: PreparedFolder
    sequences: dict[str, list[PreparedSequence]]
    danced: dict[str, list[DancedPhrases]]
    labels: PhraseLabels

    @classmethod
    def open(cls, folder: Path, phrase_beats: int) -> "PlannedDances":
        """Maps the sequences of a folder into memory.

        Args:
            folder: Written by ``transflower-data prepare``.
            phrase_beats: Beats of a phrase of recordings that nobody labelled.

        Raises:
            ValueError: It is no such folder, or has no training sequence, or nobody dances such phrases.
        """
        if phrase_beats < FEWEST_BEATS or phrase_beats % BEATS_A_BAR:
            raise ValueError(
                f"phrase_beats is {phrase_beats}: phrases are whole bars of {BEATS_A_BAR} beats, two bars or more: "
                "8, 12, 16"
            )
        prepared = PreparedFolder.open(folder)
        sequences = {split: prepared.sequences(split) for split in ("train", "val")}
        if not sequences["train"]:
            raise ValueError(f"{folder}: no training sequence; see base_filenames_train.txt")
        danced = {s: [danced_phrases(prepared, one, phrase_beats) for one in some] for s, some in sequences.items()}
        return cls(prepared, sequences, danced, PhraseLabels.of(danced["train"]))

    def sizes(self) -> dict[str, int]:
        """Sizes of a `PlanningConfig` as the training sequences have them."""
        first = self.sequences["train"][0]
        beats = max((float(danced.rows[:, 2].max()) for danced in self.danced["train"]), default=1.0)
        return {
            "pose_dims": first.pose.shape[1],
            "moving_dims": len(moving_dims(self.sequences["train"], self.prepared)),
            "music_dims": first.audio.shape[1],
            "num_styles": len(self.prepared.styles),
            "num_phrases": len(self.labels.phrases),
            "num_groups": len(self.labels.groups),
            "most_beats": int(beats),
        }
