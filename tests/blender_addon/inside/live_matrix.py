"""Connects to a real bridge, lets a dancer follow, bakes, saves, opens, and writes down what Blender showed.

Run by `test_in_blender.py`, which compares it with the bridge's own take. Environment: EXTENSION_ZIP, PORT,
CONTROL_PORT, SECONDS, and OUT, a folder for `ready`, `shown.npz` and `summary.json`; it waits there for `go`.
"""

import importlib
import json
import os
import time
from pathlib import Path

import bpy
import numpy as np

PACKAGE = "bl_ext.user_default.transflower_bridge"
OUT, SECONDS = Path(os.environ["OUT"]), float(os.environ["SECONDS"])


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
bpy.context.preferences.addons[PACKAGE].preferences.control_port = int(os.environ["CONTROL_PORT"])
settings = bpy.context.scene.transflower
settings.port = int(os.environ["PORT"])
assert bpy.ops.transflower.connect() == {"FINISHED"}
stage = importlib.import_module(f"{PACKAGE}.ui.stage").STAGE
(OUT / "ready").touch()

deadline_s = time.monotonic() + 120
while (stage.session.frame is None or not (OUT / "go").exists()) and time.monotonic() < deadline_s:
    stage.pump(time.monotonic())
    time.sleep(0.005)
assert bpy.ops.transflower.create_dancer() == {"FINISHED"}
armature = bpy.context.object
assert bpy.ops.transflower.record() == {"FINISHED"}
settings.energy = 0.75
end_s = time.monotonic() + SECONDS
times_us, shown = [], []
while time.monotonic() < end_s:
    frame = stage.pump(time.monotonic())
    if frame is not None:
        matrices, rest = pose_of(armature)
        times_us.append(frame.time_us)
        shown.append(matrices)
    time.sleep(0.002)
session = stage.session
summary = {
    "version": bpy.app.version_string,
    "protocol": session.protocol,
    "rate_hz": session.clock.rate_hz,
    "lost": session.num_lost,
    "bad": session.num_bad,
    "foreign": session.num_foreign,
    "round_trip_ms": None if session.clock.round_trip_s is None else 1e3 * session.clock.round_trip_s,
    "jitter_ms": 1e3 * session.clock.jitter_s,
    "news": session.news,
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
    baked_times_us=first_us + np.rint(take.times_s[kept] * 1e6).astype(np.int64),
    baked=np.array(baked),
    num_frames=len(take),
)
(OUT / "summary.json").write_text(json.dumps(summary))
# bpy 4.2 crashes at the end of the interpreter if any add-on with property groups was on, Blender's own Rigify too.
os._exit(0)
