"""What is baked is what was danced: in time, in every rotation mode, in files, and fast."""

import os
import sys
import time
from pathlib import Path

import bpy
import numpy as np
import pytest
from conftest import smooth_take, turn_between, world_of


@pytest.fixture
def dancer(addon, skeleton):
    armature = addon("scene.figure").create_dancer(bpy.context, skeleton)
    armature.transflower.set_mapping("Dancer", {name: name for name in skeleton.names})
    return armature


def bake(addon, armature, take, **options):
    module = addon("scene.bake")
    return module.bake(bpy.context.scene, armature, armature.transflower.mapping(), take, module.BakeOptions(**options))


def assert_shows(addon, armature, skeleton, roots, local, tolerance: float = 1e-6) -> None:
    bpy.context.view_layer.update()
    turned, placed = world_of(addon, armature, skeleton)
    world = skeleton.global_rotations(local)
    assert turn_between(addon, turned, world) < tolerance
    np.testing.assert_allclose(placed[0], roots, atol=tolerance)


@pytest.mark.parametrize("into", ["NLA", "ACTION"])
def test_after_saving_and_opening_the_action_equals_the_take(
    addon, skeleton, dancer, rng, tmp_path: Path, into
) -> None:
    take = smooth_take(addon, skeleton, rng, 120)
    name = dancer.name
    baked = bake(addon, dancer, take, timing="TAKE", start_frame=5, into=into)
    assert (baked.first_frame, baked.last_frame) == (5, 124)
    assert baked.num_keys == 120 * (4 * 22 + 3)
    scene = bpy.context.scene
    assert scene.render.fps / scene.render.fps_base == 30.0
    assert not addon("scene.actions").HAS_SLOTS or len(baked.action.slots) == 1
    path = str(tmp_path / "dance.blend")
    bpy.ops.wm.save_as_mainfile(filepath=path)
    bpy.ops.wm.open_mainfile(filepath=path)
    armature = bpy.data.objects[name]
    for k in (0, 1, 60, 119):
        bpy.context.scene.frame_set(5 + k)
        assert_shows(addon, armature, skeleton, take.roots[k], take.rotations[k])
    curves = addon("scene.actions").curves_of(bpy.data.actions["Test"])
    assert {curve.group.name for curve in curves} == set(skeleton.names)
    order = {"rotation_quaternion": 4, "location": 3}
    keys = {}
    for curve in curves:
        values = np.empty(2 * len(curve.keyframe_points))
        curve.keyframe_points.foreach_get("co", values)
        keys[curve.data_path, curve.array_index] = values[1::2]
    for path_, count in order.items():
        assert sum(path.endswith(path_) for path, _ in keys) == count * (22 if count == 4 else 1)
    for path_ in {path for path, _ in keys if path.endswith("rotation_quaternion")}:
        q = np.array([keys[path_, k] for k in range(4)]).T
        np.testing.assert_allclose(np.linalg.norm(q, axis=1), 1.0, atol=1e-6)
        assert (np.sum(q[1:] * q[:-1], axis=1) > 0.9).all(), "signs never jump"


def test_at_the_scenes_rate_poses_are_slerped(addon, skeleton, dancer, rng) -> None:
    take = smooth_take(addon, skeleton, rng, 61)
    scene = bpy.context.scene
    scene.render.fps, scene.render.fps_base = 24, 1.001
    baked = bake(addon, dancer, take, start_frame=10.4)
    assert (scene.render.fps, round(scene.render.fps_base, 3)) == (24, 1.001), "the scene keeps its rate"
    assert (baked.first_frame, baked.last_frame) == (11, int(10.4 + 2 * 24 / 1.001))
    for frame in (11, 30, 57):
        scene.frame_set(frame)
        seconds = np.array([(frame - 10.4) * 1.001 / 24])
        roots, local = take.at(seconds)
        assert_shows(addon, dancer, skeleton, roots[0], local[0])


