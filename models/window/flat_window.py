"""A window of all modalities as one vector a step, for networks without attention."""

import torch
from torch import Tensor, nn

from models.networks.modalities import InputModality, Layout, WindowBatch
from models.networks.pose_changes import with_changes
from models.window.unfolding import unfold
from models.window.window_dancer import WindowConfig


def embeddings(layout: Layout) -> nn.ModuleDict:
    """One for each input of tokens, by name."""
    tokens = [item for item in layout.inputs if item.kind != "continuous"]
    return nn.ModuleDict({item.name: nn.Embedding(item.num_tokens + 1, item.dims) for item in tokens})


def flat_dims(config: WindowConfig) -> dict[str, int]:
    """Numbers of each input in the vector, by name, in their order."""
    return {item.name: item.frames * _frame_dims(item, config) for item in config.layout.inputs}


def _frame_dims(item: InputModality, config: WindowConfig) -> int:
    changes = config.predicts_changes and item in config.layout.fed_back
    return item.dims * (1 + changes) + (config.tells_known and item.kind != "label")


def flat_window(batch: WindowBatch, embedded: nn.ModuleDict, config: WindowConfig) -> Tensor:
    """The window of every step of a standardised batch, (batch, steps, sum of `flat_dims`).

    Args:
        batch: Of one step, or of many in a row.
        embedded: As of `embeddings`.
        config: With the layout, and whether changes and known frames are given.
    """
    parts = []
    for item in config.layout.inputs:
        x, known = batch.inputs[item.name], batch.known.get(item.name)
        if item.kind != "continuous":
            x = embedded[item.name](x)
        if known is None:
            parts.append(x[:, None])
            continue
        x, known = unfold(x, item.frames), unfold(known, item.frames)  # (batch, steps, frames, ...)
        batch_size = len(x)
        x, known = x.flatten(0, 1), known.flatten(0, 1)
        if config.predicts_changes and item in config.layout.fed_back:
            x = with_changes(x, known)
        if config.tells_known:
            x = torch.cat([x, known[..., None].to(x.dtype)], -1)
        parts.append(x.flatten(1).unflatten(0, (batch_size, -1)))
    steps = max(part.shape[1] for part in parts)
    return torch.cat([part.expand(-1, steps, -1) for part in parts], -1)
