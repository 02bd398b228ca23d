"""The default avatar, made from nothing but this code: no scan, no artist's file, no licence to carry.

A dancer in a hoodie whose shapes are signed distances (`distance`, `head`, `hands`, `clothes`), meshed (`surface`),
skinned to the dancer's own bones (`bones`, `weights`) and written as VRM 1.0 (`vrm`). `python -m
bridge.stage.default_avatar` makes the file anew that the stage serves.
"""

from bridge.stage.default_avatar.avatar import make_avatar

__all__ = ["make_avatar"]
