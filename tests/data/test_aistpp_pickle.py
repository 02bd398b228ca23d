"""Pickles of arrays are read without being run: hostile ones do nothing, damaged ones are refused by name."""

import builtins
import operator
import os
import pickle
import pickletools
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.formats.smpl import read_smpl
from data.formats.smpl_pickle import LARGEST_FILE_BYTES, read_number_arrays
from tests.smpl_maker import smpl_arrays, write_pickle, write_smpl

SMALL = pickle.dumps({"smpl_loss": 1.5, **smpl_arrays(num_frames=2)}, 4)


class Call:
    """Pickles as a call."""

    def __init__(self, function: Any, *arguments: Any) -> None:
        self.call = (function, arguments)

    def __reduce__(self) -> Any:
        return self.call


def test_arrays_and_numbers_of_every_protocol_come_back(tmp_path: Path) -> None:
    arrays = {
        **smpl_arrays(num_frames=3),
        "big_endian": np.arange(6, dtype=">i4").reshape(2, 3),
        "column_major": np.asfortranarray(np.arange(6.0).reshape(2, 3)),
        "whole": np.arange(4, dtype=np.uint8),
        "scalar": np.float32(2.5),
        "loss": 1.5,
        "frames": 3,
    }
    for protocol in (3, 4, 5):
        for name, data in (
            ("new", pickle.dumps(arrays, protocol)),
            ("old", pickle.dumps(arrays, protocol).replace(b"\x16numpy._core.multi", b"\x15numpy.core.multi")),
        ):
            path = tmp_path / f"{name}_{protocol}.pkl"
            path.write_bytes(data)
            got = read_number_arrays(path)
            assert got.keys() == arrays.keys()
            for key, value in arrays.items():
                np.testing.assert_array_equal(got[key], value, strict=key not in ("loss", "frames", "scalar"))


def test_what_is_no_number_is_left_out(tmp_path: Path) -> None:
    path = write_pickle(tmp_path / "a.pkl", {"note": "text", "none": None, "x": np.zeros(2)})
    assert list(read_number_arrays(path)) == ["x"]


HOSTILE = {
    "os.system": lambda mark: Call(os.system, f"touch {mark}"),
    "eval": lambda mark: Call(eval, f"open({str(mark)!r}, 'w')"),
    "exec": lambda mark: Call(exec, f"open({str(mark)!r}, 'w')"),
    "open": lambda mark: Call(open, str(mark), "w"),
    "getattr chain": lambda mark: Call(getattr(os, "mkdir"), str(mark)),  # noqa: B009 - as an attacker would write it
    "getattr itself": lambda mark: Call(getattr, Path, "touch"),
    "import": lambda mark: Call(builtins.__import__, "antigravity"),
    "numpy.load": lambda mark: Call(np.load, str(mark), None, True),
    "numpy.save": lambda mark: Call(np.savetxt, str(mark), [1.0]),
    "numpy.testing": lambda mark: Call(np.testing.assert_equal, 1, 1),
    "numpy.memmap": lambda mark: Call(np.memmap, str(mark), "u1", "w+", 0, 8),
    "operator": lambda mark: Call(operator.methodcaller, "write_text", ""),
    "path": lambda mark: Path(mark),
}


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_pickle_runs_nothing_and_is_named(tmp_path: Path, kind: str, protocol: int) -> None:
    mark = tmp_path / "executed"
    path = tmp_path / "hostile.pkl"
    hidden_in = {**smpl_arrays(num_frames=2), "smpl_loss": HOSTILE[kind](mark)}
    path.write_bytes(pickle.dumps(hidden_in, protocol))
    with pytest.raises(ValueError, match=r"hostile\.pkl.*(asks for '\w+(\.\w+)+', which no array needs|instruction)"):
        read_number_arrays(path)
    assert not mark.exists()
    if protocol == 4 and kind == "os.system":
        pickle.loads(pickle.dumps(hidden_in, protocol))  # the same bytes do run when they are run
        assert mark.exists()


