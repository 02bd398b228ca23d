"""StreamingTransflower: a causal transformer that conditions a flow over the next change of pose, one token a frame."""

from dataclasses import dataclass, replace
from typing import Final

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from models.flows.flow import ConditionalFlow, FoldedFlow
from models.networks.causal_transformer import CausalTransformer
from models.step.dancer import DanceBatch, Dancer
from models.step.steering import SteeredLeaves
from models.streaming.streaming_state import Conditions, StreamingTransflowerState, guided_context, styles_of_passes

STEP_NOISE_LEVEL: Final = 0.02
"""Corruption level given to the network while it dances: its own past is nearly, not wholly, to be trusted."""
VELOCITY_BOUND: Final = 8.0
"""Largest pose change fed to the network, in standard deviations of the change."""
POSE_BOUND: Final = 6.0
"""Largest generated pose and pose change, in their standard deviations: a rare draw from a tail is drawn in."""


class StreamingTransflower(Dancer):
    """Autoregressive dancer: p(pose_t | poses before t, music up to t and a budget of the future).

    One token a frame holds the past pose and its change, the present music, the budgeted future music, style and
    energy. A causal transformer (relative ages, ring cache) turns the tokens into contexts h_t, to which the present
    rhythm (onsets, beat oscillator) is added once more; a conditional flow models the *change* from the previous pose
    given h_t. After Valle-Perez et al., "Transflower", 2021, with three differences: the transformer is causal, so it
    trains on every frame of a window at once and steps with one token; the flow models the change of pose, so a long
    roll-out neither freezes nor jitters; the history is corrupted in training and the level of corruption is given to
    the network, so it learns to walk back from its own errors.

    Standardisation (`pose_mean`, `pose_std`, `change_std`) is part of the model: poses go in and come out in the
    codec's units. Stepping uses the folded flow, which `eval` makes and `train` drops.
    """

    guides_style = True
    pose_mean: Tensor
    pose_std: Tensor
    change_std: Tensor
    energy_mean_std: Tensor
    seed_poses: Tensor

    @dataclass(frozen=True, kw_only=True)
    class Config:
        """Architecture and training regime of a `StreamingTransflower`.

        Attributes:
            pose_dims: Size of a pose vector.
            music_dims: Size of a feature frame.
            num_styles: Number of styles (genres); one more index means "free".
            dims: Width of a token.
            num_layers: Layers of the transformer.
            num_heads: Attention heads.
            window_frames: Frames that one layer sees.
            flow_steps: Steps of the flow.
            flow_hidden_dims: Width of the coupling nets.
            future_frames: Largest look-ahead budget, in frames; a multiple of `future_block_frames`.
            future_block_frames: Future music is averaged over blocks of this many frames.
            beat_column: Music column of the beat oscillator's cosine; three columns on is its confidence.
            spectral_dims: Leading music columns that describe timbre and harmony; dropped at random as a group.
            num_seed_poses: Poses to start from.
            dropout: Dropout of the transformer.
            history_noise: Largest corruption of the past poses, in standard deviations.
            history_dropout: Largest share of past poses hidden from a token.
            style_dropout: Share of windows trained without a style.
            energy_dropout: Share of windows trained without an energy.
            spectral_dropout: Share of windows trained without the spectral columns.
            look_ahead_share: Share of windows trained with a look-ahead budget above zero.
            target_noise: Noise added to the modelled change, in its standard deviations: it keeps the density finite
                where dimensions are redundant.
            reverts_to_mean: Whether changes are counted from where the last pose would go by itself, a little nearer
                to the mean, as `models.networks.pose_changes` explains; else from the last pose, as in older
                checkpoints.
        """

        pose_dims: int
        music_dims: int
        num_styles: int
        dims: int = 256
        num_layers: int = 6
        num_heads: int = 4
        window_frames: int = 120
        flow_steps: int = 8
        flow_hidden_dims: int = 256
        future_frames: int = 30
        future_block_frames: int = 5
        spectral_dims: int = 112
        beat_column: int = 116
        num_seed_poses: int = 8
        dropout: float = 0.1
        history_noise: float = 0.1
        history_dropout: float = 0.1
        style_dropout: float = 0.3
        energy_dropout: float = 0.5
        spectral_dropout: float = 0.3
        look_ahead_share: float = 0.5
        target_noise: float = 0.02
        reverts_to_mean: bool = False

        def __post_init__(self) -> None:
            if self.future_frames % self.future_block_frames:
                raise ValueError(
                    f"future_frames must be a multiple of future_block_frames, not {self.future_frames} of "
                    f"{self.future_block_frames}"
                )
            if not 0 <= self.spectral_dims <= self.music_dims:
                raise ValueError(f"spectral_dims must lie in 0..{self.music_dims}, not {self.spectral_dims}")
            if not 0 <= self.beat_column < self.music_dims - 3:
                raise ValueError(f"beat_column must lie in 0..{self.music_dims - 4}, not {self.beat_column}")

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.config = config
        self.music_dims, self.noise_dims = config.music_dims, config.pose_dims
        self._num_blocks = config.future_frames // config.future_block_frames
        dims = config.dims
        self.enter_pose = nn.Linear(2 * config.pose_dims + 2, dims)
        self.enter_music = nn.Linear(config.music_dims + 1, dims)
        self.enter_future = nn.Linear(self._num_blocks * (config.music_dims + 1), dims)
        self.enter_style = nn.Embedding(config.num_styles + 1, dims)
        self.enter_energy = nn.Linear(2, dims)
        nn.init.normal_(self.enter_style.weight, std=0.02)
        self.transformer = CausalTransformer(
            dims, config.num_layers, config.num_heads, config.window_frames, config.dropout
        )
        to_context = nn.Linear(dims, dims)
        nn.init.zeros_(to_context.weight)
        nn.init.zeros_(to_context.bias)
        rhythm_dims = config.music_dims - config.spectral_dims
        self.enter_rhythm = nn.Sequential(nn.Linear(rhythm_dims, dims), nn.GELU(), to_context)
        self.flow = ConditionalFlow(config.pose_dims, dims, config.flow_steps, config.flow_hidden_dims)
        self.folded: FoldedFlow | None = None
        self.register_buffer("pose_mean", torch.zeros(config.pose_dims))
        self.register_buffer("pose_std", torch.ones(config.pose_dims))
        self.register_buffer("change_std", torch.ones(config.pose_dims))
        self.register_buffer("energy_mean_std", torch.tensor([0.0, 1.0]))
        self.register_buffer("seed_poses", torch.zeros(config.num_seed_poses, config.pose_dims))

    def set_statistics(
        self, *, pose_mean: Tensor, pose_std: Tensor, change_std: Tensor, energy_mean: float, energy_std: float
    ) -> None:
        """Sets the standardisation: pose and energy in the codec's units, change in standardised poses a frame."""
        self.pose_mean.copy_(pose_mean)
        self.pose_std.copy_(pose_std)
        self.change_std.copy_(change_std)
        self.energy_mean_std.copy_(torch.tensor([energy_mean, energy_std]))

    def set_seed_poses(self, poses: Tensor) -> None:
        """Sets the poses to start from, (num_seed_poses, pose_dims) in the codec's units."""
        self.seed_poses.copy_((poses - self.pose_mean) / self.pose_std)

    def train(self, mode: bool = True) -> "StreamingTransflower":
        """As `nn.Module.train`; leaving training folds the flow anew, so that no stale inverse can be stepped."""
        super().train(mode)
        self.folded = None if mode else self.flow.fold()
        return self

    # ---- training -----------------------------------------------------------------------------------------------

    def loss(self, batch: DanceBatch) -> Tensor:
        """Mean negative log-likelihood of the changes of pose, nats a dimension.

        In training mode the history is corrupted and conditions are dropped at random; in evaluation mode the history
        is clean, style is given, energy and future music are not, as on a stage.
        """
        clean = (batch.pose - self.pose_mean) / self.pose_std
        conditions = self._random_conditions(batch) if self.training else self._stage_conditions(batch)
        poses = clean
        if self.training:
            poses = clean + conditions.level * torch.randn_like(clean)
        # The target starts from the corrupted pose: the dancer learns to walk back to where it should be.
        target = (clean[:, 2:] - poses[:, 1:-1]) / self.change_std - self._reversion(poses[:, 1:-1])
        if self.training:
            target = target + self.config.target_noise * torch.randn_like(target)
        nll = self.flow.negative_log_likelihood(target, self._contexts(poses, batch.music, conditions))
        return (nll * batch.valid).sum() / batch.valid.sum().clamp_min(1)

    def left_by_constant_pose(self, batch: DanceBatch) -> tuple[Tensor, Tensor]:
        """Changes of pose, in their deviations."""
        poses = (batch.pose - self.pose_mean) / self.pose_std
        left = ((poses[:, 2:] - poses[:, 1:-1]) / self.change_std)[batch.valid > 0]
        return left, self.change_std.log().expand(left.shape)

    def encode(self, batch: DanceBatch, look_ahead_frames: int = 0) -> Tensor:
        """The noise with which `step` would dance this very dance, (batch, frames, noise_dims); undoes stepping."""
        poses = (batch.pose - self.pose_mean) / self.pose_std
        conditions = self._stage_conditions(batch)
        conditions = replace(conditions, look_ahead_frames=torch.full_like(batch.style, look_ahead_frames))
        change = (poses[:, 2:] - poses[:, 1:-1]) / self.change_std - self._reversion(poses[:, 1:-1])
        noise, _ = self.flow(change, self._contexts(poses, batch.music, conditions))
        return noise

    def predict_changes(self, batch: DanceBatch, noise: Tensor) -> Tensor:
        """Changes of pose, in deviations, with which `step` would go on from the real past of every frame, for several
        draws of noise (draws, batch, frames, noise_dims): (draws, batch, frames, pose_dims).
        """  # noqa: D205 - the shapes are the summary
        assert self.folded is not None, "call eval() before predict_changes()"
        poses = (batch.pose - self.pose_mean) / self.pose_std
        contexts = self._contexts(poses, batch.music, self._stage_conditions(batch))
        changes = torch.stack([self.folded(draw, contexts) for draw in noise])
        return (changes + self._reversion(poses[:, 1:-1])).clamp(-POSE_BOUND, POSE_BOUND)

    def _random_conditions(self, batch: DanceBatch) -> Conditions:
        config = self.config
        size, frames = batch.energy.shape
        device = batch.pose.device

        def chance(share: float) -> Tensor:
            return torch.rand(size, device=device) < share

        look_ahead = torch.randint(1, config.future_frames + 1, (size,), device=device)
        hidden_share = torch.rand(size, 1, 1, device=device) * config.history_dropout
        return Conditions(
            level=torch.rand(size, 1, 1, device=device) * config.history_noise,
            known=(torch.rand(size, frames, 1, device=device) >= hidden_share).to(batch.pose.dtype),
            style=torch.where(chance(config.style_dropout), config.num_styles, batch.style),
            energy=batch.energy.masked_fill(chance(config.energy_dropout)[:, None], float("nan")),
            has_spectrum=(~chance(config.spectral_dropout)).to(batch.pose.dtype)[:, None, None],
            look_ahead_frames=look_ahead * chance(config.look_ahead_share),
        )

    def _stage_conditions(self, batch: DanceBatch) -> Conditions:
        return Conditions(
            level=torch.full_like(batch.energy[:, :1, None], STEP_NOISE_LEVEL),
            known=torch.ones_like(batch.energy)[..., None],
            style=batch.style,
            energy=torch.full_like(batch.energy, float("nan")),
            has_spectrum=torch.ones_like(batch.energy[:, :1, None]),
            look_ahead_frames=torch.zeros_like(batch.style),
        )

    def _contexts(self, poses: Tensor, music: Tensor, conditions: Conditions) -> Tensor:
        """Contexts of a whole sequence, (batch, frames, dims), from standardised poses (batch, 2 + frames, dims)."""
        frames = poses.shape[1] - 2
        tokens = self._tokens(
            pose=poses[:, 1:-1],
            change=(poses[:, 1:-1] - poses[:, :-2]) / self.change_std,
            music=music[:, :frames],
            future=self._future_windows(music, frames),
            conditions=conditions,
        )
        tokens = tokens + self.enter_style(conditions.style)[:, None]
        return self._with_rhythm(self.transformer(tokens), music[:, :frames]).to(poses.dtype)

    def _future_windows(self, music: Tensor, frames: int) -> Tensor:
        """Block averages of the music after each frame, (batch, frames, blocks, music_dims)."""
        block = self.config.future_block_frames
        averages = F.avg_pool1d(music.transpose(1, 2), block, stride=1).transpose(1, 2)
        starts = range(1, 1 + self.config.future_frames, block)
        return torch.stack([averages[:, start : start + frames] for start in starts], 2)

    # ---- stepping -----------------------------------------------------------------------------------------------

    def initial_state(self, batch_size: int = 1, seed: int = 0) -> StreamingTransflowerState:
        """Dancers at rest in seed pose ``seed`` (modulo their number), free in style and energy, silence behind."""
        config = self.config
        pose = self.seed_poses[seed % config.num_seed_poses].expand(batch_size, -1).clone()
        device = pose.device
        return StreamingTransflowerState(
            pose=pose,
            previous_pose=pose.clone(),
            music=pose.new_zeros(batch_size, 1 + config.future_frames, config.music_dims),
            cache=self.transformer.initial_cache(batch_size),
            style=torch.full((batch_size,), config.num_styles, dtype=torch.int64, device=device),
            energy=pose.new_full((batch_size,), float("nan")),
            look_ahead_frames=torch.zeros(batch_size, dtype=torch.int64, device=device),
            groove=pose.new_zeros(batch_size),
            style_guidance=pose.new_zeros(batch_size),
        )

    @property
    def steered(self) -> SteeredLeaves:
        """Style and its guidance, energy, look-ahead and groove."""
        names = {"energy_m_s": "energy"}
        names |= {name: name for name in ("style", "look_ahead_frames", "groove", "style_guidance")}
        config = self.config
        return SteeredLeaves(leaves=names, num_styles=config.num_styles, future_frames=config.future_frames)

    def with_passes(self, state: StreamingTransflowerState, num_passes: int) -> StreamingTransflowerState:
        """As in `Dancer`."""
        return state.with_passes(num_passes)

    def step(
        self,
        music_frame: Tensor,
        state: StreamingTransflowerState,
        noise: Tensor,
        temperature: Tensor | float = 1.0,
    ) -> tuple[Tensor, StreamingTransflowerState]:
        """Dances one frame.

        The groove entrains the dance: the sampled change of pose is scaled by 1 - groove * confidence * cos(phase), so
        that the body is a little slower on the beat and faster between beats, as street dancers are. Since the dancer
        goes on from its own poses, a small periodic push sets the phase of movements that have a rhythm of their own.

        Where a style is guided, the transformer is computed twice, as a batch: with the style and without one. Both see
        the dance that came of the two.

        Args:
            music_frame: Newest feature frame, (batch, music_dims). The pose belongs to the frame
                `state.look_ahead_frames` before it.
            state: State before the frame; it is left as it was.
            noise: Standard normal latent, (batch, noise_dims).
            temperature: Scale of the latent: 1 samples the learned density, less is calmer.

        Returns:
            The pose vector in the codec's units, (batch, pose_dims), and the state after the frame.
        """
        assert self.folded is not None, "call eval() before step()"
        music = torch.cat([state.music[:, 1:], music_frame[:, None]], 1)
        present, future = self._budgeted_music(music, state.look_ahead_frames)
        batch = music_frame.shape[0]
        conditions = Conditions(
            level=music.new_full((batch, 1, 1), STEP_NOISE_LEVEL),
            known=music.new_ones(batch, 1, 1),
            style=state.style,
            energy=state.energy[:, None],
            has_spectrum=music.new_ones(batch, 1, 1),
            look_ahead_frames=state.look_ahead_frames,
        )
        tokens = self._tokens(
            pose=state.pose[:, None],
            change=((state.pose - state.previous_pose) / self.change_std)[:, None],
            music=present[:, None],
            future=future[:, None],
            conditions=conditions,
        )
        styles = styles_of_passes(state.style, state.num_passes, self.config.num_styles)
        passes = (tokens + self.enter_style(styles)).flatten(0, 1)  # (batch * passes, dims)
        contexts, cache = self.transformer.step(passes, state.cache)
        context = guided_context(contexts.unflatten(0, styles.shape), state.style_guidance)
        change = self.folded(noise * temperature, self._with_rhythm(context, present)) + self._reversion(state.pose)
        change = change.clamp(-POSE_BOUND, POSE_BOUND)
        beat = present[:, self.config.beat_column]
        confidence = present[:, self.config.beat_column + 3]
        change = change * (1 - state.groove * confidence * beat)[:, None]
        pose = (state.pose + change * self.change_std).clamp(-POSE_BOUND, POSE_BOUND)
        next_state = replace(state, pose=pose, previous_pose=state.pose, music=music, cache=cache)
        return pose * self.pose_std + self.pose_mean, next_state

    def _budgeted_music(self, music: Tensor, look_ahead_frames: Tensor) -> tuple[Tensor, Tensor]:
        """The frame to dance, (batch, music_dims), and block averages of what follows, (batch, blocks, music_dims)."""
        config = self.config
        newest = config.future_frames
        offsets = torch.arange(1 + config.future_frames, device=music.device)
        # Frames past the newest are clamped here and masked by the budget in `_tokens`.
        index = (newest - look_ahead_frames[:, None] + offsets[None]).clamp(0, newest)
        ordered = music.gather(1, index[..., None].expand(-1, -1, music.shape[-1]))
        blocks = ordered[:, 1:].unflatten(1, (self._num_blocks, config.future_block_frames)).mean(2)
        return ordered[:, 0], blocks

    # ---- both ---------------------------------------------------------------------------------------------------

    def _reversion(self, pose: Tensor) -> Tensor | float:
        """The change by which a standardised pose goes back towards the mean by itself, in deviations of changes."""
        if not self.config.reverts_to_mean:
            return 0.0
        return -pose * (self.change_std.square() / 2).clamp_max(1) / self.change_std

    def _with_rhythm(self, context: Tensor, music: Tensor) -> Tensor:
        """Contexts with the present onsets and beat oscillator: the shortest way from the beat to the body."""
        return context + self.enter_rhythm(music[..., self.config.spectral_dims :])

    def _tokens(self, *, pose: Tensor, change: Tensor, music: Tensor, future: Tensor, conditions: Conditions) -> Tensor:
        """The tokens of a sequence but for the style, (batch, frames, dims).

        Args:
            pose: Past poses, standardised, (batch, frames, pose_dims).
            change: Their changes, standardised, likewise.
            music: Present feature frames, (batch, frames, music_dims).
            future: Block averages of what follows, (batch, frames, blocks, music_dims).
            conditions: What is known of the rest.
        """
        frames, known = music.shape[1], conditions.known
        change = change.clamp(-VELOCITY_BOUND, VELOCITY_BOUND)
        level = (10 * conditions.level).expand(-1, frames, 1)
        token = self.enter_pose(torch.cat([pose * known, change * known, known, level], -1))

        spectral_dims = self.config.spectral_dims
        has_spectrum = conditions.has_spectrum.expand(-1, frames, 1)
        keep = torch.cat(
            [has_spectrum.expand(-1, -1, spectral_dims), torch.ones_like(music[..., spectral_dims:])], -1
        )  # (batch, frames, music_dims)
        token = token + self.enter_music(torch.cat([music * keep, has_spectrum], -1))

        block_ends = torch.arange(1, self._num_blocks + 1, device=music.device) * self.config.future_block_frames
        budgeted = (block_ends <= conditions.look_ahead_frames[:, None]).to(music.dtype)[:, None, :, None]
        budgeted = budgeted.expand(-1, frames, -1, -1)
        token = token + self.enter_future(torch.cat([future * keep[:, :, None] * budgeted, budgeted], -1).flatten(2))

        free = conditions.energy.isnan()
        energy = ((conditions.energy - self.energy_mean_std[0]) / self.energy_mean_std[1]).masked_fill(free, 0.0)
        return token + self.enter_energy(torch.stack([energy, (~free).to(energy.dtype)], -1))
