"""Loading torch while others need the interpreter: without this, the first import of torch stops every other thread."""

import ctypes
import importlib.util
import os
import sys
from pathlib import Path
from typing import Final

_SUFFIXES: Final = {"linux": ".so", "darwin": ".dylib"}


def preload_torch_libraries() -> None:
    """Loads torch's shared libraries, which `import torch` then finds loaded.

    They are hundreds of megabytes and take tenths of a second (with CUDA, seconds) to link. An import does that holding
    the interpreter's lock, so that no pose is sent meanwhile; a foreign function, here the system's `dlopen`, is called
    without it. The order and the flags are those of torch itself. What cannot be loaded is left to the import, which
    says what is wrong. On Windows torch's own import already does it in this way.
    """
    torch = importlib.util.find_spec("torch")
    suffix = _SUFFIXES.get(sys.platform)
    if suffix is None or "torch" in sys.modules or torch is None or torch.origin is None:
        return
    dlopen = ctypes.CDLL(None).dlopen
    dlopen.argtypes, dlopen.restype = (ctypes.c_char_p, ctypes.c_int), ctypes.c_void_p
    folder = Path(torch.origin).parent / "lib"
    for name, scope in (("libtorch_global_deps", os.RTLD_GLOBAL), ("libtorch", os.RTLD_LOCAL)):
        if dlopen(os.fsencode(folder / (name + suffix)), os.RTLD_NOW | scope) is None:
            return
