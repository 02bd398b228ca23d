"""BVH files of other programs mean in Blender what they mean to the bridge, whose modules the extension has, too."""

import ast
from pathlib import Path

import numpy as np
import pytest

from blender_addon.core.motion_file import read_motion
from blender_addon.make_vendor import ROOT, copies
from data.dataset.motion_reading import HowToRead, read_recording
from data.formats.bvh import write_bvh
from tests.foreign_rigs import BONES, RIGS, dance, under_root, with_positions, write_rig


def assert_read_alike(path: Path, *, kinds: tuple[str, ...] = (), **options: object) -> None:
    """Places of all joints, within a tenth of a millimetre, and as many notes."""
    notes: list[str] = []
    (take,) = read_motion(path, notes=notes, **options)  # type: ignore[arg-type]
    joints = options.get("joints")
    reading = read_recording(path, HowToRead.of(joints if isinstance(joints, Path) else None))
    assert tuple(note.kind for note in reading.notes) == kinds
    assert len(notes) == len(kinds)
    names = reading.motion.skeleton.names
    assert set(take.skeleton.names) == set(names)
    placed = take.skeleton.positions(take.roots, take.skeleton.global_rotations(take.rotations))
    order = [take.skeleton.index[name] for name in names]
    np.testing.assert_allclose(placed[:, order], reading.motion.global_positions(), atol=1e-4)


def test_the_copies_are_the_bridges_own() -> None:
    """`make vendor` writes them anew."""
    wanted = copies()
    for path, content in wanted.items():
        assert path.read_bytes() == content, path.name
    there = {path for path in (ROOT / "_vendor").rglob("*.[pj]*[yn]") if path.name != "__init__.py"}
    assert there == set(wanted)


@pytest.mark.parametrize("path", [path for path in copies() if path.suffix == ".py"], ids=lambda path: path.name)
def test_a_copy_is_understood_by_the_oldest_blenders_python(path: Path) -> None:
    """Blender 3.4 has Python 3.10; what it lacks of the library is named here."""
    tree = ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 10))
    newer = {"Self", "Never", "LiteralString", "StrEnum", "ReprEnum", "assert_never", "override", "tomllib", "batched"}
    used = {alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names}
    used |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    assert not used & newer


@pytest.mark.parametrize("rig", RIGS)
def test_a_rig_of_another_program_is_the_same_figure(tmp_path: Path, rig: str) -> None:
    assert_read_alike(write_rig(tmp_path / "dance.bvh", RIGS[rig]))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_mark_at_the_beginning_is_no_harm(tmp_path: Path, encoding: str) -> None:
    path = write_rig(tmp_path / "dance.bvh")
    path.write_bytes(path.read_text(encoding="utf-8").encode(encoding))
    assert_read_alike(path)


def test_places_may_stand_in_the_channels_alone(tmp_path: Path) -> None:
    path = write_rig(tmp_path / "dance.bvh")
    offsets = {bone: 100.0 * offset for bone, offset in zip(BONES, dance().skeleton.offsets, strict=True)}
    placed = {bone: np.tile(offset, (60, 1)) for bone, offset in offsets.items() if bone != "Hips"}
    with_positions(path, placed, dict.fromkeys(placed, (0, 0, 0)))
    assert_read_alike(path)


def test_the_hips_way_counts_under_a_root_that_stands_still(tmp_path: Path) -> None:
    plain = dance()
    write_bvh(tmp_path / "dance.bvh", under_root(plain))
    with_positions(tmp_path / "dance.bvh", {"Hips": 100.0 * plain.root_positions})
    assert_read_alike(tmp_path / "dance.bvh")


def test_bones_may_stretch(tmp_path: Path) -> None:
    path = write_rig(tmp_path / "dance.bvh")
    shake = 0.4 * np.sin(np.arange(60))[:, None] * [1, 0, 0]
    with_positions(path, {"LeftLowerArm": np.add([28, 0, 0], shake)})
    assert_read_alike(path, kinds=("stretch",))


@pytest.mark.parametrize(("unit", "metres"), [("m", 1.0), ("in", 0.0254), ("mm", 0.001)])
def test_units_are_guessed_or_said(tmp_path: Path, unit: str, metres: float) -> None:
    path = write_rig(tmp_path / "dance.bvh", metres_per_unit=metres)
    assert_read_alike(path, kinds=("unit",))
    notes: list[str] = []
    (take,) = read_motion(path, unit=unit, notes=notes)
    assert notes == []
    assert take.skeleton.leg_m == pytest.approx(0.87, abs=0.01)


def test_a_second_figure_and_a_rig_that_says_nothing_are_refused_with_a_way_out(tmp_path: Path) -> None:
    path = write_rig(tmp_path / "two.bvh")
    text = path.read_text(encoding="utf-8")
    hierarchy = text[text.index("ROOT") : text.index("MOTION")]
    path.write_text(text.replace("MOTION", f"{hierarchy}MOTION", 1), encoding="utf-8")
    with pytest.raises(ValueError, match=r"two\.bvh.*a second ROOT \('Hips'\).*each figure to a file of its own"):
        read_motion(path)
    path = write_rig(tmp_path / "bones.bvh", [f"bone{number}" for number in range(len(BONES))])
    with pytest.raises(ValueError, match=r"bones\.bvh: cannot tell.*file at Joints.*by its shape.*bone0 = Hips"):
        read_motion(path)
    joints = tmp_path / "joints.txt"
    joints.write_text("\n".join(f"bone{number} = {bone}" for number, bone in enumerate(BONES)))
    assert_read_alike(path, joints=joints)


def test_joints_that_turn_and_are_not_understood_are_reported(tmp_path: Path) -> None:
    names = [name.replace("LeftUpArm", "LeftXyzzy") for name in RIGS["Biovision's sample"]]
    assert_read_alike(write_rig(tmp_path / "dance.bvh", names), kinds=("joints",))
