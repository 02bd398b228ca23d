"""Outputs over real sockets: rates, masks, avatars, trackers, and what is passed on for others."""

import socket
from collections import deque
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import numpy as np
import pytest
from pythonosc.osc_message_builder import OscMessageBuilder
from scipy.spatial.transform import Rotation

from bridge.inbound.vmc_in import SetPeriod, VmcRelay
from bridge.wire.osc_message import OscMessage, parse_datagram
from bridge.wire.outputs import Outputs
from bridge.wire.receiver import DancePose, DanceReceiver, VmcReceiver
from bridge.wire.target import Target
from bridge.wire.targets import TargetCounters, UdpTargets
from bridge.wire.vrchat import TRACKERS, euler_degrees
from bridge.wire.vrm_file import read_avatar
from data.motion.humanoid import default_skeleton
from data.motion.motion import Pose, blend
from data.motion.rotations import multiply
from tests.bridge.random_poses import random_frame
from tests.bridge.vrm_maker import glb, vrm, write_vrm
from tests.waiting import GENEROUS_S

SKELETON = default_skeleton()
RATE_HZ = 30


def pose(seed: int) -> Pose:
    frame = random_frame(SKELETON.num_joints, seed)
    return Pose(frame.root_position, frame.rotations)


class Ear:
    """A socket at which a target listens.

    Attributes:
        counters: What was sent to it, by the sender's own count.
    """

    def __init__(self) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.settimeout(GENEROUS_S)
        self.port = self.socket.getsockname()[1]
        self.counters = TargetCounters()
        self._num_heard = 0

    def datagrams(self) -> list[bytes]:
        """Everything that was sent since the last call; a busy system may take a moment to bring it."""
        heard = [self.socket.recv(65_536) for _ in range(self.counters.sent - self._num_heard)]
        self._num_heard += len(heard)
        return heard

    def messages(self, address: str = "") -> list[OscMessage]:
        return [m for datagram in self.datagrams() for m in parse_datagram(datagram) if m.address.startswith(address)]


@contextmanager
def outputs_to(*options: str, relay: VmcRelay | None = None, inbound_port: int | None = None) -> Iterator:
    """Outputs to one ear for each text such as `vmc:{},rate=60`."""
    ears = [Ear() for _ in options]
    texts = [text.format(ear.port) for text, ear in zip(options, ears, strict=True)]
    with ExitStack() as stack:
        for ear in ears:
            stack.enter_context(ear.socket)
        targets = stack.enter_context(UdpTargets([Target.parse(text) for text in texts]))
        for ear, counters in zip(ears, targets.counters, strict=True):
            ear.counters = counters
        yield Outputs(SKELETON, targets, rate_hz=RATE_HZ, start_s=0.0, relay=relay, inbound_port=inbound_port), ears


def poses_of(ear: Ear) -> list[DancePose]:
    receiver = DanceReceiver()
    return [
        event for datagram in ear.datagrams() for event in receiver.receive(datagram) if isinstance(event, DancePose)
    ]


@pytest.mark.realtime
def test_at_the_dancers_rate_the_pose_itself_is_sent_at_once():
    with outputs_to("dance:{}") as (outputs, (ear,)):
        outputs.send_pose(pose(0), 10.0)
        outputs.send_pose(pose(1), 10.0 + 1 / RATE_HZ)
        assert outputs.next_between_s == np.inf
        first, second = (event.frame for event in poses_of(ear))
    np.testing.assert_array_equal(second.rotations, pose(1).rotations)
    assert (first.sequence, second.sequence) == (0, 1)
    assert first.time_us == 10_000_000


