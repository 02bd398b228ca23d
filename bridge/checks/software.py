"""What the bridge is made of: Python, its packages, and the optional ones with what they are for."""

import importlib
import importlib.metadata
import platform
import sys
from dataclasses import dataclass
from typing import Final

from bridge.checks.finding import CheckResult
from models.fast_step import prebuilt
from models.torch_install import install_command, torch_is_installed

_REQUIRED: Final = (*("numpy", "scipy", "soundfile", "sounddevice", "safetensors", "rich", "tyro", "psutil"),)
_OLDEST_PYTHON: Final = (3, 11)
_TORCH_PURPOSE: Final = "GPUs, models that the fast step does not know, --backend torch"


@dataclass(frozen=True, kw_only=True)
class Extra:
    """An optional part of the installation.

    Attributes:
        name: As pip knows it.
        modules: What it brings, by import name.
        purpose: What it is for, and the option that needs it.
    """

    name: str
    modules: tuple[str, ...]
    purpose: str


EXTRAS: Final = (
    Extra(name="film", modules=("imageio_ffmpeg",), purpose="films where the system has no ffmpeg"),
    Extra(name="midi", modules=("mido", "rtmidi"), purpose="MIDI clock, --midi"),
    Extra(name="link", modules=("link",), purpose="Ableton Link, --link"),
    Extra(name="onnx", modules=("onnx", "onnxscript", "onnxruntime"), purpose="ONNX Runtime, --backend onnx"),
)


def check_software(wanted_extras: frozenset[str] = frozenset()) -> list[CheckResult]:
    """Versions, and whether everything that a show needs can be imported.

    Args:
        wanted_extras: Names of `EXTRAS` that this show cannot do without, and ``gpu`` where PyTorch is one of them.
    """
    extras = [_check_extra(extra, wanted_extras) for extra in EXTRAS]
    return [_check_python(), _check_torch("gpu" in wanted_extras), _check_packages(), *extras]


def _check_python() -> CheckResult:
    found = f"{platform.python_version()} on {platform.system()} {platform.release()}, {platform.machine()}"
    if sys.version_info < _OLDEST_PYTHON:
        advice = f"install Python {'.'.join(map(str, _OLDEST_PYTHON))} or newer"
        return CheckResult(check="Python", verdict="problem", found=found, advice=advice)
    return CheckResult(check="Python", verdict="ok", found=found)


def _check_torch(wanted: bool) -> CheckResult:
    """Torch, and the accelerators that it sees; a show that does not ask for it is danced without."""
    if not torch_is_installed():
        if wanted:
            found = f"not installed ({_TORCH_PURPOSE})"
            return CheckResult(check="torch", verdict="problem", found=found, advice=install_command("torch"))
        return CheckResult(check="torch", verdict="ok", found=f"not installed, not asked for ({_TORCH_PURPOSE})")
    try:
        import torch
    except (ImportError, OSError) as error:
        advice = "make a fresh .venv, as the README says; pip install torch"
        return CheckResult(check="torch", verdict="problem", found=f"cannot be loaded: {error}", advice=advice)
    if torch.cuda.is_available():
        accelerator = ", ".join(torch.cuda.get_device_name(index) for index in range(torch.cuda.device_count()))
    elif torch.backends.mps.is_available():
        accelerator = "Apple GPU (MPS)"
    elif torch.version.cuda is not None:
        advice = "look whether the driver is loaded (nvidia-smi); without it the processor dances"
        found = f"{torch.__version__} was built for CUDA {torch.version.cuda}, but sees no GPU"
        return CheckResult(check="torch", verdict="warning", found=found, advice=advice)
    else:
        accelerator = "no GPU, the processor dances"
    return CheckResult(check="torch", verdict="ok", found=f"{torch.__version__}, {accelerator}")


def _check_packages() -> CheckResult:
    versions, missing = [], []
    for name in (*_REQUIRED, *prebuilt.COMPILERS):
        try:
            versions.append(f"{name} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            if name in _REQUIRED or prebuilt.find() is None:  # otherwise nothing has to be compiled here
                missing.append(name)
    if missing:
        ways = ["pip install -c constraints.txt -e ."] if set(missing) & set(_REQUIRED) else []
        if set(missing) & set(prebuilt.COMPILERS):
            ways.append(install_command("numba"))  # llvmlite with it; on Linux on x86-64 `-e .` brings neither
        advice = "; ".join(ways)
        return CheckResult(check="packages", verdict="problem", found=f"missing: {', '.join(missing)}", advice=advice)
    return CheckResult(check="packages", verdict="ok", found=", ".join(versions))


def _check_extra(extra: Extra, wanted: frozenset[str]) -> CheckResult:
    """An optional part that is missing is a problem only for a show that asked for it."""
    check = f"extra {extra.name}"
    try:
        for module in extra.modules:
            importlib.import_module(module)
    except (ImportError, OSError) as error:
        if extra.name not in wanted:
            return CheckResult(check=check, verdict="ok", found=f"not installed, not asked for ({extra.purpose})")
        advice = f"pip install -c constraints.txt -e '.[{extra.name}]'"
        return CheckResult(check=check, verdict="problem", found=f"{extra.purpose}: {error}", advice=advice)
    return CheckResult(check=check, verdict="ok", found=f"installed ({extra.purpose})")
