"""Preferences: where transflower is, and at which ports."""

from typing import Any, Final

import bpy
from bpy.props import IntProperty, StringProperty

from ..core.controls import CONTROL_PORT

ROOT: Final = __package__.rpartition(".")[0]
"""The name under which Blender knows this add-on."""


class DancePreferences(bpy.types.AddonPreferences):
    """Settings that belong to the machine, not to a file."""

    bl_idname = ROOT

    command: StringProperty(
        name="transflower",
        description="The program that makes dances to songs: its path, or its name if it is on the PATH "
        "(in the project's folder it is .venv/bin/transflower)",
        subtype="FILE_PATH",
        default="transflower",
    )
    control_port: IntProperty(
        name="Control Port",
        description="Where the bridge hears controls: the port of its option --control",
        default=CONTROL_PORT,
        min=1,
        max=65535,
    )

    def draw(self, context: bpy.types.Context) -> None:
        """Draws them."""
        self.layout.prop(self, "command")
        self.layout.prop(self, "control_port")


def command(context: bpy.types.Context) -> str:
    """The program that makes dances."""
    known: Any = context.preferences
    addon = known.addons.get(ROOT)
    return addon.preferences.command if addon is not None else "transflower"


def control_port(context: bpy.types.Context) -> int:
    """Where the bridge hears controls."""
    known: Any = context.preferences
    addon = known.addons.get(ROOT)
    return addon.preferences.control_port if addon is not None else CONTROL_PORT


def register() -> None:
    """Adds the preferences."""
    bpy.utils.register_class(DancePreferences)


def unregister() -> None:
    """Takes them away."""
    bpy.utils.unregister_class(DancePreferences)