PROGRAMS: dict[str, tuple[bytes, str | None]] = {
    "a global of protocol 0": (b"cos\nsystem\n(S'true'\ntR.", r"'os\.system'"),
    "an instance": (b"(S'true'\nios\nsystem\n.", "STRING"),
    "an object": (b"(cos\nsystem\nVtrue\no.", r"'os\.system'"),
    "an extension": (b"\x80\x02\x82\x01.", "EXT1"),
    "a persistent object": (b"Phostile\n.", "PERSID"),
    "a new object": (b"\x80\x02cnumpy\nndarray\n(K\x01\x85t\x81.", "NEWOBJ"),
    "a name by attributes": (b"\x80\x04\x8c\x05numpy\x8c\x0fcore.os.hostile\x93.", r"numpy\.core\.os\.hostile"),
    "a buffer from outside": (b"\x80\x05\x97.", "NEXT_BUFFER"),
    "the type of arrays called": (b"\x80\x02cnumpy\nndarray\nK\x04\x85R.", "calls 'ndarray'"),
    "another type in an array's place": (
        b"\x80\x02cnumpy.core.multiarray\n_reconstruct\ncnumpy\ndtype\nK\x00\x85K\x00\x87R.",
        "calls 'array'",
    ),
    "attributes of a function set": (
        b"\x80\x02cnumpy.core.numeric\n_frombuffer\n}X\x08\x00\x00\x00__name__K\x01sb.",
        "sets the state of 'buffer'",
    ),
    "a number called": (b"\x80\x02K\x01)R.", "calls a int"),
    "a name that is no text": (b"\x80\x04K\x01K\x02\x93.", "instead of a module"),
    "memory for four thousand million values": (b"\x80\x02}r\xff\xff\xff\xff.", None),
    "a text as long as the machine is large": (b"\x80\x04\x8d" + struct.pack("<Q", 2**60) + b"x.", "expected"),
    "bytes as long as the machine is large": (b"\x80\x04\x8e" + struct.pack("<Q", 2**60) + b"x.", "expected"),
    "a value that was never kept": (b"\x80\x02h\x05.", "never kept"),
    "nothing on the stack": (b"\x80\x02.", "missing"),
    "no mark": (b"\x80\x02t.", "mark is missing"),
    "a key that is no text": (b"\x80\x02}K\x01K\x02s.", "text keys"),
    "half an item": (b"\x80\x02}(X\x01\x00\x00\x00au.", "1 values"),
    "a list": (b"\x80\x02]q\x00.", "EMPTY_LIST"),
    "no dict": (b"\x80\x02K\x01.", "not a dict"),
    "nothing": (b"", "exhausted"),
    "no pickle": (b"HIERARCHY\nROOT Hips\n", "."),
    "a file of another kind": (b"PK\x03\x04" + bytes(40), "."),
    "instructions without end": (b"\x80\x02" + b"N" * 20_000 + b".", "more than 10000 instructions"),
}


@pytest.mark.parametrize("kind", PROGRAMS)
def test_other_programs_are_refused(tmp_path: Path, kind: str) -> None:
    program, said = PROGRAMS[kind]
    path = tmp_path / "hostile.pkl"
    path.write_bytes(program)
    if said is None:
        assert read_number_arrays(path) == {}
    else:
        with pytest.raises(ValueError, match=rf"hostile\.pkl is no pickle of number arrays: .*({said})"):
            read_number_arrays(path)


def test_values_that_are_small_in_the_file_and_huge_written_out_are_refused_shortly(tmp_path: Path) -> None:
    doubling = b"\x80\x02)" + b"q\x00h\x00\x86" * 60 + b"."  # a tuple of two of a tuple of two of ...
    path = tmp_path / "laughs.pkl"
    path.write_bytes(doubling)
    with pytest.raises(ValueError, match="a tuple, not a dict") as refusal:
        read_number_arrays(path)
    assert len(str(refusal.value)) < 400


