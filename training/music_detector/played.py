"""Solo instruments and human drummers: MIDI that fluidsynth plays with a sound font."""

import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final

import numpy as np

from training.music_detector.recordings import LabelledRecording, read_sound_24k

_PROGRAMS: Final = {
    "piano": (0, 1, 3, 4, 5, 6),
    "guitar": (24, 25, 26, 27, 29, 30),
    "organ": (16, 18, 19, 21, 22),
    "strings": (40, 41, 42, 45, 48),
    "brass": (56, 57, 58, 60, 61),
    "reed": (64, 65, 66, 68, 71),
    "pipe": (72, 73, 75, 79),
    "mallets": (9, 11, 12, 13, 108, 114),
    "choir": (52, 53, 54),
    "bass": (32, 33, 36, 38),
}
"""General MIDI programs, from 0, by the group that is held out as a whole."""


def solos(soundfont: Path, *, seed: int, num_each: int = 8, seconds: float = 25.0) -> list[LabelledRecording]:
    """Instruments that play alone: melodies and chords at some tempo, each in a group of its family."""
    if shutil.which("fluidsynth") is None:
        return []
    import mido

    found = []
    for family, programs in _PROGRAMS.items():
        for index in range(num_each):
            rng = np.random.default_rng([seed, index, len(family), ord(family[0])])
            beat = round(480 * 60 / rng.uniform(55, 170))  # ticks at 60 a minute
            scale = np.array([0, 2, 4, 5, 7, 9, 11] if rng.random() < 0.5 else [0, 2, 3, 5, 7, 8, 10])
            degree, key, is_chordal = 0, int(rng.integers(36 if family == "bass" else 50, 62)), rng.random() < 0.4
            track = mido.MidiTrack([mido.Message("program_change", program=int(rng.choice(programs)))])
            ticks, rest = 0, 0
            while ticks < seconds * 480:
                degree = int(np.clip(degree + rng.integers(-3, 4), -4, 9))
                degrees = [degree, degree + 2, degree + 4] if is_chordal and rng.random() < 0.6 else [degree]
                notes = [key + int(scale[one % 7]) + 12 * (one // 7) for one in degrees]
                length = round(beat * rng.choice([0.25, 0.5, 0.5, 1.0, 1.0, 2.0]))
                if rng.random() < 0.1:
                    rest += length
                    ticks += length
                    continue
                velocity = int(rng.integers(50, 120))
                for number, note in enumerate(notes):
                    track.append(mido.Message("note_on", note=note, velocity=velocity, time=0 if number else rest))
                for number, note in enumerate(notes):
                    track.append(mido.Message("note_off", note=note, time=0 if number else round(0.9 * length)))
                rest = length - round(0.9 * length)
                ticks += length
            song = mido.MidiFile(ticks_per_beat=480)
            song.tracks.append(mido.MidiTrack([mido.MetaMessage("set_tempo", tempo=1_000_000)]))
            song.tracks.append(track)
            with tempfile.TemporaryDirectory() as folder:
                song.save(Path(folder) / "solo.mid")
                found.append(_played(Path(folder) / "solo.mid", soundfont, f"solo {family}", str(index), seconds))
    return found


def drummers(folder: Path, soundfont: Path, *, num_each: int = 12, seconds: float = 25.0) -> list[LabelledRecording]:
    """Human drummers of the Groove MIDI set, each a group: `folder` holds drummer1, drummer2 and so on."""
    if shutil.which("fluidsynth") is None:
        return []
    found = []
    for drummer in sorted(path for path in folder.iterdir() if path.is_dir()):
        files = sorted(drummer.rglob("*_beat_*.mid"))
        for file in files[:: max(1, len(files) // num_each)][:num_each]:
            found += [_played(file, soundfont, drummer.name, file.stem, seconds)]
    return found


def _played(midi: Path, soundfont: Path, group: str, name: str, seconds: float) -> LabelledRecording:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "played.wav"
        subprocess.run(
            [
                "fluidsynth",
                "-niq",
                "-R0",
                "-C0",
                "-r",
                "24000",
                "-g",
                "0.6",
                "-F",
                str(file),
                str(soundfont),
                str(midi),
            ],
            check=True,
            capture_output=True,
            timeout=120,
        )
        return LabelledRecording(group, name, read_sound_24k(file, seconds))
