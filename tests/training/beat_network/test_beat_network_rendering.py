"""Music that is rendered for the beat network: hits and notes sound where they belong, and beats are where they are."""

import shutil
from pathlib import Path

import mido
import numpy as np
import pytest
import soundfile

from data.sound.spectral import OnsetFlux
from training.beat_network.band import band_notes
from training.beat_network.development import write_beats
from training.beat_network.kits import (
    NUM_DRUM_STEMS,
    STEM_OF,
    VOICES,
    Drums,
    font_kits,
    loose_kits,
    play_drums,
    sampled_kit,
    synthetic_kit,
    voice_named,
)
from training.beat_network.midi import RATE_HZ, play, read_midi, write_midi
from training.beat_network.patterns import GROOVES, groove_hits
from training.beat_network.pieces import (
    draw_drummer,
    drummer_files,
    drummer_piece,
    groove_piece,
    is_on_grid,
    song_piece,
)
from training.beat_network.sources import TEST_DRUMMERS, open_sources, piece_of
from training.beat_network.stems import (
    after_gain,
    load_stems,
    mel_decibels,
    mixed,
    perform,
    save_stems,
    stems_of,
    to_bytes,
)
from training.beats.annotation import read_lines

FONTS = [Path("/usr/share/sounds/sf2") / name for name in ("TimGM6mb.sf2", "FluidR3_GM.sf2")]
FONT = next((one for one in FONTS if one.is_file()), None)
needs_fluidsynth = pytest.mark.skipif(
    shutil.which("fluidsynth") is None or FONT is None,
    reason="fluidsynth or a sound font in /usr/share/sounds is absent",
)


def first_sound_s(sound: np.ndarray) -> float:
    return float(np.argmax(np.abs(sound) > 0.02 * np.abs(sound).max())) / RATE_HZ


def a_drum_take(folder: Path, *, drummer: str = "drummer1", bpm: int = 100, num_beats: int = 32) -> None:
    """A Groove MIDI set of one take: a kick on each beat, a snare on each second."""
    notes = [(0.5 * beat, 0.5 * beat + 0.1, 9, 38 if beat % 2 else 36, 100) for beat in range(num_beats)]
    write_midi(folder / "take.mid", np.array(notes, float), {})
    (folder / "info.csv").write_text(
        "drummer,session,id,style,bpm,beat_type,time_signature,midi_filename,audio_filename,duration,split\n"
        f"{drummer},s,1,rock,{bpm},beat,4-4,take.mid,,{num_beats * 60 / bpm},train\n"
    )


def test_hits_of_a_synthetic_kit_sound_in_their_stem_at_their_time() -> None:
    kit = synthetic_kit(3).strokes
    hits = np.array([[0.25, 36, 100], [0.5, 38, 100], [0.75, 42, 100], [0.9, 99, 100]], float)
    sound = play_drums(hits, kit, 1.0)
    assert sound.shape == (NUM_DRUM_STEMS, RATE_HZ)
    assert [first_sound_s(stem) for stem in sound] == pytest.approx([0.25, 0.5, 0.75], abs=0.003)


def test_louder_hits_are_louder_and_what_comes_after_the_end_is_left_out() -> None:
    kit = synthetic_kit(4).strokes
    soft, loud = (play_drums(np.array([[0.1, 38, velocity]], float), kit, 0.5) for velocity in (40, 120))
    assert np.abs(loud).max() > 3 * np.abs(soft).max()
    assert not play_drums(np.array([[0.5, 38, 100]], float), kit, 0.5).any()


def test_a_drawn_kit_has_every_voice_and_is_the_same_for_the_same_seed() -> None:
    drums = Drums([synthetic_kit(1)], synthetic_share=0.0)
    one, same, other = (drums.draw(np.random.default_rng(seed)) for seed in (5, 5, 6))
    assert set(one) >= {"kick", "snare", "ride", "bell", "surdo", "high agogo"}
    assert all(np.array_equal(one[voice][0], same[voice][0]) for voice in one)
    assert not np.array_equal(one["kick"][0], other["kick"][0])


def test_a_hydrogen_kit_is_read_by_the_names_of_its_instruments(tmp_path: Path) -> None:
    stroke = np.concatenate([np.zeros(2_000), np.exp(-np.arange(8_000) / 900.0)])
    for name in ("a", "b", "c"):
        soundfile.write(tmp_path / f"{name}.wav", 0.5 * stroke, 44_100)
    instruments = "".join(
        f"<instrument><name>{name}</name><filename>{file}.wav</filename></instrument>"
        for name, file in (("Bass Drum", "a"), ("Snare Rock", "b"), ("Closed HH", "c"), ("Whistle", "c"))
    )
    (tmp_path / "drumkit.xml").write_text(f'<drumkit xmlns="http://www.hydrogen"><i>{instruments}</i></drumkit>')
    kit = sampled_kit(tmp_path)
    assert set(kit.strokes) == {"kick", "snare", "closed hat"}
    assert first_sound_s(kit.strokes["kick"][0]) < 0.002
    assert np.abs(kit.strokes["kick"][0]).max() == pytest.approx(1.0, abs=0.01)


