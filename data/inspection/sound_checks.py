"""What is wrong with a sound: silence, clipping, its length beside the dance, its tempo."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from data.formats.sound_file import read_channels, read_sound
from data.inspection.finding import Finding
from data.inspection.thresholds import Thresholds
from data.movement.measured_figure import MOST_OF_A_KIND
from data.movement.stretches import stretches
from data.sound.audio_features import AudioFeatures, AudioFeaturesConfig
from data.sound.streaming import FloatArray

BLOCK_S: Final = 0.05
FULL_SCALE: Final = 0.9999
_CLIPPED_RUN: Final = 3
SETTLED_S: Final = 5.0
"""A beat tracker is believed from here on, ..."""
SURE: Final = 0.5
"""... where it is at least so sure of its tempo, ..."""
_SURE_SHARE: Final = 0.25
"""... and is so in at least this share of the time."""
_LOWEST_SOUND_HZ: Final = 22_050
TEMPO_HZ: Final = 30


def sound_findings(
    clip: str,
    path: Path,
    *,
    motion_s: float,
    is_own: bool,
    bpm: float | None,
    thresholds: Thresholds,
    channels: tuple[int, ...] | None = None,
) -> list[Finding]:
    """All that is wrong with the sound of a clip.

    Args:
        clip: Name of the clip.
        path: The sound; it begins with the motion.
        motion_s: Length of the motion.
        is_own: Whether the sound is this clip's only; a piece that many clips share may be longer than the dance.
        bpm: Stated tempo.
        thresholds: Limits.
        channels: Those that are heard, from 1 on; None is all.

    Raises:
        ValueError: It cannot be read as sound.
        OSError: Likewise.
    """
    samples, sample_rate_hz = read_sound(path, channels=channels)
    danced = samples[: max(1, round(min(motion_s * sample_rate_hz, len(samples))))]
    return [
        *silence(clip, danced, sample_rate_hz, thresholds),
        *clipping(clip, path, sample_rate_hz, motion_s, thresholds, channels),
        *length_mismatch(clip, motion_s, len(samples) / sample_rate_hz, is_own, thresholds),
        *low_rate(clip, path, sample_rate_hz),
        *(tempo_doubt_of_sound(clip, danced, sample_rate_hz, bpm, thresholds) if bpm is not None else ()),
    ]


def levels_dbfs(samples: FloatArray, sample_rate_hz: int) -> NDArray[np.float64]:
    """RMS of blocks of 50 ms, dB under full scale."""
    starts = np.arange(0, len(samples), max(1, round(BLOCK_S * sample_rate_hz)))
    power = np.add.reduceat(samples.astype(np.float64) ** 2, starts) / np.diff(starts, append=len(samples))
    return 10.0 * np.log10(np.maximum(power, 1e-12))


def silence(clip: str, samples: FloatArray, sample_rate_hz: int, thresholds: Thresholds) -> Iterator[Finding]:
    """Silences of the sound while there is dance, longest first."""
    silent = levels_dbfs(samples, sample_rate_hz) < thresholds.silence_dbfs
    yield from silence_of(clip, silent, 1 / BLOCK_S, thresholds)


def silence_of(clip: str, silent: NDArray[np.bool_], rate_hz: float, thresholds: Thresholds) -> Iterator[Finding]:
    """Findings of where it is silent, (n,) at `rate_hz`."""
    spans = [span for span in stretches(silent) if (span[1] - span[0]) / rate_hz > thresholds.silence_s]
    for start, stop in sorted(spans, key=lambda span: span[0] - span[1])[:MOST_OF_A_KIND]:
        seconds = (stop - start) / rate_hz
        yield Finding.beyond(
            "silence",
            clip,
            f"silent for {seconds:.1f} s; {silent.mean():.0%} of the sound is",
            seconds,
            "s",
            thresholds.silence_s,
            start_s=start / rate_hz,
            end_s=stop / rate_hz,
        )


def clipping(
    clip: str,
    path: Path,
    sample_rate_hz: int,
    motion_s: float,
    thresholds: Thresholds,
    channels: tuple[int, ...] | None = None,
) -> Iterator[Finding]:
    """Peaks that are cut off, in any channel that is heard."""
    samples = read_channels(path)[0]
    samples = samples[: max(1, round(min(motion_s * sample_rate_hz, len(samples))))]
    clipped = np.zeros(len(samples), bool)
    for channel in samples.T if channels is None else samples.T[[number - 1 for number in channels]]:
        for start, stop in stretches(np.abs(channel) >= FULL_SCALE):
            if stop - start >= _CLIPPED_RUN:
                clipped[start:stop] = True
    share = float(clipped.mean())
    if share > thresholds.clipped_share:
        in_blocks = np.convolve(clipped, np.ones(max(1, round(0.02 * sample_rate_hz))), mode="same")
        at = int(in_blocks.argmax())
        yield Finding.beyond(
            "clipping",
            clip,
            f"{1000 * share:.2g} of a thousand samples of {path.name} are cut off at full scale",
            share,
            "of samples",
            thresholds.clipped_share,
            start_s=at / sample_rate_hz,
        )


def length_mismatch(
    clip: str, motion_s: float, sound_s: float, is_own: bool, thresholds: Thresholds
) -> Iterator[Finding]:
    """Motion without sound at the end, or the other way round; nothing where the motion's length is not known."""
    if np.isinf(motion_s):
        return
    missing_s, rest_s = motion_s - sound_s, sound_s - motion_s
    if missing_s > thresholds.length_s:
        words = f"the sound ends {missing_s:.1f} s before the dance: {sound_s:.1f} s beside {motion_s:.1f} s"
    elif is_own and rest_s > thresholds.length_s:
        words = f"the dance ends {rest_s:.1f} s before its sound: {motion_s:.1f} s beside {sound_s:.1f} s"
    else:
        return
    yield Finding.beyond(
        "length-mismatch",
        clip,
        words,
        abs(rest_s),
        "s",
        thresholds.length_s,
        start_s=min(motion_s, sound_s),
        end_s=max(motion_s, sound_s),
    )


