"""Where Blender's own Python is, for each version that is tested, and how to get it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.program import run_program

ROOT = Path(__file__).parents[2]
INSIDE = Path(__file__).parent / "inside"
NEWEST = "5.0"
VERSIONS = [
    pytest.param("4.2", marks=pytest.mark.long),
    pytest.param("4.5", marks=pytest.mark.long),
    pytest.param(NEWEST),
]
"""As parameters of tests: the newest one stands for all where time is short."""


def blender_python(version: str) -> Path:
    """The Python of a virtual environment with this version of bpy; the test is skipped where there is none."""
    python = ROOT / ".venv-blender" / version / "bin" / "python"
    if not python.is_file():
        pytest.skip(
            f"no bpy {version} here: `make .venv-blender/{version}/.installed` (0.9 GB), or `make test-blender`"
        )
    return python


def run_inside(
    version: str, arguments: list[str], folder: Path, **environment: str
) -> "subprocess.CompletedProcess[str]":
    """Runs Blender's Python in `inside`, with the extension's zip and settings of its own in `folder`."""
    python = blender_python(version)
    return run_program([str(python), *arguments], cwd=INSIDE, env=inside_environment(folder, **environment))


def transflower_script(folder: Path, *options: str) -> str:
    """A command like the installed one, of these very sources, with more options of its own."""
    script = folder / "transflower"
    more = " ".join(f'"{option}"' for option in options)
    script.write_text(
        f'#!/bin/sh\ncd "{ROOT}" && exec "{sys.executable}" -m bridge.cli "$@" {more}\n', encoding="utf-8"
    )
    script.chmod(0o755)
    return str(script)


def inside_environment(folder: Path, **more: str) -> dict[str, str]:
    """For a process of Blender's Python: the built zip, and a user's folder that is empty."""
    from blender_addon.make_zip import make_zip

    settings = folder / "blender"
    settings.mkdir(parents=True, exist_ok=True)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "BLENDER"))}
    return {
        **kept,
        "EXTENSION_ZIP": str(make_zip(folder)),
        "BLENDER_USER_RESOURCES": str(settings),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUNBUFFERED": "1",
        **more,
    }
