"""The clothes: a cropped hoodie with its sleeves pushed up, joggers, socks and sneakers."""

from typing import Final

from bridge.stage.default_avatar import palette
from bridge.stage.default_avatar.distance import (
    Shape,
    both_sides,
    common,
    ellipsoid,
    half_space,
    laid_on,
    limb,
    mirrored,
    stretched,
    union,
    without,
)
from bridge.stage.default_avatar.part import AvatarPart, cube

_UPPER_BODY: Final = ("Chest", "Hips", "Spine", "Shoulder", "UpperArm", "UpperArmHalf", "LowerArm", "LowerArmHalf")


def _torso() -> Shape:
    chest = ellipsoid((0, 1.155, -0.004), (0.143, 0.125, 0.100))
    waist = stretched(limb((0, 1.10, 0, 0.119), (0, 0.97, 0, 0.128)), (0, 1, 0), (1.08, 1.0, 0.82))
    shoulders = mirrored(limb((0.02, 1.252, -0.012, 0.052), (0.125, 1.238, -0.004, 0.056)))
    return union(chest, waist, shoulders, blend=0.06)


def _sleeves() -> Shape:
    return mirrored(
        limb((0.13, 1.236, 0, 0.060), (0.24, 1.236, 0, 0.055), (0.36, 1.238, 0, 0.050), (0.435, 1.239, 0, 0.049))
    )


def _sweater() -> Shape:
    body = common(
        union(_torso(), _sleeves(), blend=0.045),
        half_space((0, 0.905, 0), (0, -1, 0)),
        mirrored(half_space((0.462, 0, 0), (1, 0, 0))),
        blend=0.024,
    )
    neckline = limb((0, 1.265, 0.046, 0.030), (0, 1.32, 0.006, 0.050), (0, 1.42, -0.01, 0.07))
    return without(body, neckline, blend=0.016)


def _hood() -> Shape:
    """A roll round the neck, and the hood that hangs from it."""
    roll = mirrored(
        limb(
            (0.013, 1.258, 0.084, 0.013),
            (0.036, 1.279, 0.068, 0.019),
            (0.066, 1.303, 0.018, 0.023),
            (0.066, 1.313, -0.040, 0.026),
            (0.038, 1.311, -0.082, 0.029),
            (0.0, 1.305, -0.094, 0.031),
        )
    )
    return union(roll, ellipsoid((0, 1.250, -0.098), (0.080, 0.066, 0.036)), blend=0.03)


def _pocket() -> Shape:
    outline = mirrored(
        common(
            half_space((0.090, 0.93, 0), (1, 0, 0)),
            half_space((0.062, 1.04, 0), (0.85, 0.55, 0)),
            half_space((0, 1.060, 0), (0, 1, 0)),
            half_space((0, 0.950, 0), (0, -1, 0)),
            blend=0.01,
        )
    )
    return laid_on(_sweater(), outline, 0.0085, 0.012)


def _bars() -> Shape:
    """What a sound looks like, on the chest."""
    heights = ((-0.046, 0.009), (-0.023, 0.021), (0.0, 0.033), (0.023, 0.021), (0.046, 0.009))
    outline = union(*(limb((x, 1.105 - h, 0, 0.0078), (x, 1.105 + h, 0, 0.0078)) for x, h in heights))
    return laid_on(_sweater(), outline, 0.0050, 0.005)


def _trousers() -> Shape:
    pelvis = ellipsoid((0, 0.868, -0.004), (0.128, 0.082, 0.093))
    seat = mirrored(ellipsoid((0.054, 0.830, -0.038), (0.064, 0.066, 0.064)))
    legs = both_sides(
        limb(
            (0.080, 0.810, 0.002, 0.0715),
            (0.082, 0.720, 0.005, 0.0690),
            (0.081, 0.620, 0.007, 0.0660),
            (0.080, 0.460, 0.004, 0.0570),
            (0.080, 0.340, -0.014, 0.0580),
            (0.080, 0.220, -0.012, 0.0500),
            (0.079, 0.150, -0.008, 0.0440),
        ),
        blend=0.025,
    )
    body = union(pelvis, seat, legs, blend=0.035)
    return common(body, half_space((0, 0.915, 0), (0, 1, 0)), half_space((0, 0.142, 0), (0, -1, 0)), blend=0.022)


def _outline_of_sole(wider_m: float) -> Shape:
    plan = mirrored(
        limb(
            (0.079, 0, -0.030, 0.036 + wider_m),
            (0.081, 0, 0.050, 0.036 + wider_m),
            (0.086, 0, 0.128, 0.042 + wider_m),
        )
    )
    return lambda points: plan(points * [1, 0, 1])


def _sole() -> Shape:
    return common(
        _outline_of_sole(0.006),
        half_space((0, 0.030, 0), (0, 1, -0.05)),
        half_space((0, 0, 0), (0, -1, 0)),
        blend=0.014,
    )


