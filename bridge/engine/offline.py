"""Dancing offline: a whole song in, a motion out, by the very engine and features that perform live."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bridge.control.controls import Controls
from bridge.engine.engine import Engine
from bridge.engine.engine_state import EngineState
from data.motion.motion import Motion
from data.sound.audio_features import AudioFeatures, AudioFeaturesConfig
from data.sound.level import SILENCE_DBFS


@dataclass(frozen=True, eq=False)
class SongFeatures:
    """The feature frames of a recording, to which any number of dances can be danced.

    Attributes:
        vectors: Sound features, (num_frames + look_ahead_frames, dims); silence follows the recording.
        levels_dbfs: Level of the frame that is danced to while `vectors[i]` is heard, before any gain, likewise long.
        rate_hz: Frames a second.
        look_ahead_frames: Frames by which `vectors` runs ahead of the dance.
    """

    vectors: NDArray[np.float32]
    levels_dbfs: NDArray[np.float32]
    rate_hz: int
    look_ahead_frames: int

    @property
    def num_frames(self) -> int:
        """Frames of the dance."""
        return len(self.vectors) - self.look_ahead_frames


def features_and_levels(
    samples: NDArray[np.float32], features: AudioFeatures
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Features (frames, dims) of a recording and the level of each frame before any gain, dBFS (frames,)."""
    state = features.initial_state()
    vectors, levels = [], []
    second = features.config.sample_rate_hz  # a bound on the memory that a step takes, and nothing else
    for start in range(0, len(samples), second):
        frames, state = features.step_frames(samples[start : start + second], state)
        vectors += [frame.vector for frame in frames]
        levels += [frame.level_dbfs for frame in frames]
    return np.array(vectors, np.float32).reshape(-1, features.dims), np.array(levels, np.float32)


def song_features(
    samples: NDArray[np.float32], sample_rate_hz: int, *, rate_hz: int, look_ahead_frames: int = 0
) -> SongFeatures:
    """The features of a whole recording: floor(duration * rate) frames.

    Args:
        samples: Mono float32 (n,).
        sample_rate_hz: Their rate.
        rate_hz: Frames a second.
        look_ahead_frames: Frames by which the music runs ahead of the dance.

    Raises:
        ValueError: The recording is shorter than one frame, or holds what is no number.
    """
    bad = np.flatnonzero(~np.isfinite(samples))
    if len(bad):
        raise ValueError(
            f"{len(bad)} samples of the recording are NaN or infinite, the first at {bad[0] / sample_rate_hz:.3f} s; "
            "export it again"
        )
    num_frames = int(len(samples) * rate_hz // sample_rate_hz)
    if num_frames == 0:
        raise ValueError(f"the recording is shorter than one frame of {1 / rate_hz:.3f} s")
    silence = np.zeros(-(-look_ahead_frames * sample_rate_hz // rate_hz), np.float32)
    features = AudioFeatures(AudioFeaturesConfig(sample_rate_hz=sample_rate_hz, rate_hz=rate_hz))
    vectors, levels = features_and_levels(np.concatenate([samples, silence]), features)
    levels = np.concatenate([np.full(look_ahead_frames, SILENCE_DBFS, np.float32), levels])
    end = num_frames + look_ahead_frames
    return SongFeatures(vectors[:end], levels[:end], rate_hz, look_ahead_frames)


def dance_to(
    engine: Engine,
    song: SongFeatures,
    *,
    controls: Controls | None = None,
    seed: int = 0,
    on_frame: Callable[[int, int], None] | None = None,
    on_state: Callable[[EngineState], None] | None = None,
) -> Motion:
    """The dance to a song, the same bit for bit for the same seed.

    Frame k is the pose at the end of the sound's frame k, as on a stage without latency. With a look-ahead of L frames
    the dancer hears frame k + L before it dances frame k; after the end it hears silence.

    Args:
        engine: Who dances, with the rate and the look-ahead of the song's features.
        song: The recording.
        controls: The performer's requests.
        seed: Chooses the dance.
        on_frame: Called with (frames done, frames in all).
        on_state: Called with the engine's state after each step, which is not to be kept.

    Raises:
        ValueError: The dancer cannot obey the controls.
    """
    controls = (controls or Controls()).known_to(engine.styles, engine.seed_poses)
    look_ahead, num_steps = song.look_ahead_frames, len(song.vectors)
    assert (song.rate_hz, look_ahead) == (round(engine.rate_hz), engine.look_ahead_frames)
    state = engine.initial_state(seed)
    positions = np.empty((song.num_frames, 3), np.float32)
    rotations = np.empty((song.num_frames, engine.skeleton.num_joints, 4), np.float32)
    for index in range(num_steps):
        pose, state = engine.step(song.vectors[index], float(song.levels_dbfs[index]), state, controls)
        if index >= look_ahead:
            positions[index - look_ahead], rotations[index - look_ahead] = pose.root_position, pose.rotations
        if on_state is not None:
            on_state(state)
        if on_frame is not None:
            on_frame(index + 1, num_steps)
    return Motion(engine.skeleton, engine.rate_hz, positions, rotations)


@dataclass
class Stood:
    """Finds out whether the figure stood through a whole song: the `on_state` of `dance_to`.

    Attributes:
        controls: The performer's requests.
        was_danced: Whether it has danced.
        was_judged: Whether it is known what sounds.
    """

    controls: Controls
    was_danced: bool = False
    was_judged: bool = False

    def __call__(self, state: EngineState) -> None:
        """Looks at the state after a step."""
        self.was_danced |= state.dance > 0.0
        self.was_judged |= state.ears.is_judged

    def note(self, song: SongFeatures) -> str:
        """Why it stood, in a sentence for the command line; empty where it danced or was told to stand."""
        if self.was_danced or self.controls.idle or self.controls.freeze:
            return ""
        loudest, threshold = float(song.levels_dbfs.max()), self.controls.threshold_dbfs
        if loudest <= threshold:
            why = (
                f"its loudest moment has {loudest:.0f} dBFS, and what is danced to is louder than --threshold-dbfs "
                f"{threshold:g}"
            )
        elif self.was_judged:
            why = "nothing in it is heard as music, but as speech or noise; --no-music-only dances to it all the same"
        else:
            why = "it ends before it is known whether it is music; --no-music-only dances to it all the same"
        return f"the figure stands throughout: {why}"


def dance(
    engine: Engine,
    samples: NDArray[np.float32],
    sample_rate_hz: int,
    *,
    controls: Controls | None = None,
    seed: int = 0,
) -> Motion:
    """The dance to a recording: `song_features` and `dance_to` in one.

    Example:
        >>> from bridge.dancer.dancer_file import DancerFile
        >>> from data.music import synthesise
        >>> engine = DancerFile.open().load_engine(device="cpu")  # the dancer that ships with the repository
        >>> song = synthesise("house", bpm=120, num_beats=2, seed=0)
        >>> motion = dance(engine, song.samples, song.sample_rate_hz, controls=Controls(style="HO"), seed=7)
        >>> len(motion), motion.rate_hz
        (30, 30.0)
    """
    features = song_features(
        samples, sample_rate_hz, rate_hz=round(engine.rate_hz), look_ahead_frames=engine.look_ahead_frames
    )
    return dance_to(engine, features, controls=controls, seed=seed)
