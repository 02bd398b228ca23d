"""Hostile datagrams: nothing is raised, and nothing changes that a well-formed control did not ask for.

What is well-formed is judged by python-osc's parser and the schema's ranges, not by the code under test. A million
datagrams: `TRANSFLOWER_FUZZ_DATAGRAMS=1000000 pytest -s tests/bridge/test_inbound_fuzz.py`.
"""

import logging
import math
import os
import random
import re
import socket
import struct
import threading
import time
from collections import deque
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pythonosc.osc_bundle import OscBundle
from pythonosc.osc_bundle_builder import IMMEDIATELY, OscBundleBuilder
from pythonosc.osc_message import OscMessage
from pythonosc.osc_message_builder import OscMessageBuilder

from bridge.control.control_schema import ADDRESS, CONTROL_SPECS, SPEC_BY_NAME
from bridge.control.control_state import ControlState
from bridge.control.controls import RANGES, BeatControls, Controls
from bridge.inbound.inbox import Inbox
from bridge.inbound.vmc_in import VmcRelay
from bridge.live.ready_pose import ReadyPose
from bridge.live.sender import Sender
from bridge.timing.metrics import LatencyMeter
from bridge.wire.receiver import DancePose, DanceReceiver
from bridge.wire.target import Target
from bridge.wire.targets import UdpTargets
from data.motion.humanoid import default_skeleton
from tests.waiting import GENEROUS_S, wait_until

NUM_DATAGRAMS = int(os.environ.get("TRANSFLOWER_FUZZ_DATAGRAMS", "20000"))
STYLES = ("HO", "LO")
SEED_POSES = ("rest", "HO-1")
TYPE_TAGS = b"ifhdsSbTFNI[]rmtc,\0"
SIZES = [struct.pack(">i", size) for size in (-1, 0, 3, 4, 20, 2**31 - 1, -(2**31))]
FLOATS = [struct.pack(">f", value) for value in (math.nan, math.inf, -math.inf, -0.0, 1e-45, 3.4e38, 0.5, 1.0)]


def message(address: str, *arguments: Any, types: str = "") -> bytes:
    builder = OscMessageBuilder(address)
    for index, argument in enumerate(arguments):
        builder.add_arg(argument, types[index] if types else None)
    return bytes(builder.build().dgram)


def bundle(*contents: bytes) -> bytes:
    builder = OscBundleBuilder(IMMEDIATELY)
    for content in contents:
        builder.add_content(OscBundle(content) if content.startswith(b"#bundle") else OscMessage(content))
    return bytes(builder.build().dgram)


def valid_datagrams() -> list[bytes]:
    """Controls of every kind, VMC and pings twice (they are fewer), and bundles of them."""
    controls = []
    for spec in CONTROL_SPECS:
        values: tuple[Any, ...] = {
            "number": (spec.low, spec.high, 0.25),
            "whole": (0, 7),
            "switch": (0, 1, True, False),
            "text": ("", "HO", "HO-1", "auto", "link"),
            "trigger": (None, 0, 1),
        }[spec.kind]
        controls += [message(spec.address, *([] if value is None else [value])) for value in values]
    vmc = [
        message("/VMC/Ext/Blend/Val", "Joy", 0.5),
        message("/VMC/Ext/Blend/Apply"),
        message("/VMC/Ext/Tra/Pos", "tracker", *[0.5] * 7),
        message("/VMC/Ext/Set/Period", 1, 2, 3, 4, 5, 6),
        message("/VMC/Ext/Set/Req"),
        message("/VMC/Thru/x", "a", 1),
        message("/VMC/Ext/Bone/Pos", "Hips", *[0.5] * 7),
        message("/dance/ping", 77, types="h"),
        message("/dance/pose", 1, b"blob of bytes"),
    ]
    bundles = [bundle(*controls[start : start + 5]) for start in range(0, len(controls), 5)]
    return [*controls, *vmc, *vmc, *bundles, bundle(*vmc), bundle(bundles[0], controls[3], bundle(vmc[0]))]


CORPUS = valid_datagrams()


