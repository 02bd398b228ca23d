"""What compiles the fast step is alone with its sources, what is kept is machine code, and what fails says so."""

import hashlib
import importlib
import importlib.util
import os
import pickle
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import llvmlite.binding as llvm
import numpy as np
import pytest

from models.fast_step import machine_code
from models.fast_step.fast_stepper import FastStepper
from models.fast_step.forms import ENTRY
from models.fast_step.machine_code import CodeTarget, Kernel, UnavailableError
from models.step.noise import frame_noise
from models.torch_install import install_command
from tests.tiny_dancer import write_tiny_dancer

pytestmark = pytest.mark.usefixtures("nothing_prebuilt")


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(machine_code, "cache_folder", lambda: tmp_path / "cache")
    return tmp_path / "cache"


@pytest.fixture
def target_anew() -> Iterator[None]:
    machine_code.target.cache_clear()
    yield
    machine_code.target.cache_clear()


def test_what_is_no_object_file_is_not_taken_though_its_checksum_is_right(cache: Path):
    code = b"\x7fELF, as far as one sees"
    path = machine_code.kept_path(machine_code.target())
    assert machine_code._keep(path, code) is None
    assert machine_code.is_ready()
    printed = b"good morning\n" + code
    path.write_bytes(hashlib.sha256(printed).digest() + printed)
    assert not machine_code.is_ready()


def test_what_cannot_be_linked_is_reported_in_a_line():
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    machine = llvm.Target.from_default_triple().create_target_machine(jit=True)
    code = machine.emit_object(llvm.parse_assembly("define void @another() { ret void }"))
    with pytest.raises(UnavailableError, match=f"could not be linked .there is no {ENTRY} in it"):
        machine_code.link(code)


def test_what_a_crashed_process_left_is_removed_some_day(cache: Path):
    cache.mkdir()
    for name, age_s in (("avx2-1234.77", 1e6), ("avx2-1234.78", 0.0), ("notes.txt", 1e6)):
        (cache / name).write_bytes(b"half")
        os.utime(cache / name, (time.time() - age_s,) * 2)
    assert machine_code._keep(cache / "avx2-1234.o", b"\x7fELF") is None
    assert {file.name for file in cache.iterdir()} == {"avx2-1234.o", "avx2-1234.78", "notes.txt"}


def test_where_the_cache_cannot_be_written_it_is_compiled_once_in_a_process_and_not_by_those_it_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    code, compiled = machine_code.prepare(), 0

    def count(_: CodeTarget) -> bytes:
        nonlocal compiled
        compiled += 1
        return code

    (tmp_path / "file").write_bytes(b"in the way")
    monkeypatch.setattr(machine_code, "cache_folder", lambda: tmp_path / "file" / "cache")
    monkeypatch.setattr(machine_code, "compiled_apart", count)
    monkeypatch.setattr(machine_code, "_unkept", {})
    assert machine_code.not_kept() is None
    assert not machine_code.is_ready()
    kernel = Kernel()
    assert machine_code.is_ready()
    assert str(tmp_path / "file" / "cache") in str(machine_code.not_kept())
    assert machine_code.prepare() == code
    machine_code._unkept.clear()  # as in another process
    assert pickle.loads(pickle.dumps(kernel)).target == kernel.target
    assert compiled == 1


@pytest.mark.usefixtures("target_anew")
def test_an_llvmlite_that_does_not_load_is_reported_in_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "llvmlite").mkdir()
    (tmp_path / "llvmlite/__init__.py").touch()
    (tmp_path / "llvmlite/binding.py").write_text("raise OSError('a DLL is missing')\n")
    for name in [name for name in sys.modules if name.partition(".")[0] == "llvmlite"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.syspath_prepend(tmp_path)
    importlib.invalidate_caches()
    with pytest.raises(UnavailableError, match=r"llvmlite cannot be loaded \(a DLL is missing\)"):
        machine_code.target()


@pytest.mark.usefixtures("target_anew")
@pytest.mark.parametrize(
    ("missing", "message"), [(("llvmlite",), "llvmlite is"), (("numba", "llvmlite"), "numba and llvmlite are")]
)
def test_the_way_out_without_compilers_brings_them(
    missing: tuple[str, ...], message: str, monkeypatch: pytest.MonkeyPatch
):
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name in missing else find(name))
    with pytest.raises(UnavailableError) as refused:
        machine_code.target()
    assert str(refused.value) == f"{message} not installed: {install_command('numba')}"


def test_threads_may_share_a_dancer(tmp_path: Path):
    stepper = FastStepper(write_tiny_dancer(tmp_path / "tiny.safetensors"))
    frames, threads = 200, 4
    together = Barrier(threads)

    def dance(seed: int) -> np.ndarray:
        rng, state, vectors = np.random.default_rng(seed), stepper.initial_state(seed), []
        for frame in range(frames):
            music = rng.standard_normal(stepper.music_dims).astype(np.float32)
            vector, state = stepper.step(music, state, frame_noise(seed=seed, frame=frame, dims=stepper.noise_dims))
            vectors.append(vector)
        return np.stack(vectors)

    def dance_beside_others(seed: int) -> np.ndarray:
        together.wait()
        return dance(seed)

    expected = [dance(seed) for seed in range(threads)]
    with ThreadPoolExecutor(threads) as pool:
        found = list(pool.map(dance_beside_others, range(threads)))
    for ours, theirs in zip(found, expected, strict=True):
        np.testing.assert_array_equal(ours, theirs)
