import contextlib
import itertools
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pymotion.io.bvh import BVH
from scipy.spatial.transform import Rotation

from data.formats.bvh import read_bvh, write_bvh
from data.motion import rotations
from data.motion.humanoid import default_skeleton
from data.motion.motion import Motion
from data.motion.skeleton import Skeleton

ARM = """HIERARCHY
ROOT Hips
{
  OFFSET 0 0 0
  CHANNELS 6 Xposition Yposition Zposition Zrotation Xrotation Yrotation
  JOINT Left Arm
  {
    OFFSET 10 0 0
    CHANNELS 3 Yrotation Xrotation Zrotation
    End Site
    {
      OFFSET 5 0 0
    }
  }
}
MOTION
Frames: 2
Frame Time: 0.0333333
1 2 3 10 20 30 40 50 60
4 5 6 11 21 31 41 51 61
"""


def with_fingers(seed=0, frames=40):
    """A motion of a hand with three fingers, each with an End Site, and a hip that has one beside its child."""
    names = ["Hips", "LeftHand"]
    parents, offsets, tips = [-1, 0], [(0, 0, 0), (0.3, 0.1, 0.0)], [(0, (0.0, -0.1, 0.02))]
    for finger in ("Index", "Middle", "Thumb"):
        for bone in range(3):
            parents.append(1 if bone == 0 else len(names) - 1)
            names.append(f"Left{finger}{bone}")
            offsets.append((0.03, 0.001 * len(names), 0.002))
        tips.append((len(names) - 1, (0.02, 0.0, 0.001)))
    skeleton = Skeleton(tuple(names), tuple(parents), np.array(offsets), tuple(tips))
    rng = np.random.default_rng(seed)
    vectors = np.cumsum(rng.normal(0, 0.2, (frames, len(names), 3)), axis=0)
    return Motion(skeleton, 30.0, np.cumsum(rng.normal(0, 0.01, (frames, 3)), axis=0), rotations.from_expmap(vectors))


def write(folder, text):
    path = folder / "clip.bvh"
    path.write_text(text)
    return path


def largest_angle(a, b):
    return rotations.angle_between(a.astype(np.float64), b.astype(np.float64)).max()


# ---------------------------------------------------------------------------------------------------- reading


def test_a_small_file_reads_as_written(tmp_path):
    motion = read_bvh(write(tmp_path, ARM))
    assert motion.skeleton.names == ("Hips", "Left Arm")
    assert motion.rate_hz == 30.0
    assert motion.skeleton.end_sites == ((1, pytest.approx((0.05, 0, 0))),)
    np.testing.assert_allclose(motion.skeleton.offsets[1], [0.1, 0, 0])
    np.testing.assert_allclose(motion.root_positions, [[0.01, 0.02, 0.03], [0.04, 0.05, 0.06]])
    hips = Rotation.from_euler("ZXY", [[10, 20, 30], [11, 21, 31]], degrees=True).as_quat()
    arm = Rotation.from_euler("YXZ", [[40, 50, 60], [41, 51, 61]], degrees=True).as_quat()
    assert largest_angle(motion.rotations[:, 0], hips) < 1e-6
    assert largest_angle(motion.rotations[:, 1], arm) < 1e-6


def test_units_are_an_option(tmp_path):
    assert read_bvh(write(tmp_path, ARM), metres_per_unit=0.0254).skeleton.offsets[1, 0] == pytest.approx(0.254)


@pytest.mark.parametrize("order", ["".join(order) for order in itertools.permutations("XYZ")])
def test_every_channel_order_reads_the_same_as_scipy(tmp_path, order):
    channels = " ".join(f"{axis}rotation" for axis in order)
    motion = read_bvh(write(tmp_path, ARM.replace("Yrotation Xrotation Zrotation", channels)))
    expected = Rotation.from_euler(order, [[40, 50, 60], [41, 51, 61]], degrees=True).as_quat()
    assert largest_angle(motion.rotations[:, 1], expected) < 1e-6


