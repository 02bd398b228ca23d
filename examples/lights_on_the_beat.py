"""A lamp that flashes on the beat: in the terminal, and on an OSC lighting desk where one is named.

Start it, then `transflower demo --target dance:39550`. QLC+, Chamsys and others take a level from 0 to 1 at an address
of their own: `--desk 192.168.1.30:7700 --address /1/fader1`.
"""

import argparse

from pythonosc.dispatcher import Dispatcher
from pythonosc.osc_server import BlockingOSCUDPServer
from pythonosc.udp_client import SimpleUDPClient

FADE = 4.0
"""The lamp is dark a quarter of a beat after it."""


def main() -> None:
    """Listens until it has seen enough beats, or until Ctrl-C."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=39550, help="where it listens; 0 takes a free port")
    parser.add_argument("--desk", help="host:port of a lighting desk that speaks OSC")
    parser.add_argument("--address", default="/lamp", help="what the console calls the lamp")
    parser.add_argument("--beats", type=int, default=0, help="ends after so many; 0 goes on until Ctrl-C")
    parser.add_argument("--sure", type=float, default=0.5, help="the lamp stays dark while the beat is less sure")
    options = parser.parse_args()
    console = None
    if options.desk:
        host, _, port = options.desk.rpartition(":")
        console = SimpleUDPClient(host, int(port))
    newest, counted = -1, 0

    def on_beat(_address: str, phase: float, bpm: float, beat: int, confidence: float) -> None:
        nonlocal newest, counted
        level = max(0.0, 1.0 - FADE * phase) if confidence >= options.sure else 0.0
        if console is not None:
            console.send_message(options.address, level)
        if beat != newest:
            newest, counted = beat, counted + 1
            print(f"beat {beat:5}  {bpm:6.1f} bpm  sure {confidence:.2f}  {'#' * round(20 * level)}", flush=True)

    dispatcher = Dispatcher()
    dispatcher.map("/dance/beat", on_beat)
    with BlockingOSCUDPServer(("127.0.0.1", options.port), dispatcher) as server:
        print(f"listening at port {server.server_address[1]}", flush=True)
        while not options.beats or counted < options.beats:
            server.handle_request()


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        raise SystemExit(130) from None
