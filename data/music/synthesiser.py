"""The synthesiser: a style, a tempo and a seed become a song with exact beat times."""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from data.music import mixing
from data.music.arrangement import Structure, arrange
from data.music.drum_part import Drummer
from data.music.drums import DrumKit, shaped_noise
from data.music.melodic_parts import Band
from data.music.score import BEATS_PER_BAR, Note, Score, Section, generator, last_bar
from data.music.style import Style
from data.music.styles import style_by_name
from data.music.tempo import TempoMap, check_bpm
from data.music.timbres import TIMBRES, Timbre
from data.music.tones import ChordLoop, render_note

Sound = NDArray[np.float32]

LOUDNESS_DB: Final = -14.0

# level of the band against drums whose kick peaks at 0.85
_BAND_DB: Final = -11.5

_DRUM_LEVEL: Final = {
    "kick": 0.85,
    "stomp": 0.7,
    "snare": 1.0,
    "electro snare": 0.9,
    "clap": 0.9,
    "snap": 0.65,
    "brush": 0.6,
    "rim": 0.45,
    "closed hat": 0.42,
    "open hat": 0.4,
    "ride": 0.45,
    "crash": 0.5,
    "tom": 0.6,
    "low tom": 0.65,
    "high tom": 0.55,
    "conga": 0.42,
    "shaker": 0.4,
    "tambourine": 0.38,
    "cowbell": 0.25,
}


@dataclass(frozen=True, eq=False)
class RenderedSong:
    """Rendered music and the truth about it.

    Attributes:
        samples: mono, float32 in [-1, 1]; sample 0 is at beat 0, the last one at the end of the last beat.
        sample_rate_hz: of the samples.
        beat_times_s: (num_beats,) float64, exact; the first is 0.0 and a downbeat.
        downbeat_times_s: every fourth of them.
        style: name of the style.
        bpm: tempo at the start.
        swing: where the second of two equal notes falls in its pair.
        swing_pair_beats: length of such a pair.
        sections: the form, in beats.
        drum_onsets_s: times of the hits of each drum voice as played, jitter and swing included, ascending.
    """

    samples: Sound
    sample_rate_hz: int
    beat_times_s: NDArray[np.float64]
    downbeat_times_s: NDArray[np.float64]
    style: str
    bpm: float
    swing: float
    swing_pair_beats: float
    sections: tuple[Section, ...]
    drum_onsets_s: dict[str, NDArray[np.float64]] = field(default_factory=dict)


def synthesise(
    style: str,
    bpm: float,
    num_beats: int,
    seed: int,
    *,
    sample_rate_hz: int = 48000,
    swing: float | None = None,
    tempo_map: TempoMap | None = None,
    gain_db: float = 0.0,
    noise_db: float | None = None,
    structure: Structure = "loop",
) -> RenderedSong:
    """A song in 4/4 that starts on a downbeat at time 0; the same arguments always give the same samples.

    Args:
        style: one of `STYLES`.
        bpm: beats per minute, 40 to 240.
        num_beats: length of the song.
        seed: not negative; decides key, patterns, instruments, levels, everything.
        sample_rate_hz: 8000 to 192000.
        swing: where the second of two equal notes falls in its pair, 0.5 (straight) to 0.75; the style's own if None.
        tempo_map: tempo over time; it must start at `bpm`. One tempo if None.
        gain_db: level of the finished song, up to 24; what then exceeds full scale is clipped, as in a recording.
        noise_db: RMS of added room noise in dB of full scale, at most 0; the gain does not change it. None: no noise.
        structure: `loop` plays from the first beat on, `song` has an intro, two themes, a break and an ending.

    Raises:
        ValueError: an argument out of its range.

    Example:
        >>> song = synthesise("house", bpm=120, num_beats=4, seed=0, sample_rate_hz=8_000)
        >>> len(song.samples) / song.sample_rate_hz, song.beat_times_s.tolist()
        (2.0, [0.0, 0.5, 1.0, 1.5])
    """
    plan = style_by_name(style)
    check_bpm(bpm)
    if num_beats < 1:
        raise ValueError(f"num_beats is {num_beats}, expected at least 1")
    if seed < 0:
        raise ValueError(f"seed is {seed}, expected 0 or more")
    if not 8000 <= sample_rate_hz <= 192000:
        raise ValueError(f"sample_rate_hz is {sample_rate_hz}, expected 8000 to 192000")
    if swing is not None and not 0.5 <= swing <= 0.75:
        raise ValueError(f"swing is {swing}, expected 0.5 (straight) to 0.75")
    if not gain_db <= 24.0:
        raise ValueError(f"gain_db is {gain_db}, expected at most 24")
    if noise_db is not None and not noise_db <= 0.0:
        raise ValueError(f"noise_db is {noise_db}, expected at most 0")
    tempo = tempo_map or TempoMap.constant(bpm)
    if tempo.bpms[0] != bpm:
        raise ValueError(f"the tempo map starts at {tempo.bpms[0]} bpm but bpm is {bpm}, expected the same")

    drawn_swing = float(generator(seed, "swing").uniform(*plan.swing))
    clock = _Clock(tempo, drawn_swing if swing is None else swing, plan.swing_pair_beats, plan.jitter_ms, seed)
    score = _compose(plan, bpm, num_beats, seed, structure)
    num_samples = round(float(tempo.seconds(num_beats)) * sample_rate_hz)
    ensemble = _Ensemble(plan, seed, num_samples, sample_rate_hz, clock)
    samples = ensemble.perform(score) * mixing.decibels(gain_db)
    if noise_db is not None:
        samples += _room_noise(seed, num_samples, sample_rate_hz) * mixing.decibels(noise_db)
    beat_times_s = tempo.seconds(np.arange(num_beats))
    return RenderedSong(
        samples=np.clip(samples, -1.0, 1.0),
        sample_rate_hz=sample_rate_hz,
        beat_times_s=beat_times_s,
        downbeat_times_s=beat_times_s[::BEATS_PER_BAR].copy(),
        style=style,
        bpm=float(bpm),
        swing=clock.swing,
        swing_pair_beats=plan.swing_pair_beats,
        sections=score.sections,
        drum_onsets_s=ensemble.drum_onsets_s,
    )


