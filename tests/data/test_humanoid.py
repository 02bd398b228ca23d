import numpy as np
import pytest

from data.formats.bvh import read_bvh
from data.motion import rotations
from data.motion.humanoid import BONE_PARENTS, HUMANOID, default_skeleton, humanoid_name, to_humanoid
from data.motion.motion import Motion
from data.motion.skeleton import Skeleton
from data.rigs.rig_names import NAMES, best_mapping

LIMBS = [
    (side + bone, side + child)
    for side in ("Left", "Right")
    for bone, child in (("UpperArm", "LowerArm"), ("LowerArm", "Hand"), ("UpperLeg", "LowerLeg"), ("LowerLeg", "Foot"))
]
REAL = {
    "cmu_dance/05_01.bvh": 0.056444,
    "cmu_dance/05_05.bvh": 0.056444,
    "bvh_other/dab.bvh": 0.0423,  # z is up
    "bvh_other/jesse_dance.bvh": 0.01,  # every joint's x axis lies along its bone
}


def directions(motion, mapping, pairs):
    """Unit vectors (frames, pairs, 3) from bone to bone; `mapping` is the bones' names in the motion."""
    positions = motion.global_positions().astype(np.float64)
    at = {bone: positions[:, motion.skeleton.index(joint)] for bone, joint in mapping.items()}
    vectors = np.stack([at[end] - at[start] for start, end in pairs], axis=1)
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)


def smpl(frames=20, seed=0):
    """A motion of SMPL's 24 joints, in SMPL's order, with a rest pose like SMPL's."""
    names = [
        *("Pelvis", "L_Hip", "R_Hip", "Spine1", "L_Knee", "R_Knee", "Spine2", "L_Ankle", "R_Ankle", "Spine3"),
        *("L_Foot", "R_Foot", "Neck", "L_Collar", "R_Collar", "Head", "L_Shoulder", "R_Shoulder"),
        *("L_Elbow", "R_Elbow", "L_Wrist", "R_Wrist", "L_Hand", "R_Hand"),
    ]
    parents = (-1, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9, 12, 13, 14, 16, 17, 18, 19, 20, 21)
    half = {
        **{"Pelvis": (0, 0, 0), "Spine1": (0, 0.12, -0.03), "Spine2": (0, 0.14, 0.02), "Spine3": (0, 0.05, 0)},
        **{"Neck": (0, 0.21, -0.04), "Head": (0, 0.09, 0.05), "Hip": (0.07, -0.09, 0), "Knee": (0.03, -0.38, 0)},
        **{"Ankle": (-0.01, -0.42, -0.04), "Foot": (0.04, -0.06, 0.12), "Collar": (0.08, 0.12, -0.02)},
        **{"Shoulder": (0.1, 0.04, 0), "Elbow": (0.26, -0.01, -0.02), "Wrist": (0.25, 0.01, 0), "Hand": (0.08, 0, 0)},
    }
    offsets = [np.array(half[n.split("_")[-1]]) * ([-1, 1, 1] if n.startswith("R_") else [1, 1, 1]) for n in names]
    vectors = np.cumsum(np.random.default_rng(seed).normal(0, 0.05, (frames, 24, 3)), axis=0)
    return Motion(
        Skeleton(tuple(names), parents, np.array(offsets)), 30.0, np.zeros((frames, 3)), rotations.from_expmap(vectors)
    )


def test_bones_are_unitys():
    assert len(HUMANOID) == 55
    assert HUMANOID[0] == "Hips"
    assert HUMANOID[8] == "Chest"
    assert HUMANOID[24] == "LeftThumbProximal"
    assert HUMANOID[-1] == "UpperChest"
    assert set(BONE_PARENTS) == set(HUMANOID)
    seen = {""}
    for bone, parent in BONE_PARENTS.items():
        assert parent in seen
        seen.add(bone)


def test_every_table_leads_to_bones_and_has_the_limbs():
    for rig, table in NAMES.items():
        assert set(table.values()) <= set(HUMANOID), rig
        assert {"Hips", "Spine", "Neck", "Head", *(bone for pair in LIMBS for bone in pair)} <= set(table.values()), rig


