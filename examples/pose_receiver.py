"""Reads our own protocol with the standard library alone, and prints how far each hand is from the hips.

Start it, then `transflower demo --target dance:39550`. The protocol, byte for byte: bridge/PROTOCOL.md.
"""

import argparse
import math
import socket
import struct
from collections.abc import Iterator


def text(data: bytes, at: int) -> tuple[str, int]:
    """A string of OSC, and where the next argument begins."""
    end = data.index(b"\0", at)
    return data[at:end].decode(), (end // 4 + 1) * 4


def messages(data: bytes) -> Iterator[bytes]:
    """The messages of a datagram, which holds one, or a bundle of them."""
    if data.startswith(b"#bundle"):
        at = 16
        while at < len(data):
            (size,) = struct.unpack_from(">i", data, at)
            yield data[at + 4 : at + 4 + size]
            at += 4 + size
    else:
        yield data


def rotated(q: tuple[float, ...], v: tuple[float, ...]) -> tuple[float, float, float]:
    """A vector turned by a unit quaternion (x, y, z, w)."""
    x, y, z, w = q
    tx, ty, tz = 2 * (y * v[2] - z * v[1]), 2 * (z * v[0] - x * v[2]), 2 * (x * v[1] - y * v[0])
    return (
        v[0] + w * tx + y * tz - z * ty,
        v[1] + w * ty + z * tx - x * tz,
        v[2] + w * tz + x * ty - y * tx,
    )


def times(a: tuple[float, ...], b: tuple[float, ...]) -> tuple[float, ...]:
    """The rotation b, then a."""
    (ax, ay, az, aw), (bx, by, bz, bw) = a, b
    return (
        aw * bx + ax * bw + ay * bz - az * by,
        aw * by - ax * bz + ay * bw + az * bx,
        aw * bz + ax * by - ay * bx + az * bw,
        aw * bw - ax * bx - ay * by - az * bz,
    )


Bone = tuple[str, int, tuple[float, float, float]]


def joints(bones: list[Bone], pose: bytes) -> dict[str, tuple[float, ...]]:
    """Where every joint is, in metres: Y is up, the figure faces +Z and its left is +X."""
    numbers = struct.unpack(f">{len(pose) // 4}f", pose)
    placed: list[tuple[tuple[float, ...], tuple[float, ...]]] = []
    for index, (_, parent, offset) in enumerate(bones):
        turn = numbers[3 + 4 * index : 7 + 4 * index]
        if parent < 0:
            placed.append((numbers[:3], turn))
        else:
            place, parent_turn = placed[parent]  # a parent comes before its children
            moved = rotated(parent_turn, offset)
            placed.append((tuple(a + b for a, b in zip(place, moved, strict=True)), times(parent_turn, turn)))
    return {name: place for (name, _, _), (place, _) in zip(bones, placed, strict=True)}


def main() -> None:
    """Listens until it has heard enough, or until Ctrl-C."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=39550, help="where it listens; 0 takes a free port")
    parser.add_argument("--poses", type=int, default=0, help="ends after so many; 0 goes on until Ctrl-C")
    options = parser.parse_args()
    skeletons: dict[int, dict[int, Bone]] = {}
    seen = 0
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        listener.bind(("127.0.0.1", options.port))
        print(f"listening at port {listener.getsockname()[1]}", flush=True)
        while not options.poses or seen < options.poses:
            for message in messages(listener.recv(2048)):
                address, at = text(message, 0)
                _, at = text(message, at)  # the types, which the protocol fixes
                if address == "/dance/skeleton":
                    skeleton, index = struct.unpack_from(">ii", message, at)
                    name, at = text(message, at + 8)
                    parent, x, y, z = struct.unpack_from(">ifff", message, at)
                    skeletons.setdefault(skeleton, {})[index] = (name, parent, (x, y, z))
                elif address == "/dance/pose":
                    sequence, time_us, skeleton, size = struct.unpack_from(">iqii", message, at)
                    bones = skeletons.get(skeleton, {})
                    if len(bones) == (size - 12) // 16:  # else not all of the skeleton has arrived yet
                        seen += 1
                        where = joints([bones[index] for index in sorted(bones)], message[at + 20 : at + 20 + size])
                        reach = (math.dist(where[side + "Hand"], where["Hips"]) for side in ("Left", "Right"))
                        print(
                            f"pose {sequence} at {time_us / 1e6:.2f} s: hands from hips", *map("{:.2f} m".format, reach)
                        )


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        raise SystemExit(130) from None
