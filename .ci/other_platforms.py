"""Is there a wheel of every dependency for Windows and macOS, in the versions of constraints.txt?

Run `python .ci/other_platforms.py`, with extras such as `train` or `midi` behind it. pip chooses the wheels as it would
there and downloads no more than it must to know what each needs. pip judges markers by the machine that it runs on, so
they are taken out of our own requirements, and `colorama`, which others need on Windows alone, is asked for too.
"""

import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PLATFORMS = {
    "Windows, x86-64": ["win_amd64"],
    "macOS, Apple's processors": ["macosx_14_0_arm64", "macosx_12_0_arm64", "macosx_11_0_arm64"],
}
"""Tags that pip takes there, newest first."""


def requirements(extras: list[str]) -> list[str]:
    """What the plain install and these extras ask for, wherever it is installed."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = project["dependencies"] + [line for extra in extras for line in project["optional-dependencies"][extra]]
    return sorted({line.partition(";")[0].strip() for line in asked if not line.startswith("transflower-bridge")})


def main() -> None:
    """Asks for each platform; exits with 1 where something is missing."""
    missing = False
    for title, tags in PLATFORMS.items():
        with tempfile.TemporaryDirectory() as folder:
            line = [sys.executable, "-m", "pip", "install", "--dry-run", "--ignore-installed", "--quiet"]
            line += [
                "--disable-pip-version-check",
                "--target",
                folder,
                "--only-binary=:all:",
                "--python-version",
                "3.11",
            ]
            line += [word for tag in tags for word in ("--platform", tag)]
            line += ["--implementation", "cp", "-c", str(ROOT / "constraints.txt")]
            done = subprocess.run([*line, *requirements(sys.argv[1:]), "colorama"], check=False)
        print(f"{title}: {'a wheel of each' if done.returncode == 0 else 'something is missing'}", flush=True)
        missing = missing or done.returncode != 0
    sys.exit(missing)


if __name__ == "__main__":
    main()
