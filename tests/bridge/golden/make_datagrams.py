"""Writes datagrams.json: datagrams of both protocols with what they mean, for the tests of every client.

Run `python tests/bridge/golden/make_datagrams.py` from the root of the repository after a change of the wire, read the
difference, and change PROTOCOL.md with it. Every number is made of sums, products, quotients and square roots of
integers, so that all machines write the same file.
"""

import json
import math
import re
import struct
import sys
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).parents[3]
sys.path.insert(0, str(ROOT))

from bridge.wire.dance_protocol import (  # noqa: E402
    AudioLevels,
    Beat,
    ClockUpdate,
    DanceEncoder,
    Latency,
    Status,
    WhyUpdate,
    encode_audio,
    encode_beat,
    encode_clock,
    encode_latency,
    encode_status,
    encode_why,
)
from bridge.wire.osc_template import bundle, message_head, osc_string, unbundled  # noqa: E402
from bridge.wire.pose_frame import PoseFrame  # noqa: E402
from bridge.wire.telemetry import (  # noqa: E402
    Health,
    encode_controls,
    encode_health,
    encode_level,
    encode_notices,
    encode_refused,
    encode_spectrum,
    encode_take,
    encode_targets,
)
from bridge.wire.vmc import VmcEncoder  # noqa: E402
from data.motion.humanoid import BONE_PARENTS  # noqa: E402
from data.motion.skeleton import Skeleton  # noqa: E402

PATH = Path(__file__).with_name("datagrams.json")
VMC_START_TIME_US = 1_000_000

THREE_BONES = Skeleton(
    ("Hips", "Spine", "LeftUpperLeg"),
    (-1, 0, 0),
    np.array([[0, 1, 0], [0, 0.125, -0.03125], [0.0625, -0.0625, 0]], np.float32),
)
ALL_NAMES = tuple(BONE_PARENTS)  # parents come before their children
ALL_BONES = Skeleton(
    ALL_NAMES,
    (-1, *(ALL_NAMES.index(BONE_PARENTS[name]) for name in ALL_NAMES[1:])),
    np.array([[index / 64, 1 / (index + 1), -index / 256] for index in range(len(ALL_NAMES))], np.float32),
)
SKELETONS = {"three_bones": THREE_BONES, "all_bones": ALL_BONES}


def unit_quaternion(x: int, y: int, z: int, w: int) -> list[float]:
    """The unit quaternion that points from the origin to a point with whole coordinates."""
    length = math.sqrt(x * x + y * y + z * z + w * w)
    return [x / length, y / length, z / length, w / length]


def pose(
    name: str, skeleton: str, sequence: int, time_us: int, root: list[float], rotations: list[Any]
) -> dict[str, Any]:
    """One pose with the datagrams that carry it; numbers are float32, written in full."""
    frame = PoseFrame(sequence, time_us, np.array(root, np.float32), np.array(rotations, np.float32))
    vmc = VmcEncoder(SKELETONS[skeleton], start_time_us=VMC_START_TIME_US)
    by_root = VmcEncoder(SKELETONS[skeleton], start_time_us=VMC_START_TIME_US, travel="root")
    return {
        "name": name,
        "skeleton": skeleton,
        "sequence": sequence,
        "time_us": time_us,
        "root_position": frame.root_position.tolist(),
        "rotations": frame.rotations.tolist(),
        "dance": hexadecimal(DanceEncoder(SKELETONS[skeleton]).encode(frame)),
        "vmc": hexadecimal(vmc.encode(frame)),
        "vmc_travel_by_root": hexadecimal(by_root.encode(frame)),
    }


def hexadecimal(datagrams: list[bytes]) -> list[str]:
    """Datagrams as text."""
    return [datagram.hex() for datagram in datagrams]


