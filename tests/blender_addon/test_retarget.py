"""Retargeting, in numbers alone: rest poses, rolls, proportions, missing bones, rigs that face elsewhere."""

from dataclasses import replace

import numpy as np
import pytest

from blender_addon.core import rotations
from blender_addon.core.humanoid import PARENTS, SIDES, nearest_parent
from blender_addon.core.retarget import RestBone, Retarget
from blender_addon.core.rig_names import TABLES, best_mapping
from blender_addon.core.rotations import Floats
from blender_addon.core.skeleton import Skeleton, humanoid_skeleton
from data.motion.humanoid import default_skeleton
from data.rigs.rig_names import BONE_PARENTS
from tests.blender_addon.golden import random_rotations

TO_BLENDER = rotations.from_matrix(np.array([[1.0, 0, 0], [0, 0, -1], [0, 1, 0]]))
RNG = np.random.default_rng(3)


def dancer() -> Skeleton:
    ours = default_skeleton()
    return Skeleton(ours.names, ours.parents, ours.offsets.astype(np.float64))


def rig_of(
    skeleton: Skeleton, to_rig: Floats = TO_BLENDER, *, rolled: bool = True, scale: float = 1.0
) -> dict[str, RestBone]:
    """A rig of a figure's bones, in the figure's rest pose, with bones rolled at random."""
    rig = {}
    for bone, index in skeleton.index.items():
        ancestors, parent = [], skeleton.parents[index]
        while parent >= 0:
            ancestors.append(skeleton.names[parent])
            parent = skeleton.parents[parent]
        turned = random_rotations(RNG) if rolled else rotations.IDENTITY
        head = scale * rotations.rotate(to_rig, skeleton.rest_positions[index])
        rig[bone] = RestBone(bone, rotations.multiply(to_rig, turned), head, tuple(ancestors))
    return rig


def random_pose(skeleton: Skeleton, frames: int = 4) -> tuple[Floats, Floats]:
    return RNG.normal(size=(frames, 3)), random_rotations(RNG, frames, len(skeleton.names))


@pytest.mark.parametrize("yaw", [0.0, 0.5 * np.pi, np.pi])
@pytest.mark.parametrize("scale", [1.0, 100.0, 0.7])
def test_the_same_figure_with_rolled_bones_does_the_same(yaw: float, scale: float) -> None:
    skeleton = dancer()
    to_rig = rotations.multiply(rotations.about(np.array([0.0, 0, 1]), np.array(yaw)), TO_BLENDER)
    rig = rig_of(skeleton, to_rig, scale=scale)
    retarget = Retarget(skeleton, rig)
    assert retarget.scale == pytest.approx(scale)
    roots, turned = random_pose(skeleton)
    pose = retarget.pose(roots, turned)
    expected = skeleton.positions(roots, skeleton.global_rotations(turned))
    order = [skeleton.index[bone] for bone in retarget.bones]
    np.testing.assert_allclose(
        retarget.heads(pose), scale * rotations.rotate(to_rig, expected[:, order]), atol=1e-9 * scale
    )


def test_channels_lead_back_to_the_pose() -> None:
    """Blender's own rule, pose = parent's pose x rest relative to the parent x channels, applied by hand."""
    skeleton = dancer()
    rig = rig_of(skeleton)
    del rig["Chest"], rig["LeftShoulder"]
    retarget = Retarget(skeleton, rig)
    pose = retarget.pose(*random_pose(skeleton))
    local, location = retarget.channels(pose)
    full = rig_of(skeleton, rolled=False) | rig
    posed: dict[str, Floats] = {}
    for bone in PARENTS:
        if bone not in full:
            continue
        above = nearest_parent(bone, set(full))
        basis = local[:, retarget.index[bone]] if bone in retarget.index else rotations.IDENTITY
        rest = full[bone].rotation
        if above:
            relative = rotations.multiply(rotations.inverse(full[above].rotation), rest)
            posed[bone] = rotations.multiply(posed[above], rotations.multiply(relative, basis))
        else:
            posed[bone] = rotations.multiply(rest, basis)
    for bone, index in retarget.index.items():
        assert (
            rotations.angle(rotations.multiply(rotations.inverse(posed[bone]), pose.rotations[:, index])).max() < 1e-9
        )
    np.testing.assert_allclose(
        rig["Hips"].head + rotations.rotate(rig["Hips"].rotation, location), pose.hips, atol=1e-12
    )


