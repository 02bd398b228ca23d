"""Dancing offline: a whole song in, a motion out, by the very engine and features that perform live."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import Progress

from bridge.controls import Controls
from bridge.dancer_file import DancerFile
from bridge.engine import Engine
from data.audio_features import AudioFeatures, AudioFeaturesConfig
from data.level import SILENCE_DBFS
from data.motion import Motion
from data.motion_file import check_output, write_motion
from data.sound_file import read_sound


def listen(samples: NDArray[np.float32], features: AudioFeatures) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Feature frames (frames, dims) of a recording and the level of each before any gain, dBFS (frames,)."""
    state = features.initial_state()
    slice_samples = max(1, features.config.sample_rate_hz // features.rate_hz)  # at most one frame a slice
    frames, levels = [], []
    for start in range(0, len(samples), slice_samples):
        completed, state = features.step(samples[start : start + slice_samples], state)
        for frame in completed:
            frames.append(frame)
            levels.append(state.input_level_dbfs)
    return np.array(frames, np.float32).reshape(-1, features.dims), np.array(levels, np.float32)


def dance(
    engine: Engine,
    samples: NDArray[np.float32],
    sample_rate_hz: int,
    *,
    controls: Controls | None = None,
    seed: int = 0,
    on_frame: Callable[[int, int], None] | None = None,
) -> Motion:
    """The dance to a recording: floor(duration * rate) frames, the same bit for bit for the same seed.

    Frame k is the pose at the end of the sound's frame k, as on a stage without latency. With a look-ahead of L frames
    the dancer hears frame k + L before it dances frame k; after the end it hears silence.

    Args:
        engine: Who dances; its look-ahead counts.
        samples: Mono float32 (n,).
        sample_rate_hz: Their rate.
        controls: The performer's wishes.
        seed: Chooses the dance.
        on_frame: Told (frames done, frames in all).

    Raises:
        ValueError: The recording is shorter than one frame, or the dancer cannot obey the controls.
    """
    controls = controls or Controls()
    controls.require_known_style(engine.styles)
    controls.require_known_seed_pose(engine.seed_poses)
    features = AudioFeatures(AudioFeaturesConfig(sample_rate_hz=sample_rate_hz, rate_hz=round(engine.rate_hz)))
    look_ahead = engine.look_ahead_frames
    silence = np.zeros(-(-look_ahead * sample_rate_hz // features.rate_hz), np.float32)
    num_frames = int(len(samples) * features.rate_hz // sample_rate_hz)
    if num_frames == 0:
        raise ValueError(f"the recording is shorter than one frame of {1 / features.rate_hz:.3f} s")
    frames, levels = listen(np.concatenate([samples, silence]), features)
    levels = np.concatenate([np.full(look_ahead, SILENCE_DBFS, np.float32), levels])
    state = engine.initial_state(seed)
    positions = np.empty((num_frames, 3), np.float32)
    rotations = np.empty((num_frames, engine.skeleton.num_joints, 4), np.float32)
    for index in range(num_frames + look_ahead):
        pose, state = engine.step(frames[index], float(levels[index]), state, controls)
        if index >= look_ahead:
            positions[index - look_ahead], rotations[index - look_ahead] = pose.root_position, pose.rotations
        if on_frame is not None:
            on_frame(index + 1, num_frames + look_ahead)
    return Motion(engine.skeleton, engine.rate_hz, positions, rotations)


def generate(
    song: Path,
    output: Path,
    *,
    dancer: DancerFile,
    controls: Controls,
    seed: int,
    device: str,
    cuda_graph: bool,
    look_ahead_s: float,
    console: Console,
) -> None:
    """Reads a song, dances to it and writes the dance, with a progress bar.

    Raises:
        ValueError: Something that a person can put right.
    """
    check_output(output)
    if look_ahead_s < 0:
        raise ValueError(f"--look-ahead-s must not be negative, but is {look_ahead_s}")
    samples, sample_rate_hz = read_sound(song)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("loading the dancer", total=None)
        engine = dancer.load_engine(
            device=device, cuda_graph=cuda_graph, look_ahead_frames=round(look_ahead_s * dancer.rate_hz)
        )
        progress.update(task, description=f"dancing to {song.name}")
        motion = dance(
            engine,
            samples,
            sample_rate_hz,
            controls=controls,
            seed=seed,
            on_frame=lambda done, total: progress.update(task, completed=done, total=total),
        )
    write_motion(output, motion)
