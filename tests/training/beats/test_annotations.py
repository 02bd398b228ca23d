"""Beats as people write them down: lines, MIDI, tempo maps, tables; and what is refused, with the way out."""

import json
from pathlib import Path

import mido
import numpy as np
import pytest

from data.formats.sound_file import write_sound
from training.beats.annotation import Annotation, counted, read_lines, read_tempo_map
from training.beats.clips import find_clips
from training.beats.midi import read_delay_s, read_midi

RATE_HZ = 8_000


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def write_silence(path: Path, seconds: float = 4.0) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_sound(path, np.zeros(int(seconds * RATE_HZ), np.float32), RATE_HZ)
    return path


def write_midi(path: Path, *messages: mido.MetaMessage, ticks: int = 480) -> Path:
    file = mido.MidiFile(ticks_per_beat=ticks)
    file.tracks.append(mido.MidiTrack(messages))
    file.save(path)
    return path


def tempo(bpm: float, after_ticks: int = 0) -> mido.MetaMessage:
    return mido.MetaMessage("set_tempo", tempo=round(60e6 / bpm), time=after_ticks)


def signature(numerator: int, denominator: int, after_ticks: int = 0) -> mido.MetaMessage:
    return mido.MetaMessage("time_signature", numerator=numerator, denominator=denominator, time=after_ticks)


def test_times_alone_are_beats_without_bars(tmp_path: Path):
    found = read_lines(write(tmp_path / "a.beats", "0.5\n1.0\n\n# a break\n1.5\n"), knows_places=True)
    assert found.times_s.tolist() == [0.5, 1.0, 1.5]
    assert found.places is None
    assert found.downbeats_s is None


@pytest.mark.parametrize("between", ["\t", " ", ",", "; "])
def test_a_second_column_is_the_place_in_the_bar(tmp_path: Path, between: str):
    lines = [f"{0.5 * beat}{between}{place}" for beat, place in enumerate((3, 1, 2, 3, 1.0))]
    found = read_lines(write(tmp_path / "a.beats", "\n".join(lines)), knows_places=True)
    assert found.places.tolist() == [2, 0, 1, 2, 0]
    assert found.downbeats_s.tolist() == [0.5, 2.0]


def test_of_a_txt_the_first_column_alone_is_read(tmp_path: Path):
    found = read_lines(write(tmp_path / "a.txt", "0.5 kick\n1.0 snare\n"), knows_places=False)
    assert found.times_s.tolist() == [0.5, 1.0]
    assert found.places is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "holds no beats"),
        ("# nothing\n", "holds no beats"),
        ("0.5\n1.0\n0.75\n", "line 3: 0.75 s is not after 1 s"),
        ("0.5\n0.5\n", "line 2: 0.5 s is not after 0.5 s"),
        ("0.5\none\n", "line 2: 'one' is no time in seconds"),
        ("nan\n", "line 1: 'nan' is no time"),
        ("-0.5\n", "line 1: -0.5 s is before the sound begins"),
        ("0.5\n0.52\n", "line 2: 0.02 s lie between"),
        ("500\n1000\n", "line 2: 500 s lie between"),
        ("0.5 1\n1.0 0\n", "line 2: '0' is no place in the bar"),
        ("0.5 1\n1.0 kick\n", "line 2: 'kick' is no place in the bar"),
        ("0.5 1\n1.0\n", "1 of 2 beats have a place"),
    ],
)
def test_what_is_no_list_of_beats_is_refused_by_file_line_and_value(tmp_path: Path, text: str, message: str):
    path = write(tmp_path / "a.beats", text)
    with pytest.raises(ValueError, match=message) as error:
        read_lines(path, knows_places=True)
    assert str(path) in str(error.value)


def test_bytes_that_are_no_text_are_refused(tmp_path: Path):
    path = tmp_path / "a.beats"
    path.write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(ValueError, match="no text in UTF-8"):
        read_lines(path, knows_places=True)


def test_beats_past_the_end_of_the_sound_are_refused():
    beats = Annotation(np.arange(0.5, 60.0, 0.5))
    with pytest.raises(ValueError, match=r"last beat is at 59\.50 s, and the sound ends after 30\.00 s"):
        beats.cut("a.beats", 30.0)
    assert len(beats.cut("a.beats", 59.3).times_s) == 118, "the very last may miss the end"
    with pytest.raises(ValueError, match="1 beat"):
        Annotation(np.array([0.5, 1.0])).cut("a.beats", 0.8)


