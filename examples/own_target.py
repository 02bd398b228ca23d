"""A target of your own: the dance in a format that the bridge does not speak, here Art-Net, which DMX lamps read.

Start it, then `transflower demo --target dance:39550`. Four channels of a universe follow the body: how high the left
and the right hand are, how fast the body moves, and whether anybody dances. The bridge's own decoder reads the stream.
"""

import argparse
import socket
import struct
import time

import numpy as np

from bridge.wire.dance_protocol import Status
from bridge.wire.receiver import DancePose, DanceReceiver, ReceivedBone
from data.motion.skeleton import Skeleton

ARTNET_PORT = 6454
LOW_M, HIGH_M = 0.6, 2.0
FAST_M_S = 2.0


def art_dmx(universe: int, channels: list[float]) -> bytes:
    """An ArtDmx packet (Art-Net 4): levels from 0 to 1, an even number of them."""
    levels = bytes(round(255 * min(max(level, 0.0), 1.0)) for level in channels)
    return b"Art-Net\0" + struct.pack("<H", 0x5000) + struct.pack(">HBBH", 14, 0, 0, universe << 8) + struct.pack(
        ">H", len(levels)
    ) + levels  # fmt: skip


def skeleton_of(bones: dict[int, ReceivedBone]) -> Skeleton | None:
    """The skeleton, once all of it has arrived."""
    if not bones or sorted(bones) != list(range(len(bones))) or "RightHand" not in {b.name for b in bones.values()}:
        return None
    ordered = [bones[index] for index in range(len(bones))]
    offsets = np.array([bone.offset for bone in ordered], np.float32)
    return Skeleton(tuple(bone.name for bone in ordered), tuple(bone.parent for bone in ordered), offsets)


def main() -> None:
    """Translates until it has heard enough, or until Ctrl-C."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=39550, help="where it listens; 0 takes a free port")
    parser.add_argument("--node", default="127.0.0.1", help="the Art-Net node")
    parser.add_argument("--node-port", type=int, default=ARTNET_PORT)
    parser.add_argument("--universe", type=int, default=0)
    parser.add_argument("--poses", type=int, default=0, help="ends after so many; 0 goes on until Ctrl-C")
    options = parser.parse_args()
    receiver = DanceReceiver()
    is_dancing, sent = 0.0, 0
    before: tuple[float, np.ndarray] | None = None
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ours,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as node,
    ):
        ours.bind(("127.0.0.1", options.port))
        print(f"listening at port {ours.getsockname()[1]}", flush=True)
        while not options.poses or sent < options.poses:
            for event in receiver.receive(ours.recv(2048)):
                if isinstance(event, Status):
                    is_dancing = float(event.state == "dancing")
                if not isinstance(event, DancePose):
                    continue
                skeleton = skeleton_of(receiver.skeletons.get(event.skeleton_id, {}))
                if skeleton is None:
                    continue
                frame, now_s = event.frame, event.frame.time_us / 1e6
                places, _ = skeleton.forward_kinematics(frame.root_position, frame.rotations)
                hands = [places[skeleton.names.index(f"{side}Hand"), 1] for side in ("Left", "Right")]
                speed = 0.0
                if before is not None and now_s > before[0]:
                    speed = float(np.linalg.norm(places - before[1], axis=1).mean()) / (now_s - before[0])
                before = now_s, places
                heights = [float(hand - LOW_M) / (HIGH_M - LOW_M) for hand in hands]
                channels = [*heights, speed / FAST_M_S, is_dancing]
                node.sendto(art_dmx(options.universe, channels), (options.node, options.node_port))
                sent += 1
                if sent % 30 == 1:
                    print(time.strftime("%X"), *(f"{level:4.2f}" for level in channels), flush=True)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        raise SystemExit(130) from None
