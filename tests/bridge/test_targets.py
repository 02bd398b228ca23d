"""Datagrams reach every target, and a target that is not there stops nothing."""

import socket
import sys
import time
from pathlib import Path

import pytest

from bridge.wire.target import Target
from bridge.wire.targets import DEFAULT_TARGETS, UdpTargets
from tests.ports import held_port, listen_at
from tests.waiting import GENEROUS_S, wait_until


def listening() -> socket.socket:
    receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    receiver.bind(("127.0.0.1", 0))
    receiver.settimeout(GENEROUS_S)
    return receiver


@pytest.mark.realtime
def test_datagrams_arrive_in_order_from_one_port() -> None:
    with listening() as vmc, listening() as also_vmc, listening() as dance:
        targets = [
            Target("127.0.0.1", vmc.getsockname()[1], "vmc"),
            Target("localhost", also_vmc.getsockname()[1], "vmc"),
            Target("127.0.0.1", dance.getsockname()[1], "dance"),
        ]
        with UdpTargets(targets) as sender:
            sender.send([b"first", b"second"], 0)
            sender.send([b"first", b"second"], 1)
            sender.send([b"third"], 2)
            received = [vmc.recvfrom(100), vmc.recvfrom(100), also_vmc.recvfrom(100), dance.recvfrom(100)]
            assert [counters.sent for counters in sender.counters] == [2, 2, 1]
            assert (sender.num_sent, sender.num_failed) == (5, 0)
    assert [datagram for datagram, _ in received] == [b"first", b"second", b"first", b"third"]
    assert len({port for _, (_, port) in received}) == 1


@pytest.mark.realtime
def test_a_target_that_nobody_listens_at_is_no_error() -> None:
    with (
        held_port() as port,
        listening() as open_,
        UdpTargets(
            [Target("127.0.0.1", port, "dance"), Target("127.0.0.1", open_.getsockname()[1], "dance")]
        ) as sender,
    ):
        for number in range(100):
            sender.look_for_refusals(0.3 * number)
            sender.send([b"%d" % number], 0)
            sender.send([b"%d" % number], 1)
        assert [open_.recv(100) for _ in range(100)] == [b"%d" % number for number in range(100)]
        assert sender.counters[1].sent == 100
        assert sender.counters[1].failed == {}


@pytest.mark.realtime
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells an unconnected socket who refused")
def test_a_target_at_which_nobody_listens_is_known_until_somebody_does() -> None:
    with held_port() as port, listening() as open_:
        targets = [Target("127.0.0.1", port, "vmc"), Target("127.0.0.1", open_.getsockname()[1], "dance")]
        with UdpTargets(targets) as sender:
            assert sender.absent == ()

            def is_absent() -> bool:
                sender.send([b"hello"], 0)
                sender.look_for_refusals(time.monotonic())
                return sender.absent == (f"vmc:127.0.0.1:{port}",)

            wait_until(is_absent, "the report that nobody listens")
            with listen_at(port) as back:
                wait_until(lambda: not is_absent(), "the report to be forgotten")
                assert sender.absent == ()
                assert back.recv(100) == b"hello"


@pytest.mark.realtime
def test_what_cannot_be_sent_is_counted_by_its_error() -> None:
    with listening() as receiver, UdpTargets([Target("127.0.0.1", receiver.getsockname()[1], "vmc")]) as sender:
        sender.send([bytes(70_000), b"small"], 0)
        assert receiver.recv(100) == b"small"
        assert sender.counters[0].failed == {"EMSGSIZE": 1}
        assert (sender.num_sent, sender.num_failed) == (1, 1)
    sender.send([b"after closing"], 0)
    assert sender.num_failed == 2


def test_the_default_is_this_machine() -> None:
    assert [str(target) for target in DEFAULT_TARGETS] == ["vmc:127.0.0.1:39539", "dance:127.0.0.1:39550"]


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("vmc", Target("127.0.0.1", 39539, "vmc")),
        ("vmc:39541", Target("127.0.0.1", 39541, "vmc")),
        ("dance:192.168.1.20", Target("192.168.1.20", 39550, "dance")),
        ("dance:stage.local:4000", Target("stage.local", 4000, "dance")),
        ("vrchat:192.168.1.5", Target("192.168.1.5", 9000, "vrchat")),
        ("vmc:39541,rate=90,bones=upper+Hips", Target("127.0.0.1", 39541, "vmc", 90, ("upper", "Hips"))),
        (
            "vmc:a:1,travel=root,axes=vrm1,bundle=no,vrm=b.vrm",
            Target("a", 1, "vmc", travel="root", axes="vrm1", bundle=False, vrm=Path("b.vrm")),
        ),
        ("vmc:a:1,bones=all,bundle=yes", Target("a", 1, "vmc")),
    ],
)
def test_targets_are_written_as_text(text: str, target: Target) -> None:
    assert Target.parse(text) == target
    assert Target.parse(str(target)) == target


@pytest.mark.parametrize(
    "text", ["", "osc", "127.0.0.1:39539", "vmc:", "vmc::1", "vmc:a:b:1", "vmc:0", "vmc:host:70000"]
)
def test_wrong_texts_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"vmc|port"):
        Target.parse(text)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("vmc:a:1,colour=red", "no option 'colour'"),
        ("vmc:a:1,rate=fast", "'rate=fast' is wrong"),
        ("vmc:a:1,rate=1000", "between 1 and 240"),
        ("vmc:a:1,axes=blender", "vrm0 or vrm1"),
        ("vmc:a:1,axes=vrm1", "vrm=avatar.vrm"),
        ("vmc:a:1,bundle=maybe", "yes or no"),
        ("dance:a:1,bones=upper", "options of vmc only"),
        ("vrchat:a:1,vrm=x.vrm", "options of vmc only"),
    ],
)
def test_wrong_options_are_named_with_what_is_right(text: str, part: str) -> None:
    with pytest.raises(ValueError, match=part):
        Target.parse(text)


def test_bones_are_chosen_by_name_and_by_group() -> None:
    names = ("Hips", "Spine", "Head", "LeftUpperLeg", "LeftHand")
    assert Target("a", 1, "vmc").sent_bones(names) == names
    assert Target("a", 1, "vmc", bones=("upper",)).sent_bones(names) == ("Spine", "Head", "LeftHand")
    assert Target("a", 1, "vmc", bones=("legs", "Hips")).sent_bones(names) == ("Hips", "LeftUpperLeg")
    with pytest.raises(ValueError, match="bones=Tail"):
        Target("a", 1, "vmc", bones=("Tail",)).sent_bones(names)


def test_a_host_that_does_not_exist_is_named() -> None:
    with pytest.raises(ValueError, match=r"no-such-host\.invalid"):
        UdpTargets([Target("no-such-host.invalid", 39539, "vmc")])
