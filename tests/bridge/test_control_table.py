"""One table of controls: what is written from it is up to date, and one more row is one more control everywhere."""

import json
from dataclasses import fields
from pathlib import Path

import pytest

from blender_addon.core.controls import read_controls
from bridge.body.gate import SilenceGate
from bridge.control import write_controls
from bridge.control.control_schema import CONTROL_SPECS, SPEC_BY_NAME, TABLE, read_table
from bridge.control.controls import RANGES, BeatControls, Controls, EasedControls
from bridge.dancer.dancer_file import DancerFile
from bridge.stage.about import describe
from models.step.steering import MAX_STYLE_GUIDANCE
from tests.tiny_dancer import write_tiny_dancer

ROWS = json.loads(TABLE.read_text(encoding="utf-8"))["controls"]
WRITTEN = write_controls.written()
ONE_MORE = {
    "name": "bounce_m",
    "kind": "number",
    "of": "dance",
    "low": 0,
    "high": 0.25,
    "default": 0.125,
    "unit": "m",
    "engine_eases": True,
    "preset": True,
    "option": "dance",
    "panel": "dance",
    "title": "Bounce",
    "description": "How far the hips go up and down with the beat.",
}


@pytest.fixture(scope="module")
def dancer(tmp_path_factory: pytest.TempPathFactory) -> DancerFile:
    path = tmp_path_factory.mktemp("dancer") / "tiny.safetensors"
    write_tiny_dancer(path)
    return DancerFile.open(path)


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.name)
def test_what_is_written_from_the_table_is_up_to_date(path: Path) -> None:
    """`make tables` writes it anew."""
    assert path.read_text(encoding="utf-8") == WRITTEN[path]


def test_rows_are_distinct_and_say_what_each_kind_needs() -> None:
    assert len({row["name"] for row in ROWS}) == len(ROWS)
    for spec in CONTROL_SPECS:
        assert spec.description.endswith("."), spec.name
        assert spec.panel in ("dance", "beat", "level", "takes", "presets", "top"), spec.name
        if spec.kind in ("number", "whole"):
            assert spec.low < spec.high, spec.name
            assert spec.default is None or spec.low <= spec.default <= spec.high, spec.name
        if spec.kind == "text":
            assert bool(spec.choices) + bool(spec.choices_of) + bool(spec.takes) == 1, spec.name
            assert not spec.choices or spec.default in spec.choices, spec.name
        if spec.kind == "switch" and spec.default and spec.of == "dance":
            assert spec.label_off, f"what does the dashboard say when {spec.name} is off?"
        if spec.is_preset:
            assert spec.of == "dance", "a preset holds requests for the dance"


def test_a_key_that_nobody_knows_is_refused(tmp_path: Path) -> None:
    table = tmp_path / "controls.json"
    table.write_text(json.dumps({"controls": [{**ONE_MORE, "colour": "red"}]}), encoding="utf-8")
    with pytest.raises(TypeError, match="colour"):
        read_table(table)


def test_the_table_agrees_with_what_stands_elsewhere_for_its_own_sake() -> None:
    assert SPEC_BY_NAME["threshold_dbfs"].default == SilenceGate.open_dbfs
    assert SPEC_BY_NAME["style_guidance"].high == MAX_STYLE_GUIDANCE
    assert BeatControls().clock == SPEC_BY_NAME["clock"].default


def test_every_field_is_a_row_and_every_row_with_a_value_a_field() -> None:
    counted = {"num_resets", "num_panics", "num_next_phrases"}
    requested = {spec.name for spec in CONTROL_SPECS if spec.of == "dance" and spec.kind != "trigger"}
    assert {field.name for field in fields(Controls)} - counted == requested
    assert {field.name for field in fields(EasedControls)} == {s.name for s in CONTROL_SPECS if s.engine_eases}
    assert set(RANGES) - {"octave"} == {spec.name for spec in CONTROL_SPECS if spec.kind == "number"}


def test_one_more_row_is_one_more_control_in_all_that_reads_the_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dancer: DancerFile
) -> None:
    """A row for a control that there is not: it shows up everywhere, without a name being typed again."""
    table = tmp_path / "controls.json"
    table.write_text(json.dumps({"controls": [*ROWS, ONE_MORE]}), encoding="utf-8")
    specs = read_table(table)
    lines = {path: set(text.splitlines()) - set(WRITTEN[path].splitlines())
             for path, text in write_controls.written(specs).items()}  # fmt: skip
    python = lines[write_controls.FIELDS]
    assert {"    bounce_m: float = 0.125", "    bounce_m: float = math.nan"} <= python
    assert "    bounce_m: float = 0.125" in lines[write_controls.OPTIONS]
    assert any(
        "`/dance/control/bounce_m` | f | 0 to 0.25 m | 0.125 |" in line for line in lines[write_controls.PROTOCOL]
    )
    assert any("`bounce_m`" in line and not line.startswith("|") for line in lines[write_controls.PROTOCOL])
    assert any("`bounce_m`" in line for line in lines[write_controls.README])
    assert (
        '        public void SetBounceM(float value) => Send("/dance/control/bounce_m", value);'
        in (lines[write_controls.UNITY])
    )
    assert [row.name for row in read_controls(table)] == [spec.name for spec in specs]
    monkeypatch.setattr("bridge.stage.about.CONTROL_SPECS", specs)
    (shown,) = (row for row in describe(dancer, sound="none")["controls"] if row["name"] == "bounce_m")
    assert (shown["low"], shown["high"], shown["panel"], shown["title"]) == (0.0, 0.25, "dance", "Bounce")


def test_the_page_learns_what_there_is_to_choose(dancer: DancerFile) -> None:
    rows = {row["name"]: row for row in describe(dancer, sound="none")["controls"]}
    assert rows["clock"]["choices"] == ["auto", "audio", "tap", "midi", "link"]
    assert rows["style"]["choices"] == ["", *dancer.styles]
    assert rows["seed_pose"]["choices"] == ["", *dancer.seed_poses]
    assert len(dancer.styles) > 1
    assert rows["energy"]["choices"] == []
