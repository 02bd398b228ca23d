"""The step contract: what every model of the family offers to the trainer and to the stage."""

import abc
import math
from dataclasses import dataclass, fields
from typing import Any, ClassVar, Self

import torch
from torch import Tensor, nn

from models.step.state_tree import with_values
from models.step.steering import SteeredLeaves, Steering


@dataclass(frozen=True, kw_only=True)
class DanceBatch:
    """Windows of danced music for training.

    Attributes:
        pose: Pose vectors in the codec's units, (batch, 2 + frames, pose_dims); the first two frames are history only.
        music: Feature frames, (batch, frames + future, music_dims); frame i belongs to pose frame 2 + i, the last
            ``future`` frames are the music that comes after.
        style: Index of the style (genre), (batch,) int64.
        energy: How much the body moves around each frame, mean joint speed in m/s, (batch, frames).
        valid: 1 where a frame is real, 0 where it pads a short sequence, (batch, frames).
    """

    pose: Tensor
    music: Tensor
    style: Tensor
    energy: Tensor
    valid: Tensor

    def to(self, device: torch.device | str, **kwargs: Any) -> Self:
        """The batch on another device; further arguments as `Tensor.to`."""
        moved = {field.name: getattr(self, field.name).to(device, **kwargs) for field in fields(self)}
        return type(self)(**moved)

    @property
    def num_targets(self) -> int:
        """Frames that the dancer learns to dance."""
        return int(self.valid.sum())


class Dancer(nn.Module, abc.ABC):
    """A model that can be trained on windows and stepped live; the engine uses nothing else.

    ``step`` is pure: no clock, no random number (noise is an input), no host synchronisation, static shapes, and the
    state passed in is left as it was. A state is a tree of dataclasses, tuples and dicts whose leaves are tensors with
    the batch first, or numbers common to it.

    Attributes:
        config: A frozen dataclass of plain values; the class's own ``Config``, from which the model can be made again.
        music_dims: Numbers in a frame of music.
        noise_dims: Standard normal numbers that one frame of one dancer needs.
        guides_style: Whether it knows `Steering.style_guidance`; others leave it alone.
        loss_name: What the held-out loss is: ``nll``, nats a dimension, or ``mse``, in standard deviations squared.
        training_loss_name: What it is trained by, where that is something else; else empty.
    """

    Config: ClassVar[type[Any]]
    config: Any
    music_dims: int
    noise_dims: int
    guides_style: ClassVar[bool] = False
    loss_name: str = "nll"
    training_loss_name: str = ""

    @abc.abstractmethod
    def loss(self, batch: Any) -> Tensor:
        """Scalar training loss of a batch of the kind that the model trains on."""

    def held_out_loss(self, batch: Any) -> Tensor:
        """The loss by which dancers are chosen and compared; without parts that only help the training."""
        return self.loss(batch)

    @abc.abstractmethod
    def left_by_constant_pose(self, batch: Any) -> tuple[Tensor, Tensor]:
        """What a dancer who keeps its last pose leaves to predict, in the units in which this dancer predicts.

        Where the last pose is not known it keeps the mean pose.

        Returns:
            Of every danced frame, or of the frames predicted at once, (rows, dims); and the logarithm of those units in
            standardised poses, likewise.
        """

    def loss_of_constant_pose(self, mean_squares: Tensor) -> Tensor:
        """The held-out loss of who keeps the last pose and knows how far it lies off.

        Args:
            mean_squares: Of what `left_by_constant_pose` leaves, (dims,).
        """
        if self.loss_name == "mse":
            return mean_squares.mean()
        return 0.5 * (math.log(2 * math.pi * math.e) + mean_squares.log()).mean()

    @abc.abstractmethod
    def initial_state(self, batch_size: int = 1, seed: int = 0) -> Any:
        """State of dancers about to start; ``seed`` chooses the pose they start from."""

    @property
    @abc.abstractmethod
    def steered(self) -> SteeredLeaves:
        """Where a performer's requests stand in the state: numbers that hold for a whole leaf."""

    def steer(self, state: Any, steering: Steering) -> Any:
        """The state with the performer's requests in it.

        Raises:
            ValueError: If a request lies outside what the model was trained for.
        """
        return self.with_passes(with_values(state, self.steered.values(steering)), 2 if steering.is_guided else 1)

    def with_passes(self, state: Any, num_passes: int) -> Any:
        """The state for a step that computes each dancer so often, 2 where a style is guided.

        Shapes change here and nowhere else; dancers who do not guide styles keep the state as it is.
        """
        return state

    @abc.abstractmethod
    def step(
        self, music_frame: Tensor, state: Any, noise: Tensor, temperature: Tensor | float = 1.0
    ) -> tuple[Tensor, Any]:
        """One frame: music_frame (batch, music_dims), noise (batch, noise_dims) -> pose vector (batch, pose_dims)."""
