"""What commands found, as JSON for programs to read."""

import json
from pathlib import Path
from typing import Any

from data.formats.whole_file import whole_file


def write_json(path: Path, document: dict[str, Any]) -> None:
    """Writes a document of plain values: whole or not at all, or to what is there and no file, as pipe and terminal."""
    text = json.dumps(document, indent=2) + "\n"
    if path.exists() and not path.is_file():
        path.write_text(text, encoding="utf-8")
        return
    with whole_file(path.resolve()) as part:  # what a link leads to is written, and the link stays
        part.write_text(text, encoding="utf-8")
