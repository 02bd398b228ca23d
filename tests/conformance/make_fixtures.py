"""Writes the conformance fixtures: `python -m tests.conformance.make_fixtures`; look at the difference before you keep it.

What the bridge's own Python says is the reference; the page in the browser, the Blender extension and the Unity package
are held to it by their own tests, which read these files.
"""

import json
from pathlib import Path
from typing import Any, Final

from data.rig_reading import read_rig
from tests.conformance.rigs import all_rigs

HERE: Final = Path(__file__).parent


def rig_names() -> list[dict[str, Any]]:
    """For each rig its joints, how they hang, what kind it is, and each humanoid bone's joint."""
    found = []
    for name, (joints, parents) in all_rigs().items():
        kind, mapping = read_rig(joints, parents)
        bones = {bone: joint for joint, bone in mapping.items()}
        found.append({"name": name, "joints": joints, "parents": parents, "kind": kind, "bones": bones})
    return found


FIXTURES: Final = {"rig_names": rig_names}


def written() -> dict[Path, str]:
    """Each fixture's file, and what it must hold."""
    about = "Written by python -m tests.conformance.make_fixtures."
    return {
        HERE / f"{name}.json": f'{{"about": "{about}",\n"cases": [\n{lines(make())}\n]}}\n'
        for name, make in FIXTURES.items()
    }


def lines(cases: list[dict[str, Any]]) -> str:
    """A case a line."""
    return ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases)


if __name__ == "__main__":
    for path, text in written().items():
        path.write_text(text, encoding="utf-8")
        print(path.name)
