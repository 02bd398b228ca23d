"""What music does to a beat tracker: silence, breaks, fills, a drop, tempi that move; on synthesised pieces."""

import numpy as np
import pytest

from data.music import TempoMap, synthesise
from data.sound.audio_features import AudioFeatures, AudioFeaturesConfig
from data.sound.streaming import FloatArray
from tests.data.test_beat_tracker import HOP_RATE_HZ, RATE_HZ, hops_of, track


class Heard:
    """A piece that was tracked, beside its true beats.

    Attributes:
        beat: True position in beats at the end of each hop.
        error: The tracker's phase less the true one, in beats, -0.5 to 0.5.
        right: Whether tempo and phase are right, within 6 % and an eighth of a beat.
    """

    def __init__(self, samples: FloatArray, true_s: np.ndarray) -> None:
        beats, bpm, self.features, self.state = track(hops_of(samples))
        time_s = np.arange(1, len(beats) + 1) / HOP_RATE_HZ
        self.beat = np.interp(time_s, true_s, np.arange(len(true_s)), right=np.nan)
        self.error = (beats - self.beat + 0.5) % 1.0 - 0.5
        true_bpm = 60.0 * np.gradient(self.beat, time_s)
        self.right = (np.abs(self.error) < 0.125) & (np.abs(bpm / true_bpm - 1.0) < 0.06)

    def share(self, first_beat: float, last_beat: float) -> float:
        """Share of hops between two beats that are right."""
        return float(self.right[(self.beat >= first_beat) & (self.beat < last_beat)].mean())

    def sure(self, first_beat: float, last_beat: float) -> float:
        """Mean phase confidence between two beats."""
        return float(self.features[(self.beat >= first_beat) & (self.beat < last_beat), 3].mean())


def piece(
    tempo: TempoMap | float, num_beats: int, style: str = "house", seed: int = 4
) -> tuple[FloatArray, np.ndarray]:
    """Samples at 24 kHz, and the times of the beats."""
    tempo = TempoMap.constant(tempo) if isinstance(tempo, int | float) else tempo
    song = synthesise(style, tempo.bpms[0], num_beats, seed, sample_rate_hz=RATE_HZ, tempo_map=tempo)
    return song.samples.astype(np.float32), song.beat_times_s


def between(true_s: np.ndarray, first_beat: int, last_beat: int) -> slice:
    """The samples between two beats."""
    return slice(round(true_s[first_beat] * RATE_HZ), round(true_s[last_beat] * RATE_HZ))


@pytest.mark.parametrize(("style", "bpm"), [("house", 124.0), ("pop", 96.0)])
def test_phase_is_kept_through_four_silent_bars(style: str, bpm: float) -> None:
    samples, true_s = piece(bpm, 56, style)
    samples[between(true_s, 28, 44)] = 0.0
    heard = Heard(samples, true_s)
    assert heard.share(16, 28) > 0.9
    assert heard.share(28, 44) > 0.95
    assert heard.share(44, 55) > 0.95, "and the music is met again where it is"
    assert heard.sure(42, 44) < 0.3 < heard.sure(20, 28), "but nobody is sure of what does not sound"


def test_phase_is_kept_through_a_break_of_held_chords() -> None:
    samples, true_s = piece(122.0, 56)
    rest = between(true_s, 28, 44)
    time_s = np.arange(rest.stop - rest.start) / RATE_HZ
    chord = sum(np.sin(2 * np.pi * hz * time_s) for hz in (110.0, 220.0, 277.2, 329.6))
    samples[rest] = (0.04 * chord).astype(np.float32)
    heard = Heard(samples, true_s)
    assert heard.share(28, 44) > 0.9
    assert heard.share(45, 55) > 0.95


def test_a_fill_is_no_new_beat() -> None:
    samples, true_s = piece(118.0, 48, "pop", 6)
    generator = np.random.default_rng(0)
    stroke = np.exp(-np.arange(int(0.1 * RATE_HZ)) / (0.02 * RATE_HZ))
    fill = between(true_s, 28, 32)
    samples[fill] *= np.float32(0.2)
    for at in np.interp(28 + np.array([0, 0.75, 1.5, 1.75, 2.25, 2.5, 3.0, 3.25, 3.5, 3.75]), np.arange(48), true_s):
        start = round(at * RATE_HZ)
        samples[start : start + len(stroke)] += (0.4 * stroke * generator.standard_normal(len(stroke))).astype(
            np.float32
        )
    heard = Heard(samples, true_s)
    assert heard.share(28, 32) > 0.9
    assert heard.share(32, 47) > 0.9


def test_a_drop_after_a_faint_passage_is_met_on_the_beat() -> None:
    samples, true_s = piece(126.0, 56)
    samples[between(true_s, 16, 30)] *= np.float32(0.05)
    samples[between(true_s, 30, 32)] = 0.0
    heard = Heard(samples, true_s)
    assert heard.share(30, 55) > 0.95


@pytest.mark.parametrize(("start_bpm", "end_bpm"), [(100.0, 124.0), (130.0, 105.0)])
def test_a_ramp_of_tempo_is_followed(start_bpm: float, end_bpm: float) -> None:
    tempo = TempoMap((0.0, 16.0, 48.0), (start_bpm, start_bpm, end_bpm), "ramp")
    heard = Heard(*piece(tempo, 64))
    assert heard.share(12, 63) > 0.9


def test_rubato_is_followed() -> None:
    bpms = (104.0, 104.0, 110.0, 100.0, 95.0, 104.0, 112.0, 103.0, 96.0, 104.0)
    tempo = TempoMap(tuple(4.0 * np.array([0, 3, 4, 5, 6, 7, 8, 9, 10, 11])), bpms, "ramp")
    heard = Heard(*piece(tempo, 52, "pop"))
    assert heard.share(12, 51) > 0.85


@pytest.mark.parametrize(("before_bpm", "after_bpm"), [(100.0, 122.0), (128.0, 104.0)])
def test_after_a_jump_of_tempo_it_is_right_again_within_four_beats(before_bpm: float, after_bpm: float) -> None:
    heard = Heard(*piece(TempoMap((0.0, 32.0), (before_bpm, after_bpm)), 56))
    assert heard.share(20, 32) > 0.9
    assert heard.share(36, 55) > 0.95


@pytest.mark.parametrize("style", ["house", "pop", "funk"])
def test_the_bar_begins_where_the_music_says(style: str) -> None:
    samples, true_s = piece(120.0, 40, style)
    features = AudioFeatures(AudioFeaturesConfig(sample_rate_hz=RATE_HZ, rate_hz=30))
    state = features.initial_state()
    hits = []
    for frame, block in enumerate(samples[: len(samples) // 800 * 800].reshape(-1, 800)):
        _, state = features.step(block, state)
        beat = np.interp((frame + 1) / 30, true_s, np.arange(len(true_s)))
        if beat >= 16 and 0.3 < beat % 1.0 < 0.7:  # not just where one beat becomes the next
            hits.append((state.beat.place, state.beat.beats_per_bar) == (int(beat) % 4, 4))
    assert np.mean(hits) > 0.95
