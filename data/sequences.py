"""One sequence of a prepared folder: motion and sound of a recording or a performance, as rows of features."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from data.audio_features import AudioFeatures, AudioFeaturesConfig
from data.idle import IdleMotion
from data.motion import Motion
from data.performance import SAMPLE_RATE_HZ, Performance, beat_positions, render_motion, render_sound
from data.pose_codec import PoseCodec
from data.prepared_folder import PreparedSequence, SequenceEntry, Split
from data.recordings import Recording
from data.skeleton import Skeleton

ENERGY_WINDOW_S = 2.0
# What a broken or unreadable recording raises; anything else is our own mistake and must stop the run.
BAD_FILE = (OSError, ValueError)


@dataclass(frozen=True, kw_only=True)
class PrepareOptions:
    """How to prepare.

    Attributes:
        sound_folder: Where the sound is, if it does not lie with the motion.
        chain: Chain clips of known tempo at bar lines and render music to them, instead of reading sound files.
        hours: With --chain: hours of performances to render, all splits together.
        performance_s: With --chain: shortest and longest performance, seconds.
        stretch: With --chain: play training clips up to this factor faster or slower.
        mirror: Mirror training motion as well (left and right change places).
        rate_hz: Frames a second; must divide 120.
        rotation: How the pose vectors hold rotations.
        val_fraction: Share of the choreographies to validate on.
        test_fraction: Share of the choreographies for the final test.
        val_groups: Choreographies to validate on, by name, instead of a random share.
        seed: Of all that is left to chance; the same seed and files give the same folder.
        licence: Licence of the motion, for the record.
        attribution: Whom to thank, for the record; it travels into checkpoints.
        jobs: Processes; 0 takes every core.
        cluster: Work on a running cluster instead: tcp://HOST:PORT (Dask) or ray://HOST:PORT (Ray).
        overwrite: Replace a folder prepared earlier.
    """

    sound_folder: Path | None = None
    chain: bool = False
    hours: float = 3.0
    performance_s: tuple[float, float] = (40.0, 90.0)
    stretch: float = 1.15
    mirror: bool = True
    rate_hz: int = 30
    rotation: Literal["6d", "expmap"] = "6d"
    val_fraction: float = 0.12
    test_fraction: float = 0.06
    val_groups: tuple[str, ...] = ()
    seed: int = 0
    licence: str = "unknown"
    attribution: str = ""
    jobs: int = 0
    cluster: str | None = None
    overwrite: bool = False

    def __post_init__(self) -> None:
        if self.chain and self.sound_folder is not None:
            raise ValueError(f"--sound-folder {self.sound_folder} and --chain: chained clips dance to rendered music")
        if not self.hours > 0:
            raise ValueError(f"--hours is {self.hours}: some time is needed")
        if not 10 <= self.performance_s[0] <= self.performance_s[1]:
            raise ValueError(f"--performance-s is {self.performance_s}: shortest and longest, 10 seconds or more")
        if not 1 <= self.stretch <= 1.5:
            raise ValueError(f"--stretch is {self.stretch}: a factor between 1 (as danced) and 1.5")
        if self.jobs < 0:
            raise ValueError(f"--jobs is {self.jobs}: a number of processes, or 0 for every core")


@dataclass(frozen=True, eq=False)
class Task:
    """One sequence still to be made; all that a process elsewhere needs."""

    source: Recording | Performance
    split: Split
    skeleton: Skeleton
    options: PrepareOptions


@dataclass(frozen=True)
class Skipped:
    """A source that could not be used, and why."""

    reason: str


def make_sequence(task: Task) -> PreparedSequence | Skipped:
    """One sequence's features; runs in another process, maybe on another machine."""
    if isinstance(task.source, Performance):
        return _performed(task.source, task)
    try:
        return _recorded(task.source, task)
    except BAD_FILE as error:
        return Skipped(f"{task.source.motion_path.name}: {error}")


def _recorded(recording: Recording, task: Task) -> PreparedSequence:
    rate_hz = task.options.rate_hz
    motion = recording.motion(task.skeleton, rate_hz)
    samples, sample_rate_hz = recording.sound()
    # A piece is often longer than the dance; features are causal, so what comes later changes nothing.
    samples = samples[: int((motion.duration_s + 1) * sample_rate_hz)]
    audio = AudioFeatures(AudioFeaturesConfig(sample_rate_hz=sample_rate_hz, rate_hz=rate_hz)).offline(samples)
    num_frames = min(len(audio), len(motion) - 1)
    if num_frames < rate_hz:
        raise ValueError(f"{num_frames} frames of motion with sound: at least a second is needed")
    times_s = np.arange(1, num_frames + 1) / rate_hz
    beats = np.full(num_frames, -1.0) if recording.bpm is None else times_s * recording.bpm / 60
    return _sequence(
        recording.sequence_id,
        task,
        style=recording.style,
        groups=(recording.group,),
        sources=(recording.motion_path.name,),
        motion=motion[: num_frames + 1],
        audio=audio[:num_frames],
        beats=beats,
    )


def _performed(performance: Performance, task: Task) -> PreparedSequence:
    rate_hz = task.options.rate_hz
    motion = render_motion(performance, IdleMotion(task.skeleton, rate_hz))
    features = AudioFeatures(AudioFeaturesConfig(sample_rate_hz=SAMPLE_RATE_HZ, rate_hz=rate_hz))
    audio = features.offline(render_sound(performance))
    num_frames = min(len(audio), len(motion) - 1)
    trim = int(performance.trim_s * rate_hz)
    return _sequence(
        performance.sequence_id,
        task,
        style=performance.genre,
        groups=tuple(performance.groups),
        sources=tuple(phrase.name for act in performance.acts for phrase in act.phrases),
        motion=motion[trim : num_frames + 1],
        audio=audio[trim:num_frames],
        beats=beat_positions(performance, np.arange(trim + 1, num_frames + 1) / rate_hz),
    )


def _sequence(
    sequence_id: str,
    task: Task,
    *,
    style: str,
    groups: tuple[str, ...],
    sources: tuple[str, ...],
    motion: Motion,
    audio: NDArray[np.float32],
    beats: NDArray[np.floating[Any]],
) -> PreparedSequence:
    """Put one frame more of motion than of sound together: a pose's velocity needs the frame before it."""
    options = task.options
    pose = PoseCodec(task.skeleton, options.rate_hz, options.rotation).encode(motion)[1:]
    entry = SequenceEntry(
        split=task.split,
        style=style,
        groups=groups,
        sources=sources,
        num_frames=len(pose),
        duration_s=round(len(pose) / options.rate_hz, 3),
        licence=options.licence,
    )
    beat = beats.astype(np.float32)[:, None]
    return PreparedSequence(sequence_id, entry, pose, audio, beat, energy_of(motion)[1:])


def energy_of(motion: Motion) -> NDArray[np.float32]:
    """Mean speed of the joints around every frame, m/s (frames, 1): a centred mean over 2 s, shorter at the ends."""
    speeds = np.linalg.norm(np.diff(motion.global_positions(), axis=0), axis=-1).mean(axis=1) * motion.rate_hz
    speeds = np.concatenate([speeds[:1], speeds])
    window = np.ones(2 * round(ENERGY_WINDOW_S * motion.rate_hz / 2) + 1)
    # "full" and a cut instead of "same", which returns the window's length when the motion is shorter.
    middle = slice(len(window) // 2, len(window) // 2 + len(speeds))
    smooth = np.convolve(speeds, window)[middle] / np.convolve(np.ones_like(speeds), window)[middle]
    return smooth[:, None].astype(np.float32)
