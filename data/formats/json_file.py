"""What commands found, as JSON for programs to read."""

import json
from pathlib import Path
from typing import Any


def write_json(path: Path, document: dict[str, Any]) -> None:
    """Writes a document of plain values; also to a pipe or a terminal."""
    path.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
