"""The pose that a dance starts from, by its name: whatever the seed, and whatever steps the dancer."""

from pathlib import Path

import numpy as np
import pytest

from bridge.cli import main
from bridge.control.controls import Controls
from bridge.dancer.dancer_file import DancerFile
from bridge.engine.engine import Engine
from bridge.engine.offline import dance
from bridge.takes.header import controls_from_json, controls_to_json
from data.motion.motion import Motion
from data.music import synthesise
from models.files.checkpoint_header import default_path, read_header
from tests.exported_dancer import export_dancer
from tests.tiny_dancer import write_tiny_dancer

SONG = synthesise("house", 120.0, 4, 1, sample_rate_hz=24_000)  # 2 s
FIRST, SECOND = "standing", "standing later"
"""The tiny dancer's seed poses: one that rests, and another."""


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_dancer(tmp_path_factory.mktemp("dancer") / "tiny.safetensors")


@pytest.fixture(scope="module", params=["fast", "torch", "onnx"])
def engine(request: pytest.FixtureRequest, tiny: Path) -> Engine:
    dancer = DancerFile.open(export_dancer(tiny)) if request.param == "onnx" else DancerFile.open(tiny, request.param)
    assert dancer.backend == request.param
    return dancer.load_engine(device="cpu")


def danced(engine: Engine, seed: int, seed_pose: str | None) -> Motion:
    return dance(engine, SONG.samples, SONG.sample_rate_hz, controls=Controls(seed_pose=seed_pose), seed=seed)


def are_same(a: Motion, b: Motion) -> bool:
    return np.array_equal(a.rotations, b.rotations) and np.array_equal(a.root_positions, b.root_positions)


def test_a_dance_starts_from_the_pose_of_that_name_and_the_seed_still_draws_the_noise(engine: Engine):
    assert are_same(danced(engine, 0, FIRST), danced(engine, 0, FIRST))
    assert not are_same(danced(engine, 0, FIRST), danced(engine, 1, FIRST))
    assert not are_same(danced(engine, 0, SECOND), danced(engine, 0, FIRST))
    assert not are_same(danced(engine, 0, SECOND), danced(engine, 1, SECOND))


def test_the_seed_draws_a_pose_that_does_not_rest_and_of_the_style_if_one_is_asked_for(engine: Engine):
    for seed in (0, 1):
        assert are_same(danced(engine, seed, None), danced(engine, seed, SECOND))
    names = ("standing", "HO-1", "LO-1", "HO-2")
    named = Engine(engine.dancer, engine.codec, music_dims=engine.music_dims, styles=engine.styles, seed_poses=names)
    assert [named._start_pose(drawn, Controls()) for drawn in range(4)] == [1, 2, 3, 1]
    assert [named._start_pose(drawn, Controls(style="HO")) for drawn in range(3)] == [1, 3, 1]
    assert named._start_pose(5, Controls(style="HO", seed_pose="standing")) == 0


def test_an_unknown_name_is_refused_with_those_that_there_are(engine: Engine):
    with pytest.raises(ValueError, match="no seed pose 'lying'; this dancer has standing, standing later"):
        danced(engine, 0, "lying")


def test_takes_of_the_time_before_seed_poses_had_names_are_read_as_they_were_meant():
    entries = controls_to_json(Controls(style="HO"))
    del entries["seed_pose"]
    assert controls_from_json(entries) == Controls(style="HO")


def test_styles_and_seed_poses_are_listed(tiny: Path, capsys: pytest.CaptureFixture[str]):
    main(["dancer", str(tiny)])
    out = capsys.readouterr().out
    assert "styles      House (HO), Lock (LO)\nseed poses  standing, standing later\n" in out
    assert "guidance    of styles, 0 to 8\n" in out


def test_every_seed_pose_of_the_dancer_that_ships_has_a_name_of_its_own():
    header = read_header(default_path())
    assert len(set(header["seed_poses"])) == header["model_config"]["num_seed_poses"]
