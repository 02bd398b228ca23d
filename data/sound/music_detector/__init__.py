"""Whether what sounds is music: a small causal network over the features that the dancer hears, and its weights."""

from data.sound.music_detector.detector import (
    FOLLOWED_PER_STEP,
    INPUT_COLUMNS,
    NUM_HIDDEN,
    NUM_INNER,
    RATE_HZ,
    WEIGHTS,
    WEIGHTS_CHECKSUM,
    MusicDetector,
    MusicDetectorConfig,
    MusicDetectorState,
)

__all__ = [
    "FOLLOWED_PER_STEP",
    "INPUT_COLUMNS",
    "NUM_HIDDEN",
    "NUM_INNER",
    "RATE_HZ",
    "WEIGHTS",
    "WEIGHTS_CHECKSUM",
    "MusicDetector",
    "MusicDetectorConfig",
    "MusicDetectorState",
]
