"""Pieces as they are heard: sound by stem, and stems as mel bands with their beats, kept in files."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import scipy.fft
from numpy.typing import NDArray

from data.formats.whole_file import whole_file
from data.music import TempoMap, synthesise
from data.sound.level import AutomaticGain, GainConfig
from data.sound.spectral import OnsetFlux
from training.beat_network.kits import NUM_DRUM_STEMS, Drums, play_drums
from training.beat_network.midi import RATE_HZ, Sound, play
from training.beat_network.pieces import Piece

HOP_RATE_HZ: Final = 120
_HOP: Final = RATE_HZ // HOP_RATE_HZ
FLOOR_DB, STEP_DB = -60.0, 0.4
"""Mel decibels are kept in bytes: -60 dB is 0, and each step more is 0.4 dB."""
NUM_BAND_STEMS: Final = 2


@dataclass(frozen=True, eq=False)
class Stems:
    """A piece in mel bands, before the gain.

    Attributes:
        name: Of the piece.
        levels: Mel levels uint8 (stems, hops, 64): low drums, backbeat, other drums, bass, other instruments; or one
            stem, the whole.
        beats_s: Times of the beats.
        places: Place of each in its bar, 1 is the downbeat, 0 unknown.
    """

    name: str
    levels: NDArray[np.uint8]
    beats_s: NDArray[np.float64]
    places: NDArray[np.int64]


def mel_decibels(sound: Sound) -> NDArray[np.float32]:
    """Mel decibels (hops, 64) of a sound at 24 kHz as `data.sound.spectral.OnsetFlux` streams them."""
    mel = OnsetFlux(HOP_RATE_HZ).mel
    num_hops = len(sound) // _HOP
    padded = np.concatenate([np.zeros(mel.window_samples - _HOP, np.float32), sound[: num_hops * _HOP]])
    windows = np.lib.stride_tricks.sliding_window_view(padded, mel.window_samples)[::_HOP][:num_hops]
    power = np.empty((num_hops, len(mel.bank)), np.float32)
    bank = mel.bank.T.copy()
    for first in range(0, num_hops, 2048):
        spectrum = scipy.fft.rfft(windows[first : first + 2048] * mel.window, axis=1)
        power[first : first + 2048] = (spectrum.real**2 + spectrum.imag**2) @ bank
    return np.asarray(10.0 * np.log10(np.maximum(power, 1e-6)), np.float32)


def after_gain(sound: Sound) -> Sound:
    """The sound at 24 kHz as the automatic gain of the features passes it on."""
    gain = AutomaticGain(RATE_HZ, _HOP, GainConfig())
    state, hops = gain.initial_state(), []
    for first in range(0, len(sound) - len(sound) % _HOP, _HOP):
        hop, state = gain.step(sound[first : first + _HOP], state)
        hops.append(hop)
    return np.concatenate(hops)


def to_bytes(mel_db: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Mel decibels to bytes, rounded to steps of 0.4 dB."""
    return np.asarray(np.clip(np.rint((mel_db - FLOOR_DB) / STEP_DB), 0, 255), np.uint8)


def perform(piece: Piece, drums: Drums, font: Path | None, rng: np.random.Generator) -> Sound:
    """Sound of a piece (stems, samples) at 24 kHz: three stems of drums, the bass, all other instruments.

    Without a font the instruments are silent.
    """
    num_samples = round(piece.seconds * RATE_HZ)
    sound = np.zeros((NUM_DRUM_STEMS + NUM_BAND_STEMS, num_samples), np.float32)
    if len(piece.drums):
        sound[:NUM_DRUM_STEMS] = play_drums(piece.drums, drums.draw(rng), piece.seconds, rng.uniform(1.0, 2.0))
    if font is not None and len(piece.notes):
        is_wet = bool(rng.random() < 0.5)
        channels = piece.notes[:, 2].astype(int)
        middle = {channel: np.median(piece.notes[channels == channel, 3]) for channel in np.unique(channels)}
        is_bass = np.array([middle[channel] < 50.0 for channel in channels])
        for stem, chosen in ((NUM_DRUM_STEMS, is_bass), (NUM_DRUM_STEMS + 1, ~is_bass)):
            if chosen.any():
                sound[stem] = play(piece.notes[chosen], piece.programs, font, piece.seconds, is_wet=is_wet)
    return sound


def mixed(sound: Sound, drums_to_band_db: float) -> Sound:
    """Stems as one sound (samples,) whose drums are so much louder than its band, its peak at 0.7."""
    drums, band = sound[:NUM_DRUM_STEMS].sum(axis=0), sound[NUM_DRUM_STEMS:].sum(axis=0)
    powers = [float(np.mean(one**2)) for one in (drums, band)]
    if min(powers) > 1e-9:
        band = band * np.float32(np.sqrt(powers[0] / powers[1]) * 10 ** (-drums_to_band_db / 20))
    whole = drums + band
    return np.asarray(0.7 * whole / max(float(np.abs(whole).max()), 1e-6), np.float32)


def stems_of(piece: Piece, sound: Sound) -> Stems:
    """Sound (stems, samples) as mel bands; silent stems stay silent."""
    levels = np.stack([to_bytes(mel_decibels(one)) for one in sound])
    return Stems(piece.name, levels, piece.beats_s, piece.places)


def synthesised_stems(
    style: str, bpm: float, num_beats: int, seed: int, tempo: TempoMap, swing: float | None, *, is_song: bool
) -> tuple[Stems, Sound]:
    """A piece of the product's synthesiser: one stem, and its sound."""
    song = synthesise(
        style,
        bpm,
        num_beats,
        seed,
        sample_rate_hz=RATE_HZ,
        swing=swing,
        tempo_map=tempo,
        structure="song" if is_song else "loop",
    )
    places = np.arange(num_beats) % 4 + 1
    levels = to_bytes(mel_decibels(song.samples))[None]
    return Stems(f"{style} {bpm:.0f}", levels, song.beat_times_s, places), song.samples


def save_stems(path: Path, stems: Stems) -> None:
    """Writes an .npz file, whole or not at all."""
    with whole_file(path) as part, part.open("wb") as file:
        np.savez_compressed(
            file, name=np.array(stems.name), levels=stems.levels, beats_s=stems.beats_s, places=stems.places
        )


def load_stems(path: Path) -> Stems:
    """Reads what `save_stems` wrote.

    Raises:
        ValueError: It is no such file.
    """
    try:
        with np.load(path, allow_pickle=False) as arrays:
            return Stems(str(arrays["name"]), arrays["levels"], arrays["beats_s"], arrays["places"])
    except (OSError, KeyError, ValueError) as error:
        raise ValueError(f"{path}: no rendered stems ({error}); remove it, and it is rendered again") from error