def test_beats_of_midi_follow_its_tempo_map_and_time_signatures(tmp_path: Path):
    # two bars of 3/4 at 120, then 4/4 at 60
    path = write_midi(tmp_path / "a.mid", tempo(120), signature(3, 4), tempo(60, 6 * 480), signature(4, 4))
    found = read_midi(path, duration_s=8.5)
    assert found.times_s.tolist() == pytest.approx([0, 0.5, 1, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8])
    assert found.places.tolist() == [0, 1, 2, 0, 1, 2, 0, 1, 2, 3, 0, 1]


def test_a_tempo_that_changes_between_beats_is_followed(tmp_path: Path):
    found = read_midi(write_midi(tmp_path / "a.mid", tempo(60), tempo(120, 240)), duration_s=2.0)
    assert found.times_s.tolist() == pytest.approx([0, 0.75, 1.25, 1.75])


@pytest.mark.parametrize(
    ("upper", "lower", "beat_s", "beats_a_bar"),
    [(6, 8, 0.75, 2), (12, 8, 0.75, 4), (7, 8, 0.25, 7), (2, 2, 1.0, 2), (3, 8, 0.25, 3), (4, 4, 0.5, 4)],
)
def test_the_beat_is_what_the_time_signature_counts(tmp_path, upper: int, lower: int, beat_s: float, beats_a_bar: int):
    found = read_midi(write_midi(tmp_path / "a.mid", tempo(120), signature(upper, lower)), duration_s=12.0)
    assert np.diff(found.times_s) == pytest.approx(beat_s)
    assert found.places.max() + 1 == beats_a_bar


def test_a_midi_file_without_tempo_is_at_120_in_4_4(tmp_path: Path):
    found = read_midi(write_midi(tmp_path / "a.mid"), duration_s=3.0)
    assert found.times_s.tolist() == [0, 0.5, 1, 1.5, 2, 2.5]
    assert found.places.tolist() == [0, 1, 2, 3, 0, 1]


def test_notes_of_a_game_may_begin_later_than_its_sound(tmp_path: Path):
    path = write_midi(tmp_path / "notes.mid", tempo(120))
    delay_s = read_delay_s(write(tmp_path / "song.ini", "[song]\nname = A\nDelay = 250\n"))
    assert read_midi(path, 1.5, delay_s).times_s.tolist() == [0.25, 0.75, 1.25]
    assert read_midi(path, 1.5, -0.75).times_s.tolist() == [0.25, 0.75, 1.25]
    assert read_delay_s(tmp_path / "none.ini") == 0
    with pytest.raises(ValueError, match="'soon', no number of milliseconds"):
        read_delay_s(write(tmp_path / "song.ini", "delay = soon"))


def test_what_is_no_midi_is_refused(tmp_path: Path):
    with pytest.raises(ValueError, match="cannot be read as MIDI"):
        read_midi(write(tmp_path / "a.mid", "this is no MIDI"), 3.0)
    whole = write_midi(tmp_path / "b.mid", tempo(120)).read_bytes()
    (tmp_path / "b.mid").write_bytes(whole[:-6])
    with pytest.raises(ValueError, match=r"b\.mid cannot be read as MIDI"):
        read_midi(tmp_path / "b.mid", 3.0)


def test_a_tempo_map_glides_and_begins_where_it_says(tmp_path: Path):
    document = {"beats": [0, 4], "bpms": [60, 120], "shape": "ramp", "offset_s": 2.5, "beats_per_bar": 3}
    found = read_tempo_map(write(tmp_path / "a.json", json.dumps(document)), 8.0)
    assert found.times_s[:3].tolist() == [0.5, 1.5, 2.5], "before its beat 0 the first tempo holds"
    assert found.places[:5].tolist() == [1, 2, 0, 1, 2]
    # the integral of 60 / (60 + 15 b) over four beats
    assert found.times_s[6] == pytest.approx(2.5 + 4 * np.log(2))
    assert np.diff(found.times_s)[6:] == pytest.approx(0.5)
    assert found.times_s[-1] < 8.0


