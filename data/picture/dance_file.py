"""A dance from a file, on humanoid bones where its joints can be identified, so that a body can be drawn."""

from pathlib import Path

from data.dataset.motion_reading import DANCE_ENDINGS, HowToRead, read_recording
from data.motion.motion import Motion

__all__ = ["DANCE_ENDINGS", "read_dance"]


def read_dance(path: Path, how: HowToRead | None = None, notes: list[str] | None = None) -> Motion:
    """The motion in a BVH file, an .npz of ours, or a pickle of AIST++.

    A figure whose joints cannot be identified is drawn as rods.

    Args:
        path: The file.
        how: What is said of it.
        notes: Takes a sentence for whatever is left out, guessed, or not as the file has it.

    Raises:
        ValueError: The file holds no motion, its ending is of no such file, or something would be left out and `how` is
            strict.
        OSError: It cannot be read.
    """
    reading = read_recording(path, how, as_rods=True)
    if how is not None and how.strict and reading.notes:
        raise ValueError(f"{path}: {reading.notes[0].text} (an error because of --strict)")
    if notes is not None:
        notes += [note.text for note in reading.notes]
    return reading.motion
