"""Pictures show the motion they were given."""

import numpy as np
import pytest
from PIL import Image

from data.bvh import write_bvh
from data.cli import run
from data.humanoid import default_skeleton
from data.idle import IdleMotion
from data.picture import animation, contact_sheet


@pytest.fixture
def standing():
    return IdleMotion(default_skeleton(), 30).motion(60, seed=0)


def test_contact_sheet_has_a_figure_for_every_half_second(standing, tmp_path):
    contact_sheet(standing, tmp_path / "sheet.png", every_s=0.5, columns=4)
    with Image.open(tmp_path / "sheet.png") as picture:
        pixels = np.asarray(picture.convert("L"))
    cells = np.array_split(pixels, 4, axis=1)
    dark = [int((cell < 120).sum()) for cell in cells]
    assert min(dark) > 50
    assert max(dark) < 1.5 * min(dark)


def test_animation_loops_at_its_rate(standing, tmp_path):
    animation(standing, tmp_path / "loop.gif", rate_hz=10)
    with Image.open(tmp_path / "loop.gif") as picture:
        assert picture.info["loop"] == 0
        assert picture.info["duration"] == 100
        assert picture.n_frames >= 10  # equal neighbours are joined


def test_an_endless_sheet_is_refused_with_the_way_out(standing, tmp_path):
    with pytest.raises(ValueError, match=r"raise every_s above 0\.001"):
        contact_sheet(IdleMotion(standing.skeleton, 30).motion(900, seed=0), tmp_path / "sheet.png", every_s=0.001)


def test_the_command_draws_a_part_of_a_file(standing, tmp_path, capsys):
    write_bvh(tmp_path / "stand.bvh", standing)
    command = ["picture", str(tmp_path / "stand.bvh"), "-o", str(tmp_path / "part.png")]
    assert run([*command, "--start-s", "0.5", "--seconds", "1"]) == 0
    with Image.open(tmp_path / "part.png") as picture:
        assert picture.width > 100
    assert run([*command, "--start-s", "99"]) == 1
    assert "nothing to draw 99 s into" in capsys.readouterr().err.replace("\n", " ")
