"""``transflower-train lr-find``: the learning rate at which the loss falls fastest."""

import argparse
from pathlib import Path
from typing import Final

import matplotlib
import numpy as np
from numpy.typing import NDArray
from pytorch_lightning.tuner.tuning import Tuner
from scipy.ndimage import gaussian_filter1d, median_filter

from training.fitting.lightning import parts_of_run

_LIGHTNING_BETA: Final = 0.98
_SMOOTHED_SHARE: Final = 0.04  # of the steps: what the curve is smoothed over, both ways, so that nothing is moved
_HIGH_PERCENTILE: Final = 75  # of the curve before its lowest point: where it lay before it fell
_FALLEN_SHARE: Final = 0.1  # of the depth: with so much less it has begun to fall
_CLEAR: Final = 2.5  # standard deviations of the curve: a fall that is less deep may be chance
_MEDIAN_OF: Final = 5  # steps
_WILD: Final = 8.0  # times the usual distance of a step from the median around it: a jump
_SKIPPED_SHARE: Final = 0.03  # of the steps: the first ones set scales by their batch


def main(arguments: list[str]) -> None:
    """Entry point of ``transflower-train lr-find``."""
    parser = argparse.ArgumentParser(
        prog="transflower-train lr-find",
        description="Trains for a while with a learning rate that grows from step to step, and suggests the one at "
        "which the loss fell fastest. Further options are those of `transflower-train fit`.",
    )
    parser.add_argument("--config", required=True, help="configuration, as for fit")
    parser.add_argument("-o", "--output", type=Path, default=Path("learning_rate.png"), help="picture to write")
    parser.add_argument("--steps", type=int, default=100, help="steps of the search (default: %(default)s)")
    parser.add_argument("--min-lr", type=float, default=1e-6, help="smallest (default: %(default)s)")
    parser.add_argument("--max-lr", type=float, default=1.0, help="largest (default: %(default)s)")
    options, rest = parser.parse_known_args(arguments)
    cli = parts_of_run(options.config, rest, is_training=True)
    found = Tuner(cli.trainer).lr_find(
        cli.model,
        datamodule=cli.datamodule,
        min_lr=options.min_lr,
        max_lr=options.max_lr,
        num_training=options.steps,
        early_stop_threshold=None,  # it asks for a loss that is never negative; a log likelihood may be
        update_attr=False,
    )
    assert found is not None
    losses = losses_of(np.array(found.results["loss"], np.float64))
    rates = np.array(found.results["lr"], np.float64)[: len(losses)]
    best = steepest(losses)
    draw(options.output, rates, losses, best)
    if best is None:
        raise ValueError(
            f"no learning rate stands out (picture: {options.output}); try more --steps, or another --min-lr and "
            "--max-lr"
        )
    print(f"--model.learning_rate {rates[best]:.1e}   (picture: {options.output})")
    if not is_clear(losses):
        print(
            "The loss fell by hardly more than it varies from step to step: look at the picture, and try more --steps."
        )


def losses_of(smoothed: NDArray[np.float64]) -> NDArray[np.float64]:
    """The losses of the steps, from Lightning's running mean of them.

    That mean is of no use here: it lags by fifty steps, half of a search, and the first of its values are too small by
    up to a half (its correction counts one step too many), so a loss that does not change seems to rise.

    Args:
        smoothed: One value a step.
    """
    steps = np.arange(1, len(smoothed) + 1)
    means = smoothed * (1 - _LIGHTNING_BETA ** (steps + 1))
    before = np.concatenate([[0.0], means[:-1]])
    return (means - _LIGHTNING_BETA * before) / (1 - _LIGHTNING_BETA)


def smoothed_losses(losses: NDArray[np.float64]) -> NDArray[np.float64]:
    """A curve through losses of steps, which lags behind nothing."""
    return gaussian_filter1d(losses, _width(len(losses)), mode="nearest")


