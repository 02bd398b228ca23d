"""A film is seen from the front that its dance was led back to, and what a dancer cannot obey is said."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bridge.batch.index import DanceEntry, Recipe, add_to_index
from bridge.commands.dance_source import read_source
from bridge.control.controls import Controls
from bridge.dancer.dancer_file import DancerFile
from data.formats.motion_file import write_motion
from data.motion.humanoid import default_skeleton
from data.motion.idle import IdleMotion
from data.motion.rotations import about_axis, multiply
from data.picture.camera import front_rad, mean_facing_rad, view_axes
from data.picture.options import PictureOptions
from data.picture.scene import Scene, cut
from tests.tiny_dancer import write_tiny_dancer, write_tiny_window_dancer


def seen_front_deg(dance: Path, **asked: float) -> float | None:
    """The front from which `transflower render` shows a file."""
    picture = PictureOptions(**asked)
    return read_source(
        dance, sound=None, sound_at_s=None, part=None, picture=picture, advance=lambda done, total: None
    )[2].front_deg


def indexed(folder: Path, controls: Controls) -> Path:
    """A dance with the index that `transflower generate` leaves beside it."""
    path = folder / "song.seed0.npz"
    write_motion(path, IdleMotion(default_skeleton(), 30).motion(30))
    recipe = Recipe.of(
        controls, song_sha256="", dancer_sha256="", backend="torch", seed=0, look_ahead_frames=0
    )  # fmt: skip
    facts = dict.fromkeys(("sha256", "song", "dancer", "model_class", "device", "program", "torch"), "x")
    entry = DanceEntry(file=path.name, **facts, frames=30, rate_hz=30, seconds=1.0, recipe=recipe)
    add_to_index(folder, {path.name: entry})
    return path


def test_a_generated_dance_is_seen_from_its_own_front_unless_another_is_asked_for(tmp_path: Path):
    dance = indexed(tmp_path, Controls(front_deg=70.0))
    assert seen_front_deg(dance) == 70.0
    assert seen_front_deg(dance, front_deg=-20.0) == -20.0
    indexed(tmp_path, Controls(front_deg=70.0, facing=0.0))
    assert seen_front_deg(dance) is None, "led back to nowhere, it is seen from where it faces on average"
    (tmp_path / "dances.json").write_text("damaged")
    assert seen_front_deg(dance) is None


@pytest.mark.parametrize("front_deg", [0.0, 90.0, -135.0])
def test_the_camera_stands_before_the_front(front_deg: float):
    standing = IdleMotion(default_skeleton(), 30).motion(60)
    turned = standing.rotations.copy()
    turned[:, 0] = multiply(about_axis(1, 1.0).astype(np.float32), turned[:, 0])
    motion = replace(standing, rotations=turned)
    span = cut(motion, start_s=0.0, seconds=1.0, rate_hz=30.0)
    scene = Scene(motion, span, None, size=(320, 240), front_deg=front_deg)
    np.testing.assert_allclose(scene.camera.axes, view_axes(np.radians(front_deg)), atol=1e-6)
    assert front_rad(motion, None) == mean_facing_rad(motion) == pytest.approx(1.0, abs=0.1)


def test_a_dancer_without_guidance_says_so_where_a_style_is_to_be_exaggerated(tmp_path: Path):
    guiding = DancerFile.open(write_tiny_dancer(tmp_path / "tiny.safetensors"))
    other = DancerFile.open(write_tiny_window_dancer(tmp_path / "moglow.safetensors", "MoGlow"))
    assert (guiding.guides_style, other.guides_style) == (True, False)
    assert guiding.says_of(Controls(style="HO")) is None
    asked = Controls(style="HO", style_guidance=6.0)
    assert "not exaggerated: this dancer has no style guidance" in (other.says_of(asked) or "")
    assert "it improvises whatever the plan" in (guiding.says_of(Controls(plan=0.5)) or "")
    assert DancerFile.open().says_of(Controls(plan=0.5)) is None
    for quiet in (Controls(), Controls(style="HO"), Controls(style="HO", style_guidance=0.0)):
        assert other.says_of(quiet) is None
    old = {name: value for name, value in guiding.metadata.items() if name not in ("guides_style", "noise_correlation")}
    assert replace(guiding, metadata=old).guides_style, "an older checkpoint can, since the step can"
    exported = replace(guiding, metadata=old, path=tmp_path / "old.onnx", backend="onnx")
    assert not exported.guides_style, "an older export cannot"
    assert "export-model" in (exported.says_of(asked) or "")
    assert exported.noise_correlation == 0.0


def test_a_dancer_has_a_groove_of_its_own_that_is_danced_until_another_is_asked_for(tmp_path: Path):
    tiny = DancerFile.open(write_tiny_dancer(tmp_path / "tiny.safetensors"))
    grooving = replace(tiny, metadata={**tiny.metadata, "groove": 0.25})
    assert [dancer.groove for dancer in (DancerFile.open(), tiny, grooving)] == [0.05, 0.15, 0.25]
    engine = grooving.engine(grooving.load_stepper())
    loud = np.zeros(engine.music_dims, np.float32)
    for asked, expected in ((None, 0.25), (0.5, 0.5)):
        state = engine.initial_state(seed=1)
        for _ in range(5):
            _, state = engine.step(loud, -20.0, state, Controls(groove=asked, music_only=False))
        assert state.eased.groove == pytest.approx(expected)
