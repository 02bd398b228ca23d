"""A performance: dance phrases under rendered music of exactly their tempo, with silences in which the dancer stands.

A performance is planned first, as a value that holds all that was left to chance, and then rendered from it: equal
plans give equal samples and equal poses, on any machine of a cluster.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from data.dataset.choreography import Choreographer, Phrase, play
from data.motion.feet import plant_feet
from data.motion.idle import IdleMotion
from data.motion.joinable_motion import JoinableMotion, Joint, join
from data.motion.motion import Motion
from data.music import STYLES, style_for_genre, synthesise
from data.music.arrangement import Structure

SAMPLE_RATE_HZ: Final = 24000
# Two clips meet at a bar line that both know of; nobody knows when the music starts or stops.
PHRASE_JOINT: Final = Joint(before_s=0.25, after_s=0.25)
EASE_IN: Final = Joint(before_s=0.0, after_s=0.6)
EASE_OUT: Final = Joint(before_s=0.0, after_s=1.2)
CUT_FADE_S: Final = 0.005


@dataclass(frozen=True, eq=False)
class Act:
    """One piece of music and the dance to it.

    Attributes:
        start_s, stop_s: when it sounds, in seconds of the performance.
        first_beat: the song's beat at `start_s`: not every performer fades in on the one.
        bpm: its tempo.
        phrases: clips from beat 0, long enough for `stop_s` and the dancer's reaction.
        music_style, music_seed, music_structure, swing: what the synthesiser plays.
        gain_db: level of the music, 0 dB is full scale.
        reaction_s: from the first sound to the first step.
        settling_s: from the last sound to the beginning of the end of the dance.
    """

    start_s: float
    stop_s: float
    first_beat: float
    bpm: float
    phrases: Sequence[Phrase]
    music_style: str
    music_seed: int
    music_structure: Structure
    swing: float | None
    gain_db: float
    reaction_s: float
    settling_s: float

    def beat_at(self, times_s: NDArray[np.float64]) -> NDArray[np.float64]:
        """The song's beat position at times of the performance."""
        return self.first_beat + (times_s - self.start_s) * self.bpm / 60


@dataclass(frozen=True, eq=False)
class Medley:
    """Acts of one genre, between silences.

    Attributes:
        sequence_id: name of its files.
        genre: the dance's genre.
        acts: in time order, with silence between them.
        trim_s: so much of the beginning is rendered and then left out, for performances that begin in mid-dance.
        end_s: when it ends, in seconds of the performance.
        noise_dbfs: level of the noise under everything, None for digital silence.
        seed: of the noise and the way of standing.
    """

    sequence_id: str
    genre: str
    acts: tuple[Act, ...]
    trim_s: float
    end_s: float
    noise_dbfs: float | None
    seed: int

    @property
    def groups(self) -> list[str]:
        """The choreographies it is made of."""
        return sorted({phrase.clip.entry.group for act in self.acts for phrase in act.phrases})


def plan(sequence_id: str, choreographer: Choreographer, rng: np.random.Generator, *, seconds: float) -> Medley:
    """A performance of one genre with one or two pieces of music, whose rows will cover `seconds`."""
    genre = choreographer.genre(rng)
    opens_in_dance, ends_in_dance = rng.random() < 0.35, rng.random() < 0.35
    num_acts = 2 if seconds > 45 and rng.random() < 0.5 else 1
    now_s = float(rng.uniform(1, 2) if opens_in_dance else rng.uniform(2, 6))
    # Two seconds of music lock the beat tracker; then the dance is in full swing.
    trim_s = now_s + 2.5 if opens_in_dance else 0.0
    end_s = trim_s + seconds
    acts = []
    for number in range(num_acts):
        gap_s = float(rng.uniform(2, 6))
        share_s = (end_s - now_s) / (num_acts - number) - gap_s
        last = number == num_acts - 1
        if last and ends_in_dance:
            share_s += gap_s + 2
        acts.append(_plan_act(genre, choreographer, rng, start_s=now_s, seconds=max(share_s, 4.0)))
        now_s = acts[-1].stop_s + gap_s
    noise_dbfs = float(rng.uniform(-90, -50)) if rng.random() < 0.6 else None
    return Medley(sequence_id, genre, tuple(acts), trim_s, end_s, noise_dbfs, int(rng.integers(2**31)))


def _plan_act(
    genre: str, choreographer: Choreographer, rng: np.random.Generator, *, start_s: float, seconds: float
) -> Act:
    bpm = choreographer.tempo_bpm(genre, rng)
    first_beat = float(rng.uniform(0, 4)) if rng.random() < 0.5 else 0.0
    stop_beat = first_beat + seconds * bpm / 60
    if rng.random() < 0.5:  # half of all music stops at a bar line, half where somebody pulls the plug
        stop_beat = max(4.0, round(stop_beat / 4) * 4)
    settling_s = float(rng.uniform(0.1, 0.3))
    # The dance outlives the music by the time that the dancer needs to notice.
    phrases = choreographer.phrases(genre, bpm, stop_beat + (settling_s + 0.1) * bpm / 60, rng)
    styles = STYLES if rng.random() < 0.2 else _music_for(genre)
    return Act(
        start_s=start_s,
        stop_s=start_s + (stop_beat - first_beat) * 60 / bpm,
        first_beat=first_beat,
        bpm=bpm,
        phrases=phrases,
        music_style=str(rng.choice(list(styles))),
        music_seed=int(rng.integers(2**31)),
        music_structure="song" if rng.random() < 0.3 else "loop",
        swing=float(rng.uniform(0.5, 0.67)) if rng.random() < 0.25 else None,
        gain_db=float(rng.uniform(-25, 0)),
        reaction_s=float(rng.uniform(0.3, 0.5)),
        settling_s=settling_s,
    )


