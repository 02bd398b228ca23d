"""The music synthesiser as its users meet it: arguments in, a song and its exact beats out."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from scipy.signal import butter, hilbert, sosfiltfilt

from data.music import STYLES, RenderedSong, TempoMap, style_for_genre, synthesise

RATE_HZ = 24000


def rise_of_energy(song: RenderedSong, low_hz: float, high_hz: float) -> np.ndarray:
    """How much a band's envelope grows within 10 ms around each millisecond."""
    band = sosfiltfilt(butter(2, [low_hz, high_hz], "bandpass", fs=song.sample_rate_hz, output="sos"), song.samples)
    envelope = np.abs(hilbert(band))[:: song.sample_rate_hz // 1000]
    envelope = np.concatenate([np.zeros(5), envelope, np.zeros(5)])
    return np.maximum(envelope[10:] - envelope[:-10], 0.0)


def rms(samples: np.ndarray) -> float:
    return float(np.sqrt(np.mean(samples.astype(np.float64) ** 2)))


@pytest.mark.parametrize("style", STYLES)
def test_a_song_is_sound_and_its_beats(style: str) -> None:
    song = synthesise(style, 100.0, 16, seed=3, sample_rate_hz=RATE_HZ)

    assert song.samples.dtype == np.float32
    assert song.samples.shape == (round(16 * 0.6 * RATE_HZ),)
    assert np.isfinite(song.samples).all()
    assert np.abs(song.samples).max() <= 1.0
    np.testing.assert_allclose(song.beat_times_s, 0.6 * np.arange(16), rtol=0, atol=1e-12)
    np.testing.assert_array_equal(song.downbeat_times_s, song.beat_times_s[::4])
    assert song.sections[0].start_beat == 0
    assert song.sections[-1].end_beat == 16


@pytest.mark.parametrize("style", STYLES)
def test_songs_are_as_loud_as_each_other_and_clean(style: str) -> None:
    for seed in (11, 12):
        song = synthesise(style, 108.0, 32, seed, sample_rate_hz=RATE_HZ)
        assert -17.5 < 20 * np.log10(rms(song.samples)) < -12.5
        assert abs(song.samples.mean()) < 1e-3, "no DC"
        assert abs(song.samples[0]) < 0.05, "no click at the beginning"
        assert abs(song.samples[-1]) < 0.005, "no click at the end"
        assert np.abs(song.samples).max() / rms(song.samples) > 2.5, "not squashed flat"


def test_the_same_arguments_give_the_same_samples_on_any_thread() -> None:
    def render(seed: int) -> np.ndarray:
        return synthesise("house", 120.0, 8, seed, sample_rate_hz=RATE_HZ).samples

    alone = [render(seed) for seed in range(4)]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(render, range(4)))
    for first, second in zip(alone, together, strict=True):
        np.testing.assert_array_equal(first, second)
    assert np.abs(alone[0] - alone[1]).max() > 0.1, "another seed is another song"


def test_the_sample_rate_changes_the_sampling_not_the_song() -> None:
    low, high = (synthesise("funk", 104.0, 16, 7, sample_rate_hz=rate) for rate in (24000, 48000))
    assert low.drum_onsets_s.keys() == high.drum_onsets_s.keys()
    for voice, onsets in low.drum_onsets_s.items():
        np.testing.assert_array_equal(onsets, high.drum_onsets_s[voice])
    envelope = [
        np.sqrt(np.mean(s.samples[: 900 * n].reshape(900, n) ** 2, axis=1)) for s, n in ((low, 240), (high, 480))
    ]
    assert np.corrcoef(*envelope)[0, 1] > 0.95


@pytest.mark.parametrize("style", ["house", "techno", "disco"])
@pytest.mark.parametrize("seed", [0, 5])
def test_the_kick_of_four_on_the_floor_falls_on_the_stated_beats(style: str, seed: int) -> None:
    song = synthesise(style, 124.0, 32, seed, sample_rate_hz=RATE_HZ, structure="loop")
    rise = rise_of_energy(song, 40.0, 400.0)
    first_section = [t for t in song.beat_times_s[1:] if t < 60 / 124 * song.sections[0].end_beat]

    # the rise of the lows, averaged around the beats, is steepest within a few milliseconds of them
    around = np.mean([rise[round(1000 * t) - 100 : round(1000 * t) + 100] for t in first_section[:-1]], axis=0)
    assert -5 <= np.argmax(around) - 100 <= 10

    for time_s in first_section:
        assert np.abs(song.drum_onsets_s["kick"] - time_s).min() < 0.003


