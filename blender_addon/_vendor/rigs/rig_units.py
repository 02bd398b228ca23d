"""Units of length of recordings: what one is in metres, as somebody says it or as the figure's legs tell."""

import math
from typing import Final

UNITS_M: Final[dict[str, float]] = {
    "mm": 0.001,
    "cm": 0.01,
    "in": 0.0254,
    "cmu": 0.056444,
    "dm": 0.1,
    "ft": 0.3048,
    "m": 1.0,
}
"""Units by name; cmu is that of CMU's recordings, 1/0.45 inches."""

AUTO: Final = "auto"
_LEAST_M, _MOST_M = 1e-6, 1e6

_SHORTEST_LEG: Final = 0.2
_LONGEST_LEG: Final = (
    *((1.9, "m"), (4.5, "ft"), (11.0, "dm"), (20.0, "cmu"), (41.0, "in"), (290.0, "cm"), (2900.0, "mm")),
)
"""Up to what length of a leg, from its upper joint to its ankle, a number stands for which unit. A person's are 0.55 to
1.05 m; a centimetre, the usual unit, is believed of children and giants too."""


def parse_unit(text: str) -> float | None:
    """Metres in a unit: one of `UNITS_M`, or a number; None for `auto`.

    Raises:
        ValueError: It is none.

    Example:
        >>> parse_unit("cm"), parse_unit("0.5"), parse_unit("auto")
        (0.01, 0.5, None)
    """
    name = text.strip().lower()
    if name == AUTO:
        return None
    if name in UNITS_M:
        return UNITS_M[name]
    try:
        metres = float(name)
    except ValueError:
        metres = 0.0
    if not _LEAST_M <= metres <= _MOST_M:
        raise ValueError(f"--unit is {text!r}: {', '.join(UNITS_M)}, how many metres one is (0.0254), or {AUTO}")
    return metres


def guess_unit(leg: float) -> float:
    """Metres in the unit in which a person's leg would be as long; a centimetre where there is no leg.

    What is longer or shorter in every usual unit was scaled once too often: some power of ten makes it a person's.

    Args:
        leg: From the upper leg's joint over the knee to the ankle, in the file's unit.

    Example:
        >>> guess_unit(0.82), guess_unit(82.0), guess_unit(33.0), guess_unit(820.0), guess_unit(0.0082)
        (1.0, 0.01, 0.0254, 0.001, 100.0)
    """
    if leg >= _SHORTEST_LEG:
        usual = next((name for longest, name in _LONGEST_LEG if leg < longest), None)
        if usual is not None:
            return UNITS_M[usual]
    metres = 10.0 ** -math.floor(math.log10(leg / _SHORTEST_LEG)) if leg > 0 else 0.0
    return metres if _LEAST_M <= metres <= _MOST_M else UNITS_M["cm"]


def unit_name(metres: float) -> str:
    """What people call a unit.

    Example:
        >>> unit_name(0.0254), unit_name(100.0)
        ('in', 'units of 100 m')
    """
    return next((name for name, known in UNITS_M.items() if known == metres), f"units of {metres:g} m")
