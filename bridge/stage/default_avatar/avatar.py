"""The whole avatar: its parts meshed, shaded, skinned and gathered by material."""

from typing import Final

import numpy as np

from bridge.stage.default_avatar.bones import Bones, dancer_bones
from bridge.stage.default_avatar.clothes import clothes_parts
from bridge.stage.default_avatar.distance import Points, Shape, Values
from bridge.stage.default_avatar.face import face_parts
from bridge.stage.default_avatar.hands import hand_parts
from bridge.stage.default_avatar.headwear import headwear_parts
from bridge.stage.default_avatar.part import AvatarPart
from bridge.stage.default_avatar.surface import mesh
from bridge.stage.default_avatar.vrm import Surface, vrm_bytes
from bridge.stage.default_avatar.weights import weights

_SHADE_REACHES_M: Final = (0.008, 0.02, 0.045, 0.09)
_SHADE: Final = np.array([0.62, 0.70, 0.72])
"""How much of red, green and blue is gone in the deepest fold: shade is warm."""


def avatar_parts() -> list[AvatarPart]:
    """All parts of the default avatar."""
    return [*face_parts(), *headwear_parts(), *hand_parts(), *clothes_parts()]


def make_avatar() -> bytes:
    """The default avatar as a VRM 1.0 file."""
    bones = dancer_bones()
    parts = avatar_parts()
    body = _body([part for part in parts if part.shaded])
    surfaces = [surface_of(part, bones, body) for part in parts]
    plain = [surface for surface in surfaces if not surface.morphs]
    moving = [surface for surface in surfaces if surface.morphs]
    return vrm_bytes(bones, {"Body": joined(plain), "Eyes": joined(moving)})


def surface_of(part: AvatarPart, bones: Bones, body: Shape) -> Surface:
    """A part meshed and skinned; `body` is what shades it."""
    made = mesh(part.shape, part.low, part.high, part.cells_m)
    colours = np.ones_like(made.positions)
    if part.shaded:
        colours *= 1.0 - shade(body, made.positions, made.normals)[:, None] * _SHADE
    if part.tint is not None:
        colours *= part.tint(made.positions, made.normals)
    return Surface(
        part.material,
        made.positions,
        made.normals,
        colours,
        weights(bones, made.positions, part.only),
        made.triangles,
        {name: move(made.positions) for name, move in part.morphs.items()},
    )


def shade(body: Shape, positions: Points, normals: Points) -> Values:
    """Ambient occlusion, 0 (open) to 1: how much nearer the body is than it would be to a point above a plane.

    Evans 2006, "Fast Approximations for Global Illumination on Dynamic Scenes".
    """
    total = np.zeros(len(positions))
    for reach in _SHADE_REACHES_M:
        nearer = 1.0 - body(positions + reach * normals) / reach
        total += np.clip(nearer, 0.0, 1.0) / len(_SHADE_REACHES_M)
    return np.clip(total, 0.0, 1.0)


def _body(parts: list[AvatarPart]) -> Shape:
    """All parts as one shape, right within the reach of the shade; farther off, no more than far."""
    reach = _SHADE_REACHES_M[-1]

    def distance(points: Points) -> Values:
        nearest = np.full(len(points), reach)
        for part in parts:
            near = ((points > np.array(part.low) - reach) & (points < np.array(part.high) + reach)).all(axis=1)
            nearest[near] = np.minimum(nearest[near], part.shape(points[near]))
        return nearest

    return distance


def joined(surfaces: list[Surface]) -> list[Surface]:
    """One surface a material."""
    result = []
    for material in list({id(surface.material): surface.material for surface in surfaces}.values()):
        same = [surface for surface in surfaces if surface.material is material]
        starts = np.cumsum([0, *(len(surface.positions) for surface in same)])
        result.append(
            Surface(
                material,
                np.concatenate([surface.positions for surface in same]),
                np.concatenate([surface.normals for surface in same]),
                np.concatenate([surface.colours for surface in same]),
                np.concatenate([surface.weights for surface in same]),
                np.concatenate([s.triangles + start for s, start in zip(same, starts, strict=False)]),
                {name: np.concatenate([surface.morphs[name] for surface in same]) for name in same[0].morphs},
            )
        )
    return result
