"""Archives of arrays (.npz) from others: read only where what they claim to hold is there."""

import math
import zipfile
import zlib
from typing import Any, BinaryIO, Final

import numpy as np
from numpy.typing import NDArray

MAX_BYTES: Final = 2 << 30
"""Ten hours of a figure of 65 joints at 30 poses a second."""
_MAX_LETTERS: Final = 300
_HEADERS: Final = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}


def read_npz_arrays(file: BinaryIO) -> dict[str, NDArray[Any]]:
    """The arrays of an archive by name; never a pickle.

    numpy allocates what a header claims before it reads, and inflates whatever a few bytes were packed from. Here sizes
    are compared first.

    Raises:
        ValueError: It is no such archive, an array's header claims another size than it has, or all of them are larger
            than `MAX_BYTES`.
        OSError: It cannot be read.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            _check_sizes(archive)
        file.seek(0)
        with np.load(file, allow_pickle=False) as arrays:
            return dict(arrays)
    except (
        ValueError,
        zipfile.BadZipFile,
        EOFError,
        TypeError,
        NotImplementedError,
        RuntimeError,
        zlib.error,
    ) as error:
        raise ValueError(shortened(error)) from None


def shortened(error: Exception) -> str:
    """What an error says, at most a few lines of it: a name in an archive may have 65,535 letters."""
    text = str(error)
    return text if len(text) <= _MAX_LETTERS else f"{text[:_MAX_LETTERS]} ..."


def _check_sizes(archive: zipfile.ZipFile) -> None:
    left_bytes = MAX_BYTES
    for member in archive.infolist():
        left_bytes -= member.file_size
        if left_bytes < 0:
            raise ValueError(f"its arrays are larger than {MAX_BYTES >> 30} GB")
        with archive.open(member) as file:
            version = np.lib.format.read_magic(file)
            if version not in _HEADERS:
                raise ValueError(f"{member.filename} is of the unknown version {version}")
            shape, _, dtype = _HEADERS[version](file)
            claimed_bytes = math.prod(shape) * dtype.itemsize
            if min(shape, default=0) < 0 or file.tell() + claimed_bytes != member.file_size:
                raise ValueError(f"{member.filename} claims {shape} of {dtype} and has {member.file_size} bytes")
