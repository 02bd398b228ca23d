"""Connects to a real bridge, lets a dancer follow, bakes, saves, opens, and writes down what Blender showed.

Run by `test_in_blender.py`, which compares it with the bridge's own take. Environment: EXTENSION_ZIP, and OUT, a
folder. There it tells its `port`, waits for the bridge's `control_port`, for `go` when the bridge dances and for
`steered` when that has heard the slider, and writes `shown.npz` and `summary.json`.
"""

import importlib
import json
import os
import time
from pathlib import Path

import bpy
import numpy as np
from waiting import wait_until

PACKAGE = "bl_ext.user_default.transflower_bridge"
OUT = Path(os.environ["OUT"])
NUM_RECORDED, NUM_SHOWN = 150, 60
PATIENCE_S = 300.0


def pose_of(armature: bpy.types.Object) -> tuple[np.ndarray, np.ndarray]:
    """Matrices of all bones as shown (bones, 4, 4), and at rest."""
    bpy.context.view_layer.update()
    shown = armature.evaluated_get(bpy.context.evaluated_depsgraph_get())
    names = [bone.name for bone in armature.data.bones]
    return (
        np.array([shown.pose.bones[name].matrix for name in names]),
        np.array([armature.data.bones[name].matrix_local for name in names]),
    )


bpy.ops.extensions.package_install_files(
    filepath=os.environ["EXTENSION_ZIP"], repo="user_default", enable_on_install=True
)
bpy.ops.wm.read_homefile(use_empty=True)
settings = bpy.context.scene.transflower
settings.port = 0
assert bpy.ops.transflower.connect() == {"FINISHED"}
stage = importlib.import_module(f"{PACKAGE}.ui.stage").STAGE
session = stage.session
(OUT / "port.part").write_text(str(session.address[1]))
(OUT / "port.part").rename(OUT / "port")
wait_until((OUT / "control_port").exists, "the bridge", PATIENCE_S)
session._control_port = int((OUT / "control_port").read_text())  # as the preferences would have it before Connect


def dances() -> bool:
    stage.pump(time.monotonic())
    return session.frame is not None and (OUT / "go").exists()


wait_until(dances, "the dance", PATIENCE_S)
assert bpy.ops.transflower.create_dancer() == {"FINISHED"}
armature = bpy.context.object
assert bpy.ops.transflower.record() == {"FINISHED"}
settings.energy = 0.75
times_us, shown = [], []


def has_seen_enough() -> bool:
    """Shows the newest pose, until there was enough of everything."""
    global rest
    frame = stage.pump(time.monotonic())
    if frame is not None:
        matrices, rest = pose_of(armature)
        times_us.append(frame.time_us)
        shown.append(matrices)
    is_informed = session.protocol == "VMC" or (
        session.clock.round_trip_s is not None
        and {"beat", "latency", "status", "audio", "clock", "why"} <= session.latest.keys()
    )
    is_enough = session.num_recorded >= NUM_RECORDED and len(shown) >= NUM_SHOWN
    return is_enough and is_informed and (OUT / "steered").exists()


wait_until(has_seen_enough, "poses, and all that is sent beside them", PATIENCE_S)
summary = {
    "version": bpy.app.version_string,
    "protocol": session.protocol,
    "rate_hz": session.clock.rate_hz,
    "lost": session.num_lost,
    "bad": session.num_bad,
    "foreign": session.num_foreign,
    "round_trip_ms": None if session.clock.round_trip_s is None else 1e3 * session.clock.round_trip_s,
    "jitter_ms": 1e3 * session.clock.jitter_s,
    "latest": session.latest,
    "why": session.why(time.monotonic()),
    "problems": stage.problems,
}
first_us = session._recorder.frames[0].time_us
assert bpy.ops.transflower.record() == {"FINISHED"}
take = session.takes[-1]
settings.timing = "TAKE"
bpy.context.scene.frame_set(7)
began_s = time.perf_counter()
assert bpy.ops.transflower.bake() == {"FINISHED"}
summary["bake_s"] = time.perf_counter() - began_s
assert bpy.ops.transflower.disconnect() == {"FINISHED"}
name, path = armature.name, str(OUT / "dance.blend")
names = [bone.name for bone in armature.data.bones]
kept, slots = take.grid()
bpy.ops.wm.save_as_mainfile(filepath=path)
bpy.ops.wm.open_mainfile(filepath=path)
armature = bpy.data.objects[name]
baked = []
for slot in slots:
    bpy.context.scene.frame_set(7 + int(slot))
    baked.append(pose_of(armature)[0])
np.savez(
    OUT / "shown.npz",
    names=np.array(names),
    rest=rest,
    times_us=np.array(times_us),
    shown=np.array(shown),
    recorded_times_us=first_us + np.rint(take.times_s * 1e6).astype(np.int64),
    baked_times_us=first_us + np.rint(take.times_s[kept] * 1e6).astype(np.int64),
    baked=np.array(baked),
    num_frames=len(take),
)
(OUT / "summary.json").write_text(json.dumps(summary))
# bpy 4.2 crashes at the end of the interpreter if any add-on with property groups was on, Blender's own Rigify too.
os._exit(0)