ODD_VALUES: list[tuple[str, Any]] = [
    *(("f", value) for value in (math.nan, math.inf, -math.inf, -0.0, 0.25, 1.0, 1e-45, 3e38)),
    *(("d", value) for value in (math.nan, 1e308, 1.0 + 1e-15, 0.3)),
    *(("i", value) for value in (0, 1, 2, -1, 40, 2**31 - 1, -(2**31))),
    *(("h", value) for value in (0, 1, 2**31, 2**63 - 1, -(2**63))),
    *(("s", value) for value in ("", "HO", "polka", "link", "\x1b[2J", "../../x", "\U0001f57a", "x" * 65)),
    *(("b", value) for value in (b"\0", b"blob")),
    *((tag, None) for tag in "TFN"),
]
"""Arguments that are well-formed, and mostly not what a control takes."""


def odd(rng: random.Random) -> bytes:
    """A well-formed control message with arguments that it may not like."""
    builder = OscMessageBuilder(rng.choice(CONTROL_SPECS).address)
    for tag, value in rng.choices(ODD_VALUES, k=rng.choice((1, 1, 1, 1, 2))):
        builder.add_arg(value, tag)
    return bytes(builder.build().dgram)


def hostile(rng: random.Random) -> bytes:
    """A valid datagram that one to four hands have spoilt, or an odd one, or noise; sometimes it is still valid."""
    if rng.random() < 0.25:
        return odd(rng)
    datagram = bytearray(rng.choice(CORPUS))
    for _ in range(rng.choice((1, 1, 1, 2, 4))):
        place = rng.randrange(len(datagram) + 1)
        word = place - place % 4
        match rng.randrange(10):
            case 0 if place < len(datagram):
                datagram[place] ^= 1 << rng.randrange(8)
            case 1 if place < len(datagram):
                datagram[place] = rng.randrange(256)
            case 2:
                del datagram[rng.choice((place, word)) :]
            case 3:
                datagram += rng.randbytes(rng.choice((1, 3, 4, 8, 100)))
            case 4:
                other = rng.choice(CORPUS)
                datagram[word:] = other[rng.randrange(0, len(other), 4) :]
            case 5 if (comma := datagram.find(b",")) >= 0:
                tag = comma + rng.randrange(4)
                datagram[tag : tag + 1] = rng.choice(TYPE_TAGS).to_bytes(1, "big")
            case 6:
                datagram[word : word + 4] = rng.choice(SIZES)
            case 7:  # the last argument, often the only one
                datagram[-4:] = rng.choice(FLOATS)
            case 8:
                datagram[word:word] = rng.choice(CORPUS)[: rng.randrange(0, 40, 4)]
            case 9:
                datagram[:] = rng.randbytes(rng.randrange(0, 64)) if rng.random() < 0.3 else datagram * 2
    return bytes(datagram)


def foreign_messages(datagram: bytes) -> list[OscMessage]:
    """The messages that python-osc finds; none where it finds the datagram malformed."""
    # OSC 1.0's other type of text, which python-osc does not know.
    datagram = re.sub(rb",[a-zA-Z]+", lambda tags: tags.group().replace(b"S", b"s"), datagram)
    try:
        if not OscBundle.dgram_is_bundle(datagram):
            return [OscMessage(datagram)]
        pending, found = deque([OscBundle(datagram)]), []
        while pending:
            for content in pending.popleft():
                if isinstance(content, OscBundle):
                    pending.append(content)
                else:
                    found.append(content)
        return found
    except Exception:
        return []


def is_asked_for(name: str, values: list[Any]) -> bool:
    """Whether a control of this name with these values is one that the schema allows to change something."""
    spec = SPEC_BY_NAME.get(name)
    if spec is None:
        return False
    if spec.kind == "trigger":
        return not values or (len(values) == 1 and (values[0] is None or bool(values[0])))
    if len(values) != 1:
        return False
    (value,) = values
    if spec.kind != "text" and not isinstance(value, int | float):
        return False
    match spec.kind:
        case "text":
            known = {
                "style": ("", *STYLES),
                "seed_pose": ("", *SEED_POSES),
                "clock": ("auto", "audio", "tap", "midi", "link"),
            }
            return isinstance(value, str) and value in known.get(name, ())
        case "switch":
            return value in (0, 1)
        case "whole":
            return not isinstance(value, bool) and spec.low <= value <= spec.high and value == math.floor(value)
    if isinstance(value, bool) or not spec.low <= value <= spec.high:
        return False
    return name != "bpm" or value == 0 or RANGES["bpm"][0] <= value