def _music_for(genre: str) -> tuple[str, ...]:
    """Kinds of music for a genre; any for one that the music does not know."""
    try:
        return style_for_genre(genre)
    except ValueError:
        return STYLES


def render_sound(performance: Medley, sample_rate_hz: int = SAMPLE_RATE_HZ) -> NDArray[np.float32]:
    """Mono samples of the whole performance, the trimmed beginning included."""
    rng = np.random.default_rng([performance.seed, 1])
    samples = np.zeros(round(performance.end_s * sample_rate_hz), np.float32)
    if performance.noise_dbfs is not None:
        samples += (10 ** (performance.noise_dbfs / 20) * rng.standard_normal(samples.size)).astype(np.float32)
    for act in performance.acts:
        num_beats = int(np.ceil(act.beat_at(np.array([act.stop_s]))[0])) + 1
        song = synthesise(
            act.music_style,
            act.bpm,
            num_beats,
            act.music_seed,
            sample_rate_hz=sample_rate_hz,
            swing=act.swing,
            structure=act.music_structure,
        )
        skip = round(act.first_beat * 60 / act.bpm * sample_rate_hz)
        start, stop = (round(t * sample_rate_hz) for t in (act.start_s, min(act.stop_s, performance.end_s)))
        music = song.samples[skip : skip + stop - start] * np.float32(10 ** (act.gain_db / 20))
        cut = min(round(CUT_FADE_S * sample_rate_hz), music.size)
        music[music.size - cut :] *= np.linspace(1, 0, cut, dtype=np.float32)
        samples[start : start + music.size] += music
    return np.clip(samples, -1, 1)


def render_motion(performance: Medley, idle: IdleMotion) -> Motion:
    """The dancer from second 0 to the end: frame k is the pose at k / rate seconds."""
    num_frames = int(np.floor(performance.end_s * idle.rate_hz)) + 1
    times_s = np.arange(num_frames) / idle.rate_hz
    standing = JoinableMotion.from_motion(idle.motion(num_frames, performance.seed))
    parts: list[JoinableMotion] = []
    joints: list[Joint] = []
    done = 0
    for act in performance.acts:
        begin, end = np.searchsorted(times_s, [act.start_s + act.reaction_s, act.stop_s + act.settling_s])
        dance = play(act.phrases, act.beat_at(times_s[begin:end]), act.bpm)
        parts += [standing.frames(done, int(begin)), *dance]
        joints += [*([EASE_OUT] if joints else []), EASE_IN, *[PHRASE_JOINT] * (len(dance) - 1)]
        done = int(end)
    if done < num_frames:
        parts.append(standing.frames(done, num_frames))
        joints.append(EASE_OUT)
    changing = np.zeros(num_frames, bool)
    for seam, joint in zip(np.cumsum([len(part) for part in parts[:-1]]), joints, strict=True):
        before, after = (round(seconds * idle.rate_hz) for seconds in (joint.before_s, joint.after_s))
        changing[max(0, seam - before) : seam + after] = True
    return plant_feet(join(parts, joints).to_motion(), changing)


def beat_positions(performance: Medley, times_s: NDArray[np.float64]) -> NDArray[np.float32]:
    """The true beat position at times of the performance, -1 where no music sounds."""
    beats = np.full(times_s.shape, -1.0)
    for act in performance.acts:
        sounding = (times_s >= act.start_s) & (times_s < act.stop_s)
        beats[sounding] = act.beat_at(times_s[sounding])
    return beats.astype(np.float32)


def phrase_positions(performance: Medley, times_s: NDArray[np.float64]) -> NDArray[np.float32]:
    """Which phrase is danced at times of the performance, and where in it, (n, 3) float32.

    Columns: number of the phrase, counted through all acts; beats since it began; its length in beats. The number is -1
    where the dancer stands.
    """
    rows = np.tile(np.array([-1.0, 0.0, 1.0], np.float32), (len(times_s), 1))
    number = 0
    for act in performance.acts:
        dancing = (times_s >= act.start_s + act.reaction_s) & (times_s < act.stop_s + act.settling_s)
        beats = np.where(dancing, act.beat_at(times_s), -1.0)
        first_beat = 0.0
        for phrase in act.phrases:
            inside = (beats >= first_beat) & (beats < first_beat + phrase.clip.num_beats)
            rows[inside, 0], rows[inside, 2] = number, phrase.clip.num_beats
            rows[inside, 1] = beats[inside] - first_beat
            first_beat += phrase.clip.num_beats
            number += 1
    return rows