def test_times_as_the_demo_has_them_are_a_tempo_map_too(tmp_path: Path):
    document = {"beat_times_s": [0.5, 1.0, 1.5, 2.0, 2.5], "downbeat_times_s": [1.0, 2.5], "bpm": 120}
    found = read_tempo_map(write(tmp_path / "a.json", json.dumps(document)), 3.0)
    assert found.times_s.tolist() == document["beat_times_s"]
    assert found.downbeats_s.tolist() == [1.0, 2.5]
    assert counted(np.array([False, True, False, False, True])).tolist() == [2, 0, 1, 2, 0]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "no tempo map"),
        ('{"bpms": [120]}', "'beats'"),
        ('{"beats": [0], "bpms": [1000]}', "bpm is 1000"),
        ('{"beats": [1], "bpms": [100]}', "ascend from 0"),
        ('{"beats": [0], "bpms": [100], "beats_per_bar": 0}', "beats_per_bar 0"),
        ('{"beat_times_s": []}', "beat_times_s is empty"),
        ('{"beat_times_s": [1, 0.5]}', "0.5 s is not after 1 s"),
        ('{"beat_times_s": [1, 2], "downbeat_times_s": [1.5]}', "none of downbeat_times_s"),
    ],
)
def test_what_is_no_tempo_map_is_refused(tmp_path: Path, text: str, message: str):
    with pytest.raises(ValueError, match=message) as error:
        read_tempo_map(write(tmp_path / "a.json", text), 5.0)
    assert "a.json" in str(error.value)


def test_folders_are_groups_and_every_form_is_found(tmp_path: Path):
    for name in ("one.wav", "smc/SMC_001.wav", "table/b.flac", "game/hit/song.ogg", "game/hit/guitar.ogg"):
        write_silence(tmp_path / name)
    write(tmp_path / "one.beats", "0.5\n1\n")
    write(tmp_path / "smc/SMC_001_2_1_1_a.txt", "0.5\n1\n")
    write(tmp_path / "table/clips.csv", "clip;bpm;offset_s;beats_per_bar\nb;120;0.25;3\n")
    write_midi(tmp_path / "game/hit/notes.mid", tempo(120))
    found = find_clips((tmp_path,))
    assert {clip.name: clip.group for clip in found.clips} == {
        f"{tmp_path.name}/one": tmp_path.name,
        "game/hit": "game",
        "smc/SMC_001": "smc",
        "table/b": "table",
    }
    read = {clip.name: clip.read() for clip in found.clips}
    assert read["table/b"][2].times_s[:2].tolist() == [0.25, 0.75]
    assert read["table/b"][2].places[:4].tolist() == [0, 1, 2, 0]
    assert len(read["game/hit"][0]) == 4 * RATE_HZ
    two = find_clips((tmp_path / "smc", tmp_path / "game"))
    assert [clip.group for clip in two.clips] == ["smc", "game"]


def test_the_parts_of_a_game_are_heard_together(tmp_path: Path):
    for name, level in (("song.ogg", 0.25), ("guitar.ogg", 0.5)):
        write_sound(tmp_path / name, np.full(2 * RATE_HZ, level, np.float32), RATE_HZ)
    write_midi(tmp_path / "notes.mid", tempo(120))
    (clip,) = find_clips((tmp_path,)).clips
    samples, rate_hz, truth = clip.read()
    assert rate_hz == RATE_HZ
    assert np.median(samples) == pytest.approx(0.75, abs=0.05)
    assert truth.times_s.tolist() == [0, 0.5, 1, 1.5]


def test_a_name_that_goes_on_is_not_taken_from_another_sound(tmp_path: Path):
    for name in ("song.wav", "song_2.wav"):
        write_silence(tmp_path / name)
    write(tmp_path / "song_2.beats", "0.5\n1\n")
    found = find_clips((tmp_path,))
    assert [clip.sounds[0].name for clip in found.clips] == ["song_2.wav"]
    assert [path.name for path in found.without_beats] == ["song.wav"]


def test_a_folder_without_clips_says_what_is_wanted(tmp_path: Path):
    with pytest.raises(ValueError, match="there is no such folder"):
        find_clips((tmp_path / "none",))
    with pytest.raises(ValueError, match=r"no sound \(\.wav"):
        find_clips((tmp_path,))
    write_silence(tmp_path / "a.wav")
    with pytest.raises(ValueError, match=r"none of its 1 sounds has beats; beats lie beside a sound as NAME\.beats"):
        find_clips((tmp_path,))


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("clip\na\n", r"lacks the columns \['bpm'\]"),
        ("clip,bpm\na,5\n", "line 2: '5' is no tempo"),
        ("clip,bpm\na,x\n", "line 2"),
    ],
)
def test_a_table_that_cannot_be_meant_is_refused(tmp_path: Path, table: str, message: str):
    write_silence(tmp_path / "a.wav")
    write(tmp_path / "clips.csv", table)
    with pytest.raises(ValueError, match=message):
        find_clips((tmp_path,))
