"""The dance to a song, offline: as long as the song, always the same, readable by others."""

import re
from pathlib import Path

import numpy as np
import pytest

from bridge.control.controls import Controls
from bridge.dancer.dancer_file import DancerFile
from bridge.engine.offline import Stood, dance, dance_to, song_features
from data.formats.motion_file import write_motion
from data.motion.motion import Motion
from data.motion.rotations import angle_between
from data.music import synthesise
from tests.tiny_dancer import LOOK_AHEAD_FRAMES, write_tiny_dancer

SONG = synthesise("house", 120.0, 12, 1, sample_rate_hz=24_000)  # 6 s


@pytest.fixture(scope="module")
def dancer(tmp_path_factory: pytest.TempPathFactory) -> DancerFile:
    return DancerFile.open(write_tiny_dancer(tmp_path_factory.mktemp("dancer") / "tiny.safetensors"))


def danced(dancer: DancerFile, seed: int = 0, look_ahead_frames: int = 0, samples: np.ndarray | None = None) -> Motion:
    engine = dancer.load_engine(device="cpu", look_ahead_frames=look_ahead_frames)
    return dance(engine, SONG.samples if samples is None else samples, SONG.sample_rate_hz, seed=seed)


@pytest.fixture(scope="module")
def dances(dancer: DancerFile) -> dict[int, Motion]:
    """The dance to the song, by the number of frames that the dancer looks ahead."""
    return {frames: danced(dancer, look_ahead_frames=frames) for frames in (0, LOOK_AHEAD_FRAMES)}


def test_the_same_seed_gives_the_same_dance_bit_for_bit_and_another_seed_another(
    dancer: DancerFile, dances: dict[int, Motion]
):
    first, again, other = dances[0], danced(dancer), danced(dancer, seed=1)
    assert np.array_equal(first.rotations, again.rotations)
    assert np.array_equal(first.root_positions, again.root_positions)
    assert not np.array_equal(first.rotations, other.rotations)


@pytest.mark.parametrize("look_ahead_frames", [0, LOOK_AHEAD_FRAMES])
def test_the_dance_is_as_long_as_the_song(dances: dict[int, Motion], look_ahead_frames: int):
    motion = dances[look_ahead_frames]
    assert len(motion) == int(len(SONG.samples) * 30 / SONG.sample_rate_hz)
    assert motion.rate_hz == 30


def change_at(dancer: DancerFile, look_ahead_frames: int, dance: Motion) -> int:
    """First frame that differs from a dance when the music from 3 s on is another."""
    other = SONG.samples.copy()
    other[3 * SONG.sample_rate_hz :] *= np.float32(-0.3)
    changed = danced(dancer, look_ahead_frames=look_ahead_frames, samples=other)
    return int(np.argmax((dance.rotations != changed.rotations).any(axis=(1, 2))))


def test_without_look_ahead_the_dance_depends_on_no_sound_to_come(dancer: DancerFile, dances: dict[int, Motion]):
    assert 90 <= change_at(dancer, 0, dances[0]) <= 92


def test_with_look_ahead_it_depends_on_just_so_much(dancer: DancerFile, dances: dict[int, Motion]):
    assert 90 - LOOK_AHEAD_FRAMES <= change_at(dancer, LOOK_AHEAD_FRAMES, dances[LOOK_AHEAD_FRAMES]) < 90


def test_silence_is_danced_by_standing(dancer: DancerFile):
    motion = danced(dancer, samples=np.zeros(72_000, np.float32))
    assert angle_between(motion.rotations[1:], motion.rotations[:-1]).max() * 30 < 0.5


AT_S = np.arange(len(SONG.samples)) / SONG.sample_rate_hz
BREATHS = np.random.default_rng(0).standard_normal(len(AT_S)) * 0.05 * np.sin(2 * np.pi * 0.7 * AT_S) ** 8
NOISE = BREATHS.astype(np.float32)


@pytest.mark.parametrize(
    ("samples", "controls", "said"),
    [
        (SONG.samples, Controls(), "^$"),
        (NOISE, Controls(), "stands throughout: nothing in it is heard as music.*--no-music-only"),
        (NOISE, Controls(music_only=False), "^$"),
        (NOISE, Controls(idle=True), "^$"),
        (SONG.samples[:2400], Controls(), "stands throughout: it ends before it is known whether it is music"),
        (1e-4 * SONG.samples, Controls(), "stands throughout: its loudest moment has -.* dBFS"),
    ],
    ids=["music", "noise", "noise is asked for", "told to stand", "a tenth of a second", "too quiet"],
)
def test_it_is_said_why_a_figure_stands_through_a_whole_song(
    dancer: DancerFile, samples: np.ndarray, controls: Controls, said: str
):
    engine, stood = dancer.load_engine(device="cpu"), Stood(controls)
    features = song_features(samples, SONG.sample_rate_hz, rate_hz=30)
    dance_to(engine, features, controls=controls, on_state=stood)
    assert re.search(said, stood.note(features))


def test_an_npz_file_holds_the_numbers(dancer: DancerFile, dances: dict[int, Motion], tmp_path: Path):
    motion = dances[0]
    write_motion(tmp_path / "dance.npz", motion)
    with np.load(tmp_path / "dance.npz") as arrays:
        assert np.array_equal(arrays["rotations"], motion.rotations)
        assert np.array_equal(arrays["root_positions"], motion.root_positions)
        assert float(arrays["rate_hz"]) == 30
        assert tuple(arrays["names"]) == dancer.skeleton.names


def test_what_cannot_be_written_is_refused_before_the_work(dancer: DancerFile, tmp_path: Path):
    motion = dance(dancer.load_engine(device="cpu"), SONG.samples[:2400], SONG.sample_rate_hz)
    with pytest.raises(ValueError, match=r"\.bvh or \.npz"):
        write_motion(tmp_path / "dance.fbx", motion)
    with pytest.raises(ValueError, match="no folder"):
        write_motion(tmp_path / "nowhere" / "dance.bvh", motion)


def test_what_cannot_be_heard_is_refused(dancer: DancerFile):
    with pytest.raises(ValueError, match="shorter than one frame"):
        danced(dancer, samples=SONG.samples[:100])
    broken = SONG.samples.copy()
    broken[[1200, 5000]] = np.nan, np.inf
    with pytest.raises(ValueError, match=r"2 samples of the recording are NaN or infinite, the first at 0\.050 s"):
        danced(dancer, samples=broken)
