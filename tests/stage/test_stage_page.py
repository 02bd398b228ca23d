"""The page that ships is the one that its sources build, and its own tests pass."""

import json
import shutil
from pathlib import Path

import pytest

from tests.program import run_program
from tests.stage.conftest import WEB, missing

PAGE = WEB.parent / "page"


@pytest.fixture(scope="module")
def npx() -> str:
    """Node's runner of what the page's sources need, all of it installed."""
    found = shutil.which("npx")
    if found is None:
        missing("Node is missing (20.19 or newer, with npm)")
    if not (WEB / "node_modules/vite").is_dir():
        missing("what the page is built with is missing (make bridge/stage/web/node_modules/.installed)")
    assert found is not None
    return found


def run(npx: str, *command: str) -> None:
    done = run_program([npx, "--no-install", *command], cwd=WEB)
    assert done.returncode == 0, done.stdout


def test_the_page_that_ships_is_what_its_sources_build(npx: str, tmp_path: Path) -> None:
    """`make stage-page` makes it anew."""
    run(npx, "vite", "build", "--outDir", str(tmp_path / "page"))
    built = {
        path.relative_to(tmp_path / "page"): path.read_bytes() for path in sorted((tmp_path / "page").rglob("*.*"))
    }
    shipped = {path.relative_to(PAGE): path.read_bytes() for path in sorted(PAGE.rglob("*.*"))}
    assert list(built) == list(shipped)
    assert built == shipped


def test_its_types_are_sound(npx: str) -> None:
    run(npx, "tsc", "--noEmit")


def test_its_own_tests_pass(npx: str, tmp_path: Path) -> None:
    report = tmp_path / "vitest.json"
    at_once = ("--pool=threads", "--no-isolate")  # one process for all files; each in its own takes half as much again
    run(npx, "vitest", "run", *at_once, "--reporter=json", f"--outputFile={report}")
    results = json.loads(report.read_text())
    assert results["success"]
    assert results["numPassedTests"] == results["numTotalTests"] > 20


def test_what_it_is_built_from_may_be_shipped() -> None:
    """The licences of what is in the bundle, which a file beside it must name."""
    packages = json.loads((WEB / "package.json").read_text())["dependencies"]
    notice = (PAGE / "licences.txt").read_text()
    for name, version in packages.items():
        assert f"{name} {version}" in notice
    assert notice.count("Permission is hereby granted") >= len(packages)
