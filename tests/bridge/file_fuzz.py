"""Damages whole files in many ways and has them read, in a process whose memory is bounded.

In comes a line of JSON, `{"folder", "format", "seed", "count", "spare_mb"}`, out goes `{"read", "refused", "bad"}`:
how many were read, how many refused in a sentence, and what else happened, with the seed by which it happens again.
"""

import json
import random
import re
import struct
import sys
import threading
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

NUMBERS = (
    "0",
    "-1",
    "1e9",
    "1e308",
    "-1e-9",
    "NaN",
    "null",
    "[]",
    "{}",
    '"x"',
    "true",
    "9" * 30,
    "3000000",  # not too much for any one number, and for a count
    "[" * 500,
    '"\\u001b[2J"',
)
"""What stands for a number or a word of JSON and of other texts."""


def damaged(content: bytes, rng: random.Random) -> bytes:
    """The file with one kind of damage: bits, pieces moved, cut, claims of sizes, other values in its texts."""
    kind = rng.randrange(7)
    spoilt = bytearray(content)
    if kind == 0:
        for _ in range(rng.randint(1, 8)):
            spoilt[rng.randrange(len(spoilt))] ^= 1 << rng.randrange(8)
    elif kind == 1:
        return content[: rng.randrange(len(content))]
    elif kind == 2:
        at, size = rng.randrange(len(spoilt)), rng.randint(1, 64)
        del spoilt[at : at + size]
    elif kind == 3:
        at, start = rng.randrange(len(spoilt)), rng.randrange(len(spoilt))
        spoilt[at:at] = content[start : start + rng.randint(1, 256)]
    elif kind == 4:  # a length, near the beginning where most are
        at = rng.randrange(max(1, min(len(spoilt) - 8, rng.choice((64, 4096, len(spoilt))))))
        value = rng.choice((0, 1, 0x7FFFFFFF, 0xFFFFFFFF, 1 << 40, (1 << 64) - 1, rng.getrandbits(32)))
        spoilt[at : at + 8] = struct.pack("<Q", value)
    else:
        numbers = list(re.finditer(rb'(?<=[:\[, \n])(?:-?\d[\d.eE+-]*|"[\w ]+"|true|false|null)', content[:200_000]))
        if not numbers:
            return bytes(spoilt[::-1])
        for _ in range(rng.randint(1, 3)):
            found = rng.choice(numbers)
            return content[: found.start()] + rng.choice(NUMBERS).encode() + content[found.end() :]
    return bytes(spoilt)


def reader_of(form: str, folder: Path) -> Callable[[bytes], object]:
    """Reads content as this format, by all that reads it in a show. Imports what that needs."""
    path = folder / f"spoilt.{ {'checkpoint': 'safetensors', 'preset': 'yaml', 'vrm': 'vrm'}.get(form, form) }"

    def file(read: Callable[[Path], object]) -> Callable[[bytes], object]:
        def write_and_read(content: bytes) -> object:
            path.write_bytes(content)
            return read(path)

        return write_and_read

    if form in ("checkpoint", "onnx"):
        from bridge.dancer.dancer_file import DancerFile

        if form == "checkpoint":
            import torch

            torch.zeros(1)
        return file(lambda path: DancerFile.open(path).load_engine(device="cpu"))
    if form == "bvh":
        from data.formats.bvh import read_bvh

        return file(read_bvh)
    if form == "npz":
        from data.formats.motion_file import read_npz

        return file(read_npz)
    if form == "take":
        from bridge.takes.export_child import bvh_pieces, replay_pieces
        from bridge.takes.outline import read_outline
        from bridge.takes.take import read_take

        def read_all(path: Path) -> None:
            outline = read_outline(path)
            size = sum(len(piece) for pieces in (bvh_pieces, replay_pieces) for piece in pieces(path, outline))
            assert size < 100 << 20
            read_take(path)

        return file(read_all)
    if form == "preset":
        from bridge.control.presets import load_preset, load_show

        return file(lambda path: (load_show(path), load_preset(path.parent, path.stem, ("HO", "LO"))))
    if form == "vrm":
        from bridge.wire.vrm_file import read_avatar

        return file(read_avatar)
    if form == "osc":
        from bridge.stage.mailbox import messages_by_key

        return lambda content: messages_by_key(content[:1472])
    assert form == "websocket"
    return _listen


def _listen(content: bytes) -> None:
    """OSCQuery's own WebSocket: frames come in pieces, and the client hangs up in the middle."""
    import socket

    from bridge.control.control_state import ControlState
    from bridge.control.controls import BeatControls, Controls
    from bridge.inbound.oscquery_listen import ListeningClient

    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(content)
        theirs.shutdown(socket.SHUT_WR)
        control_state = ControlState(Controls(), BeatControls(), ("HO",), None)
        serving = threading.Event()
        try:
            ListeningClient(control_state, ours).serve(serving.is_set)
        except OSError:
            return


def refit(content: bytes, form: str, rng: random.Random) -> bytes:
    """Half of the takes get their checksums right again, so that what they say is looked at, too."""
    if form != "take" or rng.random() < 0.5:
        return content
    fixed, start = bytearray(content), 8
    while start + 12 <= len(fixed):
        (length,) = struct.unpack_from("<I", fixed, start + 4)
        packed = bytes(fixed[start + 12 : start + 12 + length])
        if rng.random() < 0.05:
            try:
                inside = damaged(zlib.decompress(packed), rng)
            except zlib.error:
                inside = b"{}"
            packed = zlib.compress(inside)
            fixed[start + 12 : start + 12 + length] = packed
        struct.pack_into("<II", fixed, start + 4, len(packed), zlib.crc32(packed))
        start += 12 + len(packed)
    return bytes(fixed)


def main() -> None:
    """Reads the request, damages and reads."""
    request: dict[str, Any] = json.loads(sys.stdin.readline())
    form, folder = request["format"], Path(request["folder"])
    content = next(folder.glob(f"whole.{form}")).read_bytes()
    read = reader_of(form, folder)
    read(content)
    _bound_memory(request["spare_mb"])
    outcome: dict[str, Any] = {"read": 0, "refused": 0, "bad": []}
    for seed in range(request["seed"], request["seed"] + request["count"]):
        rng = random.Random(seed)
        spoilt = damaged(refit(content, form, rng), rng) if rng.random() < 0.7 else refit(content, form, rng)
        try:
            read(spoilt)
            outcome["read"] += 1
        except (ValueError, OSError) as error:
            outcome["refused"] += 1
            text = str(error)
            if not text or len(text) > 2000:
                outcome["bad"].append(f"seed {seed}: {len(text)} letters: {text[:200]}")
        except BaseException as error:
            outcome["bad"].append(f"seed {seed}: {type(error).__name__}: {str(error)[:200]}")
    print(json.dumps(outcome))


def _bound_memory(spare_mb: int) -> None:
    """No more than so much beside what is there now; only where the system can."""
    try:
        import resource
    except ImportError:
        return
    pages = Path("/proc/self/statm")
    if pages.is_file():
        size = int(pages.read_text().split()[0]) * resource.getpagesize() + (spare_mb << 20)
        resource.setrlimit(resource.RLIMIT_AS, (size, resource.getrlimit(resource.RLIMIT_AS)[1]))


if __name__ == "__main__":
    main()
