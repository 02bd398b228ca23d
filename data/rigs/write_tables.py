"""Writes the tables of bones and rigs for other languages: `make tables`, or `python -m data.rigs.write_tables`.

The modules `rig_names` and `rig_words` are the source; the page in the browser reads what is written here. A test
compares them.
"""

import json
from pathlib import Path
from typing import Any, Final

from data.rigs import rig_words
from data.rigs.rig_names import BONE_PARENTS, HUMANOID, LABELS, NAMES, TRUNK

FOLDER: Final = Path(__file__).parents[1] / "tables"


def written() -> dict[Path, str]:
    """Each file, and what it must hold."""
    humanoid = {"about": _about("rig_names"), "bones": list(HUMANOID), "parents": BONE_PARENTS, "trunk": list(TRUNK)}
    rigs = {
        "about": _about("rig_names, data.rigs.rig_words"),
        "rigs": {LABELS[rig]: dict(table) for rig, table in NAMES.items()},
        "words": rig_words.vocabulary(),
    }
    return {FOLDER / "humanoid.json": _text(humanoid), FOLDER / "rigs.json": _text(rigs)}


def _about(modules: str) -> str:
    return f"Written by `make tables` from data.rigs.{modules}: change these."


def _text(content: dict[str, Any]) -> str:
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def main() -> None:
    """Writes what has changed, and prints which."""
    for path, text in written().items():
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            print(path.name)


if __name__ == "__main__":
    main()
