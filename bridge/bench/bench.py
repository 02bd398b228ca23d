"""The bench: this machine against the budgets of the design, and against the original's figures where they exist."""

import contextlib
import importlib.metadata
import os
import platform
import socket
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final, cast

import numpy as np
from numpy.typing import NDArray
from rich.console import Console

from bridge.bench.bench_dance import measure_dance
from bridge.bench.bench_table import BenchReport, Measurement, time_in_turn_ms, time_ms
from bridge.bench.bench_viewers import measure_audience, perform_before_an_audience
from bridge.dancer.backends import Backend
from bridge.dancer.dancer_file import DancerFile
from bridge.performance import Performance
from bridge.sources.file import FileSource
from bridge.timing.metrics import PerformanceSummary
from bridge.wire.outputs import Outputs
from bridge.wire.target import Target
from bridge.wire.targets import UdpTargets
from data.formats.sound_file import read_sound
from data.motion.idle import IdleMotion
from data.motion.skeleton import Skeleton
from data.sound.audio_features import AudioFeatures, AudioFeaturesConfig
from models.files.checkpoint_header import ONNX_SUFFIX

if TYPE_CHECKING:
    from bridge.engine.engine import Engine
    from models.fast_step.fast_stepper import FastStepper
    from models.files.onnx_stepper import OnnxStepper
    from models.step.stepper import DancerStepper

    Stepper = DancerStepper | OnnxStepper | FastStepper

ORIGINAL_STEP_MS: Final = "236.5 on 2 threads, 413.7 on 1"
"""Median of the original repository's code at the published size (122 M parameters, 260 tokens recomputed each frame)
on two cores of an AMD EPYC (Zen 5) without GPU."""

TORCH_STEP: Final = "one step of the dancer, PyTorch"
FAST_STEP: Final = "one step of the dancer, the fast step"
ONNX_STEP: Final = "one step of the dancer, ONNX Runtime"


def measure_features(song: Path, rate_hz: int, seconds: float = 20.0) -> Measurement:
    """Cost of the sound features: processor time for each second of sound, in percent of one core."""
    samples, sample_rate_hz = read_sound(song)
    samples = samples[: round(seconds * sample_rate_hz)]
    features = AudioFeatures(AudioFeaturesConfig(sample_rate_hz=sample_rate_hz, rate_hz=rate_hz))
    state = features.initial_state()
    block = sample_rate_hz // 100  # ten milliseconds, as a sound card gives them
    begin_s = time.thread_time()
    for start in range(0, len(samples), block):
        _, state = features.step(samples[start : start + block], state)
    share = (time.thread_time() - begin_s) / (len(samples) / sample_rate_hz)
    return Measurement(what="sound features", unit="% of a core", p50=100.0 * share, budget_p50=2.0)


def stepped_by(stepper: "Stepper", count: int = 300) -> Callable[[], None]:
    """What dances one frame of an endless dance at each call."""
    from models.step.noise import frame_noise

    music = _some_music(stepper.music_dims, count)
    state: dict[str, Any] = {"dancer": stepper.initial_state(0), "frame": 0}

    def step_dancer() -> None:
        frame = state["frame"] = state["frame"] + 1
        noise = frame_noise(0, frame, stepper.noise_dims)
        _, state["dancer"] = stepper.step(music[frame % count], state["dancer"], noise, 1.0)

    return step_dancer


def measure_engine(engine: "Engine", *, count: int = 300) -> Measurement:
    """Cost of the engine's step, the dancer's included."""
    from bridge.control.controls import Controls

    music, controls = _some_music(engine.music_dims, count), Controls(music_only=False)
    state: dict[str, Any] = {"engine": engine.initial_state(0), "frame": 0}

    def step_engine() -> None:
        frame = state["frame"] = state["frame"] + 1
        _, state["engine"] = engine.step(music[frame % count], -20.0, state["engine"], controls)

    p50_ms, p99_ms = time_ms(step_engine, count)
    note = f"decodes, blends, limits; on {engine.device_name}"
    return Measurement(what="the engine's step, dancer included", unit="ms", p50=p50_ms, p99=p99_ms, note=note)


