"""The panel's controls are those of the bridge's table, and each is sent when somebody changes it."""

import json
import socket
import time
from pathlib import Path

import bpy
import pytest
from waiting import wait_until

GOLDEN = json.loads((Path(__file__).parents[2] / "bridge/golden/datagrams.json").read_text(encoding="utf-8"))
KINDS = {"number": "FLOAT", "whole": "INT", "switch": "BOOLEAN"}


@pytest.fixture
def rows(addon) -> list:
    """The table, as it came in the zip."""
    table = Path(addon("core.controls").TABLE)
    assert json.loads(table.read_text(encoding="utf-8"))["controls"]
    return list(addon("core.controls").CONTROLS)


@pytest.fixture
def bridge(addon):
    """A socket where controls come in, and a stream from it, so that the panel has somebody to steer."""
    stage = addon("ui.stage").STAGE
    osc = addon("core.osc")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as heard:
        heard.bind(("127.0.0.1", 0))
        heard.settimeout(30)
        stage.session.connect("127.0.0.1", 0, heard.getsockname()[1])
        pose = GOLDEN["poses"][0]
        skeleton = next(entry for entry in GOLDEN["skeletons"] if entry["name"] == pose["skeleton"])
        for datagram in (*skeleton["datagrams"], pose["dance"][0]):
            heard.sendto(bytes.fromhex(datagram), stage.session.address)

        def is_heard() -> bool:
            stage.session.pump(time.monotonic())
            return stage.session.sender is not None

        wait_until(is_heard, "the stream", 60)
        yield lambda: next_control(heard, osc)
        stage.session.disconnect()


def next_control(heard: socket.socket, osc) -> tuple:
    """The next control that comes: its name and its arguments."""
    while True:
        for message in osc.read_messages(heard.recv(2048)):
            if message.address.startswith("/dance/control/"):
                return message.address.rpartition("/")[2], message.arguments


def test_every_control_with_a_value_is_a_property_of_its_range_and_default(addon, rows) -> None:
    controls = addon("ui.bridge_controls")
    settings = bpy.context.scene.transflower
    for row in rows:
        if row.kind == "trigger" or row.name == "nudge":
            continue
        shown = settings.bl_rna.properties[controls.attribute_of(row)]
        assert shown.type == KINDS.get(row.kind, "ENUM" if row.choices else "STRING"), row.name
        assert shown.description == row.description.removesuffix(".")
        if row.kind in ("number", "whole"):
            assert (shown.hard_min, shown.hard_max) == pytest.approx((row.low, row.high))
        value = getattr(settings, controls.attribute_of(row))
        assert value == pytest.approx(row.default) if row.default is not None else value == 0
    lines = [row for panel in controls.PANELS for row in controls.offered(panel, "number", "whole", "switch", "text")]
    pressed = [row for panel in controls.PANELS for row in controls.triggers(panel)]
    assert {row.name for row in (*lines, *pressed)} == {row.name for row in rows} - {"nudge"}


def test_every_change_and_every_button_is_sent(addon, rows, bridge) -> None:
    controls = addon("ui.bridge_controls")
    settings = bpy.context.scene.transflower
    samples = {"number": lambda row: (row.low + row.high) / 2, "whole": lambda row: 7, "text": lambda row: "HO"}
    for row in rows:
        if row.name == "nudge":
            assert bpy.ops.transflower.nudge(beats=0.25) == {"FINISHED"}
            assert bridge() == ("nudge", (0.25,))
        elif row.kind == "trigger":
            assert bpy.ops.transflower.trigger(name=row.name) == {"FINISHED"}
            assert bridge() == (row.name, ())
        else:
            value = not row.default if row.kind == "switch" else samples[row.kind](row)
            value = row.choices[-1] if row.choices else value
            setattr(settings, controls.attribute_of(row), value)
            name, arguments = bridge()
            assert name == row.name
            assert list(arguments) == ([pytest.approx(value)] if row.kind == "number" else [value])


def test_a_dance_to_a_song_is_asked_for_with_the_panels_values(addon) -> None:
    settings = bpy.context.scene.transflower
    settings.bridge_foot_lock, settings.mirror, settings.seed_pose, settings.leash_m = False, True, " HO-1 ", 3.0
    words = addon("ui.generate")._words(settings)
    assert {"--no-foot-lock", "--mirror", "--seed-pose", "HO-1", "--leash-m", "3.0000"} <= set(words)
    assert "--noise-correlation" not in words  # as fitted to real dance until it is set
    settings.noise_correlation = 0.25
    words = addon("ui.generate")._words(settings)
    assert words[words.index("--noise-correlation") + 1] == "0.2500"
