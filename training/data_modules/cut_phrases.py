"""Phrases of recordings that nobody labelled: so many beats each, cut where the beat is stated or heard."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter

from data.dataset.prepared_reader import PreparedFolder, PreparedSequence
from data.sound.beats import beat_positions
from models.streaming.phrase_planner import ENOUGH_TRUST, TRUST_KEPT
from training.data_modules.phrase_labels import MIRRORED, DancedPhrases

PHRASE_BEATS: Final = 8
"""Two bars of four: what dancers count."""


def danced_phrases(prepared: PreparedFolder, sequence: PreparedSequence, phrase_beats: int) -> DancedPhrases:
    """The phrases of a sequence: those that its folder tells, else what `cut_phrases` makes of its beat.

    Raises:
        ValueError: The folder was prepared by a version that did not keep them.
    """
    stated = DancedPhrases.of(prepared, sequence)
    if (stated.rows[:, 0] >= 0).any():
        return stated
    return cut_phrases(sequence, stated.groups, prepared.fingerprint, phrase_beats)


def cut_phrases(
    sequence: PreparedSequence, groups: tuple[str, ...], fingerprint: Mapping[str, Any], phrase_beats: int
) -> DancedPhrases:
    """A recording as phrases of so many beats; where no beat is stated or surely heard, none is danced.

    Every phrase is its own, a mirrored recording's the mirror image of that of the recording. Phrases of a stated tempo
    begin on its downbeats, others with the first beat after which the tracker is trusted, as a live planner trusts it.

    Args:
        sequence: What is danced.
        groups: Its choreographies, the first of which the phrases belong to.
        fingerprint: Of the prepared folder.
        phrase_beats: Beats of a phrase.
    """
    rows = np.tile(np.array([-1, 0, 1], np.float32), (len(sequence.beat), 1))
    beat = _counted(sequence, fingerprint)
    known = np.isfinite(beat)
    numbers, rows[known, 0] = np.unique(beat[known] // phrase_beats, return_inverse=True)
    rows[known, 1], rows[known, 2] = beat[known] % phrase_beats, phrase_beats
    ending = MIRRORED if sequence.name.endswith(MIRRORED) else ""
    name = sequence.name.removesuffix(MIRRORED)
    names = tuple(f"{name} {int(number) + 1}{ending}" for number in numbers)
    return DancedPhrases(names, (groups[0] if groups else name,) * len(names), rows)


def _counted(sequence: PreparedSequence, fingerprint: Mapping[str, Any]) -> NDArray[np.float64]:
    """Beats of each frame, counted from a first one that begins a phrase, (frames,); NaN where there is none."""
    if sequence.knows_beats:
        stated = np.asarray(sequence.beat, np.float64)
        return np.where(stated >= 0, stated, np.nan)
    heard = np.asarray(sequence.audio[:, slice(*fingerprint["audio_columns"]["beat"])])
    trust = lfilter([1 - TRUST_KEPT], [1, -TRUST_KEPT], heard[:, 3].clip(0, 1))
    position = beat_positions(heard, np.arange(len(heard)) / float(fingerprint["frame_rate_hz"]))
    trusted = np.flatnonzero(trust >= ENOUGH_TRUST)
    if not len(trusted):
        return np.full(len(position), np.nan)
    first = np.ceil(position[trusted[0]])
    return np.where((trust >= ENOUGH_TRUST) & (position >= first), position - first, np.nan)