def poses() -> list[dict[str, Any]]:
    """Poses that tell left from right, axes from each other, and one frame from the next."""
    rest = [0, 0, 0, 1]
    turn_left = unit_quaternion(0, 1, 0, 1)  # a quarter turn about +Y: +Z goes to +X, the figure's left
    several = [unit_quaternion(1, 2, 3, 4), unit_quaternion(-2, 1, 0, 2), unit_quaternion(0, 0, -3, 4)]
    many = [unit_quaternion(index % 5 - 2, index % 7 - 3, index % 3 - 1, index % 4 + 1) for index in range(55)]
    return [
        pose("rest", "three_bones", 0, 1_000_000, [0, 1, 0], [rest] * 3),
        pose("quarter_turn_to_the_left", "three_bones", 1, 1_033_333, [0.5, 1, 0.25], [turn_left, rest, rest]),
        pose("three_different_rotations", "three_bones", 2, 1_066_667, [-0.375, 0.875, 1.5], several),
        pose("last_sequence_number", "three_bones", 2**31 - 1, 2**40, [0, 1, 0], [rest] * 3),
        pose("all_bones", "all_bones", 123_456, 3_600_000_000, [-1.25, 0.9375, 2.5], many),
    ]


def messages() -> list[dict[str, Any]]:
    """What a stage is sent beside the poses."""
    beat = {"phase": 0.25, "bpm": 128.0, "beat": 17, "confidence": 0.875}
    audio = {"rms": 0.125, "low": 0.5, "mid": 0.25, "high": 0.0625, "onset": 1.0}
    latency = {"capture_ms": 10.5, "features_ms": 1.25, "model_ms": 4.75, "send_ms": 0.0625, "total_ms": 41.5}
    status = {"state": "dancing", "dropped": 3}
    why = {"reason": "silence", "text": "silence: -71 dB, and music begins at -50 dB: höher drehen"}
    clock = {"source": "link", "bpm": 97.25, "confidence": 1.0}
    return [
        {"address": "/dance/beat", "values": beat, "datagram": encode_beat(Beat(**beat)).hex()},  # type: ignore[arg-type]
        {"address": "/dance/audio", "values": audio, "datagram": encode_audio(AudioLevels(**audio)).hex()},
        {"address": "/dance/latency", "values": latency, "datagram": encode_latency(Latency(**latency)).hex()},
        {"address": "/dance/status", "values": status, "datagram": encode_status(Status(**status)).hex()},  # type: ignore[arg-type]
        {"address": "/dance/why", "values": why, "datagram": encode_why(WhyUpdate(**why)).hex()},
        {"address": "/dance/clock", "values": clock, "datagram": encode_clock(ClockUpdate(**clock)).hex()},  # type: ignore[arg-type]
    ]


def telemetry() -> list[dict[str, Any]]:
    """What a control room is sent; a message that a bundle holds beside others stands alone here."""
    level = {"level_dbfs": -18.5, "threshold_dbfs": -50.0}
    bands = [(5 * index) % 256 for index in range(80)]
    health: dict[str, Any] = {
        "rate_hz": 30.0,
        "step_ms": 4.75,
        "worst_step_ms": 9.5,
        "sent": 1800,
        "missed": 2,
        "send_errors": 1,
        "memory_mb": 612.5,
        "seconds": 60.25,
    }
    targets = ["vmc:127.0.0.1:39539", "dance:192.168.1.20:39550"]
    notice = "this machine is too slow for the dancer, who rests and will try again\nzweite Zeile: ein Gerät fehlt"
    take = "2026-01-31_21-04-05_default.take"
    refused = {"number": 3, "reason": "/dance/control/energy takes 0 to 1, not 2.0"}
    controls = {"temperature": 0.75, "freeze": True, "seed": 7, "style": "HO"}
    heads = {name: "/dance/control/" + name for name in controls}
    return [
        {"address": "/dance/level", "values": level, "datagram": encode_level(**level).hex()},
        {
            "address": "/dance/spectrum",
            "values": {"bands": bands},
            "datagram": encode_spectrum(np.array(bands, np.float32) / 255).hex(),
        },
        {"address": "/dance/health", "values": health, "datagram": encode_health(Health(**health)).hex()},
        *(
            {
                "address": "/dance/target",
                "values": {"index": index, "count": 2, "name": name, "is_heard": 1 - index},
                "datagram": datagram.hex(),
            }
            for index, (name, datagram) in enumerate(zip(targets, encode_targets(targets, targets[1:]), strict=True))
        ),
        {"address": "/dance/notice", "values": {"notice": notice}, "datagram": encode_notices([notice]).hex()},
        {"address": "/dance/take", "values": {"name": take}, "datagram": encode_take(take).hex()},
        {
            "address": "/dance/refused",
            "values": refused,
            "datagram": encode_refused(3, "/dance/control/energy takes 0 to 1, not 2.0").hex(),
        },
        *(
            {
                "address": heads[name],
                "values": {"value": int(value) if isinstance(value, bool) else value},
                "datagram": unbundled(encode_controls({heads[name]: value}))[0].hex(),
            }
            for name, value in controls.items()
        ),
    ]


