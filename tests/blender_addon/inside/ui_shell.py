"""Runs in Blender's own window (3.4 and later): installs the zip, connects, records, bakes, and takes a picture.

Only Blender's own timer drives the stream here. Environment: see `panel_picture.py`.
"""

import importlib
import json
import math
import os
import subprocess
import traceback
from pathlib import Path

import bpy
from mathutils import Euler

OUT = Path(os.environ["OUT"])
DANCE_TAB = ("1143", "246")
"""Where the tab of the sidebar is in a window of 1400x900: only a click opens it before Blender 4."""
MODULE = "transflower_bridge"
REPORT = {"version": bpy.app.version_string, "background": bpy.app.background}


def window_context() -> dict:
    window = bpy.context.window_manager.windows[0]
    area = next(area for area in window.screen.areas if area.type == "VIEW_3D")
    region = next(region for region in area.regions if region.type == "WINDOW")
    return {"window": window, "screen": window.screen, "area": area, "region": region}


def stage():
    return importlib.import_module(f"{MODULE}.ui.stage").STAGE


def begin() -> None:
    bpy.ops.preferences.addon_install(filepath=os.environ["EXTENSION_ZIP"])
    bpy.ops.preferences.addon_enable(module=MODULE)
    with bpy.context.temp_override(**window_context()):
        for name in ("Cube", "Light", "Camera"):
            bpy.data.objects.remove(bpy.data.objects[name])
        bpy.context.scene.transflower.port = 0
        REPORT["connect"] = list(bpy.ops.transflower.connect())
        (OUT / "port.part").write_text(str(stage().session.address[1]))
        (OUT / "port.part").rename(OUT / "port")
        view = bpy.context.space_data
        view.show_region_ui = True
        view.shading.color_type = "MATERIAL"
        view.shading.show_shadows = True
        view.shading.show_cavity = True
        view.overlay.show_bones = False
        view.region_3d.view_location = (0.1, 0.0, 0.85)
        view.region_3d.view_distance = 4.0
        view.region_3d.view_rotation = Euler((math.radians(80), 0.0, math.radians(25))).to_quaternion()


def dance() -> None:
    with bpy.context.temp_override(**window_context()):
        REPORT["dancer"] = list(bpy.ops.transflower.create_dancer())
        REPORT["record"] = list(bpy.ops.transflower.record())


def open_tab() -> None:
    subprocess.Popen(
        ["xdotool", "mousemove", *DANCE_TAB, "sleep", "1", "click", "1", "sleep", "2", "mousemove", "500", "500"]
    )


def take_picture() -> None:
    with bpy.context.temp_override(**window_context()):
        bpy.ops.screen.screenshot(filepath=str(OUT / "panel.png"))


def finish() -> None:
    session = stage().session
    REPORT.update(
        protocol=session.protocol,
        rate_hz=session.clock.rate_hz,
        lost=session.num_lost,
        latest=sorted(session.latest),
        state=session.latest.get("status", {}).get("state"),
        recorded=session.num_recorded,
        problems=stage().problems,
    )
    armature = next(thing for thing in bpy.data.objects if thing.type == "ARMATURE")
    turns = [bone.rotation_quaternion.angle for bone in armature.pose.bones]
    REPORT["largest_turn_rad"] = max(turns)
    with bpy.context.temp_override(**window_context()):
        bpy.ops.transflower.record()
        bpy.ops.ed.undo_push(message="before")
        REPORT["bake"] = list(bpy.ops.transflower.bake())
        REPORT["tracks"] = len(armature.animation_data.nla_tracks)
        bpy.ops.ed.undo_push(message="bake")  # as Blender does after an operator that a person has pressed
        name = armature.name
        bpy.ops.ed.undo()
        undone = bpy.data.objects[name].animation_data
        REPORT["tracks_after_undo"] = 0 if undone is None else len(undone.nla_tracks)
        bpy.ops.preferences.addon_disable(module=MODULE)
    (OUT / "report.json").write_text(json.dumps(REPORT))


def is_informed() -> bool:
    """Whether it is known where the bridge hears controls."""
    return (OUT / "control_port").exists()


def steer() -> None:
    # As the preferences would have it before Connect.
    stage().session._control_port = int((OUT / "control_port").read_text())


def is_dancing() -> bool:
    return stage().session.latest.get("status", {}).get("state") == "dancing"


def is_moving() -> bool:
    """Whether the dancer does something worth a picture."""
    armature = next(thing for thing in bpy.data.objects if thing.type == "ARMATURE")
    return is_dancing() and armature.pose.bones["LeftLowerArm"].rotation_quaternion.angle > 0.9


STEPS = [
    (begin, lambda: True),
    (steer, is_informed),
    (dance, is_dancing),
    (open_tab, lambda: True),
    (take_picture, lambda: (stage().session.num_recorded > 300 and is_moving()) or stage().session.num_recorded > 900),
    (finish, lambda: True),
]


def step() -> float | None:
    """One step after another, each once its time has come."""
    try:
        if STEPS[0][1]():
            STEPS.pop(0)[0]()
    except Exception:
        traceback.print_exc()
        STEPS.clear()
    if not STEPS:
        bpy.ops.wm.quit_blender()
        return None
    return 0.5


bpy.context.preferences.view.show_splash = False
bpy.context.preferences.view.show_tooltips = False
bpy.app.timers.register(step, first_interval=3.0)
