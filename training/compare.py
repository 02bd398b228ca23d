"""``transflower-train compare``: dancers side by side, on held-out dance and left alone with held-out music."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

import matplotlib
import numpy as np
import torch
import tyro
from numpy.typing import NDArray
from rich.progress import track
from torch import Tensor

from data.cluster import run_parallel
from data.json_file import write_json
from data.motion import Motion
from data.pose_codec import PoseCodec
from models import checkpoint
from models.checkpoint_header import read_header
from models.dancer import DanceBatch, Dancer
from models.flow_matcher import FlowMatcher
from models.modalities import WindowBatch
from models.pose_changes import PoseChanges
from models.residual_flower import ResidualFlower
from models.streaming_transflower import StreamingTransflower
from models.window_dancer import WindowDancer
from training import metrics
from training.dance_data import DanceDataModule
from training.data_module import DancerData
from training.modality_data import ModalityDataModule
from training.rollout import roll_out, sounding_excerpts
from training.windows import PreparedFolder


@dataclass(frozen=True, kw_only=True)
class Compare:
    """Measures dancers on the validation split of a prepared folder.

    The held-out loss stands beside that of the same architecture untrained, and beside a dancer who keeps its last
    pose: for likelihoods a Gaussian around that pose whose deviation is fitted, dimension by dimension, to the very
    windows it is measured on; for the squared error through noise of a `FlowMatcher` the best guess under it.
    Likelihoods are those of standardised poses; squared errors are in the units in which the dancer predicts. Models
    that predict more frames at once have a harder task, as their own constant pose shows. Then every dancer dances
    alone to a medley.

    Attributes:
        checkpoints: Dancers, .safetensors files.
        folder: Prepared folder.
        output: Report without ending: .json, .md and .png are written.
        max_frames: Held-out frames that are predicted, in windows spread evenly.
        seconds: Length of the dances.
        num_dances: Dances of each.
        seed: Seeds their noise.
        jobs: Processes; 0 takes every core.
    """

    checkpoints: tyro.conf.Positional[tuple[Path, ...]]
    folder: Path
    output: Annotated[Path, tyro.conf.arg(aliases=["-o"])]
    max_frames: int = 8192
    seconds: float = 120.0
    num_dances: int = 4
    seed: int = 0
    jobs: int = 0


@dataclass(frozen=True, kw_only=True)
class Result:
    """One dancer's row.

    Attributes:
        name: File and class.
        num_parameters: Size.
        minutes: Of training; None if the file does not tell.
        loss_name: ``nll`` in nats a dimension, or ``mse`` in variances.
        loss: Held-out.
        untrained: The same of fresh weights.
        constant_pose: The same of a dancer who keeps its last pose.
        speed_m_s: Mean joint speed of its dances, in the first and in the last quarter.
        longest_freeze_s: Longest stretch without motion.
        hips_height_m: Lowest and highest hips.
        jerk_m_s3: Mean jerk.
    """

    name: str
    num_parameters: int
    minutes: float | None
    loss_name: str
    loss: float
    untrained: float
    constant_pose: float
    speed_m_s: tuple[float, float]
    longest_freeze_s: float
    hips_height_m: tuple[float, float]
    jerk_m_s3: float


def compare(options: Compare) -> list[Result]:
    """Measures all dancers, and writes the report.

    Raises:
        ValueError: If no checkpoint is named, or one of them does not fit the folder.
    """
    if not options.checkpoints:
        raise ValueError("name at least one checkpoint")
    prepared = PreparedFolder.open(options.folder)
    for path in options.checkpoints:  # before the first has taken its minutes
        prepared.check_fits(read_header(path), path)
    codec = PoseCodec.from_dict(prepared.fingerprint["pose_codec"])
    num_frames = int(options.seconds * codec.rate_hz)
    medley, real = _medley(prepared, num_frames, codec)
    tasks = [_Task(path, options, medley, codec) for path in options.checkpoints]
    measured = run_parallel(_measure, tasks, jobs=options.jobs)
    rows = list(track(measured, description="dancers", total=len(tasks)))
    results = [row for row, _ in rows]
    curves = {row.name: speed for row, speed in rows}
    real_speed_m_s = float(np.mean([metrics.joint_speed(motion).mean() for motion in real]))
    real_jerk_m_s3 = float(np.mean([metrics.jerk(motion) for motion in real]))
    options.output.parent.mkdir(parents=True, exist_ok=True)
    report = {
        "folder": options.folder.name,
        "seconds": options.seconds,
        "num_dances": options.num_dances,
        "real": {"speed_m_s": real_speed_m_s, "jerk_m_s3": real_jerk_m_s3},
    }
    write_json(options.output.with_suffix(".json"), {**report, "dancers": [asdict(result) for result in results]})
    options.output.with_suffix(".md").write_text(markdown(results, real_speed_m_s, real_jerk_m_s3), encoding="utf-8")
    _plot(options.output.with_suffix(".png"), curves, real_speed_m_s, codec.rate_hz)
    return results


@dataclass(frozen=True)
class _Task:
    """A dancer to measure; see `compare`."""

    path: Path
    options: Compare
    music: NDArray[np.float32]
    codec: PoseCodec


def _measure(task: _Task) -> tuple[Result, NDArray[np.float64]]:
    """A dancer's row, and the joint speed of its dances, (frames,), m/s."""
    options = task.options
    loaded = checkpoint.load(task.path)
    dancer = loaded.model
    losses = held_out(dancer, options)
    music = np.repeat(task.music[None], options.num_dances, 0)
    vectors = roll_out(dancer, music, [None] * options.num_dances, seed=options.seed)
    motions = [task.codec.decode(dance) for dance in vectors]
    speeds = np.stack([metrics.joint_speed(motion) for motion in motions])
    heights = np.stack([motion.root_positions[:, 1] for motion in motions])
    quarter = speeds.shape[1] // 4
    row = Result(
        name=f"{type(dancer).__name__} ({'/'.join(task.path.with_suffix('').parts[-3:])})",
        num_parameters=sum(p.numel() for p in dancer.parameters()),
        minutes=(loaded.metadata.get("training") or {}).get("minutes"),
        loss_name=dancer.loss_name,
        **losses,
        speed_m_s=(float(speeds[:, :quarter].mean()), float(speeds[:, -quarter:].mean())),
        longest_freeze_s=max(metrics.longest_freeze_s(motion) for motion in motions),
        hips_height_m=(float(heights.min()), float(heights.max())),
        jerk_m_s3=float(np.mean([metrics.jerk(motion) for motion in motions])),
    )
    return row, speeds.mean(0)


