"""``transflower-train curves``: the curves of a run as one picture, for people without TensorBoard at hand."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

import matplotlib
import tyro
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

PANELS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("loss", ("train/loss", "val/loss")),
    ("joint speed of roll-outs, m/s", ("rollout/speed_m_s", "rollout/last_third_speed_m_s", "rollout/real_speed_m_s")),
    ("jerk of roll-outs, m/s^3", ("rollout/jerk_m_s3", "rollout/real_jerk_m_s3")),
    ("foot sliding of roll-outs, m/s", ("rollout/foot_sliding_m_s", "rollout/real_foot_sliding_m_s")),
)


@dataclass(frozen=True, kw_only=True)
class Curves:
    """Draws the curves of a training run.

    Attributes:
        run: Folder of the run, with TensorBoard's event files.
        output: Picture to write, by its ending.
    """

    run: Annotated[Path, tyro.conf.Positional]
    output: Annotated[Path, tyro.conf.arg(aliases=["-o"])]


def curves(options: Curves) -> None:
    """Draws.

    Raises:
        ValueError: If the folder holds no event file.
    """
    if not list(options.run.glob("events.out.tfevents.*")):
        raise ValueError(
            f"{options.run}: no TensorBoard event file; name a folder such as training/experiments/NAME/version_0"
        )
    events = EventAccumulator(str(options.run)).Reload()
    known = set(events.Tags()["scalars"])
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(2, 2, figsize=(11, 6), layout="constrained")
    for axis, (title, names) in zip(axes.flat, PANELS, strict=True):
        for name in names:
            if name in known:
                points = events.Scalars(name)
                style = "--" if "real" in name else "-"
                axis.plot([p.step for p in points], [p.value for p in points], style, label=name, linewidth=1.2)
        axis.set(title=title, xlabel="optimiser step")
        axis.legend(fontsize=8)
    options.output.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(options.output, dpi=90)
    plt.close(figure)


def main(arguments: list[str]) -> None:
    """Entry point of ``transflower-train curves``."""
    curves(tyro.cli(Curves, args=arguments, prog="transflower-train curves", description=Curves.__doc__))
