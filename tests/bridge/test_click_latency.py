"""The click test: clicks are found again in whatever was heard, and followed through the whole bridge to their pose."""

import json
from pathlib import Path

import numpy as np
import pytest

from bridge.checks.click_latency import CLEAR_ONSET, STAGES, ClickTest, measure_clicks
from bridge.checks.clicks import MAX_GAP_S, MIN_GAP_S, find_onsets, match_onsets, render_clicks
from bridge.checks.probes import FrameTimes, Notes, ReceivedPose
from bridge.cli import main
from bridge.dancer.dancer_file import DancerFile
from bridge.sources.source import SoundBlock
from tests.ports import held_port
from tests.sound_card import DEVICE, SoundCard
from tests.tiny_dancer import write_tiny_dancer
from tests.waiting import GENEROUS_S

RATE_HZ = 48_000
FRAME_SAMPLES = RATE_HZ // 30


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_dancer(tmp_path_factory.mktemp("dancer") / "tiny.safetensors")


def test_clicks_are_irregular_and_the_same_for_the_same_seed():
    track = render_clicks(50, RATE_HZ, seed=1)
    gaps_s = np.diff(track.onsets) / RATE_HZ
    assert gaps_s.min() >= MIN_GAP_S - 1e-3
    assert gaps_s.max() <= MAX_GAP_S + 1e-3
    assert gaps_s.std() > 0.05
    np.testing.assert_array_equal(track.samples, render_clicks(50, RATE_HZ, seed=1).samples)
    assert (render_clicks(50, RATE_HZ, seed=2).onsets != track.onsets).any()
    assert np.abs(track.samples).max() <= 0.8
    with pytest.raises(ValueError, match="--clicks must be 1 or more, not 0"):
        render_clicks(0, RATE_HZ)


def test_every_click_of_a_cable_is_found_to_the_sample():
    track = render_clicks(40, RATE_HZ)
    np.testing.assert_array_equal(find_onsets(track.samples, RATE_HZ), track.onsets)
    np.testing.assert_array_equal(find_onsets(0.05 * track.samples + np.float32(0.1), RATE_HZ), track.onsets)