@pytest.mark.parametrize(
    ("array", "said"),
    [
        (np.array([os.getcwd, None], object), "asks for|items of type 'O8'"),
        (np.array([None, 1], object), "items of type 'O8'"),
        (np.array(["a", "b"]), "items of type 'U1'"),
        (np.zeros(2, "f4,i4"), "items of type 'V8'"),
        (np.zeros(2, complex), "items of type 'c16'"),
    ],
    ids=["functions", "objects", "texts", "records", "complex"],
)
def test_arrays_of_anything_but_numbers_are_refused(tmp_path: Path, array: np.ndarray, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        read_smpl(write_smpl(tmp_path / "a.pkl", smpl_poses=array))


def test_an_array_is_never_larger_than_its_bytes(tmp_path: Path) -> None:
    honest = pickle.dumps({"x": np.zeros((300, 2), np.float32)}, 4)
    for shape in (b"M\xff\xff", b"J\xff\xff\xff\x7f", b"J\xff\xff\xff\xff", b"\x8a\x09" + b"\xff" * 8 + b"\x7f", b"N"):
        path = tmp_path / "big.pkl"
        path.write_bytes(honest.replace(b"M\x2c\x01", shape))
        with pytest.raises(ValueError, match=r"big\.pkl.*(takes \d+ bytes, not 2400|no shape of an array)"):
            read_number_arrays(path)


def test_an_enormous_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "enormous.pkl"
    with path.open("wb") as file:
        file.truncate(LARGEST_FILE_BYTES + 1)  # sparse: takes no room
    with pytest.raises(ValueError, match=rf"enormous\.pkl has {LARGEST_FILE_BYTES + 1} bytes"):
        read_number_arrays(path)


def test_a_file_cut_off_anywhere_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "cut.pkl"
    for length in range(0, len(SMALL), 7):
        path.write_bytes(SMALL[:length])
        with pytest.raises(ValueError, match=r"cut\.pkl"):
            read_smpl(path)


@pytest.mark.parametrize("text", [b"'\\ '", b"'\\777'", b"'\\x'", b"'\\"])
def test_odd_escapes_are_refused_without_a_word_of_the_parser(tmp_path: Path, text: bytes) -> None:
    path = tmp_path / "escape.pkl"
    path.write_bytes(b"S" + text + b"\n.")
    with pytest.raises(ValueError, match=r"escape\.pkl"):
        read_smpl(path)


@pytest.mark.parametrize("name", ["smpl_poses", "smpl_trans", "smpl_scaling"])
def test_a_signalling_nan_is_refused_like_any_other(tmp_path: Path, name: str) -> None:
    arrays = smpl_arrays(num_frames=2)
    arrays[name].reshape(-1).view(np.uint32)[0] = 0x7FA0_0000
    with pytest.raises(ValueError, match=rf"nan\.pkl: {name} is nan"):
        read_smpl(write_pickle(tmp_path / "nan.pkl", arrays))


@given(
    changes=st.lists(st.tuples(st.integers(0, len(SMALL) - 1), st.integers(0, 255)), min_size=1, max_size=6),
    cut=st.none() | st.integers(0, len(SMALL)),
)
@settings(max_examples=600, deadline=None)
def test_a_damaged_file_is_read_or_refused_and_nothing_else(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[int, int]], cut: int | None
) -> None:
    data = bytearray(SMALL)
    for position, value in changes:
        data[position] = value
    _read_or_refuse(tmp_path_factory.getbasetemp() / "damaged.pkl", bytes(data[:cut]))


# Damage within the numbers is plain; this strikes the instructions around them.
_STRUCTURE = [position for _, _, position in pickletools.genops(SMALL) if position is not None]


@given(
    changes=st.lists(st.tuples(st.sampled_from(_STRUCTURE), st.integers(0, 255)), min_size=1, max_size=4),
    inserted=st.tuples(st.sampled_from(_STRUCTURE), st.binary(max_size=12)),
)
@settings(max_examples=600, deadline=None)
def test_damaged_instructions_are_read_or_refused_and_nothing_else(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[int, int]], inserted: tuple[int, bytes]
) -> None:
    data = bytearray(SMALL)
    for position, value in changes:
        data[position] = value
    position, more = inserted
    _read_or_refuse(
        tmp_path_factory.getbasetemp() / "damaged.pkl", bytes(data[:position]) + more + bytes(data[position:])
    )


@given(data=st.binary(max_size=200))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_refused(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    _read_or_refuse(tmp_path_factory.getbasetemp() / "any.pkl", data)


def _read_or_refuse(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    try:
        motion = read_smpl(path)
    except ValueError as refusal:
        motion, said = None, str(refusal)
    if motion is None:
        assert path.name in said
    else:
        assert np.isfinite(motion.poses_rad).all()
        assert np.isfinite(motion.pelvis_m).all()