def test_a_take_recorded_to_a_playing_timeline_lies_where_it_was_seen(addon, skeleton, dancer, rng) -> None:
    from dataclasses import replace

    take = replace(smooth_take(addon, skeleton, rng, 61), start_frame=100.0, frames_per_s=12.0)
    baked = bake(addon, dancer, take)
    assert (baked.first_frame, baked.last_frame) == (100, 124), "two seconds of a timeline that ran at 12 frames/s"


@pytest.mark.parametrize("mode", ["XYZ", "ZYX", "AXIS_ANGLE"])
def test_rotation_modes_are_kept(addon, skeleton, dancer, rng, mode: str) -> None:
    take = smooth_take(addon, skeleton, rng, 60)
    for bone in dancer.pose.bones:
        bone.rotation_mode = mode
    bake(addon, dancer, take, timing="TAKE", start_frame=1, into="ACTION")
    assert {bone.rotation_mode for bone in dancer.pose.bones} == {mode}
    for k in (0, 17, 59):
        bpy.context.scene.frame_set(1 + k)
        assert_shows(addon, dancer, skeleton, take.roots[k], take.rotations[k], tolerance=1e-5)
    if mode != "AXIS_ANGLE":
        for curve in addon("scene.actions").curves_of(bpy.data.actions["Test"]):
            values = np.empty(2 * len(curve.keyframe_points))
            curve.keyframe_points.foreach_get("co", values)
            assert np.abs(np.diff(values[1::2])).max() < np.pi, "no jump by a whole turn"


def test_decimation_stays_within_its_error(addon, skeleton, dancer, rng) -> None:
    take = smooth_take(addon, skeleton, rng, 200)
    baked = bake(addon, dancer, take, timing="TAKE", start_frame=1, decimate_deg=0.5)
    assert baked.num_keys < 0.5 * baked.num_possible_keys
    retarget = addon("core.retarget").Retarget(
        skeleton, addon("scene.armature").read_rest(dancer, {n: n for n in skeleton.names})
    )
    local, location = retarget.channels(retarget.pose(take.roots, take.rotations))
    rotations = addon("core.rotations")
    for k in range(0, 200, 7):
        bpy.context.scene.frame_set(1 + k)
        for index, name in enumerate(retarget.names):
            shown = rotations.normalise(rotations.from_blender(np.array(dancer.pose.bones[name].rotation_quaternion)))
            error = rotations.angle(rotations.multiply(rotations.inverse(shown), local[k, index]))
            assert np.degrees(error) < 0.51, (k, name)
        np.testing.assert_allclose(dancer.pose.bones["Hips"].location, location[k], atol=0.0021)


def test_takes_lie_on_tracks_of_their_own_and_nothing_is_lost(addon, skeleton, dancer, rng) -> None:
    first, second = (smooth_take(addon, skeleton, rng, 30, name=name) for name in ("One", "Two"))
    bake(addon, dancer, first, timing="TAKE", start_frame=1)
    bake(addon, dancer, second, timing="TAKE", start_frame=50)
    assert [track.name for track in dancer.animation_data.nla_tracks] == ["One", "Two"]
    for take, frame in ((first, 10), (second, 59)):
        bpy.context.scene.frame_set(frame)
        assert_shows(addon, dancer, skeleton, take.roots[9], take.rotations[9])
    bake(addon, dancer, first, timing="TAKE", start_frame=1, into="ACTION")
    bake(addon, dancer, second, timing="TAKE", start_frame=1, into="ACTION")
    assert bpy.data.actions["One.001"].use_fake_user, "the action that was replaced stays in the file"
    assert bpy.context.scene.frame_end >= 79


def calls_of(action) -> tuple[int, int]:
    """How often Python calls anything, and how often something of Blender's, while this is done."""
    num_calls = num_to_blender = 0

    def note(_frame, event: str, called) -> None:
        nonlocal num_calls, num_to_blender
        if event in ("call", "c_call"):
            num_calls += 1
            of = getattr(called, "__self__", None)
            num_to_blender += isinstance(of, (bpy.types.bpy_struct, bpy.types.bpy_prop_collection))

    sys.setprofile(note)
    try:
        action()
    finally:
        sys.setprofile(None)
    return num_calls, num_to_blender


