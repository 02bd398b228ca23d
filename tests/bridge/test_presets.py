"""Presets and shows as files: what is saved is found again, and what people or enemies write is refused by name."""

import os
from dataclasses import fields, replace
from pathlib import Path

import pytest
import yaml

from bridge.control.control_state import ControlState
from bridge.control.controls import BeatControls, Controls
from bridge.control.presets import load_preset, load_show, save_preset

STYLES = ("HO", "LO")
WILD = Controls(
    temperature=1.4,
    energy=0.9,
    groove=0.5,
    style="HO",
    mirror=True,
    leash_m=3.0,
    foot_lock=False,
    noise_correlation=0.3,
    style_guidance=0.0,
    facing=1.0,
    front_deg=-90.0,
    grounding=False,
    keep_moving=False,
    music_only=False,
    threshold_dbfs=-30.0,
    seed_pose="HO-1",
    plan=0.5,
)
SEED_POSES = ("HO-1", "LO-2")


def written(folder: Path, text: str | bytes, name: str = "hostile") -> Path:
    path = folder / f"{name}.yaml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


@pytest.mark.parametrize("controls", [Controls(), WILD, Controls(energy=None)])
def test_what_is_saved_is_recalled(tmp_path: Path, controls: Controls):
    save_preset(tmp_path / "made" / "on demand", "drop", controls)
    values = load_preset(tmp_path / "made" / "on demand", "drop", STYLES, SEED_POSES)
    assert replace(Controls(idle=True, num_panics=3), **values) == replace(controls, idle=True, num_panics=3)


def test_a_preset_is_readable_yaml_and_leaves_no_other_file(tmp_path: Path):
    path = save_preset(tmp_path, "drop", WILD)
    assert yaml.safe_load(path.read_text(encoding="utf-8")) == {
        "seed_pose": "HO-1",
        "plan": 0.5,
        "threshold_dbfs": -30.0,
        "temperature": 1.4,
        "energy": 0.9,
        "groove": 0.5,
        "noise_correlation": 0.3,
        "style_guidance": 0.0,
        "facing": 1.0,
        "front_deg": -90.0,
        "leash_m": 3.0,
        "style": "HO",
        "mirror": True,
        "foot_lock": False,
        "grounding": False,
        "keep_moving": False,
        "music_only": False,
    }
    assert list(tmp_path.iterdir()) == [path]


def test_a_preset_holds_every_control_and_nothing_of_the_moment(tmp_path: Path):
    """Also what was forgotten: a threshold of -30 dB came back as -50, and a seed pose as none."""
    save_preset(tmp_path, "drop", WILD)
    of_the_moment = {"seed", "freeze", "idle", "hold_phrase", "num_resets", "num_panics", "num_next_phrases"}
    kept = load_preset(tmp_path, "drop", STYLES, SEED_POSES)
    assert set(kept) == {field.name for field in fields(Controls)} - of_the_moment
    assert (kept["threshold_dbfs"], kept["seed_pose"]) == (-30.0, "HO-1")


def test_a_preset_may_name_a_few_keys_and_leaves_the_others(tmp_path: Path):
    written(tmp_path, "# the quiet part\nenergy: 0.2\ntemperature: 1\n", "calm")
    values = load_preset(tmp_path, "calm", STYLES)
    assert values == {"energy": 0.2, "temperature": 1.0}
    assert isinstance(values["temperature"], float)


def test_an_empty_preset_changes_nothing(tmp_path: Path):
    for text in ("", "# nothing yet\n", "---\n", "\ufeff"):
        written(tmp_path, text)
        assert load_preset(tmp_path, "hostile", STYLES) == {}


def test_saving_again_replaces_the_preset(tmp_path: Path):
    save_preset(tmp_path, "drop", Controls())
    save_preset(tmp_path, "drop", WILD)
    assert load_preset(tmp_path, "drop", STYLES, SEED_POSES)["energy"] == 0.9


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, None),  # saved when that was the default, and the default dancer had no plan
        ({"groove": 0.3}, 0.3),
        ({"plan": 1.0}, 0.15),  # saved by this version, so somebody asked for it
    ],
)
def test_a_groove_that_nobody_asked_for_is_the_dancers_own(
    tmp_path: Path, change: dict[str, float], expected: float | None
):
    saved = yaml.safe_load(save_preset(tmp_path, "now", Controls()).read_text(encoding="utf-8"))
    assert saved["groove"] is None
    earlier = {**{name: value for name, value in saved.items() if name != "plan"}, "groove": 0.15, **change}
    written(tmp_path, yaml.safe_dump(earlier), "earlier")
    assert load_preset(tmp_path, "earlier", STYLES, SEED_POSES)["groove"] == expected


