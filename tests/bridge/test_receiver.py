"""The decoders give back what was sent, and survive whatever else a network brings."""

import struct
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.wire.dance_protocol import AudioLevels, Beat, DanceEncoder, Status, encode_audio, encode_beat, encode_status
from bridge.wire.osc_message import parse_datagram
from bridge.wire.osc_template import bundle, message_head, osc_string
from bridge.wire.receiver import DancePose, DanceReceiver, VmcReceiver, is_newer
from bridge.wire.vmc import VmcEncoder
from tests.bridge.random_poses import chain, random_frame

SKELETON = chain(19)
GOOD_DATAGRAMS = [
    *VmcEncoder(SKELETON).encode(random_frame(19, seed=0)),
    *DanceEncoder(SKELETON).encode(random_frame(19, seed=0)),
    *DanceEncoder(SKELETON).encode_skeleton(),
    encode_beat(Beat(phase=0.25, bpm=120, beat=7, confidence=0.9)),
    encode_status(Status(state="idle", dropped=0)),
    bundle([encode_audio(AudioLevels(rms=0.1, low=0.2, mid=0.3, high=0.4, onset=0.5))]),
]


def receive_all(datagram: bytes) -> None:
    """Every decoder gives an answer or a ValueError; anything else fails the test."""
    for decode in (parse_datagram, DanceReceiver().receive, VmcReceiver(SKELETON.names).receive):
        with suppress(ValueError):
            decode(datagram)


@given(st.binary(max_size=200))
def test_random_bytes_never_crash_a_decoder(datagram: bytes) -> None:
    receive_all(datagram)
    receive_all(b"#bundle\0" + bytes(8) + datagram)
    receive_all(message_head("/dance/pose", "ihib") + datagram)
    receive_all(message_head("/dance/skeleton", "iisifff") + datagram)
    receive_all(message_head("/VMC/Ext/Bone/Pos", "sfffffff") + datagram)


@given(
    st.sampled_from(GOOD_DATAGRAMS),
    st.lists(st.tuples(st.integers(0, 1471), st.integers(0, 255)), max_size=8),
    st.integers(0, 1472),
)
def test_mutated_datagrams_never_crash_a_decoder(
    datagram: bytes, changes: list[tuple[int, int]], num_bytes: int
) -> None:
    mutated = bytearray(datagram)
    for position, value in changes:
        mutated[position % len(mutated)] = value
    receive_all(bytes(mutated))
    receive_all(bytes(mutated[:num_bytes]))


def message(address: str, tags: str, arguments: bytes) -> bytes:
    return message_head(address, tags) + arguments


