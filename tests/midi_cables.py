"""MIDI cables made of software: a JACK server without a sound card, for tests on machines without hardware."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from tests.waiting import GENEROUS_S


def missing_part() -> str | None:
    """What this machine lacks for MIDI over JACK, or None."""
    try:
        import rtmidi
    except ImportError:
        return "MIDI is not installed: pip install '.[midi]'"
    if rtmidi.API_UNIX_JACK not in rtmidi.get_compiled_api():
        return "this python-rtmidi was built without JACK"
    if shutil.which("jackd") is None or shutil.which("jack_wait") is None:
        return "JACK is missing: apt install jackd2"
    return None


@contextmanager
def running_jack(period: int = 128) -> Iterator[dict[str, str] | None]:
    """The variables by which programs find the server and mido uses it; None where it does not start.

    Args:
        period: Samples of 48000 Hz in a cycle: messages are delivered once a cycle, and each wakes every client.
    """
    name = f"transflower{os.getpid()}"
    command = ["jackd", "--name", name, "--no-realtime", "-d", "dummy", "-r", "48000", "-p", str(period)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            waiting = ["jack_wait", "-s", name, "-w", "-t", f"{GENEROUS_S:.0f}"]
            waited = subprocess.run(waiting, capture_output=True)
            if waited.returncode or server.poll() is not None:
                yield None
            else:
                yield {"JACK_DEFAULT_SERVER": name, "MIDO_BACKEND": "mido.backends.rtmidi/UNIX_JACK"}
        finally:
            server.terminate()  # it takes its shared memory with it
            try:
                server.wait(GENEROUS_S)
            finally:
                server.kill()
