"""The leash: a circle around home that the dancer does not leave, without a tug."""

import math
from typing import Final

SPOT_M: Final = 0.25
"""Radius of the spot: people who dance on the spot still shift their hips."""

_LOOSE: Final = 0.5  # part of the radius within which nothing is felt
_RETURN_SPEED_M_S: Final = 0.2  # speed towards home at the edge, so that the dancer does not stay there
_CALL_PER_S: Final = 1.2  # speed towards home, for every metre outside a circle that was drawn smaller
_MAX_CALL_M_S: Final = 1.0  # a walk


def leashed(
    velocity: tuple[float, float], place: tuple[float, float], *, leash_m: float, period_s: float
) -> tuple[float, float]:
    """The velocity of a dancer on the leash, for the next frame.

    In the inner half of the circle it is the dancer's own. From there to the edge the part that leads outwards fades to
    nothing, and a soft call homewards grows. Who is outside, because the circle was drawn smaller, is called back at a
    walk. After the frame the dancer is in the circle, or no farther from home than before.

    Args:
        velocity: What the dancer wants, (x, z) in the world, m/s.
        place: Where the dancer is, from home, (x, z), metres.
        leash_m: Radius of the circle; less than `SPOT_M` counts as that.
        period_s: Length of the frame.

    Example:
        >>> leashed((0.5, 0.0), place=(0.1, 0.0), leash_m=1.5, period_s=1 / 30)  # near home it is not felt
        (0.5, 0.0)
        >>> outwards, _ = leashed((0.5, 0.0), place=(1.4, 0.0), leash_m=1.5, period_s=1 / 30)
        >>> outwards < 0  # near the edge the dancer turns back
        True
    """
    radius = max(leash_m, SPOT_M)
    x, z = place
    distance = math.hypot(x, z)
    if distance > _LOOSE * radius:
        out_x, out_z = x / distance, z / distance
        outwards = velocity[0] * out_x + velocity[1] * out_z
        pulled = min(1.0, (distance - _LOOSE * radius) / (radius - _LOOSE * radius))  # 0 to 1 at the edge
        kept = outwards if outwards < 0.0 else outwards * (1.0 - pulled)
        call = _RETURN_SPEED_M_S * pulled * pulled + min(_MAX_CALL_M_S, _CALL_PER_S * max(0.0, distance - radius))
        change = kept - call - outwards
        velocity = velocity[0] + change * out_x, velocity[1] + change * out_z
    next_x, next_z = x + velocity[0] * period_s, z + velocity[1] * period_s
    next_distance, farthest = math.hypot(next_x, next_z), max(radius, distance)
    if next_distance <= farthest:
        return velocity
    share = farthest / next_distance
    return (share * next_x - x) / period_s, (share * next_z - z) / period_s
