"""The conformance fixtures are what the reference says today, and the Blender extension says the same."""

import json
from pathlib import Path
from typing import Any

import pytest

from blender_addon.core.rig_names import best_mapping
from data import write_tables
from tests.conformance.make_fixtures import HERE, written

WRITTEN = written()
TABLES = write_tables.written()


def cases(name: str) -> list[dict[str, Any]]:
    return json.loads((HERE / f"{name}.json").read_text(encoding="utf-8"))["cases"]


def by_name(case: dict[str, Any]) -> str:
    return str(case["name"])


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.name)
def test_a_fixture_is_what_the_reference_says(path: Path) -> None:
    """`python -m tests.conformance.make_fixtures` writes it anew."""
    assert path.read_text(encoding="utf-8") == WRITTEN[path]


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.name)
def test_a_table_for_other_languages_is_what_ours_says(path: Path) -> None:
    """`make tables` writes it anew."""
    assert path.read_text(encoding="utf-8") == TABLES[path]


@pytest.mark.parametrize("case", cases("rig_names"), ids=by_name)
def test_every_rig_has_its_hips_limbs_and_back(case: dict[str, Any]) -> None:
    sided = ("UpperArm", "LowerArm", "Hand", "UpperLeg", "LowerLeg", "Foot")
    whole = {"Hips", "Spine", "Neck", "Head", *(side + bone for side in ("Left", "Right") for bone in sided)}
    assert whole <= case["bones"].keys()
    assert len(set(case["bones"].values())) == len(case["bones"]), "a joint is one bone"


@pytest.mark.parametrize("case", cases("rig_names"), ids=by_name)
def test_blender_reads_rigs_as_the_bridge_does(case: dict[str, Any]) -> None:
    assert best_mapping(case["joints"], case["parents"]) == (case["kind"], case["bones"])
