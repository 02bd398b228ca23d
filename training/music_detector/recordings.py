"""Recordings of known kinds: folders of sound files, and voices that espeak-ng speaks."""

import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from data.formats.sound_file import read_sound
from data.sound.resampler import PolyphaseResampler
from data.sound.streaming import run_offline
from training.music_detector.made_sound import RATE_HZ

Sound = NDArray[np.float32]
SUFFIXES: Final = (".wav", ".ogg", ".opus", ".flac", ".mp3")


@dataclass(frozen=True, eq=False)
class LabelledRecording:
    """A recording whose kind is known.

    Attributes:
        group: What is held out as a whole: a package, a language, a voice.
        name: Of its own.
        samples: Mono at 24 kHz, root mean square 0.1 where it sounds.
    """

    group: str
    name: str
    samples: Sound


def read_folder(
    folder: Path, *, max_s: float = 45.0, join_below_s: float = 12.0, max_group_s: float = 900.0
) -> list[LabelledRecording]:
    """The recordings of a folder; each folder in it is a group.

    Short files, such as the prompts of a telephone, are joined with pauses until they last `join_below_s`; of a long
    one the middle `max_s` are taken.
    """
    found = []
    for group in sorted(path for path in folder.iterdir() if path.is_dir()):
        waiting: list[Sound] = []
        taken_s = 0.0
        rng = np.random.default_rng(len(group.name))
        files = sorted(path for path in group.rglob("*") if path.suffix.lower() in SUFFIXES)
        for index in rng.permutation(len(files)):
            if taken_s > max_group_s:
                break
            samples = _read(files[index], max_s)
            if len(samples) < RATE_HZ // 3 or not samples.any():
                continue
            samples = levelled(samples)
            if len(samples) < join_below_s * RATE_HZ:
                waiting += [samples, np.zeros(round(rng.uniform(0.05, 0.6) * RATE_HZ), np.float32)]
                if sum(map(len, waiting)) < join_below_s * RATE_HZ:
                    continue
                samples, waiting = np.concatenate(waiting), []
            taken_s += len(samples) / RATE_HZ
            found.append(LabelledRecording(group.name, files[index].name, samples))
        if waiting:
            found.append(LabelledRecording(group.name, "rest", np.concatenate(waiting)))
    return found


def _read(path: Path, max_s: float) -> Sound:
    try:
        samples, rate_hz = read_sound(path)
    except (ValueError, OSError):
        return np.zeros(0, np.float32)
    extra = len(samples) - round(max_s * rate_hz)
    if extra > 0:
        samples = samples[extra // 2 : extra // 2 + round(max_s * rate_hz)]
    return run_offline(PolyphaseResampler(rate_hz, RATE_HZ), samples.astype(np.float32))


def read_sound_24k(path: Path, max_s: float) -> Sound:
    """The middle of a sound file at 24 kHz, levelled; nothing if it cannot be read."""
    return levelled(_read(path, max_s))


def levelled(samples: Sound) -> Sound:
    """The samples at a root mean square of 0.1 where they sound."""
    loud = samples[np.abs(samples) > 0.02 * float(np.abs(samples).max(initial=0.0))]
    return samples * np.float32(0.1 / max(float(np.sqrt(np.mean(loud**2))) if len(loud) else 0.0, 1e-6))


def spoken_by_espeak(voices: list[str], *, seed: int, num_texts: int = 4) -> list[LabelledRecording]:
    """Voices of espeak-ng that tell numbers and words, each at several speeds and pitches; none where it is missing.

    Numbers are spoken by every voice as its language has them, so no texts are needed.
    """
    if shutil.which("espeak-ng") is None:
        return []
    rng = np.random.default_rng(seed)
    words = Path(__file__).read_text().replace("_", " ").split()
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for voice in voices:
            for index in range(num_texts):
                file = Path(folder) / f"{voice.replace('+', '-')}{index}.wav"
                parts = []
                for _ in range(14):
                    parts.append(" ".join(rng.choice(words, int(rng.integers(2, 9)))))
                    parts.append(str(int(10 ** rng.uniform(0.0, 6.0))))
                    parts.append(str(rng.choice([",", ".", "?", ";", ""])))
                speed, pitch = str(int(rng.integers(110, 230))), str(int(rng.integers(15, 90)))
                command = ["espeak-ng", "-v", voice, "-s", speed, "-p", pitch, "-w", str(file), " ".join(parts)]
                subprocess.run(command, check=True, capture_output=True, timeout=60)
                found.append(LabelledRecording(f"espeak {voice}", file.stem, read_sound_24k(file, 25.0)))
    return found