@pytest.mark.parametrize(
    ("joint", "rig", "bone"),
    [
        ("mixamorig:LeftUpLeg", None, "LeftUpperLeg"),
        ("LeftUpLeg", None, "LeftUpperLeg"),
        ("mixamorig:Spine1", "mixamo", "Chest"),
        ("Spine1", "cmu", "UpperChest"),
        ("Spine1", "smpl", "Spine"),
        ("LowerBack", None, "Spine"),
        ("L_Hip", None, "LeftUpperLeg"),
        ("right_elbow", None, "RightLowerArm"),
        ("leftUpperArm", None, "LeftUpperArm"),  # VRM
        ("LeftHandPinky3", None, "LeftLittleDistal"),
        ("right_index1", None, "RightIndexProximal"),
        ("RightKnee", None, "RightLowerLeg"),
        ("thigh_l", None, "LeftUpperLeg"),
        ("Tail", None, None),
    ],
)
def test_names_of_common_rigs(joint, rig, bone):
    assert humanoid_name(joint, rig) == bone


def test_a_whole_rig_decides_what_its_ambiguous_names_mean(shared_data):
    cmu = best_mapping(read_bvh(shared_data / "cmu_dance/05_01.bvh").skeleton.names)
    assert (cmu["LowerBack"], cmu["Spine"], cmu["Spine1"]) == ("Spine", "Chest", "UpperChest")
    jesse = best_mapping(read_bvh(shared_data / "bvh_other/jesse_dance.bvh").skeleton.names)
    assert (jesse["Spine"], jesse["Spine1"], jesse["Spine2"]) == ("Spine", "Chest", "UpperChest")


def test_the_default_figure_maps_to_itself_in_every_clip(shared_data, some_of):
    """A rig whose frames lie as the world's is trusted, however oddly its elbows may bend."""
    for path in some_of((shared_data / "aistpp_bvh").glob("*.bvh")):
        motion = read_bvh(path)
        mapped = to_humanoid(motion, skeleton=default_skeleton())
        np.testing.assert_allclose(mapped.rotations, motion.rotations, atol=2e-6)
        np.testing.assert_allclose(mapped.root_positions, motion.root_positions, atol=1e-6)


def test_smpl_keeps_its_rotations_where_bones_already_lie_along_the_t_pose():
    """SMPL's rest pose is nearly a T: pelvis, back and head keep their rotations, limbs follow to the degree."""
    motion = smpl()
    mapped = to_humanoid(motion)
    for joint, bone in (("Pelvis", "Hips"), ("Spine1", "Spine"), ("Spine3", "UpperChest"), ("Head", "Head")):
        a = motion.rotations[:, motion.skeleton.index(joint)].astype(float)
        b = mapped.rotations[:, mapped.skeleton.index(bone)].astype(float)
        assert rotations.angle_between(a, b).max() < 1e-5
    mapping = {bone: joint for joint, bone in best_mapping(motion.skeleton.names).items()}
    kept = np.sum(
        directions(motion, mapping, LIMBS) * directions(mapped, {b: b for b in mapped.skeleton.names}, LIMBS), -1
    )
    assert np.rad2deg(np.arccos(np.clip(kept, -1, 1))).max() < 0.1


@pytest.mark.parametrize("name", REAL)
@pytest.mark.parametrize("figure", [None, default_skeleton()], ids=["own bones", "default figure"])
def test_limbs_point_where_the_recording_points(shared_data, name, figure):
    motion = read_bvh(shared_data / name, REAL[name])
    mapped = to_humanoid(motion, skeleton=figure)
    mapping = {bone: joint for joint, bone in best_mapping(motion.skeleton.names).items()}
    source = directions(motion, mapping, LIMBS)
    if "dab" in name:
        source = source[..., [0, 2, 1]] * [1, 1, -1]  # its z is our y
    result = directions(mapped, {bone: bone for bone in mapped.skeleton.names}, LIMBS)
    angle_deg = np.rad2deg(np.arccos(np.clip(np.sum(source * result, axis=-1), -1, 1)))
    assert angle_deg.max() < 0.1


@pytest.mark.parametrize("name", REAL)
def test_the_rest_pose_is_a_t(shared_data, name):
    skeleton = to_humanoid(read_bvh(shared_data / name, REAL[name])).skeleton
    rest = {bone: skeleton.rest_positions[skeleton.index(bone)] for bone in skeleton.names}
    for start, end in LIMBS:
        along = (rest[end] - rest[start]) / np.linalg.norm(rest[end] - rest[start])
        expected = [0, -1, 0] if "Leg" in start else [1 if start.startswith("Left") else -1, 0, 0]
        np.testing.assert_allclose(along, expected, atol=1e-5)
    assert rest["Head"][1] > rest["Neck"][1] > rest["Chest"][1] > 0
    for side, sign in (("Left", 1), ("Right", -1)):
        assert sign * rest[f"{side}UpperLeg"][0] > 0.03
        assert sign * rest[f"{side}UpperArm"][0] > 0.05
        assert rest[f"{side}Toes"][2] > rest[f"{side}Foot"][2]  # feet point forwards
        assert rest[f"{side}Toes"][1] < rest[f"{side}Foot"][1]


