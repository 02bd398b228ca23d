"""The plain install, made from the packages of this environment: those that `pyproject.toml` asks for without an extra.

A virtual environment is made, and what the plain install would bring, with all that it needs in turn, is linked into
it. So its Python, and each process that starts from it, has what a performer has: nothing else can be imported.
"""

import importlib.metadata
import subprocess
import sys
import sysconfig
import tomllib
from collections.abc import Iterable
from pathlib import Path

from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
OURS = "transflower-bridge"


def asked_for(*extras: str) -> list[Requirement]:
    """What `pyproject.toml` asks for: without an extra, or with these."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = project["dependencies"] + [line for extra in extras for line in project["optional-dependencies"][extra]]
    return [Requirement(line) for line in lines]


def brought(requirements: Iterable[Requirement]) -> set[str]:
    """The names of all distributions that are installed with these, as they are here."""
    found: set[str] = set()
    waiting = list(requirements)
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        if name in found or not _holds(requirement.marker, set()):
            continue
        found.add(name)
        for line in importlib.metadata.distribution(name).requires or ():
            needed = Requirement(line)
            if _holds(needed.marker, requirement.extras):
                waiting.append(Requirement(line.partition(";")[0]))
    return found


def _holds(marker: Marker | None, extras: set[str]) -> bool:
    return marker is None or any(marker.evaluate({"extra": extra}) for extra in extras or {""})


def make_base_install(folder: Path) -> Path:
    """Makes the environment in a folder that is not there yet, with this checkout in it; its Python."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    packages = Path(sysconfig.get_path("purelib", vars={"base": str(folder)}))
    for name in brought(asked_for()) | {OURS}:
        _link(importlib.metadata.distribution(name), packages)
    (packages / "checkout.pth").write_text(f"{ROOT}\n", encoding="utf-8")
    return Path(sysconfig.get_path("scripts", vars={"base": str(folder)}), "python")


def _link(distribution: importlib.metadata.Distribution, packages: Path) -> None:
    """Links what a distribution has beside other packages; scripts are left out, and what only `site` reads."""
    files = distribution.files or []
    for top in sorted({file.parts[0] for file in files} - {"..", "__pycache__"}):
        if not top.endswith(".pth"):
            there = Path(str(distribution.locate_file(top)))
            (packages / top).symlink_to(there, target_is_directory=there.is_dir())
