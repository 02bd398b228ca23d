"""A bake whose rig is in a state that hides it says so, by name, with the way out; or it is refused."""

import bpy
import pytest
import rigs
from conftest import smooth_take


@pytest.fixture
def rig(addon, skeleton, rng) -> bpy.types.Object:
    rig = rigs.vrm_a_pose(addon, rng)
    addon("ui.stage").STAGE.session.takes.append(smooth_take(addon, skeleton, rng, 30))
    addon("ui.takes").sync_takes(bpy.context.window_manager)
    return rig


@pytest.fixture
def bake(rig, capfd):
    """Presses Bake; all that was said."""

    def press() -> str:
        capfd.readouterr()
        assert bpy.ops.transflower.bake() == {"FINISHED"}
        return "".join(capfd.readouterr())

    return press


def strip_of_another(rig: bpy.types.Object, addon) -> "bpy.types.NlaTrack":
    action = addon("scene.actions").NewAction("Other", rig)
    return action.add_strip(rig) and rig.animation_data.nla_tracks[-1]


def test_a_bake_that_shows_is_not_warned_of(bake) -> None:
    bpy.context.scene.frame_set(7)
    assert "Warning" not in bake()
    assert bpy.context.scene.frame_current == 7


def test_a_root_bone_that_the_artist_has_turned_is_not_warned_of(bake, rig) -> None:
    bpy.ops.object.mode_set(mode="EDIT")
    root = rig.data.edit_bones.new("Root")
    root.head, root.tail = (0, 0, 0), (0, 0, 0.5)
    rig.data.edit_bones["hips"].parent = root
    bpy.ops.object.mode_set(mode="OBJECT")
    rig.pose.bones["Root"].rotation_mode = "XYZ"
    rig.pose.bones["Root"].rotation_euler = (0, 1.5, 0)
    assert "Warning" not in bake()


@pytest.mark.parametrize("into", ["NLA", "ACTION"])
def test_rest_position_is_reported(bake, rig, into: str) -> None:
    bpy.context.scene.transflower.into = into
    rig.data.pose_position = "REST"
    assert "Warning: VRM A-pose does not show the take: it is in Rest Position: choose Pose Position" in bake()


def test_an_nla_that_is_off_is_reported(bake, rig) -> None:
    rig.animation_data_create().use_nla = False
    assert "its NLA is off: switch it on in the NLA editor" in bake()


@pytest.mark.parametrize("into", ["NLA", "ACTION"])
def test_a_track_that_is_solo_is_reported(addon, bake, rig, into: str) -> None:
    bpy.context.scene.transflower.into = into
    strip_of_another(rig, addon).is_solo = True
    assert "its track Other is solo: take away the star" in bake()


def test_an_active_action_is_reported(addon, skeleton, bake, rig) -> None:
    bpy.context.scene.transflower.into = "ACTION"
    bake()
    rig.animation_data.action = rig.animation_data.action.copy()
    for curve in addon("scene.actions").curves_of(rig.animation_data.action):
        for point in curve.keyframe_points:
            point.co.y = 0.1
    bpy.context.scene.transflower.into = "NLA"
    assert "has an active action, which hides the strip: push it down" in bake()


def test_an_action_of_no_influence_is_reported(addon, bake, rig) -> None:
    bpy.context.scene.transflower.into = "ACTION"
    strip_of_another(rig, addon)
    rig.animation_data.action_influence = 0.0
    assert "its action has an influence of 0 %: set it to 100 %" in bake()


def test_constraints_that_turn_bones_away_are_reported(bake, rig) -> None:
    limit = rig.pose.bones["leftUpperArm"].constraints.new("LIMIT_ROTATION")
    limit.owner_space = "LOCAL"
    limit.use_limit_x = limit.use_limit_y = limit.use_limit_z = True
    said = bake()
    assert "constraints turn leftUpperArm: mute them" in said
    limit.mute = True
    assert "Warning" not in bake()


def test_drivers_that_turn_bones_away_are_reported(bake, rig) -> None:
    for curve in rig.pose.bones["head"].driver_add("rotation_euler"):
        curve.driver.expression = "0.0"
    assert "drivers turn head: take them away" in bake()


@pytest.mark.parametrize("operator", ["bake", "follow", "map_bones"])
def test_edit_mode_is_refused(rig, operator: str) -> None:
    bpy.ops.object.mode_set(mode="EDIT")
    with pytest.raises(RuntimeError, match="VRM A-pose is in edit mode: leave it"):
        getattr(bpy.ops.transflower, operator)()
    assert not rig.transflower.mapping()
    assert not rig.animation_data
    bpy.ops.object.mode_set(mode="OBJECT")
    assert getattr(bpy.ops.transflower, operator)() == {"FINISHED"}


@pytest.mark.parametrize("state", ["REST", "EDIT"])
def test_a_rig_that_follows_unseen_says_why(addon, skeleton, rig, rng, state: str) -> None:
    assert bpy.ops.transflower.follow() == {"FINISHED"}
    take, stage = smooth_take(addon, skeleton, rng, 3), addon("ui.stage").STAGE
    frame = addon("core.frame").Frame(skeleton, 0, 0.0, take.roots[0], take.rotations[0])
    if state == "REST":
        rig.data.pose_position = "REST"
    else:
        bpy.ops.object.mode_set(mode="EDIT")
    stage.show(frame, 1e9)
    assert {"REST": "Rest Position", "EDIT": "edit mode"}[state] in stage.problems[rig.name]
    rig.data.pose_position = "POSE"
    bpy.ops.object.mode_set(mode="OBJECT")
    stage.show(frame, 1e9 + 1)
    assert not stage.problems
