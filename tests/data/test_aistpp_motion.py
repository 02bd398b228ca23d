"""SMPL poses become a human who stands on the floor, faces us, and does with the left what the left did."""

from pathlib import Path

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from data.dataset.aistpp import read_motion
from data.formats import smpl
from data.formats.smpl import ANKLE_HEIGHT_M, read_smpl, to_motion
from data.formats.smpl_pickle import read_number_arrays
from data.motion.humanoid import default_skeleton
from data.motion.idle import IdleMotion
from data.motion.motion import mirror, resample
from data.rigs.rig_names import NAMES
from tests.smpl_maker import SCALING, smpl_arrays, write_pickle, write_smpl

REAL = ("gBR_sBM_cAll_d06_mBR2_ch06", "gJS_sBM_cAll_d03_mJS2_ch07")
SIDES = ("Left", "Right")
LIMBS = tuple(
    side + bone for bone in ("UpperArm", "LowerArm", "Hand", "UpperLeg", "LowerLeg", "Foot") for side in SIDES
)
COCO_LIMBS = slice(5, 17)
"""The points of COCO from shoulders to ankles, left before right, in the order of `LIMBS`."""


def joints(motion, names) -> np.ndarray:
    return motion.global_positions()[:, [motion.skeleton.index(name) for name in names]].astype(np.float64)


@pytest.fixture(params=REAL)
def real(request, shared_data) -> tuple[Path, np.ndarray]:
    """A motion file of AIST++ and the same clip's limbs by cameras, (frames, 12, 3) in metres of the model."""
    annotation = shared_data / "aistpp_original" / "annotation"
    path = annotation / "motions" / f"{request.param}.pkl"
    if not path.is_file():
        pytest.skip(f"{path.name} is not among the real recordings")
    points = read_number_arrays(annotation / "keypoints3d" / path.name)["keypoints3d_optim"]
    return path, points[:, COCO_LIMBS] / read_smpl(path).scaling


def test_limbs_are_where_the_cameras_saw_them(real) -> None:
    path, seen = real
    danced = joints(read_motion(path), LIMBS)
    # The recording's floor lies 0.7 m under its origin, ours at 0.
    seen[..., 1] += np.median(danced[..., 1] - seen[..., 1])
    error_m = np.linalg.norm(danced - seen, axis=-1)
    hips = np.isin(LIMBS, ["LeftUpperLeg", "RightUpperLeg"])
    assert error_m[:, ~hips].mean() < 0.012
    assert error_m[:, ~hips].mean(axis=0).max() < 0.02
    assert error_m[:, ~hips].max() < 0.035
    # COCO's hips are points on the figure's outline, a hand wider than the joints, so their middle is compared too.
    assert error_m[:, hips].max() < 0.08
    assert np.linalg.norm((danced - seen)[:, hips].mean(axis=1), axis=-1).max() < 0.025
    other_side = seen.reshape(len(seen), 6, 2, 3)[:, :, ::-1].reshape(seen.shape)
    assert np.linalg.norm(danced - other_side, axis=-1).mean() > 0.3, "left and right are told apart"


def test_a_real_dancer_stands_upright_on_the_floor_and_looks_ahead(real) -> None:
    motion = read_motion(real[0])
    assert motion.rate_hz == 60
    assert len(motion) == 576  # 16 beats at 100 BPM
    head, hips, *feet = np.moveaxis(joints(motion, ("Head", "Hips", "LeftFoot", "RightFoot")), 1, 0)
    lower = np.minimum(feet[0][:, 1], feet[1][:, 1])
    assert np.quantile(lower, 0.05) == pytest.approx(ANKLE_HEIGHT_M, abs=1e-3)
    assert lower.min() > ANKLE_HEIGHT_M - 0.02
    assert (head[:, 1] - hips[:, 1]).min() > 0.35
    facing = Rotation.from_quat(motion.rotations[:, 0]).apply([0, 0, 1])
    assert facing[:, 2].mean() > 0.4, "towards the first camera, which is +Z"


