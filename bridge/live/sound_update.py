"""What is sent of the sound beside the dance: beat and levels, read from a feature frame."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bridge.clocks.clock import BeatTime
from bridge.wire.dance_protocol import AudioLevels, Beat
from data.sound.feature_frame import COLUMNS, FeatureFrame

_LOW, _MID = 6, 45
"""Mel bands below about 250 Hz, and below about 2.5 kHz."""
_QUIET, _LOUD = -1.5, 2.0
"""Mel columns of bands that are hardly heard in music, and of the loudest."""
_STRONGEST_ONSET: Final = 3.0


@dataclass(frozen=True, eq=False)
class SoundUpdate:
    """One frame of sound, as it is sent and shown.

    Attributes:
        beat: Where the music is when the frame's pose is shown.
        levels: How loud, each about 0 to 1.
        level_dbfs: Root mean square of the sound as it came in, dB relative to full scale.
        spectrum: Mel bands from low to high, (80,), 0 to 1.
        source: Who tells the beat: `audio`, `tap`, `midi` or `link`.
    """

    beat: Beat
    levels: AudioLevels
    level_dbfs: float
    spectrum: NDArray[np.float32]
    source: str = "audio"


def sound_update(frame: FeatureFrame, beat: BeatTime, source: str) -> SoundUpdate:
    """What is sent and shown of a feature frame.

    Args:
        frame: The frame.
        beat: Where the beat is when the frame's pose is shown.
        source: Who tells it.
    """
    spectrum = np.clip((frame.vector[COLUMNS["mel"]] - _QUIET) / (_LOUD - _QUIET), 0.0, 1.0).astype(np.float32)
    onset = float(frame.vector[COLUMNS["onset"]][0]) / _STRONGEST_ONSET
    return SoundUpdate(
        beat=Beat(phase=beat.beats % 1.0, bpm=beat.bpm, beat=math.floor(beat.beats), confidence=beat.confidence),
        levels=AudioLevels(
            rms=10.0 ** (frame.level_dbfs / 20.0),
            low=float(spectrum[:_LOW].mean()),
            mid=float(spectrum[_LOW:_MID].mean()),
            high=float(spectrum[_MID:].mean()),
            onset=onset,
        ),
        level_dbfs=frame.level_dbfs,
        spectrum=spectrum,
        source=source,
    )
