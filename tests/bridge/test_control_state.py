"""The state of the controls: every control of the schema, what it takes and refuses; PROTOCOL.md says the same."""

import math
import re
from pathlib import Path
from typing import Any

import pytest

from bridge.control.control_schema import CONTROL_SPECS, SPEC_BY_NAME, ControlSpec
from bridge.control.control_state import ControlState
from bridge.control.controls import RANGES, BeatControls, Controls

PROTOCOL = Path(__file__).resolve().parents[2] / "bridge" / "PROTOCOL.md"
NUMBERS = [spec for spec in CONTROL_SPECS if spec.kind in ("number", "whole")]
SWITCHES = [spec for spec in CONTROL_SPECS if spec.kind == "switch"]
TEXTS = [spec for spec in CONTROL_SPECS if spec.kind == "text"]
TRIGGERS = [spec for spec in CONTROL_SPECS if spec.kind == "trigger"]


def by_name(spec: ControlSpec) -> str:
    return spec.name


def new_control_state(presets: Path | None = None) -> ControlState:
    return ControlState(Controls(), BeatControls(), ("HO", "LO"), presets, ("HO-1", "rest"))


def controls_of(control_state: ControlState) -> tuple[Controls, BeatControls, bool]:
    """All that a control can change."""
    return control_state.controls, control_state.beat, control_state.recording


def assert_refused(control_state: ControlState, name: str, *arguments: Any, because: str | None = None) -> None:
    before, applied, refused = controls_of(control_state), control_state.num_applied, control_state.num_refused
    with pytest.raises(ValueError, match=because):
        control_state.apply(name, arguments, 1.0)
    assert controls_of(control_state) == before
    assert (control_state.num_applied, control_state.num_refused) == (applied, refused + 1)
    assert control_state.last_refusal
    assert len(control_state.last_refusal) < 500


@pytest.mark.parametrize("spec", NUMBERS, ids=by_name)
def test_a_number_takes_its_whole_range_and_nothing_beyond(spec: ControlSpec):
    control_state = new_control_state()
    for value in (spec.low, spec.high, spec.high / 2 if spec.kind == "number" else 7):
        control_state.apply(spec.name, (value,), 1.0)
        if spec.name == "nudge":  # nudges add up on a circle of one beat
            control_state = new_control_state()
            continue
        assert control_state.value(spec.name) == value
    beyond = 1 if spec.kind == "whole" else 1e-3
    for value in (spec.low - beyond, spec.high + beyond, math.nan, math.inf, -math.inf, 1e300, -(2**63)):
        assert_refused(control_state, spec.name, value, because=spec.name)


@pytest.mark.parametrize("spec", NUMBERS, ids=by_name)
def test_a_number_is_one_number(spec: ControlSpec):
    control_state = new_control_state()
    for arguments in ((), (spec.low, spec.low), ("1",), (b"1",), (None,), (True,), (False,)):
        assert_refused(control_state, spec.name, *arguments, because=spec.address)


def test_a_whole_number_may_come_as_a_float_and_a_number_as_an_integer():
    control_state = new_control_state()
    control_state.apply("seed", (12.0,), 1.0)
    control_state.apply("temperature", (2,), 1.0)
    assert (control_state.controls.seed, control_state.controls.temperature) == (12, 2.0)
    assert isinstance(control_state.controls.seed, int)
    assert isinstance(control_state.controls.temperature, float)
    assert_refused(control_state, "seed", 12.5, because="whole number")


@pytest.mark.parametrize("spec", SWITCHES, ids=by_name)
def test_a_switch_takes_one_and_zero_however_they_are_typed(spec: ControlSpec):
    control_state = new_control_state()
    for value in (1, 0, 1.0, 0.0, True, False):
        control_state.apply(spec.name, (value,), 1.0)
        assert control_state.value(spec.name) is bool(value)
    for arguments in ((), (0.5,), (2,), (-1,), (math.nan,), (math.inf,), ("on",), (None,), (1, 1)):
        assert_refused(control_state, spec.name, *arguments, because=spec.address)


