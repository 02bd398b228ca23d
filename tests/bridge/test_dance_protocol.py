"""The bridge's own protocol: what goes in comes out, in one datagram a pose."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pythonosc.osc_message_builder import OscMessageBuilder

from bridge.wire.dance_protocol import (
    AudioLevels,
    Beat,
    DanceEncoder,
    Latency,
    Status,
    WhyUpdate,
    encode_audio,
    encode_beat,
    encode_latency,
    encode_status,
    encode_why,
)
from bridge.wire.osc_template import MAX_DATAGRAM_BYTES
from bridge.wire.receiver import DancePose, DanceReceiver, is_newer
from data.motion.humanoid import default_skeleton
from data.motion.skeleton import Skeleton
from tests.bridge.random_poses import chain, random_frame

float32s = st.floats(width=32, allow_nan=False, allow_infinity=False)


def oracle(address: str, tags: str, *arguments: object) -> bytes:
    builder = OscMessageBuilder(address)
    for tag, argument in zip(tags, arguments, strict=True):
        builder.add_arg(argument, tag)
    return builder.build().dgram


def test_a_pose_is_one_datagram_with_the_bytes_of_python_osc() -> None:
    encoder = DanceEncoder(default_skeleton())
    frame = random_frame(19, seed=0, sequence=41, time_us=2**40)
    blob = np.concatenate([frame.root_position, frame.rotations.ravel()]).astype(">f4").tobytes()

    (datagram,) = encoder.encode(frame)

    assert datagram == oracle("/dance/pose", "ihib", 41, 2**40, encoder.skeleton_id, blob)
    assert len(datagram) == 356


@given(st.integers(0, 2**32), st.integers(1, 55), st.integers(0, 2**31 - 1), st.integers(-(2**63), 2**63 - 1))
def test_poses_survive_the_round_trip(seed: int, num_bones: int, sequence: int, time_us: int) -> None:
    encoder = DanceEncoder(chain(num_bones))
    frame = random_frame(num_bones, seed, sequence, time_us)

    (datagram,) = encoder.encode(frame)
    (event,) = DanceReceiver().receive(datagram)

    assert len(datagram) <= 1472
    assert isinstance(event, DancePose)
    assert event.skeleton_id == encoder.skeleton_id
    assert (event.frame.sequence, event.frame.time_us) == (sequence, time_us)
    np.testing.assert_array_equal(event.frame.root_position, frame.root_position)
    np.testing.assert_array_equal(event.frame.rotations, frame.rotations)


def test_a_receiver_learns_the_skeleton_of_a_pose() -> None:
    skeleton = chain(55)
    encoder = DanceEncoder(skeleton)
    receiver = DanceReceiver()
    (pose,) = receiver.receive(encoder.encode(random_frame(55, seed=0))[0])
    assert isinstance(pose, DancePose)
    assert receiver.skeleton_of(pose) is None

    datagrams = encoder.encode_skeleton()
    assert all(len(datagram) <= 1472 for datagram in datagrams)
    for datagram in reversed(datagrams):  # UDP promises no order
        assert receiver.skeleton_of(pose) is None
        assert receiver.receive(datagram) == []

    bones = receiver.skeleton_of(pose)
    assert bones is not None
    assert tuple(bone.name for bone in bones) == skeleton.names
    assert tuple(bone.parent for bone in bones) == skeleton.parents
    np.testing.assert_array_equal(np.array([bone.offset for bone in bones], np.float32), skeleton.offsets)


def test_the_id_tells_skeletons_apart() -> None:
    skeleton = chain(19)
    longer = Skeleton(skeleton.names, skeleton.parents, skeleton.offsets * np.float32(1.01))
    ids = {DanceEncoder(s).skeleton_id for s in (skeleton, longer, chain(18), chain(19))}
    assert len(ids) == 3
    assert all(0 <= skeleton_id < 2**31 for skeleton_id in ids)


def test_the_sequence_number_wraps_to_zero() -> None:
    encoder = DanceEncoder(chain(3))
    sequences = []
    for sequence in (2**31 - 1, 2**31, 2**31 + 1):
        (event,) = DanceReceiver().receive(encoder.encode(random_frame(3, seed=0, sequence=sequence))[0])
        assert isinstance(event, DancePose)
        sequences.append(event.frame.sequence)
    assert sequences == [2**31 - 1, 0, 1]
    assert is_newer(sequences[1], than=sequences[0])
    assert not is_newer(sequences[0], than=sequences[1])
    assert not is_newer(5, than=5)


@given(float32s, float32s, st.integers(0, 2**31 - 1), float32s)
def test_a_beat_survives_the_round_trip(phase: float, bpm: float, beat: int, confidence: float) -> None:
    message = Beat(phase=phase, bpm=bpm, beat=beat, confidence=confidence)
    assert encode_beat(message) == oracle("/dance/beat", "ffif", phase, bpm, beat, confidence)
    assert DanceReceiver().receive(encode_beat(message)) == [message]


@given(*[float32s] * 5)
def test_levels_and_latencies_survive_the_round_trip(a: float, b: float, c: float, d: float, e: float) -> None:
    levels = AudioLevels(rms=a, low=b, mid=c, high=d, onset=e)
    latency = Latency(capture_ms=a, features_ms=b, model_ms=c, send_ms=d, total_ms=e)
    assert encode_audio(levels) == oracle("/dance/audio", "fffff", a, b, c, d, e)
    assert encode_latency(latency) == oracle("/dance/latency", "fffff", a, b, c, d, e)
    assert DanceReceiver().receive(encode_audio(levels)) == [levels]
    assert DanceReceiver().receive(encode_latency(latency)) == [latency]


def test_a_status_survives_the_round_trip() -> None:
    status = Status(state="dancing", dropped=3)
    assert encode_status(status) == oracle("/dance/status", "si", "dancing", 3)
    assert DanceReceiver().receive(encode_status(status)) == [status]


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), -float("inf"), 1e39])
def test_what_is_no_finite_float32_never_leaves(bad: float) -> None:
    with pytest.raises(ValueError, match="must not leave the bridge"):
        encode_beat(Beat(phase=0.1, bpm=bad, beat=1, confidence=1))
    with pytest.raises(ValueError, match="must not leave the bridge"):
        encode_audio(AudioLevels(rms=0, low=0, mid=0, high=bad, onset=0))
    with pytest.raises(ValueError, match="must not leave the bridge"):
        encode_latency(Latency(capture_ms=0, features_ms=0, model_ms=0, send_ms=0, total_ms=bad))
    with np.errstate(over="ignore"):
        number = np.float32(bad)
    encoder = DanceEncoder(chain(19))
    frame = random_frame(19, seed=0)
    frame.rotations[18, 3] = number
    with pytest.raises(ValueError, match="must not leave the bridge"):
        encoder.encode(frame)
    frame = random_frame(19, seed=0)
    frame.root_position[1] = number
    with pytest.raises(ValueError, match="must not leave the bridge"):
        encoder.encode(frame)


def test_what_does_not_fit_is_refused() -> None:
    names = tuple(f"Bone{index}" for index in range(89))
    with pytest.raises(ValueError, match="89 bones do not fit"):
        DanceEncoder(Skeleton(names, tuple(range(-1, 88)), np.zeros((89, 3), np.float32)))
    with pytest.raises(ValueError, match="the skeleton has 19 bones"):
        DanceEncoder(chain(19)).encode(random_frame(22, seed=0))


def test_why_the_figure_stands_crosses_as_one_line_that_fits():
    update = WhyUpdate(reason="silence", text="too quiet:\n turn the sound up, höher " + 2000 * "x")
    datagram = encode_why(update)
    assert len(datagram) <= MAX_DATAGRAM_BYTES
    (event,) = DanceReceiver().receive(datagram)
    assert isinstance(event, WhyUpdate)
    assert event.reason == "silence"
    assert event.text.startswith("too quiet: turn the sound up, höher xxx")
    assert DanceReceiver().receive(encode_why(WhyUpdate(reason="", text=""))) == [WhyUpdate(reason="", text="")]
