"""What all window models share: standardisation, the window as a state, steering, and the step."""

import abc
from dataclasses import dataclass, replace
from typing import Any, Final

import torch
from torch import Tensor

from models.networks.coupling_nets import Memory
from models.networks.modalities import InputModality, Layout, OutputModality, WindowBatch
from models.networks.pose_changes import COMMON_CHANGE_STD, PoseChanges
from models.step.dancer import Dancer
from models.step.steering import SteeredLeaves
from models.window.unfolding import single_steps

POSE_BOUND: Final = 6.0
"""Largest generated pose in standard deviations: a rare draw from a tail is drawn in."""
STYLE: Final = "style"
"""Name of the label that a performer steers."""


@dataclass(frozen=True, kw_only=True)
class WindowConfig:
    """The options of every window model; each class adds its own.

    Attributes:
        layout: Modalities and their places in the window.
        num_seed_poses: Poses to start from.
        predicts_changes: Whether outputs are modelled as changes from the last pose, and the past is read together with
            its changes; else whole poses are, as in the original. See `models.networks.pose_changes`.
        tells_known: Whether inputs have a column that tells unknown frames from zeros: music past the look-ahead
            budget, and the time before the dance began. Without it the window starts full of the seed pose.
        training_frames: Steps that one window of training data holds; recurrent models train on many in a row.
        label_dropout: Share of windows trained without their labels.
        history_noise: Largest corruption of the past poses in training, in deviations of their changes from frame to
            frame: a dancer that only saw perfect pasts drifts away in its own.
    """

    layout: Layout
    num_seed_poses: int = 8
    predicts_changes: bool = True
    tells_known: bool = True
    training_frames: int = 1
    label_dropout: float = 0.3
    history_noise: float = 0.5

    def __post_init__(self) -> None:
        if self.num_seed_poses < 1 or self.training_frames < 1:
            raise ValueError(
                f"num_seed_poses={self.num_seed_poses} and training_frames={self.training_frames} must be at least 1"
            )

    @property
    def training_modalities(self) -> tuple[tuple[InputModality, ...], tuple[OutputModality, ...]]:
        """Inputs and outputs of one window of training data: as long as its steps in a row need."""
        more = self.training_frames - 1
        inputs = tuple(
            item if item.kind == "label" else replace(item, frames=item.frames + more) for item in self.layout.inputs
        )
        return inputs, tuple(replace(item, frames=item.frames + more) for item in self.layout.outputs)


@dataclass(frozen=True, kw_only=True)
class WindowState:
    """Everything a batch of window dancers remembers.

    Attributes:
        poses: Last pose vectors, standardised, newest last, (batch, past, pose_dims).
        music: Last music frames, standardised, newest last, (batch, past + 1 + future, music_dims).
        num_frames: Frames of music heard so far, (batch,) int64.
        labels: By name, (batch,) int64; the number of tokens stands for unknown.
        look_ahead_frames: Frames by which the music runs ahead of the dance, (batch,) int64.
        memory: Of recurrent nets.
    """

    poses: Tensor
    music: Tensor
    num_frames: Tensor
    labels: dict[str, Tensor]
    look_ahead_frames: Tensor
    memory: Memory


