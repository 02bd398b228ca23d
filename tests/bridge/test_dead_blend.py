"""Dead blending: a cut from any motion to any other, without a jump in place or in speed."""

from itertools import pairwise

import numpy as np
import pytest

from bridge.body.dead_blend import DeadBlend, Glide
from data.motion.motion import Pose
from data.motion.rotations import about_axis, angle_between

RATE_HZ = 30
BLEND = DeadBlend(rate_hz=RATE_HZ)


def turned(angle: float, x: float = 0.0) -> Pose:
    """One joint, turned about X; the root at x."""
    return Pose(np.array([x, 1, 0], np.float32), about_axis(0, angle).astype(np.float32)[None])


def test_what_glides_comes_to_rest():
    glide = Glide.of(turned(0.0), turned(0.1, x=0.05))
    places = []
    for _ in range(60):
        glide = glide.step(BLEND.decay)
        places.append(float(glide.pose.root_position[0]))
    steps = np.diff([0.05, *places])
    assert (np.diff(steps)[:20] < 0).all()  # slower and slower
    assert steps[0] == pytest.approx(0.05 * BLEND.decay, rel=1e-3)
    assert steps[-1] < 1e-6


@pytest.mark.parametrize(("speed", "goal"), [(0.0, 3.0), (6.0, -2.0), (-6.0, 0.5)])
def test_a_cut_is_crossed_without_a_jump_and_ends_at_the_goal(speed: float, goal: float):
    """A joint that turns at `speed` rad/s is to stand at `goal`."""
    last = turned(0.0)
    state = BLEND.begin(turned(-speed / RATE_HZ), last, turned(goal))
    shown = [last]
    while state is not None:
        pose, state = BLEND.step(turned(goal), state)
        shown.append(pose)
    speeds = np.array([angle_between(b.rotations, a.rotations)[0] for a, b in pairwise(shown)])
    assert speeds.max() * RATE_HZ < abs(speed) + 2.0 * BLEND.ease_rad_s
    assert np.abs(np.diff(speeds)).max() * RATE_HZ < 0.55 * max(abs(speed), 4.0)
    assert angle_between(shown[-1].rotations, turned(goal).rotations)[0] < 1e-6
    assert len(shown) - 1 <= RATE_HZ * max(BLEND.min_ease_s, abs(goal) / BLEND.ease_rad_s) + 1


def test_the_farther_the_root_has_to_go_the_longer_it_takes():
    near, far = (BLEND.begin(turned(0), turned(0), turned(0, x=x)).ease_s for x in (0.1, 3.0))
    assert near == BLEND.min_ease_s
    assert far == pytest.approx(2.0)
