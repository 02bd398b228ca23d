"""Trackers of others, to stand beside ours: librosa, and, where they are installed, aubio and BeatNet."""

import importlib.util
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from data.formats.sound_file import write_sound
from data.sound.resampler import PolyphaseResampler
from data.sound.streaming import FloatArray
from training.beats.track import BeatTrack, Curve

_LISTENING_HZ: Final = 22_050
"""Of librosa and BeatNet, whose constants are tuned to it."""


@dataclass(frozen=True)
class OtherTracker:
    """A tracker of others.

    Attributes:
        name: As it is called.
        about: What it may hear: all of a song, or the past alone.
        is_here: Whether it can be used.
        how_to_get: What to do where it is not.
        run: Beats, and downbeats if it knows any, of mono samples.
    """

    name: str
    about: str
    is_here: Callable[[], bool]
    how_to_get: str
    run: Callable[[FloatArray, int], tuple[Curve, Curve | None]]

    def track(self, samples: FloatArray, sample_rate_hz: int) -> BeatTrack:
        """What it claims; it tells no confidence, and between its beats time runs evenly."""
        beats_s, downbeats_s = self.run(samples, sample_rate_hz)
        return BeatTrack.of_beats(rising(beats_s), len(samples) / sample_rate_hz, downbeats_s)


def rising(beats_s: Curve) -> Curve:
    """The beats in order, none twice."""
    return np.unique(np.asarray(beats_s, np.float64))


def _by_librosa(samples: FloatArray, sample_rate_hz: int) -> tuple[Curve, Curve | None]:
    import librosa

    _, beats_s = librosa.beat.beat_track(y=_resampled(samples, sample_rate_hz), sr=_LISTENING_HZ, units="time")
    return np.asarray(beats_s, np.float64), None


def _by_aubio(samples: FloatArray, sample_rate_hz: int) -> tuple[Curve, Curve | None]:
    with tempfile.TemporaryDirectory() as folder:
        sound = Path(folder) / "sound.wav"
        write_sound(sound, samples, sample_rate_hz, subtype="PCM_16")
        command = ["aubiotrack", "-i", str(sound), "-r", str(sample_rate_hz)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise ValueError(f"aubiotrack ended with status {done.returncode}: {done.stderr.strip()[-200:]}")
    return np.array([float(line.split()[0]) for line in done.stdout.splitlines() if line.strip()]), None


def _by_beatnet(samples: FloatArray, sample_rate_hz: int) -> tuple[Curve, Curve | None]:
    from BeatNet.BeatNet import BeatNet

    with tempfile.TemporaryDirectory() as folder:
        sound = Path(folder) / "sound.wav"
        write_sound(sound, _resampled(samples, sample_rate_hz), _LISTENING_HZ, subtype="PCM_16")
        found = BeatNet(1, mode="online", inference_model="PF", plot=[], thread=False).process(str(sound))
    rows = np.asarray(found, np.float64).reshape(-1, 2)  # seconds, and place in the bar from 1
    return rows[:, 0], rows[rows[:, 1] == 1, 0]


def _resampled(samples: FloatArray, sample_rate_hz: int) -> FloatArray:
    if sample_rate_hz == _LISTENING_HZ:
        return samples
    resampler = PolyphaseResampler(sample_rate_hz, _LISTENING_HZ)
    resampled, _ = resampler.step(samples, resampler.initial_state())
    return resampled[round(resampler.latency_s * _LISTENING_HZ) :]


OTHERS: Final = {
    tracker.name: tracker
    for tracker in (
        OtherTracker(
            name="librosa",
            about="hears the whole song first",
            is_here=lambda: True,
            how_to_get="",
            run=_by_librosa,
        ),
        OtherTracker(
            name="aubio",
            about="of the past alone",
            is_here=lambda: shutil.which("aubiotrack") is not None,
            how_to_get="its program aubiotrack is wanted: Debian's aubio-tools, Homebrew's aubio",
            run=_by_aubio,
        ),
        OtherTracker(
            name="BeatNet",
            about="of the past alone",
            is_here=lambda: importlib.util.find_spec("BeatNet") is not None,
            how_to_get="pip install BeatNet (it needs madmom and an older NumPy: in an environment of its own, whose "
            ".beats files --beside BeatNet=FOLDER then measures)",
            run=_by_beatnet,
        ),
    )
}
