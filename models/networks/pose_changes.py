"""Poses as changes: outputs from where the last pose would go by itself, inputs from frame to frame."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import torch
from torch import Tensor, nn

from models.networks.modalities import Layout, WindowBatch

SMALLEST_CHANGE_STD: Final = 0.02
"""Floor of the deviation of a change, in standard deviations of the pose: dimensions that keep still stay finite."""


COMMON_CHANGE_STD: Final = 0.125
"""About what poses change by from frame to frame, in standard deviations of the pose."""


def with_changes(x: Tensor, known: Tensor) -> Tensor:
    """Standardised frames and, beside them, their changes from the frame before: (batch, frames, D) -> (.., 2 D).

    Differences of neighbours are small beside their sum; a network learns late to take them by itself. Where one of
    the two frames is unknown, and at the first, there is no change.
    """
    change = torch.diff(x, dim=1, prepend=x[:, :1]) / COMMON_CHANGE_STD
    both = known * torch.cat([torch.zeros_like(known[:, :1]), known[:, :-1]], 1)
    return torch.cat([x, change * both[..., None].to(x.dtype)], -1)


class PoseChanges(nn.Module):
    """Translates what is danced next into changes from the last pose that is known, in deviations of such changes.

    From frame to frame a pose hardly changes, so a model that writes whole poses learns first of all, and for long, to
    copy the last one. Changes alone would let a dance drift without end, for nothing in them says where a pose is at
    home. So they are counted from where the last pose would go by itself, a little nearer to the mean: of the process
    whose changes over k frames have deviation s and whose poses have deviation 1, a share of 1 - s^2 / 2 is left after
    k frames (an autoregression of first order), and noise alone then makes a dance that keeps to the spread of the data
    for ever. Where the last pose is unknown, and for outputs that are not fed back, the pose stands as it is.
    """

    def __init__(self, layout: Layout) -> None:
        super().__init__()
        self.layout = layout
        self._fed_back = {item.name: item.frames for item in layout.fed_back}
        for index, item in enumerate(layout.outputs):
            self.register_buffer(f"std_{index}", torch.ones(item.frames, item.dims))

    def lags(self) -> dict[str, list[int]]:
        """By name of every output that is fed back, the frames from the last known one to each that is predicted."""
        ends = {item.name: item.end for item in self.layout.fed_back}
        present = self.layout.present
        return {
            item.name: [present + frame - ends[item.name] + 1 for frame in range(item.frames)]
            for item in self.layout.outputs
            if item.name in ends
        }

    def frame_std(self, name: str) -> Tensor:
        """Deviation of the change from the last frame to the next, (dims,) of standardised poses."""
        index = [item.name for item in self.layout.outputs].index(name)
        return self.get_buffer(f"std_{index}")[0]

    def set_std(self, stds: Mapping[str, Tensor]) -> None:
        """Sets the deviation of the changes over each of `lags`, by name, (frames, dims) of standardised poses."""
        for index, item in enumerate(self.layout.outputs):
            if item.name in stds:
                self.get_buffer(f"std_{index}").copy_(stds[item.name])

    def scales(self, window: WindowBatch) -> dict[str, Tensor]:
        """What a change of one is in standardised poses, by name, (batch, frames, dims)."""
        return {name: scale for name, (_, scale) in self._references(window).items()}

    def to_changes(self, batch: WindowBatch) -> WindowBatch:
        """A standardised batch whose outputs are changes."""
        references = self._references(batch)
        outputs = {name: (frames - references[name][0]) / references[name][1] for name, frames in batch.outputs.items()}
        return replace(batch, outputs=outputs)

    def to_poses(self, outputs: Mapping[str, Tensor], window: WindowBatch) -> dict[str, Tensor]:
        """Undoes `to_changes` for outputs that were predicted from a standardised window."""
        references = self._references(window)
        return {name: frames * references[name][1] + references[name][0] for name, frames in outputs.items()}

    def _references(self, window: WindowBatch) -> dict[str, tuple[Tensor, Tensor]]:
        """Where the last pose goes and the scale, of every output; one step with frames to come, or steps in a row."""
        some = next(iter(window.inputs.values()))
        references = {}
        for index, item in enumerate(self.layout.outputs):
            std = self.get_buffer(f"std_{index}")
            frames = self._fed_back.get(item.name)
            if frames is None:
                references[item.name] = std.new_zeros(1), std.new_ones(1).expand(len(some), *std.shape)
                continue
            last = window.inputs[item.name][:, frames - 1 :]  # (batch, steps, dims); zeros where it is unknown
            known = window.known[item.name][:, frames - 1 :, None]
            left = (1 - std.square() / 2).clamp_min(0)
            references[item.name] = last * left, torch.where(known > 0, std, 1.0)
        return references
