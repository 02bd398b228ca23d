"""What people see: properties, operators, panels, and the timer that drives the session."""

from typing import Final

from . import connection, generate, overrides, panels, preferences, properties, rig, stage, takes

_MODULES: Final = (preferences, properties, overrides, connection, rig, takes, generate, panels, stage)


def register() -> None:
    """Adds everything to Blender."""
    for module in _MODULES:
        module.register()


def unregister() -> None:
    """Takes everything away; the port first."""
    for module in reversed(_MODULES):
        module.unregister()
