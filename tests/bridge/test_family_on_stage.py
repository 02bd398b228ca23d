"""The engine dances with every model of the family as it does with the default one."""

from pathlib import Path

import numpy as np
import pytest

from bridge.dancer.dancer_file import DancerFile
from bridge.engine.offline import dance
from data.motion.motion import Motion
from data.music import synthesise
from tests.tiny_dancer import FAMILY, LOOK_AHEAD_FRAMES, write_tiny_window_dancer

NUM_FRAMES = 60
CHANGED_FRAME = 50
"""So much of the song is enough to see from when on a change of it is danced."""
SAMPLE_RATE_HZ = 24_000


def danced(dancer: DancerFile, samples: np.ndarray, seed: int = 0, look_ahead_frames: int = 0) -> Motion:
    engine = dancer.load_engine(device="cpu", look_ahead_frames=look_ahead_frames)
    return dance(engine, samples, SAMPLE_RATE_HZ, seed=seed)


@pytest.fixture(scope="module")
def song() -> np.ndarray:
    return synthesise("house", 120.0, 4, 1, sample_rate_hz=SAMPLE_RATE_HZ).samples[: 2 * SAMPLE_RATE_HZ]


@pytest.mark.parametrize("name", sorted(FAMILY))
def test_every_model_dances_to_a_song(name: str, tmp_path: Path, song: np.ndarray):
    dancer = DancerFile.open(write_tiny_window_dancer(tmp_path / "tiny.safetensors", name))
    plain = danced(dancer, song)
    assert len(plain) == NUM_FRAMES
    assert np.isfinite(plain.global_positions()).all()
    assert np.abs(np.diff(plain.rotations[40:], axis=0)).max() > 1e-4  # it moves
    change = CHANGED_FRAME * SAMPLE_RATE_HZ // 30
    if name != "Transformer":  # which knows no chance
        assert not np.array_equal(danced(dancer, song[:change], seed=2).rotations, plain.rotations[:CHANGED_FRAME])

    other = song.copy()
    other[change:] *= np.float32(-0.3)
    ahead = danced(dancer, song, 0, LOOK_AHEAD_FRAMES)
    for look_ahead_frames, one in ((0, plain), (LOOK_AHEAD_FRAMES, ahead)):
        two = danced(dancer, other, 0, look_ahead_frames)
        changed = int(np.argmax((one.rotations != two.rotations).any(axis=(1, 2))))
        earliest = CHANGED_FRAME - look_ahead_frames
        # The sound to come is known just so far ahead; what comes before is the same dance again, bit for bit.
        assert earliest <= changed <= earliest + 2
