"""The soundtrack of a take: levels and beats as they were heard, on the clock of the dance that was sent."""

from dataclasses import replace
from typing import Final

import numpy as np
import scipy  # loads `signal`, which takes a second, when it is first used
from numpy.typing import NDArray

from bridge.takes.take import Take
from data.picture.soundtrack import ENVELOPE_HZ, Soundtrack
from data.sound.audio_features import AudioFeatures
from data.sound.beats import BeatTimes, beat_times

_SURE: Final = 0.2
"""Correlation of what a take heard with a sound, above which it is that sound. Measured on one
take: the file itself 1.0, the same in a simulated reverberant, noisy room 0.3, two other pieces 0.1."""

_UNHEARD: Final = -4.0
"""Stands for features before there was sound: below all that is audible."""


def take_soundtrack(take: Take) -> Soundtrack:
    """What a take knows of its sound by itself, without the file: beats, features, and how loud it was.

    Times are those of the dance, so `starts_s` is 0: a beat is when the figure was shown on it. They are the beats that
    the dancer was given, by whatever clock.

    Raises:
        ValueError: Nothing was danced.
    """
    steps, rate_hz = take.steps, take.header.rate_hz
    times_s = shown_s(take)
    duration_s = take.duration_s
    # On a steady grid; what was not danced is held.
    grid = np.arange(round(duration_s * rate_hz))
    rows = np.searchsorted(times_s, (grid + 0.5) / rate_hz) - 1
    heard = rows >= 0
    rows = np.maximum(rows, 0)
    level = np.where(heard, 10.0 ** (steps.level_dbfs[rows] / 20.0), 0.0)
    loudest = float(np.quantile(level, 0.99))
    level = level / loudest if loudest > 1e-4 else level
    level = np.interp(np.arange(round(duration_s * ENVELOPE_HZ)) / ENVELOPE_HZ, (grid + 0.5) / rate_hz, level)
    chain = AudioFeatures()
    beats, features = BeatTimes(np.zeros(0), np.zeros(0)), np.zeros((0, chain.dims), np.float32)
    if steps.features.shape[1] == chain.dims:  # another version of the program may have heard other things
        beats = beat_times(steps.features[:, chain.columns["beat"]], times_s)
        features = np.where(heard[:, None], steps.features[rows], _UNHEARD).astype(np.float32)
    return Soundtrack(
        envelope=np.stack([-level, level], axis=1).astype(np.float32),
        beats=beats,
        features=features,
        features_hz=float(rate_hz),
        starts_s=0.0,
        path=None,
    )


def with_sound(take: Take, sound: Soundtrack, starts_s: float | None = None) -> Soundtrack:
    """A sound file put where the take heard it; the beats stay those of the take.

    Args:
        take: The take.
        sound: What was danced to: the song, or a recording of the evening.
        starts_s: When it began, in seconds since the dance began. Without it, what the take heard is looked for in the
            sound, to a third of a frame; the latency of that stage, about 20 ms, is not known to a take and stays.

    Raises:
        ValueError: The take did not hear this sound.
    """
    own = take_soundtrack(take)
    if starts_s is None:
        starts_s = _find(take, sound)
    beats = replace(own.beats, times_s=own.beats.times_s - starts_s)
    return replace(sound, beats=beats, starts_s=starts_s)


def shown_s(take: Take) -> NDArray[np.float64]:
    """When the figure of each step was shown, (steps,), seconds since the first pose; rising."""
    steps, sent = take.steps, take.sent
    danced = sent.index >= 0
    if not take.was_danced:
        raise ValueError(f"{take.path}: nothing was danced, so there is no sound in it")
    indices, first = np.unique(sent.index[danced], return_index=True)
    times_s = (sent.time_us[danced][first] - sent.time_us[0]) * 1e-6
    # Steps whose figure was never sent would have been shown in between, or as much earlier or later as there are.
    inside = np.interp(steps.index, indices, times_s)
    before, after = np.minimum(steps.index - indices[0], 0), np.maximum(steps.index - indices[-1], 0)
    shown_s = inside + (before + after) / take.header.rate_hz
    return np.asarray(np.maximum.accumulate(shown_s) + 1e-9 * np.arange(len(shown_s)))


def _find(take: Take, sound: Soundtrack) -> float:
    """When a sound began, in seconds since the dance began, by what the take heard of it."""
    rate_hz, steps = take.header.rate_hz, take.steps
    if sound.features_hz != rate_hz or sound.features.shape[1] != steps.features.shape[1]:
        raise ValueError(
            f"{take.path}: its features cannot be compared with those of {sound.path}: say where the sound begins with "
            "--sound-at-s"
        )
    columns = AudioFeatures().columns
    ears = np.r_[columns["mel"], columns["onset"]]
    # On the grid of the take's own frames of sound; frames that it skipped are filled with their neighbours.
    first = int(steps.index[0])
    grid = np.arange(first, int(steps.index[-1]) + 1)
    heard = steps.features[np.searchsorted(steps.index, grid)][:, ears].astype(np.float64)
    given = sound.features[:, ears].astype(np.float64)
    # Changes from frame to frame: what lasts, such as a loud bass or the noise of a room, is alike in all music.
    heard, given = np.diff(heard, axis=0, prepend=heard[:1]), np.diff(given, axis=0, prepend=given[:1])
    # At k: row k of what is given under the last of what was heard.
    products = sum(scipy.signal.fftconvolve(given[:, band], heard[::-1, band]) for band in range(len(ears)))
    # Each lag against the energy of the rows that overlap there; short overlaps prove nothing.
    ones_heard, ones_given = np.ones(len(heard)), np.ones(len(given))
    energy_given = scipy.signal.fftconvolve((given**2).sum(axis=1), ones_heard)
    energy_heard = scipy.signal.fftconvolve(ones_given, (heard**2).sum(axis=1)[::-1])
    overlap = np.round(scipy.signal.fftconvolve(ones_given, ones_heard))
    likeness = products / np.sqrt(np.maximum(energy_given * energy_heard, 1e-9))
    likeness[overlap < min(len(heard), len(given), 5 * rate_hz)] = -1.0
    best = int(likeness.argmax())
    if likeness[best] < _SURE:
        raise ValueError(
            f"{take.path}: it does not sound as if {sound.path} had been danced to (likeness {likeness[best]:.2f}); "
            "if it was, say with --sound-at-s where it begins"
        )
    fraction = 0.0
    if 0 < best < len(likeness) - 1:
        before, here, after = likeness[best - 1 : best + 2]
        curve = before - 2 * here + after
        fraction = 0.5 * (before - after) / curve if before > -1 and after > -1 and curve < 0 else 0.0
    # Row `lag` of the sound is what the take heard in its first frame.
    lag = best - (len(heard) - 1) + fraction
    times_s = shown_s(take)
    # A row's frame of sound ends when its figure is due: row k at (k + 1) / rate.
    file_s = (steps.index - first + lag + 1) / rate_hz
    return float(np.median(times_s - file_s))
