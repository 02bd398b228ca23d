"""Modalities: the streams of frames that a window model reads and writes, and where they lie in its window."""

from dataclasses import dataclass, fields
from typing import Any, Literal, get_args

import torch
from torch import Tensor

Kind = Literal["continuous", "discrete", "label"]


@dataclass(frozen=True, kw_only=True)
class InputModality:
    """What a model reads.

    Frames are counted from the beginning of the window, so that all modalities share one time.

    Attributes:
        name: Feature name; that of an output makes the model autoregressive in it.
        dims: Size of a frame; the width of the embedding where tokens are read. In configurations, 0 is that of the
            data, which `transflower-train` puts in its place.
        frames: Frames in the window.
        offset: First frame.
        kind: ``continuous`` vectors, ``discrete`` tokens, one a frame, or a ``label``: one token a sequence.
        num_tokens: Number of tokens; one more stands for "unknown".
    """

    name: str
    dims: int = 0
    frames: int = 1
    offset: int = 0
    kind: Kind = "continuous"
    num_tokens: int = 0

    def __post_init__(self) -> None:
        _check_lengths(self.name, self.dims, self.frames)
        if self.kind not in get_args(Kind):
            raise ValueError(f"input {self.name}: kind must be one of {get_args(Kind)}, not {self.kind!r}")
        if (self.kind == "continuous") != (self.num_tokens == 0):
            raise ValueError(f"input {self.name}: {self.kind} with num_tokens={self.num_tokens}; tokens have a number")
        if self.kind == "label" and (self.frames, self.offset) != (1, 0):
            raise ValueError(f"input {self.name}: a label has no time, so frames=1 and offset=0")

    @property
    def end(self) -> int:
        """The frame after the last one."""
        return self.offset + self.frames

    @property
    def music_columns(self) -> int:
        """Columns that one frame takes in a music frame: tokens travel as one number."""
        return self.dims if self.kind == "continuous" else 1


@dataclass(frozen=True, kw_only=True)
class OutputModality:
    """What a model writes.

    Attributes:
        name: Feature name.
        dims: Size of a frame; in configurations 0 is that of the data, as of inputs.
        frames: Frames predicted at once; a live step keeps the first.
        offset: First of them: the present.
    """

    name: str
    dims: int = 0
    frames: int = 1
    offset: int = 0

    def __post_init__(self) -> None:
        _check_lengths(self.name, self.dims, self.frames)


def _check_lengths(name: str, dims: int, frames: int) -> None:
    if dims < 1 or frames < 1:
        hint = "; a dims of 0 is filled in from the data by transflower-train" if dims == 0 else ""
        raise ValueError(f"modality {name}: dims={dims} and frames={frames} must be at least 1{hint}")


@dataclass(frozen=True, kw_only=True)
class Layout:
    """All modalities of a model in one window.

    Attributes:
        inputs: What it reads.
        outputs: What it writes; together, in this order, they are the pose vector.

    Example:
        >>> layout = Layout(
        ...     inputs=(
        ...         InputModality(name="pose", dims=118, frames=60),
        ...         InputModality(name="audio", dims=121, frames=91),
        ...         InputModality(name="style", dims=16, kind="label", num_tokens=10),
        ...     ),
        ...     outputs=(OutputModality(name="pose", dims=118, frames=1, offset=60),),
        ... )
        >>> layout.present, layout.future_frames  # it dances frame 60, and may hear thirty more
        (60, 30)
        >>> [item.name for item in layout.fed_back], [item.name for item in layout.heard], layout.music_dims
        (['pose'], ['audio'], 121)
    """

    inputs: tuple[InputModality, ...]
    outputs: tuple[OutputModality, ...]

    def __post_init__(self) -> None:
        if not self.inputs or not self.outputs:
            raise ValueError("a model needs at least one input and one output modality")
        for names in ([item.name for item in self.inputs], [item.name for item in self.outputs]):
            if len(set(names)) < len(names):
                raise ValueError(f"modality names must differ: {names}")
        starts = {item.name: item.offset for item in self.outputs}
        if len(set(starts.values())) > 1:
            raise ValueError(f"outputs must begin at the same frame, the present, not at {starts}")
        for item in self.fed_back:
            dims = self.output(item.name).dims
            if item.kind != "continuous" or item.dims != dims:
                raise ValueError(f"input {item.name} is an output too: continuous, with {dims} dims, not {item.dims}")
            if item.end > self.present:
                raise ValueError(
                    f"input {item.name} ends at frame {item.end}, but is danced from frame {self.present} on: "
                    f"shorten it or move the outputs"
                )

    @property
    def present(self) -> int:
        """The frame that a step dances."""
        return self.outputs[0].offset

    @property
    def fed_back(self) -> tuple[InputModality, ...]:
        """Inputs that are outputs too."""
        names = {item.name for item in self.outputs}
        return tuple(item for item in self.inputs if item.name in names)

    @property
    def heard(self) -> tuple[InputModality, ...]:
        """Inputs that come with the music, frame by frame; side by side, in this order, they are the music frame."""
        names = {item.name for item in self.outputs}
        return tuple(item for item in self.inputs if item.name not in names and item.kind != "label")

    @property
    def labels(self) -> tuple[InputModality, ...]:
        """Inputs that hold for a whole sequence."""
        return tuple(item for item in self.inputs if item.kind == "label")

    @property
    def music_dims(self) -> int:
        """Size of a music frame."""
        return sum(item.music_columns for item in self.heard)

    @property
    def pose_dims(self) -> int:
        """Size of a pose vector."""
        return sum(item.dims for item in self.outputs)

    @property
    def future_frames(self) -> int:
        """Frames of music after the present that fit into the window: the largest look-ahead budget."""
        return max([0, *(item.end - 1 - self.present for item in self.heard)])

    @property
    def past_frames(self) -> int:
        """Frames before the present that some input reaches back."""
        return max([0, *(self.present - item.offset for item in (*self.heard, *self.fed_back))])

    def output(self, name: str) -> OutputModality:
        """The output of a name."""
        return next(item for item in self.outputs if item.name == name)


@dataclass(frozen=True, kw_only=True)
class WindowBatch:
    """Windows for training and for a step.

    Attributes:
        inputs: By name: (batch, frames, dims) float, (batch, frames) int64 tokens or (batch,) int64 labels.
        known: By name of every input but labels: 1 where the frame is known and 0 where it lies before the beginning,
            past the look-ahead budget, or was dropped; (batch, frames) float. Unknown frames are zeros.
        outputs: By name: (batch, frames, dims).
    """

    inputs: dict[str, Tensor]
    known: dict[str, Tensor]
    outputs: dict[str, Tensor]

    def to(self, device: torch.device | str, **kwargs: Any) -> "WindowBatch":
        """The batch on another device; further arguments as `Tensor.to`."""
        moved = {
            field.name: {name: value.to(device, **kwargs) for name, value in getattr(self, field.name).items()}
            for field in fields(self)
        }
        return WindowBatch(**moved)

    @property
    def num_targets(self) -> int:
        """Frames that the dancer learns to dance."""
        first = next(iter(self.outputs.values()))
        return int(first.shape[0] * first.shape[1])
