"""Which MIDI inputs there are."""

import sys
from pathlib import Path
from typing import Final

from bridge.checks.finding import CheckResult
from bridge.clocks.midi import VIRTUAL, MidiClock

_LINUX_SEQUENCER: Final = Path("/dev/snd/seq")
"""Without it the driver complains on the terminal, past Python."""


def check_midi(port: str | None) -> list[CheckResult]:
    """Lists the inputs, and opens the one that the show wants.

    Args:
        port: As for `--midi`; None wants none.
    """
    if port is None and sys.platform == "linux" and not _LINUX_SEQUENCER.exists():
        return [CheckResult(check="MIDI", verdict="ok", found="this system has none (no snd_seq); none is asked for")]
    try:
        import mido

        names = mido.get_input_names()
    except Exception as error:  # the package is missing, or rtmidi raises a type of its own, one a platform
        found = f"inputs cannot be listed: {error}"
        if port is None:
            return [CheckResult(check="MIDI", verdict="ok", found=f"{found}; none is asked for")]
        advice = "pip install '.[midi]', or go without --midi; on Linux the kernel needs snd_seq"
        return [CheckResult(check="MIDI", verdict="problem", found=found, advice=advice)]
    listed = f"inputs: {', '.join(names)}" if names else "no inputs"
    if port is None:
        return [CheckResult(check="MIDI", verdict="ok", found=listed)]
    clock = MidiClock(port)
    try:
        clock.start()
    except ValueError as error:
        advice = f"plug it in and switch it on, or choose another by --midi, or `--midi {VIRTUAL}`"
        return [CheckResult(check="MIDI", verdict="problem", found=str(error), advice=advice)]
    finally:
        clock.stop()
    return [CheckResult(check="MIDI", verdict="ok", found=f"{port!r} opens; {listed}")]
