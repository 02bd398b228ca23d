"""A `PlanningTransflower` as a program, and what of its step is arithmetic on poses."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from models.fast_step.feet import FastFooting
from models.fast_step.heard import with_frame, write_blocks
from models.fast_step.machine_code import Kernel
from models.fast_step.opcodes import OWN_ROWS
from models.fast_step.parts import LayerBuffers, PartWriter
from models.fast_step.phrases import FastPlace, FastPlanner, FastPlanRequest
from models.fast_step.planning_sizes import PLACE_DIMS, PlanningSizes
from models.fast_step.program import Machines, Program, ProgramBuilder
from models.fast_step.ring import FrameRing, leaves_of_rings, rings_of_leaves
from models.fast_step.weights import Array, Matrix, StoredWeights
from models.step.steering import SteeredLeaves, Steering

F = np.float32
# As in `models.streaming.planning_transflower`, `models.streaming.planning_conditions`, `models.flows.innovation_flow`
# and `models.flows.base_density`, which need PyTorch.
_STEP_NOISE_LEVEL: Final = 0.02
_VELOCITY_BOUND, _POSE_BOUND, _VOLATILITY_BOUND = F(8.0), F(6.0), F(0.7)
_LEAST_POWER: Final = F(1e-4)
_POWER_KEPT, _POWER_TAKEN = F(0.95), F(1 - 0.95)
_LOG_SCALE_BOUND: Final = 1.0
_LEAST_ROOT: Final = F(0.05)
_BUFFERS: Final = {"moving", "still_pose", "pose_mean", "pose_std", "change_std", "energy_mean_std", "seed_poses"} | {
    *("prediction_weights", "prediction_bias", "innovation_std", "usual_volatility"),
    *("group", "beats", "style", "energy", "mirror", "keys", "offsets", "columns", "standing_m"),
    *("permutation", "sign_s", "initialised"),
}
_REQUESTS: Final = ("energy", "groove", "plan", "hold", "asked")


@dataclass(frozen=True, kw_only=True, eq=False)
class FastPlanningState:
    """Everything a dancer remembers; it can be pickled, and a dance goes on from it bit for bit.

    Attributes:
        pose: Newest pose, moving dimensions, standardised, (dims,).
        changes: Last changes as danced, newest first, in their deviations, (lags, dims).
        innovation: What the newest change was beside its linear prediction, in its deviations, (dims,).
        ankles: Ankles of the newest pose below the hips, (2, 3), metres.
        power: Running mean square of innovations.
        music: History of feature frames, newest last, (1 + future_frames, music_dims).
        rings: What the transformer remembers, of its one pass.
        place: Place in the plan.
        style: Style index; the number of styles leaves it to the dancer.
        energy: Requested mean joint speed in m/s; NaN leaves it to the dancer.
        look_ahead_frames: Frames by which the music runs ahead of the dance.
        groove: How much the beat modulates the speed of the dance, 0 to 1.
        plan: Share of choreographed phrases, 0 to 1.
        hold: 1 repeats the present phrase.
        asked: How often the present phrase was to be left for another.
    """

    pose: Array
    changes: Array
    innovation: Array
    ankles: Array
    power: np.float32
    music: Array
    rings: tuple[FrameRing, ...]
    place: FastPlace
    style: int
    energy: float = math.nan
    look_ahead_frames: int = 0
    groove: float = 0.0
    plan: float = 1.0
    hold: float = 0.0
    asked: float = 0.0


@dataclass(frozen=True)
class _Registers:
    """Offsets of the registers that are read or written from here; `enter` is the place of the token's map."""

    tell: int
    keys: int
    history: int
    expected: int
    noise: int
    innovation: int
    enter: int