@pytest.mark.parametrize("name", REAL)
def test_elbows_and_knees_bend_as_a_persons_do(shared_data, name):
    """Elbows about the vertical of the T-pose, hands coming forwards; knees about +X, feet going back."""
    mapped = to_humanoid(read_bvh(shared_data / name, REAL[name]), skeleton=default_skeleton())
    for bone, hinge in {
        **{"LeftLowerArm": (0, -1, 0), "RightLowerArm": (0, 1, 0)},
        **{"LeftLowerLeg": (1, 0, 0), "RightLowerLeg": (1, 0, 0)},
    }.items():
        bend = rotations.to_expmap(mapped.rotations[:, mapped.skeleton.index(bone)].astype(float)).mean(axis=0)
        assert bend @ np.array(hinge) > 0.8 * np.linalg.norm(bend)


@pytest.mark.parametrize("name", REAL)
def test_shoulders_and_head_are_not_twisted(shared_data, name):
    mapped = to_humanoid(read_bvh(shared_data / name, REAL[name]), skeleton=default_skeleton())
    straight = np.array([0.0, 0, 0, 1])
    for bone in ("Spine", "Chest", "LeftShoulder", "RightShoulder", "Head"):
        turned = mapped.rotations[:, mapped.skeleton.index(bone)].astype(float)
        assert rotations.angle_between(turned, straight).mean() < np.deg2rad(60), bone


@pytest.mark.parametrize("name", REAL)
def test_feet_meet_the_floor_on_another_figure(shared_data, name):
    mapped = to_humanoid(read_bvh(shared_data / name, REAL[name]), skeleton=default_skeleton())
    ankles = mapped.global_positions()[:, [mapped.skeleton.index(f"{side}Foot") for side in ("Left", "Right")], 1]
    assert 0.0 < np.percentile(ankles, 2) < 0.13  # the default figure's ankles are 6 cm above its soles
    assert 0.6 < np.median(mapped.root_positions[:, 1]) < 1.1


def test_root_travel_scales_with_the_hips_height_or_not(shared_data):
    motion = read_bvh(shared_data / "bvh_other/jesse_dance.bvh")
    own = to_humanoid(motion)
    scaled = to_humanoid(motion, skeleton=default_skeleton())
    kept = to_humanoid(motion, skeleton=default_skeleton(), scale_root=False)
    np.testing.assert_allclose(kept.root_positions, own.root_positions, atol=1e-6)
    ratio = default_skeleton().rest_height / own.skeleton.rest_height
    np.testing.assert_allclose(scaled.root_positions, own.root_positions * ratio, atol=1e-5)


def dancing_with_x_along_its_bones(seed):
    """A motion of the default figure, and the same on a rig whose joint frames all have their x axis along the bone.

    Such a rig's rest pose is a heap of bones that all point the same way. Its right side is rolled half a turn besides.
    """
    skeleton = default_skeleton()
    rng = np.random.default_rng(seed)
    vectors = 0.15 * np.sin(np.linspace(0, 9, 60)[:, None, None] + rng.uniform(0, 6, (1, skeleton.num_joints, 3)))
    bend = 0.8 + 0.5 * np.sin(np.linspace(0, 12, 60))
    for side, sign in (("Left", 1), ("Right", -1)):
        vectors[:, skeleton.index(f"{side}LowerArm"), 1] = -sign * bend
        vectors[:, skeleton.index(f"{side}LowerLeg"), 0] = bend
        vectors[:, skeleton.index(f"{side}UpperArm"), 2] = -sign * bend
    vectors[:, 0, 1] += np.linspace(0, 4, 60)
    motion = Motion(skeleton, 30.0, np.tile([0, 0.87, 0], (60, 1)), rotations.from_expmap(vectors))

    x = np.array([1.0, 0, 0])
    frames = np.tile(np.array([0.0, 0, 0, 1]), (skeleton.num_joints, 1))
    for joint, name in enumerate(skeleton.names):
        plain = name.removeprefix("Left").removeprefix("Right")
        if plain in ("Spine", "Chest", "Neck", "Head"):
            frames[joint] = rotations.between(x, np.array([0.0, 1, 0]))
        elif plain in ("UpperLeg", "LowerLeg"):
            frames[joint] = rotations.between(x, np.array([0.0, -1, 0]))
        elif name.startswith("Right") and plain != "Foot":
            frames[joint] = rotations.about_axis(1, np.pi)
        if name.startswith("Right") and plain != "Foot":
            frames[joint] = rotations.multiply(frames[joint], rotations.about_axis(0, np.pi))
    parents = [max(parent, 0) for parent in skeleton.parents]
    to_parent = rotations.inverse(frames[parents])
    local = rotations.multiply(rotations.multiply(to_parent, motion.rotations.astype(np.float64)), frames)
    local[:, 0] = motion.rotations[:, 0]
    rig = Skeleton(skeleton.names, skeleton.parents, rotations.rotate(to_parent, skeleton.offsets.astype(np.float64)))
    return motion, Motion(rig, 30.0, motion.root_positions, local)


