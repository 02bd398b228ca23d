"""The melodic instruments as tables: harmonics, filters and envelopes."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np


@dataclass(frozen=True, kw_only=True)
class Timbre:
    """A harmonic instrument.

    Attributes:
        wave: name of the harmonic series.
        cutoff_hz: low-pass corner once the filter has closed.
        open_octaves: how far the corner is above that at the attack.
        filter_s: time constant of the closing.
        resonance: height of the peak at the corner.
        attack_s: rise time.
        decay_s: time constant from the peak towards `sustain`.
        sustain: level that is held, 0 to 1.
        release_s: fade after the end of the note.
        detune_cents: spread of the voices.
        voices: number of detuned oscillators.
        vibrato_cents: depth of a 5 Hz vibrato on held notes.
        pitch_drop: how far the pitch starts above the note, as a share of it.
        drive: saturation.
    """

    wave: str
    cutoff_hz: float
    open_octaves: float = 0.0
    filter_s: float = 0.1
    resonance: float = 0.0
    attack_s: float = 0.004
    decay_s: float = 0.5
    sustain: float = 0.6
    release_s: float = 0.05
    detune_cents: float = 0.0
    voices: int = 1
    vibrato_cents: float = 0.0
    pitch_drop: float = 0.0
    drive: float = 0.0

    def varied(self, rng: np.random.Generator) -> "Timbre":
        """This instrument as another maker would build it."""
        return replace(
            self,
            cutoff_hz=self.cutoff_hz * 2.0 ** rng.uniform(-0.6, 0.6),
            open_octaves=self.open_octaves * rng.uniform(0.6, 1.3),
            filter_s=self.filter_s * 2.0 ** rng.uniform(-0.7, 0.7),
            resonance=self.resonance * rng.uniform(0.3, 1.5),
            attack_s=self.attack_s * 2.0 ** rng.uniform(-0.5, 0.5),
            decay_s=self.decay_s * 2.0 ** rng.uniform(-0.6, 0.6),
            release_s=self.release_s * 2.0 ** rng.uniform(-0.5, 0.5),
            detune_cents=self.detune_cents * rng.uniform(0.5, 1.5),
            drive=self.drive * rng.uniform(0.5, 1.4),
        )


TIMBRES: Final[dict[str, Timbre]] = {
    "sub bass": Timbre(wave="sub", cutoff_hz=400, decay_s=0.8, sustain=0.8, drive=0.5),
    "808": Timbre(wave="sub", cutoff_hz=500, attack_s=0.002, decay_s=0.7, sustain=0.15, pitch_drop=1.2, drive=1.5),
    "saw bass": Timbre(wave="saw", cutoff_hz=300, open_octaves=2.2, filter_s=0.09, resonance=0.8, decay_s=0.3),
    "square bass": Timbre(wave="square", cutoff_hz=350, open_octaves=1.8, filter_s=0.08, decay_s=0.3),
    "acid bass": Timbre(wave="saw", cutoff_hz=300, open_octaves=2.6, filter_s=0.1, resonance=3.5, decay_s=0.25),
    "organ bass": Timbre(wave="organ", cutoff_hz=600, decay_s=0.2, sustain=0.3, drive=0.5),
    "finger bass": Timbre(wave="pulse", cutoff_hz=260, open_octaves=1.4, filter_s=0.06, decay_s=0.5, sustain=0.3),
    "slap bass": Timbre(wave="pulse", cutoff_hz=320, open_octaves=3.5, filter_s=0.035, decay_s=0.3, sustain=0.3),
    "upright bass": Timbre(wave="triangle", cutoff_hz=300, open_octaves=1.5, filter_s=0.05, decay_s=0.5, sustain=0.1),
    "growl bass": Timbre(wave="square", cutoff_hz=250, open_octaves=2.0, filter_s=0.2, resonance=2.0, drive=2.0),
    "talk bass": Timbre(wave="pulse", cutoff_hz=450, open_octaves=1.8, filter_s=0.15, resonance=3.0, drive=0.8),
    "reese bass": Timbre(wave="saw", cutoff_hz=380, detune_cents=18, voices=3, sustain=0.9, drive=0.8),
    "saw stab": Timbre(
        wave="saw",
        cutoff_hz=700,
        open_octaves=2.5,
        filter_s=0.12,
        resonance=1.0,
        decay_s=0.25,
        sustain=0.3,
        detune_cents=12,
        voices=3,
    ),
    "bright saws": Timbre(
        wave="saw",
        cutoff_hz=2500,
        open_octaves=1.2,
        filter_s=0.3,
        decay_s=0.8,
        sustain=0.7,
        detune_cents=18,
        voices=5,
        release_s=0.1,
    ),
    "dark saws": Timbre(
        wave="saw",
        cutoff_hz=600,
        open_octaves=0.8,
        filter_s=0.5,
        attack_s=0.02,
        sustain=0.8,
        detune_cents=15,
        voices=4,
        release_s=0.15,
    ),
    "warm pad": Timbre(
        wave="saw",
        cutoff_hz=900,
        attack_s=0.15,
        sustain=0.9,
        detune_cents=10,
        voices=4,
        release_s=0.3,
    ),
    "strings": Timbre(
        wave="saw",
        cutoff_hz=2200,
        attack_s=0.06,
        sustain=0.9,
        detune_cents=12,
        voices=4,
        release_s=0.2,
    ),
    "square keys": Timbre(
        wave="square", cutoff_hz=1500, open_octaves=1.0, decay_s=0.3, sustain=0.4, voices=2, detune_cents=8
    ),
    "organ": Timbre(
        wave="organ", cutoff_hz=4000, sustain=0.9, attack_s=0.006, voices=2, detune_cents=3, release_s=0.04
    ),
    "electric piano": Timbre(
        wave="electric piano",
        cutoff_hz=900,
        open_octaves=2.6,
        filter_s=0.25,
        decay_s=0.9,
        sustain=0.15,
        release_s=0.12,
    ),
    "piano": Timbre(
        wave="piano",
        cutoff_hz=800,
        open_octaves=2.2,
        filter_s=0.25,
        attack_s=0.002,
        decay_s=0.7,
        sustain=0.1,
        voices=2,
        detune_cents=2,
        release_s=0.1,
    ),
    "clavinet": Timbre(
        wave="pulse", cutoff_hz=1200, open_octaves=1.8, filter_s=0.06, resonance=1.5, decay_s=0.15, sustain=0.1
    ),
    "vibraphone": Timbre(wave="vibraphone", cutoff_hz=2500, open_octaves=1.5, decay_s=0.8, sustain=0.05, release_s=0.3),
    "bell keys": Timbre(
        wave="bell", cutoff_hz=1500, open_octaves=2.0, filter_s=0.2, decay_s=0.8, sustain=0.1, release_s=0.3
    ),
    "brass section": Timbre(
        wave="saw",
        cutoff_hz=900,
        open_octaves=1.5,
        filter_s=0.25,
        attack_s=0.02,
        sustain=0.7,
        voices=3,
        detune_cents=10,
        drive=0.3,
    ),
    "soft lead": Timbre(wave="triangle", cutoff_hz=2500, sustain=0.7, vibrato_cents=12, release_s=0.1),
    "saw lead": Timbre(wave="saw", cutoff_hz=1500, open_octaves=1.5, vibrato_cents=12, voices=2, detune_cents=10),
    "square lead": Timbre(wave="square", cutoff_hz=1800, open_octaves=1.2, vibrato_cents=10),
    "acid lead": Timbre(wave="saw", cutoff_hz=500, open_octaves=2.5, resonance=3.5, decay_s=0.2, sustain=0.2),
    "organ lead": Timbre(wave="organ", cutoff_hz=4000, sustain=0.9, vibrato_cents=8),
    "piano lead": Timbre(wave="piano", cutoff_hz=1000, open_octaves=2.0, filter_s=0.2, decay_s=0.6, sustain=0.1),
    "strings lead": Timbre(wave="saw", cutoff_hz=2500, attack_s=0.04, vibrato_cents=15, voices=3, detune_cents=8),
    "brass": Timbre(
        wave="saw",
        cutoff_hz=900,
        open_octaves=1.6,
        filter_s=0.2,
        attack_s=0.015,
        sustain=0.7,
        vibrato_cents=8,
        drive=0.3,
    ),
    "flute": Timbre(wave="flute", cutoff_hz=3000, attack_s=0.04, sustain=0.8, vibrato_cents=20, release_s=0.1),
    "bell": Timbre(
        wave="bell", cutoff_hz=2000, open_octaves=2.0, filter_s=0.15, decay_s=0.5, sustain=0.05, release_s=0.3
    ),
}
