"""Transflower Bridge for Blender: see a dance live on any humanoid rig, record it, bake it.

Importing this package needs no Blender, so that its core can be tested anywhere; `register` loads the rest.
"""

import importlib

bl_info = {  # read by Blender before 4.2; from then on blender_manifest.toml counts
    "name": "Transflower Bridge",
    "author": "The Transflower Bridge authors",
    "version": (0, 1, 0),
    "blender": (3, 4, 0),
    "location": "3D Viewport > Sidebar > Dance",
    "description": "See a dance live on any humanoid rig, record it, and bake it",
    "category": "Animation",
}


def register() -> None:
    """Adds panels, operators and properties to Blender."""
    importlib.import_module(".ui", __package__).register()


def unregister() -> None:
    """Takes everything away again and gives the port back."""
    importlib.import_module(".ui", __package__).unregister()
