"""One sequence of a prepared folder: motion and sound of a recording or a performance, as rows of features."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from data.dataset.medley import (
    SAMPLE_RATE_HZ,
    Medley,
    beat_positions,
    phrase_positions,
    render_motion,
    render_sound,
)
from data.dataset.prepare_options import PrepareOptions
from data.dataset.prepared_folder import SequenceEntry, SequenceInMemory, Split
from data.dataset.recordings import Recording
from data.motion.idle import IdleMotion
from data.motion.motion import Motion
from data.motion.pose_codec import PoseCodec
from data.motion.skeleton import Skeleton
from data.sound.audio_features import AudioFeatures, AudioFeaturesConfig

ENERGY_WINDOW_S: Final = 2.0
SHORTER_S: Final = 0.5
"""Sound that ends earlier than the motion by more than this was not meant to."""
# What a broken or unreadable recording raises; anything else is our own mistake and must stop the run.
BAD_FILE: Final = (OSError, ValueError)


@dataclass(frozen=True, eq=False)
class SequenceToMake:
    """One sequence still to be made; all that a process elsewhere needs."""

    source: Recording | Medley
    split: Split
    skeleton: Skeleton
    options: PrepareOptions


@dataclass(frozen=True)
class Skipped:
    """A source that could not be used, and why."""

    reason: str


def make_sequence(task: SequenceToMake) -> SequenceInMemory | Skipped:
    """One sequence's features; runs in another process, maybe on another machine."""
    if isinstance(task.source, Medley):
        return _performed(task.source, task)
    try:
        return _recorded(task.source, task)
    except BAD_FILE as error:
        return Skipped(f"{task.source.motion_path.name}: {error}")


def _recorded(recording: Recording, task: SequenceToMake) -> SequenceInMemory:
    rate_hz = task.options.rate_hz
    notes: list[str] = []
    motion = recording.motion(task.skeleton, rate_hz, notes)
    samples, sample_rate_hz = recording.sound()
    # A piece is often longer than the dance; features are causal, so what comes later changes nothing.
    samples = samples[: int((motion.duration_s + 1) * sample_rate_hz)]
    audio = AudioFeatures(AudioFeaturesConfig(sample_rate_hz=sample_rate_hz, rate_hz=rate_hz)).offline(samples)
    num_frames = min(len(audio), len(motion) - 1)
    if num_frames < rate_hz:
        raise ValueError(f"{num_frames} frames of motion with sound: at least a second is needed")
    missing_s = (len(motion) - 1 - num_frames) / rate_hz
    if missing_s > SHORTER_S:
        notes.append(f"{missing_s:.1f} s of dance are left out, since the sound ends before")
        if recording.how.strict:
            raise ValueError(f"{notes[-1]} (an error because of --strict)")
    times_s = np.arange(1, num_frames + 1) / rate_hz
    beats = np.full(num_frames, -1.0) if recording.bpm is None else times_s * recording.bpm / 60
    return _sequence(
        recording.sequence_id,
        task,
        style=recording.style,
        groups=(recording.group,),
        sources=(recording.motion_path.name,),
        source_groups=(recording.group,),
        motion=motion[: num_frames + 1],
        audio=audio[:num_frames],
        beats=beats,
        phrase=np.tile(np.array([-1, 0, 1], np.float32), (num_frames, 1)),
        notes=tuple(notes),
    )


def _performed(performance: Medley, task: SequenceToMake) -> SequenceInMemory:
    rate_hz = task.options.rate_hz
    motion = render_motion(performance, IdleMotion(task.skeleton, rate_hz))
    features = AudioFeatures(AudioFeaturesConfig(sample_rate_hz=SAMPLE_RATE_HZ, rate_hz=rate_hz))
    audio = features.offline(render_sound(performance))
    num_frames = min(len(audio), len(motion) - 1)
    trim = int(performance.trim_s * rate_hz)
    times_s = np.arange(trim + 1, num_frames + 1) / rate_hz
    phrases = [phrase for act in performance.acts for phrase in act.phrases]
    return _sequence(
        performance.sequence_id,
        task,
        style=performance.genre,
        groups=tuple(performance.groups),
        sources=tuple(phrase.name for phrase in phrases),
        source_groups=tuple(phrase.clip.entry.group for phrase in phrases),
        motion=motion[trim : num_frames + 1],
        audio=audio[trim:num_frames],
        beats=beat_positions(performance, times_s),
        phrase=phrase_positions(performance, times_s),
    )


def _sequence(
    sequence_id: str,
    task: SequenceToMake,
    *,
    style: str,
    groups: tuple[str, ...],
    sources: tuple[str, ...],
    source_groups: tuple[str, ...],
    motion: Motion,
    audio: NDArray[np.float32],
    beats: NDArray[np.floating[Any]],
    phrase: NDArray[np.float32],
    notes: tuple[str, ...] = (),
) -> SequenceInMemory:
    """Put one frame more of motion than of sound together: a pose's velocity needs the frame before it."""
    options = task.options
    pose = PoseCodec(task.skeleton, options.rate_hz, options.rotation).encode(motion)[1:]
    entry = SequenceEntry(
        split=task.split,
        style=style,
        groups=groups,
        sources=sources,
        source_groups=source_groups,
        num_frames=len(pose),
        duration_s=round(len(pose) / options.rate_hz, 3),
        licence=options.licence,
    )
    beat = beats.astype(np.float32)[:, None]
    return SequenceInMemory(sequence_id, entry, pose, audio, beat, energy_of(motion)[1:], phrase, notes)


def energy_of(motion: Motion) -> NDArray[np.float32]:
    """Mean speed of the joints around every frame, m/s (frames, 1): a centred mean over 2 s, shorter at the ends."""
    speeds = np.linalg.norm(np.diff(motion.global_positions(), axis=0), axis=-1).mean(axis=1) * motion.rate_hz
    speeds = np.concatenate([speeds[:1], speeds])
    window = np.ones(2 * round(ENERGY_WINDOW_S * motion.rate_hz / 2) + 1)
    # "full" and a cut instead of "same", which returns the window's length when the motion is shorter.
    middle = slice(len(window) // 2, len(window) // 2 + len(speeds))
    smooth = np.convolve(speeds, window)[middle] / np.convolve(np.ones_like(speeds), window)[middle]
    return smooth[:, None].astype(np.float32)
