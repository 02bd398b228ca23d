"""What the bones of rigs are called: the tables and the reader of names that the bridge has too."""

from collections.abc import Sequence
from typing import Final

from .._vendor.rigs.rig_names import LABELS, NAMES
from .._vendor.rigs.rig_reading import read_rig

Table = dict[str, str]

TABLES: Final[dict[str, Table]] = {LABELS[rig]: dict(table) for rig, table in NAMES.items()}
"""Rig to its bones' names and what they are. Case, spaces, `_`, `-`, `.` and a prefix up to `:` do not matter."""


def best_mapping(bones: Sequence[str], parents: Sequence[int] | None = None) -> tuple[str, dict[str, str]]:
    """The rig and its humanoid bones to the bones' names; "names" where no table has them.

    Args:
        bones: Their names.
        parents: Index of each bone's parent, -1 for none, where it is known.
    """
    rig, mapping = read_rig(bones, parents)
    return rig, {bone: name for name, bone in mapping.items()}