def _compose(plan: Style, bpm: float, num_beats: int, seed: int, structure: Structure) -> Score:
    sections = arrange(structure, num_beats, generator(seed, "form"))
    ends = structure == "song"
    return Score(
        sections,
        tuple(Drummer(plan, bpm, seed).play(sections, ends)),
        Band(plan, seed).play(sections, ends),
        rings_from_beat=last_bar(num_beats) if ends else None,
    )


def _room_noise(seed: int, num_samples: int, sample_rate_hz: int) -> Sound:
    """Noise of a room, RMS 1: louder in the lows, no DC."""
    rng = generator(seed, "room noise")
    noise = shaped_noise(rng, num_samples, 40.0, 400.0, sample_rate_hz, slope=1.0)
    noise += 0.3 * shaped_noise(rng, num_samples, 400.0, 10000.0, sample_rate_hz, slope=1.0)
    return np.asarray(noise / np.sqrt(np.mean(noise**2)), dtype=np.float32)


@dataclass(frozen=True)
class _Clock:
    """When the players play: swing and jitter around the tempo map."""

    tempo: TempoMap
    swing: float
    swing_pair_beats: float
    jitter_ms: float
    seed: int

    def times(self, beats: NDArray[np.float64], player: str) -> NDArray[np.float64]:
        """Seconds at which a player plays notes written at `beats`."""
        pair, phase = np.divmod(beats / self.swing_pair_beats, 1.0)
        late = np.where(phase < 0.5, 2.0 * self.swing * phase, self.swing + 2.0 * (1.0 - self.swing) * (phase - 0.5))
        times = self.tempo.seconds((pair + late) * self.swing_pair_beats)
        sigma_s = 1e-3 * self.jitter_ms * (0.3 if player == "kick" else 1.0)
        jitter = generator(self.seed, "timing", player).standard_normal(len(beats)) * sigma_s
        return np.asarray(np.maximum(times + np.clip(jitter, -2 * sigma_s, 2 * sigma_s), 0.0))


