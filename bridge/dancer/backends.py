"""What steps a dancer: the fast step, PyTorch or ONNX Runtime, and which of them `auto` takes."""

import ctypes
import importlib.util
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from models.files.checkpoint_header import ONNX_SUFFIX
from models.torch_install import cuda_driver, install_command, require_torch, torch_is_installed

Backend = Literal["torch", "onnx", "fast"]
"""What steps a dancer."""
RequestedBackend = Literal["auto", "fast", "onnx", "torch"]
"""What can be asked for: one of them, or the fastest that is there."""
BACKEND_TITLES: Final[Mapping[Backend, str]] = {"torch": "PyTorch", "onnx": "ONNX Runtime", "fast": "the fast step"}
LARGE_BYTES: Final = 32_000_000
"""Of a dancer's file from which on a GPU is faster than the fast step: some 16 million weights. The dancer
without a plan takes 0.9 ms on an H100, most of it on the way there and back, and less on a processor."""
GPU_DEVICES: Final = ("cuda", "mps")


@dataclass(frozen=True)
class Choice:
    """What steps a dancer, and why that is not the fast step where that would have been taken; None if it is.

    Attributes:
        backend: What steps the dancer.
        reason: Why nothing faster does.
    """

    backend: Backend
    reason: str | None = None


def choose(path: Path, metadata: Mapping[str, Any], requested: RequestedBackend, device: str) -> Choice:
    """What steps a dancer, without loading any of it.

    ``auto`` takes ONNX Runtime for an .onnx file, which nothing else reads; PyTorch where a GPU is asked for, or is
    there and the dancer is large; else the fast step; and PyTorch where that cannot be had, if it is installed. A GPU
    that is there is one of CUDA: Apple's (MPS) is taken where it is asked for, and never by itself.

    Args:
        path: The dancer's file.
        metadata: Its header.
        requested: What was asked for.
        device: What it is to run on, a name of `models.step.stepper.DEVICES`.

    Raises:
        ValueError: What was asked for by name cannot dance this file, or PyTorch would have to and is not installed;
            the message says why, and what to do.
    """
    from models.fast_step.fast_stepper import why_not

    if path.suffix.lower() == ONNX_SUFFIX:
        if requested in ("fast", "torch"):
            title = BACKEND_TITLES[requested]
            raise ValueError(
                f"{path}: ONNX Runtime dances .onnx files, and {title} .safetensors files; leave --backend out, or "
                "name the .safetensors that it was exported from"
            )
        return Choice("onnx")
    if requested == "torch":
        require_torch("--backend torch")
    if requested in ("torch", "onnx"):
        return Choice(requested)
    if requested == "auto" and device in GPU_DEVICES:
        require_torch(f"--device {device}")
        return Choice("torch")
    reason = why_not(path, metadata)
    if requested == "fast":
        if reason is not None:
            raise ValueError(f"{path}: {reason}; {use_torch_instead()}")
        check_device(requested, device)
        return Choice("fast")
    if device == "auto" and path.stat().st_size >= LARGE_BYTES and _has_gpu():
        return Choice("torch")
    return Choice("fast") if reason is None else torch_because(path, reason)


def torch_because(path: Path, reason: str) -> Choice:
    """PyTorch, since the fast step cannot dance a file.

    Args:
        path: The dancer's file.
        reason: Why it cannot, in a sentence.

    Raises:
        ValueError: PyTorch is not installed; the message says how it is.
    """
    if not torch_is_installed():
        way_out = install_command("torch")
        raise ValueError(f"{path}: {reason}, and PyTorch, which could dance it, is not installed: {way_out}")
    return Choice("torch", reason)


def use_torch_instead() -> str:
    """The way out where the fast step was asked for and cannot dance."""
    how = "use --backend torch"
    return how if torch_is_installed() else f"{how} once PyTorch is installed: {install_command('torch')}"


def check_device(backend: Backend, device: str) -> None:
    """Refuses a GPU for what dances on the processor alone.

    Raises:
        ValueError: It is one.
    """
    if backend != "torch" and device not in ("auto", "cpu"):
        title = BACKEND_TITLES[backend]
        raise ValueError(
            f"{title[:1].upper()}{title[1:]} dances on the processor: use --device cpu, or PyTorch for {device!r}"
        )


def _has_gpu() -> bool:
    """Whether PyTorch is installed, built for CUDA, and would find a GPU.

    Asked of PyTorch's file of versions and of the driver, since importing PyTorch takes seconds.
    """
    torch = importlib.util.find_spec("torch")
    if torch is None or torch.origin is None:
        return False
    try:  # the version alone does not tell: PyPI's wheels for Windows are for processors, and do not say so
        versions = Path(torch.origin).with_name("version.py").read_text(encoding="utf-8")
    except OSError:
        return False
    if re.search(r"^cuda\b[^=\n]*=\s*['\"]", versions, re.MULTILINE) is None:
        return False
    driver, count = cuda_driver(), ctypes.c_int(0)
    return (
        driver is not None
        and driver.cuInit(0) == 0
        and driver.cuDeviceGetCount(ctypes.byref(count)) == 0
        and count.value > 0
    )