POSE_HEAD = struct.pack(">iqi", 0, 0, 0)
UNIT = struct.pack(">4f", 0, 0, 0, 1)
BROKEN = {
    "empty": b"",
    "not a multiple of four": b"/abc\0",
    "no slash": b"abc\0,\0\0\0",
    "no comma": b"/abc\0\0\0\0abc\0",
    "address without end": b"/abcdefg",
    "not UTF-8": b"/\xff\xfe\0,\0\0\0",
    "unknown type": message("/dance/beat", "q", bytes(4)),
    "argument cut off": message("/dance/beat", "ffif", bytes(12)),
    "bytes left over": message("/dance/beat", "ffif", bytes(20)),
    "string without end": message("/dance/status", "si", b"idle"),
    "blob longer than the datagram": message("/dance/pose", "ihib", POSE_HEAD + struct.pack(">i", 1 << 30)),
    "blob of negative length": message("/dance/pose", "ihib", POSE_HEAD + struct.pack(">i", -4)),
    "blob without its length": message("/dance/pose", "ihib", POSE_HEAD),
    "pose with half a bone": message("/dance/pose", "ihib", POSE_HEAD + struct.pack(">i", 20) + bytes(20)),
    "pose without bones": message("/dance/pose", "ihib", POSE_HEAD + struct.pack(">i", 12) + bytes(12)),
    "pose with a zero quaternion": message("/dance/pose", "ihib", POSE_HEAD + struct.pack(">i", 28) + bytes(28)),
    "pose with NaN": message("/dance/pose", "ihib", POSE_HEAD + struct.pack(">i3f", 28, 0, float("nan"), 0) + UNIT),
    "pose with mistyped arguments": message(
        "/dance/pose", "iiib", struct.pack(">iiii", 0, 0, 0, 28) + bytes(12) + UNIT
    ),
    "beat with infinity": message("/dance/beat", "ffif", struct.pack(">ffif", 0, float("inf"), 0, 0)),
    "bone that is its own parent": message(
        "/dance/skeleton", "iisifff", struct.pack(">ii", 1, 3) + osc_string("Spine") + struct.pack(">i3f", 3, 0, 0, 0)
    ),
    "bone with a negative index": message(
        "/dance/skeleton", "iisifff", struct.pack(">ii", 1, -1) + osc_string("Hips") + struct.pack(">i3f", -1, 0, 0, 0)
    ),
    "bundle without a timetag": b"#bundle\0" + bytes(4),
    "bundle element longer than the bundle": b"#bundle\0" + bytes(8) + struct.pack(">i", 400) + b"/a\0\0,\0\0\0",
    "bundle element of no length": b"#bundle\0" + bytes(8) + bytes(4),
    "bundle element of negative length": b"#bundle\0" + bytes(8) + struct.pack(">i", -16),
    "bundle whose second message is broken": bundle(
        [encode_status(Status(state="idle", dropped=0)), message("/dance/beat", "f", bytes(4))]
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_datagrams_are_refused(name: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - each has words of its own
        DanceReceiver().receive(BROKEN[name])


def test_bundles_within_bundles_have_a_limit() -> None:
    datagram = encode_status(Status(state="idle", dropped=0))
    for _ in range(4):
        datagram = bundle([datagram])
    assert len(DanceReceiver().receive(datagram)) == 1
    with pytest.raises(ValueError, match="more than 4 deep"):
        DanceReceiver().receive(bundle([datagram]))


def test_nothing_of_a_broken_bundle_is_used() -> None:
    bone = struct.pack(">ii", 1, 0) + osc_string("Hips") + struct.pack(">i3f", -1, 0, 1, 0)
    receiver = DanceReceiver()
    with pytest.raises(ValueError, match="expected ,ffif"):
        receiver.receive(bundle([message("/dance/skeleton", "iisifff", bone), message("/dance/beat", "f", bytes(4))]))
    assert receiver.skeletons == {}


def test_unknown_addresses_are_passed_over() -> None:
    assert DanceReceiver().receive(message("/dance/tomorrow", "sTFNIb", osc_string("x") + bytes(4))) == []
    assert VmcReceiver(("Hips",)).receive(message("/VMC/Ext/Blend/Apply", "", b"")) is None


def test_forged_skeletons_do_not_fill_the_memory() -> None:
    receiver = DanceReceiver()
    for skeleton_id in range(1000):
        bone = struct.pack(">ii", skeleton_id, 0) + osc_string("Hips") + struct.pack(">i3f", -1, 0, 1, 0)
        receiver.receive(message("/dance/skeleton", "iisifff", bone))
    assert len(receiver.skeletons) == 8
    assert 999 in receiver.skeletons


def test_a_vmc_frame_of_which_a_datagram_was_lost_is_never_given() -> None:
    skeleton = chain(55)
    encoder = VmcEncoder(skeleton)
    receiver = VmcReceiver(skeleton.names)
    frames = [random_frame(55, seed=seed, time_us=seed * 1_000_000) for seed in range(3)]
    num_datagrams = len(encoder.encode(frames[0]))
    for lost in range(num_datagrams):
        arrived = [d for index, d in enumerate(encoder.encode(frames[0])) if index != lost]
        assert [receiver.receive(datagram) for datagram in arrived] == [None] * (num_datagrams - 1)
    received = [receiver.receive(datagram) for datagram in encoder.encode(frames[2])]
    assert received[:-1] == [None] * (num_datagrams - 1)
    assert received[-1] is not None
    np.testing.assert_array_equal(received[-1].rotations, frames[2].rotations)
    assert receiver.num_incomplete == num_datagrams - 1, "without its first datagram a frame does not even begin"


def test_datagrams_of_the_bones_may_change_places() -> None:
    skeleton = chain(55)
    receiver = VmcReceiver(skeleton.names)
    first, *bones = VmcEncoder(skeleton).encode(random_frame(55, seed=0))
    *unfinished, received = [receiver.receive(datagram) for datagram in [first, *reversed(bones)]]
    assert unfinished == [None] * len(bones)
    assert received is not None


@given(st.integers(0, 2**31 - 1), st.integers(1, 2**30 - 1))
def test_newer_is_newer_over_the_wrap(sequence: int, frames_later: int) -> None:
    later = (sequence + frames_later) % 2**31
    assert is_newer(later, than=sequence)
    assert not is_newer(sequence, than=later)


def test_events_come_in_the_order_of_the_bundle() -> None:
    beat = Beat(phase=0.5, bpm=128, beat=1, confidence=1)
    status = Status(state="dancing", dropped=2)
    (pose,) = DanceEncoder(SKELETON).encode(random_frame(19, seed=0, sequence=9))
    events = DanceReceiver().receive(bundle([encode_beat(beat), pose, encode_status(status)]))
    assert events[0] == beat
    assert isinstance(events[1], DancePose)
    assert events[2] == status
