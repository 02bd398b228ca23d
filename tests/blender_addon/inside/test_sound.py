"""Sound strips: the song at the right frame, and a dance to it that `transflower generate` makes beside Blender."""

import os
import time
from pathlib import Path

import bpy
import numpy as np
import pytest
from conftest import smooth_take
from waiting import wait_until

BPM = 120.0


@pytest.fixture(scope="session")
def song() -> Path:
    """Eight seconds at 120 beats a minute, the first beat at 0."""
    if not bpy.app.build_options.audaspace:
        pytest.skip(f"bpy {bpy.app.version_string} was built without sound (Audaspace)")
    if "SONG" not in os.environ:
        pytest.skip("SONG names no sound file; test_in_blender.py makes one")
    return Path(os.environ["SONG"])


def strips(scene):
    editor = scene.sequence_editor
    return editor.strips if hasattr(editor, "strips") else editor.sequences


def wait_for_job(stage) -> None:
    """Pumps until the dance is there."""

    def is_done() -> bool:
        stage.pump(time.monotonic())
        return stage.job is None

    wait_until(is_done, "the dance", 400)


def test_the_song_of_a_take_begins_with_it(addon, skeleton, rng, song) -> None:
    from dataclasses import replace

    stage, scene = addon("ui.stage").STAGE, bpy.context.scene
    stage.session.takes.append(replace(smooth_take(addon, skeleton, rng, 30), start_frame=40.0))
    addon("ui.takes").sync_takes(bpy.context.window_manager)
    scene.render.fps = 24
    assert bpy.ops.transflower.add_song(filepath=str(song), offset_s=0.5) == {"FINISHED"}
    assert bpy.ops.transflower.add_song(filepath=str(song), offset_s=0.5) == {"FINISHED"}
    first, second = strips(scene)
    assert first.frame_start == second.frame_start == 52
    assert first.channel != second.channel
    assert scene.sync_mode == "AUDIO_SYNC"
    with pytest.raises(RuntimeError, match="no sound that Blender can play"):
        bpy.ops.transflower.add_song(filepath=__file__)


def test_strips_that_transflower_cannot_hear_are_reported(addon, song, tmp_path) -> None:
    scene, sound = bpy.context.scene, addon("scene.sound")
    strip = sound.add_song(scene, song, 10)
    strip.frame_offset_start = 6
    heard = sound.strip_sound(strip)
    assert (heard.path, heard.start_frame, heard.first_frame) == (song, 10.0, 16.0)
    strip.sound.filepath = str(tmp_path / "gone.wav")
    with pytest.raises(ValueError, match="missing"):
        sound.strip_sound(strip)


def test_a_program_that_is_not_there_is_reported(song) -> None:
    from conftest import PACKAGE

    preferences = bpy.context.preferences.addons[PACKAGE].preferences
    preferences.command = "no-such-transflower"
    scene = bpy.context.scene
    assert not bpy.ops.transflower.dance_to_sound.poll()
    strips_of = scene.sequence_editor_create()
    (strips_of.strips if hasattr(strips_of, "strips") else strips_of.sequences).new_sound("song", str(song), 1, 1)
    assert bpy.ops.transflower.dance_to_sound.poll()
    with pytest.raises(RuntimeError, match="set its path in the preferences"):
        bpy.ops.transflower.dance_to_sound()


@pytest.fixture
def transflower(song) -> None:
    from conftest import PACKAGE

    if "TRANSFLOWER" not in os.environ:
        pytest.skip("TRANSFLOWER names no program")
    bpy.context.preferences.addons[PACKAGE].preferences.command = os.environ["TRANSFLOWER"]


def test_a_dance_can_be_cancelled(addon, song, transflower) -> None:
    stage = addon("ui.stage").STAGE
    addon("scene.sound").add_song(bpy.context.scene, song, 1)
    assert bpy.ops.transflower.dance_to_sound() == {"FINISHED"}
    job = stage.job
    assert not bpy.ops.transflower.dance_to_sound.poll(), "one at a time"
    assert bpy.ops.transflower.cancel_dance() == {"FINISHED"}
    assert job._process.poll() is not None
    assert not job._folder.exists()
    assert stage.job is None
    assert not stage.session.takes


