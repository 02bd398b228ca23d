"""Double speed is seen by leaps, which gravity times; nothing is found at the true rate."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from data.dataset.recordings import read_motion
from data.inspection.motion_checks import GRAVITY_M_S2, too_heavy
from data.inspection.thresholds import Thresholds
from data.motion.motion import Motion
from data.movement.measured_figure import measure
from tests.data.faulty_clips import clean, moved

SHARED = Path(__file__).parents[3] / "shared/data"


def leaping(motion: Motion) -> Motion:
    """With a leap of 0.6 s each second, as high as gravity lets it be."""
    phase = np.arange(len(motion)) / motion.rate_hz % 1.0
    height = np.where(phase < 0.6, 0.5 * GRAVITY_M_S2 * phase * (0.6 - phase), 0.0)
    return moved(motion, height[:, None] * [0, 1, 0])


def findings(motion: Motion) -> list:
    return list(too_heavy(measure("clip", motion), Thresholds()))


def test_leaps_at_double_speed_are_found_and_at_true_speed_not() -> None:
    motion = leaping(clean())
    assert not findings(motion)
    found = findings(replace(motion, rate_hz=2 * motion.rate_hz))
    assert found
    assert found[0].value == pytest.approx(4 * GRAVITY_M_S2, rel=0.25)
    assert "twice the true rate" in found[0].message


def test_a_clip_of_a_few_frames_is_passed_over() -> None:
    motion = clean()
    assert not findings(replace(motion, root_positions=motion.root_positions[:3], rotations=motion.rotations[:3]))


@pytest.mark.skipif(not (SHARED / "cmu_dance").is_dir(), reason="real recordings are not here (../shared/data)")
def test_real_dance_falls_as_gravity_lets_it_and_leaps_at_double_speed_do_not() -> None:
    clips = [read_motion(path) for path in sorted((SHARED / "cmu_dance").glob("*.bvh"))]
    assert not [finding for clip in clips for finding in findings(clip)]
    doubled = [bool(findings(replace(clip, rate_hz=2 * clip.rate_hz))) for clip in clips]
    assert np.mean(doubled) >= 0.5
