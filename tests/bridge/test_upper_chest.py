"""Avatars with bones that the dancer does not have, in a receiver that applies bone positions, as EVMC4U does."""

import socket
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest

from bridge.wire.osc_message import OscMessage, parse_datagram
from bridge.wire.outputs import Outputs
from bridge.wire.target import Target
from bridge.wire.targets import UdpTargets
from bridge.wire.vmc import POSITION_TO_UNITY, QUATERNION_TO_UNITY
from data.motion.humanoid import BONE_PARENTS, default_skeleton
from data.motion.motion import Pose
from data.motion.rotations import multiply, rotate
from data.motion.skeleton import Skeleton
from tests.bridge.random_poses import random_frame
from tests.bridge.vrm_maker import write_vrm
from tests.waiting import GENEROUS_S

SKELETON = default_skeleton()
IDENTITY = np.array([0.0, 0.0, 0.0, 1.0])


def avatar(scale: float = 1.2) -> Skeleton:
    """The dancer's figure, larger, with an UpperChest on the way to the neck and toes on the feet."""
    offsets = {name: scale * offset for name, offset in zip(SKELETON.names, SKELETON.offsets, strict=True)}
    raised = np.array([0.0, 0.14, 0.01])
    for name in ("Neck", "LeftShoulder", "RightShoulder"):
        offsets[name] = offsets[name] - raised
    offsets |= {"UpperChest": raised, "LeftToes": np.array([0, -0.06, 0.1]), "RightToes": np.array([0, -0.06, 0.1])}
    names = [name for name in BONE_PARENTS if name in offsets]
    parents = tuple(names.index(BONE_PARENTS[name]) if BONE_PARENTS[name] else -1 for name in names)
    return Skeleton(tuple(names), parents, np.array([offsets[name] for name in names], np.float32))


def sent(pose: Pose, options: str) -> dict[str, OscMessage]:
    """The bones of a pose, as they come out of a socket."""
    with ExitStack() as stack:
        ear = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        ear.bind(("127.0.0.1", 0))
        ear.settimeout(GENEROUS_S)
        target = Target.parse(f"vmc:127.0.0.1:{ear.getsockname()[1]}{options}")
        targets = stack.enter_context(UdpTargets([target]))
        outputs = Outputs(SKELETON, targets, rate_hz=30, start_s=0.0)
        before = targets.num_sent
        outputs.send_pose(pose, 1.0)
        messages = [m for _ in range(targets.num_sent - before) for m in parse_datagram(ear.recv(65_536))]
    return {m.arguments[0]: m for m in messages if m.address == "/VMC/Ext/Bone/Pos"}


def worn(figure: Skeleton, bones: dict[str, OscMessage]) -> tuple[np.ndarray, np.ndarray]:
    """World positions and rotations of an avatar of which each bone that is sent gets its position and rotation."""
    positions, rotations = [], []
    for joint, name in enumerate(figure.names):
        place, turn = figure.offsets[joint].astype(np.float64), IDENTITY
        if name in bones:
            values = np.array(bones[name].arguments[1:], np.float64)
            place, turn = values[:3] * POSITION_TO_UNITY, values[3:] * QUATERNION_TO_UNITY
        parent = figure.parents[joint]
        above, above_turn = (np.zeros(3), IDENTITY) if parent < 0 else (positions[parent], rotations[parent])
        positions.append(above + rotate(above_turn, place))
        rotations.append(multiply(above_turn, turn))
    return np.array(positions), np.array(rotations)


def standing() -> Pose:
    rotations = np.tile(IDENTITY.astype(np.float32), (SKELETON.num_joints, 1))
    return Pose(np.array([0, SKELETON.rest_height, 0], np.float32), rotations)


@pytest.mark.realtime
@pytest.mark.parametrize(("version", "axes"), [(0, "vrm0"), (1, "vrm0"), (1, "vrm1")])
def test_a_named_avatar_stands_in_its_own_shape(tmp_path: Path, version: int, axes: str) -> None:
    figure = avatar()
    file = write_vrm(tmp_path / "a.vrm", figure, version=version)
    bones = sent(standing(), f",vrm={file},axes={axes}")
    assert set(bones) == {*SKELETON.names, "UpperChest"}, "what lies between two that are sent is; toes end the leg"
    positions, _ = worn(figure, bones)
    rest = np.tile(IDENTITY, (figure.num_joints, 1))
    own, _ = figure.forward_kinematics(np.array([0, figure.rest_height, 0]), rest)
    # An avatar's hips stand where its own are; toes lower the rest height, so compare from the hips on.
    np.testing.assert_allclose(positions - positions[0], own - own[0], atol=1e-5)


@pytest.mark.realtime
def test_the_bone_between_rests_and_turns_nothing(tmp_path: Path) -> None:
    figure = avatar()
    frame = random_frame(SKELETON.num_joints, 3)
    bones = sent(Pose(frame.root_position, frame.rotations), f",vrm={write_vrm(tmp_path / 'a.vrm', figure, version=1)}")
    np.testing.assert_allclose(np.abs(bones["UpperChest"].arguments[4:]), IDENTITY, atol=1e-6)
    _, rotations = worn(figure, bones)
    _, dancer = SKELETON.forward_kinematics(frame.root_position, frame.rotations)
    for name in SKELETON.names:
        same = abs(float(np.sum(rotations[figure.names.index(name)] * dancer[SKELETON.index(name)])))
        assert same == pytest.approx(1.0, abs=1e-5), name


@pytest.mark.realtime
@pytest.mark.parametrize(("bones", "expected"), [("head", False), ("arms+Chest", True), ("upper", True)])
def test_what_is_between_is_sent_only_with_both_its_ends(tmp_path: Path, bones: str, expected: bool) -> None:
    file = write_vrm(tmp_path / "a.vrm", avatar(), version=0)
    assert ("UpperChest" in sent(standing(), f",vrm={file},bones={bones}")) == expected


@pytest.mark.realtime
def test_without_its_file_an_upper_chest_can_be_asked_for() -> None:
    assert set(sent(standing(), "")) == set(SKELETON.names)
    bones = sent(standing(), ",bones=all+UpperChest")
    positions, _ = worn(avatar(), bones)
    own, _ = SKELETON.forward_kinematics(standing().root_position, standing().rotations)
    for name in SKELETON.names:
        np.testing.assert_allclose(positions[avatar().names.index(name)], own[SKELETON.index(name)], atol=1e-5)
