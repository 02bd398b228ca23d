"""From what value on something is a finding. Every limit has a unit and a reason."""

import math
from dataclasses import dataclass, fields

from data.movement.measured_figure import SIZE_FACTOR


@dataclass(frozen=True, kw_only=True)
class Thresholds:
    """Limits of an inspection; lengths and speeds are of a figure of 1.6 m, others are measured in proportion."""

    jump_rad_s: float = 15.0
    """Angular speed of a joint in one frame beyond that of the 0.1 s around it. A popper's hit in AIST++ has 11.6, and
    at 30 frames a second 15 rad/s are 29 degrees in a frame."""
    place_jump_m_s: float = 3.0
    """The same for the hips' way: at 30 frames a second 10 cm in a frame. The wildest dance of AIST++ has 1.5."""
    fast_rad_s: float = 30.0
    """Angular speed that a joint keeps for three frames in a row. The bridge's stage allows no more; dance has 15."""
    fast_m_s: float = 12.0
    """Speed that a joint keeps for three frames. A boxer's fist has 10 m/s, the fastest foot of AIST++ 9."""
    fall_m_s2: float = 20.0
    """Downward acceleration of the whole body over 0.1 s: twice gravity's. Dance of AIST++ has 10 at most, leaps of CMU
    17 in one; at double speed those have 36 in the mean. What never leaves the floor may be below it at any speed."""
    under_floor_m: float = 0.05
    """Depth under the floor. Tips of feet are guessed to some centimetres."""
    floating_s: float = 0.8
    """Time without touching the floor. A jump of 0.78 m takes as long."""
    floating_m: float = 0.08
    """Height over the floor at which nothing touches it any more: an ankle's, should a foot have no tip."""
    floor_level_m: float = 0.1
    """Distance of the floor from height 0. A dancer learns heights, so this one flies."""
    foot_sliding_m_s: float = 0.6
    """Mean speed over the floor of feet that stand (within 3 cm of their lowest). Dance of AIST++, whose way over the
    floor is itself estimated, has 0.4 in the mean, optical capture 0.1 to 0.2."""
    limb_change: float = 0.05
    """Share of its length by which a bone changes, or is longer than on the other side."""
    frozen_s: float = 0.5
    """Time in which the joints' mean speed is below 1 mm/s: the same pose, repeated. Who stands still and
    breathes has 5 to 20."""
    unit_error: float = 0.01
    """Error of a length that should be one; six decimals in a file make 0.000001."""
    size_factor: float = SIZE_FACTOR
    """A figure taller than 1.6 m times this or shorter than 1.6 m by it is no grown person's: the unit is another."""
    rate_error: float = 0.005
    """Relative distance of a rate from the next usual one; broadcast's 29.97 is 0.001 from 30."""
    low_rate_hz: float = 20.0
    """Slowest motion that can be danced to: a step lasts 0.1 s."""
    silence_s: float = 1.0
    """Length of a silence. A break in a song is a bar at most, 2 s at 120 BPM, and its reverberation is no silence."""
    silence_dbfs: float = -60.0
    """Sound below this level, RMS over 50 ms, is silence: the level at which the dancer's gate opens."""
    clipped_share: float = 1e-4
    """Share of samples in runs of three or more at full scale; a loud master has some in its loudest beats."""
    length_s: float = 0.5
    """Difference of motion and sound: longer than a slip of the hand at the end of a recording."""
    tempo_error: float = 0.04
    """Relative difference of the tracker's tempo from the stated one, octaves taken off, which trackers confuse. 4 % is
    the tolerance of tempo contests."""
    duplicate_s: float = 2.0
    """Time that two clips have in common. They do where all joints are within 1 cm, root mean square, while moving."""

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if not math.isfinite(value) or (value <= 0 and field.name != "silence_dbfs"):
                raise ValueError(f"--limits.{field.name.replace('_', '-')} must be positive, not {value:g}")
        if not self.silence_dbfs < 0:
            raise ValueError(f"--limits.silence-dbfs is a level below full scale, negative, not {self.silence_dbfs:g}")
