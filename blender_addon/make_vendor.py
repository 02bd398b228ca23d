"""Copies what the extension shares with the bridge: `python -m blender_addon.make_vendor` writes `_vendor`.

Blender loads the extension alone, so it imports nothing of the bridge; but names of joints, units and BVH files must
mean the same on both sides. So the modules of `data` that say it, which need numpy alone, are here once more, byte for
byte. A test compares them.
"""

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent
FILES: Final = (
    *("rig_names.py", "rig_tree.py", "rig_words.py", "rig_shape.py", "rig_reading.py", "rig_units.py"),
    *("bvh_text.py", "bvh_bones.py"),
)


def copies() -> dict[Path, bytes]:
    """Every file of `_vendor` but its own `__init__.py`, and what it must hold."""
    return {ROOT / "_vendor" / name: (ROOT.parent / "data" / name).read_bytes() for name in FILES}


def main() -> None:
    """Writes them, and prints which."""
    for path, content in copies().items():
        path.write_bytes(content)
        print(path.relative_to(ROOT.parent).as_posix())


if __name__ == "__main__":
    main()
