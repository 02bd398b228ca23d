"""What an audience sees, as a table: what must hold, real dance, and every set of dances in all and by song."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from training.audience.measures import AUDIENCE_MEASURES, measure_audience, style_matrix
from training.audience.real import RealDance
from training.audience.seen import SeenDance
from training.evaluation.prompts import PromptMatrix

STYLE_MUST: Final = 0.55


@dataclass(frozen=True, kw_only=True)
class AudienceRow:
    """A set of dances.

    Attributes:
        name: What they are.
        num_dances: How many.
        values: By key of `AUDIENCE_MEASURES`.
        styles: Distances to real dance by style; None where not all styles were asked for.
    """

    name: str
    num_dances: int
    values: Mapping[str, float]
    styles: PromptMatrix | None

    @property
    def is_style_shown(self) -> bool | None:
        """Whether styles can be told apart; None where not all were asked for."""
        return None if self.styles is None else self.styles.centred_nearest >= STYLE_MUST


def rows_of(name: str, dances: Sequence[SeenDance], real: RealDance) -> list[AudienceRow]:
    """The real dances of the same styles, all dances, and those to each song."""
    songs = sorted({dance.song for dance in dances})
    sets = {f"real, as {name}": real.like(dances), name: dances}
    if len(songs) > 1:
        sets |= {f"{name}: {song}": [dance for dance in dances if dance.song == song] for song in songs}
    return [
        AudienceRow(
            name=row,
            num_dances=len(some),
            values=measure_audience(some, real),
            styles=style_matrix(some, real) if row == name else None,
        )
        for row, some in sets.items()
    ]


def markdown(rows: Sequence[AudienceRow]) -> str:
    """The table, in which what does not hold is bold; measures stand below each other, sets side by side."""
    num_styles = next((len(row.styles.styles) for row in rows if row.styles is not None), 0)
    lines = [
        f"| | must | {' | '.join(row.name for row in rows)} |",
        "|---" * (len(rows) + 2) + "|",
        f"| dances | | {' | '.join(str(row.num_dances) for row in rows)} |",
    ]
    for measure in AUDIENCE_MEASURES:
        cells = [_cell(row.values[measure.key], measure.digits, measure.holds(row.values[measure.key])) for row in rows]
        lines.append(f"| {measure.label} | {measure.must} | {' | '.join(cells)} |")
    if num_styles:
        nearest = [float("nan") if row.styles is None else row.styles.centred_nearest for row in rows]
        cells = [_cell(value, 2, row.is_style_shown) for value, row in zip(nearest, rows, strict=True)]
        lines.append(f"| style nearest, centred (of {num_styles}) | ≥ {STYLE_MUST} | {' | '.join(cells)} |")
        ranks = [float("nan") if row.styles is None else row.styles.centred_rank for row in rows]
        lines.append(f"| rank of the style, centred | | {' | '.join(_cell(rank, 1, None) for rank in ranks)} |")
    return "\n".join(lines) + "\n"


def _cell(value: float, digits: int, holds: bool | None) -> str:
    if math.isnan(value):
        return "–"
    text = f"{value:.{digits}f}"
    return f"**{text}**" if holds is False else text


def document(rows: Sequence[AudienceRow]) -> dict[str, Any]:
    """All numbers, for JSON; null where there is none."""
    return {
        "measures": {measure.key: {"label": measure.label, "must": measure.must} for measure in AUDIENCE_MEASURES},
        "rows": [
            {
                "name": row.name,
                "dances": row.num_dances,
                **{key: None if math.isnan(value) else value for key, value in row.values.items()},
                "style_nearest_centred": None if row.styles is None else row.styles.centred_nearest,
                "style_rank_centred": None if row.styles is None else row.styles.centred_rank,
            }
            for row in rows
        ],
    }
