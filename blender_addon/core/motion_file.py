"""Files that hold a dance, whichever they are, as takes."""

import zipfile
from pathlib import Path
from typing import Final

import numpy as np

from .._vendor.rigs.rig_reading import read_map
from .._vendor.rigs.rig_units import AUTO, parse_unit
from .bvh import read_bvh
from .rotations import continuous, normalise
from .skeleton import Skeleton
from .take import Take
from .take_file import read_take_file

SUFFIXES: Final = (".take", ".bvh", ".npz")


def read_motion(
    path: Path,
    *,
    joints: "Path | None" = None,
    unit: str = AUTO,
    notes: "list[str] | None" = None,
) -> list[Take]:
    """What is in a file of `transflower perform` (.take) or `transflower generate` (.bvh, .npz), or in any BVH file.

    Args:
        path: The file.
        joints: A file that says which joint of a BVH file is which bone, where names do not tell.
        unit: Of length in a BVH file: mm, cm, in, ft, m, or how many metres one is; auto guesses it from the legs.
        notes: Takes a sentence for whatever is left out, guessed, or not as the file has it.

    Raises:
        ValueError: It is none, or damaged; the message names it.
        OSError: It cannot be read.
    """
    match path.suffix.lower():
        case ".take":
            return read_take_file(path, notes)
        case ".bvh":
            rig_map = None if joints is None else read_map(joints)
            return [read_bvh(path, rig_map=rig_map, metres_per_unit=parse_unit(unit), notes=notes)]
        case ".npz":
            return [_read_npz(path)]
    raise ValueError(f"{path.name}: a dance is in a file that ends in {', '.join(SUFFIXES)}")


def _read_npz(path: Path) -> Take:
    try:
        with np.load(path, allow_pickle=False) as arrays:
            skeleton = Skeleton(
                tuple(str(name) for name in arrays["names"]),
                tuple(int(parent) for parent in arrays["parents"]),
                arrays["offsets"].astype(np.float64),
            )
            rate_hz = float(arrays["rate_hz"])
            roots = arrays["root_positions"].astype(np.float64)
            turned = continuous(normalise(arrays["rotations"].astype(np.float64)))
            return Take(path.stem, skeleton, np.arange(len(roots)) / rate_hz, roots, turned, rate_hz)
    except KeyError as error:
        raise ValueError(f"{path.name} is no dance: it lacks {error.args[0]}") from None
    except (ValueError, TypeError, EOFError, ZeroDivisionError, zipfile.BadZipFile) as error:
        raise ValueError(f"{path.name} is no dance that can be read ({error})") from None