def test_channels_may_come_in_any_number_and_mixture(tmp_path):
    text = ARM.replace(
        "6 Xposition Yposition Zposition Zrotation Xrotation Yrotation",
        "5 Yrotation Zposition Xposition XROTATION Yposition",
    )
    text = text.replace("3 Yrotation Xrotation Zrotation", "1 Zrotation")
    text = text[: text.index("1 2 3")] + "30 3 1 20 2 60\n31 6 4 21 5 61\n"
    motion = read_bvh(write(tmp_path, text))
    np.testing.assert_allclose(motion.root_positions, [[0.01, 0.02, 0.03], [0.04, 0.05, 0.06]])
    hips = Rotation.from_euler("YX", [[30, 20], [31, 21]], degrees=True).as_quat()
    assert largest_angle(motion.rotations[:, 0], hips) < 1e-6
    assert largest_angle(motion.rotations[:, 1], Rotation.from_euler("Z", [[60], [61]], degrees=True).as_quat()) < 1e-6


def test_a_joint_without_channels_stays_as_it_is(tmp_path):
    text = ARM.replace("3 Yrotation Xrotation Zrotation", "0").replace(" 40 50 60", "").replace(" 41 51 61", "")
    np.testing.assert_array_equal(read_bvh(write(tmp_path, text)).rotations[:, 1], [[0, 0, 0, 1]] * 2)


def test_six_channels_on_every_joint_are_fine_while_bones_keep_their_length(tmp_path):
    six = "6 Xposition Yposition Zposition Yrotation Xrotation Zrotation"
    text = ARM.replace("3 Yrotation Xrotation Zrotation", six)
    for written, length_m in (("10 0 0", 0.1), ("0 0 0", 0.1), ("12 0 0", 0.12)):
        table = text.replace(" 40 50", f" {written} 40 50").replace(" 41 51", f" {written} 41 51")
        assert read_bvh(write(tmp_path, table)).skeleton.offsets[1, 0] == pytest.approx(length_m)
    stretching = text.replace(" 40 50", " 10 0 0 40 50").replace(" 41 51", " 13 0 0 41 51")
    notes = []
    assert read_bvh(write(tmp_path, stretching), notes=notes).skeleton.offsets[1, 0] == pytest.approx(0.115)
    assert notes[0].text == "joints move on their parents by up to 1.5 cm, Left Arm: bones have their mean lengths"
    torn_off = text.replace(" 40 50", " 10 0 0 40 50").replace(" 41 51", " 17 0 0 41 51")
    with pytest.raises(
        ValueError, match=r"clip.bvh: position channels move joint 'Left Arm' .*by 4 cm.*export with rotations only"
    ):
        read_bvh(write(tmp_path, torn_off))


@pytest.mark.parametrize(
    ("frame_time", "rate_hz"),
    [
        (".0083333", 120.0),
        ("0.0333333", 30.0),
        ("0.033333", 30.0),
        ("0.033", 30.0),
        ("0.0166667", 60.0),
        ("0.016666", 60.0),
        ("0.01", 100.0),
        ("0.04", 25.0),
        ("0.05", 20.0),
        ("0.0333667", 29.97),
        ("0.008341", 119.89),
        ("3.3333E-02", 30.0),
        ("0.5", 2.0),
        ("1.6", 0.625),
    ],
)
def test_frame_times_mean_the_rate_that_they_round(tmp_path, frame_time, rate_hz):
    motion = read_bvh(write(tmp_path, ARM.replace("0.0333333", frame_time)))
    assert motion.rate_hz == pytest.approx(rate_hz, rel=1e-4)
    if rate_hz == int(rate_hz):
        assert motion.rate_hz == rate_hz


