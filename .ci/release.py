"""Builds everything that is given out, into dist/, and tries the wheel in an empty environment: `make release`.

The wheel and the source archive (hatchling), the Blender extension, the Unity package as a tarball, a list of all that
the wheel brings with it (CycloneDX), and the checksums of these files. The same commit gives the same bytes.
"""

import argparse
import base64
import gzip
import hashlib
import io
import json
import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from blender_addon.make_zip import make_zip  # noqa: E402

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
        add_what_the_page_brings(bill)
        # pip remembers from which folder it took the wheel, which is nobody's business
        text = bill.read_text(encoding="utf-8").replace(f"{wheel.parent.as_uri()}/", "")
        bill.write_text(text, encoding="utf-8")


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
    parser.add_argument("--python", nargs="+", default=[sys.executable], help=help_python)
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
    for number, python in enumerate(options.python):
        with tempfile.TemporaryDirectory() as folder:
            try_wheel(wheel, python, Path(folder), output / "sbom.cdx.json" if number == 0 else None)
    sums = [f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}" for file in sorted(output.iterdir())]
    (output / "SHA256SUMS").write_text("\n".join(sums) + "\n", encoding="utf-8")
    print("\n".join(sums))


if __name__ == "__main__":
    main()
