"""Copies what the extension shares with the bridge: `python -m blender_addon.make_vendor` writes `_vendor`.

Blender loads the extension alone, so it imports nothing of the bridge; but names of joints, units and BVH files must
mean the same on both sides, and so must who sends and what steers. So the modules that say it, which need numpy at
most, and the tables are here once more, byte for byte. A test compares them.
"""

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent
FILES: Final = (
    *("data/rig_names.py", "data/rig_tree.py", "data/rig_words.py", "data/rig_shape.py", "data/rig_reading.py"),
    *("data/rotations.py", "data/skeleton.py", "data/two_bone.py"),
    *("data/rig_units.py", "data/frame_rate.py", "data/bvh_text.py", "data/bvh_bones.py"),
    *("bridge/wire/sender_ports.py", "bridge/wire/osc_message.py", "bridge/takes/take_file.py"),
    "data/tables/controls.json",
)


def copies() -> dict[Path, bytes]:
    """Every file of `_vendor` but its own `__init__.py`, and what it must hold."""
    return {ROOT / "_vendor" / Path(file).name: (ROOT.parent / file).read_bytes() for file in FILES}


def main() -> None:
    """Writes them, and prints which."""
    for path, content in copies().items():
        path.write_bytes(content)
        print(path.relative_to(ROOT.parent).as_posix())


if __name__ == "__main__":
    main()