def test_layout_does_not_matter(tmp_path):
    crowded = re.sub(r"\n\s*\{", " {", ARM).replace("\n", "\r\n").replace("Frame Time: ", "Frame Time:\t") + "\r\n\r\n"
    a, b = read_bvh(write(tmp_path, ARM)), read_bvh(write(tmp_path, "\ufeff" + crowded))
    np.testing.assert_array_equal(a.rotations, b.rotations)
    assert a.skeleton.fingerprint == b.skeleton.fingerprint


def test_quaternions_read_from_turning_angles_do_not_jump(tmp_path):
    turns = "".join(f"0 0 0 {angle} 0 0 0 0 0\n" for angle in range(0, 1500, 30))
    text = ARM[: ARM.index("1 2 3")].replace("Frames: 2", "Frames: 50") + turns
    q = read_bvh(write(tmp_path, text)).rotations
    assert np.sum(q[1:] * q[:-1], axis=-1).min() > 0.9


# ------------------------------------------------------------------------------------------------- refusing


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("HIERARCHY\n", "", "line 1: not a BVH file"),
        ("}\nMOTION", "}\nROOT Other\n{\nOFFSET 0 0 0\nCHANNELS 0\n}\nMOTION", "line 16: a second ROOT.*one figure"),
        ("4 5 6 11 21 31 41 51 61\n", "", "announces 2 frames, but the file ends after 1"),
        ("41 51 61", "41 51", "line 20: frame 2 has 8 values instead of 9"),
        ("41 51 61\n", "41 51 61\n1 2 3 4 5 6 7 8 9\n", "line 21: the header announces 2 frames, but more follow"),
        ("41 51 61", "41 nan 61", "line 20: frame 2 holds 'nan'"),
        ("41 51 61", "41 inf 61", "line 20: frame 2 holds 'inf'"),
        ("41 51 61", "41 5x1 61", "line 20: frame 2 holds '5x1'"),
        ("41 51 61", "41 1e300 61", "line 20: frame 2 holds '1e300'"),
        ("30 40 50 60\n4 5 6", "30 40 50\n60 4 5 6", "line 19: frame 1 has 8 values"),
        ("Frames: 2", "Frames: 0", "line 17: the file holds no frames"),
        ("Frames: 2", "Frames: two", "line 17: expected 'Frames: N'"),
        ("0.0333333", "0", "line 18: the frame time must be positive"),
        ("0.0333333", "-0.03", "line 18: the frame time must be positive"),
        ("0.0333333", "fast", "line 18: expected 1 number"),
        ("OFFSET 10 0 0", "OFFSET 10 0", "line 8: expected 3 numbers"),
        ("OFFSET 10 0 0", "OFFSET 10 nan 0", "line 8: expected 3 numbers"),
        ("CHANNELS 3", "CHANNELS 2", "line 9: CHANNELS announces 2 and names 3"),
        ("CHANNELS 3 Yrotation", "CHANNELS 3 Wrotation", "line 9: unknown channel 'Wrotation'"),
        ("6 Xposition Yposition", "6 Xposition Xposition", "line 5: a position channel occurs twice"),
        ("    CHANNELS 3 Yrotation Xrotation Zrotation\n", "", "line 13: joint 'Left Arm' has no CHANNELS"),
        ("JOINT Left Arm", "JOINT", "line 6: JOINT without a name"),
        ("JOINT Left Arm", "JOINT Hips", "clip.bvh: joint names must be unique; repeated: Hips"),
        ("}\nMOTION", "MOTION", "line 15: unexpected 'MOTION'"),
        ("}\nMOTION", "}\n}\nMOTION", "line 16: } without {"),
        ("ROOT Hips\n{", "ROOT Hips\n", "expected {"),
        ("OFFSET 5 0 0", "JOINT Tip", "line 12: an End Site cannot have children"),
    ],
)
def test_a_damaged_file_is_refused_with_the_place(tmp_path, old, new, message):
    assert ARM.count(old) >= 1
    with pytest.raises(ValueError, match=message) as error:
        read_bvh(write(tmp_path, ARM.replace(old, new, 1)))
    assert "clip.bvh" in str(error.value)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_no_damage_escapes_as_anything_but_a_value_error(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("damage") / "clip.bvh"
    raw = bytearray(ARM.encode())
    for _ in range(data.draw(st.integers(1, 4))):
        kind, at = data.draw(st.sampled_from(["flip", "cut", "drop", "twice"])), data.draw(st.integers(0, len(raw) - 1))
        if kind == "flip":
            raw[at] = data.draw(st.integers(0, 255))
        elif kind == "cut" and at > 0:
            del raw[at:]
        elif kind == "drop" and len(raw) > 10:
            del raw[at : at + 9]
        else:
            raw[at:at] = raw[at : at + 20]
    path.write_bytes(bytes(raw))
    with contextlib.suppress(ValueError):  # most damage is refused, some makes another valid file
        assert np.isfinite(read_bvh(path).rotations).all()


def test_a_brace_behind_an_offset_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"line 12: \{ without a joint"):
        read_bvh(write(tmp_path, ARM.replace("OFFSET 5 0 0", "OFFSET 5 0 0 {")))


