"""PyTorch, which the plain install leaves out: whether it is there, and the command that installs a package here."""

import ctypes
import importlib.metadata
import importlib.util
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

_DRIVERS: Final = {"linux": "libcuda.so.1", "win32": "nvcuda.dll"}
_CONSTRAINTS: Final = Path(__file__).resolve().parents[1] / "constraints.txt"


def torch_is_installed() -> bool:
    """Whether PyTorch can be imported; it is not imported for that, which would take seconds."""
    return importlib.util.find_spec("torch") is not None


def install_command(*packages: str) -> str:
    """The line that installs packages here.

    It is for the shell that the README shows: PowerShell on Windows, where cmd runs it too unless the path of Python
    has a space in it.
    """
    here = _current_folder()
    python = Path(sys.executable)
    if here is not None and python.is_relative_to(here):
        python = python.relative_to(here)
    words = [str(python), "-m", "pip", "install", *packages]
    if _CONSTRAINTS.is_file():
        words += ["-c", _CONSTRAINTS.name if here == _CONSTRAINTS.parent else str(_CONSTRAINTS)]
    return _command_line(words)


def _current_folder() -> Path | None:
    try:
        return Path.cwd()
    except OSError:  # it was removed since
        return None


def _command_line(words: list[str]) -> str:
    if sys.platform == "win32":
        line = subprocess.list2cmdline(words)
        return f"& {line}" if line.startswith('"') else line  # PowerShell takes what is quoted for a text
    return shlex.join(words)


def require_torch(what: str) -> None:
    """Sees that PyTorch is installed, without importing it.

    Args:
        what: What needs it, as the beginning of a sentence.

    Raises:
        ValueError: It is not; the message says how it is installed here.
    """
    if not torch_is_installed():
        raise ValueError(f"{what} needs PyTorch, which is not installed: {install_command('torch')}")


def cuda_driver() -> Any | None:
    """The driver of CUDA, by which a GPU is asked for; None where there is none."""
    try:
        return ctypes.CDLL(_DRIVERS[sys.platform])
    except (KeyError, OSError):
        return None


def torch_version() -> str | None:
    """The version that is installed; None where there is none."""
    try:
        return importlib.metadata.version("torch")
    except importlib.metadata.PackageNotFoundError:
        return None
