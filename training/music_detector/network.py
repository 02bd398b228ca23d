"""The network of the music detector in torch, to be trained; `data.music_detector` steps it in numpy."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from data.music_detector import INPUT_COLUMNS, NUM_HIDDEN, NUM_INNER

_NUM_MEL = 80


class DetectorNetwork(nn.Module):
    """From inputs (batch, frames, 96) to a logit for each frame (batch, frames); positive is music."""

    def __init__(self) -> None:
        super().__init__()
        self.inner = nn.Linear(len(INPUT_COLUMNS) + _NUM_MEL, NUM_INNER)
        self.gates = nn.GRU(NUM_INNER, NUM_HIDDEN, batch_first=True)
        self.opinion = nn.Linear(NUM_HIDDEN, 1)

    def forward(self, inputs: Tensor, dropout: float = 0.0) -> Tensor:
        """Logits (batch, frames)."""
        mel = inputs[..., :_NUM_MEL]  # (batch, frames, bands)
        before = torch.cat([torch.full_like(mel[:, :1], -3.0), mel[:, :-1]], dim=1)
        inner = torch.tanh(self.inner(torch.cat([inputs, mel - before], dim=-1)))
        inner = nn.functional.dropout(inner, dropout, self.training)
        hidden, _ = self.gates(inner)
        logits: Tensor = self.opinion(nn.functional.dropout(hidden, dropout, self.training))[..., 0]
        return logits

    def arrays(self) -> dict[str, NDArray[np.float32]]:
        """The weights as `data.music_detector.MusicDetector` wants them."""
        parts = self.state_dict()
        names = {
            "inner_w": "inner.weight",
            "inner_b": "inner.bias",
            "gates_w": "gates.weight_ih_l0",
            "gates_b": "gates.bias_ih_l0",
            "hidden_w": "gates.weight_hh_l0",
            "hidden_b": "gates.bias_hh_l0",
            "opinion_w": "opinion.weight",
            "opinion_b": "opinion.bias",
        }
        arrays = {name: parts[part].detach().cpu().numpy().astype(np.float32) for name, part in names.items()}
        return arrays | {"opinion_w": arrays["opinion_w"][0], "opinion_b": arrays["opinion_b"][0]}
