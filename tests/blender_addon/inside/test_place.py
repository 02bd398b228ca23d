"""Takes land in time with the song and with each other, or where the artist says."""

from dataclasses import replace
from pathlib import Path

import bpy
import numpy as np
import pytest
import rigs
from conftest import smooth_take


@pytest.fixture
def takes(addon, skeleton, rng):
    """Adds takes of one second to the list, the last one chosen."""

    def add(*names: str, **more: object) -> None:
        session = addon("ui.stage").STAGE.session
        session.takes.extend(replace(smooth_take(addon, skeleton, rng, 31, name=name), **more) for name in names)
        addon("ui.takes").sync_takes(bpy.context.window_manager)

    return add


def choose(index: int) -> None:
    bpy.context.window_manager.transflower.active_take = index


def bake(addon, rng, *, playhead: int, rig: "bpy.types.Object | None" = None) -> int:
    """On a rig of its own; the first frame of the strip on the timeline."""
    rig = rig or rigs.vrm_a_pose(addon, rng)
    bpy.context.view_layer.objects.active = rig
    bpy.context.scene.frame_set(playhead)
    assert bpy.ops.transflower.bake() == {"FINISHED"}
    return round(rig.animation_data.nla_tracks[-1].strips[0].frame_start)


def add_sound(tmp_path: Path, frame: int) -> "bpy.types.Strip":
    import wave

    if not bpy.app.build_options.audaspace:
        pytest.skip(f"bpy {bpy.app.version_string} was built without sound (Audaspace)")
    path = tmp_path / "song.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(np.zeros(8000 * 3, np.int16).tobytes())
    editor = bpy.context.scene.sequence_editor_create()
    strips = editor.strips if hasattr(editor, "strips") else editor.sequences
    return strips.new_sound("song", str(path), 1, frame)


def test_a_second_rig_dances_with_the_first(addon, rng, takes, capfd) -> None:
    takes("One", "Two")
    choose(0)
    assert bake(addon, rng, playhead=20) == 20, "the first of all, without a song"
    assert bake(addon, rng, playhead=77) == 20, "the same take"
    choose(1)
    capfd.readouterr()
    assert bake(addon, rng, playhead=99) == 20, "another take"
    assert "with the take One" in capfd.readouterr().out


def test_takes_follow_a_strip_that_was_moved(addon, rng, takes) -> None:
    takes("One")
    rig = rigs.vrm_a_pose(addon, rng)
    bake(addon, rng, playhead=20, rig=rig)
    strip = rig.animation_data.nla_tracks[0].strips[0]
    strip.frame_start_ui = 50
    assert bake(addon, rng, playhead=77) == 50
    assert bake(addon, rng, playhead=77, rig=rig) == 50


def test_takes_of_one_name_are_not_mixed_up(addon, rng, takes) -> None:
    takes("dance", "dance")
    choose(0)
    assert bake(addon, rng, playhead=20) == 20
    bpy.context.scene.transflower.at = "PLAYHEAD"
    choose(1)
    assert bake(addon, rng, playhead=200) == 200
    bpy.context.scene.transflower.at = "TIME"
    addon("ui.stage").STAGE.session.takes[1] = replace(addon("ui.stage").STAGE.session.takes[1], name="renamed")
    assert bake(addon, rng, playhead=7) == 200


def test_takes_begin_with_the_song(addon, rng, takes, tmp_path: Path, capfd) -> None:
    takes("One")
    add_sound(tmp_path, 13)
    assert bake(addon, rng, playhead=77) == 13
    assert "with the song song" in capfd.readouterr().out


def test_a_take_that_was_recorded_to_the_timeline_lies_where_it_was(addon, rng, takes, tmp_path: Path) -> None:
    takes("One", start_frame=40.0)
    add_sound(tmp_path, 13)
    assert bake(addon, rng, playhead=77) == 40


@pytest.mark.parametrize(("at", "frame"), [("FRAME", 120), ("PLAYHEAD", 77)])
def test_the_artist_can_say_where(addon, rng, takes, tmp_path: Path, at: str, frame: int) -> None:
    takes("One", start_frame=40.0)
    add_sound(tmp_path, 13)
    bpy.context.scene.transflower.at, bpy.context.scene.transflower.at_frame = at, 120
    assert bake(addon, rng, playhead=77) == frame


def test_a_song_is_added_where_the_take_lies(addon, rng, takes, tmp_path: Path) -> None:
    takes("One")
    bake(addon, rng, playhead=20)
    strip = add_sound(tmp_path, 1)
    strips = bpy.context.scene.sequence_editor
    (strips.strips if hasattr(strips, "strips") else strips.sequences).remove(strip)
    bpy.context.scene.frame_set(99)
    assert bpy.ops.transflower.add_song(filepath=str(tmp_path / "song.wav")) == {"FINISHED"}
    assert addon("scene.sound").strips_of(bpy.context.scene)[0].frame_start == 20


def test_what_the_timeline_leaves_out_is_reported(addon, rng, takes, capfd) -> None:
    takes("One")
    scene = bpy.context.scene
    scene.transflower.at, scene.transflower.at_frame = "FRAME", -10
    bake(addon, rng, playhead=1)
    assert "The scene plays frames 1 to 250 only, the take lies at -10 to 14" in capfd.readouterr().out
    scene.transflower.at_frame = 10
    bake(addon, rng, playhead=1)
    assert "only" not in capfd.readouterr().out
    scene.use_preview_range, scene.frame_preview_start, scene.frame_preview_end = True, 1, 20
    bake(addon, rng, playhead=1)
    assert "The preview range plays frames 1 to 20 only" in capfd.readouterr().out


def test_a_dance_made_for_a_scene_lands_there_whatever_scene_is_shown_by_then(addon, skeleton, rng) -> None:
    shown, other = bpy.context.scene, bpy.data.scenes.new("Other")
    other.render.fps = 60
    sound = addon("scene.sound").StripSound(Path("song.wav"), 13.0, 13.0, 73.0)
    report = addon("ui.generate")._bake(smooth_take(addon, skeleton, rng, 31), sound, "Other", "")
    assert "frames 15 to 75" in report, "each pose is one frame after its sound, and one more is kept"
    assert "view layer" not in report
    (armature,) = [thing for thing in other.objects if thing.type == "ARMATURE"]
    assert [child.type for child in armature.children] == ["MESH"]
    assert set(armature.children) <= set(other.objects)
    assert not shown.objects