@pytest.mark.realtime
@pytest.mark.parametrize(("rate_hz", "steps"), [(60, 2), (90, 3)])
def test_poses_between_are_interpolated_on_a_steady_grid(rate_hz: int, steps: int):
    with outputs_to(f"dance:{{}},rate={rate_hz}") as (outputs, (ear,)):
        for index in range(4):
            outputs.send_pose(pose(index), index / RATE_HZ)
            while outputs.next_between_s < (index + 1) / RATE_HZ:
                outputs.send_between(outputs.next_between_s)
        frames = [event.frame for event in poses_of(ear)]
    assert [frame.sequence for frame in frames] == list(range(4 * steps))
    np.testing.assert_allclose(np.diff([frame.time_us for frame in frames]), 1e6 / rate_hz, atol=1)
    for index, frame in enumerate(frames[steps:]):
        tick, step = divmod(index, steps)
        between = blend(pose(tick), pose(tick + 1), (step + 1) / steps)
        np.testing.assert_allclose(np.abs(np.sum(frame.rotations * between.rotations, -1)), 1, atol=1e-5)
        np.testing.assert_allclose(frame.root_position, between.root_position, atol=1e-6)
    np.testing.assert_array_equal(frames[-1].rotations, pose(3).rotations)  # the delay is less than a frame


@pytest.mark.realtime
def test_after_a_stall_nothing_bursts():
    with outputs_to("dance:{},rate=90") as (outputs, (ear,)):
        outputs.send_pose(pose(0), 0.0)
        outputs.send_pose(pose(1), 5.0)  # the poses between were never sent
        outputs.send_between(5.0)
        assert len(poses_of(ear)) == 2


@pytest.mark.realtime
def test_a_slower_target_gets_every_so_manyth_pose():
    with outputs_to("dance:{},rate=10") as (outputs, (ear,)):
        for index in range(9):
            outputs.send_pose(pose(index), index / RATE_HZ)
        frames = [event.frame for event in poses_of(ear)]
    assert len(frames) == 3
    np.testing.assert_array_equal(frames[1].rotations, pose(3).rotations)


def test_a_rate_that_does_not_fit_is_refused_with_those_that_do():
    with pytest.raises(ValueError, match="take 60 or 90"), outputs_to("dance:{},rate=72"):
        pass


@pytest.mark.realtime
def test_targets_with_other_options_are_served_side_by_side():
    with outputs_to("vmc:{}", "vmc:{},bones=arms", "vmc:{},bundle=no", "dance:{}") as (outputs, ears):
        outputs.send_pose(pose(3), 1.0)
        whole, arms, single = (ear.datagrams() for ear in ears[:3])
        assert len(poses_of(ears[3])) == 1
    assert all(datagram.startswith(b"#bundle") for datagram in whole + arms)
    assert not any(datagram.startswith(b"#bundle") for datagram in single)
    by_message = [message for datagram in whole for message in parse_datagram(datagram)]
    assert [message for datagram in single for message in parse_datagram(datagram)] == by_message
    names = [m.arguments[0] for d in arms for m in parse_datagram(d) if m.address == "/VMC/Ext/Bone/Pos"]
    assert names
    assert all("Arm" in name or "Shoulder" in name or "Hand" in name for name in names)


@pytest.mark.realtime
def test_an_avatars_own_lengths_and_size_are_sent(tmp_path: Path):
    """VRM 0 and VRM 1 of an avatar half as tall give the same bones: half the offsets, half the path."""
    files = [write_vrm(tmp_path / f"{version}.vrm", SKELETON, version=version, scale=0.5) for version in (0, 1)]
    with outputs_to("vmc:{}", *(f"vmc:{{}},vrm={file}" for file in files)) as (outputs, ears):
        outputs.send_pose(pose(4), 1.0)
        own, *avatars = (ear.messages("/VMC/Ext/Bone") for ear in ears)
    for avatar in avatars:
        for mine, theirs in zip(own, avatar, strict=True):
            assert mine.arguments[0] == theirs.arguments[0]
            np.testing.assert_allclose(theirs.arguments[1:4], 0.5 * np.array(mine.arguments[1:4]), atol=1e-5)
            np.testing.assert_allclose(theirs.arguments[4:], mine.arguments[4:], atol=1e-6)