def test_random_bytes_are_refused(tmp_path):
    path = tmp_path / "clip.bvh"
    path.write_bytes(np.random.default_rng(0).bytes(5000))
    with pytest.raises(ValueError, match="not a BVH file"):
        read_bvh(path)
    path.write_bytes(b"")
    with pytest.raises(ValueError, match="the file ends where HIERARCHY"):
        read_bvh(path)


# --------------------------------------------------------------------------------------------------- writing


@pytest.mark.parametrize("order", ["ZXY", "XYZ", "yzx"])
def test_fingers_and_end_sites_survive_a_round_trip(tmp_path, order):
    motion = with_fingers()
    path = tmp_path / "hand.bvh"
    write_bvh(path, motion, rotation_order=order)
    back = read_bvh(path)
    assert back.skeleton.names == motion.skeleton.names
    assert back.skeleton.parents == motion.skeleton.parents
    assert back.rate_hz == motion.rate_hz
    np.testing.assert_allclose(back.skeleton.offsets, motion.skeleton.offsets, atol=1e-7)
    assert sorted(joint for joint, _ in back.skeleton.end_sites) == sorted(j for j, _ in motion.skeleton.end_sites)
    written = dict(motion.skeleton.end_sites)
    for joint, offset in back.skeleton.end_sites:
        assert offset == pytest.approx(written[joint], abs=1e-7)
    np.testing.assert_allclose(back.root_positions, motion.root_positions, atol=1e-7)
    assert largest_angle(back.rotations, motion.rotations) < 1e-6
    assert np.abs(np.sum(back.rotations * motion.rotations, axis=-1)).min() > 1 - 1e-6


@pytest.mark.parametrize("rate_hz", [20.0, 29.97, 30.0, 60.0, 119.88, 120.0])
def test_rates_survive_a_round_trip(tmp_path, rate_hz):
    motion = with_fingers(frames=3)
    write_bvh(tmp_path / "hand.bvh", Motion(motion.skeleton, rate_hz, motion.root_positions, motion.rotations))
    assert read_bvh(tmp_path / "hand.bvh").rate_hz == pytest.approx(rate_hz, rel=1e-6)


def test_joints_that_are_not_depth_first_come_back_in_the_files_order(tmp_path):
    """SMPL lists joints by depth: parents first, but branches interleaved."""
    skeleton = Skeleton(("Pelvis", "L_Hip", "R_Hip", "L_Knee", "R_Knee"), (-1, 0, 0, 1, 2), np.eye(5, 3))
    q = rotations.from_expmap(np.random.default_rng(0).normal(size=(4, 5, 3)))
    motion = Motion(skeleton, 30.0, np.zeros((4, 3)), q)
    write_bvh(tmp_path / "legs.bvh", motion)
    back = read_bvh(tmp_path / "legs.bvh")
    assert back.skeleton.names == ("Pelvis", "L_Hip", "L_Knee", "R_Hip", "R_Knee")
    order = [skeleton.index(name) for name in back.skeleton.names]
    np.testing.assert_allclose(back.global_positions(), motion.global_positions()[:, order], atol=1e-5)