def _medley(prepared: PreparedFolder, num_frames: int, codec: PoseCodec) -> tuple[NDArray[np.float32], list[Motion]]:
    """Held-out music in a row, (frames, music_dims), and the real dances to it."""
    excerpts = sounding_excerpts(prepared.sequences("val"), min(num_frames, int(15 * codec.rate_hz)))
    if not excerpts:
        raise ValueError(f"{prepared.path}: no excerpt of 15 s with music in the validation split")
    music = np.concatenate([np.asarray(excerpt.sequence.audio[excerpt.frames]) for excerpt in excerpts])
    music = np.tile(music, (-(-num_frames // len(music)), 1))[:num_frames]
    return music, [codec.decode(np.asarray(excerpt.sequence.pose[excerpt.frames])) for excerpt in excerpts]


def data_for(dancer: Dancer, folder: Path) -> DancerData:
    """The data module that feeds a dancer, connected to it."""
    windows = isinstance(dancer, WindowDancer)
    data: DancerData = ModalityDataModule(folder) if windows else DanceDataModule(folder)
    data.connect(dancer)
    return data


@torch.no_grad()
def held_out(dancer: Dancer, options: Compare) -> dict[str, Any]:
    """Held-out loss, that of the architecture untrained, and that of a constant pose; see `Compare`."""
    data = data_for(dancer, options.folder)
    fresh = type(dancer)(dancer.config).eval()
    data.fit_statistics(fresh)
    windows = data.windows("val")
    if not len(windows):
        raise ValueError(f"{options.folder}: no validation window is long enough")
    frames = data.collate([windows.window(0, None)]).num_targets
    chosen = np.unique(np.linspace(0, len(windows) - 1, max(1, options.max_frames // frames)).astype(int))
    sums, count, left, log_scales = np.zeros(2), 0, [], []
    for start in range(0, len(chosen), 16):
        batch = data.collate([windows.window(int(item), None) for item in chosen[start : start + 16]])
        for place, model in enumerate((dancer, fresh)):
            torch.manual_seed(start)  # for losses that draw noise
            sums[place] += batch.num_targets * float(model.held_out_loss(batch))
        count += batch.num_targets
        change, log_scale = _change(dancer, batch)
        left.append(change)
        log_scales.append(log_scale)
    # A density of changes in their own deviations is narrower by those in poses.
    narrower = float(torch.cat(log_scales).mean()) if dancer.loss_name == "nll" else 0.0
    losses = sums / count + narrower
    constant = _constant_pose_loss(dancer, torch.cat(left)) + narrower
    return {"loss": losses[0], "untrained": losses[1], "constant_pose": constant}


def _change(dancer: Dancer, batch: Any) -> tuple[Tensor, Tensor]:
    """What a constant pose leaves to predict, in the units in which the dancer predicts, and the logarithm of those.

    Both (rows, predicted frames * dims), of the frames whose last pose is known; units in standardised poses.
    """
    if isinstance(dancer, StreamingTransflower):
        assert isinstance(batch, DanceBatch)
        poses = (batch.pose - dancer.pose_mean) / dancer.pose_std
        left = ((poses[:, 2:] - poses[:, 1:-1]) / dancer.change_std)[batch.valid > 0]
        return left, dancer.change_std.log().expand(left.shape)
    assert isinstance(batch, WindowBatch)
    assert isinstance(dancer, WindowDancer)
    changes = PoseChanges(dancer.layout) if dancer.changes is None else dancer.changes
    window = dancer.standardise(batch)
    scales = changes.scales(window)
    lefts, log_scales = [], []
    for item in dancer.layout.fed_back:
        known = batch.known[item.name][:, item.frames - 1 :] > 0  # (batch, steps)
        last = window.inputs[item.name][:, item.frames - 1 :]
        scale = scales[item.name].expand_as(window.outputs[item.name])
        left = (window.outputs[item.name] - last) / scale
        steps = known.shape[1]
        lefts.append(left.unflatten(1, (steps, -1))[known].flatten(1))
        log_scales.append(scale.log().unflatten(1, (steps, -1))[known].flatten(1))
    return torch.cat(lefts, 1), torch.cat(log_scales, 1)


def _constant_pose_loss(dancer: Dancer, left: Tensor) -> float:
    squares = left.pow(2).mean(0).clamp_min(1e-8)
    if isinstance(dancer.residual if isinstance(dancer, ResidualFlower) else dancer, FlowMatcher):
        # It sees the pose through noise. This is the error of who knows just its distribution around the last pose.
        time = torch.linspace(0, 1, 1001)[:, None]
        noise = (1 - time) ** 2
        return float((squares * noise / (time**2 * squares + noise)).mean())
    if dancer.loss_name == "mse":
        return float(squares.mean())
    return float(0.5 * (math.log(2 * math.pi * math.e) + squares.log()).mean())


def markdown(results: list[Result], real_speed_m_s: float, real_jerk_m_s3: float) -> str:
    """The results as a table."""
    lines = [
        "| dancer | M parameters | minutes | loss | held-out | untrained | constant pose | speed, m/s | freeze, s "
        "| hips, m | jerk, m/s³ |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for row in results:
        minutes = "" if row.minutes is None else f"{row.minutes:.1f}"
        lines.append(
            f"| {row.name} | {row.num_parameters / 1e6:.1f} | {minutes} | {row.loss_name} | {row.loss:.3f} "
            f"| {row.untrained:.3f} | {row.constant_pose:.3f} | {row.speed_m_s[0]:.2f} to {row.speed_m_s[1]:.2f} "
            f"| {row.longest_freeze_s:.1f} | {row.hips_height_m[0]:.2f} to {row.hips_height_m[1]:.2f} "
            f"| {row.jerk_m_s3:.0f} |"
        )
    lines += [
        "",
        f"Speeds are of the first and of the last quarter of a dance. Real dance: {real_speed_m_s:.2f} m/s, "
        f"{real_jerk_m_s3:.0f} m/s³.",
    ]
    return "\n".join(lines) + "\n"


def _plot(path: Path, curves: dict[str, NDArray[np.float64]], real_speed_m_s: float, rate_hz: float) -> None:
    """Joint speed over the dances, a second's mean."""
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, axis = plt.subplots(figsize=(10, 5), layout="constrained")
    axis.axhline(real_speed_m_s, color="black", linestyle="--", label="real dance, mean")
    second = int(rate_hz)
    for name, speed in curves.items():
        means = speed[: len(speed) // second * second].reshape(-1, second).mean(1)
        axis.plot(np.arange(len(means)) + 0.5, means, label=name, linewidth=1.2)
    axis.set(xlabel="s", ylabel="mean joint speed, m/s", title="Left alone with the music")
    figure.legend(fontsize=8, loc="outside lower center", ncols=3)
    figure.savefig(path, dpi=110)
    plt.close(figure)


def main(arguments: list[str]) -> None:
    """Entry point of ``transflower-train compare``."""
    options = tyro.cli(Compare, args=arguments, prog="transflower-train compare", description=Compare.__doc__)
    results = compare(options)
    print(options.output.with_suffix(".md").read_text(encoding="utf-8"))
    print(f"{len(results)} dancers; written: {options.output.with_suffix('.json')}, .md, .png")
