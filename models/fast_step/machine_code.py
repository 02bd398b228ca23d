"""The kernel's machine code: that of the package, or compiled once for a processor, kept on disk, loaded without numba.

For Linux on x86-64 the package brings it (`prebuilt`). Elsewhere, what compiles is a process of its own (`compile`): it
needs numba and a few seconds. What it leaves is an object file of some kilobytes, which llvmlite links into this
process in milliseconds. It is kept in the user's cache under a name that tells all that it comes from, so that neither
another processor nor another version of anything ever meets it.
"""

import contextlib
import ctypes
import hashlib
import importlib.metadata
import importlib.util
import os
import platform
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from models.fast_step import prebuilt
from models.fast_step.flat_code import MAGIC
from models.fast_step.forms import ENTRY, PROCESSORS, ROWS_TOGETHER, Form, numba_variables
from models.torch_install import install_command

FORM_TITLES: Final[dict[Form, str]] = {"avx512": "AVX-512", "avx2": "AVX2", "neon": "NEON", "plain": "plain form"}
FORM_VARIABLE: Final = "TRANSFLOWER_FAST_STEP"
"""Environment variable that takes another form than the processor's best: one of `ROWS_TOGETHER`, or ``off``."""
_FOLDER: Final = "fast_step"
_DIGEST_BYTES: Final = 32
_KEPT_FILES: Final = 16
"""Of some kilobytes each: several checkouts and versions side by side."""
_COMPILE_S: Final = 300.0
_ABANDONED_S: Final = 86_400.0
"""Age of a part that nobody is writing any more: who began it has crashed."""
_MAGICS: Final = (b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\x64\x86", b"\x64\xaa")
"""How an object file begins: ELF, Mach-O, and COFF for either processor."""
_unkept: Final[dict[Path, tuple[bytes, str]]] = {}
"""Machine code that could not be written where it belongs, and why: for this process it is kept here."""


class UnavailableError(ValueError):
    """The fast step cannot be had here; the message says why, and what to do."""


@dataclass(frozen=True, kw_only=True)
class CodeTarget:
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
def target(form: Form | None = None) -> CodeTarget:
    """This processor, or the level of its architecture for which the package brings machine code.

    Args:
        form: Which form, rather than the best or the one that `FORM_VARIABLE` names.

    Raises:
        UnavailableError: There is no code for it in the package, and llvmlite or numba is missing or cannot be loaded;
            or `FORM_VARIABLE` says ``off`` or something unknown.
    """
    requested = os.environ.get(FORM_VARIABLE, "")
    if requested == "off":
        raise UnavailableError(f"{FORM_VARIABLE} is off")
    if requested and requested not in ROWS_TOGETHER:
        raise UnavailableError(f"{FORM_VARIABLE} is {requested!r}, not one of {', '.join(ROWS_TOGETHER)} or off")
    form = form or next((known for known in ROWS_TOGETHER if known == requested), None)
    if (ready := prebuilt.find(form)) is not None:
        return CodeTarget(form=ready.form, processor=ready.processor, features="")
    missing = [name for name in prebuilt.COMPILERS if importlib.util.find_spec(name) is None]
    if missing:
        are = "is" if len(missing) == 1 else "are"
        raise UnavailableError(f"{' and '.join(missing)} {are} not installed: {install_command('numba')}")
    try:
        import llvmlite.binding as llvm

        features, processor = llvm.get_host_cpu_features(), llvm.get_host_cpu_name()
    except (ImportError, OSError, RuntimeError) as error:  # its library is there, and what that needs is not
        raise UnavailableError(f"llvmlite cannot be loaded ({_line_of(error)})") from None
    return CodeTarget(form=form or _best_form(features), processor=processor, features=features.flatten())


def compilers(wanted: CodeTarget | None = None) -> dict[str, str]:
    """Versions of what compiles, or has compiled, the machine code for a target, by name."""
    if (ready := _in_package(wanted or target())) is not None:
        return ready.compilers
    return {name: importlib.metadata.version(name) for name in prebuilt.COMPILERS}


def _in_package(wanted: CodeTarget) -> prebuilt.Prebuilt | None:
    """What the package brings for exactly this target."""
    if wanted.features or wanted.processor != PROCESSORS.get(wanted.form):
        return None
    return prebuilt.find(wanted.form)


def _line_of(error: Exception) -> str:
    return next(iter(str(error).strip().splitlines()), "") or type(error).__name__


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


def kept_path(wanted: CodeTarget) -> Path:
    """The file in which the machine code for a target is kept, whether it is there or not."""
    digest = hashlib.sha256(repr((wanted, sys.version, sys.platform)).encode())
    for name in prebuilt.COMPILERS:
        digest.update(f"{name} {importlib.metadata.version(name)}".encode())
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.read_bytes())
    return cache_folder() / f"{wanted.form}-{digest.hexdigest()[:24]}.o"


def is_ready(wanted: CodeTarget | None = None) -> bool:
    """Whether the machine code is there; otherwise `prepare` takes seconds.

    Raises:
        UnavailableError: See `target`.
    """
    wanted = wanted or target()
    if _in_package(wanted) is not None:
        return True
    path = kept_path(wanted)
    return path in _unkept or _read(path) is not None


def not_kept() -> str | None:
    """Where machine code that this process compiled could not be kept, and why; None if all of it was."""
    for path, (_, why) in _unkept.items():
        return f"{path.parent} ({why})"
    return None