def test_an_a_pose_rig_points_where_the_figure_points() -> None:
    skeleton = dancer()
    offsets = skeleton.offsets.copy()
    for side, sign in (("Left", 1.0), ("Right", -1.0)):
        lowered = rotations.about(np.array([0.0, 0, 1]), np.array(-sign * np.deg2rad(50)))
        spread = rotations.about(np.array([0.0, 0, 1]), np.array(sign * np.deg2rad(8)))
        for bones, turn, stretch in ((("LowerArm", "Hand"), lowered, 1.3), (("LowerLeg", "Foot"), spread, 0.8)):
            for bone in bones:
                offsets[skeleton.index[side + bone]] = stretch * rotations.rotate(
                    turn, offsets[skeleton.index[side + bone]]
                )
    stance = Skeleton(skeleton.names, skeleton.parents, offsets)
    retarget = Retarget(skeleton, rig_of(stance))
    assert retarget.scale == pytest.approx((0.04 + 0.8 * 0.77) / 0.81)
    roots, turned = random_pose(skeleton, 20)
    theirs = rotations.rotate(rotations.inverse(TO_BLENDER), retarget.heads(retarget.pose(roots, turned)))
    ours = skeleton.positions(roots, skeleton.global_rotations(turned))
    for side in SIDES:
        for bone, following in (
            ("UpperArm", "LowerArm"),
            ("LowerArm", "Hand"),
            ("UpperLeg", "LowerLeg"),
            ("LowerLeg", "Foot"),
        ):
            a = ours[:, skeleton.index[side + following]] - ours[:, skeleton.index[side + bone]]
            b = theirs[:, retarget.index[side + following]] - theirs[:, retarget.index[side + bone]]
            cosine = np.sum(a * b, axis=1) / np.linalg.norm(a, axis=1) / np.linalg.norm(b, axis=1)
            assert np.degrees(np.arccos(np.clip(cosine, -1, 1))).max() < 1e-3
    standing = retarget.heads(
        retarget.pose(np.array([[0, skeleton.hips_height_m, 0]]), turned[:1] * 0 + rotations.IDENTITY)
    )
    soles = standing[0, retarget.index["LeftFoot"], 2]
    assert soles == pytest.approx(stance.rest_positions[stance.index["LeftFoot"], 1]), "feet stand as they do at rest"


def test_a_back_of_fewer_bones_takes_the_whole_turn() -> None:
    skeleton = humanoid_skeleton(
        ["Hips", "Spine", "Chest", "UpperChest", "Neck", "Head", "LeftUpperLeg", "RightUpperLeg"]
    )
    rig = rig_of(skeleton)
    del rig["Chest"], rig["UpperChest"]
    retarget = Retarget(skeleton, rig)
    roots, turned = random_pose(skeleton)
    world = skeleton.global_rotations(turned)
    pose = retarget.pose(roots, turned)
    spine = rotations.multiply(
        rotations.multiply(TO_BLENDER, world[:, skeleton.index["UpperChest"]]), rotations.inverse(TO_BLENDER)
    )
    expected = rotations.multiply(spine, rig["Spine"].rotation)
    assert (
        rotations.angle(
            rotations.multiply(rotations.inverse(expected), pose.rotations[:, retarget.index["Spine"]])
        ).max()
        < 1e-9
    )


def test_a_rig_without_legs_is_refused_by_name() -> None:
    rig = rig_of(dancer())
    del rig["LeftUpperLeg"]
    with pytest.raises(ValueError, match="needs bones for LeftUpperLeg"):
        Retarget(dancer(), rig)
    piled = {bone: replace(rest, head=np.zeros(3)) for bone, rest in rig_of(dancer()).items()}
    with pytest.raises(ValueError, match="in one place"):
        Retarget(dancer(), piled)


@pytest.mark.parametrize("rig", list(TABLES))
def test_rigs_are_known_by_their_names(rig: str) -> None:
    wanted = {bone: name for name, bone in TABLES[rig].items()}
    found = best_mapping(["root", *(f"mixamorig:{name}" if rig == "Mixamo" else name for name in TABLES[rig])])
    assert found[0] == rig
    plain = {bone: name.removeprefix("mixamorig:") for bone, name in found[1].items()}
    assert plain.keys() == wanted.keys()
    assert all(TABLES[rig][name] == bone for bone, name in plain.items())


def test_the_bones_are_those_of_the_bridge() -> None:
    assert PARENTS == BONE_PARENTS
