"""Windows that slide over a longer one, so that many steps in a row are trained at once."""

from dataclasses import replace

from torch import Tensor

from models.networks.modalities import Layout, WindowBatch


def unfold(x: Tensor, frames: int) -> Tensor:
    """All windows of a length: (batch, frames + steps - 1, ...) -> (batch, steps, frames, ...)."""
    return x.unfold(1, frames, 1).movedim(-1, 2)


def single_steps(batch: WindowBatch, layout: Layout) -> tuple[WindowBatch, int]:
    """The steps of a longer window as windows of their own, (batch * steps, ...) each, and how many there are.

    Outputs are taken likewise, each step's own frames.
    """
    steps = 1
    for item in layout.inputs:
        if item.kind != "label":
            steps = batch.inputs[item.name].shape[1] - item.frames + 1
    inputs, known = {}, {}
    for item in layout.inputs:
        x = batch.inputs[item.name]
        if item.kind == "label":
            inputs[item.name] = x.repeat_interleave(steps)
            continue
        inputs[item.name] = unfold(x, item.frames).flatten(0, 1)
        known[item.name] = unfold(batch.known[item.name], item.frames).flatten(0, 1)
    outputs = {
        item.name: unfold(batch.outputs[item.name], item.frames).flatten(0, 1)
        for item in layout.outputs
        if item.name in batch.outputs
    }
    return replace(batch, inputs=inputs, known=known, outputs=outputs), steps