def test_an_independent_reader_sees_the_same_motion(tmp_path):
    motion = with_fingers()
    path = tmp_path / "hand.bvh"
    write_bvh(path, motion, rotation_order="XYZ")
    assert_pymotion_agrees(path, motion)


def assert_pymotion_agrees(path, motion):
    oracle = BVH()
    oracle.load(str(path))
    q, positions, parents, offsets, ends, end_parents = oracle.get_data()
    assert list(parents[1:]) == list(motion.skeleton.parents[1:])
    np.testing.assert_allclose(offsets * 0.01, motion.skeleton.offsets, atol=1e-6)
    np.testing.assert_allclose(positions[:, 0] * 0.01, motion.root_positions, atol=1e-6)
    assert largest_angle(motion.rotations, q[..., [1, 2, 3, 0]]) < 1e-5  # pymotion: w first
    assert sorted(end_parents) == sorted(joint for joint, _ in motion.skeleton.end_sites)
    assert sorted(map(tuple, np.round(np.array(ends) * 0.01, 5))) == sorted(
        tuple(np.round(offset, 5)) for _, offset in motion.skeleton.end_sites
    )


def test_nothing_is_left_behind_when_the_disk_takes_no_more(tmp_path):
    resource = pytest.importorskip("resource", reason="limits on file sizes are a POSIX thing")
    path = tmp_path / "hand.bvh"
    write_bvh(path, with_fingers(seed=1))
    before = path.read_bytes()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) // 2, limits[1]))
    try:
        with pytest.raises(OSError, match="too large"):
            write_bvh(path, with_fingers(seed=2))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["hand.bvh"]


def test_a_rotation_order_names_each_axis_once(tmp_path):
    with pytest.raises(ValueError, match="'XYX'"):
        write_bvh(tmp_path / "a.bvh", with_fingers(), rotation_order="XYX")
    assert not list(tmp_path.iterdir())


# --------------------------------------------------------------------------------------------- real recordings


REAL = [
    "cmu_dance/05_05.bvh",
    "bvh_other/dab.bvh",
    "bvh_other/jesse_dance.bvh",
    "aistpp_bvh/gBR_sBM_cAll_d04_mBR1_ch02.bvh",
]


@pytest.mark.parametrize("name", REAL)
def test_real_files_agree_with_the_independent_reader(shared_data, name):
    assert_pymotion_agrees(shared_data / name, read_bvh(shared_data / name))


@pytest.mark.parametrize("name", REAL)
def test_real_files_survive_a_round_trip(shared_data, tmp_path, name):
    motion = read_bvh(shared_data / name)
    write_bvh(tmp_path / "copy.bvh", motion)
    back = read_bvh(tmp_path / "copy.bvh")
    assert back.skeleton.matches(motion.skeleton)
    assert len(back.skeleton.end_sites) == len(motion.skeleton.end_sites)
    np.testing.assert_allclose(back.global_positions(), motion.global_positions(), atol=2e-6)
    assert back.rate_hz == motion.rate_hz


def test_all_clips_of_aistpp_have_the_default_skeleton_and_never_jump(shared_data, some_of):
    paths = list((shared_data / "aistpp_bvh").glob("*.bvh"))
    assert len(paths) == 130
    skeleton = default_skeleton()
    for path in some_of(paths):
        motion = read_bvh(path)
        assert motion.skeleton.fingerprint == skeleton.fingerprint
        assert motion.rate_hz == 30.0
        assert np.sum(motion.rotations[1:] * motion.rotations[:-1], axis=-1).min() > 0.9
        np.testing.assert_allclose(np.linalg.norm(motion.rotations, axis=-1), 1, atol=1e-6)