def test_a_groove_in_a_preset_that_a_person_wrote_is_obeyed(tmp_path: Path):
    written(tmp_path, "groove: 0.15\n", "mine")
    assert load_preset(tmp_path, "mine", STYLES, SEED_POSES) == {"groove": 0.15}


BILLION_LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [{', '.join(['*' + chr(97 + i)] * 9)}]\n" for i in range(9)
)

WRONG: dict[str, tuple[str | bytes, str]] = {
    "unknown key": ("energy: 0.5\nvolume: 11\n", "'volume'; a preset has temperature, energy"),
    "key of the moment": ("idle: true\n", "'idle'; a preset has"),
    "key that is no text": ("1: 2\n", "unknown key 1"),
    "key of kilobytes": (f"{'k' * 1000}: 1\n", "a preset has"),
    "out of range": ("leash_m: 21\n", "leash_m must be a number from 0 to 20, not 21"),
    "not a number": ("energy: .nan\n", "energy must be a number from 0 to 1 or null, not nan"),
    "infinity": ("temperature: .inf\n", "temperature must be a number from 0 to 2, not inf"),
    "text for a number": ("energy: loud\n", "energy must be a number from 0 to 1 or null, not 'loud'"),
    "truth for a number": ("groove: yes\n", "groove must be a number from 0 to 1 or null, not True"),
    "nothing for a number": ("leash_m:\n", "leash_m must be a number from 0 to 20, not None"),
    "list for a number": ("groove: [0.1]\n", "groove must be"),
    "number for a switch": ("mirror: 1\n", "mirror must be true or false, not 1"),
    "number for a style": (
        "style: 3\n",
        r"style must be null or one of the dancer's styles \(House \(HO\), .*, not 3",
    ),
    "unknown seed pose": (
        "seed_pose: polka\n",
        "seed_pose must be null or one of the dancer's seed poses .*, not 'polka'",
    ),
    "unknown style": ("style: polka\n", r"Lock \(LO\)\), not 'polka'"),
    "number that no float holds": (f"energy: 0x{'f' * 400}\n", "energy must be"),
    "number of 5000 digits": (f"energy: 0x{'f' * 5000}\n", "energy must be .*not a int"),
    "number that no computer writes": (f"energy: {'9' * 5000}\n", "not YAML"),
    "list": ("- energy\n", "must be a list of `name: value`, not list"),
    "one word": ("energy", "must be a list of `name: value`, not str"),
    "broken": ("energy: [1, 2\n", "not YAML"),
    "two documents": ("energy: 1\n---\nenergy: 0\n", "not YAML"),
    "tabs": ("energy:\t- 1\n\t- 2", "not YAML"),
    "program": ("energy: !!python/object/apply:os.system ['true']\n", "not YAML"),
    "bad truth": ("mirror: !!bool maybe\n", "not YAML"),
    "bad number": ("energy: !!int ''\n", "not YAML"),
    "bad date": ("energy: 2001-99-99\n", "not YAML"),
    "bad timestamp": ("energy: !!timestamp x\n", "not YAML"),
    "unknown anchor": ("energy: *nobody\n", "not YAML"),
    "key that cannot be one": ("? [a]\n: 1\n", "not YAML"),
    "depth": ("energy: " + "[" * 20_000, "not YAML"),
    "billion laughs": ("energy: 0.5\n" + BILLION_LAUGHS, "unknown key 'a'"),
    "billion laughs in a value": (BILLION_LAUGHS.replace("j:", "energy:"), "hostile.yaml"),
    "one value that laughs": ("x: &x [" + "y, " * 9 + "]\nenergy: [" + "*x, " * 999 + "]\n", "hostile.yaml"),
    "Latin-1": ("style: Höfisch\n".encode("latin-1"), "not YAML"),
    "bytes": (bytes(range(256)), "not YAML"),
    "zeros": (bytes(1000), "not YAML"),
    "size": ("energy: 0.5 #" + "x" * 70_000, "larger than 65536 bytes"),
}
"""What stands in a file, and what the refusal names beside the file."""


@pytest.mark.parametrize("kind", WRONG)
@pytest.mark.timeout(120)  # some of these files would keep a naive reader busy for ever
def test_a_malformed_preset_is_refused_by_file_key_and_way_out_and_nothing_of_it_is_applied(kind: str, tmp_path: Path):
    text, part = WRONG[kind]
    path = written(tmp_path, text)
    control_state = ControlState(WILD, BeatControls(), STYLES, tmp_path)
    with pytest.raises(ValueError, match=part) as refusal:
        control_state.apply("preset", ("hostile",), 1.0)
    assert str(path) in str(refusal.value)
    assert len(str(refusal.value)) < len(str(path)) + 500
    assert control_state.controls == WILD
    assert (control_state.num_applied, control_state.num_refused) == (0, 1)