def _some_music(dims: int, count: int) -> NDArray[np.float32]:
    return np.random.default_rng(0).standard_normal((count, dims)).astype(np.float32)


def measure_backends(dancer: DancerFile, *, device: str, cuda_graph: bool, count: int = 300) -> list[Measurement]:
    """The dancer's step by all that can step it here, in turn, so that a busy moment meets each of them."""
    rows: dict[Backend, dict[str, Any]] = {
        "fast": {"what": FAST_STEP, "budget_p50": 0.6, "budget_p99": 1.2},
        "torch": {"what": TORCH_STEP, "budget_p50": 5.0, "budget_p99": 10.0, "original": ORIGINAL_STEP_MS},
        "onnx": {"what": ONNX_STEP, "budget_p50": 1.5, "budget_p99": 3.0},
    }
    steppers: dict[Backend, Stepper] = {}
    reasons: dict[Backend, str] = {}
    for backend in rows:
        try:
            if backend == "torch" and dancer.path.suffix.lower() == ONNX_SUFFIX:
                raise ValueError("an .onnx file holds nothing for PyTorch")
            own = dancer if dancer.backend == backend else DancerFile.open(dancer.path, backend)
            own_device = device if backend == "torch" else "cpu"
            steppers[backend] = own.load_stepper(device=own_device, cuda_graph=cuda_graph)
        except ValueError as error:
            reasons[backend] = f"not measured: {error}"
    times = time_in_turn_ms([stepped_by(stepper, count) for stepper in steppers.values()], count)
    found = dict(zip(steppers, times, strict=True))
    report = []
    for backend, row in rows.items():
        if backend in reasons:
            report.append(Measurement(unit="ms", note=reasons[backend], **row))
            continue
        stepper, (p50_ms, p99_ms) = steppers[backend], found[backend]
        note = f"{stepper.num_parameters / 1e6:.1f} M parameters on {stepper.device_name}"
        if backend != "torch" and "torch" in found:
            note += f"; {found['torch'][0] / p50_ms:.1f} times as fast as PyTorch"
        report.append(Measurement(unit="ms", p50=p50_ms, p99=p99_ms, note=note, **row))
        if backend == "torch":
            report += _measure_stages(cast("DancerStepper", stepper), count)
    return report


def _measure_stages(stepper: "DancerStepper", count: int) -> list[Measurement]:
    """Where the step's time goes, for the model whose stages are known apart."""
    import torch

    from models.streaming.streaming_transflower import StreamingTransflower

    model = stepper.model
    if not isinstance(model, StreamingTransflower):
        return []
    token = torch.zeros(1, model.config.dims, device=stepper.device)
    latent = torch.zeros(1, model.config.pose_dims, device=stepper.device)
    transformer, flow = model.transformer, model.folded
    assert flow is not None, "a stepper's model is in evaluation mode"
    with torch.inference_mode():
        cache = transformer.initial_cache(1)
        context, _ = transformer.step(token, cache)
        transformer_ms = time_ms(lambda: transformer.step(token, cache), count)
        flow_ms = time_ms(lambda: flow(latent, context), count)
    return [
        Measurement(what="  of which transformer", unit="ms", p50=transformer_ms[0], p99=transformer_ms[1]),
        Measurement(what="  of which flow", unit="ms", p50=flow_ms[0], p99=flow_ms[1]),
    ]


def measure_sending(skeleton: Skeleton, rate_hz: int, targets: tuple[Target, ...], count: int = 2000) -> Measurement:
    """Cost of encoding a pose for both protocols and of handing it to the network stack."""
    idle = IdleMotion(skeleton, rate_hz)
    pose, _ = idle.step(idle.initial_state(0))
    with UdpTargets(targets) as sockets:
        outputs = Outputs(skeleton, sockets, rate_hz=rate_hz, start_s=0.0)
        p50_ms, p99_ms = time_ms(lambda: outputs.send_pose(pose, 0.0), count)
    return Measurement(
        what="encode and send a pose to two targets", unit="us", p50=1e3 * p50_ms, p99=1e3 * p99_ms, budget_p50=50.0
    )


