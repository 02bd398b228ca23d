"""The extension comes and goes cleanly, and its port is free whenever it should be."""

import socket
import time
from functools import partial
from types import SimpleNamespace

import bpy
import numpy as np
import pytest
from conftest import PACKAGE, turn_between, world_of
from waiting import wait_until


def is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


@pytest.fixture
def port(addon) -> int:
    bpy.context.scene.transflower.port = 0
    assert bpy.ops.transflower.connect() == {"FINISHED"}
    _, port = addon("ui.stage").STAGE.session.address
    assert not is_free(port)
    return port


def test_disconnecting_gives_the_port_back(port: int) -> None:
    assert bpy.ops.transflower.disconnect() == {"FINISHED"}
    assert is_free(port)
    assert not bpy.ops.transflower.disconnect.poll()


def test_loading_a_file_gives_the_port_back(port: int) -> None:
    bpy.ops.wm.read_homefile(use_empty=True)
    assert is_free(port)


def test_disabling_gives_the_port_back(port: int) -> None:
    bpy.ops.preferences.addon_disable(module=PACKAGE)
    try:
        assert is_free(port)
        assert not hasattr(bpy.types, "DANCE_PT_stream")
        assert not hasattr(bpy.types.Scene, "transflower")
        assert not [h for h in bpy.app.handlers.load_pre if h.__module__.startswith(PACKAGE)]
    finally:
        bpy.ops.preferences.addon_enable(module=PACKAGE)
    assert hasattr(bpy.types, "DANCE_PT_stream")


def test_an_error_gives_the_port_back_and_says_why(addon, port: int, monkeypatch, capsys) -> None:
    stage = addon("ui.stage").STAGE
    monkeypatch.setattr(type(stage.session), "pump", lambda *_: 1 / 0)
    assert stage.pump(time.monotonic()) is None
    assert is_free(port)
    assert "division by zero" in stage.session.error
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_a_port_in_use_is_reported(port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        bpy.context.scene.transflower.port = other.getsockname()[1]
        with pytest.raises(RuntimeError, match="is in use"):
            bpy.ops.transflower.connect()


def test_a_stream_poses_the_dancer_that_it_describes(addon, skeleton, rng, port: int) -> None:
    frame_of, stage = addon("core.frame").Frame, addon("ui.stage").STAGE
    from conftest import random_rotations

    frames = [
        frame_of(skeleton, k, time.monotonic(), rng.normal(size=3), random_rotations(rng, len(skeleton.names)))
        for k in range(3)
    ]
    stage.session.frame = frames[0]
    assert bpy.ops.transflower.create_dancer() == {"FINISHED"}
    armature = bpy.context.object
    for frame in frames:
        stage.show(frame, time.monotonic())
        bpy.context.view_layer.update()
        turned, placed = world_of(addon, armature, skeleton)
        world = skeleton.global_rotations(frame.rotations)
        assert turn_between(addon, turned, world) < 1e-5
        np.testing.assert_allclose(placed, skeleton.positions(frame.root, world), atol=1e-5)
    assert not stage.problems
    armature.name = "Renamed"
    stage.show(frames[0], time.monotonic() + 10)
    bpy.data.objects.remove(armature)
    stage.show(frames[0], time.monotonic() + 20)


def test_a_rig_that_cannot_follow_says_why(addon, skeleton, port: int) -> None:
    data = bpy.data.armatures.new("Box")
    armature = bpy.data.objects.new("Box", data)
    bpy.context.collection.objects.link(armature)
    bpy.context.view_layer.objects.active = armature
    with pytest.raises(RuntimeError, match="only 0 bones of Box are known"):
        bpy.ops.transflower.follow()


def test_mappings_are_kept_as_presets(addon, skeleton, port: int) -> None:
    addon("scene.figure").create_dancer(bpy.context, skeleton)
    armature = bpy.context.object
    assert bpy.ops.transflower.map_bones() == {"FINISHED"}
    mapping = armature.transflower.mapping()
    assert set(mapping) == set(skeleton.names)
    armature.transflower.bones[0].bone = "Spine"
    bpy.context.scene.transflower.preset = "Odd rig"
    assert bpy.ops.transflower.save_preset() == {"FINISHED"}
    bpy.ops.transflower.map_bones()
    assert armature.transflower.mapping() == mapping
    assert bpy.ops.transflower.load_preset(preset="Odd rig") == {"FINISHED"}
    assert armature.transflower.mapping()["Hips"] == "Spine"
    bpy.context.scene.transflower.preset = "../../hostile"
    with pytest.raises(RuntimeError, match="no name for a preset"):
        bpy.ops.transflower.save_preset()


class Layout:
    """Writes down the labels of a panel: Blender gives a real layout to what is drawn in a window only."""

    def __init__(self) -> None:
        self.labels: list[str] = []

    def column(self, **_: object) -> "Layout":
        return self

    def label(self, *, text: str, **_: object) -> None:
        self.labels.append(text)

    def operator(self, name: str, **_: object) -> None:
        assert name in ("transflower.connect", "transflower.disconnect")


def shown_by_the_panel() -> str:
    """All labels of the panel about the stream, one after the other."""
    panel, drawn = bpy.types.DANCE_PT_stream, SimpleNamespace(layout=Layout())
    drawn._draw_stream = partial(panel._draw_stream, drawn)
    panel.draw(drawn, bpy.context)
    return " ".join(drawn.layout.labels)


def osc_text(text: str) -> bytes:
    return text.encode() + bytes(4 - len(text.encode()) % 4)


def test_the_panel_says_why_nobody_dances_and_what_helps(addon, port: int) -> None:
    stage = addon("ui.stage").STAGE
    assert "Start: transflower perform" in shown_by_the_panel()
    line = "speech or noise, no music: switch music_only off to dance to it all the same"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as bridge:

        def tell(reason: str, text: str) -> None:
            bridge.sendto(b"".join(map(osc_text, ("/dance/why", ",ss", reason, text))), ("127.0.0.1", port))

        def is_shown() -> bool:
            tell("not_music", line)  # again and again, as a bridge does, since what is old is not shown
            stage.pump(time.monotonic())
            return line in shown_by_the_panel()

        def is_over() -> bool:
            tell("", "")
            stage.pump(time.monotonic())
            return stage.session.latest["why"]["reason"] == ""

        wait_until(is_shown, "the line", 60)
        assert "Start: transflower perform" not in shown_by_the_panel(), "it has been started"
        wait_until(is_over, "the dance", 60)
        assert line not in shown_by_the_panel()


def test_every_control_has_a_tooltip() -> None:
    properties = [
        *bpy.types.Scene.bl_rna.properties["transflower"].fixed_type.properties,
        *bpy.types.Object.bl_rna.properties["transflower"].fixed_type.properties,
    ]
    shown = {"bones", "active_bone", "rna_type", "name"}
    assert [p.identifier for p in properties if not p.description and p.identifier not in shown] == []
    operators = [cls for cls in bpy.types.Operator.__subclasses__() if cls.__module__.startswith(PACKAGE)]
    assert len(operators) > 10
    assert all(cls.__doc__ for cls in operators)
