"""Feet that stand keep their place: what the legs do moves the hips, and not the feet over the floor."""

from typing import Final

import torch
from torch import Tensor, nn
from torch.nn import functional as F

RATE_HZ: Final = 30
"""Frames a second."""
LOW_M, LOW_WIDTH_M = 0.05, 0.012
"""A foot stands below this height above where ankles stand; by how much that is uncertain."""
SLOW_M_S: Final = 0.7
"""A foot that is to move faster than this steps, however low it is."""
SINK_SHARE, RISE_SHARE = 0.1, 0.3
"""Shares of the lower foot's height above, and of its depth below the floor, that the hips make good in a frame."""
SLACK_M: Final = 0.012
"""So far above or below the floor nothing is made good."""
LEGS: Final = (("LeftUpperLeg", "LeftLowerLeg", "LeftFoot"), ("RightUpperLeg", "RightLowerLeg", "RightFoot"))
"""The joints from hip to ankle."""
_TILT: Final = slice(4, 10)


class Footing(nn.Module):
    """Moves the hips of a danced pose so that feet that stand do not slide, and do not float or sink for long.

    Vectors are those of a `data.motion.pose_codec.PoseCodec` of 6D rotations: floor velocity (2), height, turn rate,
    tilt (6), joints. Heights and floor velocity alone are changed. A network draws legs and hips with some noise in
    each, and however little that is, a foot that should stand trembles.

    Attributes:
        offsets: From hips to upper leg, to lower leg, to ankle, (2 legs, 3, 3), metres.
        columns: Of the rotations of upper and lower leg in the vector, (2 * 2 * 6,) int64.
        standing_m: Height of ankles that stand.
    """

    offsets: Tensor
    columns: Tensor
    standing_m: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("offsets", torch.zeros(2, 3, 3))
        self.register_buffer("columns", torch.arange(4, 28))
        self.register_buffer("standing_m", torch.zeros(()))

    def ankles(self, vector: Tensor) -> Tensor:
        """Ankles below the hips in the facing frame, (batch, dims) -> (batch, 2, 3), metres."""
        legs = vector.index_select(1, self.columns).view(-1, 2, 2, 6)
        lower = _turned(legs[:, :, 1], self.offsets[None, :, 2]) + self.offsets[None, :, 1]
        upper = _turned(legs[:, :, 0], lower) + self.offsets[None, :, 0]
        return _turned(vector[:, None, _TILT].expand(-1, 2, -1), upper)

    def forward(self, vector: Tensor, ankles_before: Tensor) -> tuple[Tensor, Tensor]:
        """The vector (batch, dims) with the hips moved, and its ankles; `ankles_before` are those of the last one."""
        ankles = self.ankles(vector)
        heights = vector[:, 2:3] + ankles[..., 1] - self.standing_m
        lowest = heights.amin(1)
        down = SINK_SHARE * (lowest - SLACK_M).clamp_min(0)
        up = RISE_SHARE * (-lowest - SLACK_M).clamp_min(0)
        turn = vector[:, 3] / RATE_HZ
        cosine, sine = turn.cos()[:, None], turn.sin()[:, None]
        x, z = ankles_before[..., 0], ankles_before[..., 2]
        before = torch.stack([cosine * x - sine * z, sine * x + cosine * z], -1)
        slide = (
            vector[:, None, :2] + (torch.stack([ankles[..., 0], ankles[..., 2]], -1) - before) * RATE_HZ
        )  # (batch, 2, 2), m/s
        stands = torch.sigmoid((LOW_M - heights) / LOW_WIDTH_M) * (-(slide / SLOW_M_S).square().sum(-1)).exp()
        share = stands / stands.sum(1, keepdim=True).clamp_min(1e-6)
        held = stands.amax(1, keepdim=True)
        floor_velocity = vector[:, :2] - held * (share[..., None] * slide).sum(1)
        moved = torch.cat([floor_velocity, (vector[:, 2] - down + up)[:, None], vector[:, 3:]], 1)
        return moved, ankles


def _turned(six: Tensor, x: Tensor) -> Tensor:
    """Vectors x (..., 3) turned by 6D rotations (..., 6)."""
    a = F.normalize(six[..., :3], dim=-1)
    b = six[..., 3:] - (a * six[..., 3:]).sum(-1, keepdim=True) * a
    b = F.normalize(b, dim=-1)
    c = torch.stack(
        [
            a[..., 1] * b[..., 2] - a[..., 2] * b[..., 1],
            a[..., 2] * b[..., 0] - a[..., 0] * b[..., 2],
            a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0],
        ],
        -1,
    )
    return a * x[..., 0:1] + b * x[..., 1:2] + c * x[..., 2:3]
