"""``transflower-train audience``: what an audience sees of dances that were made by the whole program."""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro

from data.dataset.prepared_reader import PreparedFolder
from data.formats.json_file import write_json
from training.audience.real import RealDance
from training.audience.seen import read_dances
from training.audience.table import document, markdown, rows_of


@dataclass(frozen=True, kw_only=True)
class Audience:
    """Measures dances that `transflower generate` made: what leaves the whole engine, not the network alone.

    Each folder is a set of dances: a column for all of them, one for each song, and one for as many real dances of the
    same styles. What does not hold is bold. Two builds are compared by the dances that each of them made:
    - transflower generate songs --samples 3 --style HO --format npz -o after
    - transflower-train audience before after --folder prepared -o audience.json

    What `transflower bench` sets a dance beside, written anew:
    - transflower-train audience --folder prepared --real data/movement/real_dance.json

    Attributes:
        dances: Folders with a dances.json, or with folders that have one.
        folder: Prepared folder, for the real dances.
        output: File for the numbers, JSON.
        real: File for the figures of the real dances alone, JSON.
        seconds: Only so much of each dance is seen, from its beginning; all if not given.
        front_deg: Direction of the front, about +Y from +Z, degrees, where `--front-deg` turned it.
        by_song: Shows a column for each song.
    """

    dances: tyro.conf.Positional[tuple[Path, ...]]
    folder: Path
    output: Annotated[Path | None, tyro.conf.arg(aliases=["-o"])] = None
    real: Path | None = None
    seconds: float | None = None
    front_deg: float = 0.0
    by_song: bool = True


def real_dance_of(folder: Path) -> RealDance:
    """Of the training split of a prepared folder."""
    return RealDance.of(PreparedFolder.open(folder))


def main(arguments: list[str]) -> None:
    """Entry point of ``transflower-train audience``."""
    options = tyro.cli(Audience, args=arguments, prog="transflower-train audience", description=Audience.__doc__)
    if not options.dances and options.real is None:
        raise ValueError("name at least one folder of dances")
    if options.seconds is not None and not options.seconds > 0:
        raise ValueError(f"--seconds is how much of a dance is seen, and {options.seconds:g} is nothing")
    sets = {
        folder.name or str(folder): read_dances([folder], options.seconds, math.radians(options.front_deg))
        for folder in options.dances
    }
    real = real_dance_of(options.folder)
    if options.real is not None:
        write_json(options.real, real.figures().to_json())
        print(f"written: {options.real}")
    if not options.dances:
        return
    rows = [row for name, dances in sets.items() for row in rows_of(name, dances, real)]
    print(markdown(rows if options.by_song else [row for row in rows if ": " not in row.name]))
    if options.output is not None:
        write_json(options.output, document(rows))
        print(f"written: {options.output}")
