"""What commands found, as JSON for programs to read."""

import json
from pathlib import Path
from typing import Any

from data.formats.whole_file import whole_file


def write_json(path: Path, document: dict[str, Any]) -> None:
    """Writes a document of plain values: whole or not at all, but straight into pipes, terminals and links."""
    text = json.dumps(document, indent=2) + "\n"
    if path.is_symlink() or (path.exists() and not path.is_file()):  # /dev/stdout is a link, perhaps to a log
        path.write_text(text, encoding="utf-8")
        return
    with whole_file(path) as part:
        part.write_text(text, encoding="utf-8")
