"""A process that exports a take to its standard output, so that neither the dance nor its viewers wait for it.

In comes a line of JSON, `{"path": ..., "form": "bvh" or "replay"}`; out go a line of JSON, `{"error": null}` or the
reason, and then the content.
"""

import contextlib
import json
import os
import struct
import sys
from collections.abc import Iterator
from pathlib import Path

from bridge.takes.outline import TakeOutline, read_outline
from bridge.takes.sent_stream import stream_motion, stream_sent
from bridge.wire.dance_protocol import DanceEncoder
from bridge.wire.pose_frame import PoseFrame
from data.formats.bvh import BvhWriter


def main() -> None:
    """Exports one take; whoever has heard enough closes the pipe."""
    request = json.loads(sys.stdin.readline())
    path = Path(request["path"])
    with contextlib.suppress(AttributeError, OSError):  # everybody else goes first
        os.nice(10)
    out = sys.stdout.buffer
    try:
        outline = read_outline(path)
        pieces = bvh_pieces(path, outline) if request["form"] == "bvh" else replay_pieces(path, outline)
        first = next(pieces, b"")
        out.write(json.dumps({"error": None}).encode() + b"\n" + first)
    except (ValueError, OSError) as error:
        # The text of the system's errors names a path of this machine.
        text = error.strerror if isinstance(error, OSError) else str(error).removeprefix(f"{path}: ")
        out.write(json.dumps({"error": text or "it cannot be read"}).encode() + b"\n")
        return
    with contextlib.suppress(BrokenPipeError):
        for piece in pieces:
            out.write(piece)
            out.flush()


def bvh_pieces(path: Path, outline: TakeOutline) -> Iterator[bytes]:
    """The dance as BVH, as `write_motion` would write it."""
    writer = BvhWriter(outline.header.skeleton)
    head = writer.head(outline.num_frames, outline.header.rate_hz)
    for motion in stream_motion(path, outline):
        yield (head + writer.rows(motion)).encode()
        head = ""


def replay_pieces(path: Path, outline: TakeOutline) -> Iterator[bytes]:
    """The skeleton and the poses, as they would leave the bridge; each after its length in four bytes."""
    encoder = DanceEncoder(outline.header.skeleton)
    yield b"".join(_counted(datagram) for datagram in encoder.encode_skeleton())
    for chunk in stream_sent(path, outline):
        frames = (
            PoseFrame(int(sequence), int(time_us), root, turned)
            for sequence, time_us, root, turned in zip(
                chunk.sequence, chunk.time_us, chunk.root_positions, chunk.rotations, strict=True
            )
        )
        yield b"".join(_counted(datagram) for frame in frames for datagram in encoder.encode(frame))


def _counted(datagram: bytes) -> bytes:
    return struct.pack(">i", len(datagram)) + datagram


if __name__ == "__main__":
    main()
