"""Fourier and cosine transforms of one window, by the compiled half of `scipy.fft` alone.

`import scipy.fft` brings `scipy.special`, array interfaces and `numpy.testing`: 0.3 s of a processor, more than all
else that a performance imports, for two functions whose work is done in one compiled module. That module is loaded here
without the package around it. `numpy.fft` is no substitute: it rounds float32 otherwise, and the same sound has the
same features, bit for bit.
"""

import importlib.util
from importlib.machinery import PathFinder
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import numpy as np
import scipy  # loads its parts when they are first used

from data.sound.streaming import FloatArray

_COMPILED: Final = "scipy.fft._pocketfft.pypocketfft"
_UNSCALED, _ORTHONORMAL = 0, 1


def _rfft(compiled: ModuleType, window: FloatArray) -> Any:
    return compiled.r2c(window, (0,), True, _UNSCALED, None, 1)


def _dct(compiled: ModuleType, values: FloatArray) -> Any:
    return compiled.dct(values, 2, (0,), _ORTHONORMAL, None, 1, None)


def _load(name: str) -> ModuleType | None:
    """The compiled transforms of scipy, or None where this version of scipy has them elsewhere or otherwise."""
    folder = Path(scipy.__path__[0], *name.split(".")[1:-1])
    spec = PathFinder.find_spec(name, [str(folder)])
    if spec is None or spec.loader is None:
        return None
    try:
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        _rfft(module, np.zeros(4, np.float32))
        _dct(module, np.zeros(4, np.float32))
    except (AttributeError, ImportError, TypeError):
        return None
    return module


_compiled = _load(_COMPILED)


def rfft(window: FloatArray) -> np.ndarray[Any, Any]:
    """Spectrum complex64 (samples // 2 + 1,) of a window float32 (samples,), as `scipy.fft.rfft`."""
    if _compiled is None:
        return np.asarray(scipy.fft.rfft(window))
    return np.asarray(_rfft(_compiled, window))


def dct(values: FloatArray) -> FloatArray:
    """Orthonormal DCT-II float32 (values,) of float32 (values,), as `scipy.fft.dct(norm="ortho")`."""
    if _compiled is None:
        return np.asarray(scipy.fft.dct(values, type=2, norm="ortho"))
    return np.asarray(_dct(_compiled, values))
