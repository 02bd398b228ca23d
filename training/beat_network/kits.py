"""Drum kits: single strokes by voice, from sound fonts, folders of samples or synthetic, and how they are played."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import soundfile
from numpy.typing import NDArray
from scipy.signal import resample_poly

from data.music.drums import DrumKit
from training.beat_network.midi import RATE_HZ, Sound, play

VOICES: Final[Mapping[str, tuple[int, ...]]] = {
    "kick": (36, 35),
    "snare": (38, 40),
    "rim": (37,),
    "clap": (39,),
    "closed hat": (42, 22),
    "pedal hat": (44,),
    "open hat": (46, 26),
    "ride": (51, 59),
    "bell": (53,),
    "crash": (49, 57, 55, 52),
    "high tom": (50, 48),
    "tom": (47, 45),
    "low tom": (43, 41, 58),
    "high conga": (62, 63, 60, 65),
    "low conga": (64, 61, 66),
    "cowbell": (56,),
    "shaker": (70, 69, 82),
    "tambourine": (54,),
    "clave": (75, 76, 77),
    "high agogo": (67,),
    "low agogo": (68,),
    "triangle": (81, 80),
    "surdo": (87, 86),
}
"""General MIDI pitches of each voice, the one that is rendered first; 22, 26 and 58 are those of an electronic kit."""
VOICE_OF: Final[Mapping[int, str]] = {pitch: voice for voice, pitches in VOICES.items() for pitch in pitches}
STEM_OF: Final[Mapping[str, int]] = {
    **dict.fromkeys(("kick", "low tom", "tom", "high tom", "surdo", "low conga"), 0),
    **dict.fromkeys(("snare", "rim", "clap", "high conga"), 1),
}
"""Drums are mixed again in every batch: low drums, backbeat, and (2) all that is left."""
NUM_DRUM_STEMS: Final = 3

_LEVEL: Final = {
    "kick": 0.9,
    "snare": 0.9,
    "rim": 0.5,
    "clap": 0.7,
    "closed hat": 0.35,
    "pedal hat": 0.3,
    "open hat": 0.4,
    "ride": 0.4,
    "bell": 0.4,
    "crash": 0.55,
    "shaker": 0.3,
    "tambourine": 0.3,
    "triangle": 0.25,
    "clave": 0.4,
}
_STAND_INS: Final = {
    "pedal hat": "closed hat",
    "bell": "ride",
    "ride": "closed hat",
    "open hat": "crash",
    "high tom": "tom",
    "low tom": "tom",
    "tom": "low tom",
    "rim": "snare",
    "clap": "snare",
    "surdo": "low tom",
    "high conga": "high tom",
    "low conga": "low tom",
    "crash": "open hat",
    "cowbell": "rim",
    "clave": "rim",
    "high agogo": "cowbell",
    "low agogo": "cowbell",
    "triangle": "bell",
    "shaker": "closed hat",
    "tambourine": "shaker",
}
_SYNTHETIC: Final = {"high conga": "conga", "low conga": "conga", "clave": "rim", "pedal hat": "closed hat"}
_GM_DRUM_PROGRAMS: Final = (0, 8, 16, 24, 25, 32, 40, 48)
_NAMES: Final = (  # of the instruments of a sampled kit, and file names; the first that fits counts
    ("kick", r"kick|bass ?drum|thump|djembe\d bass|^bd_"),
    ("rim", r"stick|side|click|snap|wood"),
    ("snare", r"snare|^sn_|cajon slap"),
    ("clap", r"clap"),
    ("pedal hat", r"pedal (hh|hat)|hi-hat pedal|hat pedal|hi-hat pedal|cymbal_pedal"),
    (
        "open hat",
        r"open(ed)? ?hh|hat (free|open|op\b|swish|semi)|hi ?-?hat (open|semi)|semi-?open|side ohh|op_|hat_open|"
        r"hat \d op|cymbal_open",
    ),
    ("closed hat", r"closed|hat_|hat (low|ring|closed)|hat \d cl|side hh|chh|hat-light|cymbal_closed"),
    ("bell", r"ride bell|ride-cup|paiste bell"),
    ("ride", r"ride"),
    ("crash", r"crash|cymbal|splash|china"),
    ("low tom", r"tom low|floor|low tom|tom_lo"),
    ("high tom", r"tom hi|tom 1|tomhi|high tom|tom_hi"),
    ("tom", r"\btom|middle tom|elec_fuzz_tom"),
    ("high conga", r"conga 2|bongo hi|slap|tabla_(na|te|tas)"),
    ("low conga", r"conga|bongo|tone|tabla"),
    ("high agogo", r"agogo high|kenkeni\d bell hit"),
    ("low agogo", r"agogo|bell hit|perc_bell"),
    ("cowbell", r"cowbell|elec_bell"),
    ("shaker", r"marac|shaker|perc_swash"),
    ("tambourine", r"tambourine"),
    ("clave", r"clave|elec_wood"),
    ("triangle", r"glass|elec_triangle"),
    ("surdo", r"dununba\d head hit|sangban\d head hit"),
)


@dataclass(frozen=True, eq=False)
class Kit:
    """Strokes by voice.

    Attributes:
        name: Of the kit.
        strokes: For each voice its strokes, the softest first; mono samples at 24 kHz, each with its peak at most 1.
    """

    name: str
    strokes: Mapping[str, tuple[Sound, ...]]


def synthetic_kit(seed: int) -> Kit:
    """One of the product's own kits, made from sines and noise: the same for the same seed."""
    rng = np.random.default_rng(seed)
    kit = DrumKit(seed, rng.uniform(44, 62), rng.uniform(0.08, 0.25), RATE_HZ)
    backbeat = str(rng.choice(["snare", "snare", "clap", "electro snare", "brush"]))
    found = {}
    for voice in VOICES:
        own = backbeat if voice == "snare" else _SYNTHETIC.get(voice, voice)
        if voice not in ("bell", "triangle", "surdo", "high agogo", "low agogo"):
            found[voice] = (kit.render(own),)
    return Kit(f"synthetic {seed}", found)


