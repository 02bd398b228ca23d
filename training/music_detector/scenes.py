"""Scenes: what a room hears within half a minute, and when it is music; cut and mixed from sound of known kinds."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, fftconvolve, sosfilt

from data.music import STYLES, synthesise
from training.music_detector.made_music import ambient, respoken, sung_speech
from training.music_detector.made_sound import (
    RATE_HZ,
    applause,
    babble,
    clatter,
    drums,
    hum,
    machine,
    noise,
    sung,
    talk,
    tones,
)
from training.music_detector.recordings import LabelledRecording, levelled

Sound = NDArray[np.float32]
Kind = Literal["music", "speech", "noise"]

_SHARE_MADE: Final[dict[Kind, float]] = {"music": 0.42, "noise": 0.6, "speech": 0.12}
"""How much of what is drawn is made although there are recordings."""

UNKNOWN: Final = -1
"""Label of frames that nobody should be asked about: silence, and mixtures that people would not agree on."""


@dataclass(frozen=True, eq=False)
class Library:
    """What scenes are cut from; made music and made noise need no recordings.

    Attributes:
        recordings: Of each kind.
        styles: Styles of the synthesiser that may sound.
    """

    recordings: Mapping[Kind, Sequence[LabelledRecording]]
    styles: tuple[str, ...] = tuple(STYLES)

    def draw(self, kind: Kind, rng: np.random.Generator, seconds: float) -> Sound:
        """A stretch of this kind, (n,), root mean square 0.1."""
        makers: dict[Kind, Callable[[], Sound]] = {
            "music": lambda: self._made_music(rng, seconds),
            "noise": lambda: self._made_noise(rng, seconds),
            "speech": lambda: self._made_speech(rng, seconds),
        }
        recordings = self.recordings.get(kind, ())
        if not recordings or rng.random() < _SHARE_MADE[kind]:
            return levelled(makers[kind]())
        sound = self._recorded(recordings, rng, seconds)
        if kind == "speech":
            while rng.random() < 0.15:  # several who talk at once
                sound = sound + np.float32(10 ** rng.uniform(-0.5, 0.0)) * self._recorded(recordings, rng, seconds)
        return levelled(sound)

    def _recorded(self, recordings: Sequence[LabelledRecording], rng: np.random.Generator, seconds: float) -> Sound:
        groups = sorted({recording.group for recording in recordings})
        group = groups[int(rng.integers(len(groups)))]
        of_group = [recording for recording in recordings if recording.group == group]
        return levelled(stretch(of_group[int(rng.integers(len(of_group)))].samples, rng, seconds))

    def _made_speech(self, rng: np.random.Generator, seconds: float) -> Sound:
        speech = [recording.samples for recording in self.recordings.get("speech", ())]
        return respoken(rng, seconds, speech) if speech and rng.random() < 0.5 else talk(rng, seconds)

    def _made_music(self, rng: np.random.Generator, seconds: float) -> Sound:
        drawn = rng.random()
        if drawn < 0.22:
            return drums(rng, seconds)
        if drawn < 0.45:
            return ambient(rng, seconds)
        if drawn < 0.6:
            num_voices = int(rng.choice([1, 1, 2, 5]))
            speech = [recording.samples for recording in self.recordings.get("speech", ())]
            if speech and rng.random() < 0.7:
                return sung_speech(rng, seconds, speech, num_voices=num_voices)
            return sung(rng, seconds, num_voices=num_voices)
        style, bpm = str(rng.choice(self.styles)), float(rng.uniform(60, 180))
        num_beats = int(np.ceil(seconds * bpm / 60.0)) + 1
        song = synthesise(
            style, bpm, num_beats, int(rng.integers(2**31)), sample_rate_hz=RATE_HZ,
            structure="loop" if rng.random() < 0.7 else "song",
        )  # fmt: skip
        music = song.samples[: round(seconds * RATE_HZ)]
        if drawn < 0.68:  # a singer with a band
            return music + 10 ** rng.uniform(-0.3, 0.3) * levelled(sung(rng, len(music) / RATE_HZ))
        return music

    def _made_noise(self, rng: np.random.Generator, seconds: float) -> Sound:
        drawn = rng.random()
        if drawn < 0.3:
            return applause(rng, seconds)
        if drawn < 0.5 and (speech := self.recordings.get("speech")):
            return babble(rng, seconds, [recording.samples for recording in speech])
        maker = (noise, hum, clatter, machine, tones)[int(rng.choice(5, p=[0.25, 0.25, 0.2, 0.2, 0.1]))]
        return maker(rng, seconds)


def stretch(samples: Sound, rng: np.random.Generator, seconds: float) -> Sound:
    """So much of a recording, from anywhere; one that is too short is repeated."""
    n = round(seconds * RATE_HZ)
    if len(samples) < n + 1:
        samples = np.tile(samples, n // len(samples) + 2)
    start = 0 if rng.random() < 0.2 else int(rng.integers(len(samples) - n))
    return samples[start : start + n].copy()


def part(library: Library, rng: np.random.Generator, seconds: float) -> tuple[Sound, int]:
    """A stretch in which one thing goes on, and whether it is music: 1, 0 or `UNKNOWN`."""
    drawn = rng.random()
    if drawn < 0.3:
        return library.draw("music", rng, seconds), 1
    if drawn < 0.55:
        return library.draw("speech", rng, seconds), 0
    if drawn < 0.72:
        return library.draw("noise", rng, seconds), 0
    if drawn < 0.8:  # a crowd in front of the band
        music, crowd = library.draw("music", rng, seconds), library.draw("noise", rng, seconds)
        return _mixed(music, crowd, rng.uniform(-30.0, -3.0)), 1
    if drawn < 0.88:  # an announcer in a room that is not still
        speech, crowd = library.draw("speech", rng, seconds), library.draw("noise", rng, seconds)
        return _mixed(speech, crowd, rng.uniform(-35.0, 0.0)), 0
    speech, music = library.draw("speech", rng, seconds), library.draw("music", rng, seconds)
    speech_db = rng.uniform(-12.0, 30.0)  # rap, a talk over a song, and at last a song far behind a talk
    return _mixed(music, speech, speech_db), 1 if speech_db < 3.0 else 0 if speech_db > 14.0 else UNKNOWN


def _mixed(first: Sound, second: Sound, second_db: float) -> Sound:
    n = min(len(first), len(second))
    return first[:n] + np.float32(10 ** (second_db / 20)) * second[:n]


def scene(library: Library, rng: np.random.Generator, seconds: float = 24.0) -> tuple[Sound, NDArray[np.int8]]:
    """Half a minute of a room, (n,) at 24 kHz, and for each of its samples whether it is music."""
    parts: list[Sound] = []
    labels: list[NDArray[np.int8]] = []
    if rng.random() < 0.6:
        _append(parts, labels, np.zeros(round(rng.uniform(0.2, 2.0) * RATE_HZ), np.float32), UNKNOWN)
    while sum(map(len, parts)) < seconds * RATE_HZ:
        sound, label = part(library, rng, float(np.exp(rng.uniform(np.log(1.5), np.log(24.0)))))
        fade = round(10 ** rng.uniform(-2.5, -0.5) * RATE_HZ)
        sound[:fade] *= np.linspace(0.0, 1.0, fade, dtype=np.float32)[: len(sound)]
        _append(parts, labels, sound * np.float32(10 ** rng.uniform(-0.6, 0.0)), label)
        if rng.random() < 0.5:
            pause_s = float(np.exp(rng.uniform(np.log(0.1), np.log(6.0))))
            _append(parts, labels, np.zeros(round(pause_s * RATE_HZ), np.float32), UNKNOWN)
    n = round(seconds * RATE_HZ)
    return through_a_room(np.concatenate(parts)[:n], rng), np.concatenate(labels)[:n]


def _append(parts: list[Sound], labels: list[NDArray[np.int8]], sound: Sound, label: int) -> None:
    parts.append(sound)
    labels.append(np.full(len(sound), label, np.int8))


def through_a_room(sound: Sound, rng: np.random.Generator) -> Sound:
    """The sound as a microphone or a cable may bring it: room, loudspeaker, narrow band, clipping, hiss, any level."""
    if rng.random() < 0.5:  # an exponential tail of noise (Moorer 1979)
        length = round(10 ** rng.uniform(-0.8, 0.4) * RATE_HZ)
        tail = rng.standard_normal(length) * np.exp(-6.9 * np.arange(length) / length)
        tail *= 10 ** rng.uniform(-1.5, 0.3) / float(np.sqrt(np.sum(tail**2)))
        sound = sound + fftconvolve(sound, tail)[: len(sound)].astype(np.float32)
    if rng.random() < 0.45:
        high_hz = float(np.exp(rng.uniform(np.log(2500), np.log(11000))))
        low_hz = float(np.exp(rng.uniform(np.log(30), np.log(350)))) if rng.random() < 0.5 else 20.0
        sound = sosfilt(butter(2, [low_hz, high_hz], "bandpass", fs=RATE_HZ, output="sos"), sound).astype(np.float32)
    if rng.random() < 0.25:
        limit = np.float32(10 ** rng.uniform(-1.4, -0.5))
        sound = np.clip(sound, -limit, limit)
    if rng.random() < 0.6:
        sound = sound + np.float32(10 ** rng.uniform(-4.3, -2.3)) * noise(rng, len(sound) / RATE_HZ)[: len(sound)]
    return np.asarray(sound * 10 ** rng.uniform(-1.4, 0.6), np.float32)