def test_the_rest_pose_is_a_symmetric_t_of_a_persons_size() -> None:
    skeleton = to_motion(_still(), 60).skeleton
    rest = dict(zip(skeleton.names, skeleton.rest_positions, strict=True))
    assert skeleton.mirror() is skeleton
    for side, x in zip(SIDES, (1, -1), strict=True):
        hand, shoulder = rest[f"{side}Hand"], rest[f"{side}UpperArm"]
        np.testing.assert_allclose(hand[1:], shoulder[1:], atol=1e-6)
        assert x * hand[0] == pytest.approx(0.722, abs=1e-3)
        hip, ankle = rest[f"{side}UpperLeg"], rest[f"{side}Foot"]
        np.testing.assert_allclose(hip[[0, 2]], ankle[[0, 2]], atol=1e-6)
        tip = next(offset for joint, offset in skeleton.end_sites if skeleton.names[joint] == f"{side}Foot")
        assert tip[2] > 0.1, "toes point ahead"
    top = rest["Head"][1] + 0.19
    assert top + skeleton.rest_height == pytest.approx(1.78, abs=0.03)
    assert IdleMotion(skeleton, 30).motion(3) is not None
    assert set(default_skeleton().names) <= set(skeleton.names)


def _still(num_frames: int = 3) -> smpl.SmplMotion:
    return smpl.SmplMotion(np.zeros((num_frames, 24, 3)), np.zeros((num_frames, 3)), 1.0)


def test_joints_move_as_in_the_model() -> None:
    rng = np.random.default_rng(0)
    recorded = smpl.SmplMotion(rng.normal(0, 0.5, (4, 24, 3)), rng.normal(0, 50, (4, 3)), SCALING)
    motion = to_motion(recorded, 60)
    turned = Rotation.from_rotvec(recorded.poses_rad.reshape(-1, 3)).as_matrix().reshape(4, 24, 3, 3)
    rows = smpl._joints()
    where, frames = {}, {}
    for number, name, parent, offset in rows:  # the model's own forward kinematics, by matrices
        where[name] = where[parent] + frames[parent] @ np.array(offset) if parent else recorded.pelvis_m
        frames[name] = frames[parent] @ turned[:, number] if parent else turned[:, number]
    bones = [NAMES["smpl"][name] for _, name, _, _ in rows]
    expected = np.stack([where[name] for _, name, _, _ in rows], axis=1)
    got = joints(motion, bones)
    expected[..., 1] += got[0, 0, 1] - expected[0, 0, 1]  # the floor
    np.testing.assert_allclose(got, expected, atol=2e-6)


@pytest.mark.parametrize("floor_cm", [-60.0, 0.0, 35.0])
def test_the_floor_is_found_wherever_it_was(tmp_path: Path, floor_cm: float) -> None:
    arrays = smpl_arrays(floor_cm=floor_cm)
    arrays["smpl_trans"][60:90, 1] += 40  # a jump
    arrays["smpl_trans"][200:203, 1] -= 50  # a mistake of the cameras
    motion = read_motion(write_pickle(tmp_path / "a.pkl", arrays))
    ankles = joints(motion, ("LeftFoot", "RightFoot"))[..., 1]
    np.testing.assert_allclose(ankles[:60], ANKLE_HEIGHT_M, atol=2e-3)
    np.testing.assert_allclose(ankles[70:80], ANKLE_HEIGHT_M + 40 / SCALING, atol=2e-3)


def test_tall_and_short_dancers_become_one_body(tmp_path: Path) -> None:
    arrays = smpl_arrays()
    tall = read_motion(write_pickle(tmp_path / "tall.pkl", arrays))
    for name in ("smpl_trans", "smpl_scaling"):
        arrays[name] = arrays[name] * 0.8
    short = read_motion(write_pickle(tmp_path / "short.pkl", arrays))
    assert short.skeleton.fingerprint == tall.skeleton.fingerprint
    np.testing.assert_allclose(short.global_positions(), tall.global_positions(), atol=1e-5)


