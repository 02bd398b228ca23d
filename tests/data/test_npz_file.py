"""An archive of arrays from others is read where what it claims is there, and refused before memory is asked for."""

import io
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from data.commands.printable import printable
from data.formats import npz_file
from data.formats.motion_file import read_npz
from data.formats.npz_file import read_npz_arrays


def claiming(path: Path, shape: tuple[int, ...], content: bytes = b"") -> Path:
    """An archive with one array of float32 whose header claims a shape."""
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(header, {"descr": "<f4", "fortran_order": False, "shape": shape})
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("names.npy", header.getvalue() + content)
    return path


def read(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return read_npz_arrays(file)


def test_what_is_whole_is_read(tmp_path: Path):
    arrays = {"one": np.arange(6, dtype=np.float32).reshape(2, 3), "none": np.zeros((0, 4)), "a word": np.array("x")}
    np.savez_compressed(tmp_path / "whole.npz", **arrays)
    back = read(tmp_path / "whole.npz")
    assert back.keys() == arrays.keys()
    for name, array in arrays.items():
        np.testing.assert_array_equal(back[name], array)


@pytest.mark.parametrize("shape", [(3 * 10**12,), (-1,), (2**62, 2**62), (5,), (3,)])
def test_a_shape_that_is_not_there_is_refused(tmp_path: Path, shape: tuple[int, ...]):
    path = claiming(tmp_path / "claims.npz", shape, bytes(16))
    with pytest.raises(ValueError, match=r"names\.npy claims"):
        read(path)
    with pytest.raises(ValueError, match=r"claims\.npz: not a motion that numpy can read"):
        read_npz(path)


def test_what_is_packed_from_little_and_is_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(npz_file, "MAX_BYTES", 1 << 20)
    with pytest.raises(ValueError, match="larger than"):
        read(claiming(tmp_path / "packed.npz", (1 << 20,), bytes(4 << 20)))


@pytest.mark.parametrize("content", [b"", b"junk" * 9, b"PK\x05\x06" + bytes(18)])
def test_what_is_no_archive_is_refused_or_empty(tmp_path: Path, content: bytes):
    path = tmp_path / "junk.npz"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"junk\.npz: not a motion"):
        read_npz(path)


def test_what_cannot_be_unpacked_is_refused(tmp_path: Path):
    np.savez_compressed(tmp_path / "torn.npz", names=np.random.default_rng(0).standard_normal(1000))
    content = bytearray((tmp_path / "torn.npz").read_bytes())
    content[200:400] = b"\xff" * 200
    (tmp_path / "torn.npz").write_bytes(content)
    with pytest.raises(ValueError, match=r"torn\.npz: not a motion"):
        read_npz(tmp_path / "torn.npz")


def test_a_name_of_any_length_is_refused_in_a_sentence(tmp_path: Path):
    np.savez(tmp_path / "long.npz", **{"x" * 20_000: np.zeros(3)})
    content = bytearray((tmp_path / "long.npz").read_bytes())
    content[30:40] = b"another..."  # the name before the array, which is not that of the directory
    (tmp_path / "long.npz").write_bytes(content)
    with pytest.raises(ValueError, match="not a motion that numpy can read") as refused:
        read_npz(tmp_path / "long.npz")
    assert len(str(refused.value)) < 1000


def test_a_pickle_is_never_read(tmp_path: Path):
    np.savez(tmp_path / "objects.npz", names=np.array([{}], dtype=object))
    with pytest.raises(ValueError, match=r"claims|pickle"):
        read(tmp_path / "objects.npz")


def test_no_terminal_takes_a_name_for_a_command():
    assert printable("song.wav\tétude 日本\nnext") == "song.wav\tétude 日本\nnext"
    assert printable("\x1b]0;mine\x07\x9b2J\r\x00") == "�]0;mine��2J��"