def test_loose_sounds_become_kits_by_their_file_names(tmp_path: Path) -> None:
    for name in ("bd_one", "bd_two", "sn_one", "hat_one", "loop_breakbeat"):
        soundfile.write(tmp_path / f"{name}.flac", 0.5 * np.exp(-np.arange(4_000) / 500.0), 24_000)
    kits = loose_kits(tmp_path, 3)
    assert [set(kit.strokes) for kit in kits] == [{"kick", "snare", "closed hat"}] * 3


def test_a_folder_that_is_no_kit_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"no drumkit\.xml"):
        sampled_kit(tmp_path)


@pytest.mark.parametrize(
    ("name", "voice"),
    [
        ("Hi Hat Closed", "closed hat"),
        ("Pearl Side Stick", "rim"),
        ("Kick (22)", "kick"),
        ("bd_808", "kick"),
        ("?", None),
    ],
)
def test_voices_are_known_by_name(name: str, voice: str | None) -> None:
    assert voice_named(name) == voice


def test_every_stem_and_groove_knows_its_voices() -> None:
    assert set(STEM_OF) <= set(VOICES)
    for style, groove in GROOVES.items():
        assert set(groove.rows) <= set(VOICES), style
        for rows in groove.rows.values():
            assert all(len(row) % (groove.div * groove.meter) == 0 and set(row) <= set("Xxo.") for row in rows), style


@pytest.mark.parametrize("style", ["four on the floor", "samba", "twelve eight", "waltz"])
def test_grooves_lie_on_their_grid(style: str) -> None:
    hits, swing = groove_hits(style, 24, np.random.default_rng(1))
    groove = GROOVES[style]
    straight = hits[:, 0] * groove.div if swing == 0.5 else hits[hits[:, 0] % 1 < 0.2, 0]
    off = np.abs(straight - np.rint(straight)) / groove.div
    assert len(hits) > 20
    assert np.percentile(off, 90) < 0.09
    assert hits[:, 0].max() < 24


def test_the_bass_of_a_metal_band_plays_with_the_kick_or_in_chugs() -> None:
    notes, programs = band_notes("metal", 16, 4, 4, float, np.random.default_rng(2), frozenset({0, 6, 8}))
    assert programs[0] in (33, 34)
    assert np.all(notes[:, 1] > notes[:, 0])
    assert notes[:, 3].min() > 20


def test_midi_is_written_and_read_again(tmp_path: Path) -> None:
    notes = np.array([[0.0, 0.25, 0, 60, 90], [0.5, 1.0, 9, 38, 100]])
    write_midi(tmp_path / "a.mid", notes, {0: 5})
    found, programs, tempos, _ = read_midi(tmp_path / "a.mid")
    assert programs == {0: 5}
    assert tempos == [(0.0, 120.0)]
    np.testing.assert_allclose(found[:, :2], notes[:, :2] * 2, atol=0.005)  # in beats
    np.testing.assert_array_equal(found[:, 2:], notes[:, 2:])


def test_what_is_no_midi_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.mid").write_text("no music")
    with pytest.raises(ValueError, match=r"a\.mid: cannot be read as MIDI"):
        read_midi(tmp_path / "a.mid")


def test_a_drummer_plays_at_the_beats_that_are_given(tmp_path: Path) -> None:
    a_drum_take(tmp_path)
    takes = drummer_files(tmp_path, ["drummer1"])
    rng = np.random.default_rng(0)
    piece = drummer_piece(draw_drummer(takes, rng), rng, longest_s=8.0, stretch=(1.0, 1.0), wild=0.0, from_start=True)
    np.testing.assert_allclose(np.diff(piece.beats_s), 0.6)
    np.testing.assert_allclose(piece.drums[:, 0], piece.beats_s, atol=2e-3)
    np.testing.assert_array_equal(piece.places[:5], [1, 2, 3, 4, 1])
    with pytest.raises(ValueError, match="none of drummer3"):
        drummer_files(tmp_path, ["drummer3"])
    with pytest.raises(ValueError, match=r"no info\.csv"):
        drummer_files(tmp_path / "nowhere", ["drummer1"])


def test_test_drummers_are_never_drawn(tmp_path: Path) -> None:
    a_drum_take(tmp_path, drummer=TEST_DRUMMERS[0])
    with pytest.raises(ValueError, match="plays a beat there"):
        open_sources([], drummers=tmp_path)


