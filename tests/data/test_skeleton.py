import json

import numpy as np
import pytest

from data.motion import rotations
from data.motion.humanoid import default_skeleton
from data.motion.skeleton import Skeleton, mirrored_name


def test_forward_kinematics_of_a_bent_arm_can_be_checked_by_hand():
    arm = Skeleton(("Shoulder", "Elbow", "Wrist"), (-1, 0, 1), np.array([[0, 0, 0], [0.3, 0, 0], [0.25, 0, 0]]))
    quarter_up = rotations.about_axis(2, np.pi / 2)
    straight = np.array([0.0, 0, 0, 1])
    positions, turned = arm.forward_kinematics(np.array([1.0, 2, 3]), np.stack([straight, quarter_up, straight]))
    np.testing.assert_allclose(positions, [[1, 2, 3], [1.3, 2, 3], [1.3, 2.25, 3]], atol=1e-7)
    np.testing.assert_allclose(turned[2], quarter_up, atol=1e-12)


def test_forward_kinematics_takes_any_leading_axes_and_local_rotations_undo_it():
    skeleton = default_skeleton()
    q = np.random.default_rng(0).normal(size=(2, 5, skeleton.num_joints, 4))
    q /= np.linalg.norm(q, axis=-1, keepdims=True)
    roots = np.random.default_rng(1).normal(size=(2, 5, 3))
    positions, turned = skeleton.forward_kinematics(roots, q)
    assert positions.shape == (2, 5, 19, 3)
    assert turned.shape == (2, 5, 19, 4)
    np.testing.assert_allclose(skeleton.local_rotations(turned), q, atol=1e-12)
    bones = np.linalg.norm(positions[..., 1:, :] - positions[..., skeleton.parents[1:], :], axis=-1)
    expected = np.linalg.norm(skeleton.offsets[1:], axis=-1)
    np.testing.assert_allclose(bones, np.broadcast_to(expected, bones.shape), atol=1e-7)


def test_json_holds_a_skeleton_exactly():
    skeleton = default_skeleton()
    back = Skeleton.from_dict(json.loads(json.dumps(skeleton.to_dict())))
    assert back.names == skeleton.names
    assert back.parents == skeleton.parents
    assert back.end_sites == skeleton.end_sites
    np.testing.assert_array_equal(back.offsets, skeleton.offsets)
    assert back.fingerprint == skeleton.fingerprint


def test_fingerprint_changes_with_a_name_a_parent_or_a_millimetre():
    def arm(names=("A", "B", "C"), parents=(-1, 0, 1), x=0.25):
        return Skeleton(names, parents, np.array([[0, 0, 0], [0.3, 0, 0], [x, 0, 0]])).fingerprint

    assert len({arm(), arm(names=("A", "B", "D")), arm(parents=(-1, 0, 0)), arm(x=0.251)}) == 4
    assert arm() == arm(x=0.25 + 1e-9)


def test_skeletons_match_within_a_tenth_of_a_millimetre():
    skeleton = default_skeleton()
    entries = skeleton.to_dict()
    entries["offsets"][1][1] += 0.00005
    assert skeleton.matches(Skeleton.from_dict(entries))
    entries["offsets"][1][1] += 0.001
    assert not skeleton.matches(Skeleton.from_dict(entries))


@pytest.mark.parametrize(
    ("names", "parents", "offsets", "message"),
    [
        (("A", "A"), (-1, 0), np.zeros((2, 3)), "unique; repeated: A"),
        (("A", "B"), (-1, 1), np.zeros((2, 3)), "joint 1 \\(B\\) has parent 1"),
        (("A", "B"), (-1, -1), np.zeros((2, 3)), "only root"),
        (("A", "B"), (-1, 0), np.zeros((3, 3)), "do not match"),
        (("A", "B"), (-1, 0), np.full((2, 3), np.nan), "finite"),
        ((), (), np.zeros((0, 3)), "do not match"),
    ],
)
def test_what_is_no_tree_is_refused(names, parents, offsets, message):
    with pytest.raises(ValueError, match=message):
        Skeleton(names, parents, offsets)


def test_from_dict_says_what_is_missing():
    with pytest.raises(ValueError, match="offsets, parents"):
        Skeleton.from_dict({"names": ["A"]})


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("LeftHand", "RightHand"),
        ("mixamorig:RightUpLeg", "mixamorig:LeftUpLeg"),
        ("LHipJoint", "RHipJoint"),
        ("L_Hip", "R_Hip"),
        ("left_wrist", "right_wrist"),
        ("thigh_r", "thigh_l"),
        ("hand.L", "hand.R"),
        ("LowerBack", "LowerBack"),
        ("Hips", "Hips"),
        ("Root", "Root"),
    ],
)
def test_mirrored_names(name, other):
    assert mirrored_name(name) == other


def test_a_symmetric_skeleton_is_its_own_mirror_image_and_a_lopsided_one_is_not():
    skeleton = default_skeleton()
    assert skeleton.mirror() is skeleton
    entries = skeleton.to_dict()
    entries["offsets"][skeleton.index("LeftHand")][0] += 0.05
    lopsided = Skeleton.from_dict(entries)
    assert lopsided.mirror().offsets[skeleton.index("RightHand")][0] == pytest.approx(-0.27)
    np.testing.assert_array_equal(lopsided.mirror().mirror().offsets, lopsided.offsets)


def test_one_sided_names_cannot_be_mirrored():
    tail = Skeleton(("Hips", "LeftHorn"), (-1, 0), np.zeros((2, 3)))
    with pytest.raises(ValueError, match="'LeftHorn' has no counterpart 'RightHorn'"):
        tail.mirror()


def test_rest_height_is_measured_to_the_lowest_tip():
    assert default_skeleton().rest_height == pytest.approx(0.87)
