"""In each version of Unity the package uses only what the engine's own sources declare, and nothing obsolete."""

from pathlib import Path

import pytest

from tests.unity_client.csharp import PACKAGE, needs_mono, sources
from tests.unity_client.engine_members import UNITY, Member, defines_of, faults, members_used, read_table

pytestmark = [needs_mono, pytest.mark.xdist_group("engine members")]


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> dict[frozenset[str], set[Member]]:
    """What the package uses, by what a version of Unity defines."""
    ways = {defines_of(unity) for unity in UNITY}
    return {defines: members_used(tmp_path_factory.mktemp("members"), defines) for defines in ways}


@pytest.mark.parametrize("unity", UNITY)
def test_all_that_is_used_is_there_and_not_obsolete(unity: str, used: dict[frozenset[str], set[Member]]) -> None:
    assert not faults(used[defines_of(unity)], read_table(), unity)


def test_the_table_has_no_row_that_nothing_needs(used: dict[frozenset[str], set[Member]]) -> None:
    assert set(read_table()) == set().union(*used.values())


def test_without_its_guard_an_obsolete_member_is_a_fault(used: dict[frozenset[str], set[Member]]) -> None:
    oldest = used[defines_of("2021.3")]
    (fault,) = faults(oldest, read_table(), "6000.7")
    assert "FindObjectOfType<T>(): obsolete from 2023.1" in fault
    newest = used[defines_of("6000.7")]
    (fault,) = faults(newest, read_table(), "2021.3")
    assert "FindAnyObjectByType<T>(): not before 2022.2" in fault


def test_what_the_table_does_not_know_is_a_fault() -> None:
    (fault,) = faults({("UnityEngine.Object", "static T FindFirstObjectByType<T>()")}, read_table(), "6000.7")
    assert "not in engine_members.tsv" in fault


def test_guards_are_written_as_they_are_looked_for() -> None:
    """Else `defines_of` would not know of them."""
    for folder in ("Runtime", "Editor", "Samples~"):
        for source in sources(PACKAGE / folder):
            for line in source.read_text(encoding="utf-8").splitlines():
                if line.lstrip().startswith(("#if", "#elif")):
                    assert line.split()[1:] in [[name] for unity in UNITY for name in defines_of(unity)], Path(
                        source
                    ).name
