"""Builds everything that is given out, into dist/, and tries the wheel in an empty environment: `make release`.

The wheel and the source archive (hatchling), the Blender extension, the Unity package as a tarball, the stage's page
and the documents' site as zips, a list of all that the wheel brings with it (CycloneDX), and the checksums of these
files. The same commit gives the same bytes. The wheel is tried by each Python from 3.11 to 3.13 that is found.
"""

import argparse
import base64
import gzip
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from blender_addon.make_zip import make_zip  # noqa: E402

PYTHONS = ("3.11", "3.12", "3.13")
"""In which the wheel is to work."""

PAGE = ROOT / "bridge/stage/page"

LOCKED = ("--quiet", "--no-deps", "--require-hashes", "-r")


def run(*words: str | Path, cwd: Path = ROOT) -> str:
    """What a program prints; its failure ends the release."""
    env = {**os.environ, "SOURCE_DATE_EPOCH": commit_time(), "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    done = subprocess.run([str(word) for word in words], cwd=cwd, env=env, stdout=subprocess.PIPE, check=False)
    if done.returncode:
        sys.exit(f"failed: {' '.join(map(str, words))}")
    return done.stdout.decode()


def commit_time() -> str:
    """Seconds since 1970 of the commit, which stand for the time of making."""
    return subprocess.check_output(["git", "log", "-1", "--format=%ct"], cwd=ROOT, text=True).strip()


def make_unity_tarball(folder: Path) -> Path:
    """The Unity package as Package Manager > Install package from tarball takes it: one folder named `package`."""
    package = json.loads((ROOT / "unity_client/package.json").read_text(encoding="utf-8"))
    path = folder / f"{package['name']}-{package['version']}.tgz"
    tracked = subprocess.check_output(["git", "ls-files", "-z", "unity_client"], cwd=ROOT).decode().split("\0")
    with (
        path.open("wb") as file,
        gzip.GzipFile("", "wb", fileobj=file, mtime=0) as zipped,
        tarfile.open(fileobj=zipped, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for name in sorted(filter(None, tracked)):
            content = (ROOT / name).read_bytes()
            entry = tarfile.TarInfo(f"package/{Path(name).relative_to('unity_client').as_posix()}")
            entry.size, entry.mode, entry.mtime = len(content), 0o644, int(commit_time())
            archive.addfile(entry, io.BytesIO(content))
    return path


def make_zip_of(folder: Path, path: Path) -> Path:
    """The files of a folder as a zip, the same bytes for the same files."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for file in sorted(file for file in folder.rglob("*") if file.is_file()):
            entry = zipfile.ZipInfo(f"{path.stem}/{file.relative_to(folder).as_posix()}", (1980, 1, 1, 0, 0, 0))
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            archive.writestr(entry, file.read_bytes(), zipfile.ZIP_DEFLATED, 9)
    return path


def make_site(path: Path) -> Path:
    """The documents as a site, built strictly, in a zip."""
    with tempfile.TemporaryDirectory() as folder:
        run(sys.executable, "-m", "mkdocs", "build", "--clean", "-d", folder)
        return make_zip_of(Path(folder), path)


def pythons() -> list[str]:
    """An interpreter for each version in which the wheel is to work, where there is one."""
    found = {version: shutil.which(f"python{version}") for version in PYTHONS}
    missing = [version for version, path in found.items() if path is None]
    if missing:
        print(f"not tried, since it is not here: Python {', '.join(missing)}", file=sys.stderr)
    return [path for path in found.values() if path is not None] or [sys.executable]


def try_wheel(wheel: Path, python: str, folder: Path, bill: Path | None) -> None:
    """Installs the wheel into an empty environment and dances two seconds with it, away from the repository."""
    from data.formats.sound_file import write_sound
    from data.music import synthesise

    run(python, "-m", "venv", folder / "plain")
    inside = folder / "plain/bin/python"
    run(inside, "-m", "pip", "install", *LOCKED, ROOT / "locks/plain.txt")
    run(inside, "-m", "pip", "install", "--quiet", "--no-deps", wheel)
    run(inside, "-m", "pip", "check")
    song = synthesise("house", 120.0, 4, 1, sample_rate_hz=24_000)
    write_sound(folder / "song.wav", song.samples, song.sample_rate_hz)
    print(f"{python}: {run(folder / 'plain/bin/transflower', '--version', cwd=folder).strip()}")
    generate = [folder / "plain/bin/transflower", "generate", "song.wav", "-o", "dance.bvh"]
    run(*generate, "--backend", "fast", cwd=folder)  # by itself it would go on without what it cannot compile
    if not (folder / "dance.bvh").is_file():
        sys.exit("the wheel's transflower generate wrote no dance")
    if bill is not None:
        run(python, "-m", "venv", folder / "lister")
        # It runs in an environment of its own, so that it does not list itself.
        run(folder / "lister/bin/python", "-m", "pip", "install", *LOCKED, ROOT / "locks/tools.txt")
        run(folder / "lister/bin/cyclonedx-py", "environment", "--output-reproducible", "-o", bill, inside)
        leave_out_what_installs(bill)
        add_what_the_page_brings(bill)
        # pip remembers from which folder it took the wheel, which is nobody's business
        text = bill.read_text(encoding="utf-8").replace(f"{wheel.parent.as_uri()}/", "")
        bill.write_text(text, encoding="utf-8")


def leave_out_what_installs(bill: Path) -> None:
    """Takes from a list of what the wheel brings the packages that every new environment has, whatever its Python."""
    listed = json.loads(bill.read_text(encoding="utf-8"))
    gone = {part["bom-ref"] for part in listed["components"] if part["name"] in ("pip", "setuptools")}
    listed["components"] = [part for part in listed["components"] if part["bom-ref"] not in gone]
    listed["dependencies"] = [one for one in listed["dependencies"] if one["ref"] not in gone]
    for one in listed["dependencies"]:
        if "dependsOn" in one:  # as an extra, such as tests
            one["dependsOn"] = [ref for ref in one["dependsOn"] if ref not in gone]
    bill.write_text(json.dumps(listed, indent=2) + "\n", encoding="utf-8")


def add_what_the_page_brings(bill: Path) -> None:
    """Adds to a list of what the wheel brings the packages of npm that are built into the page."""
    listed = json.loads(bill.read_text(encoding="utf-8"))
    locked = json.loads((ROOT / "bridge/stage/web/package-lock.json").read_text(encoding="utf-8"))["packages"]
    for name in locked[""]["dependencies"]:
        package = locked[f"node_modules/{name}"]
        algorithm, _, value = package["integrity"].partition("-")
        assert algorithm == "sha512", f"{name}: npm locks it by {algorithm}"
        purl = f"pkg:npm/{name.replace('@', '%40')}@{package['version']}"
        listed["components"].append(
            {
                **{"type": "library", "bom-ref": purl, "name": name, "version": package["version"], "purl": purl},
                "licenses": [{"license": {"id": package["license"]}}],
                "hashes": [{"alg": "SHA-512", "content": base64.b64decode(value).hex()}],
            }
        )
    bill.write_text(json.dumps(listed, indent=2) + "\n", encoding="utf-8")


def main() -> None:
    """Builds, tries, and prints what is in dist/."""
    parser = argparse.ArgumentParser("make release", description=__doc__.splitlines()[0])
    parser.add_argument("-o", "--output", type=Path, default=ROOT / "dist", help="folder to write to")
    help_python = "interpreters in which the wheel is tried, each in an empty environment"
    parser.add_argument("--python", nargs="+", help=help_python)
    options = parser.parse_args()
    changed = run("git", "status", "--porcelain")
    if changed:
        sys.exit(f"a release is made of a commit, and these files are in none:\n{changed}")
    output = options.output.resolve()
    output.mkdir(parents=True, exist_ok=True)
    if (old := next(output.iterdir(), None)) is not None:
        sys.exit(f"{output} is not empty: it has {old.name}. Empty it, or name another folder with -o")
    run(sys.executable, "-m", "hatchling", "build", "-d", output)
    (wheel,) = output.glob("*.whl")
    make_zip(output)
    make_unity_tarball(output)
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    make_zip_of(PAGE, output / f"transflower-stage-page-{version}.zip")
    make_site(output / f"transflower-docs-{version}.zip")
    for number, python in enumerate(options.python or pythons()):
        with tempfile.TemporaryDirectory() as folder:
            try_wheel(wheel, python, Path(folder), output / "sbom.cdx.json" if number == 0 else None)
    sums = [f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}" for file in sorted(output.iterdir())]
    (output / "SHA256SUMS").write_text("\n".join(sums) + "\n", encoding="utf-8")
    print("\n".join(sums))


if __name__ == "__main__":
    main()
