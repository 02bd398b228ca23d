"""Operators of the connection: connect, disconnect, and the bridge's triggers."""

from typing import Final

import bpy
from bpy.props import EnumProperty, FloatProperty

from ..core.controls import CONTROLS
from .preferences import control_port
from .stage import STAGE, start_ticking


class Connect(bpy.types.Operator):
    """Listen for a dance. Start `transflower perform` (or any VMC sender) before or after"""

    bl_idname = "transflower.connect"
    bl_label = "Connect"

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Binds the port."""
        settings = context.scene.transflower
        try:
            STAGE.session.connect(settings.host.strip(), settings.port, control_port(context))
        except ValueError as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        STAGE.forget_rigs()
        start_ticking()
        return {"FINISHED"}


class Disconnect(bpy.types.Operator):
    """Stop listening and give the port back. What is being recorded is kept as a take"""

    bl_idname = "transflower.disconnect"
    bl_label = "Disconnect"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        """Whether there is a connection."""
        return STAGE.session.is_connected

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Gives the port back."""
        from .takes import sync_takes

        STAGE.session.disconnect()
        sync_takes(context.window_manager)
        return {"FINISHED"}


class SendTrigger(bpy.types.Operator):
    """Send a trigger to the bridge"""

    bl_idname = "transflower.trigger"
    bl_label = "Trigger"
    bl_options = {"INTERNAL"}

    name: EnumProperty(items=[(row.name, row.title, row.description) for row in CONTROLS if row.kind == "trigger"])

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        """Whether a bridge is heard."""
        return STAGE.session.sender is not None

    @classmethod
    def description(cls, context: bpy.types.Context, properties: bpy.types.OperatorProperties) -> str:
        """The trigger's own words."""
        return next(row.description for row in CONTROLS if row.name == properties.name).removesuffix(".")

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Sends it."""
        try:
            STAGE.session.send_control(self.name)
        except ValueError as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        return {"FINISHED"}


class Nudge(bpy.types.Operator):
    """Push the bridge's beat forward or back, on top of earlier nudges"""

    bl_idname = "transflower.nudge"
    bl_label = "Nudge"
    bl_options = {"INTERNAL"}

    beats: FloatProperty(min=-1.0, max=1.0)

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        """Whether a bridge is heard."""
        return STAGE.session.sender is not None

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Sends it."""
        try:
            STAGE.session.send_control("nudge", self.beats)
        except ValueError as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        return {"FINISHED"}


_CLASSES: Final = (Connect, Disconnect, SendTrigger, Nudge)


def register() -> None:
    """Adds the operators."""
    for cls in _CLASSES:
        bpy.utils.register_class(cls)


def unregister() -> None:
    """Takes them away."""
    for cls in reversed(_CLASSES):
        bpy.utils.unregister_class(cls)