def measure_live(summary: PerformanceSummary) -> list[Measurement]:
    """Rows about a performance."""
    total = summary.latency["total_ms"]
    growth_mb = summary.memory_end_mb - summary.memory_start_mb
    return [
        Measurement(
            what="sound in to datagram out, live",
            unit="ms",
            p50=total.p50,
            p99=total.p99,
            budget_p50=60.0,
            budget_p99=80.0,
            note="from the frame's first sample, its own wait included",
        ),
        Measurement(
            what="deadlines missed",
            unit="%",
            p50=summary.deadlines_missed_percent,
            budget_p50=0.1,
            note=f"{summary.deadlines_missed} of {summary.frames_sent} in {summary.seconds:.0f} s",
        ),
        Measurement(
            what="memory grown",
            unit="MB",
            p50=growth_mb,
            note=f"from {summary.memory_start_mb:.0f} MB when ready",
        ),
        Measurement(what="first (idle) pose after the start", unit="s", p50=summary.first_pose_s, budget_p50=0.1),
        Measurement(what="first danced pose after sound", unit="s", p50=summary.dancing_after_s, budget_p50=1.0),
    ]


def bench(
    dancer: DancerFile,
    *,
    device: str,
    cuda_graph: bool,
    seconds: float,
    song: Path,
    console: Console,
    audience_s: float = 18.0,
) -> BenchReport:
    """Measures everything, one thing after the other; takes about two minutes beyond the live part.

    Args:
        dancer: Who dances.
        device: What the dancer runs on.
        cuda_graph: Whether a CUDA device captures the step as a graph.
        seconds: Length of the live part.
        song: What sounds in it.
        console: Where progress is printed.
        audience_s: Length of each of four performances, two of them for an audience; loading takes a part of it.

    Raises:
        ValueError: Something that a person can put right.
    """
    if seconds <= 0:
        raise ValueError(f"--seconds must be positive, not {seconds}")
    receivers = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2)]
    for receiver in receivers:
        receiver.bind(("127.0.0.1", 0))
    vmc_port, dance_port = (receiver.getsockname()[1] for receiver in receivers)
    targets = (Target("127.0.0.1", vmc_port, "vmc"), Target("127.0.0.1", dance_port, "dance"))
    try:
        with console.status("performing live, over the loopback network"), TemporaryDirectory() as takes:
            live = Performance(
                dancer=dancer,
                source=FileSource(song, loop=True),
                source_name=song.name,
                targets=targets,
                device=device,
                cuda_graph=cuda_graph,
                seconds=seconds,
                takes=Path(takes),  # as `perform` does, so that its cost is in
            ).run()
            dance = measure_dance(Path(takes))
        with console.status("performing for an audience of ten, and for nobody, in turn"):
            audience = measure_audience(
                *perform_before_an_audience(
                    dancer, song=song, targets=targets, device=device, cuda_graph=cuda_graph, seconds=audience_s
                )
            )
        with console.status("measuring the step"):
            steps = measure_backends(dancer, device=device, cuda_graph=cuda_graph)
            engine = measure_engine(dancer.load_engine(device=device, cuda_graph=cuda_graph))
        with console.status("measuring features and sending"):
            features = measure_features(song, dancer.rate_hz)
            sending = measure_sending(dancer.skeleton, dancer.rate_hz, targets)
    finally:
        for receiver in receivers:
            receiver.close()
    return BenchReport(
        machine=_machine(),
        measurements=[*measure_live(live), *audience, *steps, engine, features, sending],
        dance=dance,
        live=replace(live, take=None),  # it was kept for as long as it was measured
    )


def _machine() -> dict[str, Any]:
    """This machine, and the versions of what steps the dancer."""
    versions = {}
    for name in ("torch", "onnxruntime", "numba"):
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):
            versions[name] = importlib.metadata.version(name)
    load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "cores": os.cpu_count(),
        "load": load,
        "python": platform.python_version(),
        **versions,
    }
