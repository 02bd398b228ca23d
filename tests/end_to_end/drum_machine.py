"""A drum machine: sends MIDI clock to the Transflower Bridge until its standard input ends, with jitter.

`python -m tests.end_to_end.drum_machine 97.3`, in the environment of `tests.midi_cables`.
"""

import random
import sys
import threading
import time
from typing import Any

import rtmidi

START, CLOCK, STOP = [0xFA], [0xF8], [0xFC]
TICKS_A_BEAT = 24
JITTER_S = 1e-3
PATIENCE_S = 60.0


def connected() -> Any:
    """An output whose cable is in the bridge's input; None where the bridge has not come."""
    end_s = time.monotonic() + PATIENCE_S
    out = rtmidi.MidiOut(rtmidi.API_UNIX_JACK, name="drum machine")
    while time.monotonic() < end_s:
        for index, name in enumerate(out.get_ports()):
            if "Transflower Bridge" in name:
                out.open_port(index)
                return out
        time.sleep(0.2)
    return None


def main(bpm: float) -> int:
    """Drums until nobody holds its standard input any more."""
    ended, rng = threading.Event(), random.Random(bpm)
    threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
    if (out := connected()) is None:
        return 1
    out.send_message(START)
    first_s, tick = time.monotonic(), 0
    while not ended.wait(max(0.0, first_s + tick * 60.0 / bpm / TICKS_A_BEAT - time.monotonic())):
        time.sleep(abs(rng.gauss(0.0, JITTER_S)))
        out.send_message(CLOCK)
        tick += 1
    out.send_message(STOP)
    time.sleep(0.2)  # JACK delivers in its own time
    out.delete()
    return 0


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1])))
