"""Senders as they are met in the wild: with one kind of number, with a port for each datagram, several on a host."""

from collections.abc import Callable

import numpy as np
import pytest

from bridge.terminal.stream_inspector import StreamInspector
from bridge.wire.pose_frame import PoseFrame
from bridge.wire.vmc import VmcEncoder
from data.motion.humanoid import default_skeleton
from tests.whole_numbers import as_doubles, as_javascript_writes, as_pure_data_writes, as_vrm_names

SKELETON = default_skeleton()


def standing(sequence: int) -> PoseFrame:
    """A pose of whole numbers."""
    rotations = np.tile(np.array([0, 0, 0, 1], np.float32), (SKELETON.num_joints, 1))
    return PoseFrame(sequence, sequence * 1_000_000, np.array([0, 1 + sequence, 0], np.float32), rotations)


@pytest.mark.parametrize("rewritten", [as_javascript_writes, as_pure_data_writes, as_doubles, as_vrm_names])
def test_every_kind_of_number_is_drawn_and_what_others_drop_is_said(rewritten: Callable[[bytes], bytes]) -> None:
    inspector, encoder = StreamInspector(), VmcEncoder(SKELETON)
    for sequence in range(10):
        for datagram in encoder.encode(standing(sequence)):
            inspector.receive(rewritten(datagram), ("10.0.0.5", 50000), sequence / 30)
    (report,) = inspector.snapshot(0.4)
    assert (report.frames, report.malformed, len(report.bones)) == (10, 0, SKELETON.num_joints)
    assert report.figure is not None
    np.testing.assert_allclose(report.figure[1].root_position, [0, 10, 0])
    is_said = any("as a float (OSC type f)" in notice for notice in report.notices)
    assert is_said == (rewritten in (as_javascript_writes, as_doubles))
    assert any("send these" in notice for notice in report.notices) == (rewritten is as_vrm_names)


@pytest.mark.parametrize(("pace", "is_explained"), [(1.0, False), (0.0, True), (1000.0, True), (-1.0, True)])
def test_a_clock_that_tells_no_time_is_explained(pace: float, is_explained: bool) -> None:
    inspector, encoder = StreamInspector(), VmcEncoder(SKELETON)
    for sequence in range(60):
        frame = standing(sequence)
        sent = PoseFrame(sequence, round(sequence * pace * 1e6 / 30), frame.root_position, frame.rotations)
        for datagram in encoder.encode(sent):
            inspector.receive(datagram, ("10.0.0.5", 50000), sequence / 30)
    (report,) = inspector.snapshot(2.0)
    assert any("/VMC/Ext/T, counts" in notice for notice in report.notices) == is_explained


def test_a_sender_with_a_port_for_each_datagram_is_one() -> None:
    inspector, encoder, port = StreamInspector(), VmcEncoder(SKELETON), 40_000
    for sequence in range(240):
        for datagram in encoder.encode(standing(sequence % 9)):
            port += 1
            inspector.receive(datagram, ("10.0.0.5", port), sequence / 60)
    (report,) = inspector.snapshot(4.0)
    assert (report.sender, report.frames, report.lost) == ("10.0.0.5:*", 240, 0)
    assert any("more than one port" in notice for notice in report.notices)


def test_body_and_hands_from_two_ports_of_a_host_are_one_figure() -> None:
    inspector, encoder = StreamInspector(), VmcEncoder(SKELETON)
    for sequence in range(60):
        for index, datagram in enumerate(encoder.encode(standing(sequence % 9))):
            inspector.receive(datagram, ("10.0.0.5", 40_000 + index), sequence / 60)
    (report,) = inspector.snapshot(1.0)
    assert (report.frames, len(report.bones)) == (60, SKELETON.num_joints)


def test_two_whole_figures_of_one_host_are_two_senders() -> None:
    inspector, encoder = StreamInspector(), VmcEncoder(SKELETON)
    for sequence in range(100):
        for port in (40_000, 40_001) if sequence >= 10 else (40_000,):
            for datagram in encoder.encode(standing(sequence % 9)):
                inspector.receive(datagram, ("10.0.0.5", port), sequence / 60)
    first, second = inspector.snapshot(1.7)
    assert (first.sender, first.frames) == ("10.0.0.5:40000", 100)
    assert (second.sender, second.frames) == ("10.0.0.5:40001", 90)