def font_kits(font: Path, programs: Sequence[int] = _GM_DRUM_PROGRAMS) -> list[Kit]:
    """The drum kits of a General MIDI sound font, each voice at two velocities; such as sound alike count once."""
    kits: list[Kit] = []
    spacing_s = 1.0
    for program in programs:
        keys = [(voice, velocity) for voice in VOICES for velocity in (55, 115)]
        notes = [
            (index * spacing_s, index * spacing_s + 0.3, 9, VOICES[voice][0], velocity)
            for index, (voice, velocity) in enumerate(keys)
        ]
        sound = play(np.array(notes), {9: program}, font, len(keys) * spacing_s)
        strokes: dict[str, list[Sound]] = {}
        for index, (voice, _) in enumerate(keys):
            begin = round(index * spacing_s * RATE_HZ)
            stroke = _trimmed(sound[begin : begin + round(spacing_s * RATE_HZ)])
            if stroke is not None:
                strokes.setdefault(voice, []).append(stroke)
        kit = Kit(f"{font.stem} {program}", {voice: tuple(found) for voice, found in strokes.items()})
        if strokes and all(not _is_same(kit, other) for other in kits):
            kits.append(kit)
    return kits


def _is_same(kit: Kit, other: Kit) -> bool:
    a, b = kit.strokes.get("snare"), other.strokes.get("snare")
    return bool(a and b and len(a[-1]) == len(b[-1]) and np.allclose(a[-1], b[-1], atol=1e-3))


def sampled_kit(folder: Path) -> Kit:
    """A Hydrogen drum kit: a folder with `drumkit.xml` and its samples; instruments are known by their names.

    Raises:
        ValueError: There is no drumkit.xml, or no kick and snare among its instruments.
    """
    plan = folder / "drumkit.xml"
    if not plan.is_file():
        raise ValueError(
            f"{folder}: no drumkit.xml; a kit is a folder as Hydrogen has it, or a sound font (.sf2, .sf3)"
        )
    root = ET.fromstring(re.sub(r'xmlns="[^"]+"', "", plan.read_text(errors="replace")))
    strokes: dict[str, list[Sound]] = {}
    for instrument in root.iter("instrument"):
        voice = voice_named(str(instrument.findtext("name")))
        files = [folder / str(one.text) for one in instrument.iter("filename")]
        if voice is None or not files or len(strokes.get(voice, ())) > 5:
            continue
        for file in files[-2:]:  # the loudest layers of many
            if file.is_file() and (stroke := _trimmed(_read(file))) is not None:
                strokes.setdefault(voice, []).append(stroke)
    if not {"kick", "snare"} <= strokes.keys() and len(strokes) < 3:
        raise ValueError(f"{folder}: neither kick and snare nor three other voices among its instruments' names")
    return Kit(folder.name, {voice: tuple(found) for voice, found in strokes.items()})


def loose_kits(folder: Path, num_kits: int) -> list[Kit]:
    """Kits drawn from a folder of single sounds that are known by their file names, as Sonic Pi's are.

    Raises:
        ValueError: No kick or no snare is among them.
    """
    found: dict[str, list[Sound]] = {}
    for file in sorted(folder.glob("*.flac")):
        voice = voice_named(file.stem) if "loop" not in file.stem else None
        if voice is not None and (stroke := _trimmed(_read(file))) is not None:
            found.setdefault(voice, []).append(stroke)
    if not {"kick", "snare"} <= found.keys():
        raise ValueError(f"{folder}: no drum sounds known by name (such as bd_808.flac and sn_dub.flac) in it")
    kits = []
    for number in range(num_kits):
        rng = np.random.default_rng(number)
        drawn = {voice: (strokes[int(rng.integers(len(strokes)))],) for voice, strokes in found.items()}
        kits.append(Kit(f"{folder.parent.name} {number}", drawn))
    return kits


