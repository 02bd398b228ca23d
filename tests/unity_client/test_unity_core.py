"""The Unity package's engine-free half: each of its NUnit tests, run by Mono, as one test here.

`pytest -s` shows the lines MEASURED that some of them print; `TRANSFLOWER_FUZZ_DATAGRAMS` sets how many datagrams are
mutated (a million).
"""

import re
from pathlib import Path

import pytest

from tests.unity_client.csharp import PACKAGE, CsharpResults, names_of_tests, needs_mono, run_nunit, sources

NAMES = names_of_tests(PACKAGE / "Tests/Core")

pytestmark = [needs_mono, pytest.mark.xdist_group("C# core")]  # all of them run at once


def by_the_clock(name: str) -> object:
    """A test, marked if it follows the clock: that is the sockets' alone."""
    return pytest.param(name, marks=pytest.mark.realtime) if name.startswith("SocketTests.") else name


@pytest.fixture(scope="module")
def results(core_tests: Path) -> CsharpResults:
    results = run_nunit(core_tests)
    print("\n".join(re.findall(r"MEASURED .*", results.printed)))
    return results


@pytest.mark.parametrize("name", [by_the_clock(name) for name in NAMES])
def test_csharp(name: str, results: CsharpResults) -> None:
    results.check(name)


def test_every_csharp_test_is_listed(results: CsharpResults) -> None:
    ran = {name.split("(")[0] for name in results.results}
    assert ran == set(NAMES)


def test_the_engine_free_half_names_no_engine() -> None:
    for source in sources(PACKAGE / "Runtime/Core"):
        assert "UnityEngine" not in source.read_text(encoding="utf-8"), source.name
