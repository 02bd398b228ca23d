"""PlanningTransflower: dances phrases on their beats, and models what a linear prediction of the motion leaves."""

from dataclasses import replace
from typing import Final

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from models.flows.flow import FoldedFlow
from models.flows.innovation_flow import InnovationFlow
from models.networks.modulated_transformer import ModulatedTransformer
from models.step.dancer import DanceBatch, Dancer
from models.step.steering import SteeredLeaves
from models.streaming.footing import Footing
from models.streaming.heard_music import HeardMusic
from models.streaming.linear_prediction import LinearPrediction
from models.streaming.phrase_planner import PLACE_DIMS, PhrasePlanner, PlanRequest, place_features
from models.streaming.planning_conditions import STEP_NOISE_LEVEL, PlanConditions, open_conditions, random_conditions
from models.streaming.planning_config import PlanningConfig
from models.streaming.planning_state import PlannedBatch, PlanningState
from models.streaming.smooth_corruption import corrupted

VELOCITY_BOUND: Final = 8.0
"""Largest pose change and innovation fed to the network, in their deviations."""
POSE_BOUND: Final = 6.0
"""Largest generated pose, change and innovation, in their deviations: a rare draw from a tail is drawn in."""
POWER_KEPT: Final = 0.95
"""Share of the running power of innovations that is left a frame later."""
VOLATILITY_BOUND: Final = 0.7
"""Largest logarithm of the innovations' size that is a condition: a dancer does not know how calm it is."""