def beat_phase(times_s: np.ndarray, speed: np.ndarray) -> float:
    """Where in the beat the body is fastest, in beats, -0.5 to 0.5."""
    swing = speed - speed.mean()
    wave = np.sum(swing * np.hanning(len(swing)) * np.exp(-2j * np.pi * times_s * BPM / 60.0))
    return float(-np.angle(wave) / (2 * np.pi))


def test_the_dance_lies_on_the_songs_beats(addon, song, transflower, capsys, monkeypatch) -> None:
    """On a scene of another rate, at a strip that begins anywhere and is cut off in front."""
    seen = []

    class WatchedJob(addon("core.generate_job").GenerateJob):
        def __setattr__(self, name: str, value: object) -> None:  # all progress, however seldom it is looked at
            if name == "progress":
                seen.append(value)
            super().__setattr__(name, value)

    monkeypatch.setattr(addon("ui.generate"), "GenerateJob", WatchedJob)
    stage, scene = addon("ui.stage").STAGE, bpy.context.scene
    scene.render.fps = 24
    strip = addon("scene.sound").add_song(scene, song, 13)
    strip.frame_offset_start = 30
    assert bpy.ops.transflower.dance_to_sound() == {"FINISHED"}
    wait_for_job(stage)
    assert stage.message.startswith("dance: frames 43 to"), stage.message
    assert len(set(seen)) > 3
    (take,) = stage.session.takes
    place = addon("scene.place").place_in_time(scene, take)
    assert place.frame == pytest.approx(13 + 24 / take.rate_hz), "for another rig, with or without the strip"
    assert place.why == "where it lies already"
    armature = next(thing for thing in bpy.data.objects if thing.type == "ARMATURE")
    names = [name for name in take.skeleton.names if name in armature.pose.bones]
    order = [take.skeleton.index[name] for name in names]
    rotations = addon("core.rotations")
    mapping = armature.transflower.mapping()
    retarget = addon("core.retarget").Retarget(take.skeleton, addon("scene.armature").read_rest(armature, mapping))

    # Pose k shows what the dancer does at the end of the sound's frame k.
    frames = np.arange(45, 13 + 24 * 8 - 2)
    seconds = (frames - 13) / 24
    expected = take.at(seconds - 1 / take.rate_hz)
    local, _ = retarget.channels(retarget.pose(*expected))
    shown = []
    for frame in frames:
        scene.frame_set(int(frame))
        shown.append(
            [rotations.from_blender(np.array(armature.pose.bones[name].rotation_quaternion)) for name in names]
        )
    shown = np.array(shown)
    wanted = local[:, [retarget.names.index(name) for name in names]]
    error = rotations.angle(rotations.multiply(rotations.inverse(rotations.normalise(shown)), wanted))
    assert error.max() < 1e-5

    def speed(poses: np.ndarray, rate_hz: float) -> np.ndarray:
        return rotations.angle(rotations.multiply(rotations.inverse(poses[:-1]), poses[1:])).mean(axis=1) * rate_hz

    baked = beat_phase((seconds[1:] + seconds[:-1]) / 2, speed(rotations.normalise(shown), 24))
    made_s = np.arange(len(take)) / take.rate_hz + 1 / take.rate_hz
    inside = (made_s >= seconds[0]) & (made_s <= seconds[-1])
    times = made_s[inside]
    made = beat_phase((times[1:] + times[:-1]) / 2, speed(take.rotations[inside][:, order], take.rate_hz))
    apart_s = abs((baked - made + 0.5) % 1 - 0.5) * 60 / BPM
    with capsys.disabled():
        print(f"\n{bpy.app.version_string}: fastest at {made:+.3f} beats as made, {baked:+.3f} as baked")
    assert apart_s < 1 / 24