def low_rate(clip: str, path: Path, sample_rate_hz: int) -> Iterator[Finding]:
    """A sample rate that leaves out what the dancer hears."""
    if sample_rate_hz < _LOWEST_SOUND_HZ:
        yield Finding.beyond(
            "odd-rate",
            clip,
            f"{path.name} has {sample_rate_hz} samples a second; features reach to 11 kHz and need {_LOWEST_SOUND_HZ}",
            _LOWEST_SOUND_HZ / sample_rate_hz,
            "times too slow",
            1.0,
        )


def tempo_doubt_of_sound(
    clip: str, samples: FloatArray, sample_rate_hz: int, bpm: float, thresholds: Thresholds
) -> Iterator[Finding]:
    """Our tracker's tempo beside the stated one."""
    chain = AudioFeatures(AudioFeaturesConfig(sample_rate_hz=sample_rate_hz, rate_hz=TEMPO_HZ))
    beat = chain.offline(samples)[:, chain.columns["beat"]]
    yield from tempo_doubt(clip, beat, TEMPO_HZ, np.full(len(beat), bpm), thresholds)


def tempo_doubt(
    clip: str, beat: FloatArray, rate_hz: float, stated_bpm: NDArray[np.floating], thresholds: Thresholds
) -> Iterator[Finding]:
    """The tracker's tempo, where it is sure, beside the stated one.

    Args:
        clip: Name of the clip.
        beat: Beat columns of `AudioFeatures`, (rows, 5).
        rate_hz: Rows a second.
        stated_bpm: Of each row, NaN where none is.
        thresholds: Limits.
    """
    settled = np.arange(len(beat)) >= min(SETTLED_S * rate_hz, 0.5 * len(beat))
    usable = settled & np.isfinite(stated_bpm)
    believed = usable & (beat[:, 4] > SURE)
    if not usable.any() or believed.sum() < _SURE_SHARE * usable.sum():
        return
    octaves = beat[believed, 2] + np.log2(120.0 / stated_bpm[believed])
    folded = np.abs(octaves - np.round(octaves))
    error = float(2.0 ** np.median(folded) - 1.0)
    if error > thresholds.tempo_error:
        heard = 120.0 * 2.0 ** float(np.median(beat[believed, 2]))
        yield Finding.beyond(
            "tempo-doubt",
            clip,
            f"the tracker hears {heard:.1f} BPM where {np.median(stated_bpm[believed]):.1f} are stated",
            error,
            "of the tempo",
            thresholds.tempo_error,
        )
