"""The engine dances with every model of the family as it does with the default one."""

from pathlib import Path

import numpy as np
import pytest

from bridge.dancer_file import DancerFile
from bridge.generate import dance
from data.motion import Motion
from data.music import synthesise
from tests.tiny_dancer import FAMILY, LOOK_AHEAD_FRAMES, write_tiny_window_dancer

SONG = synthesise("house", 120.0, 6, 1, sample_rate_hz=24_000)  # 3 s
CHANGED_FRAME = 60
COMPARED_FRAMES = 72
"""So much of the song is enough to see from when on a change of it is danced."""


def danced(dancer: DancerFile, samples: np.ndarray, seed: int = 0, look_ahead_frames: int = 0) -> Motion:
    engine = dancer.load_engine(device="cpu", look_ahead_frames=look_ahead_frames)
    return dance(engine, samples, SONG.sample_rate_hz, seed=seed)


@pytest.mark.parametrize("name", sorted(FAMILY))
def test_every_model_dances_to_a_song(name: str, tmp_path: Path):
    dancer = DancerFile.open(write_tiny_window_dancer(tmp_path / "tiny.safetensors", name))
    first, again = danced(dancer, SONG.samples), danced(dancer, SONG.samples)
    assert np.array_equal(first.rotations, again.rotations)
    assert len(first) == 90
    assert np.isfinite(first.global_positions()).all()
    assert np.abs(np.diff(first.rotations[60:], axis=0)).max() > 1e-4  # it moves
    beginning = SONG.samples[: COMPARED_FRAMES * SONG.sample_rate_hz // 30]
    plain = danced(dancer, beginning)
    if name != "Transformer":  # which knows no chance
        assert not np.array_equal(danced(dancer, beginning, seed=2).rotations, plain.rotations)

    other = beginning.copy()
    other[CHANGED_FRAME * SONG.sample_rate_hz // 30 :] *= np.float32(-0.3)
    ahead = danced(dancer, beginning, 0, LOOK_AHEAD_FRAMES)
    for look_ahead_frames, one in ((0, plain), (LOOK_AHEAD_FRAMES, ahead)):
        two = danced(dancer, other, 0, look_ahead_frames)
        changed = int(np.argmax((one.rotations != two.rotations).any(axis=(1, 2))))
        earliest = CHANGED_FRAME - look_ahead_frames
        assert earliest <= changed <= earliest + 2  # the sound to come is known just so far ahead
