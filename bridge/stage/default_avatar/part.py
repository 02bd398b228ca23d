"""A part of the avatar: a closed surface of one material."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bridge.stage.default_avatar.distance import Place, Points, Shape


@dataclass(frozen=True)
class Material:
    """What a surface looks like: glTF's metallic-roughness model, without metal.

    Attributes:
        name: unique.
        colour: linear red, green and blue, 0 to 1; `srgb` makes it from a web colour.
        roughness: 0 (a mirror) to 1 (chalk).
        glow: as `colour`, light that it gives off itself.
    """

    name: str
    colour: tuple[float, float, float]
    roughness: float = 0.85
    glow: tuple[float, float, float] = (0.0, 0.0, 0.0)


@dataclass(frozen=True)
class AvatarPart:
    """One closed surface.

    Attributes:
        name: unique.
        material: of all of it.
        shape: its signed distance.
        low: corner of a box round it, metres.
        high: opposite corner.
        cells_m: about the size of its triangles along x, y and z.
        only: bones that may move it, without their side; empty for all, see `weights`.
        tint: factor on the material's colour at points (n, 3) with normals (n, 3), as (n, 3).
        morphs: by name, how far vertices (n, 3) move, (n, 3) metres.
        shaded: darkened where parts or its own folds hem it in, and darkens others.
    """

    name: str
    material: Material
    shape: Shape
    low: Place
    high: Place
    cells_m: Place
    only: tuple[str, ...] = ()
    tint: Callable[[Points, Points], Points] | None = None
    morphs: Mapping[str, Callable[[Points], Points]] = field(default_factory=dict)
    shaded: bool = True


def srgb(web_colour: str) -> tuple[float, float, float]:
    """Linear red, green and blue of a web colour such as ``#ff7a59``."""
    channels = [int(web_colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return red, green, blue


def cube(edge_m: float) -> Place:
    """Cells as long as wide and high."""
    return edge_m, edge_m, edge_m