@pytest.mark.realtime
def test_raw_bones_of_vrm_1_look_the_same_whatever_their_rest_rotations(tmp_path: Path):
    """The world rotations of an avatar with turned bones, posed by raw rotations, are the dancer's times the rest's."""
    rng = np.random.default_rng(0)
    turns = {name: Rotation.random(random_state=rng.integers(99)).as_quat().tolist() for name in SKELETON.names}
    file = write_vrm(tmp_path / "raw.vrm", SKELETON, version=1, turns=turns)
    with outputs_to(f"vmc:{{}},axes=vrm1,vrm={file}") as (outputs, (ear,)):
        outputs.send_pose(pose(5), 1.0)
        received = VmcReceiver(SKELETON.names)
        frames = [frame for datagram in ear.datagrams() if (frame := received.receive(datagram)) is not None]
    raw = frames[0].rotations
    rests, poses, dancer = [], [], []
    for joint, name in enumerate(SKELETON.names):
        parent = SKELETON.parents[joint]
        none = np.array([0, 0, 0, 1.0])
        rests.append(multiply(none if parent < 0 else rests[parent], np.array(turns[name])))
        poses.append(multiply(none if parent < 0 else poses[parent], raw[joint]))
        dancer.append(multiply(none if parent < 0 else dancer[parent], pose(5).rotations[joint]))
        same = np.abs(np.sum(poses[joint] * multiply(dancer[joint], rests[joint])))
        assert same == pytest.approx(1.0, abs=1e-4)


def test_raw_bones_of_vrm_0_are_refused(tmp_path: Path):
    file = write_vrm(tmp_path / "old.vrm", SKELETON, version=0)
    with pytest.raises(ValueError, match="of VRM 0"), outputs_to(f"vmc:{{}},axes=vrm1,vrm={file}"):
        pass


@pytest.mark.parametrize("cut", [0, 3, 12, 19, 25, 300, -1])
def test_a_truncated_avatar_is_refused_by_name(tmp_path: Path, cut: int):
    content = glb(vrm(SKELETON, version=1))
    (tmp_path / "cut.vrm").write_bytes(content[:cut] if cut >= 0 else content[:-40])
    with pytest.raises(ValueError, match=r"cut\.vrm: not a usable VRM"):
        read_avatar(tmp_path / "cut.vrm")


def test_avatars_that_make_no_sense_are_refused(tmp_path: Path):
    circle = vrm(SKELETON, version=1)
    circle["nodes"][-1]["children"] = [0]
    headless = vrm(SKELETON, version=1)
    del headless["extensions"]["VRMC_vrm"]["humanoid"]["humanBones"]["hips"]
    plain = vrm(SKELETON, version=1)
    del plain["extensions"]
    for gltf, part in ((circle, "circle"), (headless, "no hips"), (plain, "without the VRM")):
        (tmp_path / "bad.vrm").write_bytes(glb(gltf))
        with pytest.raises(ValueError, match=part):
            read_avatar(tmp_path / "bad.vrm")


@pytest.mark.realtime
def test_vrchat_gets_eight_trackers_and_a_head():
    with outputs_to("vrchat:{}") as (outputs, (ear,)):
        outputs.send_pose(pose(6), 1.0)
        (datagram,) = ear.datagrams()
    messages = {message.address: message.arguments for message in parse_datagram(datagram)}
    assert len(messages) == 18
    positions, rotations = SKELETON.forward_kinematics(pose(6).root_position, pose(6).rotations)
    for number, bone in enumerate(TRACKERS, start=1):
        joint = SKELETON.index(bone)
        x, y, z = positions[joint]
        np.testing.assert_allclose(messages[f"/tracking/trackers/{number}/position"], (-x, y, z), atol=1e-5)
        angles = messages[f"/tracking/trackers/{number}/rotation"]
        # Unity turns about z, then x, then y, all fixed axes: scipy's lower case in that order.
        turned = Rotation.from_euler("zxy", [angles[2], angles[0], angles[1]], degrees=True).as_quat()
        x, y, z, w = rotations[joint]
        assert abs(np.dot(turned, [x, -y, -z, w])) == pytest.approx(1.0, abs=1e-5)
    assert "/tracking/trackers/head/position" in messages