class _Ensemble:
    """Instruments and mixer of one song; every distinct sound is rendered once and added wherever it is played."""

    def __init__(self, plan: Style, seed: int, num_samples: int, sample_rate_hz: int, clock: _Clock) -> None:
        rng = generator(seed, "stage")
        self._plan, self._seed, self._n, self._rate, self._clock = plan, seed, num_samples, sample_rate_hz, clock
        self._kit = DrumKit(seed, rng.uniform(*plan.kick_hz), rng.uniform(*plan.kick_decay_s), sample_rate_hz)
        self._timbres = {
            part: TIMBRES[names[rng.integers(len(names))]].varied(rng)
            for part, names in (
                ("bass", plan.bass_timbres),
                ("chords", plan.chord_timbres),
                ("pad", plan.pad_timbres),
                ("lead", plan.lead_timbres),
            )
        }
        bass_db, chords_db, lead_db = plan.levels_db
        self._levels_db = {
            "bass": bass_db,
            "chords": chords_db,
            "pad": chords_db - 4.0,
            "lead": lead_db,
            "riser": -10.0,
        }
        self._levels_db = {part: level + rng.uniform(-3.0, 3.0) for part, level in self._levels_db.items()}
        self._drum_gain = {voice: float(mixing.decibels(rng.uniform(-3.0, 2.0))) for voice in _DRUM_LEVEL}
        self._duck_depth, self._room_db = rng.uniform(*plan.duck), rng.uniform(-26.0, -12.0)
        self._room_s, self._dirt = rng.uniform(0.12, 0.4), plan.dirt * rng.uniform(0.4, 1.2)
        self.drum_onsets_s: dict[str, NDArray[np.float64]] = {}

    def perform(self, score: Score) -> Sound:
        """The mastered samples."""
        kick, drums = self._drums(score)
        mix, wet = kick + drums, 0.5 * drums
        kicks = np.rint(self.drum_onsets_s.get("kick", np.zeros(0)) * self._rate).astype(np.int64)
        ducking = mixing.duck(self._n, kicks, self._duck_depth, min(0.3, 30.0 / self._clock.tempo.bpms[0]), self._rate)
        for part, notes in score.notes.items():
            bus = self._riser(notes) if part == "riser" else self._part(part, notes)
            gain = mixing.decibels(_BAND_DB + self._levels_db[part] - mixing.loudness_db(bus, self._rate))
            bus *= np.minimum(gain, np.float32(10.0)) * ducking
            mix += bus
            if part != "bass":
                wet += bus
        mix += mixing.room(wet, self._room_s, generator(self._seed, "room"), self._rate) * mixing.decibels(
            self._room_db
        )
        samples = mixing.master(mix, self._dirt, LOUDNESS_DB, self._rate)
        fade = min(self._n, round(0.01 * self._rate))
        samples[-fade:] *= np.linspace(1.0, 0.0, fade, dtype=np.float32)
        if score.rings_from_beat is not None:  # the last chord dies away over its bar
            ring = self._n - round(float(self._clock.tempo.seconds(score.rings_from_beat)) * self._rate)
            samples[-ring:] *= np.linspace(1.0, 0.0, ring, dtype=np.float32) ** 1.5
        return samples

    def _drums(self, score: Score) -> tuple[Sound, Sound]:
        kick, others = np.zeros(self._n, dtype=np.float32), np.zeros(self._n, dtype=np.float32)
        for voice in sorted({hit.voice for hit in score.hits}):
            hits = sorted((hit for hit in score.hits if hit.voice == voice), key=lambda hit: hit.beat)
            times = self._clock.times(np.array([hit.beat for hit in hits], dtype=np.float64), voice)
            strokes = [self._kit.render(voice, variant) for variant in range(min(2, len(hits)))]
            bus = kick if voice == "kick" else others
            gain = _DRUM_LEVEL[voice] * self._drum_gain[voice]
            for index, (hit, time_s) in enumerate(zip(hits, times, strict=True)):
                mixing.add(bus, strokes[index % len(strokes)], round(time_s * self._rate), gain * hit.velocity**1.5)
            self.drum_onsets_s[voice] = np.sort(times)
        return kick, others

    def _part(self, part: str, notes: tuple[Note, ...]) -> Sound:
        timbre = self._timbres[part]
        bus = np.zeros(self._n, dtype=np.float32)
        starts = self._clock.times(np.array([note.beat for note in notes], dtype=np.float64), part)
        ends = self._clock.tempo.seconds([note.beat + note.length_beats for note in notes])
        loops: dict[tuple[int, ...], ChordLoop] = {}
        sounds: dict[tuple[tuple[int, ...], int], Sound] = {}
        for note, start_s, end_s in zip(notes, starts, ends, strict=True):
            length_ms = max(20, 10 * round(100.0 * (end_s - start_s)))
            key = (note.pitches, length_ms)
            if key not in sounds:
                sounds[key] = self._render(timbre, note.pitches, 1e-3 * length_ms, part, loops)
            mixing.add(bus, sounds[key], round(start_s * self._rate), note.velocity)
        return bus

    def _render(
        self,
        timbre: Timbre,
        pitches: tuple[int, ...],
        length_s: float,
        part: str,
        loops: dict[tuple[int, ...], ChordLoop],
    ) -> Sound:
        if part in ("bass", "lead"):
            return render_note(timbre, pitches[0], length_s, self._rate)
        if pitches not in loops:
            loops[pitches] = ChordLoop.render(timbre, pitches, self._rate, generator(self._seed, part, str(pitches)))
        return loops[pitches].note(length_s)

    def _riser(self, notes: tuple[Note, ...]) -> Sound:
        """Noise that swells and brightens until the drums come back."""
        bus = np.zeros(self._n, dtype=np.float32)
        for index, note in enumerate(notes):
            start_s, end_s = self._clock.tempo.seconds([note.beat, note.beat + note.length_beats])
            n = round((end_s - start_s) * self._rate)
            rise = np.linspace(0.0, 1.0, n, dtype=np.float32)
            rng = generator(self._seed, "riser", str(index))
            low, high = (shaped_noise(rng, n, corner, 2.0 * corner, self._rate) for corner in (400.0, 3500.0))
            mixing.add(bus, (low + rise * (high - low)) * rise**2, round(start_s * self._rate), 1.0)
        return bus
