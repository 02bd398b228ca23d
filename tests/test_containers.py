"""The container files: what they copy, run and expose is there, and what is copied suffices to install it.

No image is built: that takes a base from a registry, and minutes. hadolint, where it is installed, judges the form.
"""

import fnmatch
import os
import re
import shlex
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from bridge.commands.options import DEFAULT_CONTROL, DEFAULT_QUERY_PORT, DEFAULT_STAGE
from tests.docs import command_parsers
from tests.docs.documents import ROOT

FILES = sorted((ROOT / "containers").glob("*.Dockerfile"))
PAGE = ROOT / "docs/containers.md"


def instructions(path: Path) -> list[tuple[str, str]]:
    """Each instruction and what follows it, on one line."""
    text = re.sub(r"^#.*\n", "", path.read_text("utf-8"), flags=re.MULTILINE).replace("\\\n", " ")
    return [
        (word, rest.strip()) for word, _, rest in (line.partition(" ") for line in text.splitlines() if line.strip())
    ]


def copied(path: Path) -> list[str]:
    """What is copied out of the repository."""
    return [source for word, rest in instructions(path) if word == "COPY" for source in rest.split()[:-1]]


def is_let_in(name: str) -> bool:
    """Whether .dockerignore lets a path of the repository into the build, as its last rule that fits says."""
    let_in = True
    for rule in (ROOT / ".dockerignore").read_text("utf-8").split():
        pattern = rule.lstrip("!")
        parts = Path(name).parts
        above = ["/".join(parts[: end + 1]) for end in range(len(parts))]
        if any(fnmatch.fnmatch(each, pattern) or fnmatch.fnmatch(f"./{each}", pattern) for each in above):
            let_in = rule.startswith("!")
    return let_in


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_what_is_copied_is_there_and_let_in(path: Path) -> None:
    assert copied(path)
    for name in copied(path):
        assert (ROOT / name).exists(), name
        assert is_let_in(name), f".dockerignore keeps {name} out"
    assert not is_let_in("bridge/stage/web/package.json")
    assert not is_let_in("shared/data")


@pytest.mark.parametrize("path", [FILES[0], pytest.param(FILES[1], marks=pytest.mark.long)], ids=lambda path: path.name)
def test_what_is_copied_makes_the_same_wheel(path: Path, tmp_path: Path) -> None:
    names = set(zipfile.ZipFile(wheel_of_copied(path, tmp_path, mode=0o644, changed_s=1e9)).namelist())
    assert {"models/weights/default.safetensors", "bridge/stage/page/index.html", "training/cli.py"} <= names
    # What makes the avatar stays out of every wheel.
    wanted = {name for name in taken_by(path) if name.endswith(".py") and "default_avatar" not in Path(name).parts}
    assert wanted <= names


@pytest.mark.long
def test_a_wheel_has_the_same_bytes_from_any_folder_date_and_file_mode(tmp_path: Path) -> None:
    one = wheel_of_copied(FILES[0], tmp_path / "one", mode=0o644, changed_s=1e9)
    other = wheel_of_copied(FILES[0], tmp_path / "other/deeper", mode=0o600, changed_s=1.5e9)
    assert one.read_bytes() == other.read_bytes()


def taken_by(path: Path) -> list[str]:
    """Files of the repository that a container file copies."""
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT,
                            check=True, capture_output=True, text=True).stdout.split("\0")  # fmt: skip
    there = [name for name in listed if name and (ROOT / name).is_file()]
    return [name for name in there if is_let_in(name) and Path(name).parts[0] in copied(path)]


def wheel_of_copied(path: Path, folder: Path, *, mode: int, changed_s: float) -> Path:
    """The wheel that is made of what a container file copies, of files of that mode, last changed at that time."""
    for name in taken_by(path):
        place = folder / "context" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, place)
        place.chmod(mode)
        os.utime(place, (changed_s, changed_s))
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder]
    subprocess.run(build, cwd=folder / "context", check=True)
    (wheel,) = folder.glob("*.whl")
    return wheel


def test_what_is_installed_and_begun_is_ours() -> None:
    for path in FILES:
        for word, rest in instructions(path):
            for line in rest.split("&&") if word == "RUN" else ():
                words = shlex.split(line)
                if "pip" in words:
                    given = [each for each in words[words.index("pip") + 1 :] if each != "--no-cache-dir"]
                    place = given[-1].partition("[")[0]
                    assert place == "."
                    command_parsers.pip([*given[:-1], "-e", given[-1]] if "-e" not in given else given)
    perform = dict(instructions(FILES[0]))
    assert perform["ENTRYPOINT"] == '["transflower"]'
    command_parsers.transflower([word.strip('" ') for word in perform["CMD"].strip("[]").split(",")])
    assert dict(instructions(FILES[1]))["ENTRYPOINT"] == '["transflower-train"]'


def test_what_is_exposed_is_where_it_listens() -> None:
    ports = {int(DEFAULT_STAGE.rpartition(":")[2]), int(DEFAULT_CONTROL.rpartition(":")[2]), DEFAULT_QUERY_PORT}
    exposed = dict(instructions(FILES[0]))["EXPOSE"].split()
    assert {int(each.partition("/")[0]) for each in exposed} == ports


def test_what_the_page_shows_can_be_typed() -> None:
    (block,) = re.findall(r"^```text\n(.*?)^```", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    lines = block.replace("\\\n", " ").splitlines()
    images = {}
    for words in map(shlex.split, lines):
        if words[1] == "build":
            assert (ROOT / words[words.index("-f") + 1]).is_file()
            images[words[words.index("-t") + 1]] = words
    train = command_parsers.TrainParsers()
    for words in map(shlex.split, lines):
        if words[1] == "run":
            (name,) = set(images) & set(words)
            rest = words[words.index(name) + 1 :]
            if name == "transflower" and rest:
                command_parsers.transflower(rest)
            elif rest:
                train(rest)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_hadolint_has_nothing_to_say(path: Path) -> None:
    ours = ROOT / ".venv-hadolint/bin/hadolint"
    hadolint = str(ours) if ours.is_file() else shutil.which("hadolint")
    if hadolint is None:
        pytest.skip("hadolint is missing (make lint-container)")
    done = subprocess.run([hadolint, path], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
