"""Motions as files that others read: .bvh for animation programs, .npz for numpy, .csv for spreadsheets."""

import secrets
import tempfile
from pathlib import Path
from typing import Final

import numpy as np

from data.bvh import write_bvh
from data.motion import Motion

SUFFIXES: Final = (".csv", ".bvh", ".npz")


def write_motion(path: Path, motion: Motion) -> None:
    """Writes a motion in the format that the name asks for; the whole file appears at once, or nothing does.

    An .npz holds root_positions (frames, 3) in metres, rotations (frames, joints, 4) as x, y, z, w, rate_hz, and the
    skeleton: names, parents, offsets. A .csv has a header row and one row a frame: time_s, the root's place root_x,
    root_y, root_z in metres, and for every joint, such as Hips, the local quaternion Hips_x, Hips_y, Hips_z, Hips_w.
    Its numbers have nine digits, which give every float32 back exactly.

    Raises:
        ValueError: The name ends in none of these, or its folder does not exist.
        OSError: The file cannot be written; no part of it is left behind.
    """
    check_output(path)
    match path.suffix.lower():
        case ".bvh":
            write_bvh(path, motion)
        case ".npz":
            _write_npz(path, motion)
        case _:
            _write_csv(path, motion)


def check_output(path: Path) -> None:
    """Refuses a file that could not be written, before the work is done.

    Raises:
        ValueError: The name ends in none of `SUFFIXES`, or its folder does not exist.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise ValueError(f"{path}: the dance is written as .csv, .bvh or .npz, not {path.suffix or 'without a suffix'}")
    if not path.parent.is_dir():
        raise ValueError(f"{path}: there is no folder {path.parent}")


def _write_npz(path: Path, motion: Motion) -> None:
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        part = Path(folder) / "motion.npz"
        np.savez_compressed(
            part,
            root_positions=motion.root_positions,
            rotations=motion.rotations,
            rate_hz=motion.rate_hz,
            names=np.array(motion.skeleton.names),
            parents=np.array(motion.skeleton.parents),
            offsets=motion.skeleton.offsets,
        )
        part.replace(path)


def _write_csv(path: Path, motion: Motion) -> None:
    columns = ["time_s", "root_x", "root_y", "root_z"]
    columns += [f"{name}_{axis}" for name in motion.skeleton.names for axis in "xyzw"]
    numbers = np.concatenate([motion.root_positions, motion.rotations.reshape(len(motion), -1)], axis=1)
    row = ",".join(["%.6f"] + ["%.9g"] * numbers.shape[1]) + "\n"
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        with part.open("w", encoding="utf-8", newline="\n") as file:
            file.write(",".join(_quoted(column) for column in columns) + "\n")
            for frame, values in enumerate(numbers):
                file.write(row % (frame / motion.rate_hz, *values.tolist()))
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _quoted(text: str) -> str:
    """A cell of a CSV file, in quotes where commas or quotes ask for them (RFC 4180)."""
    return '"' + text.replace('"', '""') + '"' if set(text) & set(',"\r\n') else text
