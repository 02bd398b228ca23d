"""The extension reads the golden datagrams as bridge/PROTOCOL.md means them."""

import copy
from typing import Any

import numpy as np
import pytest

from blender_addon.core.controls import control
from blender_addon.core.dance_stream import DanceStream
from blender_addon.core.osc import read_messages
from blender_addon.core.vmc_stream import VmcStream
from bridge.wire.osc_message import parse_datagram
from tests.blender_addon.golden import GOLDEN, all_datagrams, datagrams, skeleton_datagrams

each_pose = pytest.mark.parametrize("entry", GOLDEN["poses"], ids=[entry["name"] for entry in GOLDEN["poses"]])


@each_pose
def test_our_own_pose(entry: dict[str, Any]) -> None:
    stream = DanceStream()
    for datagram in skeleton_datagrams(entry["skeleton"]):
        for message in read_messages(datagram):
            assert stream.read(message, 0.0) is None
    (message,) = read_messages(datagrams(entry["dance"])[0])
    frame = stream.read(message, 0.0)
    assert frame is not None
    assert frame.time_us == entry["time_us"]
    np.testing.assert_array_equal(frame.root, entry["root_position"])
    np.testing.assert_array_equal(frame.rotations, entry["rotations"])
    bones = next(skeleton for skeleton in GOLDEN["skeletons"] if skeleton["name"] == entry["skeleton"])
    assert list(frame.skeleton.names) == bones["bones"]
    assert list(frame.skeleton.parents) == bones["parents"]
    np.testing.assert_array_equal(frame.skeleton.offsets, bones["offsets"])
    assert stream.read(message, 0.1) is None, "the same number again is not newer"
    assert stream.read(message, 2.0) is not None, "but after a second of silence the bridge was started anew"


@each_pose
@pytest.mark.parametrize("travel", ["vmc", "vmc_travel_by_root"])
def test_vmc_pose(entry: dict[str, Any], travel: str) -> None:
    stream = VmcStream()
    messages = [message for datagram in datagrams(entry[travel]) for message in read_messages(datagram)]
    frames = [frame for message in 2 * messages if (frame := stream.read(message, 0.0)) is not None]
    assert len(frames) == 2, "one when the second frame begins, one when it is whole"
    order = next(skeleton["bones"] for skeleton in GOLDEN["skeletons"] if skeleton["name"] == entry["skeleton"])
    for frame in frames:
        np.testing.assert_allclose(frame.root, entry["root_position"], atol=1e-6)
        turned = frame.rotations[[frame.skeleton.index[name] for name in order]]
        np.testing.assert_allclose(turned, entry["rotations"], atol=1e-6)
    seconds = (entry["time_us"] - GOLDEN["vmc_start_time_us"]) * 1e-6
    assert frames[1].time_us * 1e-6 == pytest.approx(seconds, rel=1e-6)


@pytest.mark.parametrize("entry", GOLDEN["messages"], ids=[entry["address"] for entry in GOLDEN["messages"]])
def test_what_is_sent_beside_the_dance(entry: dict[str, Any]) -> None:
    stream = DanceStream()
    (message,) = read_messages(bytes.fromhex(entry["datagram"]))
    stream.read(message, 0.0)
    assert stream.latest[entry["address"].rpartition("/")[2]] == entry["values"]


def test_what_a_later_version_may_send_disturbs_nothing() -> None:
    stream, later = DanceStream(), GOLDEN["later"]
    for message in read_messages(bytes.fromhex(later["datagram"])):
        assert stream.read(message, 0.0) is None
    assert stream.latest["status"]["state"] == later["state"]
    assert stream.latest["why"] == {"reason": later["reason"], "text": later["text"]}
    assert stream.latest.keys() == {"status", "why"}


def read_all(stream: DanceStream, datagram: bytes) -> None:
    for message in read_messages(datagram):
        VmcStream().read(message, 0.0)
        stream.read(message, 0.0)


def test_what_must_be_refused_changes_nothing() -> None:
    stream = DanceStream()
    before = copy.deepcopy(stream.latest)
    for entry in GOLDEN["refused"]:
        with pytest.raises(ValueError, match=r"."):
            read_all(stream, bytes.fromhex(entry["datagram"]))
    assert stream.latest == before


def test_the_parser_agrees_with_the_bridges() -> None:
    found = all_datagrams()
    assert len(found) > 20
    for datagram in found:
        ours = [(message.address, message.type_tags, message.arguments) for message in read_messages(datagram)]
        theirs = [(message.address, message.type_tags, message.arguments) for message in parse_datagram(datagram)]
        assert ours == theirs


def test_controls_are_as_the_bridge_wants_them() -> None:
    from blender_addon.core.controls import CONTROLS
    from bridge.control.control_schema import CONTROL_SPECS

    samples = {"number": 0.0, "whole": 7, "switch": 1, "text": "HO", "trigger": None}
    assert [row.name for row in CONTROLS] == [spec.name for spec in CONTROL_SPECS]
    for spec in CONTROL_SPECS:
        value = samples[spec.kind]
        (message,) = parse_datagram(control(spec.name, value))
        assert message.address == spec.address
        assert message.type_tags == spec.type_tag
        assert message.arguments == (() if value is None else (value,))
        assert spec.value(message.arguments) == (True if value is None else value)
    with pytest.raises(ValueError, match="no control is called 'speed'"):
        control("speed", 1.0)


def test_the_panel_suggests_the_styles_that_the_bridge_knows() -> None:
    from blender_addon.core.controls import STYLES
    from models.step.style_names import STYLE_NAMES

    assert tuple(STYLE_NAMES.values()) == STYLES
