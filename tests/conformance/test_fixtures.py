"""The conformance fixtures are what the reference says today, and the Blender extension says the same."""

import json
import re
import shutil
import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from blender_addon.core import rotations
from blender_addon.core.foot_lock import FootLockConfig as TakeFootLockConfig
from blender_addon.core.rig_names import best_mapping
from blender_addon.core.two_bone import reach_turns
from bridge.body import write_constants
from bridge.body.foot_lock import FootLockConfig
from data.motion.body_constants import BODY
from data.rigs import write_tables
from tests.conformance.make_fixtures import FIXTURES, HERE, written

ROOT = Path(__file__).parents[2]
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


def test_the_constants_of_the_body_in_c_sharp_are_those_of_the_table() -> None:
    """`make tables` writes them anew; Python, the page and the Blender extension read the table itself."""
    assert write_constants.FILE.read_text(encoding="utf-8") == write_constants.written()


def test_every_constant_of_the_body_is_used_where_the_table_says() -> None:
    """A number that nobody reads, or one that a reader has typed again, is out of step."""
    table = json.loads((ROOT / "data/tables/body.json").read_text(encoding="utf-8"))
    assert {group: table[group] for group in BODY} == BODY
    assert {field.name for field in fields(FootLockConfig)} == {_in_radians(name) for name in BODY["foot_lock"]}
    assert {field.name for field in fields(TakeFootLockConfig)} == BODY["take_foot_lock"].keys()
    sharp = "".join(path.read_text("utf-8") for path in (ROOT / "unity_client/Runtime/Core").glob("*.cs"))
    for name in re.findall(r"double ((?:Leg|FootLock)\w+) =", write_constants.written()):
        if name != "LegFootOfLeg":  # soles are not known there
            assert f"BodyConstants.{name}" in sharp, name
    page = "".join(path.read_text("utf-8") for path in (ROOT / "bridge/stage/web/src/motion").glob("*.ts"))
    assert all(f"body.avatar_floor.{name}" in page for name in BODY["avatar_floor"])
    moved = "".join((ROOT / f"data/movement/{name}.py").read_text("utf-8") for name in ("feet", "ground"))
    assert all(f'["{name}"]' in moved for name in BODY["contact"])


def test_a_changed_row_reaches_python_blender_and_c_sharp(tmp_path: Path) -> None:
    """Copies of the readers beside a table in which one number differs."""
    table = json.loads((ROOT / "data/tables/body.json").read_text(encoding="utf-8"))
    table["leg"]["ceiling"], table["take_foot_lock"]["on_height_m"] = 0.9, 0.123
    for copy in ("ours/data", "theirs/addon/_vendor"):
        shutil.copytree(ROOT / "data/motion", tmp_path / copy / "motion")
        (tmp_path / copy / "tables").mkdir()
        (tmp_path / copy / "tables/body.json").write_text(json.dumps(table), encoding="utf-8")
        (tmp_path / copy / "__init__.py").touch()
    shutil.copytree(ROOT / "blender_addon/core", tmp_path / "theirs/addon/core")
    shutil.copytree(ROOT / "blender_addon/_vendor/rigs", tmp_path / "theirs/addon/_vendor/rigs")
    shutil.copytree(ROOT / "blender_addon/_vendor/wire", tmp_path / "theirs/addon/_vendor/wire")
    ours = "from data.motion.two_bone import CEILING; print(CEILING)"
    theirs = (
        "from addon.core.foot_lock import FootLockConfig; from addon._vendor.motion.two_bone import CEILING;"
        "print(CEILING, FootLockConfig().on_height_m)"
    )
    for folder, code, wanted in (("ours", ours, "0.9"), ("theirs", theirs, "0.9 0.123")):
        ran = subprocess.run(
            [sys.executable, "-c", code], cwd=tmp_path / folder, capture_output=True, text=True, check=True, env={}
        )
        assert ran.stdout.strip() == wanted


def _in_radians(name: str) -> str:
    return name.replace("_deg", "_rad")


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
