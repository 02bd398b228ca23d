"""Tables of what a prepared folder holds."""

from collections import defaultdict
from collections.abc import Collection
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from data.dataset.prepared_folder import SPLITS, read_fingerprint

FEATURES: Final = ("pose", "audio", "beat", "energy")


def show(folder: Path, console: Console, without: Collection[str] = ()) -> None:
    """Print hours by style and split, and the range of each group of columns over the training sequences.

    Args:
        folder: A prepared folder.
        console: Where to.
        without: Sequences whose files cannot be read.

    Raises:
        ValueError: the folder is not a prepared one.
    """
    document = read_fingerprint(folder)
    console.print(hours_table(document))
    console.print(range_table(folder, document, without))
    console.print(
        f"{document['frame_rate_hz']} frames a second, rotations as {document['pose_codec']['rotation']}, ", end=""
    )
    console.print(f"sound features {document['audio_fingerprint']}", highlight=False)


def hours_table(document: dict) -> Table:  # type: ignore[type-arg]  # a JSON document
    """Minutes of every style in every split, with choreographies."""
    seconds: dict[str, dict[str, float]] = defaultdict(lambda: dict.fromkeys(SPLITS, 0.0))
    for entry in document["sequences"].values():
        seconds[entry["style"]][entry["split"]] += entry["duration_s"]
    table = Table("style", *(f"{split}, min" for split in SPLITS), title=f"{len(document['sequences'])} sequences")
    for style in sorted(seconds):
        table.add_row(style, *(f"{seconds[style][split] / 60:.1f}" for split in SPLITS))
    totals = (sum(row[split] for row in seconds.values()) for split in SPLITS)
    table.add_row("all", *(f"{total / 60:.1f}" for total in totals), style="bold")
    table.add_row("choreographies", *(str(len(document["groups"][split])) for split in SPLITS))
    return table


def range_table(folder: Path, document: dict, without: Collection[str]) -> Table:  # type: ignore[type-arg]
    """Least, mean, spread and greatest value of every group of columns in training."""
    sequences = document["sequences"].items()
    names = [name for name, entry in sequences if entry["split"] == "train" and name not in without]
    table = Table("feature", "columns", "least", "mean", "deviation", "greatest", title="training rows")
    for feature in FEATURES:
        groups = document.get(f"{feature}_columns", {"": [0, 1]})
        pieces: dict[str, list[NDArray[np.float64]]] = {group: [] for group in groups}
        for name in names:
            rows = np.load(folder / f"{name}.{feature}.npy", mmap_mode="r")
            for group, (start, stop) in groups.items():
                part = rows[:, start:stop].astype(np.float64)
                pieces[group].append(np.array([part.min(), part.max(), part.sum(), np.square(part).sum(), part.size]))
        for group, (start, stop) in groups.items():
            if not pieces[group]:
                continue
            stats = np.array(pieces[group])
            mean = stats[:, 2].sum() / stats[:, 4].sum()
            deviation = np.sqrt(max(0.0, stats[:, 3].sum() / stats[:, 4].sum() - mean**2))
            values = (stats[:, 0].min(), mean, deviation, stats[:, 1].max())
            table.add_row(f"{feature} {group}".strip(), str(stop - start), *(f"{value:.3g}" for value in values))
    return table
