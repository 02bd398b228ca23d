"""The avatar's colours: clear against a dark stage, and against each other."""

from typing import Final

from bridge.stage.default_avatar.part import Material, srgb

SKIN: Final = Material("Skin", srgb("#d89f7c"), 0.6)
LIPS: Final = Material("Lips", srgb("#8c443b"), 0.6)
HAIR: Final = Material("Hair", srgb("#3a2621"), 0.55)
EYES: Final = Material("Eyes", srgb("#24171a"), 0.15)
SPARKLE: Final = Material("Sparkle", srgb("#ffffff"), 0.3, srgb("#9a9a9a"))
BEANIE: Final = Material("Beanie", srgb("#f2704f"), 0.9)
FOLD: Final = Material("Fold", srgb("#e0593a"), 0.9)
HOODIE: Final = Material("Hoodie", srgb("#efe6d6"), 0.9)
TRIM: Final = Material("Trim", srgb("#f2704f"), 0.85)
TROUSERS: Final = Material("Trousers", srgb("#3f7f8c"), 0.9)
SOCKS: Final = Material("Socks", srgb("#f4f1ea"), 0.9)
SHOES: Final = Material("Shoes", srgb("#f7f5f0"), 0.5)
SOLES: Final = Material("Soles", srgb("#f2704f"), 0.7)