def test_clicks_are_found_in_a_room_with_echoes_and_noise():
    track = render_clicks(40, RATE_HZ)
    rng = np.random.default_rng(0)
    echo = rng.standard_normal(RATE_HZ // 5) * np.exp(-np.arange(RATE_HZ // 5) / (0.03 * RATE_HZ))
    echo[0] = 12.0
    room = np.convolve(track.samples, echo)[: len(track.samples)] / 40.0
    room += 0.002 * rng.standard_normal(len(room))
    own = match_onsets(track.onsets / RATE_HZ, (onsets := find_onsets(room.astype(np.float32), RATE_HZ)) / RATE_HZ)
    assert (own >= 0).all()
    assert np.abs(onsets[own] - track.onsets).max() < RATE_HZ // 1000


def test_nothing_is_found_where_nothing_clicks():
    noise = np.random.default_rng(0).standard_normal(4 * RATE_HZ).astype(np.float32)
    for silence in (noise, np.zeros_like(noise), noise[:10], noise[:0]):
        assert len(find_onsets(silence, RATE_HZ)) == 0


def test_clicks_differ_from_other_sounds_by_their_times():
    played_s = render_clicks(20, RATE_HZ).onsets / RATE_HZ
    kept = np.delete(np.arange(20), [3, 11])
    others_s = np.random.default_rng(0).uniform(0.0, 20.0, 15)
    heard_s = np.sort(np.concatenate([played_s[kept] + 0.137, others_s]))
    own = match_onsets(played_s, heard_s)
    np.testing.assert_allclose(heard_s[own[kept]], played_s[kept] + 0.137, atol=0.02)
    assert (match_onsets(played_s, np.zeros(0)) == -1).all()


def test_an_output_that_stumbles_loses_no_clicks_but_those_it_did_not_play():
    played_s = render_clicks(60, RATE_HZ).onsets / RATE_HZ
    heard_s = played_s + np.where(np.arange(60) < 35, 0.1, 0.163)
    kept = np.delete(np.arange(60), [34, 35])
    np.testing.assert_array_equal(match_onsets(played_s, heard_s[kept])[kept], np.arange(58))


def ideal_performance(num_clicks: int) -> tuple[Notes, list[ReceivedPose]]:
    """Sound in blocks of 10 ms from second 100 on, whose frames take known times on their way."""
    track = render_clicks(num_clicks, RATE_HZ)
    notes, poses = Notes(), []
    for start in range(0, len(track.samples), 480):
        samples = track.samples[start : start + 480]
        notes.blocks.append(SoundBlock(samples, 100_000_000 + (start + len(samples)) * 1_000_000 // RATE_HZ))
    for index in range(len(track.samples) // FRAME_SAMPLES):
        end_s = 100.0 + (index + 1) / 30
        notes.frames[index] = FrameTimes(end_s, end_s + 0.001, end_s + 0.003, end_s + 0.006)
        time_us = round(1e6 * (end_s + 0.010))
        notes.sent[time_us] = index
        poses.append(ReceivedPose(time_us=time_us, received_s=end_s + 0.0105, onset=0.0))
    return notes, poses


def test_a_click_is_followed_to_the_pose_of_the_frame_that_holds_it():
    track = render_clicks(12, RATE_HZ)
    notes, poses = ideal_performance(12)
    clicks = measure_clicks(
        track, 100.0 + track.onsets / RATE_HZ - 0.004, notes, poses, sample_rate_hz=RATE_HZ, frame_rate_hz=30
    )
    assert [click.number for click in clicks] == list(range(12))
    for click, onset in zip(clicks, track.onsets.tolist(), strict=True):
        assert click.frame == onset // FRAME_SAMPLES
        assert click.frame_ms == pytest.approx((FRAME_SAMPLES - onset % FRAME_SAMPLES) / 48, abs=0.01)
        assert click.capture_ms == pytest.approx(1.0, abs=0.01)
        assert click.features_ms == pytest.approx(2.0, abs=0.01)
        assert click.model_ms == pytest.approx(3.0, abs=0.01)
        assert click.wait_ms == pytest.approx(4.0, abs=0.01)
        assert click.send_ms == pytest.approx(0.5, abs=0.01)
        assert click.hardware_ms == pytest.approx(4.0, abs=0.01)
        assert click.total_ms == pytest.approx(click.frame_ms + 10.5, abs=0.01)
        assert click.told_ms is None


def test_a_pose_that_was_never_sent_leaves_its_click_to_the_next():
    track = render_clicks(3, RATE_HZ)
    notes, poses = ideal_performance(3)
    skipped = int(track.onsets[1]) // FRAME_SAMPLES
    poses = [pose for pose in poses if notes.sent[pose.time_us] != skipped]
    played_s = np.full(3, np.nan)
    clicks = measure_clicks(track, played_s, notes, poses, sample_rate_hz=RATE_HZ, frame_rate_hz=30)
    assert clicks[1].frame == skipped + 1
    assert clicks[1].frame_ms > 1000 / 30
    assert clicks[1].hardware_ms is None


def test_sound_that_was_replaced_by_silence_gives_no_false_times():
    notes, poses = ideal_performance(3)
    for frame in notes.frames.values():
        frame.end_s += 0.5
    track, played_s = render_clicks(3, RATE_HZ), np.full(3, np.nan)
    assert measure_clicks(track, played_s, notes, poses, sample_rate_hz=RATE_HZ, frame_rate_hz=30) == []
    assert measure_clicks(track, played_s, Notes(), [], sample_rate_hz=RATE_HZ, frame_rate_hz=30) == []


@pytest.fixture
def patient_test(monkeypatch: pytest.MonkeyPatch) -> None:
    """The output holds so much sound, and the input is waited for so long, that a busy machine loses none."""
    monkeypatch.setattr("bridge.sources.playback._LATENCY_S", 0.9)
    monkeypatch.setattr("bridge.checks.probes._OPENING_S", GENEROUS_S)


@pytest.mark.soundcard
@pytest.mark.realtime
@pytest.mark.usefixtures("patient_test")
def test_every_click_becomes_a_pose_and_its_time_is_accounted_for(sound_card: SoundCard, tiny: Path):
    report = ClickTest(
        dancer=DancerFile.open(tiny), input=DEVICE, output=DEVICE, num_clicks=8, device="cpu", seed=3
    ).run()
    print(report.to_text())
    summary = report.summary
    print(summary.to_text())
    assert summary.problem is None
    numbers = [click.number for click in report.clicks]
    assert numbers == sorted({*numbers} & {*range(8)})
    assert report.rows["total_ms"].count == len(numbers)
    for click in report.clicks:
        assert sum(getattr(click, stage) for stage in STAGES) == pytest.approx(click.total_ms, abs=1e-9)
        assert click.frame_ms > 0.0
        for stage in ("features_ms", "model_ms", "wait_ms", "send_ms"):
            assert getattr(click, stage) >= 0.0
        assert click.hardware_ms is not None
        assert click.onset_before is not None
        assert click.told_ms is None or click.told_ms >= click.total_ms
    if summary.dropped_audio_s or summary.silence_inserted_s or summary.frames_skipped or summary.num_rests:
        return  # The machine was too busy to dance, and says so. Then a click may have been lost with its frame.
    assert numbers == list(range(8))
    assert report.is_complete
    assert report.danced_percent > 95.0
    for click in report.clicks:
        # What was sent over the network agrees, and knows nothing of how the pose was found: no onset before the click,
        # one with its pose or, if the click came at the end of a frame, with the next.
        assert click.onset_before < CLEAR_ONSET
        assert click.told_ms is not None or summary.deadlines_missed, "its pose was followed by others at once"
        if 15.0 < click.frame_ms <= 1000 / 30:
            assert click.onset is not None
            assert click.onset >= CLEAR_ONSET
            assert click.told_ms == click.total_ms


@pytest.mark.soundcard
@pytest.mark.realtime
@pytest.mark.usefixtures("patient_doctor", "patient_test")
def test_the_doctor_prints_the_table_of_clicks(
    sound_card: SoundCard, tiny: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    code = 0
    with held_port() as nobody:
        try:
            main(
                [
                    "doctor", "--click", "--clicks", "3", "--input", DEVICE, "--output", DEVICE, "--checkpoint",
                    str(tiny), "--device", "cpu", "--control", "None", "--no-record", "--json",
                    str(tmp_path / "clicks.json"), "--target", f"dance:127.0.0.1:{nobody}",
                ]
            )  # fmt: skip
        except SystemExit as end:
            code = end.code
    out = capsys.readouterr().out
    report = json.loads((tmp_path / "clicks.json").read_text())["clicks"]
    found = len(report["clicks"])  # fewer than all where the sound server was kept waiting, of which nobody is told
    assert f"{found} of 3 clicks found again: pulse to pulse" in out
    assert ("to the first pose that knows of it" in out) == (found > 0)
    assert set(report["stages"]) >= {*STAGES, "total_ms"}
    assert code == (found < 3)
    assert {"dropped_audio_s", "silence_inserted_s", "frames_skipped", "num_rests"} <= set(report["performance"])


@pytest.mark.soundcard
@pytest.mark.realtime
def test_an_output_that_is_not_there_is_named(sound_card: SoundCard, tiny: Path):
    with pytest.raises(ValueError, match="'harp' is no device for sound output"):
        ClickTest(dancer=DancerFile.open(tiny), input=DEVICE, output="harp").run()