def test_sixty_frames_a_second_become_thirty_by_resampling(tmp_path: Path) -> None:
    motion = read_motion(write_smpl(tmp_path / "a.pkl"))
    half = resample(motion, 30)
    assert (len(motion), len(half)) == (240, 120)
    assert half.duration_s == motion.duration_s == 4
    np.testing.assert_allclose(half.global_positions(), motion.global_positions()[::2], atol=1e-6)


def test_the_mirror_image_is_danced_by_the_same_body(tmp_path: Path) -> None:
    motion = read_motion(write_smpl(tmp_path / "a.pkl"))
    image = mirror(motion)
    assert image.skeleton is motion.skeleton
    left, right = (joints(which, (bone,)) for which, bone in ((motion, "LeftHand"), (image, "RightHand")))
    np.testing.assert_allclose(right, left * [-1, 1, 1], atol=1e-5)


def test_poses_may_come_a_joint_a_row(tmp_path: Path) -> None:
    flat = smpl_arrays()["smpl_poses"]
    a, b = (read_smpl(write_smpl(tmp_path / "a.pkl", smpl_poses=poses)) for poses in (flat, flat.reshape(-1, 24, 3)))
    np.testing.assert_array_equal(a.poses_rad, b.poses_rad)


def _with(name: str, index: object, value: float) -> dict[str, np.ndarray]:
    array = smpl_arrays()[name]
    array[index] = value
    return {name: array}


BAD = {
    "NaN in a pose": (_with("smpl_poses", (7, 3), np.nan), "smpl_poses is nan rad in frame 7"),
    "an infinite pose": (_with("smpl_poses", (0, 0), np.inf), "smpl_poses is inf rad in frame 0"),
    "a pose no joint has": (_with("smpl_poses", (9, 1), 1e30), r"smpl_poses is 1e\+30 rad in frame 9"),
    "NaN in the path": (_with("smpl_trans", (5, 1), np.nan), "smpl_trans is nan units in frame 5"),
    "a path to nowhere": (_with("smpl_trans", (5, 1), -1e6), r"smpl_trans is -1e\+06 units in frame 5"),
    "no size": (_with("smpl_scaling", 0, 0), r"smpl_scaling is 0\.0"),
    "a negative size": (_with("smpl_scaling", 0, -90), r"smpl_scaling is -90\.0"),
    "a size of NaN": (_with("smpl_scaling", 0, np.nan), "smpl_scaling is nan"),
    "a size of nothing": (_with("smpl_scaling", 0, 1e-40), "smpl_scaling is 1e-40|9.99"),
    "too few joints": ({"smpl_poses": np.zeros((240, 66))}, r"smpl_poses \(240, 66\)"),
    "another number of frames": ({"smpl_poses": np.zeros((239, 72))}, r"smpl_poses \(239, 72\).*\(240, 3\)"),
    "a path in the plane": ({"smpl_trans": np.zeros((240, 2))}, r"smpl_trans \(240, 2\)"),
    "two sizes": ({"smpl_scaling": np.ones(2)}, r"smpl_scaling \(2,\)"),
    "no frame": ({"smpl_poses": np.zeros((0, 72)), "smpl_trans": np.zeros((0, 3))}, r"smpl_poses \(0, 72\)"),
    "a number for a path": ({"smpl_trans": np.float32(1)}, r"smpl_trans \(\)"),
    "no array": ({"smpl_poses": "text"}, "has no array smpl_poses; it has smpl_loss, smpl_scaling, smpl_trans"),
}


@pytest.mark.parametrize("bad", BAD)
def test_numbers_that_no_dance_has_are_refused_by_name(tmp_path: Path, bad: str) -> None:
    arrays, said = BAD[bad]
    with pytest.raises(ValueError, match=rf"bad\.pkl.*({said})"):
        read_motion(write_smpl(tmp_path / "bad.pkl", **arrays))


def test_keypoints_are_no_motion_and_say_what_they_are(tmp_path: Path) -> None:
    path = write_pickle(tmp_path / "points.pkl", {"keypoints3d": np.zeros((5, 17, 3))})
    with pytest.raises(ValueError, match="has no array smpl_poses, smpl_trans, smpl_scaling; it has keypoints3d"):
        read_motion(path)