@pytest.mark.timeout(60 + NUM_DATAGRAMS // 1000)
def test_a_change_is_always_what_a_well_formed_control_asked_for(caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.CRITICAL)  # python-osc warns of every tag that it does not know
    control_state = ControlState(Controls(), BeatControls(), STYLES, None, SEED_POSES)
    relay = VmcRelay()
    inbox = Inbox(0, "127.0.0.1", control_state, relay)
    rng = random.Random(20_240_229)
    num_changes = num_passed_on = 0
    begin_s = time.monotonic()
    for index in range(NUM_DATAGRAMS):
        datagram = hostile(rng)
        controls, beat, recording = control_state.controls, control_state.beat, control_state.recording
        inbox.receive(datagram, f"10.0.{rng.randrange(4)}.1", index * 0.01)
        assert inbox.num_failed == 0, (inbox.last_error, datagram)
        if (
            control_state.controls is not controls
            or control_state.beat is not beat
            or control_state.recording is not recording
        ):
            num_changes += 1
            asked = [
                found.address
                for found in foreign_messages(datagram)
                if found.address.startswith(ADDRESS) and is_asked_for(found.address[len(ADDRESS) :], found.params)
            ]
            assert asked, (datagram, control_state.controls, control_state.beat)
            if len(asked) == 1:
                assert_changed_only(asked[0][len(ADDRESS) :], (controls, beat, recording), control_state)
        while relay.messages:
            num_passed_on += 1
            (passed,) = foreign_messages(relay.messages.popleft())
            assert passed.address.startswith("/VMC/")
            assert all(math.isfinite(value) for value in passed.params if isinstance(value, float))
        if index % 1000 == 999:
            control_state.controls, control_state.beat = Controls(), BeatControls()
    elapsed_s = time.monotonic() - begin_s
    print(
        f"{NUM_DATAGRAMS} hostile datagrams in {elapsed_s:.1f} s: {inbox.num_malformed} malformed, "
        f"{inbox.num_refused} messages refused, {inbox.num_unknown} unknown, "
        f"{control_state.num_applied} controls obeyed, "
        f"{num_changes} changes, {num_passed_on} messages passed on, {inbox.num_failed} failures"
    )
    assert inbox.num_datagrams == NUM_DATAGRAMS
    # The fuzzer tests nothing if all it makes is refused at the door, or nothing is.
    assert 0.3 < inbox.num_malformed / NUM_DATAGRAMS < 0.9
    assert num_changes > NUM_DATAGRAMS // 50
    assert num_passed_on > NUM_DATAGRAMS // 200


def assert_changed_only(name: str, before: tuple[Controls, BeatControls, bool], control_state: ControlState) -> None:
    """A control changes what it is named after and nothing of another group."""
    controls, beat, recording = before
    if name == "record":
        assert (control_state.controls, control_state.beat) == (controls, beat)
    elif name in ("tap", "bpm", "nudge", "offset_ms", "clock", "half", "double"):
        assert (control_state.controls, control_state.recording) == (controls, recording)
    else:
        assert (control_state.beat, control_state.recording) == (beat, recording)
        changed = {key for key in vars(controls) if getattr(control_state.controls, key) != getattr(controls, key)}
        allowed = {"panic": {"idle", "freeze", "num_panics"}, "reset": {"freeze", "num_resets"}}
        allowed["next_phrase"] = {"num_next_phrases"}
        assert changed <= allowed.get(name, {name})


def test_every_valid_datagram_is_understood_as_python_osc_understands_it():
    for datagram in CORPUS:
        control_state = ControlState(Controls(), BeatControls(), STYLES, None, SEED_POSES)
        inbox = Inbox(0, "127.0.0.1", control_state, VmcRelay())
        inbox.receive(datagram, "127.0.0.1", 1.0)
        assert (inbox.num_malformed, inbox.num_failed) == (0, 0)
        heard = [found for found in foreign_messages(datagram) if found.address.startswith(ADDRESS)]
        assert control_state.num_applied + control_state.num_refused == len(heard)


def test_random_bytes_never_become_a_preset_or_any_file(tmp_path: Path):
    control_state = ControlState(Controls(), BeatControls(), STYLES, tmp_path / "presets", SEED_POSES)
    inbox = Inbox(0, "127.0.0.1", control_state, VmcRelay())
    rng = random.Random(5)
    saves = [datagram for datagram in CORPUS if b"preset" in datagram]
    for _ in range(min(NUM_DATAGRAMS, 20_000) // 4):
        datagram = bytearray(rng.choice(saves))
        datagram[rng.randrange(len(datagram))] = rng.randrange(256)
        inbox.receive(bytes(datagram), "127.0.0.1", 1.0)
    assert inbox.num_failed == 0, inbox.last_error
    outside = [path for path in tmp_path.iterdir() if path.name != "presets"]
    assert outside == []
    assert all(path.suffix == ".yaml" for path in (tmp_path / "presets").iterdir())


@pytest.mark.realtime
def test_the_stream_goes_on_under_a_hail_of_hostile_datagrams():
    """The real sender at 30 poses a second, the real inbox on a real socket, datagrams as fast as they go."""
    skeleton = default_skeleton()
    control_state = ControlState(Controls(), BeatControls(), STYLES, None, SEED_POSES)
    relay = VmcRelay()
    inbox = Inbox(0, "127.0.0.1", control_state, relay)
    inbox.start()
    stop = threading.Event()
    ready: deque[ReadyPose] = deque()
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as audience,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as enemy,
    ):
        audience.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
        audience.bind(("127.0.0.1", 0))
        audience.settimeout(GENEROUS_S)
        port = audience.getsockname()[1]
        targets = UdpTargets([Target.parse(f"dance:127.0.0.1:{port}"), Target.parse(f"vmc:127.0.0.1:{port}")])
        sender = Sender(
            skeleton,
            targets,
            ready,
            LatencyMeter(),
            rate_hz=30,
            seed=0,
            is_pose_expected=lambda: False,
            relay=relay,
            inbound_port=inbox.address[1],
        )
        thread = threading.Thread(target=sender.run, args=(stop,))
        thread.start()
        try:
            rng = random.Random(3)
            hostile_datagrams = [hostile(rng) for _ in range(20_000)]
            times_us: list[int] = []
            receiver = DanceReceiver()

            def watch(num_poses: int) -> None:
                goal = len(times_us) + num_poses
                while len(times_us) < goal:
                    events = receiver.receive(audience.recv(2048))
                    times_us.extend(event.frame.time_us for event in events if isinstance(event, DancePose))

            def is_steered() -> bool:  # the datagram may be dropped, or undone by one that came before it
                enemy.sendto(message(ADDRESS + "energy", 0.125), inbox.address)
                return bool(control_state.controls.energy == 0.125)

            watch(15)
            first, num_sent = sender.frames_sent, 0
            # Most are dropped before the inbox reads.
            while num_sent < len(hostile_datagrams) or inbox.num_datagrams < 1000:
                for datagram in hostile_datagrams[num_sent % len(hostile_datagrams) :][:2000]:
                    enemy.sendto(datagram, inbox.address)
                    num_sent += 1
            watch(45)
            late = sender.tick_late_ms.percentiles()
            wait_until(is_steered, "a well-formed control")
            assert thread.is_alive()
        finally:
            stop.set()
            thread.join()
            inbox.stop()
            targets.close()
    steps = np.diff(times_us) * 30e-6
    print(
        f"{inbox.num_datagrams} of {num_sent} datagrams heard, {sender.frames_sent - first} poses since, "
        f"longest step {steps.max():.2f} periods, ticks late p99 {late.p99:.1f} ms, at most {late.max:.1f} ms"
    )
    assert inbox.num_failed == 0, inbox.last_error
    assert steps.min() > 0