def test_euler_angles_are_unitys_everywhere_on_the_sphere():
    quaternions = Rotation.random(500, random_state=2).as_quat()
    quaternions = np.concatenate([quaternions, Rotation.from_euler("x", [[90], [-90]], degrees=True).as_quat()])
    angles = euler_degrees(quaternions)
    back = Rotation.from_euler("zxy", angles[:, [2, 0, 1]], degrees=True).as_quat()
    np.testing.assert_allclose(np.abs(np.sum(back * quaternions, -1)), 1, atol=1e-7)


def blend_shape(name: str, value: float) -> bytes:
    builder = OscMessageBuilder("/VMC/Ext/Blend/Val")
    builder.add_arg(name, "s")
    builder.add_arg(value, "f")
    return bytes(builder.build().dgram)


@pytest.mark.realtime
def test_what_others_send_is_passed_on_to_avatars_untouched():
    relay = VmcRelay()
    apply = bytes(OscMessageBuilder("/VMC/Ext/Blend/Apply").build().dgram)
    sent = [blend_shape("Joy", 0.5), blend_shape("A", 1.0), apply]
    with outputs_to("vmc:{}", "vmc:{},bundle=no", "dance:{}", relay=relay) as (outputs, ears):
        relay.messages.extend(sent)
        outputs.send_pose(pose(7), 1.0)
        outputs.send_pose(pose(8), 1.1)
        bundled, single = ears[0].messages("/VMC/Ext/Blend"), ears[1].messages("/VMC/Ext/Blend")
        assert ears[2].messages("/VMC") == []
    assert [message.raw for message in bundled] == sent
    assert [message.raw for message in single] == sent
    assert relay.messages == deque()


@pytest.mark.realtime
def test_an_avatar_gets_bones_as_seldom_as_it_asked_for():
    relay = VmcRelay()
    relay.periods = {"127.0.0.1": SetPeriod(status=2, root=4, bone=3, blend_shape=1, camera=1, devices=1)}
    with outputs_to("vmc:{}", relay=relay) as (outputs, (ear,)):
        counts = []
        for index in range(12):
            outputs.send_pose(pose(index), index / RATE_HZ)
            messages = ear.messages()
            counts.append(
                (any(m.address == "/VMC/Ext/T" for m in messages), sum("Bone" in m.address for m in messages))
            )
    assert [has_status for has_status, _ in counts] == [True, False] * 6
    assert [bones > 0 for _, bones in counts] == [True, False, False] * 4


@pytest.mark.realtime
def test_an_avatar_that_asks_is_sent_where_to_speak_and_what_it_is(tmp_path: Path):
    relay = VmcRelay()
    file = write_vrm(tmp_path / "a.vrm", SKELETON, version=1)
    with outputs_to("vmc:{}", f"vmc:{{}},vrm={file}", relay=relay, inbound_port=39540) as (outputs, ears):
        outputs.send_pose(pose(0), 1.0)
        assert not ears[1].messages("/VMC/Ext/VRM")  # a receiver may load the file that is named, so never unasked
        relay.requests.append("127.0.0.1")
        outputs.send_pose(pose(1), 1.1)
        assert [m.arguments for m in ears[0].messages("/VMC/Ext/Rcv")] == [(1, 39540)]
        (named,) = ears[1].messages("/VMC/Ext/VRM")
    assert named.arguments[1] == "Made"
    assert named.arguments[0].endswith("a.vrm")
