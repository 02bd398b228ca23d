"""The bridge's controls as properties of a scene: each is sent when it is changed."""

from typing import Final

import bpy
from bpy.props import BoolProperty, EnumProperty, FloatProperty, IntProperty, StringProperty

from ..core.controls import CONTROLS, STYLES, Control
from .stage import STAGE

NUDGE_BEATS: Final = 0.02
PANELS: Final = ("dance", "level", "beat", "takes", "presets", "top")
_ATTRIBUTES: Final = {"foot_lock": "bridge_foot_lock", "preset": "bridge_preset"}
"""Of controls whose name another setting of the scene has."""
_TITLES: Final = {"record": "Mark in the Bridge's Take"}  # beside the extension's own recording


def attribute_of(control: Control) -> str:
    """The property of the scene's settings."""
    return _ATTRIBUTES.get(control.name, control.name)


def offered(panel: str, *kinds: str) -> list[Control]:
    """The controls of a panel that have a property, of these kinds.

    A nudge adds to those before it, so it is no value to keep, but two buttons.
    """
    return [row for row in CONTROLS if row.panel == panel and row.kind in kinds and row.name in _PROPERTIES]


def triggers(panel: str) -> list[Control]:
    """The buttons of a panel."""
    return [row for row in CONTROLS if row.panel == panel and row.kind == "trigger"]


def _send(control: Control) -> object:
    attribute = attribute_of(control)

    def update(self: bpy.types.PropertyGroup, context: bpy.types.Context) -> None:
        value = getattr(self, attribute)
        try:
            STAGE.session.send_control(control.name, int(value) if isinstance(value, bool) else value)
        except ValueError as error:
            STAGE.message = str(error)

    return update


def _property(row: Control) -> object:
    common = {
        "name": _TITLES.get(row.name, row.title.title()),
        "description": row.description.removesuffix("."),  # Blender adds its own
        "update": _send(row),
    }
    if row.kind == "number":
        factor = {} if row.unit else {"subtype": "FACTOR"}
        return FloatProperty(**common, **factor, default=row.default or 0.0, min=row.low, max=row.high)
    if row.kind == "whole":
        return IntProperty(**common, default=row.default or 0, min=int(row.low), max=int(row.high))
    if row.kind == "switch":
        return BoolProperty(**common, default=row.default)
    if row.choices:
        return EnumProperty(**common, items=[(name, name, "") for name in row.choices], default=row.default)
    if row.name == "style":
        return StringProperty(
            **common,
            search=lambda self, context, text: [name for name in STYLES if text.casefold() in name.casefold()],
            search_options={"SUGGESTION"},
        )
    return StringProperty(**common, default=row.default)


_PROPERTIES: Final = {row.name: _property(row) for row in CONTROLS if row.kind != "trigger" and row.name != "nudge"}


class BridgeControls:
    """What a group of properties inherits that holds the controls."""

    __annotations__ = {attribute_of(row): _PROPERTIES[row.name] for row in CONTROLS if row.name in _PROPERTIES}
