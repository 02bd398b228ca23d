"""Machine code that comes with the package, for Linux on x86-64: such a machine needs neither numba nor llvmlite.

``python -m models.fast_step.prebuilt`` makes it again, after every change of its `SOURCES`; a test holds it to them.
Code of other sources is never run: then, as for every other kind of machine, the kernel is compiled (`machine_code`).
"""

import hashlib
import importlib.metadata
import json
import platform
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from models.fast_step.flat_code import FlatCode, flattened
from models.fast_step.forms import ENTRY, PROCESSORS, Form

FOLDER: Final = Path(__file__).with_name("prebuilt")
INDEX: Final = "index.json"
SOURCES: Final = ("forms.py", "opcodes.py", "vectors.py", "kernel.py", "compile.py", "flat_code.py")
"""What decides the code, beside the compiler."""
COMPILERS: Final = ("numba", "llvmlite")
_V2: Final = frozenset(["cx16", "lahf_lm", "popcnt", "pni", "sse4_1", "sse4_2", "ssse3"])
_V3: Final = _V2 | frozenset(["avx", "avx2", "bmi1", "bmi2", "f16c", "fma", "abm", "movbe", "xsave"])
_FLAGS: Final[dict[Form, frozenset[str]]] = {
    "avx512": _V3 | frozenset(["avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"]),
    "avx2": _V3,
    "plain": _V2,
}
"""What a processor must have for a form, as Linux names it."""
_CPU_INFO: Final = Path("/proc/cpuinfo")


@dataclass(frozen=True)
class Prebuilt:
    """Machine code of one form.

    Attributes:
        form: Which.
        processor: LLVM's name of what it was compiled for.
        compilers: Versions of what compiled it, by name.
        code: A `FlatCode`, as bytes.
    """

    form: Form
    processor: str
    compilers: dict[str, str]
    code: bytes


def find(form: Form | None = None) -> Prebuilt | None:
    """The code of a form, or of the best that this processor runs; None if there is none for this machine."""
    forms = (form,) if form is not None else tuple(PROCESSORS)
    return next((found for one in forms if (found := _read(one)) is not None), None)


@cache
def _read(form: Form) -> Prebuilt | None:
    if form not in PROCESSORS or not _FLAGS[form] <= processor_flags():
        return None
    try:
        index = json.loads((FOLDER / INDEX).read_text(encoding="utf-8"))
        code = (FOLDER / f"{form}.bin").read_bytes()
        if index["sources"] != sources_digest() or index["code"][form] != hashlib.sha256(code).hexdigest():
            return None
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return Prebuilt(form, PROCESSORS[form], dict(index["compilers"]), code)


@cache
def processor_flags() -> frozenset[str]:
    """What this processor can do, as Linux names it; nothing on other systems and other kinds of processors."""
    if sys.platform != "linux" or platform.machine() != "x86_64" or sys.maxsize < 2**32:
        return frozenset()
    try:
        lines = _CPU_INFO.read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return frozenset()
    flags = [frozenset(line.partition(":")[2].split()) for line in lines if line.startswith("flags")]
    return frozenset.intersection(*flags) if flags else frozenset()


def sources_digest() -> str:
    """Of the sources that decide the code."""
    digest = hashlib.sha256()
    for name in SOURCES:
        digest.update(name.encode() + Path(__file__).with_name(name).read_bytes())
    return digest.hexdigest()


def make() -> dict[str, bytes]:
    """All files of `FOLDER` by name, compiled now; the same compilers give the same bytes on any machine."""
    from models.fast_step.machine_code import CodeTarget, compiled_apart

    targets = [CodeTarget(form=form, processor=name, features="") for form, name in PROCESSORS.items()]
    codes = {target.form: flattened(compiled_apart(target), ENTRY).to_bytes() for target in targets}
    index: dict[str, Any] = {
        "sources": sources_digest(),
        "compilers": {name: importlib.metadata.version(name) for name in COMPILERS},
        "code": {form: hashlib.sha256(code).hexdigest() for form, code in codes.items()},
    }
    files = {f"{form}.bin": code for form, code in codes.items()}
    return {INDEX: (json.dumps(index, indent=1) + "\n").encode(), **files}


def load(code: bytes) -> tuple[Any, int]:
    """What holds it, for as long as it is called, and the address of its function; see `FlatCode.load`.

    Raises:
        OSError: The system allows no memory that can be executed.
        ValueError: It is no flat code.
    """
    return FlatCode.from_bytes(code).load()


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, content in make().items():
        (FOLDER / name).write_bytes(content)
        print(f"written: {FOLDER / name}")