def _shoe() -> Shape:
    upper = mirrored(
        union(
            limb((0.079, 0.046, -0.026, 0.040), (0.080, 0.052, 0.030, 0.042), (0.086, 0.026, 0.128, 0.038)),
            limb((0.079, 0.05, -0.012, 0.044), (0.079, 0.085, -0.014, 0.046)),
            blend=0.02,
        )
    )
    return common(
        upper, half_space((0, 0.012, 0), (0, -1, 0)), half_space((0, 0.097, -0.02), (0, 1, 0.25)), blend=0.016
    )


def _laces() -> Shape:
    rows = ((0.0915, 0.050), (0.0850, 0.070), (0.0775, 0.090))
    return mirrored(
        union(
            *(
                limb(
                    (0.081 - 0.024, y - 0.0085, z, 0.0056),
                    (0.081, y, z, 0.0046),
                    (0.081 + 0.024, y - 0.0085, z, 0.0056),
                )
                for y, z in rows
            )
        )
    )


def clothes_parts() -> list[AvatarPart]:
    """Everything worn from the neck down."""
    cuffs = mirrored(
        common(
            limb((0.40, 1.239, 0, 0.0445), (0.50, 1.239, 0, 0.0405)),
            half_space((0.452, 0, 0), (-1, 0, 0)),
            half_space((0.482, 0, 0), (1, 0, 0)),
            blend=0.012,
        )
    )
    hem = common(
        stretched(limb((0, 1.0, 0, 0.1210), (0, 0.8, 0, 0.1225)), (0, 1, 0), (1.08, 1.0, 0.82)),
        half_space((0, 0.880, 0), (0, -1, 0)),
        half_space((0, 0.93, 0), (0, 1, 0)),
        blend=0.016,
    )
    strings = mirrored(
        limb(
            (0.024, 1.262, 0.089, 0.0052),
            (0.030, 1.215, 0.102, 0.0052),
            (0.031, 1.165, 0.1035, 0.0052),
            (0.031, 1.15, 0.1035, 0.0068),
        )
    )
    ankle_cuffs = mirrored(
        common(
            limb((0.079, 0.2, -0.008, 0.0475), (0.079, 0.05, -0.006, 0.0455)),
            half_space((0, 0.112, 0), (0, -1, 0)),
            half_space((0, 0.150, 0), (0, 1, 0)),
            blend=0.012,
        )
    )
    socks = mirrored(limb((0.079, 0.070, -0.008, 0.034), (0.079, 0.13, -0.006, 0.036)))
    wide = (-0.55, 0.82, -0.19), (0.55, 1.42, 0.19)
    feet = (-0.16, -0.06, -0.10), (0.16, 0.2, 0.21)
    legs = (-0.2, 0.08, -0.16), (0.2, 1.0, 0.16)
    return [
        AvatarPart("Sweater", palette.HOODIE, _sweater(), *wide, (0.024, 0.021, 0.021), _UPPER_BODY),
        AvatarPart(
            "Hood", palette.HOODIE, _hood(), (-0.12, 1.15, -0.17), (0.12, 1.38, 0.13), cube(0.015), ("Chest", "Spine")
        ),
        AvatarPart(
            "Pocket",
            palette.HOODIE,
            _pocket(),
            (-0.15, 0.85, 0.0),
            (0.15, 1.1, 0.17),
            (0.0135, 0.0135, 0.0075),
            _UPPER_BODY,
        ),
        AvatarPart(
            "Bars",
            palette.TRIM,
            _bars(),
            (-0.07, 1.05, 0.02),
            (0.07, 1.16, 0.15),
            (0.0058, 0.0075, 0.006),
            _UPPER_BODY,
            shaded=False,
        ),
        AvatarPart("Cuffs", palette.TRIM, cuffs, *wide, (0.010, 0.014, 0.014), _UPPER_BODY),
        AvatarPart("Hem", palette.TRIM, hem, *wide, (0.018, 0.012, 0.018)),
        AvatarPart(
            "Strings",
            palette.TRIM,
            strings,
            (-0.05, 1.12, 0.05),
            (0.05, 1.29, 0.13),
            (0.0055, 0.010, 0.0055),
            _UPPER_BODY,
        ),
        AvatarPart("Trousers", palette.TROUSERS, _trousers(), *legs, (0.0205, 0.027, 0.0205)),
        AvatarPart("AnkleCuffs", palette.TRIM, ankle_cuffs, *feet, (0.016, 0.0125, 0.016)),
        AvatarPart("Socks", palette.SOCKS, socks, *feet, cube(0.017)),
        AvatarPart("Shoes", palette.SHOES, _shoe(), *feet, cube(0.0132), ("Foot",)),
        AvatarPart("Laces", palette.TRIM, _laces(), *feet, (0.008, 0.0052, 0.0052), ("Foot",)),
        AvatarPart("Soles", palette.SOLES, _sole(), *feet, (0.0145, 0.0105, 0.0145), ("Foot",)),
    ]
