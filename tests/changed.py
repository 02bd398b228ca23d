"""Runs the tests of the folders that a change touches: `make check`, or `python -m tests.changed [SINCE]`.

A change is what differs from SINCE, a commit or branch: committed, uncommitted, or new. Without it, what the branch
that this one follows has not got; where there is no such branch, what is not committed. Tests that are marked `slow` or
`realtime` are left to `make test`, and so are the tests of folders that stand on those which were touched.
"""

import argparse
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TESTS = {
    "bridge/stage": ("tests/stage",),
    "bridge": ("tests/bridge",),
    "data": ("tests/data", "tests/conformance"),
    "models": ("tests/models",),
    "training": ("tests/training",),
    "blender_addon": ("tests/blender_addon", "tests/conformance"),
    "unity_client": ("tests/unity_client",),
}
"""Which tests cover what; the first that fits."""
ALWAYS = ("tests/test_house.py", "tests/docs")
"""The rules of the repository and the commands of the READMEs, which any change can break."""


def git(*arguments: str) -> str:
    """What git says."""
    return subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True, text=True).stdout


def changed_files(since: str | None) -> list[str]:
    """Files that differ from a commit, and files that git does not know yet."""
    if since is None:
        followed = subprocess.run(
            ["git", "merge-base", "HEAD", "@{upstream}"], cwd=ROOT, capture_output=True, text=True
        )
        since = followed.stdout.strip() or "HEAD"
    listed = git("diff", "--name-only", "-z", since, "--") + git("ls-files", "-z", "--others", "--exclude-standard")
    return sorted({name for name in listed.split("\0") if name})


def tests_of(file: str) -> tuple[str, ...]:
    """The tests of a file: itself, if it is one; else those of its folder."""
    if file.startswith("tests/"):
        path = Path(file)
        is_test = path.name.startswith("test_") and path.suffix == ".py" and (ROOT / path).is_file()
        folder = "/".join(path.parts[:2]) if len(path.parts) > 2 else ""
        return (file,) if is_test and "inside" not in path.parts else (folder,) if folder else ()
    return next((tests for folder, tests in TESTS.items() if file.startswith(folder + "/")), ())


def main() -> int:
    """Runs pytest on them; its exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("since", nargs="?", help="commit or branch to compare with")
    files = changed_files(parser.parse_args().since)
    chosen = sorted({test for file in files for test in tests_of(file)} | set(ALWAYS))
    folders = [test for test in chosen if (ROOT / test).is_dir()]
    chosen = [test for test in chosen if test in folders or not any(test.startswith(f + "/") for f in folders)]
    print(f"{len(files)} changed files: the quick tests of {' '.join(chosen)}", flush=True)
    command = [sys.executable, "-m", "pytest", "-q", "-n", "auto", "-m", "not slow and not realtime", *chosen]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
