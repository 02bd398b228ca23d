"""Bakes at the rates that scenes have, with the sound beside them, and on rigs of any size."""

import bpy
import numpy as np
import pytest
import rigs
from conftest import smooth_take, turn_between, world_of

RATES = {"23.976": (24, 1.001), "24": (24, 1.0), "29.97": (30, 1.001), "30": (30, 1.0), "59.94": (60, 1.001)}


@pytest.fixture
def dancer(addon, skeleton, rng):
    dancer = addon("scene.figure").create_dancer(bpy.context, skeleton)
    dancer.transflower.set_mapping("Dancer", {name: name for name in skeleton.names})
    return dancer


def press_bake(addon, take, **settings: object) -> None:
    addon("ui.stage").STAGE.session.takes.append(take)
    addon("ui.takes").sync_takes(bpy.context.window_manager)
    for name, value in settings.items():
        setattr(bpy.context.scene.transflower, name, value)
    assert bpy.ops.transflower.bake() == {"FINISHED"}


def assert_at(addon, dancer, skeleton, take, frame: int, seconds: float) -> None:
    bpy.context.scene.frame_set(frame)
    roots, local = take.at(np.array([seconds]))
    turned, placed = world_of(addon, dancer, skeleton)
    assert turn_between(addon, turned, skeleton.global_rotations(local[0])) < 1e-4
    np.testing.assert_allclose(placed[0], roots[0], atol=1e-4)


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("take_hz", [30.0, 60 / 1.001])
def test_a_minute_stays_in_time_at_any_scene_rate(addon, skeleton, dancer, rng, rate: str, take_hz: float) -> None:
    scene = bpy.context.scene
    scene.render.fps, scene.render.fps_base = RATES[rate]
    take = smooth_take(addon, skeleton, rng, round(60 * take_hz), take_hz)
    press_bake(addon, take)
    fps = RATES[rate][0] / RATES[rate][1]
    for frame in (1, 700, 1 + int(take.times_s[-1] * fps)):
        assert_at(addon, dancer, skeleton, take, frame, (frame - 1) / fps)
    assert (scene.render.fps, scene.render.fps_base) == (RATES[rate][0], pytest.approx(RATES[rate][1]))


@pytest.mark.parametrize("rate", RATES)
def test_a_take_sets_the_scene_to_its_rate_which_is_reported(addon, skeleton, dancer, rng, rate: str, capfd) -> None:
    scene = bpy.context.scene
    scene.render.fps, scene.render.fps_base = 25, 1.0
    fps, base = RATES[rate]
    take = smooth_take(addon, skeleton, rng, 60, fps / base)
    press_bake(addon, take, timing="TAKE")
    assert (scene.render.fps, scene.render.fps_base) == (fps, pytest.approx(base))
    report = f"The scene's rate was changed from 25 to {fps / base:.5g} frames a second: what was there before it"
    assert report in capfd.readouterr().out
    for k in (0, 30, 59):
        assert_at(addon, dancer, skeleton, take, 1 + k, k * base / fps)
    press_bake(addon, take)
    assert "rate was changed" not in capfd.readouterr().out


def test_time_that_the_scene_stretches_is_reported(addon, skeleton, dancer, rng, capfd) -> None:
    bpy.context.scene.render.frame_map_new = 200
    press_bake(addon, smooth_take(addon, skeleton, rng, 60))
    assert "the scene stretches time from 100 to 200: set both alike" in capfd.readouterr().out


@pytest.mark.parametrize("scale", [0.01, 0.5, 1.0, 100.0])
def test_the_way_is_as_long_as_the_legs_whatever_scales_the_rig(addon, skeleton, rng, scale: float) -> None:
    """The object, its parent, and the pose of a bone above the hips, in turn."""
    ways = []
    for what in ("object", "parent", "root"):
        rig = rigs.vrm_a_pose(addon, rng)
        if what == "object":
            rig.scale = (scale,) * 3
        elif what == "parent":
            rig.parent = bpy.data.objects.new("Parent", None)
            bpy.context.collection.objects.link(rig.parent)
            rig.parent.scale = (scale,) * 3
        else:
            bpy.ops.object.mode_set(mode="EDIT")
            root = rig.data.edit_bones.new("Root")
            root.head, root.tail = (0, 0, 0), (0, 0, 0.5)
            rig.data.edit_bones["hips"].parent = root
            bpy.ops.object.mode_set(mode="OBJECT")
            rig.pose.bones["Root"].scale = (scale,) * 3
        take = smooth_take(addon, skeleton, np.random.default_rng(3), 60)
        press_bake(addon, take, timing="TAKE")
        places = []
        for frame in (1, 31):
            bpy.context.scene.frame_set(frame)
            shown = rig.evaluated_get(bpy.context.evaluated_depsgraph_get())
            places.append(np.array(shown.matrix_world @ shown.pose.bones["hips"].head) / scale)
        ways.append(places)
    travelled = np.linalg.norm(ways[0][1] - ways[0][0])
    wanted = np.linalg.norm(take.roots[30] - take.roots[0])
    module = addon("scene.armature")
    retarget = addon("core.retarget").Retarget(skeleton, module.read_rest(rig, module.guess_mapping(rig)[1]))
    assert travelled == pytest.approx(retarget.scale * wanted, rel=1e-3)
    assert retarget.scale == pytest.approx(1.0, abs=0.1), "both have a person's legs"
    for places in ways[1:]:
        np.testing.assert_allclose(places, ways[0], rtol=1e-3, atol=1e-3)
