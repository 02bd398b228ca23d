"""A feature frame: what one frame of sound is to a dancer, with its level and its place in the beat."""

from dataclasses import dataclass
from typing import Final

from data.sound.streaming import FloatArray

NUM_MEL: Final = 80
NUM_MFCC: Final = 20


def _laid_out(sizes: dict[str, int]) -> dict[str, slice]:
    columns, dims = {}, 0
    for name, size in sizes.items():
        columns[name] = slice(dims, dims + size)
        dims += size
    return columns


COLUMNS: Final = _laid_out({"mel": NUM_MEL, "mfcc": NUM_MFCC, "chroma": 12, "onset": 4, "beat": 5})
"""Columns of a frame's vector by name, see `data.sound.audio_features.AudioFeatures`."""
DIMS: Final = COLUMNS["beat"].stop


@dataclass(frozen=True, eq=False)
class FeatureFrame:
    """One frame of sound; nobody who has it needs the state of the features.

    Attributes:
        vector: The features, float32 (121,): what a dancer sees; `COLUMNS` names its parts.
        level_dbfs: Root mean square of the frame's sound before any gain, dB relative to full scale; -120 for silence.
        beat: Beats since the beginning of the sound at the moment of which the beat columns tell.
    """

    vector: FloatArray
    level_dbfs: float
    beat: float