class FastPlanning:
    """The step of a `PlanningTransflower`, without PyTorch; several threads may call it at once.

    Args:
        path: Its checkpoint.
        sizes: Of its configuration.
        kernel: What runs its program.

    Raises:
        ValueError: The file's weights do not fit its configuration, or are not finite.
    """

    def __init__(self, path: Path, sizes: PlanningSizes, kernel: Kernel) -> None:
        self.sizes = sizes
        self.music_dims, self.noise_dims = sizes.music_dims, sizes.latent_dims + 2
        weights = StoredWeights(path, sizes.shapes)
        self.num_parameters = weights.count(_BUFFERS)
        self.steered = SteeredLeaves(
            leaves={
                **{name: name for name in ("style", "look_ahead_frames", "groove", "plan")},
                **{"energy_m_s": "energy", "hold_phrase": "hold", "next_phrase": "asked"},
            },
            num_styles=sizes.num_styles,
            future_frames=sizes.future_frames,
        )
        try:
            self._planner, self._footing = FastPlanner(weights, sizes), FastFooting(weights, sizes.pose_dims)
            self._moving = weights.integers("moving")
            if self._moving.min() < 0 or self._moving.max() >= sizes.pose_dims:
                raise ValueError("its moving dimensions are not in its pose vectors; train it again")
        except ValueError as error:
            raise ValueError(f"{path}: {error}") from None
        self._still_pose, self._seed_poses = weights["still_pose"], weights["seed_poses"]
        self._pose_mean, self._pose_std, self._change_std, self._innovation_std = (
            weights[name] for name in ("pose_mean", "pose_std", "change_std", "innovation_std")
        )
        self._energy_mean, self._energy_std = weights["energy_mean_std"]
        self._usual_volatility = F(weights["usual_volatility"])
        self._styles, self._phrases, self._groups = (
            weights[f"{name}_embedding.weight"] for name in ("style", "phrase", "group")
        )
        # Corruption level that is given: of improvised frames, and of planned ones.
        levels = F(_STEP_NOISE_LEVEL), F(_STEP_NOISE_LEVEL) + F(sizes.step_noise_level - _STEP_NOISE_LEVEL)
        self._levels = tuple(F(10) * level for level in levels)
        part = 2 / (9 * sizes.degrees) if sizes.degrees else 0.0
        self._root_mean, self._root_deviation = F(1 - part), F(math.sqrt(part))
        self._with_future, self._registers = _program(weights, sizes)
        self._without_future = self._with_future.with_fewer_inputs(self._registers.enter, sizes.token_dims)
        self._machines = Machines(kernel, self._with_future)

    def initial_state(self, seed: int) -> FastPlanningState:
        """As `PlanningTransflower.initial_state`, of one dancer."""
        sizes = self.sizes
        pose = self._seed_poses[seed % sizes.num_seed_poses]
        ring = FrameRing.empty(sizes.num_layers, sizes.window_frames, sizes.dims)
        return FastPlanningState(
            pose=pose,
            changes=np.zeros((sizes.lags, sizes.moving_dims), np.float32),
            innovation=np.zeros(sizes.moving_dims, np.float32),
            ankles=self._footing.ankles(self._vector(pose)),
            power=F(1),
            music=np.zeros((1 + sizes.future_frames, sizes.music_dims), np.float32),
            rings=(ring,),
            place=self._planner.initial_place(),
            style=sizes.num_styles,
        )

    def steer(self, state: FastPlanningState, steering: Steering) -> FastPlanningState:
        """The state with the performer's requests in it.

        Raises:
            ValueError: If a request lies outside what the model was trained for.
        """
        numbers: dict[str, Any] = dict(self.steered.values(steering))
        return replace(state, **numbers)

    def step(
        self,
        music: Sequence[Array],
        states: Sequence[FastPlanningState],
        noise: Sequence[Array],
        temperatures: Sequence[float],
    ) -> tuple[list[Array], list[FastPlanningState]]:
        """One frame of some dancers, each as if it were alone: pose vectors and next states."""
        machine = self._machines.of(len(states))
        following = []
        for row, heard, state, drawn, temperature in zip(machine.rows, music, states, noise, temperatures, strict=True):
            history = with_frame(state.music, heard)
            present = history[-1 - state.look_ahead_frames]
            oscillator = present[self.sizes.beat_column : self.sizes.beat_column + 4]
            request = FastPlanRequest(
                style=state.style, energy=state.energy, plan=state.plan, hold=state.hold, asked=state.asked
            )
            place = self._planner.next_place(state.place, oscillator, state.pose, request, drawn[-2:])
            self._enter(row, history, state, place)
            self._draw(row, drawn, temperature)
            rings = (state.rings[0].extended(),)
            following.append((replace(state, music=history, place=place, rings=rings), oscillator))
        looks_ahead = any(state.look_ahead_frames for state in states)
        program = self._with_future if looks_ahead else self._without_future
        machine.run(program, [state.rings for state, _ in following])
        danced = [
            self._danced(row, state, oscillator)
            for row, (state, oscillator) in zip(machine.rows, following, strict=True)
        ]
        return [vector for vector, _ in danced], [state for _, state in danced]

    def _enter(self, row: Array, history: Array, state: FastPlanningState, place: FastPlace) -> None:
        """Writes the inputs of the dancer."""
        sizes, at, plan = self.sizes, self._registers, self.sizes.plan_dims
        present = history[-1 - state.look_ahead_frames]
        is_planned = place.phrase < sizes.num_phrases
        tell = row[at.tell : at.tell + sizes.tell_dims]
        tell[:plan] = self._styles[state.style]
        tell[plan : 2 * plan] = self._phrases[place.phrase]
        tell[2 * plan : 3 * plan] = self._groups[self._planner.group[place.phrase]]
        self._planner.write_place(place, tell[3 * plan : 3 * plan + PLACE_DIMS])
        tell[3 * plan + PLACE_DIMS : -3] = present[sizes.spectral_dims :]
        free = math.isnan(state.energy)
        energy = F(0) if free else (F(state.energy) - self._energy_mean) / self._energy_std
        tell[-3:] = energy, not free, self._volatility(state.power)

        dims, keys, heard = sizes.moving_dims, sizes.key_dims, sizes.music_dims
        token = row[at.keys : at.keys + sizes.token_dims - sizes.told_dims + sizes.num_blocks * (heard + 1)]
        self._planner.write_keys(place, state.pose, _POSE_BOUND, token[:keys])
        shown = token[keys:]
        shown[:dims] = state.pose
        moved = shown[dims : 3 * dims]
        moved[:dims], moved[dims:] = state.changes[0], state.innovation
        np.minimum(moved, _VELOCITY_BOUND, out=moved)
        np.maximum(moved, -_VELOCITY_BOUND, out=moved)
        shown[3 * dims], shown[3 * dims + 1] = 1, self._levels[is_planned]
        begin = 3 * dims + 2
        shown[begin : begin + heard], shown[begin + heard] = present, 1
        future = shown[begin + heard + 1 :].reshape(sizes.num_blocks, heard + 1)
        write_blocks(future, history, state.look_ahead_frames, sizes.future_block_frames)
        past = row[at.history : at.history + (sizes.lags + 1) * dims]
        past[:-dims], past[-dims:] = state.changes.reshape(-1), state.pose

    def _volatility(self, power: np.float32) -> np.float32:
        """The condition of the innovations' size; as `torch.lerp` of the usual one."""
        kept, usual = F(self.sizes.volatility_kept), self._usual_volatility
        size = F(0.5) * F(math.log(max(power, _LEAST_POWER)))
        size = min(max(size, -_VOLATILITY_BOUND), _VOLATILITY_BOUND)
        return usual + kept * (size - usual) if abs(kept) < F(0.5) else size - (size - usual) * (F(1) - kept)

    def _draw(self, row: Array, noise: Array, temperature: float) -> None:
        """Writes the flow's latent; as `models.flows.base_density` has it."""
        dims = self.sizes.moving_dims
        latent = row[self._registers.noise : self._registers.noise + dims]
        if not self.sizes.degrees:
            np.multiply(noise[:dims], F(temperature), out=latent)
            return
        degrees = F(self.sizes.degrees)
        root = np.maximum(self._root_mean + self._root_deviation * noise[dims], _LEAST_ROOT)
        np.multiply(noise[:dims], np.sqrt(degrees / (degrees * (root * root * root))), out=latent)
        latent *= F(temperature)

    def _danced(self, row: Array, state: FastPlanningState, oscillator: Array) -> tuple[Array, FastPlanningState]:
        """The pose vector and the next state, from the innovation that the flow drew."""
        at, dims = self._registers, self.sizes.moving_dims
        expected = row[at.expected : at.expected + dims]
        change = row[at.innovation : at.innovation + dims]
        change = _clipped(change, _POSE_BOUND) * self._innovation_std + expected
        change = _clipped(change, _POSE_BOUND)
        if state.groove:
            change *= F(1) - F(state.groove) * oscillator[3] * oscillator[0]
        pose = _clipped(state.pose + change * self._change_std, _POSE_BOUND)
        vector, ankles = self._vector(pose), state.ankles
        if self.sizes.plants_feet:
            ankles = self._footing.planted(vector, ankles)
            pose = (vector[self._moving] - self._pose_mean) / self._pose_std
        changes = np.empty_like(state.changes)
        np.divide(pose - state.pose, self._change_std, out=changes[0])
        changes[1:] = state.changes[:-1]
        innovation = _clipped((changes[0] - expected) / self._innovation_std, _VELOCITY_BOUND)
        power = _POWER_KEPT * state.power + _POWER_TAKEN * (np.square(innovation).sum() / F(self.sizes.moving_dims))
        return vector, replace(state, pose=pose, changes=changes, innovation=innovation, ankles=ankles, power=power)

    def _vector(self, pose: Array) -> Array:
        """A pose in the codec's units, (pose_dims,), of standardised moving dimensions."""
        vector = self._still_pose.copy()
        vector[self._moving] = pose * self._pose_std + self._pose_mean
        return vector

    # ---- states as PyTorch has them -----------------------------------------------------------------------------

    def leaves_of(self, state: FastPlanningState) -> dict[str, NDArray[Any]]:
        """The state as the leaves of a `PlanningState` of a batch of one, by name."""
        leaves: dict[str, NDArray[Any]] = {
            name: getattr(state, name)[None] for name in ("pose", "changes", "innovation", "ankles", "music")
        }
        leaves |= leaves_of_rings(state.rings, self.sizes.num_heads)
        leaves |= {f"place.{name}": leaf for name, leaf in state.place.leaves().items()}
        leaves |= {name: np.array([getattr(state, name)], np.int64) for name in ("style", "look_ahead_frames")}
        return leaves | {name: np.array([getattr(state, name)], np.float32) for name in ("power", *_REQUESTS)}

    def state_of(self, leaves: Mapping[str, NDArray[Any]]) -> FastPlanningState:
        """Undoes `leaves_of`."""
        sizes = self.sizes
        place = {name.removeprefix("place."): leaf for name, leaf in leaves.items() if name.startswith("place.")}
        kept: dict[str, Any] = {
            name: np.array(leaves[name][0]) for name in ("pose", "changes", "innovation", "ankles", "music")
        }
        kept |= {name: float(leaves[name][0]) for name in _REQUESTS}
        return FastPlanningState(
            **kept,
            power=F(leaves["power"][0]),
            rings=rings_of_leaves(leaves, sizes.num_layers, sizes.window_frames, sizes.dims),
            place=FastPlace.of(place),
            style=int(leaves["style"][0]),
            look_ahead_frames=int(leaves["look_ahead_frames"][0]),
        )