def test_the_bake_is_a_hundred_times_faster_than_keyframe_insert(addon, skeleton, dancer, rng, capsys) -> None:
    """Since it asks Blender as often for many frames as for few, where `keyframe_insert` is called for each key of a
    bone, and costs more each time. How much faster that is depends on the machine, so it is printed and not judged.
    """
    few, many = (smooth_take(addon, skeleton, rng, frames) for frames in (200, 2000))
    bake(addon, dancer, few, timing="TAKE", start_frame=1)  # the first one of all imports things
    (calls_for_few, for_few), (calls_for_many, for_many) = (
        calls_of(lambda take=take: bake(addon, dancer, take, timing="TAKE", start_frame=1)) for take in (few, many)
    )
    assert 0 < for_many == for_few
    assert 100 * for_many < 2000 * (22 + 1), "keys one by one, of 22 bones and the hips' place"
    assert calls_for_many - calls_for_few <= 2 * (2000 - 200)
    if "MEASURE" in os.environ:
        with capsys.disabled():
            print(f"\n{bpy.app.version_string}: {measured(addon, skeleton, dancer, many)} of processor time")


def measured(addon, skeleton, dancer, take) -> str:
    """In processor time, so that other programs count little; the other way gets slower with every key, so it is
    measured to its end."""
    times = []
    for _ in range(5):
        began = time.process_time()
        baked = bake(addon, dancer, take, timing="TAKE", start_frame=1)
        times.append(time.process_time() - began)
    assert baked.num_keys == 182_000
    other = addon("scene.figure").create_dancer(bpy.context, skeleton)
    bones = [other.pose.bones[name] for name in skeleton.names]
    values = np.roll(take.rotations, 1, axis=-1).tolist()
    began = time.process_time()
    for frame, pose in enumerate(values, 1):
        for bone, wxyz in zip(bones, pose, strict=True):
            bone.rotation_quaternion = wxyz
            bone.keyframe_insert("rotation_quaternion", frame=frame, group=bone.name)
        bones[0].keyframe_insert("location", frame=frame, group=bones[0].name)
    one_by_one = time.process_time() - began
    return f"bake {min(times):.3f} s, keyframe_insert {one_by_one:.1f} s, ratio {one_by_one / min(times):.0f}"


def test_the_operator_bakes_reports_and_can_be_undone(addon, skeleton, dancer, rng) -> None:
    stage = addon("ui.stage").STAGE
    stage.session.takes.append(smooth_take(addon, skeleton, rng, 30))
    addon("ui.takes").sync_takes(bpy.context.window_manager)
    bpy.context.view_layer.objects.active = dancer
    dancer.transflower.follows = True
    bpy.ops.ed.undo_push(message="before")
    assert bpy.ops.transflower.bake() == {"FINISHED"}
    assert not dancer.transflower.follows, "a stream would hide what was baked"
    assert len(dancer.animation_data.nla_tracks) == 1
    bpy.ops.ed.undo_push(message="bake")
    name = dancer.name
    bpy.ops.ed.undo()
    armature = bpy.data.objects[name]
    assert armature.animation_data is None or not armature.animation_data.nla_tracks
    assert len(stage.session.takes) == 1, "the take is still there"


def test_takes_can_be_renamed_and_forgotten(addon, skeleton, rng) -> None:
    stage, window = addon("ui.stage").STAGE, bpy.context.window_manager.transflower
    for name in ("One", "Two"):
        stage.session.takes.append(smooth_take(addon, skeleton, rng, 30, name=name))
    addon("ui.takes").sync_takes(bpy.context.window_manager)
    assert [entry.label for entry in window.takes] == ["One", "Two"]
    window.takes[0].label = "Solo"
    assert stage.session.takes[0].name == "Solo"
    window.active_take = 0
    assert bpy.ops.transflower.delete_take() == {"FINISHED"}
    assert [take.name for take in stage.session.takes] == ["Two"]
    assert [entry.label for entry in window.takes] == ["Two"]