class PlanningTransflower(Dancer):
    """Autoregressive dancer: p(pose_t | poses before t, music up to t and a budget of the future, phrase and place).

    As in a `StreamingTransflower` there is one token a frame, a causal transformer with a ring cache, and a conditional
    flow. What differs:

    - The flow models the *innovation*: what a linear prediction from the last changes and the pose, fitted beforehand
      and fixed, leaves of a change. Inertia is not its business, and what it is asked for is nearly white.
    - Its conditions say which *phrase* of which choreography is danced, and on which beat. A planner inside the step
      counts beats and draws phrases; the plan can be left open, as it is in a part of the training.
    - Style, energy, plan, rhythm and the bounded size of the last innovations condition every layer (modulation) and
      coupling; the flow's scale depends on these alone, so that the dancer's own calm does not make it calmer.
    - Dimensions that never move are left out of the network and danced at their mean.
    - History is corrupted in training as smoothly as motion is.
    """

    moving: Tensor
    still_pose: Tensor
    pose_mean: Tensor
    pose_std: Tensor
    change_std: Tensor
    prediction_weights: Tensor
    prediction_bias: Tensor
    innovation_std: Tensor
    usual_volatility: Tensor
    energy_mean_std: Tensor
    seed_poses: Tensor

    Config = PlanningConfig
    config: PlanningConfig

    def __init__(self, config: PlanningConfig) -> None:
        super().__init__()
        self.config = config
        self.music_dims = config.music_dims
        self.history = config.lags + 1
        dims, moving, condition_dims = config.dims, config.moving_dims, config.told_dims
        rhythm_dims = config.music_dims - config.spectral_dims
        self.enter_pose = nn.Linear(3 * moving + 2, dims)
        self.heard = HeardMusic(
            config.music_dims, config.spectral_dims, config.future_frames, config.future_block_frames, dims
        )
        self.style_embedding = nn.Embedding(config.num_styles + 1, config.plan_dims)
        self.phrase_embedding = nn.Embedding(config.num_phrases + 1, config.plan_dims)
        self.group_embedding = nn.Embedding(config.num_groups + 1, config.plan_dims)
        for table in (self.style_embedding, self.phrase_embedding, self.group_embedding):
            nn.init.normal_(table.weight, std=0.5)
        self.tell = nn.Sequential(
            nn.Linear(3 * config.plan_dims + PLACE_DIMS + rhythm_dims + 3, 2 * condition_dims),
            nn.GELU(),
            nn.Linear(2 * condition_dims, condition_dims),
        )
        self.enter_told = nn.Linear(condition_dims, dims)
        self.enter_keys = nn.Linear(2 * moving + 2, dims)
        self.keys_to_context = nn.Sequential(nn.Linear(2 * moving + 2, dims), nn.GELU(), nn.Linear(dims, dims))
        self.transformer = ModulatedTransformer(
            condition_dims, dims, config.num_layers, config.num_heads, config.window_frames, config.dropout
        )
        self.flow = InnovationFlow(
            dims=moving,
            context_dims=dims + condition_dims,
            told_dims=condition_dims,
            num_steps=config.flow_steps,
            hidden_dims=config.flow_hidden_dims,
            scale_dims=config.flow_scale_dims,
            degrees=config.degrees,
        )
        self.noise_dims = self.flow.base.noise_dims + 2  # the last two numbers are the planner's
        self.planner = PhrasePlanner(
            config.num_phrases, config.num_groups, config.num_styles, moving, config.most_beats
        )
        self.footing = Footing()
        self.folded: FoldedFlow | None = None
        self.register_buffer("moving", torch.arange(moving))
        self.register_buffer("still_pose", torch.zeros(config.pose_dims))
        self.register_buffer("pose_mean", torch.zeros(moving))
        self.register_buffer("pose_std", torch.ones(moving))
        self.register_buffer("change_std", torch.ones(moving))
        self.register_buffer("prediction_weights", torch.zeros(moving, (config.lags + 1) * moving))
        self.register_buffer("prediction_bias", torch.zeros(moving))
        self.register_buffer("innovation_std", torch.ones(moving))
        self.register_buffer("usual_volatility", torch.zeros(()))
        self.register_buffer("energy_mean_std", torch.tensor([0.0, 1.0]))
        self.register_buffer("seed_poses", torch.zeros(config.num_seed_poses, moving))

    def set_prediction(self, prediction: LinearPrediction) -> None:
        """Sets the linear prediction and the units of what it leaves."""
        self.prediction_weights.copy_(torch.from_numpy(prediction.weights))
        self.prediction_bias.copy_(torch.from_numpy(prediction.bias))
        self.innovation_std.copy_(torch.from_numpy(prediction.left_std))

    def train(self, mode: bool = True) -> "PlanningTransflower":
        """As `nn.Module.train`; leaving training folds the flow anew, so that no stale inverse can be stepped."""
        super().train(mode)
        self.folded = None if mode else self.flow.fold()
        return self

    # ---- training -----------------------------------------------------------------------------------------------

    def standardised(self, pose: Tensor) -> Tensor:
        """Moving dimensions of poses in the codec's units, (..., pose_dims) -> (..., moving_dims)."""
        return (pose.index_select(-1, self.moving) - self.pose_mean) / self.pose_std

    def loss(self, batch: PlannedBatch) -> Tensor:
        """Mean negative log-likelihood of innovations, nats a moving dimension.

        In training mode the history is corrupted and conditions are dropped at random; in evaluation mode the history
        is clean, style is given, energy, plan and future music are not.
        """
        conditions = random_conditions if self.training else open_conditions
        innovation, context, condition = self.innovations(batch, conditions(batch, self.config))
        if self.training:  # of the same size in poses, whatever the unit
            innovation = innovation + self.config.target_noise / self.innovation_std * torch.randn_like(innovation)
        nll = self.flow.negative_log_likelihood(innovation, context, condition)
        return (nll * batch.valid).sum() / batch.valid.sum().clamp_min(1)

    def held_out_loss(self, batch: PlannedBatch) -> Tensor:
        """As on a stage, without a plan: what is held out are choreographies that it knows no phrase of."""
        return self.loss(batch)

    def innovations(self, batch: DanceBatch, conditions: PlanConditions) -> tuple[Tensor, Tensor, Tensor]:
        """What the flow models, (batch, frames, moving_dims), its contexts and its conditions."""
        history = self.history
        clean = self.standardised(batch.pose)
        poses, led = clean, torch.zeros((), device=clean.device)
        if self.training:
            poses, led = corrupted(clean, conditions.level, history)
        last = poses[:, history - 1 : -1]
        # The target starts from the corrupted pose: the dancer learns to walk back to where it should be.
        change = (clean[:, history:] + led - last) / self.change_std
        changes = poses.diff(dim=1) / self.change_std
        expected = self._expected(changes, last)
        innovation = (change - expected) / self.innovation_std
        danced = (changes[:, history - 1 :] - expected) / self.innovation_std
        before = torch.cat([torch.zeros_like(danced[:, :1]), danced[:, :-1]], 1)
        power = self.running_power(danced)
        present, future = self.heard.windows(batch.music, last.shape[1])
        condition = self._condition_vector(present, power, conditions)
        keys = self._keys(last, conditions)
        tokens = self._tokens(last, changes[:, history - 2 : -1], before, present, future, condition, keys, conditions)
        context = (self.transformer(tokens, condition) + self.keys_to_context(keys)).to(poses.dtype)
        condition = condition.to(poses.dtype)
        return innovation, torch.cat([context, condition], -1), condition

    def _expected(self, changes: Tensor, last: Tensor) -> Tensor:
        """Changes that the linear prediction expects after poses `last`, of `changes` with `lags` before the first."""
        lags, frames = self.config.lags, last.shape[1]
        inputs = [changes[:, lags - lag : lags - lag + frames] for lag in range(1, lags + 1)]
        with torch.autocast(last.device.type, enabled=False):
            return F.linear(torch.cat([*inputs, last], -1), self.prediction_weights, self.prediction_bias)

    def danced_innovations(self, poses: Tensor) -> Tensor:
        """Innovations of standardised poses (batch, history + frames, moving_dims): (batch, frames, moving_dims)."""
        changes = poses.diff(dim=1) / self.change_std
        left = changes[:, self.history - 1 :] - self._expected(changes, poses[:, self.history - 1 : -1])
        return left / self.innovation_std

    @staticmethod
    def running_power(danced: Tensor) -> Tensor:
        """Running mean square of the innovations before each frame, (batch, frames), as `step` has it; 1 at first."""
        index = torch.arange(danced.shape[1], device=danced.device)
        age = index[:, None] - index[None]
        kernel = (1 - POWER_KEPT) * POWER_KEPT ** age.clamp_min(0).to(danced.dtype) * (age >= 0)
        squares = danced.clamp(-VELOCITY_BOUND, VELOCITY_BOUND).square().mean(-1)
        squares = torch.cat([torch.ones_like(squares[:, :1]), squares[:, :-1]], 1)
        return squares @ kernel.T + POWER_KEPT ** (index + 1).to(danced.dtype)

    @staticmethod
    def volatility(power: Tensor) -> Tensor:
        """The condition that a power makes: the bounded logarithm of the innovations' size."""
        return (0.5 * power.clamp_min(1e-4).log()).clamp(-VOLATILITY_BOUND, VOLATILITY_BOUND)

    def left_by_constant_pose(self, batch: DanceBatch) -> tuple[Tensor, Tensor]:
        """Changes of pose, in the deviations of innovations."""
        poses = self.standardised(batch.pose)
        unit = self.change_std * self.innovation_std
        left = ((poses[:, self.history :] - poses[:, self.history - 1 : -1]) / unit)[batch.valid > 0]
        return left, unit.log().expand(left.shape)

    # ---- stepping -----------------------------------------------------------------------------------------------

    def initial_state(self, batch_size: int = 1, seed: int = 0) -> PlanningState:
        """Dancers at rest in seed pose ``seed`` (modulo their number), free in style and energy, silence behind."""
        config = self.config
        pose = self.seed_poses[seed % config.num_seed_poses].expand(batch_size, -1).clone()
        return PlanningState(
            pose=pose,
            changes=pose.new_zeros(batch_size, config.lags, config.moving_dims),
            innovation=torch.zeros_like(pose),
            ankles=self.footing.ankles(self._vector(pose)),
            power=pose.new_ones(batch_size),
            music=pose.new_zeros(batch_size, 1 + config.future_frames, config.music_dims),
            cache=self.transformer.initial_cache(batch_size),
            place=self.planner.initial_place(batch_size),
            style=torch.full((batch_size,), config.num_styles, dtype=torch.int64, device=pose.device),
            energy=pose.new_full((batch_size,), float("nan")),
            look_ahead_frames=torch.zeros(batch_size, dtype=torch.int64, device=pose.device),
            groove=pose.new_zeros(batch_size),
            plan=pose.new_ones(batch_size),
            hold=pose.new_zeros(batch_size),
            asked=pose.new_zeros(batch_size),
        )

    @property
    def steered(self) -> SteeredLeaves:
        """Style, energy, look-ahead, groove and plan."""
        names = {"style": "style", "energy_m_s": "energy", "look_ahead_frames": "look_ahead_frames", "groove": "groove"}
        names |= {"plan": "plan", "hold_phrase": "hold", "next_phrase": "asked"}
        config = self.config
        return SteeredLeaves(leaves=names, num_styles=config.num_styles, future_frames=config.future_frames)

    def step(
        self, music_frame: Tensor, state: PlanningState, noise: Tensor, temperature: Tensor | float = 1.0
    ) -> tuple[Tensor, PlanningState]:
        """Dances one frame, as `StreamingTransflower.step`; the groove scales whole changes, prediction included."""
        assert self.folded is not None, "call eval() before step()"
        config = self.config
        music = torch.cat([state.music[:, 1:], music_frame[:, None]], 1)
        present, future = self.heard.budgeted(music, state.look_ahead_frames)
        oscillator = present[:, config.beat_column : config.beat_column + 4]
        request = PlanRequest(
            style=state.style, energy=state.energy, plan=state.plan, hold=state.hold, asked=state.asked
        )
        place = self.planner.next_place(state.place, oscillator, state.pose, request, noise[:, -2:])
        conditions = self._step_conditions(state, place.phrase, place.beat)
        condition = self._condition_vector(present[:, None], state.power[:, None], conditions, config.volatility_kept)
        keys = self._keys(state.pose[:, None], conditions)
        tokens = self._tokens(
            state.pose[:, None],
            state.changes[:, :1],
            state.innovation[:, None],
            present[:, None],
            future[:, None],
            condition,
            keys,
            conditions,
        )
        context, cache = self.transformer.step(tokens[:, 0], condition[:, 0], state.cache)
        context = context + self.keys_to_context(keys[:, 0])
        latent = self.flow.base.draw(noise[:, :-2], temperature)
        innovation = self.folded(latent, torch.cat([context, condition[:, 0]], -1), condition[:, 0])
        innovation = innovation.clamp(-POSE_BOUND, POSE_BOUND)
        inputs = torch.cat([state.changes.flatten(1), state.pose], -1)
        expected = F.linear(inputs, self.prediction_weights, self.prediction_bias)
        change = (expected + innovation * self.innovation_std).clamp(-POSE_BOUND, POSE_BOUND)
        change = change * (1 - state.groove * oscillator[:, 3] * oscillator[:, 0])[:, None]
        pose = (state.pose + change * self.change_std).clamp(-POSE_BOUND, POSE_BOUND)
        vector, ankles = self._vector(pose), state.ankles
        if config.plants_feet:
            vector, ankles = self.footing(vector, ankles)
            pose = self.standardised(vector)
        # The prediction goes on from what was danced.
        change = (pose - state.pose) / self.change_std
        innovation = ((change - expected) / self.innovation_std).clamp(-VELOCITY_BOUND, VELOCITY_BOUND)
        next_state = replace(
            state,
            pose=pose,
            changes=torch.cat([change[:, None], state.changes[:, :-1]], 1),
            innovation=innovation,
            ankles=ankles,
            power=POWER_KEPT * state.power + (1 - POWER_KEPT) * innovation.square().mean(-1),
            music=music,
            cache=cache,
            place=place,
        )
        return vector, next_state

    def _vector(self, pose: Tensor) -> Tensor:
        """Poses in the codec's units, (batch, pose_dims), of standardised moving dimensions."""
        danced = pose * self.pose_std + self.pose_mean
        return self.still_pose.expand(len(pose), -1).index_copy(1, self.moving, danced)

    def _step_conditions(self, state: PlanningState, phrase: Tensor, beat: Tensor) -> PlanConditions:
        ones = state.energy.new_ones(len(phrase), 1, 1)
        planned = (phrase < self.config.num_phrases).to(ones.dtype)[:, None]
        level = STEP_NOISE_LEVEL + planned * (self.config.step_noise_level - STEP_NOISE_LEVEL)
        return PlanConditions(
            level=level[..., None],
            known=ones,
            style=state.style,
            energy=state.energy[:, None],
            has_spectrum=ones,
            look_ahead_frames=state.look_ahead_frames,
            phrase=phrase[:, None],
            group=self.planner.group[phrase][:, None],
            beat=beat[:, None],
            beats=self.planner.beats[phrase][:, None],
        )

    # ---- both ---------------------------------------------------------------------------------------------------

    def _condition_vector(
        self, present: Tensor, power: Tensor, conditions: PlanConditions, volatility_kept: float = 1.0
    ) -> Tensor:
        """The condition of every layer and coupling, (batch, frames, told_dims).

        Args:
            present: Feature frames, (batch, frames, music_dims).
            power: Mean square of the last innovations, (batch, frames).
            conditions: The rest.
            volatility_kept: Share of the power's logarithm that is given.
        """
        frames = present.shape[1]
        free = conditions.energy.isnan()
        energy = ((conditions.energy - self.energy_mean_std[0]) / self.energy_mean_std[1]).masked_fill(free, 0.0)
        volatility = torch.lerp(self.usual_volatility, self.volatility(power), volatility_kept)
        planned = (conditions.group < self.config.num_groups).to(power.dtype)[..., None]
        parts = [
            self.style_embedding(conditions.style)[:, None].expand(-1, frames, -1),
            self.phrase_embedding(conditions.phrase),
            self.group_embedding(conditions.group),
            place_features(conditions.beat, conditions.beats) * planned,
            present[..., self.config.spectral_dims :],
            torch.stack([energy, (~free).to(energy.dtype), volatility], -1),
        ]
        condition: Tensor = self.tell(torch.cat(parts, -1))
        return condition

    def _tokens(
        self,
        pose: Tensor,
        change: Tensor,
        innovation: Tensor,
        present: Tensor,
        future: Tensor,
        condition: Tensor,
        keys: Tensor,
        conditions: PlanConditions,
    ) -> Tensor:
        """The tokens of a sequence, (batch, frames, dims), from past poses, their changes and innovations."""
        known = conditions.known
        moved = torch.cat([change, innovation], -1).clamp(-VELOCITY_BOUND, VELOCITY_BOUND)
        level = (10 * conditions.level).expand(-1, pose.shape[1], 1)
        token = self.enter_pose(torch.cat([pose * known, moved * known, known, level], -1))
        token = token + self.heard(present, future, conditions.has_spectrum, conditions.look_ahead_frames)
        return token + self.enter_told(condition) + self.enter_keys(keys)

    def _keys(self, pose: Tensor, conditions: PlanConditions) -> Tensor:
        """How far the next key poses of the phrase are and how soon, (batch, frames, 2 * moving_dims + 2)."""
        known = (conditions.phrase < self.config.num_phrases).to(pose.dtype)[..., None]
        keys, beats_left = self.planner.next_keys(conditions.phrase, conditions.beat)
        gaps = (keys - pose[:, :, None]).clamp(-POSE_BOUND, POSE_BOUND).flatten(2)
        return torch.cat([gaps, beats_left[..., None], torch.ones_like(known)], -1) * known
