"""The constants of the body, from `tables/body.json`: inverse kinematics of a leg, contact with the floor, foot locks.

The page and the Blender extension read the same file, and C# is generated from it; so one row is one number everywhere.
"""

import json
from pathlib import Path
from typing import Final

BODY: Final[dict[str, dict[str, float]]] = {
    name: values
    for name, values in json.loads(
        (Path(__file__).parents[1] / "tables" / "body.json").read_text(encoding="utf-8")
    ).items()
    if isinstance(values, dict)
}
"""Group to name to value; units are in the names."""