@pytest.mark.parametrize("spec", TRIGGERS, ids=by_name)
def test_a_trigger_happens_when_pressed_and_not_when_let_go(spec: ControlSpec):
    control_state = new_control_state()
    for let_go in (0, 0.0, False):
        before = controls_of(control_state)
        control_state.apply(spec.name, (let_go,), 1.0)
        assert controls_of(control_state) == before
    for arguments in ((), (1,), (0.5,), (True,), (None,), (math.inf,)):  # OSC's nil and impulse are bangs
        control_state = new_control_state()
        control_state.apply(spec.name, arguments, 1.0)
        assert controls_of(control_state) != before
    for arguments in ((1, 1), ("go",), (b"",), (math.nan,)):
        assert_refused(control_state, spec.name, *arguments, because=spec.address)


@pytest.mark.parametrize("spec", TEXTS, ids=by_name)
def test_a_text_is_one_text_of_64_letters_at_most(spec: ControlSpec, tmp_path: Path):
    control_state = new_control_state(tmp_path)
    for arguments in ((), ("x" * 65,), (1,), (1.0,), (b"HO",), (None,), ("HO", "LO"), ("\x1b[2J",), ("../x",)):
        assert_refused(control_state, spec.name, *arguments)
    assert list(tmp_path.iterdir()) == []


def test_every_control_starts_at_its_documented_default():
    control_state = new_control_state()
    for spec in CONTROL_SPECS:
        if spec.name not in ("preset", "save_preset"):
            assert control_state.value(spec.name) == spec.default, spec.name


def test_ranges_are_those_of_the_controls_themselves():
    """Who sends the lowest or highest value that the table names is never refused further in."""
    for name in ("temperature", "energy", "groove", "leash_m", "offset_ms"):
        assert (SPEC_BY_NAME[name].low, SPEC_BY_NAME[name].high) == RANGES[name]


def test_seed_poses_are_chosen_by_name_and_left_to_the_seed_by_none():
    control_state = new_control_state()
    control_state.apply("seed_pose", ("HO-1",), 1.0)
    assert control_state.controls.seed_pose == control_state.value("seed_pose") == "HO-1"
    assert_refused(control_state, "seed_pose", "polka", because=r"has House 1 \(HO-1\), rest")
    control_state.apply("seed_pose", ("",), 1.0)
    assert control_state.controls.seed_pose is None


def test_styles_are_chosen_by_name_and_left_to_the_dancer_by_none():
    control_state = new_control_state()
    control_state.apply("style", ("LO",), 1.0)
    assert control_state.controls.style == "LO"
    control_state.apply("style", ("house",), 1.0)
    assert control_state.controls.style == control_state.value("style") == "HO", "the wire has the letters"
    assert_refused(control_state, "style", "polka", because=r"knows House \(HO\), Lock \(LO\)")
    control_state.apply("style", ("",), 1.0)
    assert control_state.controls.style is None


def test_clocks_are_chosen_by_name():
    control_state = new_control_state()
    for name in ("audio", "tap", "midi", "link", "auto"):
        control_state.apply("clock", (name,), 1.0)
        assert control_state.beat.clock == name
    assert_refused(control_state, "clock", "sun", because="there are auto, audio, tap, midi, link")


def test_panic_stands_idle_until_idle_is_taken_back():
    control_state = new_control_state()
    control_state.apply("freeze", (1,), 1.0)
    control_state.apply("panic", (), 1.0)
    assert (control_state.controls.idle, control_state.controls.freeze, control_state.controls.num_panics) == (
        True,
        False,
        1,
    )
    control_state.apply("idle", (0,), 1.0)
    assert (control_state.controls.idle, control_state.controls.num_panics) == (False, 1)


def test_reset_begins_anew_and_lets_a_statue_go():
    control_state = new_control_state()
    control_state.apply("freeze", (1,), 1.0)
    control_state.apply("reset", (), 1.0)
    assert (control_state.controls.freeze, control_state.controls.num_resets) == (False, 1)


def test_taps_are_kept_with_their_times_the_newest_32_of_them():
    control_state = new_control_state()
    control_state.apply("bpm", (120.0,), 1.0)
    for tap in range(40):
        control_state.apply("tap", (), 10.0 + tap)
    assert control_state.beat.taps == tuple(10.0 + tap for tap in range(8, 40))
    assert control_state.beat.bpm is None
    control_state.apply("bpm", (120.0,), 60.0)
    assert control_state.beat.taps == ()


