"""MIDI files: read as notes, and played by fluidsynth with a sound font."""

import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import mido
import numpy as np
import soundfile
from numpy.typing import NDArray

Sound = NDArray[np.float32]
Notes = NDArray[np.float64]
"""(n, 5): begin, end (both in seconds or both in beats), channel, pitch, velocity."""

RATE_HZ: Final = 24_000
DRUM_CHANNEL: Final = 9


def is_fluidsynth_there() -> bool:
    """Whether notes can be played."""
    return shutil.which("fluidsynth") is not None


def read_midi(path: Path) -> tuple[Notes, dict[int, int], list[tuple[float, float]], list[tuple[float, int, int]]]:
    """Notes in beats (quarter notes), programs by channel (the first of each), tempos and metres.

    Returns:
        Notes sorted by their begin; programs; (beat, beats a minute) of each tempo; (beat, numerator, denominator) of
        each time signature.

    Raises:
        ValueError: It is not a MIDI file.
    """
    try:
        song = mido.MidiFile(path, clip=True)
    except (OSError, EOFError, ValueError, IndexError, KeyError) as error:
        raise ValueError(f"{path}: cannot be read as MIDI ({error})") from error
    programs: dict[int, int] = {}
    notes, tempos, metres = [], [], []
    for track in song.tracks:
        tick, sounding = 0, {}
        for message in track:
            tick += message.time
            beat = tick / song.ticks_per_beat
            if message.type == "note_on" and message.velocity:
                sounding[message.channel, message.note] = (beat, message.velocity)
            elif message.type in ("note_on", "note_off"):
                if (found := sounding.pop((message.channel, message.note), None)) is not None:
                    notes.append((found[0], beat, message.channel, message.note, found[1]))
            elif message.type == "program_change":
                programs.setdefault(message.channel, message.program)
            elif message.type == "set_tempo":
                tempos.append((beat, 60e6 / message.tempo))
            elif message.type == "time_signature":
                metres.append((beat, message.numerator, message.denominator))
    return np.array(sorted(notes), float).reshape(-1, 5), programs, sorted(tempos), sorted(metres)


def write_midi(path: Path, notes: Notes, programs: Mapping[int, int]) -> None:
    """Notes in seconds as a MIDI file, at a resolution of 1 ms."""
    song = mido.MidiFile(ticks_per_beat=500)
    track = mido.MidiTrack([mido.MetaMessage("set_tempo", tempo=500_000)])
    song.tracks.append(track)
    for channel, program in programs.items():
        track.append(mido.Message("program_change", channel=channel, program=program))
    events = []
    for begin_s, end_s, *rest in notes:
        channel, pitch, velocity = (int(one) for one in rest)
        begin, end = round(1000 * begin_s), round(1000 * end_s)
        about = {"channel": channel, "note": pitch}
        events.append((begin, 1, mido.Message("note_on", velocity=velocity, **about)))
        events.append((max(end, begin + 20), 0, mido.Message("note_off", **about)))
    now = 0
    for tick, _, message in sorted(events, key=lambda event: event[:2]):
        track.append(message.copy(time=tick - now))
        now = tick
    song.save(path)


def play(notes: Notes, programs: Mapping[int, int], font: Path, seconds: float, *, is_wet: bool = False) -> Sound:
    """Notes in seconds as mono sound at 24 kHz.

    Args:
        notes: Of which the pitches are whole numbers 0 to 127, and so on.
        programs: General MIDI program by channel.
        font: Sound font.
        seconds: Length of the sound.
        is_wet: With fluidsynth's reverberation and chorus.

    Raises:
        ValueError: fluidsynth is not there, or the font cannot be played.
    """
    if not is_fluidsynth_there():
        raise ValueError("notes are played by fluidsynth, which is not there: apt install fluidsynth")
    if not font.is_file():
        raise ValueError(f"{font}: there is no such sound font; Debian has some: apt install fluid-soundfont-gm")
    with tempfile.TemporaryDirectory() as folder:
        midi, wave, on = Path(folder) / "a.mid", Path(folder) / "a.wav", "1" if is_wet else "0"
        write_midi(midi, notes, programs)
        options = ["synth.dynamic-sample-loading=1", "synth.cpu-cores=1", "synth.polyphony=96"]
        settings = [word for option in options for word in ("-o", option)]
        command = ["fluidsynth", "-niq", "-r", str(RATE_HZ), "-g", "0.5", *settings, "-R", on, "-C", on]
        subprocess.run([*command, "-F", str(wave), str(font), str(midi)], check=True, capture_output=True, timeout=180)
        if not wave.is_file():
            raise ValueError(f"{font}: fluidsynth cannot play it")
        sound, _ = soundfile.read(wave, dtype="float32", always_2d=True)
    mono = sound.mean(axis=1)[: round(seconds * RATE_HZ)]
    return np.pad(mono, (0, round(seconds * RATE_HZ) - len(mono)))
