"""Metrics of hours in a few kilobytes, and a summary for people and programs."""

import json
import math

import numpy as np
import pytest

from bridge.timing.metrics import Histogram, LatencyMeter, Percentiles, PerformanceSummary, PipelineTimes


def test_a_histogram_finds_percentiles_as_numpy_does_to_the_width_of_a_bin():
    values = np.random.default_rng(0).gamma(4, 3, 20_000)
    histogram = Histogram(limit=500, num_bins=10_000)
    for value in values:
        histogram.add(float(value))
    found = histogram.percentiles()
    assert found.p50 == pytest.approx(np.percentile(values, 50), abs=0.06)
    assert found.p99 == pytest.approx(np.percentile(values, 99), abs=0.06)
    assert found.max == pytest.approx(values.max())
    assert found.count == 20_000


def test_values_beyond_the_histogram_count_at_its_edges():
    histogram = Histogram(limit=10, num_bins=10)
    for value in (-5.0, 1e9, math.nan, math.inf):
        histogram.add(value)
    assert histogram.percentiles() == Percentiles(p50=1.0, p99=10.0, max=1e9, count=2)


def test_an_empty_histogram_has_zeros():
    assert Histogram().percentiles() == Percentiles(p50=0.0, p99=0.0, max=0.0, count=0)


def test_stages_add_up():
    times = PipelineTimes(capture_ms=34.0, features_ms=1.0, model_ms=5.0, send_ms=4.0)
    assert times.total_ms == 44.0
    meter = LatencyMeter()
    for _ in range(3):
        meter.add(times)
    assert meter.recent == times
    assert meter.percentiles()["total_ms"].p50 == pytest.approx(44.0, abs=0.06)


def test_a_summary_is_a_table_and_json_of_the_same_numbers():
    meter = LatencyMeter()
    meter.add(PipelineTimes(capture_ms=34.0, features_ms=1.0, model_ms=5.0, send_ms=4.0))
    summary = PerformanceSummary(
        seconds=60.0,
        checkpoint="default.safetensors",
        device="cpu",
        source="song.wav",
        targets=["vmc:127.0.0.1:39539"],
        frame_rate_hz=30,
        frames_sent=1800,
        deadlines_missed=3,
        deadlines_missed_percent=0.167,
        frames_danced=1700,
        frames_rejected=0,
        frames_skipped=0,
        send_errors=0,
        dropped_audio_s=0.0,
        silence_inserted_s=0.0,
        first_pose_s=0.01,
        ready_s=2.5,
        dancing_after_s=None,
        tick_late_ms=Percentiles(p50=0.1, p99=0.4, max=1.0, count=1800),
        memory_start_mb=400.0,
        memory_end_mb=401.0,
        latency=meter.percentiles(),
    )
    text = summary.to_text()
    assert "3 (0.167 %)" in text
    assert "vmc:127.0.0.1:39539" in text
    assert text.splitlines()[-1].split() == ["total", "44.00", "44.00", "44.00"]
    parsed = json.loads(json.dumps(summary.to_json()))
    assert parsed["latency"]["total_ms"]["p50"] == pytest.approx(44.0)
    assert parsed["deadlines_missed"] == 3