@pytest.mark.parametrize("last", ["volume: 11", "energy: loud", "leash_m: -1", "style: polka", "mirror: 2"])
def test_a_preset_that_is_right_but_for_its_last_line_is_refused_whole(last: str, tmp_path: Path):
    written(tmp_path, f"temperature: 0.3\ngroove: 0.9\n{last}\n")
    control_state = ControlState(WILD, BeatControls(), STYLES, tmp_path)
    with pytest.raises(ValueError, match="hostile"):
        control_state.apply("preset", ("hostile",), 1.0)
    assert control_state.controls == WILD


def test_a_missing_preset_is_refused_with_those_that_exist(tmp_path: Path):
    with pytest.raises(ValueError, match="there are none"):
        load_preset(tmp_path / "nowhere", "calm", STYLES)
    save_preset(tmp_path, "drop", WILD)
    save_preset(tmp_path, "break", WILD)
    with pytest.raises(ValueError, match=r"calm\.yaml: no such preset; there are break, drop"):
        load_preset(tmp_path, "calm", STYLES)


@pytest.mark.parametrize(
    "name", ["", ".", "..", "../x", "/etc/x", "a/b", "a\\b", "a.b", "a b", "ä", "a\0", "a\n", "x" * 41]
)
def test_a_name_that_leads_out_of_the_folder_or_is_no_name_is_refused(name: str, tmp_path: Path):
    folder = tmp_path / "presets"
    with pytest.raises(ValueError, match="1 to 40 letters, digits"):
        save_preset(folder, name, WILD)
    with pytest.raises(ValueError, match="1 to 40 letters, digits"):
        load_preset(folder, name, STYLES)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_or_a_pipe_is_no_preset(tmp_path: Path):
    (tmp_path / "hostile.yaml").mkdir()
    with pytest.raises(ValueError, match="no such preset"):
        load_preset(tmp_path, "hostile", STYLES)
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.yaml")  # reading it would wait for ever
        with pytest.raises(ValueError, match="no such preset"):
            load_preset(tmp_path, "pipe", STYLES)


def test_nobody_fills_the_disk_with_presets(tmp_path: Path):
    for index in range(500):
        save_preset(tmp_path, f"p{index}", WILD)
    with pytest.raises(ValueError, match="500 presets are there already"):
        save_preset(tmp_path, "one_more", WILD)
    save_preset(tmp_path, "p7", Controls())
    assert load_preset(tmp_path, "p7", STYLES, SEED_POSES)["energy"] == 0.5


def test_a_preset_that_cannot_be_written_is_an_os_error_and_leaves_the_controls_at_work(tmp_path: Path):
    (tmp_path / "file").write_text("in the way")
    control_state = ControlState(Controls(), BeatControls(), STYLES, tmp_path / "file")
    with pytest.raises(OSError, match="file"):
        control_state.apply("save_preset", ("drop",), 1.0)
    control_state.apply("energy", (0.7,), 1.0)
    assert (control_state.num_applied, control_state.num_refused) == (1, 1)


def test_a_show_is_the_command_line_in_a_file(tmp_path: Path):
    path = written(tmp_path, "energy: 0.8\nleash_m: 1\nmirror: true\nfoot-lock: false\ntarget: [vmc, 'dance::7']\n")
    assert load_show(path) == [
        *("--energy", "0.8", "--leash-m", "1", "--mirror", "--no-foot-lock", "--target", "vmc", "dance::7"),
    ]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("energy: {a: 1}\n", "energy must be a value or a list of values, not dict"),
        ("target: [[vmc]]\n", "target must be a value or a list"),
        (f"seed: 0x{'f' * 5000}\n", "seed must be a value"),
        ("--energy: 1\n", "'--energy' is no option"),
        ("1: 1\n", "1 is no option"),
        ("- energy\n", "not list"),
        ("seed: !!int ''\n", "not YAML"),
    ],
)
def test_a_malformed_show_is_refused_by_file_and_key(text: str, part: str, tmp_path: Path):
    path = written(tmp_path, text)
    with pytest.raises(ValueError, match=part) as refusal:
        load_show(path)
    assert str(path) in str(refusal.value)


def test_a_missing_show_is_refused(tmp_path: Path):
    with pytest.raises(ValueError, match="no such show"):
        load_show(tmp_path / "none.yaml")
