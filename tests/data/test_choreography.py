"""Clips at bar lines: whole bars, any tempo, and the beat where it was danced."""

from pathlib import Path

import numpy as np
import pytest

from data.dataset.choreography import (
    Choreographer,
    Clip,
    ClipEntry,
    Phrase,
    make_clip,
    play,
    playable_beats,
    read_clip_table,
    whole_bars,
)
from data.dataset.recordings import read_motion
from data.motion.joinable_motion import JoinableMotion, Joint, join
from data.motion.motion import Motion
from tests.clip_maker import CLIPS, dancing

JOINT = Joint(before_s=0.25, after_s=0.25)


@pytest.fixture(scope="module")
def clips() -> list[Clip]:
    return [
        make_clip(dancing(bpm, 16, seed), ClipEntry(name, genre, group, bpm), 30)
        for seed, (name, genre, group, bpm) in enumerate(CLIPS)
    ]


def performed(phrases: list[Phrase], bpm: float, rate_hz: float = 30.0) -> tuple[Motion, np.ndarray]:
    """The joined motion over all beats of the phrases, and every frame's beat."""
    num_beats = sum(phrase.clip.num_beats for phrase in phrases)
    beats = np.arange(0, num_beats - 1e-9, bpm / 60 / rate_hz)
    parts = play(phrases, beats, bpm)
    return join(parts, [JOINT] * (len(parts) - 1)).to_motion(), beats


def beat_vector(motion: Motion, beats: np.ndarray) -> complex:
    """How the joints' speed depends on the beat: angle 0 for slowest on the beat, length 0 to 1."""
    speeds = np.linalg.norm(np.diff(motion.global_positions(), axis=0), axis=-1).mean(axis=1)
    between = (beats[1:] + beats[:-1]) / 2
    deviations = speeds - speeds.mean()
    return complex(-np.sum(deviations * np.exp(-2j * np.pi * between)) / np.sum(np.abs(deviations)))


@pytest.mark.parametrize(("beats", "whole"), [(16.0, 16), (15.97, 16), (16.03, 16), (26.67, 24), (33.33, 32), (3.5, 0)])
def test_clips_count_whole_bars_only(beats: float, whole: int) -> None:
    assert whole_bars(beats) == whole


def test_a_clip_shorter_than_a_bar_is_refused() -> None:
    with pytest.raises(ValueError, match=r"3\.0 beats at 120 BPM"):
        make_clip(dancing(120, 3), ClipEntry("short", "HO", "a", 120), 30)


@pytest.mark.parametrize("bpm", [104.0, 115.0, 127.3])
def test_chained_and_stretched_clips_stay_on_the_beat(clips: list[Clip], bpm: float) -> None:
    phrases = [Phrase(clips[0], False), Phrase(clips[1], True), Phrase(clips[3], False), Phrase(clips[2], False)]
    vector = beat_vector(*performed(phrases, bpm))
    assert np.abs(vector) > 0.5
    assert abs(np.angle(vector)) < 2 * np.pi * 0.04


def test_seams_have_no_velocity_spike(clips: list[Clip]) -> None:
    chain = Choreographer(clips, stretch=1.15, may_mirror=True).phrases("HO", 117, 64, np.random.default_rng(1))
    motion, beats = performed(chain, 117)
    speeds = np.linalg.norm(np.diff(motion.global_positions(), axis=0), axis=-1).max(axis=1)
    to_bar_line = np.abs((beats[1:] + 8) % 16 - 8) * 60 / 117
    assert speeds[to_bar_line < 0.3].max() < 1.5 * speeds[to_bar_line > 0.5].max()


def test_a_choreographer_keeps_to_genre_and_tempo(clips: list[Clip]) -> None:
    choreographer = Choreographer(clips, stretch=1.1, may_mirror=True)
    rng = np.random.default_rng(0)
    for _ in range(20):
        genre = choreographer.genre(rng)
        bpm = choreographer.tempo_bpm(genre, rng)
        phrases = choreographer.phrases(genre, bpm, 40, rng)
        assert sum(phrase.clip.num_beats for phrase in phrases) >= 40
        for phrase in phrases:
            assert phrase.clip.entry.genre == genre
            assert 1 / 1.1001 < bpm / phrase.clip.entry.bpm < 1.1001


