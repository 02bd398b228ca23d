"""Liveliness: notices that a dance has come to a stand, or hangs in the air, and says how much it must be roused."""

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bridge.control.controls import Controls

Positions = NDArray[np.float32]


@dataclass(frozen=True, kw_only=True)
class Liveliness:
    """Watches the speed of a dance and rouses it when it is about to stand; its own configuration.

    The speed is that of the joints in the room, averaged over `average_s`. Below `slow_m_s` the dance is roused more
    and more, fully after `rise_s`; above `lively_m_s` it is let go again, within `fall_s`; in between nothing changes.
    A dance that stands although it has been roused fully for `patience_s` is to be begun from another pose. One that
    begins, from a pose at rest, is roused by `first_rousing` until it is lively, and then no more, within `begun_s`.
    One that folds up both legs under hips that stay up, which the ground then lets down on its knees, does not find its
    feet again for many seconds: after `hang_s` it is to be begun anew too. Pure.

    Example:
        >>> watch = Liveliness(rate_hz=30)
        >>> state = watch.initial_state()
        >>> for _ in range(30):
        ...     state = watch.step(np.zeros((19, 3), np.float32), state)
        >>> state.rousing > 0.9, state.must_restart
        (True, False)
    """

    rate_hz: float
    average_s: float = 0.3
    slow_m_s: float = 0.35
    lively_m_s: float = 0.5
    rise_s: float = 0.5
    fall_s: float = 3.0
    patience_s: float = 0.6
    first_rousing: float = 2.0
    begun_s: float = 0.6
    hang_m: float = 0.2
    hang_s: float = 1.0

    def initial_state(self) -> "LivelinessState":
        """A dance that is about to begin; whether it stands is not known yet."""
        return replace(self.at_rest(), first_rousing=self.first_rousing)

    def at_rest(self) -> "LivelinessState":
        """Nobody is to be roused."""
        return LivelinessState(positions=None, speed_m_s=self.lively_m_s, rousing=0.0, roused_s=0.0)

    def step(
        self,
        positions: Positions,
        state: "LivelinessState",
        energy: float = math.nan,
        lowered_m: float = 0.0,
        style_share: float = 1.0,
    ) -> "LivelinessState":
        """Sees one pose of the dance.

        Args:
            positions: Of the joints in the room, (joints, 3), metres.
            state: From the step before.
            energy: That was asked for, 0 to 1; less than average is what a calm dance is measured by. NaN for none.
            lowered_m: By how much the ground lets the body down: some 0.08 m at most of a dance on its feet, 0.4 m of
                one that hangs.
            style_share: How much the style moves beside the mean of all; one that is calm is measured by that.
        """
        calm = (1.0 if math.isnan(energy) else min(1.0, 0.5 + energy)) * min(1.0, style_share)
        if state.positions is None:
            return replace(state, positions=positions)
        moved_m = np.sqrt(np.square(positions - state.positions).sum(axis=-1)).mean()
        share = 1.0 - 0.5 ** (1.0 / (self.rate_hz * self.average_s * 0.7))
        speed_m_s = state.speed_m_s + share * (float(moved_m) * self.rate_hz - state.speed_m_s)
        rousing, first_rousing, roused_s = state.rousing, state.first_rousing, 0.0
        if speed_m_s < calm * self.slow_m_s:
            rousing = min(1.0, rousing + 1.0 / (self.rate_hz * self.rise_s))
            waited_s = 0.0 if state.must_restart else state.roused_s  # who begins anew has its time anew
            roused_s = waited_s + 1.0 / self.rate_hz if rousing == 1.0 else 0.0
        elif speed_m_s > calm * self.lively_m_s:
            rousing = max(0.0, rousing - 1.0 / (self.rate_hz * self.fall_s))
            first_rousing = max(0.0, first_rousing - self.first_rousing / (self.rate_hz * self.begun_s))
        hung_s = state.hung_s + 1.0 / self.rate_hz if lowered_m > self.hang_m and not state.must_restart else 0.0
        must_restart = roused_s > self.patience_s or hung_s > self.hang_s
        return LivelinessState(positions, speed_m_s, rousing, roused_s, must_restart, first_rousing, hung_s)


@dataclass(frozen=True, eq=False)
class LivelinessState:
    """What is known of a dance's speed.

    Attributes:
        positions: Of the joints in the pose before; None before the first.
        speed_m_s: Mean speed of the joints of late.
        rousing: How much the dance must be roused, 0 to 1.
        roused_s: For how long it has stood although it is roused fully.
        must_restart: That is too long, or it has hung for too long.
        first_rousing: How much it must be roused because it begins.
        hung_s: For how long it has hung in the air.
    """

    positions: Positions | None
    speed_m_s: float
    rousing: float
    roused_s: float
    must_restart: bool = False
    first_rousing: float = 0.0
    hung_s: float = 0.0

    @property
    def strength(self) -> float:
        """How much the dance is roused for either reason: 0 to 1, and more at its beginning."""
        return max(self.rousing, self.first_rousing)


def is_calm_requested(controls: Controls) -> bool:
    """Whether the performer has asked for a dance that hardly moves, or not at all."""
    is_hardly_moving = controls.energy is not None and controls.energy <= 0.1
    return is_hardly_moving or controls.temperature < 0.05 or controls.freeze or controls.idle
