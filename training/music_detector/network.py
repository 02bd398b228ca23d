"""The network of the music detector in torch, to be trained; `data.sound.music_detector` steps it in numpy."""

from collections.abc import Mapping
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.signal import lfilter
from torch import Tensor, nn

from data.sound.music_detector import FOLLOWED_PER_STEP, INPUT_COLUMNS, NUM_HIDDEN, NUM_INNER

_NUM_MEL: Final = 80
_NUM_SLOW: Final = len(FOLLOWED_PER_STEP)

_PARTS: Final = {
    "inner_w": "inner.weight",
    "inner_b": "inner.bias",
    "gates_w": "gates.weight_ih_l0",
    "gates_b": "gates.bias_ih_l0",
    "hidden_w": "gates.weight_hh_l0",
    "hidden_b": "gates.bias_hh_l0",
    "opinion_w": "opinion.weight",
    "opinion_b": "opinion.bias",
}


class DetectorNetwork(nn.Module):
    """From inputs (batch, frames, 96) to a logit for each frame (batch, frames); positive is music."""

    def __init__(self) -> None:
        super().__init__()
        self.inner = nn.Linear(len(INPUT_COLUMNS) + _NUM_MEL + _NUM_SLOW, NUM_INNER)
        self.gates = nn.GRU(NUM_INNER, NUM_HIDDEN, batch_first=True)
        self.opinion = nn.Linear(NUM_HIDDEN, 1)

    def forward(self, inputs: Tensor, dropout: float = 0.0) -> Tensor:
        """Logits (batch, frames)."""
        mel = inputs[..., :_NUM_MEL]  # (batch, frames, bands)
        before = torch.cat([torch.full_like(mel[:, :1], -3.0), mel[:, :-1]], dim=1)
        inner = torch.tanh(self.inner(torch.cat([inputs, mel - before, _apart(inputs)], dim=-1)))
        inner = nn.functional.dropout(inner, dropout, self.training)
        hidden, _ = self.gates(inner)
        logits: Tensor = self.opinion(nn.functional.dropout(hidden, dropout, self.training))[..., 0]
        return logits

    def begin_with(self, arrays: Mapping[str, NDArray[np.float32]]) -> None:
        """Takes over weights; inputs that they do not know count for nothing at first."""
        inner = np.zeros(tuple(self.inner.weight.shape), np.float32)
        inner[:, : arrays["inner_w"].shape[1]] = arrays["inner_w"]
        given = {
            **arrays,
            "inner_w": inner,
            "opinion_w": arrays["opinion_w"][None],
            "opinion_b": arrays["opinion_b"][None],
        }
        self.load_state_dict({part: torch.from_numpy(np.array(given[name])) for name, part in _PARTS.items()})

    def arrays(self) -> dict[str, NDArray[np.float32]]:
        """The weights as `data.sound.music_detector.MusicDetector` wants them."""
        parts = self.state_dict()
        arrays = {name: parts[part].detach().cpu().numpy().astype(np.float32) for name, part in _PARTS.items()}
        return arrays | {"opinion_w": arrays["opinion_w"][0], "opinion_b": arrays["opinion_b"][0]}


def _apart(inputs: Tensor) -> Tensor:
    """Mel bands and chroma less their slow means of before: (batch, frames, 92)."""
    now = inputs[..., :_NUM_SLOW].detach().numpy()
    before = np.concatenate([np.full_like(now[:, :1], -3.0), now[:, :-1]], axis=1)
    before[:, 0, _NUM_MEL:] = 0.0
    slow = np.empty_like(now)
    for columns in (slice(0, _NUM_MEL), slice(_NUM_MEL, _NUM_SLOW)):
        rate = float(FOLLOWED_PER_STEP[columns][0])
        first = (1.0 - rate) * before[:, :1, columns]
        slow[..., columns], _ = lfilter([rate], [1.0, rate - 1.0], before[..., columns], axis=1, zi=first)
    return torch.from_numpy(now - slow)
