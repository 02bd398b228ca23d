"""What leaves as VMC is what receivers of the protocol expect."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pythonosc.osc_bundle import OscBundle
from pythonosc.osc_bundle_builder import IMMEDIATELY, OscBundleBuilder
from pythonosc.osc_message_builder import OscMessageBuilder

from bridge.wire.pose_frame import PoseFrame
from bridge.wire.receiver import VmcReceiver
from bridge.wire.vmc import Travel, VmcEncoder
from data.motion.humanoid import default_skeleton
from tests.bridge.random_poses import chain, random_frame


def oracle_bundle(*messages: tuple[str, str, list[object]]) -> OscBundle:
    bundle = OscBundleBuilder(IMMEDIATELY)
    for address, tags, arguments in messages:
        builder = OscMessageBuilder(address)
        for tag, argument in zip(tags, arguments, strict=True):
            builder.add_arg(argument, tag)
        bundle.add_content(builder.build())
    return bundle.build()


def test_the_bytes_are_those_of_python_osc() -> None:
    skeleton = default_skeleton()
    frame = random_frame(19, seed=3, time_us=12_500_000)
    px, py, pz = frame.root_position.tolist()
    names = skeleton.names
    bones = [
        (
            "/VMC/Ext/Bone/Pos",
            "sfffffff",
            [name, *([-px, py, pz] if index == 0 else [-x, y, z]), qx, -qy, -qz, qw],
        )
        for index, (name, (x, y, z), (qx, qy, qz, qw)) in enumerate(
            zip(names, skeleton.offsets.tolist(), frame.rotations.tolist(), strict=True)
        )
    ]

    first, *rest = VmcEncoder(skeleton, start_time_us=10_000_000).encode(frame)

    assert (
        first
        == oracle_bundle(
            ("/VMC/Ext/OK", "iiii", [1, 3, 0, 1]),
            ("/VMC/Ext/T", "f", [2.5]),
            ("/VMC/Ext/Root/Pos", "sfffffff", ["root", 0, 0, 0, 0, 0, 0, 1]),
        ).dgram
    )
    assert len(rest) == 2
    num_first = OscBundle(rest[0]).num_contents
    assert rest[0] == oracle_bundle(*bones[:num_first]).dgram
    assert rest[1] == oracle_bundle(*bones[num_first:]).dgram


@pytest.mark.parametrize("num_bones", [1, 19, 55])
def test_datagrams_are_at_most_1472_bytes(num_bones: int) -> None:
    datagrams = VmcEncoder(chain(num_bones)).encode(random_frame(num_bones, seed=0))
    assert max(map(len, datagrams)) <= 1472


@given(st.integers(0, 2**32), st.integers(1, 55), st.sampled_from(["hips", "root"]))
def test_poses_survive_the_round_trip(seed: int, num_bones: int, travel: Travel) -> None:
    skeleton = chain(num_bones)
    encoder = VmcEncoder(skeleton, travel=travel)
    receiver = VmcReceiver(skeleton.names)
    frame = random_frame(num_bones, seed, time_us=1_000_000)

    *unfinished, received = [receiver.receive(datagram) for datagram in encoder.encode(frame)]

    assert unfinished == [None] * len(unfinished)
    assert received is not None
    assert received.time_us == 1_000_000
    np.testing.assert_array_equal(received.root_position, frame.root_position)
    np.testing.assert_array_equal(received.rotations, frame.rotations)


def test_a_figure_that_turns_to_its_left_turns_to_its_left_in_unity() -> None:
    """Positive yaw takes +Z to +X, the figure's left; in Unity its left is -X and the same turn is a negative yaw."""
    skeleton = default_skeleton()
    rotations = np.tile(np.array([0, 0, 0, 1], np.float32), (19, 1))
    rotations[0] = [0, np.sin(np.pi / 4), 0, np.cos(np.pi / 4)]
    frame = PoseFrame(0, 0, np.array([0.5, 0.9, 0.2], np.float32), rotations)
    (hips,) = [
        content
        for content in OscBundle(VmcEncoder(skeleton).encode(frame)[1])
        if content.params[0] == "Hips"  # type: ignore[union-attr]
    ]
    x, y, z, qx, qy, qz, qw = hips.params[1:]  # type: ignore[union-attr]
    np.testing.assert_allclose([x, y, z], [-0.5, 0.9, 0.2], atol=1e-7)
    forward = [2 * (qx * qz + qw * qy), 2 * (qy * qz - qw * qx), 1 - 2 * (qx * qx + qy * qy)]  # of the rotation of +Z
    np.testing.assert_allclose(forward, [-1, 0, 0], atol=1e-6)


def test_bone_positions_are_rest_offsets_and_never_zeros() -> None:
    skeleton = default_skeleton()
    datagrams = VmcEncoder(skeleton).encode(random_frame(19, seed=0))
    positions = {m.params[0]: m.params[1:4] for d in datagrams[1:] for m in OscBundle(d)}  # type: ignore[union-attr]
    for name, offset in zip(skeleton.names[1:], skeleton.offsets[1:], strict=True):
        np.testing.assert_allclose(positions[name], offset * [-1, 1, 1], atol=1e-7)
        assert np.linalg.norm(positions[name]) > 0.01


def test_travel_by_the_root_keeps_the_hips_above_it() -> None:
    frame = random_frame(19, seed=5)
    x, y, z = frame.root_position.tolist()
    first, second, *_ = VmcEncoder(default_skeleton(), travel="root").encode(frame)
    assert OscBundle(first).content(2).params[1:4] == [-x, 0, z]  # type: ignore[union-attr]
    assert OscBundle(second).content(0).params[1:4] == [0, y, 0]  # type: ignore[union-attr]


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_never_leaves(bad: float) -> None:
    encoder = VmcEncoder(default_skeleton())
    for broken in (random_frame(19, seed=0, sequence=7), random_frame(19, seed=0, sequence=7)):
        broken.rotations[4, 2] = bad
        with pytest.raises(ValueError, match="frame 7 holds NaN or infinity"):
            encoder.encode(broken)
    broken = random_frame(19, seed=0, sequence=8)
    broken.root_position[0] = bad
    travels: tuple[Travel, ...] = ("hips", "root")
    for travel in travels:
        with pytest.raises(ValueError, match="frame 8 holds NaN or infinity"):
            VmcEncoder(default_skeleton(), travel=travel).encode(broken)
    good = random_frame(19, seed=1)
    assert encoder.encode(good) == VmcEncoder(default_skeleton()).encode(good), "a refused frame leaves no trace"


def test_a_frame_of_another_skeleton_is_refused() -> None:
    with pytest.raises(ValueError, match="the skeleton has 19 bones"):
        VmcEncoder(default_skeleton()).encode(random_frame(22, seed=0))