@pytest.mark.long  # it takes long to compile itself
@pytest.mark.parametrize("style", ["house", "techno", "disco"])
def test_librosa_hears_the_tempo(style: str) -> None:
    librosa = pytest.importorskip("librosa")
    for seed, bpm in ((0, 100.0), (2, 120.0), (3, 128.0)):
        song = synthesise(style, bpm, 48, seed, sample_rate_hz=RATE_HZ)
        heard, _ = librosa.beat.beat_track(y=song.samples, sr=RATE_HZ, hop_length=240)
        assert np.isclose(float(np.atleast_1d(heard)[0]) / bpm, [0.5, 1.0, 2.0], rtol=0.03).any()


def test_a_tempo_ramp_moves_the_music_with_the_beats() -> None:
    ramp = TempoMap.ramp(100.0, 130.0, 32)
    song = synthesise("techno", 100.0, 32, 5, sample_rate_hz=RATE_HZ, tempo_map=ramp)

    np.testing.assert_array_equal(song.beat_times_s, ramp.seconds(np.arange(32)))
    assert len(song.samples) == round(float(ramp.seconds(32)) * RATE_HZ)
    rise = rise_of_energy(song, 40.0, 400.0)
    beats = song.beat_times_s[1 : song.sections[0].end_beat - 1]
    around = np.mean([rise[round(1000 * t) - 100 : round(1000 * t) + 100] for t in beats], axis=0)
    assert -5 <= np.argmax(around) - 100 <= 10


def test_swing_delays_the_off_beats_by_the_stated_fraction() -> None:
    straight, swung = (
        synthesise("jazz", 90.0, 16, 4, sample_rate_hz=RATE_HZ, swing=swing) for swing in (0.5, 2.0 / 3.0)
    )
    period_s = 60.0 / 90.0
    late = {0.0: [], 0.5: []}
    for voice, onsets in straight.drum_onsets_s.items():
        for before, after in zip(onsets, swung.drum_onsets_s[voice], strict=True):
            phase = before / period_s % 1.0
            for place in late:
                if min(abs(phase - place), 1.0 - abs(phase - place)) < 0.05:
                    late[place].append((after - before) / period_s)
    assert len(late[0.5]) > 8
    np.testing.assert_allclose(late[0.0], 0.0, atol=1e-9)
    np.testing.assert_allclose(late[0.5], 2.0 / 3.0 - 0.5, atol=1e-9)

    # and so it sounds: cymbals rise at two thirds of the beat, not at its half
    rise = rise_of_energy(swung, 5000.0, 11000.0)
    at = [
        np.mean([rise[round(1000 * t) - 15 : round(1000 * t) + 20].max() for t in swung.beat_times_s + x * period_s])
        for x in (0.5, 2.0 / 3.0)
    ]
    assert at[1] > 2.0 * at[0]


def test_the_drums_leave_in_a_break_and_come_back() -> None:
    song = synthesise("breakbeat", 112.0, 128, 6, sample_rate_hz=RATE_HZ, structure="song")
    names = [section.name for section in song.sections]
    assert [name for i, name in enumerate(names) if name not in names[:i]] == [
        "intro",
        "A",
        "B",
        "break",
        "A'",
        "ending",
    ]
    rise = rise_of_energy(song, 40.0, 400.0)

    def attack(section_name: str, num_beats: int) -> float:
        section = song.sections[names.index(section_name)]
        start, end = (round(1000 * song.beat_times_s[b]) for b in (section.start_beat, section.start_beat + num_beats))
        return float(np.percentile(rise[start + 50 : end], 98))

    assert attack("break", 8) < 0.5 * attack("B", 8)
    assert attack("A'", 8) > 2.0 * attack("break", 8)


