"""Any skeleton has a way in: names are read word by word, a file says the rest, and what stays unknown is reported."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.dataset.motion_reading import HowToRead, read_recording
from data.formats.bvh import read_bvh, write_bvh
from data.motion.humanoid import to_humanoid
from data.motion.motion import Motion
from data.motion.skeleton import Skeleton
from data.picture.dance_file import read_dance
from data.rigs.rig_names import BONE_PARENTS, HUMANOID, NAMES
from data.rigs.rig_reading import ignored_joints, map_text, read_map, read_rig, with_map
from data.rigs.rig_shape import guess_by_shape
from tests.foreign_rigs import BONES, RIGS, dance, under_root, with_positions, write_rig


@pytest.mark.parametrize("rig", RIGS)
def test_a_rig_of_another_program_is_a_whole_figure(tmp_path: Path, rig: str) -> None:
    reading = read_recording(write_rig(tmp_path / "dance.bvh", RIGS[rig]))
    plain = to_humanoid(dance())
    assert reading.notes == ()
    assert set(reading.motion.skeleton.names) == set(plain.skeleton.names)
    order = [reading.motion.skeleton.index(name) for name in plain.skeleton.names]
    np.testing.assert_allclose(reading.motion.global_positions()[:, order], plain.global_positions(), atol=2e-4)


@pytest.mark.parametrize("rig", RIGS)
def test_each_joint_of_a_foreign_rig_is_the_right_bone(rig: str) -> None:
    names, parents = RIGS[rig], dance().skeleton.parents
    _, mapping = read_rig(names, parents)
    bones = [mapping[name] for name in names]
    # a table of a rig may count its back from above or below
    assert [bone for bone in bones if bone not in ("Spine", "Chest", "UpperChest")] == [
        bone for bone in BONES if bone not in ("Spine", "Chest")
    ]
    assert [bone for bone in bones if bone in ("Spine", "Chest", "UpperChest")] in (
        ["Spine", "Chest"], ["Spine", "UpperChest"], ["Chest", "UpperChest"],
    )  # fmt: skip


@pytest.mark.parametrize("table", NAMES)
def test_a_table_is_found_by_its_own_names(table: str) -> None:
    assert read_rig(list(NAMES[table]))[1] == dict(NAMES[table])


def test_what_hangs_on_a_body_without_names_is_not_taken_for_it() -> None:
    names = [f"bone{number}" for number in range(len(BONES))]
    twists = [f"{bone}_twist" for bone in BONES if bone.endswith(("Arm", "Leg"))]
    _, mapping = read_rig([*names, *twists], [*dance().skeleton.parents, *range(len(twists))])
    assert not mapping


def test_joints_beside_the_body_are_no_bones() -> None:
    names = [*RIGS["Motive"], "LThighTwist", "RHandIK", "LHairTip", "HeadNub", "ik_foot_l", "LIndexMetacarpal"]
    _, mapping = read_rig(names, [*dance().skeleton.parents, 13, 12, 4, 4, 0, 8])
    assert set(mapping) == set(RIGS["Motive"])


@pytest.mark.parametrize(
    ("names", "bones"),
    [
        (("LThumb1", "LThumb2", "LThumb3"), ("ThumbProximal", "ThumbIntermediate", "ThumbDistal")),
        (
            ("LeftHandPinky1", "LeftHandPinky2", "LeftHandPinky3", "LeftHandPinky4"),
            ("LittleProximal", "LittleIntermediate", "LittleDistal"),
        ),
        (("L Finger1", "L Finger11", "L Finger12"), ("IndexProximal", "IndexIntermediate", "IndexDistal")),
        (("Finger1_L", "Finger11_L", "Finger12_L"), ("IndexProximal", "IndexIntermediate", "IndexDistal")),
        (("f_ring.01.L", "f_ring.02.L", "f_ring.03.L"), ("RingProximal", "RingIntermediate", "RingDistal")),
    ],
)  # fmt: skip
def test_fingers_are_counted_as_they_are_numbered(names: tuple[str, ...], bones: tuple[str, ...]) -> None:
    body = list(RIGS["Motive"])
    hand = body.index("LHand")
    parents = [*dance().skeleton.parents, hand, *range(len(body), len(body) + len(names) - 1)]
    _, mapping = read_rig([*body, *names], parents)
    assert {name: bone for name, bone in mapping.items() if name in names} == {
        name: f"Left{bone}" for name, bone in zip(names, bones, strict=False)
    }


def test_the_hips_are_where_legs_and_back_part() -> None:
    """Daz moves `hip`, from which `pelvis` with the legs and the abdomen part; other programs name no hips at all."""
    names = list(RIGS["Daz"])
    parents = list(dance().skeleton.parents)
    with_pelvis = [*names[:1], "pelvis", *names[1:]]
    shifted = [-1, 0, *(parent + 1 if parent else 0 for parent in parents[1:])]
    for leg in ("lThighBend", "rThighBend"):
        shifted[with_pelvis.index(leg)] = 1
    assert read_rig(with_pelvis, shifted)[1]["hip"] == "Hips"
    assert read_rig(["whatever", *names[1:]], parents)[1]["whatever"] == "Hips"


def test_a_joint_that_turns_and_is_not_understood_is_reported(tmp_path: Path) -> None:
    names = [
        name.replace("LUArm", "LXyzzy").replace("LFArm", "LPlugh").replace("LHand", "LQuux") for name in RIGS["Motive"]
    ]
    reading = read_recording(write_rig(tmp_path / "dance.bvh", names))
    (note,) = reading.notes
    assert note.kind == "joints"
    assert "LXyzzy, LPlugh, LQuux; --map FILE" in note.text
    with pytest.raises(ValueError, match=r"dance\.bvh: joints that turn.*LXyzzy.*--strict"):
        read_recording(tmp_path / "dance.bvh", HowToRead(strict=True))
    (tmp_path / "joints.txt").write_text(
        "# the left arm\nLXyzzy = LeftUpperArm\nLPlugh=leftlowerarm\n\nLQuux = LeftHand # at its end\n"
    )
    whole = read_recording(tmp_path / "dance.bvh", HowToRead.of(tmp_path / "joints.txt", strict=True))
    assert set(whole.motion.skeleton.names) == set(BONES)


def test_a_map_that_names_none_of_the_joints_is_reported(tmp_path: Path) -> None:
    path = write_rig(tmp_path / "dance.bvh", RIGS["Motive"])
    (tmp_path / "joints.txt").write_text("l_thigh = LeftUpperLeg")
    (note,) = read_recording(path, HowToRead.of(tmp_path / "joints.txt")).notes
    assert (note.kind, "names none of its joints (l_thigh" in note.text) == ("map", True)
    with pytest.raises(ValueError, match=r"names none of its joints.*--strict"):
        read_dance(path, HowToRead.of(tmp_path / "joints.txt", strict=True))


def test_what_does_not_turn_or_hardly_reaches_is_not_reported(tmp_path: Path) -> None:
    names = [name.replace("LToe", "LXyzzy").replace("Head", "Xyzzy") for name in RIGS["Motive"]]
    motion = dance(names)
    motion.rotations[:, names.index("Xyzzy")] = [0, 0, 0, 1]
    write_bvh(tmp_path / "dance.bvh", motion)
    assert read_recording(tmp_path / "dance.bvh").notes == ()


def test_a_rig_that_says_nothing_is_guessed_by_its_shape_and_the_guess_is_a_way_in(tmp_path: Path) -> None:
    names = [f"bone{number}" for number in range(len(BONES))]
    path = write_rig(tmp_path / "dance.bvh", names)
    with pytest.raises(ValueError, match=r"dance\.bvh: cannot tell.*--map FILE.*by its shape it may be: ") as caught:
        read_recording(path)
    guess = str(caught.value).split("it may be: ")[1]
    (tmp_path / "joints.txt").write_text("\n".join(guess.split("; ")))
    reading = read_recording(path, HowToRead.of(tmp_path / "joints.txt"))
    assert set(reading.motion.skeleton.names) == set(BONES)
    as_rods = read_recording(path, as_rods=True)
    assert not as_rods.is_body
    assert as_rods.motion.skeleton.names == tuple(names)
    assert "--map FILE" in as_rods.notes[0].text


@pytest.mark.parametrize("faces_away", [False, True])
def test_left_and_right_follow_from_the_toes(faces_away: bool) -> None:
    skeleton = dance().skeleton
    places = skeleton.rest_positions.astype(np.float64)
    if faces_away:
        places = places * [-1, 1, -1]
    guess = guess_by_shape([str(number) for number in range(len(BONES))], skeleton.parents, places)
    assert guess == {str(number): bone for number, bone in enumerate(BONES)}


def test_a_mapping_is_written_as_it_is_read(tmp_path: Path) -> None:
    mapping = read_rig(RIGS["Biped"], dance().skeleton.parents)[1]
    (tmp_path / "joints.txt").write_text(map_text(mapping).replace("; ", "\n"))
    assert read_map(tmp_path / "joints.txt") == mapping
    (tmp_path / "joints.json").write_text('{"lThigh": "LeftUpperLeg", "prop": "-"}')
    assert read_map(tmp_path / "joints.json") == {"lThigh": "LeftUpperLeg", "prop": None}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_the_mapping_of_a_message_is_a_file_as_it_stands(tmp_path: Path, encoding: str) -> None:
    mapping = {"Hüfte": "Hips", "l Thigh": "LeftUpperLeg"}
    (tmp_path / "joints.txt").write_bytes((map_text(mapping) + "\r\n").encode(encoding))
    assert read_map(tmp_path / "joints.txt") == mapping


def test_a_map_takes_the_place_of_what_names_say() -> None:
    mapping = {"Hips": "Hips", "LThigh": "LeftUpperLeg", "Tail": "Spine"}
    names = ["Hips", "LThigh", "Tail", "Real"]
    assert with_map(mapping, {"Tail": None}, names) == {"Hips": "Hips", "LThigh": "LeftUpperLeg"}
    assert with_map(mapping, {"Real": "LeftUpperLeg"}, names) == {
        "Hips": "Hips",
        "Tail": "Spine",
        "Real": "LeftUpperLeg",
    }
    assert with_map(mapping, {"other": "Hips"}, names) == mapping  # of another rig of the folder
    with pytest.raises(ValueError, match="--map names typo, and the joints are Hips, LThigh, Tail, Real"):
        with_map(mapping, {"Real": "Spine", "typo": "Head"}, names)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("lThigh LeftUpperLeg", r"joints\.txt, line 1: 'lThigh LeftUpperLeg' is no `joint = Bone`"),
        ("\nlThigh = Thigh", r"joints\.txt, line 2: 'Thigh' is no humanoid bone: they are Hips, "),
        ("a = Hips\na = Spine", "line 2: 'a' stands there twice"),
        ("# nothing", "no line says which joint"),
        ("{", "not the JSON of a map"),
        ('{"a": 3}', "3 is no humanoid bone"),
    ],
)
def test_a_map_that_cannot_be_meant_is_refused(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "joints.txt").write_text(text)
    with pytest.raises(ValueError, match=message):
        read_map(tmp_path / "joints.txt")


@pytest.mark.parametrize("moves_root", [False, True])
def test_the_way_of_the_hips_is_the_dancers_whatever_stands_above_them(tmp_path: Path, moves_root: bool) -> None:
    plain = dance()
    write_bvh(tmp_path / "dance.bvh", under_root(plain))
    way = 100.0 * plain.root_positions.astype(np.float64)
    above = np.zeros_like(way)
    if moves_root:
        above[:, 0] = np.linspace(0, 50, len(way))
    with_positions(tmp_path / "dance.bvh", {"Hips": way - above})
    text = (tmp_path / "dance.bvh").read_text().splitlines()
    begin = len(text) - len(way)
    for frame, (x, y, z) in enumerate(above.tolist()):
        text[begin + frame] = " ".join([f"{x:.6f} {y:.6f} {z:.6f}", *text[begin + frame].split()[3:]])
    (tmp_path / "dance.bvh").write_text("\n".join(text) + "\n")
    motion = read_bvh(tmp_path / "dance.bvh")
    assert motion.skeleton.names[0] == "Hips"
    np.testing.assert_allclose(motion.root_positions, plain.root_positions, atol=1e-5)
    np.testing.assert_allclose(motion.global_positions(), plain.global_positions(), atol=1e-4)
    assert read_recording(tmp_path / "dance.bvh").notes == ()


def test_a_root_that_turns_turns_the_way_of_the_hips(tmp_path: Path) -> None:
    plain = dance()
    write_bvh(tmp_path / "dance.bvh", under_root(plain))
    with_positions(tmp_path / "dance.bvh", {"Hips": 100.0 * plain.root_positions})
    text = (tmp_path / "dance.bvh").read_text().splitlines()
    begin = len(text) - len(plain)
    for frame in range(len(plain)):  # 90 degrees about Y: Z goes to X
        text[begin + frame] = " ".join(["0 0 0 0 0 90", *text[begin + frame].split()[6:]])
    (tmp_path / "dance.bvh").write_text("\n".join(text) + "\n")
    x, y, z = plain.root_positions.T
    np.testing.assert_allclose(read_bvh(tmp_path / "dance.bvh").root_positions, np.stack([z, y, -x], axis=1), atol=1e-4)


def test_bones_that_stretch_have_their_mean_length_and_are_reported(tmp_path: Path) -> None:
    path = write_rig(tmp_path / "dance.bvh")
    shake = np.stack([0.4 * np.sin(np.arange(60)), np.zeros(60), np.zeros(60)], axis=1)
    with_positions(path, {"LeftLowerArm": np.add([28, 0, 0], shake), "RightHand": np.subtract([-25, 0, 0], shake)})
    reading = read_recording(path)
    plain = to_humanoid(dance())
    np.testing.assert_allclose(reading.motion.global_positions(), plain.global_positions(), atol=2e-3)
    (note,) = reading.notes
    assert note.kind == "stretch"
    assert "by up to 0.4 cm, LeftLowerArm, RightHand: bones have their mean lengths" in note.text


def test_what_is_no_bone_may_go_anywhere(tmp_path: Path) -> None:
    """A target of inverse kinematics beside the figure is no reason to refuse it."""
    motion = dance()
    skeleton = motion.skeleton
    with_target = Skeleton(
        (*skeleton.names, "ik_hand"), (*skeleton.parents, 0), [*skeleton.offsets, (0, 0, 0)], skeleton.end_sites
    )
    still = np.tile(np.array([0, 0, 0, 1], np.float32), (len(motion), 1, 1))
    write_bvh(
        tmp_path / "dance.bvh",
        Motion(with_target, 30.0, motion.root_positions, np.concatenate([motion.rotations, still], axis=1)),
    )
    names = [*read_bvh(tmp_path / "dance.bvh").skeleton.names]
    with_positions(
        tmp_path / "dance.bvh", {names[names.index("ik_hand")]: 90.0 * np.random.default_rng(0).normal(size=(60, 3))}
    )
    assert read_recording(tmp_path / "dance.bvh").notes == ()


@pytest.mark.parametrize("unit", ["m", "in", "mm", "cmu", "ft", "cm", "100", "0.0001"])
def test_the_unit_is_guessed_from_the_legs_or_said(tmp_path: Path, unit: str) -> None:
    metres = {"m": 1.0, "in": 0.0254, "mm": 0.001, "cmu": 0.056444, "ft": 0.3048, "cm": 0.01}.get(unit) or float(unit)
    path = write_rig(tmp_path / "dance.bvh", metres_per_unit=metres)
    guessed = read_recording(path)
    assert guessed.motion.skeleton.stature_m == pytest.approx(to_humanoid(dance()).skeleton.stature_m, rel=1e-3)
    assert [note.kind for note in guessed.notes] == ([] if unit == "cm" else ["unit"])
    said = read_recording(path, HowToRead.of(unit=unit, strict=True))
    np.testing.assert_array_equal(said.motion.root_positions, guessed.motion.root_positions)
    half = read_recording(path, HowToRead.of(unit=str(metres / 2)))
    np.testing.assert_allclose(half.motion.root_positions, 0.5 * guessed.motion.root_positions, atol=1e-6)


@pytest.mark.parametrize("unit", ["yard", "0", "-1", "nan", ""])
def test_a_unit_that_is_none_is_refused(unit: str) -> None:
    with pytest.raises(ValueError, match="--unit is"):
        HowToRead.of(unit=unit)


@pytest.mark.parametrize("encoding", ["gb18030", "cp932", "big5", "utf-16", "utf-8-sig"])
def test_names_in_other_encodings_are_kept_apart_and_read(tmp_path: Path, encoding: str) -> None:
    names = [name.replace("Left", "左").replace("Right", "右") for name in prefixed_names()]
    path = write_rig(tmp_path / "dance.bvh", names)
    path.write_bytes(path.read_text(encoding="utf-8").encode(encoding))
    reading = read_recording(path)
    assert set(reading.motion.skeleton.names) == set(BONES)
    assert [note.kind for note in reading.notes] == ([] if "utf" in encoding else ["names"])


def test_names_in_no_known_encoding_are_kept_apart_and_reported(tmp_path: Path) -> None:
    path = write_rig(tmp_path / "dance.bvh")
    path.write_bytes(path.read_bytes().replace(b"LeftToes", b"\xc3\xff\xfe").replace(b"RightToes", b"\xc3\xfd\xfe"))
    reading = read_recording(path)
    assert [note.kind for note in reading.notes] == ["names"]
    assert r"\xc3\xff\xfe" in read_bvh(path).skeleton.names


def prefixed_names() -> tuple[str, ...]:
    return tuple(name.removeprefix("mixamorig") for name in RIGS["Mixamo through three.js"])


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.text(alphabet="LRlr_.:- 0123456789aeghimnoprtuFHTUBK左右足\\", max_size=12)
        | st.sampled_from([name for names in RIGS.values() for name in names]),
        min_size=1,
        max_size=30,
    ),
    st.integers(0, 2**32 - 1),
)
def test_any_names_on_any_tree_are_read_or_not_and_no_bone_twice(names: list[str], seed: int) -> None:
    rng = np.random.default_rng(seed)
    parents = [-1, *(int(rng.integers(0, number)) for number in range(1, len(names)))]
    _, mapping = read_rig(names, parents)
    assert set(mapping) <= set(names)
    assert set(mapping.values()) <= set(HUMANOID)
    local = rng.normal(size=(3, len(names), 4))
    local /= np.linalg.norm(local, axis=-1, keepdims=True)
    places = rng.normal(size=(len(names), 3))
    unique = [f"{name}{number}" for number, name in enumerate(names)]
    ignored_joints(read_rig(unique, parents)[1], unique, parents, places, local)
    guess = guess_by_shape(unique, parents, places)
    assert len(set(guess.values())) == len(guess)


def test_a_map_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "joints.txt").write_bytes(b"\xff\xfe\xfd")
    with pytest.raises(ValueError, match=r"joints\.txt: not text in UTF-8"):
        read_map(tmp_path / "joints.txt")


def test_the_tables_name_bones_that_are_there() -> None:
    assert set(BONES) <= set(HUMANOID)
    assert set(BONE_PARENTS) == set(HUMANOID)