class WindowDancer(Dancer):
    """A model that reads a whole window anew for every frame: at home on a GPU, or small.

    Classes of the family give `window_loss` and `predict`; all else is here. Poses go in and come out in the codec's
    units; inside everything is standardised.
    """

    pose_mean: Tensor
    pose_std: Tensor
    music_mean: Tensor
    music_std: Tensor
    seed_poses: Tensor
    config: Any

    def __init__(self, config: WindowConfig) -> None:
        super().__init__()
        self.config = config
        self.layout = config.layout
        layout = self.layout
        self.music_dims = layout.music_dims
        self._past = max(1, layout.past_frames)
        self.register_buffer("pose_mean", torch.zeros(layout.pose_dims))
        self.register_buffer("pose_std", torch.ones(layout.pose_dims))
        self.register_buffer("music_mean", torch.zeros(layout.music_dims))
        self.register_buffer("music_std", torch.ones(layout.music_dims))
        self.register_buffer("seed_poses", torch.zeros(config.num_seed_poses, layout.pose_dims))
        self.changes = PoseChanges(layout) if config.predicts_changes else None

    def set_statistics(self, *, pose_mean: Tensor, pose_std: Tensor, music_mean: Tensor, music_std: Tensor) -> None:
        """Sets the standardisation, in the units of the data; tokens have mean 0 and deviation 1."""
        self.pose_mean.copy_(pose_mean)
        self.pose_std.copy_(pose_std)
        self.music_mean.copy_(music_mean)
        self.music_std.copy_(music_std)

    def set_seed_poses(self, poses: Tensor) -> None:
        """Sets the poses to start from, (num_seed_poses, pose_dims) in the codec's units."""
        self.seed_poses.copy_((poses - self.pose_mean) / self.pose_std)

    # ---- what each class of the family gives ----------------------------------------------------------------------

    @abc.abstractmethod
    def window_loss(self, batch: WindowBatch) -> Tensor:
        """Scalar loss of a standardised batch of the training layout; what it predicts may be changes."""

    @abc.abstractmethod
    def predict(
        self, batch: WindowBatch, noise: Tensor, temperature: Tensor | float, memory: Memory
    ) -> tuple[dict[str, Tensor], Memory]:
        """Every output, (batch, frames, dims) standardised, given a standardised window of one step without outputs."""

    def judged_loss(self, batch: WindowBatch) -> Tensor:
        """Scalar held-out loss of a batch as of `window_loss`, which it is but for models that override it."""
        return self.window_loss(batch)

    def initial_memory(self, batch_size: int) -> Memory:
        """What recurrent nets remember before the first frame."""
        return ()

    # ---- training -------------------------------------------------------------------------------------------------

    def loss(self, batch: WindowBatch) -> Tensor:
        """The loss of a batch of `WindowConfig.training_modalities` in the data's units.

        Changes are those from the corrupted past, so that a dancer learns to come back from where it has drifted.
        """
        return self.window_loss(self._with_conditions(batch))

    def held_out_loss(self, batch: WindowBatch) -> Tensor:
        """As in `Dancer`."""
        return self.judged_loss(self._with_conditions(batch))

    def left_by_constant_pose(self, batch: WindowBatch) -> tuple[Tensor, Tensor]:
        """Changes from the last pose, in their deviations where those are what is predicted."""
        window, _ = single_steps(self.standardise(batch), self.layout)
        fed_back = {item.name for item in self.layout.fed_back}
        scales = {} if self.changes is None else self.changes.scales(window)
        lefts, log_scales = [], []
        for name, target in window.outputs.items():  # (windows, frames, dims)
            last = window.inputs[name][:, -1:] if name in fed_back else torch.zeros_like(target)
            scale = scales.get(name, torch.ones_like(target)).expand_as(target)
            lefts.append(((target - last) / scale).flatten(1))
            log_scales.append(scale.log().flatten(1))
        return torch.cat(lefts, 1), torch.cat(log_scales, 1)

    def _with_conditions(self, batch: WindowBatch) -> WindowBatch:
        """The batch as it is modelled: standardised, in training corrupted, in changes where those are predicted."""
        batch = self.standardise(batch)
        if self.training:
            batch = self._corrupted(batch)
        return batch if self.changes is None else self.changes.to_changes(batch)

    def _corrupted(self, batch: WindowBatch) -> WindowBatch:
        """The batch with noise on past poses, and without the labels of some windows."""
        inputs = dict(batch.inputs)
        for item in self.layout.labels:
            labels = inputs[item.name]
            forgotten = torch.rand(len(labels), device=labels.device) < self.config.label_dropout
            inputs[item.name] = torch.where(forgotten, item.num_tokens, labels)
        for item in self.layout.fed_back:
            past = inputs[item.name]
            unit = COMMON_CHANGE_STD if self.changes is None else self.changes.frame_std(item.name)
            level = torch.rand(len(past), 1, 1, device=past.device) * self.config.history_noise * unit
            inputs[item.name] = past + level * torch.randn_like(past) * batch.known[item.name][..., None]
        return replace(batch, inputs=inputs)

    def standardise(self, batch: WindowBatch) -> WindowBatch:
        """The batch in standard deviations from the mean; unknown frames stay zeros."""
        inputs = dict(batch.inputs)
        for name, columns in self._pose_columns().items():
            if name in inputs:
                scaled = (inputs[name] - self.pose_mean[columns]) / self.pose_std[columns]
                inputs[name] = scaled * batch.known[name][..., None]
        for item, columns in self._music_columns():
            if item.kind == "continuous":
                scaled = (inputs[item.name] - self.music_mean[columns]) / self.music_std[columns]
                inputs[item.name] = scaled * batch.known[item.name][..., None]
        outputs = {
            name: (batch.outputs[name] - self.pose_mean[columns]) / self.pose_std[columns]
            for name, columns in self._pose_columns().items()
        }
        return WindowBatch(inputs=inputs, known=batch.known, outputs=outputs)

    def _pose_columns(self) -> dict[str, slice]:
        """Columns of each output in a pose vector."""
        start, columns = 0, {}
        for item in self.layout.outputs:
            columns[item.name] = slice(start, start + item.dims)
            start += item.dims
        return columns

    def _music_columns(self) -> list[tuple[Any, slice]]:
        """Heard modalities with their columns in a music frame."""
        start, columns = 0, []
        for item in self.layout.heard:
            columns.append((item, slice(start, start + item.music_columns)))
            start += item.music_columns
        return columns

    # ---- stepping -------------------------------------------------------------------------------------------------

    def initial_state(self, batch_size: int = 1, seed: int = 0) -> WindowState:
        """Dancers in seed pose ``seed`` (modulo their number), free in style, nothing heard or danced yet."""
        layout = self.layout
        pose = self.seed_poses[seed % self.config.num_seed_poses]
        zeros = torch.zeros(batch_size, dtype=torch.int64, device=pose.device)
        return WindowState(
            poses=pose.expand(batch_size, self._past, -1).clone(),
            music=pose.new_zeros(batch_size, self._past + 1 + layout.future_frames, layout.music_dims),
            num_frames=zeros,
            labels={item.name: torch.full_like(zeros, item.num_tokens) for item in layout.labels},
            look_ahead_frames=zeros.clone(),
            memory=self.initial_memory(batch_size),
        )

    @property
    def steered(self) -> SteeredLeaves:
        """Style, if there is such a label, and look-ahead; energy and groove are not known to window models."""
        styles = [item.num_tokens for item in self.layout.labels if item.name == STYLE]
        leaves = {"look_ahead_frames": "look_ahead_frames"} | ({"style": f"labels.{STYLE}"} if styles else {})
        num_styles = styles[0] if styles else 0
        return SteeredLeaves(leaves=leaves, num_styles=num_styles, future_frames=self.layout.future_frames)

    def step(
        self, music_frame: Tensor, state: WindowState, noise: Tensor, temperature: Tensor | float = 1.0
    ) -> tuple[Tensor, WindowState]:
        """Dances one frame, the one `state.look_ahead_frames` before the newest music.

        Args:
            music_frame: Newest music frame, (batch, music_dims) in the data's units.
            state: State before the frame; it is left as it was.
            noise: Standard normal, (batch, noise_dims).
            temperature: Scale of the latent.

        Returns:
            The pose vector in the codec's units, (batch, pose_dims), and the state after the frame.
        """
        heard = (music_frame - self.music_mean) / self.music_std
        state = replace(
            state, music=torch.cat([state.music[:, 1:], heard[:, None]], 1), num_frames=state.num_frames + 1
        )
        window = self._window(state)
        outputs, memory = self.predict(window, noise, temperature, state.memory)
        if self.changes is not None:
            outputs = self.changes.to_poses(outputs, window)
        pose = torch.cat([outputs[item.name][:, 0] for item in self.layout.outputs], -1).clamp(-POSE_BOUND, POSE_BOUND)
        poses = torch.cat([state.poses[:, 1:], pose[:, None]], 1)
        return pose * self.pose_std + self.pose_mean, replace(state, poses=poses, memory=memory)

    def _window(self, state: WindowState) -> WindowBatch:
        """The standardised window of the frame to dance."""
        layout, device = self.layout, state.music.device
        inputs: dict[str, Tensor] = dict(state.labels)
        known: dict[str, Tensor] = {}
        columns = self._pose_columns()
        for item in layout.fed_back:
            first = self._past + item.offset - layout.present
            frames = state.poses[:, first : first + item.frames, columns[item.name]]
            ages = layout.present - item.offset - torch.arange(item.frames, device=device)
            # The first step knows one frame: the seed pose.
            is_known = ages[None] <= state.num_frames[:, None]
            known[item.name] = is_known.to(frames.dtype) if self.config.tells_known else torch.ones_like(frames[..., 0])
            inputs[item.name] = frames * known[item.name][..., None]
        newest = state.music.shape[1] - 1
        for item, music_columns in self._music_columns():
            from_present = item.offset - layout.present + torch.arange(item.frames, device=device)
            index = newest - state.look_ahead_frames[:, None] + from_present  # (batch, frames)
            age = newest - index
            is_known = (age >= 0) & (age < state.num_frames[:, None])
            part = state.music[..., music_columns]
            frames = part.gather(1, index.clamp(0, newest)[..., None].expand(-1, -1, part.shape[-1]))
            known[item.name] = is_known.to(frames.dtype)
            frames = frames * known[item.name][..., None]
            if item.kind == "discrete":
                tokens = frames[..., 0].round().to(torch.int64).clamp(0, item.num_tokens - 1)
                frames = torch.where(is_known, tokens, item.num_tokens)
            inputs[item.name] = frames
        return WindowBatch(inputs=inputs, known=known, outputs={})
