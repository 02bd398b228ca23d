"""Fourier and cosine transforms of one window, by the compiled half of `scipy.fft` alone.

`import scipy.fft` brings `scipy.special`, array interfaces and `numpy.testing`: 0.3 s of a processor, which is more than
all else that a performance imports, for two functions whose work is done in one compiled module. That module is loaded
here without the package around it. `numpy.fft` is no substitute: it rounds float32 otherwise, and the features of a
dancer are the same bit for bit on every machine that has the same scipy.
"""

from __future__ import annotations

import importlib.util
from functools import cache
from importlib.machinery import PathFinder
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from data.streaming import FloatArray

_COMPILED = "scipy.fft._pocketfft.pypocketfft"
_UNSCALED, _ORTHONORMAL = 0, 1


def rfft(window: FloatArray) -> np.ndarray[Any, Any]:
    """Spectrum complex64 (samples // 2 + 1,) of a window float32 (samples,), as `scipy.fft.rfft`."""
    compiled = _compiled()
    if compiled is None:
        import scipy.fft

        return np.asarray(scipy.fft.rfft(window))
    return np.asarray(_rfft(compiled, window))


def dct(values: FloatArray) -> FloatArray:
    """Orthonormal DCT-II float32 (values,) of float32 (values,), as `scipy.fft.dct(norm="ortho")`."""
    compiled = _compiled()
    if compiled is None:
        import scipy.fft

        return np.asarray(scipy.fft.dct(values, type=2, norm="ortho"))
    return np.asarray(_dct(compiled, values))


def _rfft(compiled: ModuleType, window: FloatArray) -> Any:
    return compiled.r2c(window, (0,), True, _UNSCALED, None, 1)


def _dct(compiled: ModuleType, values: FloatArray) -> Any:
    return compiled.dct(values, 2, (0,), _ORTHONORMAL, None, 1, None)


@cache
def _compiled() -> ModuleType | None:
    """scipy's compiled transforms, or None where this version of scipy has them elsewhere or otherwise."""
    import scipy  # a hundredth of a second: on Windows it tells the system where libraries are

    folder = Path(scipy.__path__[0], *_COMPILED.split(".")[1:-1])
    spec = PathFinder.find_spec(_COMPILED, [str(folder)])
    if spec is None or spec.loader is None:
        return None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    try:
        _rfft(module, np.zeros(4, np.float32))
        _dct(module, np.zeros(4, np.float32))
    except (AttributeError, TypeError):
        return None
    return module
