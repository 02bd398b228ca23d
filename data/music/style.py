"""What a dance style is made of: patterns, timbres and ranges, from which a seed chooses.

Patterns are strings of sixteenth notes, 16 a bar, one or more bars long; `.` is silence.

* drums: `X` accent, `x` normal, `o` soft, `-` ghost;
* hats: `C` accent, `c` normal, `g` ghost, `o` open, `r` ride;
* bass: `0` root, `3` third, `5` fifth, `7` seventh, `8` octave, `9` fifth below, `a` approach to the next root;
* chords and leads: `x` a new note; in bass, chords and leads `_` holds the note.
"""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Style:
    """How a dance style sounds; tuples of two numbers are ranges, other tuples are alternatives.

    Attributes:
        grooves: pairs of kick and snare patterns.
        half_time_grooves: pairs preferred at 105 bpm and above, with the snare on the third beat.
        hats: hat patterns.
        percussion: pairs of voice and pattern.
        snares: voices that play the snare pattern.
        bass_lines: bass patterns.
        bass_timbres: names of timbres.
        chord_rhythms: chord patterns.
        chord_timbres: names of timbres.
        pad_timbres: names of timbres.
        lead_timbres: names of timbres.
        lead_rhythms: lead patterns; a pattern of only `x` is played as an arpeggio.
        modes: names of scales.
        extension: highest chord tone: 5 triads, 7 sevenths, 9 ninths.
        swing: where the second of two equal notes falls in its pair, 0.5 straight, 0.667 triplet.
        swing_pair_beats: length of the swung pair: 1 for eighths, 0.5 for sixteenths.
        jitter_ms: standard deviation of a player's timing.
        kick_hz: pitch the kick falls to.
        kick_decay_s: time constant of the kick.
        duck: how far the kick presses the other instruments down, 0 to 1.
        hat_roll: chance a bar has a fast hat roll.
        dirt: saturation of the mix, 0 to 1.
        levels_db: bass, chords, lead against the drums.
    """

    grooves: tuple[tuple[str, str], ...]
    half_time_grooves: tuple[tuple[str, str], ...] = ()
    hats: tuple[str, ...]
    percussion: tuple[tuple[str, str], ...] = ()
    snares: tuple[str, ...] = ("snare",)
    bass_lines: tuple[str, ...]
    bass_timbres: tuple[str, ...]
    chord_rhythms: tuple[str, ...]
    chord_timbres: tuple[str, ...]
    pad_timbres: tuple[str, ...] = ("warm pad", "strings")
    lead_timbres: tuple[str, ...] = ("soft lead", "saw lead")
    lead_rhythms: tuple[str, ...] = ("x..x..x...x.x...", "x_____x___x_x___", "xxxxxxxxxxxxxxxx")
    modes: tuple[str, ...] = ("minor", "dorian")
    extension: int = 7
    swing: tuple[float, float] = (0.5, 0.54)
    swing_pair_beats: float = 0.5
    jitter_ms: float = 1.0
    kick_hz: tuple[float, float] = (46.0, 58.0)
    kick_decay_s: tuple[float, float] = (0.12, 0.22)
    duck: tuple[float, float] = (0.0, 0.4)
    hat_roll: float = 0.0
    dirt: float = 0.3
    levels_db: tuple[float, float, float] = (-4.5, -8.0, -10.0)
