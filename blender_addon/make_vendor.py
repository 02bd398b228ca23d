"""Copies what the extension shares with the bridge: `python -m blender_addon.make_vendor` writes `_vendor`.

Blender loads the extension alone, so it imports nothing of the bridge; but names of joints, units and BVH files must
mean the same on both sides, and so must who sends and what steers. So the modules that say it, which need numpy at
most, and the tables are here once more, byte for byte. A test compares them.
"""

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent
FILES: Final = (
    *(
        "data/rigs/rig_names.py",
        "data/rigs/rig_tree.py",
        "data/rigs/rig_words.py",
        "data/rigs/rig_shape.py",
        "data/rigs/rig_reading.py",
    ),
    *("data/motion/rotations.py", "data/motion/skeleton.py", "data/motion/two_bone.py"),
    *("data/motion/body_constants.py", "data/motion/heads_in_t.py"),
    *("data/rigs/rig_units.py", "data/formats/frame_rate.py", "data/formats/bvh_text.py", "data/formats/bvh_bones.py"),
    *("bridge/wire/sender_ports.py", "bridge/wire/osc_message.py", "bridge/takes/take_file.py"),
    *("data/tables/controls.json", "data/tables/body.json"),
)


def copies() -> dict[Path, bytes]:
    """Every file of `_vendor` but each folder's `__init__.py`, and what it must hold."""
    return {ROOT / "_vendor" / Path(*Path(file).parts[1:]): (ROOT.parent / file).read_bytes() for file in FILES}


def main() -> None:
    """Writes them, and prints which."""
    for path, content in copies().items():
        path.write_bytes(content)
        print(path.relative_to(ROOT.parent).as_posix())


if __name__ == "__main__":
    main()
