"""Datagrams reach every target, and a target that is not there stops nothing."""

import socket

import pytest

from bridge.wire.targets import DEFAULT_TARGETS, Target, UdpTargets


def listening() -> socket.socket:
    receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    receiver.bind(("127.0.0.1", 0))
    receiver.settimeout(5)
    return receiver


def test_datagrams_arrive_in_order_from_one_port() -> None:
    with listening() as vmc, listening() as also_vmc, listening() as dance:
        targets = [
            Target("127.0.0.1", vmc.getsockname()[1], "vmc"),
            Target("localhost", also_vmc.getsockname()[1], "vmc"),
            Target("127.0.0.1", dance.getsockname()[1], "dance"),
        ]
        with UdpTargets(targets) as sender:
            sender.send("vmc", [b"first", b"second"])
            sender.send("dance", [b"third"])
            received = [vmc.recvfrom(100), vmc.recvfrom(100), also_vmc.recvfrom(100), dance.recvfrom(100)]
            assert [counters.sent for counters in sender.counters] == [2, 2, 1]
            assert (sender.num_sent, sender.num_failed) == (5, 0)
    assert [datagram for datagram, _ in received] == [b"first", b"second", b"first", b"third"]
    assert len({port for _, (_, port) in received}) == 1


def test_a_target_that_nobody_listens_at_is_no_error() -> None:
    with listening() as closed:
        port = closed.getsockname()[1]
    with (
        listening() as open_,
        UdpTargets(
            [Target("127.0.0.1", port, "dance"), Target("127.0.0.1", open_.getsockname()[1], "dance")]
        ) as sender,
    ):
        for number in range(100):
            sender.send("dance", [b"%d" % number])
        assert [open_.recv(100) for _ in range(100)] == [b"%d" % number for number in range(100)]
        assert sender.counters[1].sent == 100


def test_what_cannot_be_sent_is_counted_by_its_error() -> None:
    with listening() as receiver, UdpTargets([Target("127.0.0.1", receiver.getsockname()[1], "vmc")]) as sender:
        sender.send("vmc", [bytes(70_000), b"small"])
        assert receiver.recv(100) == b"small"
        assert sender.counters[0].failed == {"EMSGSIZE": 1}
        assert (sender.num_sent, sender.num_failed) == (1, 1)
    sender.send("vmc", [b"after closing"])
    assert sender.num_failed == 2


def test_nobody_wants_what_nobody_hears() -> None:
    with UdpTargets([Target("127.0.0.1", 39539, "vmc")]) as sender:
        assert sender.wants("vmc")
        assert not sender.wants("dance")
        sender.send("dance", [b"x"])
        assert sender.num_sent == 0


def test_the_default_is_this_machine() -> None:
    assert [str(target) for target in DEFAULT_TARGETS] == ["vmc:127.0.0.1:39539", "dance:127.0.0.1:39550"]


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("vmc", Target("127.0.0.1", 39539, "vmc")),
        ("vmc:39541", Target("127.0.0.1", 39541, "vmc")),
        ("dance:192.168.1.20", Target("192.168.1.20", 39550, "dance")),
        ("dance:stage.local:4000", Target("stage.local", 4000, "dance")),
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


def test_a_host_that_does_not_exist_is_named() -> None:
    with pytest.raises(ValueError, match=r"no-such-host\.invalid"):
        UdpTargets([Target("no-such-host.invalid", 39539, "vmc")])
