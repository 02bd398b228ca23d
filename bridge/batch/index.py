"""The index of a folder of dances: for each, to what and how it was danced, so that it can be made again and judged."""

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Final, Self

from bridge.control.control_fields import DanceFields
from bridge.control.controls import Controls
from bridge.dancer.backends import Backend
from data.formats.json_file import write_json

INDEX_NAME: Final = "dances.json"
FORMAT_VERSION: Final = 1


@dataclass(frozen=True, kw_only=True)
class Recipe(DanceFields):
    """All that makes a dance, the controls among it: on one machine the same recipe gives the same file.

    Attributes:
        song_sha256: Of the song's file.
        dancer_sha256: Of the dancer's file.
        backend: What stepped the dancer.
        seed: Chose the dance.
        look_ahead_frames: Frames of the music to come that the dancer heard.
        channels: Of the song, those that it heard, such as `3,4`; None is all.
    """

    song_sha256: str
    dancer_sha256: str
    backend: Backend
    seed: int
    look_ahead_frames: int
    channels: str | None = None

    @classmethod
    def of(cls, controls: Controls, **others: Any) -> Self:
        """The recipe with these controls; `others` are the fields that are none of them."""
        return cls(**others, **{field.name: getattr(controls, field.name) for field in fields(DanceFields)})

    def difference(self, other: "Recipe") -> str:
        """Where another recipe differs from this one, in words; empty if nowhere."""
        mine, theirs = asdict(self), asdict(other)
        return ", ".join(
            f"{name} {_short(mine[name])}, not {_short(theirs[name])}" for name in mine if mine[name] != theirs[name]
        )


@dataclass(frozen=True, kw_only=True)
class DanceEntry:
    """What is known of a dance.

    Attributes:
        file: The dance, a path relative to the index.
        sha256: Of that file.
        song: The song, a path relative to the index where there is one.
        dancer: File name of the dancer.
        model_class: Of the dancer.
        device: What it ran on.
        program: Version of this program.
        torch: Version of torch; with another one the last bits may differ. None where it is not installed.
        frames: Poses.
        rate_hz: Poses a second.
        seconds: Length.
        recipe: What made it; its fields stand beside these in the file.
    """

    file: str
    sha256: str
    song: str
    dancer: str
    model_class: str
    device: str
    program: str
    torch: str | None
    frames: int
    rate_hz: int
    seconds: float
    recipe: Recipe

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        entries = asdict(self)
        recipe = entries.pop("recipe")
        return {**entries, **recipe}

    @classmethod
    def from_json(cls, entries: dict[str, Any]) -> Self:
        """The entry that `to_json` wrote.

        Raises:
            ValueError: A field is missing, or is no plain value.
        """
        entries = {"channels": None, **entries}  # dances of before there was a choice
        names = {field.name for kind in (cls, Recipe) for field in fields(kind)} - {"recipe"}
        missing = sorted(names - entries.keys())
        if missing:
            raise ValueError(f"an entry lacks {', '.join(missing)}")
        odd = [name for name in names if not isinstance(entries[name], str | int | float | bool | None)]
        if odd or not isinstance(entries["file"], str):
            raise ValueError(f"an entry has an unusable {(odd or ['file'])[0]}")
        recipe = Recipe(**{field.name: entries[field.name] for field in fields(Recipe)})
        own = {field.name: entries[field.name] for field in fields(cls) if field.name != "recipe"}
        return cls(**own, recipe=recipe)


def read_index(folder: Path) -> dict[str, DanceEntry]:
    """The entries of a folder's index by their file; none where there is no index.

    Raises:
        ValueError: It is damaged, or of another version of this program; the message names it.
    """
    path = folder / INDEX_NAME
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(document, dict) or document.get("format_version") != FORMAT_VERSION:
            raise ValueError(f"it is not of format {FORMAT_VERSION}")
        found = [DanceEntry.from_json(entries) for entries in document["dances"]]
    except FileNotFoundError:
        return {}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"{path}: no index of dances that can be read ({error!r}); move it away") from None
    return {entry.file: entry for entry in found}


def add_to_index(folder: Path, entries: Mapping[str, DanceEntry]) -> None:
    """Adds entries, by their file, to what a folder's index tells now; it is replaced as a whole or not at all.

    It is read again each time, so that two programs may dance into one folder.

    Raises:
        ValueError: What is there cannot be read.
        OSError: It cannot be written.
    """
    merged = {**read_index(folder), **entries}
    dances = [merged[name].to_json() for name in sorted(merged)]
    write_json(folder / INDEX_NAME, {"format_version": FORMAT_VERSION, "dances": dances})


def _short(value: object) -> str:
    """A value for people: of a checksum, its beginning."""
    if isinstance(value, float) and math.isfinite(value):
        return f"{value:g}"
    return str(value)[:12]
