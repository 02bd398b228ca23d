"""Head and neck: a friendly face of few features, whose eyes can close."""

from collections.abc import Callable
from functools import partial
from typing import Final

import numpy as np

from bridge.stage.default_avatar import palette
from bridge.stage.default_avatar.distance import (
    Points,
    Shape,
    Values,
    common,
    ellipsoid,
    half_space,
    laid_on,
    limb,
    mirrored,
    round_cone,
    union,
    without,
)
from bridge.stage.default_avatar.part import AvatarPart, Material, cube

_EYE: Final = (0.0335, 1.4335)
_EYE_RADII: Final = (0.0105, 0.0165)


def skull() -> Shape:
    """The head without nose, ears and neck."""
    cranium = ellipsoid((0, 1.478, -0.010), (0.078, 0.096, 0.092))
    jaw = ellipsoid((0, 1.405, 0.016), (0.060, 0.058, 0.064))
    chin = ellipsoid((0, 1.364, 0.052), (0.024, 0.018, 0.022))
    cheeks = mirrored(ellipsoid((0.036, 1.404, 0.044), (0.027, 0.026, 0.028)))
    return union(cranium, jaw, cheeks, chin, blend=0.035)


def _face() -> Shape:
    nose = union(
        ellipsoid((0, 1.412, 0.086), (0.0105, 0.0088, 0.0118)),
        round_cone((0, 1.44, 0.074), (0, 1.415, 0.081), 0.005, 0.007),
        blend=0.01,
    )
    sockets = mirrored(ellipsoid((_EYE[0], _EYE[1], 0.104), (0.022, 0.022, 0.024)))
    face = without(skull(), sockets, blend=0.03)
    ears = mirrored(
        without(
            ellipsoid((0.079, 1.427, -0.008), (0.012, 0.029, 0.019)),
            ellipsoid((0.094, 1.430, 0.002), (0.009, 0.018, 0.011)),
            blend=0.008,
        )
    )
    return union(union(face, nose, blend=0.014), ears, blend=0.010)


def _head_and_neck() -> Shape:
    neck = limb((0, 1.265, -0.012, 0.047), (0, 1.30, -0.012, 0.043), (0, 1.39, -0.006, 0.042))
    return union(_face(), neck, blend=0.025)


def _blush(points: Points, normals: Points) -> Points:
    """Warm cheeks, ears and tip of the nose."""

    def spot(x: float, y: float, z: float, radius: float) -> Values:
        offset = np.stack([np.abs(points[:, 0]) - x, points[:, 1] - y, points[:, 2] - z], axis=1)
        return np.exp(-(offset**2).sum(axis=1) / radius**2)

    warmth = spot(0.046, 1.400, 0.064, 0.021) + 0.5 * spot(0, 1.412, 0.1, 0.014) + 0.5 * spot(0.085, 1.43, 0, 0.025)
    return 1.0 - np.minimum(warmth, 1.0)[:, None] * np.array([0.02, 0.30, 0.28])


def _closed(points: Points, height: float) -> Points:
    """Eyes flat: what is above and below goes to a line at `height`, which bows as a lid's edge does."""
    across = (np.abs(points[:, 0]) - _EYE[0]) / _EYE_RADII[0]
    line = height + (0.0035 * (across**2) if height < _EYE[1] else -0.0045 * across**2)
    moves = np.zeros_like(points)
    moves[:, 1] = (line - points[:, 1]) * 0.86
    # On the face's slope a lower point lies a little further back or in front; the eye stays proud of the lid.
    moves[:, 2] = 0.0012
    return moves


def _eyes() -> list[AvatarPart]:
    x, y = _EYE
    rx, ry = _EYE_RADII
    blink = partial(_closed, height=y - 0.006)
    happy = partial(_closed, height=y + 0.003)
    oval = mirrored(ellipsoid((x, y, 0), (rx, ry, rx)))
    glint = mirrored(
        union(
            ellipsoid((x + 0.003, y + 0.0065, 0), (0.0036, 0.0042, 0.0036)),
            ellipsoid((x - 0.0035, y - 0.007, 0), (0.0018, 0.002, 0.0018)),
        )
    )

    def gone(points: Points) -> Points:
        return blink(points) + np.array([0.0, 0.0, -0.008])

    def part(
        name: str, material: Material, shape: Shape, cell_m: float, **morphs: Callable[[Points], Points]
    ) -> AvatarPart:
        low, high = (-x - 0.02, y - 0.025, 0.02), (x + 0.02, y + 0.025, 0.115)
        return AvatarPart(name, material, shape, low, high, cube(cell_m), ("Head",), morphs=morphs, shaded=False)

    return [
        part("Eyes", palette.EYES, laid_on(_face(), oval, 0.0022, 0.004), 0.0034, blink=blink, happy=happy),
        part("Glints", palette.SPARKLE, laid_on(_face(), glint, 0.0034, 0.0015), 0.0029, blink=gone, happy=gone),
    ]


def face_parts() -> list[AvatarPart]:
    """Skin of head and neck, eyes, brows and mouth."""
    # What the beanie hides need not be there.
    skin = common(_head_and_neck(), half_space((0, 1.535, 0), (0, 1, 0)), blend=0.01)
    brows = mirrored(limb((0.021, 1.4665, 0, 0.0023), (0.034, 1.4705, 0, 0.0030), (0.048, 1.4655, 0, 0.0017)))
    mouth = mirrored(limb((-0.007, 1.3815, 0, 0.0026), (0.007, 1.3815, 0, 0.0026), (0.0225, 1.3888, 0, 0.0025)))
    low, high = (-0.06, 1.36, 0.02), (0.06, 1.49, 0.125)
    bones = ("Neck", "Head", "Chest")
    return [
        AvatarPart(
            "Head", palette.SKIN, skin, (-0.11, 1.18, -0.14), (0.11, 1.6, 0.13), cube(0.0108), bones, tint=_blush
        ),
        *_eyes(),
        AvatarPart(
            "Brows",
            palette.HAIR,
            laid_on(_face(), brows, 0.002, 0.003),
            low,
            high,
            (0.0042, 0.0021, 0.0042),
            ("Head",),
            shaded=False,
        ),
        AvatarPart(
            "Mouth",
            palette.LIPS,
            laid_on(_face(), mouth, 0.0016, 0.002),
            low,
            high,
            (0.0034, 0.0018, 0.0030),
            ("Head",),
            shaded=False,
        ),
    ]
