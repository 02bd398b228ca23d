"""Motions as files that others read: .bvh for animation programs, .npz for numpy, .csv for spreadsheets."""

import csv
from pathlib import Path
from typing import Final

import numpy as np

from data.formats.bvh import write_bvh
from data.formats.frame_rate import recorded_rate_hz
from data.formats.npz_file import read_npz_arrays, shortened
from data.formats.whole_file import whole_file
from data.motion.motion import Motion
from data.motion.skeleton import Skeleton

SUFFIXES: Final = (".csv", ".bvh", ".npz")


def write_motion(path: Path, motion: Motion) -> None:
    """Writes a motion in the format that the name asks for; the whole file appears at once, or nothing does.

    An .npz holds root_positions (frames, 3) in metres, rotations (frames, joints, 4) as x, y, z, w, rate_hz, and the
    skeleton: names, parents, offsets, and the tips without a joint, end_joints and end_offsets. A .csv has a header row
    and one row a frame: time_s, the root's place root_x, root_y, root_z in metres, and for every joint, such as Hips,
    the local quaternion Hips_x, Hips_y, Hips_z, Hips_w. Its numbers have nine digits, which give every float32 back
    exactly.

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


def read_npz(path: Path) -> Motion:
    """The motion in an .npz that `write_motion` wrote.

    Raises:
        ValueError: It holds something else; the message names it.
        OSError: It cannot be read.
    """
    if not path.is_file():
        raise FileNotFoundError(f"no motion file at {path}")
    try:
        with path.open("rb") as file:
            arrays = read_npz_arrays(file)
        ends = zip(arrays["end_joints"], arrays["end_offsets"], strict=True) if "end_joints" in arrays else ()
        skeleton = Skeleton(
            tuple(str(name) for name in arrays["names"]),
            tuple(int(parent) for parent in arrays["parents"]),
            arrays["offsets"],
            tuple((int(joint), (float(x), float(y), float(z))) for joint, (x, y, z) in ends),
        )
        return Motion(
            skeleton, recorded_rate_hz(float(arrays["rate_hz"])), arrays["root_positions"], arrays["rotations"]
        )
    except KeyError as error:
        raise ValueError(f"{path}: not a motion: it lacks {error.args[0]}") from None
    except (ValueError, TypeError) as error:
        raise ValueError(f"{path}: not a motion that numpy can read ({shortened(error)})") from None


def _write_npz(path: Path, motion: Motion) -> None:
    with whole_file(path) as part, part.open("wb") as file:
        np.savez_compressed(
            file,
            root_positions=motion.root_positions,
            rotations=motion.rotations,
            rate_hz=motion.rate_hz,
            names=np.array(motion.skeleton.names),
            parents=np.array(motion.skeleton.parents),
            offsets=motion.skeleton.offsets,
            end_joints=np.array([joint for joint, _ in motion.skeleton.end_sites], np.int64),
            end_offsets=np.array([offset for _, offset in motion.skeleton.end_sites]).reshape(-1, 3),
        )


def _write_csv(path: Path, motion: Motion) -> None:
    columns = ["time_s", "root_x", "root_y", "root_z"]
    columns += [f"{name}_{axis}" for name in motion.skeleton.names for axis in "xyzw"]
    numbers = np.concatenate([motion.root_positions, motion.rotations.reshape(len(motion), -1)], axis=1)
    with whole_file(path) as part, part.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(columns)
        for frame, values in enumerate(numbers.tolist()):
            table.writerow([f"{frame / motion.rate_hz:.6f}", *(f"{value:.9g}" for value in values)])