def test_a_loop_plays_from_its_first_beat_on() -> None:
    for style in STYLES:
        song = synthesise(style, 100.0, 8, 1, sample_rate_hz=RATE_HZ)
        assert song.sections[0].has_drums
        assert song.drum_onsets_s["kick"][0] < 0.02
        assert rms(song.samples[: RATE_HZ // 2]) > 0.03


def test_gain_and_noise_do_what_they_say() -> None:
    arguments = {"style": "pop", "bpm": 110.0, "num_beats": 8, "seed": 2, "sample_rate_hz": RATE_HZ}
    plain = synthesise(**arguments).samples
    quiet = synthesise(**arguments, gain_db=-20.0).samples
    loud = synthesise(**arguments, gain_db=18.0).samples
    noisy = synthesise(**arguments, gain_db=-80.0, noise_db=-30.0).samples

    np.testing.assert_allclose(quiet, 0.1 * plain, rtol=0, atol=1e-7)
    np.testing.assert_allclose(loud, np.clip(10 ** (18 / 20) * plain, -1, 1), rtol=0, atol=1e-6)
    assert 20 * np.log10(rms(noisy)) == pytest.approx(-30.0, abs=0.1)


def test_styles_sound_different() -> None:
    """Where in the bar lows, mids and highs begin tells most styles of unheard songs: chance would be 1 in 12."""

    window, hop = np.hanning(512), 240
    bands = [slice(1, 4), slice(4, 32), slice(43, 107), slice(128, 235)]  # bins of 47 Hz

    def portrait(style: str, seed: int) -> np.ndarray:
        song = synthesise(style, 120.0, 8, seed, sample_rate_hz=RATE_HZ)
        frames = np.lib.stride_tricks.sliding_window_view(np.pad(song.samples, 256), 512)[::hop]
        spectrum = np.abs(np.fft.rfft(frames * window, axis=1))
        step = (np.arange(len(frames)) * hop / RATE_HZ * 2 * 4 + 0.5).astype(int) % 16
        features = []
        for band in bands:
            rise = np.maximum(np.diff(np.sqrt(np.mean(spectrum[:, band] ** 2, axis=1)), prepend=0.0), 0.0)
            pattern = np.bincount(step, rise, 16)
            features += [pattern / (np.linalg.norm(pattern) + 1e-9), [0.3 * np.log(pattern.sum() + 1e-9)]]
        return np.concatenate(features)

    known = {style: np.array([portrait(style, seed) for seed in range(6)]) for style in STYLES}
    right = 0
    for style in STYLES:
        for seed in (101, 102, 103):
            heard = portrait(style, seed)
            nearest = min(STYLES, key=lambda name: np.sort(np.linalg.norm(known[name] - heard, axis=1))[:2].mean())
            right += nearest == style
    assert right >= 20, f"{right} of {3 * len(STYLES)} songs recognised"


def test_every_genre_of_the_dancers_has_styles() -> None:
    for genre in ["BR", "HO", "JB", "JS", "KR", "LH", "LO", "MH", "PO", "WA"]:
        assert set(style_for_genre(genre)) <= set(STYLES)
    with pytest.raises(ValueError, match="unknown genre 'XX'"):
        style_for_genre("XX")


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"style": "polka"}, "unknown style 'polka', expected one of: house"),
        ({"bpm": 39.0}, "bpm is 39.0"),
        ({"bpm": float("nan")}, "bpm is nan"),
        ({"num_beats": 0}, "num_beats is 0"),
        ({"seed": -1}, "seed is -1"),
        ({"sample_rate_hz": 100}, "sample_rate_hz is 100"),
        ({"swing": 0.9}, "swing is 0.9"),
        ({"gain_db": 100.0}, "gain_db is 100.0"),
        ({"noise_db": 3.0}, "noise_db is 3.0"),
        ({"structure": "sonata"}, "unknown structure 'sonata'"),
        ({"tempo_map": TempoMap.constant(90.0)}, "starts at 90.0 bpm but bpm is 120.0"),
    ],
)
def test_wrong_arguments_are_named(wrong: dict[str, object], message: str) -> None:
    arguments = {"style": "house", "bpm": 120.0, "num_beats": 4, "seed": 0, "sample_rate_hz": RATE_HZ}
    with pytest.raises(ValueError, match=message):
        synthesise(**{**arguments, **wrong})


@pytest.mark.parametrize("structure", ["loop", "song"])
@pytest.mark.parametrize("num_beats", [1, 2, 3, 5, 7, 17])
def test_any_length_is_a_song(structure: str, num_beats: int) -> None:
    song = synthesise("trap", 140.0, num_beats, 9, sample_rate_hz=RATE_HZ, structure=structure)
    assert len(song.beat_times_s) == num_beats
    assert len(song.samples) == round(num_beats * 60 / 140 * RATE_HZ)
    covered = [beat for section in song.sections for beat in range(section.start_beat, section.end_beat)]
    assert covered == list(range(num_beats))