def _width(num_steps: int) -> float:
    """The standard deviation, in steps, of what smooths."""
    return max(1.0, _SMOOTHED_SHARE * num_steps)


def steepest(losses: NDArray[np.float64]) -> int | None:
    """Where the loss falls fastest from step to step, that is over the logarithm of the learning rate.

    Lightning's own finder asks for the slope over the learning rate itself, which is largest where that is smallest.
    What is asked for here is the fall that ends at the lowest loss: the first steps may jump by more than all that a
    model can learn, and how a jump ends is as steep as any fall.

    Args:
        losses: One a step, while the learning rate grows by the same factor from step to step. What follows the first
            that is no number is left out.

    Returns:
        The step; None if the loss does not fall.
    """
    curve, skipped = _fall(losses)
    lowest = int(np.argmin(curve)) if len(curve) else 0
    if lowest < 2:
        return None
    before = curve[: lowest + 1]
    depth = float(np.percentile(before, _HIGH_PERCENTILE)) - curve[lowest]
    begins = int(np.flatnonzero(before >= curve[lowest] + (1 - _FALLEN_SHARE) * depth)[-1])
    begins = min(begins, lowest - 2)
    return skipped + begins + int(np.argmin(np.gradient(before[begins:])))


def is_clear(losses: NDArray[np.float64]) -> bool:
    """Whether the loss falls by more than chance would have it."""
    curve, skipped = _fall(losses)
    if len(curve) < 3:
        return False
    before = slice(0, int(np.argmin(curve)) + 1)
    varies = np.std((losses[skipped:][: len(curve)] - curve)[before])
    averaged = 2 * np.sqrt(np.pi) * _width(len(curve))  # so many steps' worth a value of the curve is
    return bool(np.median(curve[before]) - curve.min() > _CLEAR * varies / np.sqrt(averaged))


def _fall(losses: NDArray[np.float64]) -> tuple[NDArray[np.float64], int]:
    """The curve up to where the losses are no numbers any more, without its first steps, and how many these are."""
    bad = np.flatnonzero(~np.isfinite(losses))
    whole = losses[: bad[0]] if len(bad) else losses
    skipped = max(1, round(_SKIPPED_SHARE * len(losses)), _wild_start(whole))
    return smoothed_losses(whole[skipped:]), skipped


def _wild_start(losses: NDArray[np.float64]) -> int:
    """How many of the first steps jump as the others do not; at most a fifth of all are looked at."""
    if len(losses) < 2 * _MEDIAN_OF:
        return 0
    jumps = np.abs(losses - median_filter(losses, _MEDIAN_OF, mode="nearest"))
    usual = float(np.median(jumps[len(jumps) // 5 :]))
    wild = np.flatnonzero(jumps[: len(jumps) // 5] > _WILD * max(usual, 1e-12))
    return int(wild[-1]) + _MEDIAN_OF // 2 + 1 if len(wild) else 0


def draw(path: Path, rates: NDArray[np.float64], losses: NDArray[np.float64], best: int | None) -> None:
    """Writes the picture: the losses, the curve through them, and what is suggested."""
    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots()
    whole = np.isfinite(losses)
    axes.semilogx(rates[whole], losses[whole], ".", color="0.7", label="loss of a step")
    curve = smoothed_losses(losses[whole])
    axes.semilogx(rates[whole], curve, label="smoothed")
    if best is not None:
        axes.plot(rates[best], curve[best], "o", color="tab:red", label=f"steepest: {rates[best]:.1e}")
    # What flies away at the end would flatten all the rest.
    first = float(np.median(losses[whole][:5]))
    top = first + 2 * max(first - float(curve.min()), 1e-6)
    axes.set_ylim(top=min(top, float(losses[whole].max()) + 1e-6))
    axes.set_xlabel("learning rate")
    axes.set_ylabel("loss")
    axes.legend()
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=110)
    pyplot.close(figure)
