"""A source that is paced by the clock and an engine that waves an arm by the sound's time: parts for a runner."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from bridge.control.controls import Controls
from bridge.engine.why import Standing
from bridge.sources.source import SoundBlock, SoundSource
from data.motion.humanoid import default_skeleton
from data.motion.motion import Pose
from data.motion.rotations import about_axis

RATE_HZ = 30
ARM = default_skeleton().index("LeftUpperArm")
SAMPLE_RATE_HZ = 48_000


class ClickTrack(SoundSource):
    """A source paced by the clock, in blocks of ten milliseconds; it can go away for a while, and it can end."""

    overflow_samples = 0
    gap_samples = 0
    notice = None
    sample_rate_hz = SAMPLE_RATE_HZ

    def __init__(self, end_s: float = math.inf, away_s: tuple[float, float] = (math.inf, math.inf)) -> None:
        self.end_s, self.away_s = end_s, away_s
        self.blocks = 0
        self.is_open = False

    @property
    def ended(self) -> bool:
        return not self.is_open or self.blocks * 0.01 >= self.end_s

    def start(self) -> None:
        self.is_open = True
        self.start_s = time.monotonic()

    def read(self, max_wait_s: float) -> SoundBlock | None:
        if self.ended:
            time.sleep(max_wait_s)  # simulated time passes only while all sleep
            return None
        due_s = (self.blocks + 1) * 0.01
        now_s = time.monotonic() - self.start_s
        if self.away_s[0] <= now_s < self.away_s[1]:
            time.sleep(max_wait_s)
            return None
        time.sleep(max(0.0, due_s - now_s))
        self.blocks += 1
        samples = np.random.default_rng(self.blocks).standard_normal(SAMPLE_RATE_HZ // 100).astype(np.float32)
        return SoundBlock(0.1 * samples, round((self.start_s + due_s) * 1e6))

    def stop(self) -> None:
        self.is_open = False


MUSIC = Standing(has_sound=True, is_music=True, is_judged=True)


@dataclass
class WavingState:
    frame: int = 0
    activity: str = "dancing"
    standing: Standing = MUSIC
    num_rejected: int = 0


class WavingEngine:
    """Waves an arm with 2 rad/s of the sound's time; can be late."""

    device_name = "nothing"

    def __init__(self, delay_s: Callable[[int], float] = lambda frame: 0.0) -> None:
        self.delay_s = delay_s
        self.levels: list[float] = []
        self.controls: list[Controls] = []

    def warm_up(self, num_steps: int = 4) -> int:
        return num_steps

    def give_up_dancer(self, state: WavingState) -> WavingState:
        return state

    def initial_state(self, seed: int = 0) -> WavingState:
        return WavingState()

    def step(self, frame: np.ndarray, level_dbfs: float, state: Any, controls: Controls) -> tuple[Pose, Any]:
        time.sleep(self.delay_s(state.frame))
        self.levels.append(level_dbfs)
        self.controls.append(controls)
        rotations = np.tile(np.array([0, 0, 0, 1], np.float32), (19, 1))
        rotations[ARM] = about_axis(2, 2.0 * state.frame / RATE_HZ)
        state.frame += 1
        return Pose(np.array([0, 0.9, 0], np.float32), rotations), state