def test_every_clip_gets_its_turn(clips: list[Clip]) -> None:
    choreographer = Choreographer(clips, stretch=1.2, may_mirror=True)
    rng = np.random.default_rng(0)
    names = [
        phrase.clip.entry.clip
        for _ in range(30)
        for genre in ("HO", "PO")
        for phrase in choreographer.phrases(genre, choreographer.tempo_bpm(genre, rng), 32, rng)
    ]
    counts = [names.count(clip.entry.clip) for clip in clips]
    assert min(counts) > 0.4 * max(counts)


def test_without_mirrors_nobody_is_mirrored(clips: list[Clip]) -> None:
    phrases = Choreographer(clips, stretch=1.0, may_mirror=False).phrases("PO", 100, 64, np.random.default_rng(0))
    assert {phrase.mirrored for phrase in phrases} == {False}
    assert {phrase.clip.entry.bpm for phrase in phrases} == {100.0}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("clip,genre,bpm\na,HO,120\n", "lacks the columns"),
        ("clip,genre,group,bpm\na,HO,g,fast\n", "line 2: 'fast' is no tempo"),
        ("clip,genre,group,bpm\na,HO,g,0\n", "no tempo"),
        ("clip,genre,group,bpm\na,HO,g,120\na,HO,g,120\n", "names a twice"),
    ],
)
def test_a_wrong_table_says_what_is_wrong(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "clips.csv").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        read_clip_table(tmp_path / "clips.csv")


def test_real_dance_keeps_its_place_in_the_beat(shared_data: Path) -> None:
    folder = shared_data / "aistpp_bvh"
    entries = [entry for entry in read_clip_table(folder / "clips.csv") if entry.genre in ("HO", "LH", "PO")][::4]
    clips = {e.clip: make_clip(read_motion(folder / f"{e.clip}.bvh"), e, 30) for e in entries}
    alone = {name: beat_vector(*performed([Phrase(clip, False)], clip.entry.bpm)) for name, clip in clips.items()}
    choreographer = Choreographer(list(clips.values()), stretch=1.15, may_mirror=True)
    rng = np.random.default_rng(3)
    chained, expected = [], []
    danced_speeds, seam_speeds = [], []
    for _ in range(8):
        genre = choreographer.genre(rng)
        bpm = choreographer.tempo_bpm(genre, rng)
        phrases = choreographer.phrases(genre, bpm, 48, rng)
        motion, beats = performed(phrases, bpm)
        chained.append(beat_vector(motion, beats))
        expected.append(np.mean([alone[phrase.clip.entry.clip] for phrase in phrases]))
        speeds = np.linalg.norm(np.diff(motion.global_positions(), axis=0), axis=-1).max(axis=1) * 30
        at_seam = (np.abs((beats[1:] + 8) % 16 - 8) * 60 / bpm < 0.25) & (beats[1:] > 1)
        danced_speeds.append(np.percentile(speeds[~at_seam], 99))
        seam_speeds.append(np.percentile(speeds[at_seam], 99))
    agreement = np.vdot(expected, chained) / np.vdot(expected, expected)
    assert abs(np.angle(agreement)) < 2 * np.pi * 0.05, "the beat has moved"
    assert np.abs(agreement) > 0.7, "the beat has been washed out"
    assert np.median(seam_speeds) < 1.2 * np.median(danced_speeds)


def test_a_clip_may_lack_the_last_frame_of_its_last_beat() -> None:
    clip = make_clip(dancing(125, 15.97), ClipEntry("short", "HO", "a", 125), 30)
    assert clip.num_beats == 16
    (part,) = play([Phrase(clip, False)], np.array([15.0, 15.9, 15.99]), 125)
    assert isinstance(part, JoinableMotion)
    assert np.linalg.norm(part.rotations, axis=-1) == pytest.approx(1.0)


@pytest.mark.parametrize("rate_hz", [24.0, 30.0, 60.0])
@pytest.mark.parametrize("bpm", [60.0, 81.5, 97.3, 120.0, 171.0])
def test_every_beat_that_a_clip_counts_can_be_played_whatever_its_length(bpm: float, rate_hz: float) -> None:
    """Clips are cut a few frames short of a bar line by hand; the last bar is played, or it does not count."""
    for missing in np.linspace(-0.02, 0.2, 12):
        motion = dancing(bpm, 8 - missing, 1, rate_hz)
        clip = make_clip(motion, ClipEntry("clip", "HO", "group", bpm), rate_hz)
        assert clip.num_beats in (4, 8)
        beats = np.arange(0, clip.num_beats, 0.01)
        (part,) = play([Phrase(clip, False)], beats, bpm)
        assert len(part) == len(beats)
    assert playable_beats(len(dancing(bpm, 8, 1, rate_hz).rotations), rate_hz, bpm) == 8