def test_a_tempo_is_0_or_30_to_300():
    control_state = new_control_state()
    for bpm in (30.0, 300.0, 127.5):
        control_state.apply("bpm", (bpm,), 1.0)
        assert control_state.beat.bpm == bpm
    for bpm in (1.0, 29.9):
        assert_refused(control_state, "bpm", bpm, because="30 to|between 30")
    control_state.apply("bpm", (0,), 1.0)
    assert control_state.beat.bpm is None


def test_nudges_add_up_around_the_beat():
    control_state = new_control_state()
    for _ in range(3):
        control_state.apply("nudge", (0.25,), 1.0)
    assert control_state.beat.nudge_beats == pytest.approx(-0.25)
    control_state.apply("nudge", (0.25,), 1.0)
    assert control_state.beat.nudge_beats == pytest.approx(0.0)


def test_the_tempo_is_halved_and_doubled_twice_at_most():
    control_state = new_control_state()
    for name, sign in (("double", 1), ("half", -1)):
        control_state = new_control_state()
        control_state.apply(name, (), 1.0)
        control_state.apply(name, (), 1.0)
        assert control_state.beat.octave == 2 * sign
        assert_refused(control_state, name, because="already")


@pytest.mark.parametrize("name", ["", "volume", "temperature/x", "TEMPERATURE", "__class__", "x" * 9000, "controls"])
def test_a_control_that_does_not_exist_is_refused_with_those_that_do(name: str):
    assert_refused(new_control_state(), name, 1.0, because="there are temperature, energy")


def test_presets_without_a_folder_are_refused_with_the_way_out():
    for name in ("preset", "save_preset"):
        assert_refused(new_control_state(), name, "calm", because="--presets")


def test_presets_are_saved_and_recalled_by_control(tmp_path: Path):
    control_state = new_control_state(tmp_path)
    control_state.apply("energy", (0.9,), 1.0)
    control_state.apply("style", ("HO",), 1.0)
    control_state.apply("save_preset", ("drop",), 1.0)
    control_state.apply("energy", (0.1,), 1.0)
    control_state.apply("style", ("",), 1.0)
    control_state.apply("panic", (), 1.0)
    control_state.apply("preset", ("drop",), 1.0)
    assert (control_state.controls.energy, control_state.controls.style) == (0.9, "HO")
    assert (control_state.controls.idle, control_state.controls.num_panics) == (
        True,
        1,
    )  # a preset does not end a panic


def protocol_rows() -> dict[str, list[str]]:
    """Of the table in PROTOCOL.md: the cells after the address, by the control's name."""
    rows = re.findall(r"^\| `/dance/control/(\w+)` \|(.*)\|$", PROTOCOL.read_text(encoding="utf-8"), re.M)
    return {name: [cell.strip() for cell in cells.split("|")] for name, cells in rows}


def shown(value: float | int | str | bool | None) -> str:
    if value is None:
        return ""
    return f'"{value}"' if isinstance(value, str) else f"{value:g}"


def test_the_protocols_table_lists_all_controls_in_their_order():
    assert list(protocol_rows()) == [spec.name for spec in CONTROL_SPECS]


@pytest.mark.parametrize("spec", CONTROL_SPECS, ids=by_name)
def test_the_protocols_table_tells_type_range_default_and_transition(spec: ControlSpec):
    types, range_cell, default, transition, description = protocol_rows()[spec.name]
    assert types == spec.type_tag
    if spec.name == "bpm":
        assert range_cell == f"0, or {RANGES['bpm'][0]:g} to {RANGES['bpm'][1]:g} {spec.unit}"
    elif spec.kind in ("number", "whole"):
        low, high = (f"{bound:.10g}" for bound in (spec.low, spec.high))
        assert range_cell == f"{low} to {high} {spec.unit}".strip()
    elif spec.kind == "switch":
        assert range_cell == "0 or 1"
    assert default == shown(spec.default)
    assert transition == spec.eases
    assert description == spec.description


@pytest.mark.parametrize("name", ["noise_correlation", "groove"])
def test_the_dancers_own_value_is_sent_until_another_is_asked_for(name: str):
    own: dict[str, Any] = {name: 0.5}
    control_state = ControlState(Controls(), BeatControls(), **own)
    assert (control_state.value(name), getattr(control_state.controls, name)) == (0.5, None)
    control_state.apply(name, (0.0,), 1.0)
    assert (control_state.value(name), getattr(control_state.controls, name)) == (0.0, 0.0)
