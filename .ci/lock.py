"""Writes locks/: every package that `make` installs, by version and by the SHA-256 of each of its files on PyPI.

`make locks` after a change of constraints.txt, of pyproject.toml, or of Blender's versions in the Makefile. uv resolves
for all systems and Pythons at once, within constraints.txt, so a Mac reads the same files; pip installs them
(`--require-hashes`) and refuses whatever has other bytes.
"""

import argparse
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
LOCKS: Final = ROOT / "locks"
PYTHON: Final = "3.11"
UV: Final = "uv==0.13.9"
Entries = dict[str, list[str]]
"""Hashes of each requirement, a package's version and the systems that need it."""

BLENDER: Final = re.compile(r"^BPY_([\d.]+) := (\S+)$", re.MULTILINE)
TORCH: Final = re.compile(r"torch==|nvidia-|cuda-|triton==")
"""PyTorch, and what its wheel of PyPI brings on Linux, 2 GB: its builds for CPUs need none of it."""

CPU_BUILDS: Final[Entries] = {
    # torch-2.13.0+cpu-cp311-cp311-manylinux_2_28_x86_64.whl of PyTorch's own index
    "torch==2.13.0+cpu": ["6746dbcbeb526eb61330b76b41ff1b4eb848951103a892eeb080dfa2b264667b"],
}
"""Files that PyPI does not have, by the bytes that the tests passed with.

In a file of their own: of several files pip takes the one whose hash its index tells, so PyPI's before a folder's.
"""

WITHIN: Final = ("-c", str(ROOT / "constraints.txt"))


def resolved(folder: Path, *words: str, wanted: str = "", within: tuple[str, ...] = WITHIN) -> Entries:
    """What uv finds for a project's extras, or for the requirements `wanted`."""
    source = str(ROOT / "pyproject.toml")
    if wanted:
        source = str(folder / "wanted.in")
        Path(source).write_text(wanted, encoding="utf-8")
    found = subprocess.run(
        [
            *(sys.executable, "-m", "uv", "pip", "compile", source, *words, *within),
            *("--universal", "--python-version", PYTHON, "--generate-hashes", "--no-header", "--no-annotate"),
            *("--quiet", "--no-config"),
        ],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    entries: Entries = {}
    for line in found.replace("\\\n", " ").splitlines():
        requirement, *hashes = line.split(" --hash=sha256:")
        entries[requirement.strip()] = sorted(map(str.strip, hashes))
    return entries


def write(name: str, entries: Entries, what: str, beside: str | None = None) -> None:
    """Writes a file of requirements for pip."""
    lines = [f"# {what}", "# Written by `python .ci/lock.py`; not to be changed by hand."]
    lines += [f"-r {beside}"] if beside else []
    for requirement, hashes in sorted(entries.items(), key=lambda entry: entry[0].lower()):
        lines.append(" \\\n    ".join([requirement, *(f"--hash=sha256:{value}" for value in hashes)]))
    (LOCKS / f"{name}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def without(entries: Entries, others: Entries) -> Entries:
    """Those that are not among the others."""
    return {requirement: hashes for requirement, hashes in entries.items() if requirement not in others}


def main() -> None:
    """Writes the files."""
    parser = argparse.ArgumentParser(".ci/lock.py", description=__doc__.splitlines()[0])
    parser.parse_args()
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    (pytest,) = re.findall(r"^pytest==.*$", pins, re.MULTILINE)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        plain = resolved(folder)
        dev = resolved(folder, "--extra", "dev")
        link = resolved(folder, "--extra", "link")
        research = resolved(
            folder, *("--extra", "dev"), *("--extra", "wandb"), *("--extra", "mlflow"), *("--extra", "sweep")
        )
        build = resolved(folder, wanted="hatchling\neditables\n")
        tools = resolved(folder, wanted=f"{UV}\ncyclonedx-bom==7.5.0\n")
        write("build", build, "What builds our own package.")
        write("plain", plain, "What performs, and no more.")
        torch = {requirement: hashes for requirement, hashes in dev.items() if TORCH.match(requirement)}
        more = without(without(dev, plain), torch)
        write("dev", more, "What the tests need beside it, but PyTorch.", beside="plain.txt")
        write("torch", torch, "PyTorch as PyPI has it; on Linux that brings CUDA.")
        write("torch-cpu", CPU_BUILDS, "PyTorch for CPUs alone, where the machine has it; otherwise torch.txt.")
        write("research", without(research, dev), "Loggers of services, and sweeps: only for who asks for them.")
        write("link", without(link, plain), "Ableton Link, which is GPL: only for who asks for it.")
        write("tools", tools, "What a release is listed with, and what writes these files.")
        for version, bpy in BLENDER.findall((ROOT / "Makefile").read_text(encoding="utf-8")):
            inside = resolved(folder, wanted=f"bpy=={bpy}\n{pytest}\n", within=())  # it has NumPy of its own
            write(f"blender-{version}", inside, f"Blender {version} as a Python module, and what tests run in it.")


if __name__ == "__main__":
    main()
