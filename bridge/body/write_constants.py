"""Writes the constants of the body for C#: `make tables`, or `python -m bridge.body.write_constants`.

Python, the page and the Blender extension read `data/tables/body.json` themselves. A test compares what is written.
"""

from pathlib import Path
from typing import Final

from data.motion.body_constants import BODY

FILE: Final = Path(__file__).parents[2] / "unity_client" / "Runtime" / "Core" / "BodyConstants.cs"
_GROUPS: Final = {"leg": "Leg", "avatar_foot_lock": "FootLock"}
"""What the Unity package needs of the table, and how it is called there."""


def written() -> str:
    """What the file must hold."""
    lines = [
        "namespace Transflower.Core",
        "{",
        "    /// <summary>",
        "    /// Constants of the body. Written by `make tables` from data/tables/body.json: change them there.",
        "    /// Lengths are metres, times seconds, parts of a length without a unit.",
        "    /// </summary>",
        "    public static class BodyConstants",
        "    {",
    ]
    for group, prefix in _GROUPS.items():
        lines += [
            f"        public const double {prefix}{_camel(name)} = {value!r};" for name, value in BODY[group].items()
        ]
    return "\n".join([*lines, "    }", "}", ""])


def _camel(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))


def main() -> None:
    """Writes the file if it has changed, and says so."""
    text = written()
    if not FILE.is_file() or FILE.read_text(encoding="utf-8") != text:
        FILE.write_text(text, encoding="utf-8")
        print(FILE.name)


if __name__ == "__main__":
    main()
