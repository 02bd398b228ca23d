"""Whether a dancer believes what is so: real dance in its own latents, and what its predictions leave of real changes.

Teacher-forced: the past is real at every frame, as in training and as never on a stage.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import torch

from models.step.dancer import DanceBatch, Dancer
from models.streaming.streaming_transflower import StreamingTransflower
from training.evaluation.held_out import data_for

_NUM_DRAWS: Final = 4
_BATCH_SIZE: Final = 8
_UNUSED_SHARE: Final = 0.25
_MOVING_CHANGE: Final = 0.1


@dataclass(frozen=True, kw_only=True)
class Beliefs:
    """What a dancer makes of real dance on one split.

    Of the numbers of a pose that move, those whose changes have at least a tenth of what is usual.

    Attributes:
        latent_std: Deviation of the noise with which it would dance the real dance; 1 if it believes what is so, more
            if it is too sure.
        latent_lag1: Autocorrelation of that noise from frame to frame; 0 if nothing more can be predicted.
        variance_left: Share of the variance of changes that the mean of its predictions leaves; beside it stands that
            of the linear baseline.
        believed: Share that it believes to be left: the variance of its predictions.
        left_lag1: Autocorrelation of what is left, from frame to frame.
    """

    latent_std: float
    latent_lag1: float
    variance_left: float
    believed: float
    left_lag1: float


@torch.no_grad()
def beliefs_of(dancer: Dancer, folder: Path, split: str, max_frames: int) -> Beliefs | None:
    """The beliefs of a dancer; None for models that have no latents of single frames.

    Args:
        dancer: In evaluation mode.
        folder: Prepared folder.
        split: train or val.
        max_frames: Frames that are looked at, in windows spread evenly; of each window the first quarter is history.

    Raises:
        ValueError: If no window of the split is long enough.
    """
    if not isinstance(dancer, StreamingTransflower):
        return None
    data = data_for(dancer, folder)
    windows = data.windows(split)
    if not len(windows):
        raise ValueError(f"{folder}: no window of split {split!r} is long enough")
    frames = data.collate([windows.window(0, None)]).num_targets
    chosen = np.unique(np.linspace(0, len(windows) - 1, max(1, max_frames // frames)).astype(int))
    moving = dancer.change_std > _MOVING_CHANGE * dancer.change_std.median()
    sums = _Sums()
    for start in range(0, len(chosen), _BATCH_SIZE):
        batch = data.collate([windows.window(int(item), None) for item in chosen[start : start + _BATCH_SIZE]])
        sums.add(dancer, batch, moving, start)
    return sums.found()


class _Sums:
    """Sums over frames of squares and products."""

    def __init__(self) -> None:
        names = ("latent", "latent_next", "left", "left_mean", "left_next", "spread", "change")
        self.of = dict.fromkeys(names, 0.0)
        self.count, self.pairs = 0.0, 0.0

    def add(self, dancer: StreamingTransflower, batch: DanceBatch, moving: torch.Tensor, seed: int) -> None:
        """Adds a batch of real dance."""
        poses = (batch.pose - dancer.pose_mean) / dancer.pose_std
        change = (poses.diff(dim=1)[:, 1:] / dancer.change_std)[..., moving]
        good = batch.valid.clone()
        good[:, : int(_UNUSED_SHARE * good.shape[1])] = 0
        noise = torch.randn(_NUM_DRAWS, *batch.valid.shape, dancer.noise_dims, generator=_generator(seed))
        draws = dancer.predict_changes(batch, noise)[..., moving]
        spread = draws.var(0)
        left, latent = change - draws.mean(0), dancer.encode(batch)
        both = good[:, 1:] * good[:, :-1]
        terms = {
            "latent": (latent.square(), good),
            "latent_next": (latent[:, 1:] * latent[:, :-1], both),
            "left": (left.square(), good),
            "left_mean": (left.square() - spread / _NUM_DRAWS, good),
            "left_next": (left[:, 1:] * left[:, :-1], both),
            "spread": (spread, good),
            "change": (change.square(), good),
        }
        for name, (values, where) in terms.items():
            self.of[name] += float((values.mean(-1) * where).sum())
        self.count += float(good.sum())
        self.pairs += float(both.sum())

    def found(self) -> Beliefs:
        """What they say."""
        of, shares = self.of, self.count / max(self.pairs, 1.0)
        return Beliefs(
            latent_std=float(np.sqrt(of["latent"] / max(self.count, 1.0))),
            latent_lag1=shares * of["latent_next"] / max(of["latent"], 1e-12),
            variance_left=of["left_mean"] / max(of["change"], 1e-12),
            believed=of["spread"] / max(of["change"], 1e-12),
            left_lag1=shares * of["left_next"] / max(of["left"], 1e-12),
        )


def _generator(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)
