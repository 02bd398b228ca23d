"""Forearms and hands: four fingers that lie together, and a thumb."""

from bridge.stage.default_avatar import palette
from bridge.stage.default_avatar.distance import Shape, limb, mirrored, stretched, union
from bridge.stage.default_avatar.part import AvatarPart


def _hand() -> Shape:
    y = 1.24
    palm = stretched(
        limb((0.592, y, 0.000, 0.024), (0.615, y, 0.002, 0.033), (0.650, y, 0.000, 0.036)),
        (0, y, 0),
        (1.0, 0.42, 1.0),
    )
    fingers = union(
        *(
            limb(
                (0.655, y, z, 0.0098),
                (0.655 + 0.55 * length, y - 0.002, z * 1.06, 0.0092),
                (0.655 + length, y - 0.008, z * 1.08, 0.0076),
            )
            for z, length in ((0.0265, 0.073), (0.0090, 0.083), (-0.0085, 0.078), (-0.0255, 0.060))
        ),
        blend=0.004,
    )
    thumb = limb(
        (0.606, y - 0.003, 0.018, 0.0135),
        (0.634, y - 0.010, 0.046, 0.0115),
        (0.664, y - 0.014, 0.058, 0.0086),
    )
    return union(union(palm, fingers, blend=0.010), thumb, blend=0.014)


def hand_parts() -> list[AvatarPart]:
    """Skin from inside the sleeves to the finger tips."""
    forearm = stretched(
        limb((0.455, 1.24, 0, 0.035), (0.49, 1.24, 0, 0.034), (0.58, 1.24, 0, 0.0255)),
        (0, 1.24, 0),
        (1, 0.92, 1),
    )
    arms = mirrored(union(forearm, _hand(), blend=0.02))
    bones = ("LowerArm", "Hand", "LowerArmHalf", "UpperArm")
    return [
        AvatarPart(
            "Hands", palette.SKIN, arms, (-0.80, 1.17, -0.08), (0.80, 1.31, 0.11), (0.0135, 0.0086, 0.0086), bones
        )
    ]
