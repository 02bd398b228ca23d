"""An avatar as the VRM add-on imports it: recognised whole, and baked.

The add-on is in no package: VRM_ADDON names the folder `src/io_scene_vrm` of a checkout of VRM-Addon-for-Blender.
"""

import os
import sys
from pathlib import Path

import bpy
import pytest
from test_rigs import assert_baked_as_danced

AVATAR = Path(__file__).parents[3] / "bridge" / "stage" / "avatar.vrm"


def test_our_own_avatar_is_baked(addon, rng, tmp_path: Path) -> None:
    folder = os.environ.get("VRM_ADDON")
    if not folder:
        pytest.skip("VRM_ADDON is not set; git clone https://github.com/saturday06/VRM-Addon-for-Blender")
    sys.path.insert(0, str(Path(folder).parent))
    bpy.ops.preferences.addon_enable(module=Path(folder).name)
    assert bpy.ops.import_scene.vrm(filepath=str(AVATAR)) == {"FINISHED"}
    (rig,) = (thing for thing in bpy.data.objects if thing.type == "ARMATURE")
    assert_baked_as_danced(addon, rng, rig, tmp_path)
