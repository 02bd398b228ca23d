"""Steers a bridge on this machine from a program: energy up and down, a freeze, another style.

Start `transflower demo` first. All controls and their ranges: bridge/PROTOCOL.md, or the OSCQuery page of the bridge.
"""

import argparse
import time

from pythonosc.udp_client import SimpleUDPClient


def main() -> None:
    """Goes through its steps once."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=39540, help="where the bridge hears controls")
    parser.add_argument("--style", default="House", help="any that `transflower dancer` lists")
    parser.add_argument("--pause-s", type=float, default=4.0, help="between two steps")
    options = parser.parse_args()
    bridge = SimpleUDPClient(options.host, options.port)
    steps: list[tuple[str, float | int | str]] = [
        ("energy", 0.9),
        ("energy", 0.3),
        ("freeze", 1),
        ("freeze", 0),
        ("style", options.style),
        ("energy", 0.6),
    ]
    for control, value in steps:
        print(f"/dance/control/{control} {value}", flush=True)
        bridge.send_message(f"/dance/control/{control}", value)
        time.sleep(options.pause_s)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        raise SystemExit(130) from None
