"""BVH files of other programs, imported by the operator: with a file of joints, in other units, and refused by name."""

from pathlib import Path

import bpy
import pytest

LEGS = ("LeftUpperLeg", "LeftLowerLeg", "LeftFoot")


def write_bvh(path: Path, names: "dict[str, str]") -> Path:
    """A figure of ten joints in metres, 20 frames; the names of some are others."""

    def joint(name: str, offset: str, *children: str) -> str:
        inner = "\n".join(children) or "End Site\n{\nOFFSET 0 0.1 0\n}"
        channels = "CHANNELS 3 Zrotation Xrotation Yrotation"
        return f"JOINT {names.get(name, name)}\n{{\nOFFSET {offset}\n{channels}\n{inner}\n}}"

    legs = [
        joint(
            f"{side}UpperLeg",
            f"{x} -0.05 0",
            joint(f"{side}LowerLeg", "0 -0.42 0", joint(f"{side}Foot", "0 -0.4 0")),
        )
        for side, x in (("Left", 0.09), ("Right", -0.09))
    ]
    spine = joint("Spine", "0 0.1 0", joint("Head", "0 0.5 0"))
    root = joint("Hips", "0 0.95 0", *legs, spine).replace("JOINT", "ROOT", 1)
    root = root.replace("CHANNELS 3 Z", "CHANNELS 6 Xposition Yposition Zposition Z", 1)
    rows = [" ".join(["0 0.95 0", *[f"{(frame % 10) * 3}"] * 27]) for frame in range(20)]
    text = ["HIERARCHY", root, "MOTION", "Frames: 20", "Frame Time: 0.033333", *rows]
    path.write_text("\n".join(text) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def takes(addon):
    session = addon("ui.stage").STAGE.session
    before = len(session.takes)
    yield session.takes
    del session.takes[before:]


@pytest.mark.parametrize("unit", ["auto", "m"])
def test_a_recording_in_metres_is_a_person(takes, tmp_path: Path, unit: str) -> None:
    path = write_bvh(tmp_path / "dance.bvh", {})
    assert bpy.ops.transflower.import_dance(filepath=str(path), unit=unit) == {"FINISHED"}
    assert takes[-1].skeleton.leg_m == pytest.approx(0.87, abs=0.01)


def test_names_that_say_nothing_are_refused_and_a_file_says_them(takes, tmp_path: Path) -> None:
    names = {name: f"Xyzzy{number}" for number, name in enumerate((*LEGS, "RightUpperLeg"))}
    path = write_bvh(tmp_path / "dance.bvh", names)
    with pytest.raises(RuntimeError, match=r"dance\.bvh: cannot tell.*LeftUpperLeg, RightUpperLeg.*Joints"):
        bpy.ops.transflower.import_dance(filepath=str(path))
    joints = tmp_path / "joints.txt"
    joints.write_text("\n".join(f"{name} = {bone}" for bone, name in names.items()), encoding="utf-8")
    assert bpy.ops.transflower.import_dance(filepath=str(path), joints=str(joints)) == {"FINISHED"}
    assert set(takes[-1].skeleton.names) >= {*LEGS, "RightFoot", "Head"}
