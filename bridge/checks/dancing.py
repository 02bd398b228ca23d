"""Whether the dancer's file opens, and whether this machine steps it fast enough."""

import math
import time
from dataclasses import replace
from typing import Final

import numpy as np

from bridge.checks.finding import CheckResult
from bridge.control.controls import Controls
from bridge.dancer.dancer_file import DancerFile
from models.step.style_names import find_style

_WARM_UP_STEPS: Final = 20
_BUSY_PART: Final = 0.6  # of a frame: the rest is for features, sending, and whatever else the machine does
_LEVEL_DBFS: Final = -20.0


def check_dancer(
    dancer: DancerFile, controls: Controls, *, device: str = "auto", cuda_graph: bool = True, seconds: float = 2.0
) -> list[CheckResult]:
    """Loads the dancer and lets it dance to noise as fast as it can.

    Args:
        dancer: Who dances.
        controls: The performer's requests.
        device: What it runs on.
        cuda_graph: Whether a CUDA device captures the step as a graph.
        seconds: How long it dances.
    """
    size_mb = dancer.path.stat().st_size / 1e6
    found = f"{dancer.path.name}, {size_mb:.1f} MB, {dancer.rate_hz} poses a second, {dancer.skeleton.num_joints} bones"
    findings = [CheckResult(check="dancer", verdict="ok", found=found)]
    try:
        style = None if controls.style is None else find_style(controls.style, dancer.styles)
        controls = replace(controls, style=style)
    except ValueError as error:
        findings.append(
            CheckResult(check="style", verdict="problem", found=str(error), advice="choose another --style")
        )
        controls = replace(controls, style=None)
    try:
        controls = controls.known_to(dancer.styles, dancer.seed_poses)
    except ValueError as error:
        advice = "choose another --seed-pose"
        findings.append(CheckResult(check="seed pose", verdict="problem", found=str(error), advice=advice))
        controls = replace(controls, seed_pose=None)
    try:
        engine = dancer.load_engine(device=device, cuda_graph=cuda_graph)
        engine.warm_up()
    except (ValueError, RuntimeError) as error:  # torch raises the latter when a driver refuses
        advice = "try --device cpu or --no-cuda-graph; a damaged dancer has to be copied or trained again"
        return [
            *findings,
            CheckResult(check="step", verdict="problem", found=str(error).splitlines()[0], advice=advice),
        ]
    rng = np.random.default_rng(0)
    controls = replace(controls, music_only=False)  # it dances to noise
    state = engine.initial_state(0)
    times_ms: list[float] = []
    end_s = math.inf
    while time.monotonic() < end_s or len(times_ms) <= _WARM_UP_STEPS:  # one at least is timed, however slow they are
        music = rng.standard_normal(engine.music_dims).astype(np.float32)
        begin_s = time.perf_counter()
        _, state = engine.step(music, _LEVEL_DBFS, state, controls)
        times_ms.append(1e3 * (time.perf_counter() - begin_s))
        if len(times_ms) == _WARM_UP_STEPS:
            end_s = time.monotonic() + seconds
    p50, p99 = (float(value) for value in np.percentile(times_ms[_WARM_UP_STEPS:], [50, 99]))
    return [*findings, judge_step(p50, p99, frame_ms=1e3 / dancer.rate_hz, device_name=engine.device_name)]


def judge_step(p50: float, p99: float, *, frame_ms: float, device_name: str) -> CheckResult:
    """What a step's median and 99th percentile, in milliseconds, mean for a dance of frames of this length."""
    found = f"p50 {p50:.1f} ms, p99 {p99:.1f} ms of a frame's {frame_ms:.1f} ms, on {device_name}"
    if p50 > frame_ms:
        advice = "this machine is too slow: take a GPU (--device), a smaller dancer, or end other programs"
        return CheckResult(check="step", verdict="problem", found=found, advice=advice)
    if p99 > _BUSY_PART * frame_ms:
        advice = f"more than {_BUSY_PART:.0%} of a frame: end other programs, switch off power saving, or take a GPU"
        return CheckResult(check="step", verdict="warning", found=found, advice=advice)
    return CheckResult(check="step", verdict="ok", found=found)
