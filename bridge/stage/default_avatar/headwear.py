"""Hair in curtains from the middle of the brow, and a beanie over it."""

from typing import Final

from bridge.stage.default_avatar import palette
from bridge.stage.default_avatar.distance import Shape, common, ellipsoid, grown, half_space, limb, mirrored, union
from bridge.stage.default_avatar.face import skull
from bridge.stage.default_avatar.part import AvatarPart, cube

_BELOW_EDGE: Final = (0.0, -1.0, 0.28)
_ABOVE_EDGE: Final = (0.0, 1.0, -0.28)
"""The beanie's edge is higher in front than behind."""


def _hair() -> Shape:
    nape = common(
        grown(skull(), 0.010),
        half_space((0, 1.372, -0.05), (0, -1, 0.35)),
        half_space((0, 1.43, -0.022), (0, 0.15, 1)),
        blend=0.02,
    )
    over_ears = common(
        grown(skull(), 0.009),
        half_space((0, 1.452, 0.0), (0, -1, 0.3)),
        half_space((0, 1.45, 0.045), (0, 0, 1)),
        blend=0.012,
    )
    curtains = mirrored(
        union(
            limb(
                (0.010, 1.515, 0.086, 0.010),
                (0.032, 1.496, 0.084, 0.012),
                (0.062, 1.466, 0.060, 0.011),
                (0.078, 1.430, 0.030, 0.004),
            ),
            limb(
                (0.026, 1.515, 0.080, 0.013),
                (0.060, 1.490, 0.060, 0.013),
                (0.080, 1.450, 0.022, 0.010),
                (0.083, 1.404, 0.012, 0.003),
            ),
            limb((0.070, 1.480, 0.036, 0.013), (0.076, 1.455, 0.028, 0.012), (0.079, 1.432, 0.020, 0.008)),
            blend=0.008,
        )
    )
    below_beanie = half_space((0, 1.518, 0.06), _ABOVE_EDGE)
    return common(union(nape, over_ears, curtains, blend=0.014), below_beanie, blend=0.008)


def _crown(by_m: float) -> Shape:
    round_top = ellipsoid((0, 1.490, -0.010), (0.084, 0.096, 0.098))
    slouch = ellipsoid((0, 1.535, -0.045), (0.06, 0.058, 0.06))
    return grown(union(round_top, slouch, blend=0.05), by_m)


def headwear_parts() -> list[AvatarPart]:
    """Hair and beanie."""
    cap = common(_crown(0.0), half_space((0, 1.515, 0.06), _BELOW_EDGE), blend=0.01)
    fold = common(
        _crown(0.0085),
        half_space((0, 1.496, 0.06), _BELOW_EDGE),
        half_space((0, 1.536, 0.06), _ABOVE_EDGE),
        blend=0.015,
    )
    box = (-0.11, 1.3, -0.14), (0.11, 1.65, 0.13)
    return [
        AvatarPart("Hair", palette.HAIR, _hair(), *box, cube(0.0110), ("Head",)),
        AvatarPart("Beanie", palette.BEANIE, cap, *box, cube(0.0175), ("Head",)),
        AvatarPart("BeanieFold", palette.FOLD, fold, *box, (0.016, 0.012, 0.016), ("Head",)),
    ]
