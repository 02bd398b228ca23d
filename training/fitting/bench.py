"""``transflower-train bench``: frames of supervision a second, on long windows and with one target a window."""

import time
from dataclasses import dataclass
from statistics import median

import torch
import tyro

from models.networks.modalities import InputModality, Layout, OutputModality, WindowBatch
from models.networks.multimodal_encoder import EncoderSize
from models.step.dancer import DanceBatch, Dancer
from models.streaming.streaming_transflower import StreamingTransflower
from models.window.transflower import Transflower
from training.fitting.dancer_training import has_bfloat16

POSE_DIMS, MUSIC_DIMS = 118, 121


@dataclass(frozen=True, kw_only=True)
class TrainingBench:
    """Times optimiser steps of two models of equal size on the same number of frames of context, in turns.

    The `StreamingTransflower` learns every frame of its window at once. The original's regime, here by `Transflower`,
    encodes a window of poses and sound anew for every target. Inputs are random numbers: only time is measured, in
    bfloat16 where the device computes in it.

    Attributes:
        dims: Width of both.
        num_layers: Layers between the input and the flow.
        context_frames: Past that each sees.
        window_frames: Danced frames of a window of the streaming model.
        batch_size: Windows of a batch of the streaming model.
        window_batch_size: Windows of a batch of the other.
        repeats: Steps of each.
    """

    dims: int = 256
    num_layers: int = 6
    context_frames: int = 120
    window_frames: int = 180
    batch_size: int = 16
    window_batch_size: int = 32
    repeats: int = 7


@dataclass(frozen=True)
class Throughput:
    """What was measured of one model.

    Attributes:
        name: The regime.
        num_parameters: Size of the model.
        frames_per_s: Frames of supervision a second; median.
    """

    name: str
    num_parameters: int
    frames_per_s: float


def bench(options: TrainingBench) -> list[Throughput]:
    """Both throughputs, the streaming model's first."""
    device = "cuda" if torch.cuda.is_available() else "cpu"
    half = device == "cuda" or has_bfloat16()
    cases: list[tuple[str, Dancer, DanceBatch | WindowBatch]] = [
        ("long windows, every frame a target", *_streaming(options)),
        ("one target a window", *_one_target(options)),
    ]
    steps = []
    for _, dancer, batch in cases:
        dancer.to(device).train()
        steps.append((dancer, batch.to(device), torch.optim.AdamW(dancer.parameters(), 1e-4)))
    seconds: list[list[float]] = [[], []]
    for repeat in range(options.repeats + 1):
        for times, (dancer, batch, optimizer) in zip(seconds, steps, strict=True):
            started = time.perf_counter()
            with torch.autocast(device, torch.bfloat16, enabled=half):
                loss = dancer.loss(batch)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            if device == "cuda":
                torch.cuda.synchronize()
            if repeat:  # the first is a warm-up
                times.append(time.perf_counter() - started)
    return [
        Throughput(name, sum(p.numel() for p in dancer.parameters()), batch.num_targets / median(times))
        for (name, dancer, batch), times in zip(cases, seconds, strict=True)
    ]


def _streaming(options: TrainingBench) -> tuple[Dancer, DanceBatch]:
    config = StreamingTransflower.Config(
        pose_dims=POSE_DIMS,
        music_dims=MUSIC_DIMS,
        num_styles=10,
        dims=options.dims,
        num_layers=options.num_layers,
        window_frames=options.context_frames,
        flow_hidden_dims=options.dims,
    )
    size, frames = options.batch_size, options.window_frames
    batch = DanceBatch(
        pose=torch.randn(size, 2 + frames, POSE_DIMS),
        music=torch.randn(size, frames + config.future_frames, MUSIC_DIMS),
        style=torch.zeros(size, dtype=torch.int64),
        energy=torch.ones(size, frames),
        valid=torch.ones(size, frames),
    )
    return StreamingTransflower(config), batch


def _one_target(options: TrainingBench) -> tuple[Dancer, WindowBatch]:
    past, size = options.context_frames, options.window_batch_size
    layout = Layout(
        inputs=(
            InputModality(name="pose", dims=POSE_DIMS, frames=past),
            InputModality(name="audio", dims=MUSIC_DIMS, frames=past + 31),
        ),
        outputs=(OutputModality(name="pose", dims=POSE_DIMS, frames=1, offset=past),),
    )
    # One layer a modality and the rest across them: every token passes through `num_layers` layers, as in the other.
    encoder = EncoderSize(
        dims=options.dims, input_layers=1, cross_layers=options.num_layers - 1, mlp_dims=4 * options.dims
    )
    # A third of the width in each of eight coupling nets makes the two models equally large.
    narrow = options.dims // 16 * 5
    coupling = EncoderSize(dims=narrow, input_layers=1, cross_layers=0, mlp_dims=narrow)
    config = Transflower.Config(layout=layout, size=encoder, coupling=coupling, flow_steps=8)
    inputs = {item.name: torch.randn(size, item.frames, item.dims) for item in layout.inputs}
    known = {item.name: torch.ones(size, item.frames) for item in layout.inputs}
    outputs = {"pose": torch.randn(size, 1, POSE_DIMS)}
    return Transflower(config), WindowBatch(inputs=inputs, known=known, outputs=outputs)


def main(arguments: list[str]) -> None:
    """Entry point of ``transflower-train bench``."""
    options = tyro.cli(TrainingBench, args=arguments, prog="transflower-train bench", description=TrainingBench.__doc__)
    first, second = bench(options)
    for row in (first, second):
        print(f"{row.name:36} {row.num_parameters / 1e6:6.1f} M parameters {row.frames_per_s:9.0f} frames/s")
    print(f"{first.frames_per_s / second.frames_per_s:.1f} times as many frames of supervision a second")
