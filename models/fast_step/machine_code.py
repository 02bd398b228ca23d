"""The kernel's machine code: compiled once for a processor, kept on disk, loaded without numba.

What compiles is a process of its own (`compile`): it needs numba and a few seconds. What it leaves is an object file of
some kilobytes, which llvmlite links into this process in milliseconds. It is kept in the user's cache under a name that
tells all that it comes from, so that neither another processor nor another version of anything ever meets it.
"""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import importlib.metadata
import importlib.util
import os
import platform
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

Form = Literal["avx512", "avx2", "neon", "plain"]
ROWS_TOGETHER: Final[dict[Form, int]] = {"avx512": 4, "avx2": 2, "neon": 2, "plain": 0}
"""By form, as of `vectors.make_block_product`: as many as the processor's registers hold sums of."""
FORM_TITLES: Final[dict[Form, str]] = {"avx512": "AVX-512", "avx2": "AVX2", "neon": "NEON", "plain": "plain form"}
FORM_VARIABLE: Final = "TRANSFLOWER_FAST_STEP"
"""Environment variable that takes another form than the processor's best: one of `ROWS_TOGETHER`, or ``off``."""
ENTRY: Final = "transflower_fast_step"
_FOLDER: Final = "fast_step"
_DIGEST_BYTES: Final = 32
_KEPT_FILES: Final = 16
"""Of some kilobytes each: several checkouts and versions side by side."""
_COMPILE_S: Final = 300.0
_PACKAGES: Final = ("numba", "llvmlite")


class UnavailableError(ValueError):
    """The fast step cannot be had here; the message says why, and what to do."""


@dataclass(frozen=True, kw_only=True)
class Target:
    """What machine code is made for.

    Attributes:
        form: Which form of the kernel.
        processor: LLVM's name of the processor.
        features: What it can do, as LLVM writes it.
    """

    form: Form
    processor: str
    features: str


@cache
def target() -> Target:
    """This processor.

    Raises:
        UnavailableError: llvmlite or numba is missing, or `FORM_VARIABLE` says ``off`` or something unknown.
    """
    missing = [name for name in _PACKAGES if importlib.util.find_spec(name) is None]
    if missing:
        raise UnavailableError(f"{' and '.join(missing)} is not installed: pip install -c constraints.txt -e .")
    import llvmlite.binding as llvm

    features = llvm.get_host_cpu_features()
    wished = os.environ.get(FORM_VARIABLE, "")
    if wished == "off":
        raise UnavailableError(f"{FORM_VARIABLE} is off")
    if wished and wished not in ROWS_TOGETHER:
        raise UnavailableError(f"{FORM_VARIABLE} is {wished!r}, not one of {', '.join(ROWS_TOGETHER)} or off")
    form = wished if wished in ROWS_TOGETHER else _best_form(features)
    return Target(form=form, processor=llvm.get_host_cpu_name(), features=features.flatten())


def _best_form(features: Any) -> Form:
    if features.get("avx512f"):
        return "avx512"
    if features.get("avx2") and features.get("fma"):
        return "avx2"
    return "neon" if platform.machine().lower() in ("arm64", "aarch64") else "plain"


def cache_folder() -> Path:
    """Where machine code is kept: a folder of the user's cache."""
    import platformdirs

    return Path(platformdirs.user_cache_path("transflower-bridge")) / _FOLDER


def kept_path(wanted: Target) -> Path:
    """The file in which the machine code for a target is kept, whether it is there or not."""
    digest = hashlib.sha256(repr((wanted, sys.version, sys.platform)).encode())
    for name in _PACKAGES:
        digest.update(f"{name} {importlib.metadata.version(name)}".encode())
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.read_bytes())
    return cache_folder() / f"{wanted.form}-{digest.hexdigest()[:24]}.o"


def is_ready(wanted: Target | None = None) -> bool:
    """Whether the machine code is there; otherwise `prepare` takes seconds.

    Raises:
        UnavailableError: See `target`.
    """
    return _read(kept_path(wanted or target())) is not None


def prepare(wanted: Target | None = None) -> bytes:
    """The machine code: an object file, compiled if it is not there or damaged.

    Raises:
        UnavailableError: It cannot be compiled.
    """
    wanted = wanted or target()
    path = kept_path(wanted)
    code = _read(path)
    if code is None:
        code = _compile(wanted)
        _keep(path, code)
    return code


def _read(path: Path) -> bytes | None:
    """What is kept in a file; None if there is none, or it is damaged."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    digest, code = content[:_DIGEST_BYTES], content[_DIGEST_BYTES:]
    return code if code and hashlib.sha256(code).digest() == digest else None


def _keep(path: Path, code: bytes) -> None:
    """Keeps machine code, whole or not at all; of what was made by other versions only the newest stays.

    A folder that cannot be written to costs no more than the seconds of compiling at each start.
    """
    part = path.with_suffix(f".{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(hashlib.sha256(code).digest() + code)
        part.replace(path)
        kept = sorted(path.parent.glob("*.o"), key=lambda file: file.stat().st_mtime)
        for older in kept[:-_KEPT_FILES]:
            older.unlink(missing_ok=True)
    except OSError:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def _compile(wanted: Target) -> bytes:
    command = [sys.executable, "-m", "models.fast_step.compile", wanted.form, wanted.processor, wanted.features]
    root = str(Path(__file__).parents[2])
    paths = os.pathsep.join([root, *filter(None, [os.environ.get("PYTHONPATH")])])
    try:
        done = subprocess.run(
            command, capture_output=True, check=False, timeout=_COMPILE_S, env={**os.environ, "PYTHONPATH": paths}
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UnavailableError(f"the fast step could not be compiled ({error})") from None
    if done.returncode or not done.stdout:
        lines = done.stderr.decode(errors="replace").strip().splitlines() or ["no reason given"]
        raise UnavailableError(f"the fast step could not be compiled ({lines[-1]})")
    return done.stdout


class Kernel:
    """The kernel, linked into this process; see `kernel.SIGNATURE` for what it is called with.

    Other threads run meanwhile: it is called without the interpreter's lock.

    Args:
        form: Another form than the processor's best.

    Raises:
        UnavailableError: It cannot be had.
    """

    def __init__(self, form: Form | None = None) -> None:
        own = target()
        self.target = own if form is None else Target(form=form, processor=own.processor, features=own.features)
        code = prepare(self.target)
        import llvmlite.binding as llvm

        llvm.initialize_native_target()
        llvm.initialize_native_asmprinter()
        machine = llvm.Target.from_default_triple().create_target_machine()
        self._engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), machine)
        self._engine.add_object_file(llvm.ObjectFileRef.from_data(code))
        self._engine.finalize_object()
        address = self._engine.get_function_address(ENTRY)
        whole, place = ctypes.c_int64, ctypes.c_void_p
        form_of_call = ctypes.CFUNCTYPE(
            ctypes.c_int32, place, place, place, whole, place, whole, place, whole, place, whole, place
        )
        self._function = form_of_call(address)
        # Numba's functions are told where to put what they return and what they raise; this one does neither.
        self._returned, self._raised = ctypes.c_void_p(), ctypes.c_void_p()
        self._places = ctypes.byref(self._returned), ctypes.byref(self._raised)

    def __call__(self, *arguments: int) -> None:
        """Runs a program; addresses and sizes, in the order of `kernel.SIGNATURE`."""
        status = self._function(*self._places, *arguments)
        assert status == 0, f"the kernel came back with {status}"
