"""Prints where the hips of the dancer are, read as any VMC application reads them.

Start it, then `transflower demo`: VMC goes to port 39539 of this machine by default, where one program at a
time can listen.
"""

import argparse
import time

from pythonosc.dispatcher import Dispatcher
from pythonosc.osc_server import BlockingOSCUDPServer


def main() -> None:
    """Listens until it has heard enough, or until Ctrl-C."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=39539, help="where it listens; 0 takes a free port")
    parser.add_argument("--poses", type=int, default=0, help="ends after so many; 0 goes on until Ctrl-C")
    options = parser.parse_args()
    seen = 0
    begun_s = time.monotonic()

    def on_bone(_address: str, name: str, *pose: float) -> None:
        nonlocal seen
        if name != "Hips":
            return
        seen += 1
        x, y, z = pose[:3]  # metres, in Unity's frame of reference: Y is up, Z ahead, X to the right
        print(f"{time.monotonic() - begun_s:7.2f} s  hips at x {x:+.2f}  y {y:+.2f}  z {z:+.2f} m", flush=True)

    dispatcher = Dispatcher()
    dispatcher.map("/VMC/Ext/Bone/Pos", on_bone)
    with BlockingOSCUDPServer(("127.0.0.1", options.port), dispatcher) as server:
        print(f"listening at port {server.server_address[1]}", flush=True)
        while not options.poses or seen < options.poses:
            server.handle_request()


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        raise SystemExit(130) from None
