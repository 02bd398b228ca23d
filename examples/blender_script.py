"""Blender without a window: a dance from a .bvh file onto an armature, a camera before it, and a .blend file.

Run it by `blender --background --python examples/blender_script.py -- dance.bvh dance.blend`, or by a Python that has
bpy. It needs Blender's own importer and no extension; the extension in blender_addon does more (any rig, live, baked).
"""

import argparse
import math
import sys

import bpy


def main() -> None:
    """Makes the scene and keeps it."""
    words = sys.argv[sys.argv.index("--") + 1 :] if "--" in sys.argv else sys.argv[1:]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dance", help="a .bvh file, as `transflower generate` writes it")
    parser.add_argument("output", help="the .blend file to write")
    options = parser.parse_args(words)
    bpy.ops.wm.read_factory_settings(use_empty=True)
    bpy.ops.preferences.addon_enable(module="io_anim_bvh")
    # A BVH file is in centimetres and at its own rate; Blender takes metres and the scene's rate, unless it is told.
    axes = {"axis_forward": "-Z", "axis_up": "Y"}
    bpy.ops.import_anim.bvh(filepath=options.dance, global_scale=0.01, update_scene_fps=True, **axes)
    dancer = bpy.context.object
    bpy.context.scene.frame_end = int(dancer.animation_data.action.frame_range[1])
    camera = bpy.data.objects.new("Camera", bpy.data.cameras.new("Camera"))
    camera.location, camera.rotation_euler = (0.5, -5.0, 1.3), (math.radians(88), 0, math.radians(4))
    bpy.context.collection.objects.link(camera)
    bpy.context.scene.camera = camera
    bpy.ops.wm.save_as_mainfile(filepath=options.output)
    scene = bpy.context.scene
    size = f"{dancer.dimensions.z:.1f} m high, {scene.render.fps} frames a second"
    print(f"{dancer.name}: {len(dancer.data.bones)} bones, {size}, frames {scene.frame_start} to {scene.frame_end}")


if __name__ == "__main__":
    main()