def voice_named(name: str) -> str | None:
    """The voice that a name of an instrument or a file means, None if that is unclear."""
    return next((voice for voice, pattern in _NAMES if re.search(pattern, name, re.IGNORECASE)), None)


def _read(file: Path) -> Sound:
    sound, rate_hz = soundfile.read(file, frames=200_000, dtype="float32", always_2d=True)
    mono = sound.mean(axis=1)
    return np.asarray(resample_poly(mono, RATE_HZ, rate_hz) if rate_hz != RATE_HZ else mono, np.float32)


def _trimmed(sound: Sound, longest_s: float = 1.0) -> Sound | None:
    """From its onset until it is hardly heard, peak 1; None if it is silent or swells like no stroke."""
    peak = float(np.abs(sound).max(initial=0.0))
    if peak < 1e-3:
        return None
    heard = np.flatnonzero(np.abs(sound) > 0.05 * peak)
    tail = np.flatnonzero(np.abs(sound) > 0.003 * peak)
    begin = max(0, int(heard[0]) - round(0.001 * RATE_HZ))
    if int(np.argmax(np.abs(sound))) - begin > 0.15 * RATE_HZ:
        return None
    stroke = sound[begin : min(int(tail[-1]) + 1, begin + round(longest_s * RATE_HZ))] / np.float32(peak)
    fade = min(len(stroke), 240)
    stroke[-fade:] *= np.linspace(1.0, 0.0, fade, dtype=np.float32)
    return stroke


class Drums:
    """All kits there are, and a player of them.

    Args:
        kits: Of which one is drawn for each piece; voices that it lacks come from the others.
        synthetic_share: Share of pieces that a synthetic kit plays.
    """

    def __init__(self, kits: Sequence[Kit], synthetic_share: float = 0.2) -> None:
        self._kits, self._synthetic_share = list(kits), synthetic_share if kits else 1.0

    def draw(self, rng: np.random.Generator) -> dict[str, tuple[Sound, ...]]:
        """A kit with every voice, some of them from other kits, each with a pitch, length and level of its own."""
        base = self._one(rng)
        swapped = rng.random() < 0.4
        found: dict[str, tuple[Sound, ...]] = {}
        for voice in VOICES:
            source = self._one(rng) if swapped and rng.random() < 0.3 else base
            strokes = _strokes(source, voice)
            for _ in range(6):
                if strokes is None:
                    strokes = _strokes(self._one(rng), voice)
            if strokes is None:
                strokes = _strokes(synthetic_kit(int(rng.integers(1 << 30))), voice)
            if strokes is None:
                continue
            pitch, shorter = float(np.exp(rng.normal(0, 0.08))), rng.random() < 0.25
            decay_s = float(rng.uniform(0.03, 0.2))
            level = np.float32(_LEVEL.get(voice, 0.5) * 10 ** (rng.normal(0, 2.5) / 20))
            found[voice] = tuple(_varied(one, pitch, decay_s if shorter else None) * level for one in strokes)
        return found

    def _one(self, rng: np.random.Generator) -> Kit:
        if rng.random() < self._synthetic_share:
            return synthetic_kit(int(rng.integers(1 << 30)))
        return self._kits[int(rng.integers(len(self._kits)))]


def _strokes(kit: Kit, voice: str) -> tuple[Sound, ...] | None:
    for name in (voice, _STAND_INS.get(voice, ""), _STAND_INS.get(_STAND_INS.get(voice, ""), "")):
        if name in kit.strokes:
            return kit.strokes[name]
    return None


def _varied(stroke: Sound, pitch: float, decay_s: float | None) -> Sound:
    grid = np.arange(0.0, len(stroke) - 1, pitch)
    varied = np.interp(grid, np.arange(len(stroke)), stroke).astype(np.float32)
    if decay_s is not None:
        varied *= np.exp(-np.arange(len(varied), dtype=np.float32) / np.float32(decay_s * RATE_HZ))
    return np.asarray(varied, np.float32)


def play_drums(
    hits: NDArray[np.float64], kit: Mapping[str, Sequence[Sound]], seconds: float, power: float = 1.5
) -> NDArray[np.float32]:
    """Hits (n, 3) of time in seconds, General MIDI pitch and velocity to sound (drum stems, samples) at 24 kHz.

    Pitches of no known voice, and what begins at the end or later, stay silent.
    """
    num_samples = round(seconds * RATE_HZ)
    sound = np.zeros((NUM_DRUM_STEMS, num_samples), np.float32)
    for at_s, pitch, velocity in hits:
        voice = VOICE_OF.get(int(pitch))
        begin = round(at_s * RATE_HZ)
        if voice is None or voice not in kit or not 0 <= begin < num_samples:
            continue
        layers = kit[voice]
        stroke = layers[min(len(layers) - 1, int(velocity / 128 * len(layers)))][: num_samples - begin]
        sound[STEM_OF.get(voice, 2), begin : begin + len(stroke)] += stroke * np.float32((velocity / 100.0) ** power)
    return sound