def test_a_song_is_taken_only_if_its_tempo_is_its_beat(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    on_grid = np.array([(0.25 * step, 0.25 * step + 0.1, 9, 42, 90) for step in range(160)], float)
    write_midi(tmp_path / "on.mid", on_grid, {})
    write_midi(tmp_path / "off.mid", on_grid * [1.1319, 1.1319, 1, 1, 1] + [0.07, 0.07, 0, 0, 0], {})
    piece = song_piece(tmp_path / "on.mid", rng, longest_s=10.0, wild=0.0)
    assert piece is not None
    assert len(piece.beats_s) > 15
    assert song_piece(tmp_path / "off.mid", rng, longest_s=10.0) is None
    assert is_on_grid(np.arange(0, 20, 0.25))
    assert not is_on_grid(np.arange(0, 40, 0.37))


def test_a_song_at_a_tempo_nobody_counts_is_counted_at_half_of_it(tmp_path: Path) -> None:
    song = mido.MidiFile(ticks_per_beat=480)
    track = mido.MidiTrack([mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(240))])
    for _ in range(200):
        track.append(mido.Message("note_on", channel=9, note=42, velocity=90, time=240))
        track.append(mido.Message("note_off", channel=9, note=42, time=0))
    song.tracks.append(track)
    song.save(tmp_path / "fast.mid")
    piece = song_piece(tmp_path / "fast.mid", np.random.default_rng(0), longest_s=12.0, wild=0.0)
    assert piece is not None
    assert 100 < 60 / np.median(np.diff(piece.beats_s)) < 140
    assert not piece.places.any()  # half of the bars: which half is not known


def test_mel_bands_are_those_of_the_features() -> None:
    rng = np.random.default_rng(0)
    sound = (0.1 * rng.standard_normal(RATE_HZ)).astype(np.float32)
    flux = OnsetFlux(120)
    window = np.concatenate([np.zeros(1024 - 200, np.float32), sound])
    streamed = np.stack([flux.mel(window[first : first + 1024]) for first in range(0, RATE_HZ, 200)])
    np.testing.assert_allclose(mel_decibels(sound), streamed, atol=1e-3)
    assert len(after_gain(sound)) == RATE_HZ


def test_stems_are_kept_in_a_file(tmp_path: Path) -> None:
    drums = Drums([], synthetic_share=1.0)
    rng = np.random.default_rng(2)
    piece = groove_piece(rng, longest_s=6.0, style="rock", wild=0.0)
    sound = perform(piece, drums, None, rng)
    stems = stems_of(piece, sound)
    save_stems(tmp_path / "a.npz", stems)
    again = load_stems(tmp_path / "a.npz")
    np.testing.assert_array_equal(again.levels, stems.levels)
    np.testing.assert_array_equal(again.places, piece.places)
    assert stems.levels.shape == (5, len(mel_decibels(sound[0])), 64)
    assert not stems.levels[3:].any()  # nobody plays bass and chords without a font
    whole = mixed(sound, 0.0)
    assert np.abs(whole).max() == pytest.approx(0.7, abs=1e-3)
    (tmp_path / "b.npz").write_bytes(b"nothing")
    with pytest.raises(ValueError, match="no rendered stems"):
        load_stems(tmp_path / "b.npz")


def test_levels_in_bytes_are_within_half_a_step() -> None:
    mel_db = np.linspace(-60, 40, 101, dtype=np.float32)
    np.testing.assert_allclose(-60 + 0.4 * to_bytes(mel_db), mel_db, atol=0.2 + 1e-5)


def test_pieces_are_the_same_for_the_same_seed_and_have_beats_where_drums_are() -> None:
    sources = open_sources([], seconds=6.0, seed=3)
    one, _, kind = piece_of(sources, 1)
    same, _, _ = piece_of(sources, 1)
    other, _, _ = piece_of(sources, 11)
    assert kind == "groove"
    np.testing.assert_array_equal(one.levels, same.levels)
    assert one.name != other.name or one.levels.shape != other.levels.shape
    synthesised, sound, kind = piece_of(sources, 2)
    assert (kind, len(synthesised.levels), len(sound)) == ("synth", 1, 1)


def test_beats_are_written_and_read_again(tmp_path: Path) -> None:
    beats_s, places = np.array([0.0, 0.5, 1.0]), np.array([1, 2, 1])
    write_beats(tmp_path / "a.beats", beats_s, places)
    found = read_lines(tmp_path / "a.beats", knows_places=True)
    np.testing.assert_allclose(found.times_s, beats_s)
    assert found.places is not None
    np.testing.assert_array_equal(found.places + 1, places)
    write_beats(tmp_path / "b.beats", beats_s, np.zeros(3, int))
    assert (tmp_path / "b.beats").read_text() == "0.0000\n0.5000\n1.0000\n"
    assert read_lines(tmp_path / "b.beats", knows_places=True).places is None


@needs_fluidsynth
def test_a_font_plays_notes_at_their_time_and_its_drums_are_kits() -> None:
    assert FONT is not None
    sound = play(np.array([[0.5, 0.9, 0, 60, 110]]), {0: 0}, FONT, 1.5)
    assert len(sound) == 1.5 * RATE_HZ
    assert first_sound_s(sound) == pytest.approx(0.5, abs=0.015)
    (kit,) = font_kits(FONT, programs=(0,))
    assert {"kick", "snare", "closed hat", "ride"} <= set(kit.strokes)
    hits = play_drums(np.array([[0.3, 36, 100]], float), kit.strokes, 1.0)
    assert first_sound_s(hits[0]) == pytest.approx(0.3, abs=0.01)


def test_a_font_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"none\.sf2: there is no such sound font|fluidsynth"):
        play(np.zeros((0, 5)), {}, tmp_path / "none.sf2", 1.0)