def later() -> dict[str, str]:
    """What a later version might send: an address and words of which a receiver of today knows nothing."""
    facts = {"state": "floating", "reason": "no_gravity", "text": "gravity is off: switch it on"}
    unknown = message_head("/dance/gravity", "sihfb") + osc_string("Moon") + struct.pack(">iqf", 1, 2, 0.5)
    datagram = bundle(
        [
            unknown + struct.pack(">i4s", 4, b"moon"),
            encode_status(Status(state=facts["state"], dropped=0)),
            encode_why(WhyUpdate(reason=facts["reason"], text=facts["text"])),
        ]
    )
    return {**facts, "datagram": datagram.hex()}


def refused() -> list[dict[str, str]]:
    """Datagrams of which a receiver must use nothing, and that must not disturb it."""
    pose_head = message_head("/dance/pose", "ihib") + struct.pack(">iqi", 5, 1_000_000, 1)
    numbers = struct.pack(">7f", 0, 1, 0, 0, 0, 0, 1)
    nan = struct.pack(">7f", 0, math.nan, 0, 0, 0, 0, 1)
    broken = {
        "empty": b"",
        "not a multiple of four": b"/dance/beat\0,ffif\0\0\0",
        "address without end": b"/dance/beatbeatbeat.",
        "type tags without comma": osc_string("/dance/beat") + osc_string("ffif") + bytes(16),
        "arguments cut off": message_head("/dance/beat", "ffif") + bytes(12),
        "wrong types": message_head("/dance/beat", "ffff") + bytes(16),
        "blob longer than the datagram": pose_head + struct.pack(">i", 1000) + numbers,
        "blob of negative length": pose_head + struct.pack(">i", -28) + numbers,
        "blob with half a bone": pose_head + struct.pack(">i", 20) + numbers[:20],
        "NaN": pose_head + struct.pack(">i", 28) + nan,
        "quaternion of no length": pose_head + struct.pack(">i", 28) + bytes(28),
        "bundle element longer than the bundle": b"#bundle\0" + struct.pack(">Qi", 1, 400) + bytes(16),
        "bundle element of negative length": b"#bundle\0" + struct.pack(">Qi", 1, -8) + bytes(16),
    }
    return [{"why": why, "datagram": datagram.hex()} for why, datagram in broken.items()]


def golden() -> dict[str, Any]:
    """Everything in the file."""
    return {
        "about": "Regenerate with python tests/bridge/golden/make_datagrams.py; the meaning is in bridge/PROTOCOL.md.",
        "vmc_start_time_us": VMC_START_TIME_US,
        "skeletons": [
            {
                "name": name,
                "skeleton_id": DanceEncoder(skeleton).skeleton_id,
                "bones": list(skeleton.names),
                "parents": list(skeleton.parents),
                "offsets": skeleton.offsets.tolist(),
                "datagrams": hexadecimal(DanceEncoder(skeleton).encode_skeleton()),
            }
            for name, skeleton in SKELETONS.items()
        ],
        "poses": poses(),
        "messages": messages(),
        "telemetry": telemetry(),
        "later": later(),
        "refused": refused(),
    }


def as_text(entries: dict[str, Any]) -> str:
    """JSON with a line for each datagram and each list of numbers."""
    text = json.dumps(entries, indent=1)
    return re.sub(r"\[([-+.,\s\de]+)\]", lambda numbers: f"[{' '.join(numbers[1].split())}]", text) + "\n"


if __name__ == "__main__":
    PATH.write_text(as_text(golden()))
    print(f"wrote {PATH.relative_to(ROOT)}")