def _clipped(x: Array, bound: np.float32) -> Array:
    clipped: Array = np.minimum(x, bound)
    return np.maximum(clipped, -bound, out=clipped)


def _program(weights: StoredWeights, sizes: PlanningSizes) -> tuple[Program, _Registers]:
    """The network and the linear prediction as a program."""
    build, dims, told_dims, moving = ProgramBuilder(), sizes.dims, sizes.told_dims, sizes.moving_dims
    write = PartWriter(build, weights)
    tell, tell_inner = build.register(sizes.tell_dims), build.register(2 * told_dims)
    # Beside each other, since they are read together: the flow's condition reads the first two, the token all others.
    context = build.register(dims + sizes.token_dims + sizes.num_blocks * (sizes.music_dims + 1))
    condition = context + dims
    keys = condition + told_dims
    x, modulations = build.register(dims), build.register(2 * dims * (sizes.num_layers + 1))
    buffers = LayerBuffers(build, dims)
    write.linear("tell.0", tell, tell_inner, gelu=True)
    write.linear("tell.2", tell_inner, condition)
    entries = ("enter_told", "enter_keys", "enter_pose", "heard.enter_music", "heard.enter_future")
    enter = write.enter(entries, condition, x)
    write.linear("transformer.modulate", condition, modulations)
    for layer in range(sizes.num_layers):
        scale = modulations + 2 * dims * layer
        build.modulate(x, x, scale, scale + dims, dims)
        write.layer("transformer.causal", layer, x, buffers, dims)
    write.layer_norm("transformer.causal.norm", x, buffers.normed)
    scale = modulations + 2 * dims * sizes.num_layers
    build.modulate(buffers.normed, context, scale, scale + dims, dims)
    write.linear("keys_to_context.0", keys, buffers.inner, gelu=True)
    write.linear("keys_to_context.2", buffers.inner, context, after=context)

    kept, hidden, scale_hidden = moving // 2, sizes.flow_hidden_dims, sizes.flow_scale_dims
    conditions, scale_conditions = (
        build.register(sizes.flow_steps * hidden),
        build.register(sizes.flow_steps * scale_hidden),
    )
    noise = z = build.register(moving)
    other = build.register(moving)
    first, second, of_scale = build.register(hidden), build.register(hidden), build.register(scale_hidden)
    shift, raw = build.register(moving - kept), build.register(moving - kept)
    write.linear("flow.condition", context, conditions, rows=OWN_ROWS)
    write.linear("flow.scale_condition", condition, scale_conditions, rows=OWN_ROWS)
    z = noise
    for step in reversed(range(sizes.flow_steps)):
        name = f"flow.steps.{step}"
        coupling = f"{name}.coupling"
        own, own_scale = conditions + step * hidden, scale_conditions + step * scale_hidden
        build.linear(z, first, weights.matrix(f"{coupling}.enter.weight"), before=own, gelu=True, rows=OWN_ROWS)
        write.linear(f"{coupling}.hidden", first, second, gelu=True, after=first, rows=OWN_ROWS)
        write.linear(f"{coupling}.leave", second, shift, rows=OWN_ROWS)
        entry = weights.matrix(f"{coupling}.enter_scale.weight")
        build.linear(z, of_scale, entry, before=own_scale, gelu=True, rows=OWN_ROWS)
        write.linear(f"{coupling}.leave_scale", of_scale, raw, rows=OWN_ROWS)
        build.couple(z + kept, shift, raw, moving - kept, _LOG_SCALE_BOUND)
        write.unmix(name, z, other, rows=OWN_ROWS)
        z, other = other, z
    history, expected = build.register((sizes.lags + 1) * moving), build.register(moving)
    prediction = Matrix.of(weights["prediction_weights"])
    build.linear(history, expected, prediction, weights["prediction_bias"], rows=OWN_ROWS)
    return build.build(), _Registers(
        tell=tell, keys=keys, history=history, expected=expected, noise=noise, innovation=z, enter=enter
    )