def prepare(wanted: CodeTarget | None = None) -> bytes:
    """The machine code: that of the package, or an object file, compiled if it is not there or damaged.

    Raises:
        UnavailableError: It cannot be compiled.
    """
    wanted = wanted or target()
    if (ready := _in_package(wanted)) is not None:
        return ready.code
    path = kept_path(wanted)
    code = _unkept[path][0] if path in _unkept else _read(path)
    if code is None:
        code = compiled_apart(wanted)
        if (why := _keep(path, code)) is not None:
            _unkept[path] = code, why
    return code


def _read(path: Path) -> bytes | None:
    """What is kept in a file; None if there is none, or it is damaged."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    digest, code = content[:_DIGEST_BYTES], content[_DIGEST_BYTES:]
    return code if code.startswith(_MAGICS) and hashlib.sha256(code).digest() == digest else None


def _keep(path: Path, code: bytes) -> str | None:
    """Keeps machine code, whole or not at all; of what was made by other versions only the newest stays.

    A folder that cannot be written to costs no more than the seconds of compiling at each start; then why is returned.
    """
    part = path.with_suffix(f".{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(hashlib.sha256(code).digest() + code)
        part.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        return error.strerror or str(error)
    with contextlib.suppress(OSError):  # others may be tidying up too
        _tidy(path.parent)
    return None


def _tidy(folder: Path) -> None:
    """Removes what is too old: machine code of other versions, and parts of processes that ended while they wrote."""
    kept = sorted(folder.glob("*.o"), key=lambda file: file.stat().st_mtime)
    parts = [file for file in folder.iterdir() if file.suffix[1:].isdecimal()]
    abandoned = [part for part in parts if part.stat().st_mtime < time.time() - _ABANDONED_S]
    for old in (*kept[:-_KEPT_FILES], *abandoned):
        old.unlink(missing_ok=True)


def compiled_apart(wanted: CodeTarget) -> bytes:
    """Compiles in a process of its own, which writes to a file: what else it prints is no code.

    Raises:
        UnavailableError: It cannot be compiled.
    """
    # As in `bridge.system.child_process`: -P keeps what lies in the current folder out of the imports.
    command = [sys.executable, "-P", "-m", "models.fast_step.compile"]
    root = str(Path(__file__).resolve().parents[2])
    # Numba's own variables would make other code under the same name.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("NUMBA_")}
    environment |= numba_variables(wanted.processor, wanted.features)
    # An empty part of PYTHONPATH is the current folder, too.
    others = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    environment["PYTHONPATH"] = os.pathsep.join([root, *filter(None, others)])
    try:
        with tempfile.TemporaryDirectory(prefix="transflower-") as folder:
            output = Path(folder, "kernel.o")
            done = subprocess.run(
                [*command, str(output), wanted.form, wanted.processor, wanted.features],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                check=False,
                timeout=_COMPILE_S,
                env=environment,
            )
            code = output.read_bytes() if output.is_file() else b""
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UnavailableError(f"the fast step could not be compiled ({error})") from None
    if done.returncode or not code.startswith(_MAGICS):
        lines = done.stderr.decode(errors="replace").strip().splitlines() or ["no reason given"]
        raise UnavailableError(f"the fast step could not be compiled ({lines[-1]})")
    return code


def link(code: bytes) -> tuple[Any, int]:
    """Links an object file into this process, or puts what the package brings into its memory.

    Returns:
        What holds it, for as long as it is called; the address of `ENTRY`.

    Raises:
        UnavailableError: It cannot be linked here.
    """
    if code.startswith(MAGIC):
        try:
            return prebuilt.load(code)
        except (OSError, ValueError) as error:
            raise UnavailableError(f"the fast step could not be loaded ({_line_of(error)})") from None
    try:
        import llvmlite.binding as llvm

        llvm.initialize_native_target()
        llvm.initialize_native_asmprinter()
        machine = llvm.Target.from_default_triple().create_target_machine()
        engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), machine)
        engine.add_object_file(llvm.ObjectFileRef.from_data(code))
        engine.finalize_object()
        address = int(engine.get_function_address(ENTRY))
    except (ImportError, OSError, RuntimeError) as error:
        raise UnavailableError(f"the fast step could not be linked ({_line_of(error)})") from None
    if not address:
        raise UnavailableError(f"the fast step could not be linked (there is no {ENTRY} in it)")
    return engine, address


class Kernel:
    """The kernel, linked into this process; see `kernel.SIGNATURE` for what it is called with.

    Other threads run meanwhile: it is called without the interpreter's lock. A process to which it is sent (pickled)
    links the same code, and compiles nothing.

    Args:
        form: Another form than the processor's best.
        code: Its machine code; None compiles it, or takes what is kept.

    Raises:
        UnavailableError: It cannot be had.
    """

    def __init__(self, form: Form | None = None, code: bytes | None = None) -> None:
        self.target = target(form)
        self._code = prepare(self.target) if code is None else code
        self._engine, address = link(self._code)
        whole, place = ctypes.c_int64, ctypes.c_void_p
        form_of_call = ctypes.CFUNCTYPE(
            ctypes.c_int32, place, place, place, whole, place, whole, place, whole, place, whole, place
        )
        self._function = form_of_call(address)
        # Numba's functions get the place where to put what they return and what they raise; this one does neither.
        self._returned, self._raised = ctypes.c_void_p(), ctypes.c_void_p()
        self._places = ctypes.byref(self._returned), ctypes.byref(self._raised)

    def __reduce__(self) -> "tuple[type[Kernel], tuple[Form, bytes]]":
        """Sends the machine code, which the same processor can run."""
        return Kernel, (self.target.form, self._code)

    def __call__(self, *arguments: int) -> None:
        """Runs a program; addresses and sizes, in the order of `kernel.SIGNATURE`."""
        status = self._function(*self._places, *arguments)
        assert status == 0, f"the kernel came back with {status}"
