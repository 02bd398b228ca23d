"""What is given out: the licences that go with it, and that the same commit makes the same bytes."""

import importlib.metadata
import importlib.util
import json
import os
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from fnmatch import fnmatch
from pathlib import Path
from types import ModuleType

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from blender_addon.make_zip import make_zip

ROOT = Path(__file__).resolve().parents[1]
GPL = re.compile(r"(?<!L)GPL|(?<!Lesser )General Public License")
NAMELESS_GPL = {"linkpython-extern"}
"""Packages under the GPL whose own metadata do not say so."""


@pytest.fixture(scope="module")
def release() -> ModuleType:
    spec = importlib.util.spec_from_file_location("release", ROOT / ".ci/release.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder], cwd=ROOT, check=True)
    (path,) = folder.iterdir()
    return zipfile.ZipFile(path)


def test_the_wheel_names_both_licences_and_holds_their_notices(wheel: zipfile.ZipFile) -> None:
    (metadata,) = (name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
    text = wheel.read(metadata).decode()
    assert "License-Expression: MIT AND CC-BY-4.0" in text
    licences = metadata.replace("METADATA", "licenses/")
    held = (name for name in wheel.namelist() if name.startswith(licences))
    notices = {name.removeprefix(licences): wheel.read(name).decode() for name in held}
    assert "MIT License" in notices["LICENSE"]
    assert "AIST++" in notices["models/weights/LICENSE.md"]
    assert "three.js authors" in notices["bridge/stage/page/licences.txt"]
    assert "Groove MIDI" in notices["data/sound/beat_network/README.md"]
    assert "What it heard" in notices["data/sound/music_detector/README.md"]


def test_notices_name_all_that_is_no_text_of_ours(wheel: zipfile.ZipFile) -> None:
    notice = (ROOT / "NOTICE.md").read_text(encoding="utf-8")
    patterns = re.findall(r"^\| `([^`]+)`", notice, re.MULTILINE)
    ours = (".py", ".md", ".yaml", ".png", ".pyi")
    others = [name for name in wheel.namelist() if not name.endswith(ours) and ".dist-info/" not in name]
    unnamed = [
        name
        for name in others
        if not any(fnmatch(name, pattern) or name.startswith(f"{pattern}/") for pattern in patterns)
    ]
    assert unnamed == []
    assert all(any(fnmatch(name, f"{pattern}*") for name in others) for pattern in patterns), "of what is gone"


def test_every_file_of_weights_is_named_by_its_licence() -> None:
    text = (ROOT / "models/weights/LICENSE.md").read_text(encoding="utf-8")
    for path in (ROOT / "models/weights").glob("*.safetensors"):
        assert f"`{path.name}`" in text


def test_the_blender_zip_carries_the_text_of_its_licence(tmp_path: Path) -> None:
    with zipfile.ZipFile(make_zip(tmp_path)) as archive:
        (folder,) = {name.split("/")[0] for name in archive.namelist()}
        assert "Version 3, 29 June 2007" in archive.read(f"{folder}/COPYING").decode()
        notice = archive.read(f"{folder}/LICENSE").decode()
    assert "GPL-3.0-or-later" in notice
    assert (ROOT / "LICENSE").read_text(encoding="utf-8") in notice, "what is vendored is MIT"


def test_the_list_of_a_release_has_the_pages_packages_and_no_installer(release: ModuleType, tmp_path: Path) -> None:
    bill = tmp_path / "bill.json"
    found = [{"name": name, "bom-ref": f"{name}==1"} for name in ("numpy", "pip", "setuptools")]
    needs = [{"ref": one["bom-ref"], "dependsOn": ["setuptools==1"]} for one in found]
    bill.write_text(json.dumps({"components": found, "dependencies": needs}), encoding="utf-8")
    release.leave_out_what_installs(bill)
    assert json.loads(bill.read_text(encoding="utf-8"))["dependencies"] == [{"ref": "numpy==1", "dependsOn": []}]
    release.add_what_the_page_brings(bill)
    listed = {part["name"]: part for part in json.loads(bill.read_text(encoding="utf-8"))["components"]}
    package = json.loads((ROOT / "bridge/stage/web/package.json").read_text(encoding="utf-8"))
    assert set(listed) == {"numpy", *package["dependencies"]}
    assert listed["three"]["purl"] == f"pkg:npm/three@{package['dependencies']['three']}"
    assert all(len(part["hashes"][0]["content"]) == 128 for name, part in listed.items() if name != "numpy")


def locked(name: str) -> dict[str, list[str]]:
    """What a file of locks/ pins, by name and version with its systems, and the hashes of each."""
    text = (ROOT / f"locks/{name}.txt").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line.split("--hash=sha256:") for line in text.splitlines() if line and not line.startswith(("#", "-r"))]
    return {requirement.strip(): [value.strip() for value in hashes] for requirement, *hashes in lines}


@pytest.mark.parametrize("path", sorted((ROOT / "locks").glob("*.txt")), ids=lambda path: path.stem)
def test_all_that_is_locked_has_one_version_and_hashes(path: Path) -> None:
    pins = locked(path.stem)
    assert pins
    for requirement, hashes in pins.items():
        assert re.fullmatch(r"[\w.-]+==[\w.+]+( ; .+)?", requirement)
        assert hashes
        assert all(re.fullmatch("[0-9a-f]{64}", value) for value in hashes), requirement


def test_locks_pin_what_constraints_pin_and_all_that_is_asked_for() -> None:
    """After a change of one of them: `make locks`."""
    text = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    constrained = {canonicalize_name(name): version for name, version in re.findall(r"^([\w.-]+)==(\S+)", text, re.M)}
    held = {
        name: {Requirement(line).name: line for line in locked(name)}
        for name in ("plain", "dev", "torch", "link", "research", "build")
    }
    for pins in held.values():
        for name, line in pins.items():
            version = line.partition("==")[2].split()[0]
            assert constrained.get(canonicalize_name(name), version) == version, f"{line}: run make locks"
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    everywhere = {canonicalize_name(name) for name in held["plain"]}
    assert {canonicalize_name(Requirement(text).name) for text in project["dependencies"]} <= everywhere
    extras = project["optional-dependencies"]
    named = [*project["dependencies"], *(one for lines in extras.values() for one in lines)]
    asked = with_what_they_need([one for one in named if not one.startswith("transflower-bridge[")])
    everywhere |= {canonicalize_name(name) for pins in held.values() for name in pins}
    assert set(asked) - everywhere == set(), "run make locks"


def test_what_is_gpl_is_only_installed_when_it_is_asked_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    asked = [line for name, lines in extras.items() if name != "link" for line in lines]
    unasked = with_what_they_need(project["dependencies"] + asked)
    assert len(unasked) > 50
    assert {name: licence for name, licence in unasked.items() if GPL.search(licence)} == {}
    assert NAMELESS_GPL.isdisjoint(unasked)
    assert set(with_what_they_need(extras["link"])) >= NAMELESS_GPL


def with_what_they_need(requirements: list[str]) -> dict[str, str]:
    """Names of packages, these and all that they bring, and what their metadata say of their licence."""
    found: dict[str, str] = {}
    waiting = [Requirement(text) for text in requirements]
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        if name in found or (requirement.marker and not requirement.marker.evaluate({"extra": ""})):
            continue
        try:
            package = importlib.metadata.distribution(name)
        except importlib.metadata.PackageNotFoundError:
            found[name] = ""
            continue
        classifiers = [text for text in package.metadata.get_all("Classifier", []) if text.startswith("License")]
        found[name] = " ".join([package.metadata.get("License-Expression", ""), *classifiers])
        waiting += [Requirement(text) for text in package.requires or []]
    return found


def test_a_zip_is_the_same_twice_whatever_the_files_dates(release: ModuleType, tmp_path: Path) -> None:
    folder = tmp_path / "site"
    (folder / "deep").mkdir(parents=True)
    (folder / "deep/a.html").write_text("a")
    (folder / "b.html").write_text("b")
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    first = release.make_zip_of(folder, tmp_path / "one/docs-1.zip")
    os.utime(folder / "b.html", (1, 1))
    second = release.make_zip_of(folder, tmp_path / "two/docs-1.zip")
    assert first.read_bytes() == second.read_bytes()
    assert zipfile.ZipFile(second).namelist() == ["docs-1/b.html", "docs-1/deep/a.html"]


def test_the_wheel_is_tried_where_it_says_that_it_works(release: ModuleType) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["requires-python"] == f">={release.PYTHONS[0]}"
    assert all(Path(path).is_file() for path in release.pythons())


def test_the_unity_package_is_made_of_what_git_tracks_and_the_same_twice(release: ModuleType, tmp_path: Path) -> None:
    made = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        made.append(release.make_unity_tarball(tmp_path / name))
    assert made[0].read_bytes() == made[1].read_bytes()
    with tarfile.open(made[0]) as archive:
        names = archive.getnames()
    assert {"package/package.json", "package/LICENSE.md", "package/Runtime/Core.meta"} <= set(names)
    assert all(name.startswith("package/") for name in names)