@pytest.mark.parametrize("seed", range(5))
def test_a_rig_without_any_rest_pose_is_understood_from_its_movement(seed):
    motion, rig = dancing_with_x_along_its_bones(seed)
    np.testing.assert_allclose(rig.global_positions(), motion.global_positions(), atol=1e-5)
    mapped = to_humanoid(rig, skeleton=default_skeleton(), scale_root=False)
    np.testing.assert_allclose(mapped.global_positions(), motion.global_positions(), atol=1e-4)
    assert rotations.angle_between(mapped.rotations.astype(float), motion.rotations.astype(float)).max() < 1e-3


def test_parts_that_the_figure_lacks_fold_into_their_parents():
    """The default figure has no upper chest: its chest must turn as the source's upper chest, so the arms sit right."""
    motion = smpl()
    mapped = to_humanoid(motion, skeleton=default_skeleton())
    _, source = motion.skeleton.forward_kinematics(motion.root_positions, motion.rotations)
    _, result = mapped.skeleton.forward_kinematics(mapped.root_positions, mapped.rotations)
    chest = result[:, mapped.skeleton.index("Chest")].astype(float)
    assert rotations.angle_between(chest, source[:, motion.skeleton.index("Spine3")].astype(float)).max() < 1e-5


def test_a_root_above_the_hips_is_taken_along():
    """Game rigs have a root on the floor that carries the figure about; the hips hang on it."""
    inner = smpl()
    skeleton = inner.skeleton
    with_root = Skeleton(
        ("root", *skeleton.names),
        (-1, *(parent + 1 for parent in skeleton.parents)),
        np.concatenate([[[0, 0, 0], [0, 0.95, 0]], skeleton.offsets[1:]]),
    )
    turn = np.tile(rotations.about_axis(1, 0.7), (len(inner), 1, 1))
    motion = Motion(
        with_root, 30.0, np.tile([2.0, 0, 1.0], (len(inner), 1)), np.concatenate([turn, inner.rotations], axis=1)
    )
    mapped = to_humanoid(motion)
    assert mapped.skeleton.names[0] == "Hips"
    np.testing.assert_allclose(mapped.root_positions, np.tile([2.0, 0.95, 1.0], (len(inner), 1)), atol=1e-6)
    expected = rotations.multiply(turn[:, 0], inner.rotations[:, 0].astype(float))
    assert rotations.angle_between(mapped.rotations[:, 0].astype(float), expected).max() < 1e-5


def test_a_small_table_is_enough_for_an_unknown_rig():
    motion = smpl()
    foreign = Skeleton(tuple(f"bone{index}" for index in range(24)), motion.skeleton.parents, motion.skeleton.offsets)
    unknown = Motion(foreign, 30.0, motion.root_positions, motion.rotations)
    with pytest.raises(ValueError, match="cannot tell which joints are Hips, LeftUpperLeg, RightUpperLeg, Spine"):
        to_humanoid(unknown)
    table = {f"bone{motion.skeleton.index(joint)}": bone for joint, bone in best_mapping(motion.skeleton.names).items()}
    np.testing.assert_array_equal(to_humanoid(unknown, table).rotations, to_humanoid(motion).rotations)


def test_a_wrong_table_is_refused():
    with pytest.raises(ValueError, match="not humanoid bones: Wing"):
        to_humanoid(smpl(), {"Pelvis": "Hips", "L_Hip": "Wing"})
    with pytest.raises(ValueError, match="no joint 'Hip'"):
        to_humanoid(smpl(), {"Hip": "Hips"})
