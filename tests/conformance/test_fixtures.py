"""The conformance fixtures are what the reference says today, and the Blender extension says the same."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from blender_addon.core import rotations
from blender_addon.core.rig_names import best_mapping
from blender_addon.core.two_bone import reach_turns
from data.rigs import write_tables
from tests.conformance.make_fixtures import FIXTURES, HERE, written

TABLES = write_tables.written()


def cases(name: str) -> list[dict[str, Any]]:
    return json.loads((HERE / f"{name}.json").read_text(encoding="utf-8"))["cases"]


def by_name(case: dict[str, Any]) -> str:
    return str(case["name"])


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.name)
def test_a_fixture_is_what_the_reference_says(path: Path) -> None:
    """`python -m tests.conformance.make_fixtures` writes it anew."""
    assert_alike(json.loads(path.read_text(encoding="utf-8")), json.loads(written(path)), path.name)


def assert_alike(there: Any, wanted: Any, where: str) -> None:
    """The same, but for the last digit of numbers, which another processor may round otherwise."""
    if isinstance(wanted, dict):
        assert there.keys() == wanted.keys(), where
        for key in wanted:
            assert_alike(there[key], wanted[key], f"{where}, {key}")
    elif isinstance(wanted, list) and wanted and isinstance(wanted[0], float | int):
        assert there == pytest.approx(wanted, abs=2e-5), where
    elif isinstance(wanted, list):
        assert len(there) == len(wanted), where
        for number, (one, other) in enumerate(zip(there, wanted, strict=True)):
            assert_alike(one, other, f"{where}, {number}")
    else:
        assert there == (pytest.approx(wanted, abs=2e-5) if isinstance(wanted, float) else wanted), where


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


def test_blender_bends_knees_as_the_bridge_does() -> None:
    """All legs at once, as of a take, by turns in the world; the hip joint is at the origin."""
    found = cases("two_bone")
    assert len(found) == 200
    column = {name: np.array([case[name] for case in found]) for name in found[0]}
    thigh, shin = column["thigh"], column["shin"]
    knee = rotations.rotate(thigh, column["knee"])
    ankle = knee + rotations.rotate(shin, column["ankle"])
    thigh_turn, shin_turn = reach_turns(np.zeros((200, 3)), knee, ankle, column["reach"], thigh)
    for turn, before, after in ((thigh_turn, thigh, "solved_thigh"), (shin_turn, shin, "solved_shin")):
        apart = rotations.multiply(rotations.inverse(column[after]), rotations.multiply(turn, before))
        assert rotations.angle(rotations.normalise(apart)).max() < 1e-3
