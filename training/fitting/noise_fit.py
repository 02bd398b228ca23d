"""The correlation of a dancer's noise, as real dance has it that the dancer has never seen."""

import math
from typing import TYPE_CHECKING, Final

import numpy as np
import torch
from scipy.optimize import minimize_scalar

from models.step.dancer import DanceBatch, Dancer
from models.step.noise import MAX_CORRELATION
from models.streaming.streaming_transflower import StreamingTransflower

if TYPE_CHECKING:  # it brings Lightning with it, whose import takes seconds
    from training.data_modules.data_module import DancerData

_BATCH_SIZE: Final = 8
_UNUSED_SHARE: Final = 0.25


@torch.no_grad()
def fitted_noise_correlation(dancer: Dancer, data: "DancerData", max_frames: int = 16384) -> float:
    """The correlation under which the noise of held-out dance is likeliest; 0 for models without latents of frames.

    A dancer believes the noise with which it would dance to be white. Real dance that it has not seen needs noise that
    resembles the frame before (Valle-Perez et al., "Transflower", 2021, have white noise too), since it does not
    predict all that can be predicted; so what a dancer draws should resemble the frame before as well.

    Args:
        dancer: In evaluation mode.
        data: Connected to it; its split ``val`` is encoded, or ``train`` where nothing is held out.
        max_frames: So many frames at most, in windows spread evenly; of each window the first quarter is history.
    """
    if not isinstance(dancer, StreamingTransflower):
        return 0.0
    windows = data.windows("val")
    if not len(windows):
        windows = data.windows("train")
    if not len(windows):
        return 0.0
    frames = data.collate([windows.window(0, None)]).num_targets
    chosen = np.unique(np.linspace(0, len(windows) - 1, max(1, max_frames // max(frames, 1))).astype(int))
    device = next(dancer.buffers()).device
    sums = np.zeros(4)
    for start in range(0, len(chosen), _BATCH_SIZE):
        batch = data.collate([windows.window(int(item), None) for item in chosen[start : start + _BATCH_SIZE]])
        sums += _sums(dancer, batch.to(device))
    squares, count, products, pairs = sums.tolist()
    return likeliest_correlation(squares / max(count, 1.0), products / max(pairs, 1.0)) if pairs else 0.0


def likeliest_correlation(variance: float, covariance: float) -> float:
    """The correlation of first-order autoregressive noise of variance 1 under which noise of such moments is likeliest.

    The noise that a dancer draws has variance 1 whatever its correlation. So this is not the plain autocorrelation:
    where held-out noise is larger than the dancer believes, as of one who learned by heart, more of what it has in
    common with the frame before is the size of the dancer's error.

    Args:
        variance: Mean square of the noise; 1 of a dancer who believes what is so.
        covariance: Mean product with that of the frame before.

    Returns:
        From 0 to `MAX_CORRELATION`, to two digits.

    Example:
        >>> likeliest_correlation(1.0, 0.5), likeliest_correlation(1.0, 0.0), likeliest_correlation(2.0, 1.4)
        (0.5, 0.0, 0.55)
    """

    def nats(a: float) -> float:
        return 0.5 * math.log(1 - a * a) + (variance * (1 + a * a) - 2 * a * covariance) / (2 * (1 - a * a))

    found = minimize_scalar(nats, bounds=(0.0, MAX_CORRELATION), method="bounded")
    return round(float(found.x), 2) if nats(float(found.x)) < nats(0.0) else 0.0


def _sums(dancer: StreamingTransflower, batch: DanceBatch) -> np.ndarray:
    """Sum of squares, their number, sum of products with the frame before, their number."""
    noise = dancer.encode(batch).double()
    good = batch.valid.double()
    good[:, : int(_UNUSED_SHARE * good.shape[1])] = 0
    both = good[:, 1:] * good[:, :-1]
    squares = (noise.square().mean(-1) * good).sum()
    products = ((noise[:, 1:] * noise[:, :-1]).mean(-1) * both).sum()
    return np.array([float(value) for value in (squares, good.sum(), products, both.sum())])
