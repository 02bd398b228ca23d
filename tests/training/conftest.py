"""A small prepared folder: a dancer who nods and steps exactly in time, by formula."""

import functools
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from data.motion.humanoid import default_skeleton
from data.motion.motion import Motion
from data.motion.pose_codec import PoseCodec

RATE_HZ = 30.0


def swaying_motion(bpm: float, seconds: float, seed: int = 0, rate_hz: float = RATE_HZ) -> tuple[Motion, np.ndarray]:
    """A dancer whose joints rest on every beat and swing between them; returns the motion and its beat positions."""
    skeleton = default_skeleton()
    rng = np.random.default_rng(seed)
    beat = np.arange(int(seconds * rate_hz)) / rate_hz * bpm / 60
    # The integral of 1 - cos(2 pi beat) is slowest on the beat; alternate beats swing to and fro.
    swing = np.sin(np.pi * (beat - np.sin(2 * np.pi * beat) / (2 * np.pi)) + np.pi / 2)
    amplitude = rng.uniform(0.1, 0.4, (len(skeleton.names), 3))
    standing = [i for i, name in enumerate(skeleton.names) if name == "Hips" or "Leg" in name or "Foot" in name]
    amplitude[standing] = 0
    rotations = Rotation.from_rotvec((swing[:, None, None] * amplitude).reshape(-1, 3)).as_quat()
    root = np.zeros((len(beat), 3), np.float32)
    root[:, 1] = 0.85
    motion = Motion(
        skeleton=skeleton,
        rate_hz=rate_hz,
        root_positions=root,
        rotations=rotations.reshape(len(beat), -1, 4).astype(np.float32),
    )
    return motion, beat


def write_sequence(folder: Path, name: str, bpm: float, seconds: float, style: int, seed: int) -> None:
    motion, beat = swaying_motion(bpm, seconds, seed)
    codec = PoseCodec(motion.skeleton, RATE_HZ)
    audio = np.zeros((len(beat), 121), np.float32)
    audio[:, 116] = np.cos(2 * np.pi * beat)
    audio[:, 117] = np.sin(2 * np.pi * beat)
    np.save(folder / f"{name}.pose.npy", codec.encode(motion))
    np.save(folder / f"{name}.audio.npy", audio)
    np.save(folder / f"{name}.style.npy", np.array([style]))
    np.save(folder / f"{name}.energy.npy", np.full((len(beat), 1), 0.5 + 0.1 * style, np.float32))
    np.save(folder / f"{name}.beat.npy", beat[:, None].astype(np.float32))


@pytest.fixture(scope="session", name="swaying_motion")
def _swaying_motion():
    """The function that makes the swaying dancer."""
    return swaying_motion


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six sequences of 12 s in two styles; two of them are for validation."""
    return write_prepared(tmp_path_factory.mktemp("prepared"), seconds=12)


def write_prepared(folder: Path, seconds: float) -> Path:
    """Six sequences in two styles, two of them for validation, as a prepared folder; returns it."""
    names = [f"sway_{i}" for i in range(6)]
    for i, name in enumerate(names):
        write_sequence(folder, name, bpm=100 + 10 * i, seconds=seconds, style=i % 2, seed=i)
    (folder / "base_filenames_train.txt").write_text("\n".join(names[:4]) + "\n")
    (folder / "base_filenames_val.txt").write_text("\n".join(names[4:]) + "\n")
    (folder / "base_filenames_test.txt").write_text("")
    poses = np.concatenate([np.load(folder / f"{name}.pose.npy") for name in names[:4]])
    np.savez(folder / "pose.scaler.npz", mean=poses.mean(0), std=np.maximum(poses.std(0), 1e-2))
    codec = PoseCodec(default_skeleton(), RATE_HZ)
    fingerprint = {
        "frame_rate_hz": RATE_HZ,
        "pose_codec": codec.to_dict(),
        "audio_fingerprint": "by-formula",
        "licence": "CC0-1.0",
        "attribution": "",
        "audio_columns": {"beat": [116, 121]},
        "pose_columns": {name: [part.start, part.stop] for name, part in codec.columns.items()},
        "styles": ["LEFT", "RIGHT"],
    }
    (folder / "fingerprint.json").write_text(json.dumps(fingerprint))
    return folder


TRAINED_STEPS = 12


@pytest.fixture(scope="session")
def trained(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """A function from the name of a model to the folder of a short run of its debug configuration.

    Each model is trained once a process. So tests that share it are one group, see `tests/lanes.py`.
    """
    from tests.training.runs import quiet_callbacks, run, write_config  # not before it is needed: Lightning takes long

    @functools.cache
    def train(name: str) -> Path:
        folder = tmp_path_factory.mktemp(name)
        callbacks = quiet_callbacks(0.5)
        config = write_config(
            folder / "config.yaml", name, prepared, steps=TRAINED_STEPS, trainer={"callbacks": callbacks}
        )
        run("fit", "--config", config)
        return folder / name / "version_0"

    return train


@pytest.fixture(scope="session")
def judged(prepared: Path, trained: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a report on a `StreamingTransflower` alone, with no long dances and none in other styles."""
    from tests.training.runs import run

    folder = tmp_path_factory.mktemp("judged") / "report"
    run(
        "evaluate", trained("streaming_transflower") / "last.safetensors", "--folder", prepared, "-o", folder,
        "--num-dances", 6, "--seconds", 5, "--num-long", 0, "--prompt-dances", 0, "--max-frames", 400,
        "--exact-clock", "--style-energy", "--jobs", 1,
    )  # fmt: skip
    return folder
