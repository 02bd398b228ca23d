"""A `StreamingTransflower` as a program, and what of its step is arithmetic on poses."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from models.fast_step.heard import with_frame, write_blocks
from models.fast_step.machine_code import Kernel
from models.fast_step.opcodes import OWN_ROWS
from models.fast_step.parts import LayerBuffers, PartWriter
from models.fast_step.program import Machines, Program, ProgramBuilder
from models.fast_step.ring import FrameRing, leaves_of_rings, rings_of_leaves
from models.fast_step.streaming_sizes import Sizes
from models.fast_step.weights import Array, StoredWeights
from models.step.steering import SteeredLeaves, Steering

# As in `models.streaming.streaming_transflower` and `models.flows.coupling`, which need PyTorch.
_LEVEL: Final = np.float32(10) * np.float32(0.02)
_VELOCITY_BOUND: Final = np.float32(8.0)
_POSE_BOUND: Final = np.float32(6.0)
_LOG_SCALE_BOUND: Final = 2.0
_BUFFERS: Final = {"pose_mean", "pose_std", "change_std", "energy_mean_std", "seed_poses"} | {
    "permutation",
    "sign_s",
    "initialised",
}


@dataclass(frozen=True, kw_only=True, eq=False)
class FastState:
    """Everything a dancer remembers; it can be pickled, and a dance goes on from it bit for bit.

    Attributes:
        pose: Newest pose, standardised, (pose_dims,).
        previous_pose: The pose before it, likewise.
        music: History of feature frames, newest last, (1 + future_frames, music_dims).
        rings: What the transformer remembers, of each pass: a second one, without a style, while a style is guided.
        style: Style index; the number of styles leaves it to the dancer.
        energy: Requested mean joint speed in m/s; NaN leaves it to the dancer.
        look_ahead_frames: Frames by which the music runs ahead of the dance.
        groove: How much the beat modulates the speed of the dance, 0 to 1.
        style_guidance: How far the style is exaggerated.
    """

    pose: Array
    previous_pose: Array
    music: Array
    rings: tuple[FrameRing, ...]
    style: int
    energy: float = math.nan
    look_ahead_frames: int = 0
    groove: float = 0.0
    style_guidance: float = 0.0


@dataclass(frozen=True)
class _Registers:
    """Offsets of the registers that are read or written from here."""

    token: int
    style: int
    guidance: int
    noise: int
    change: int


class FastStreaming:
    """The step of a `StreamingTransflower`, without PyTorch; several threads may call it at once.

    Args:
        path: Its checkpoint.
        sizes: Of its configuration.
        kernel: What runs its program.

    Raises:
        ValueError: The file's weights do not fit its configuration, or are not finite.
    """

    def __init__(self, path: Path, sizes: Sizes, kernel: Kernel) -> None:
        self.sizes = sizes
        self.music_dims, self.noise_dims = sizes.music_dims, sizes.pose_dims
        weights = StoredWeights(path, sizes.shapes)
        self.num_parameters = weights.count(_BUFFERS)
        self.steered = SteeredLeaves(
            leaves={
                "energy_m_s": "energy",
                **{name: name for name in ("style", "look_ahead_frames", "groove", "style_guidance")},
            },
            num_styles=sizes.num_styles,
            future_frames=sizes.future_frames,
        )
        self._pose_mean, self._pose_std = weights["pose_mean"], weights["pose_std"]
        self._change_std, self._seed_poses = weights["change_std"], weights["seed_poses"]
        self._energy_mean, self._energy_std = weights["energy_mean_std"]
        self._styles = weights["enter_style.weight"]
        self._pull = np.minimum(np.square(self._change_std) / 2, np.float32(1))
        self._with_future, self._registers = _program(weights, sizes)
        self._without_future = self._with_future.with_fewer_inputs(0, sizes.inputs_without_future)
        self._machines = Machines(kernel, self._with_future)

    def initial_state(self, seed: int) -> FastState:
        """As `StreamingTransflower.initial_state`, of one dancer."""
        sizes = self.sizes
        pose = self._seed_poses[seed % sizes.num_seed_poses]
        ring = FrameRing.empty(sizes.num_layers, sizes.window_frames, sizes.dims)
        music = np.zeros((1 + sizes.future_frames, sizes.music_dims), np.float32)
        return FastState(pose=pose, previous_pose=pose, music=music, rings=(ring,), style=sizes.num_styles)

    def steer(self, state: FastState, steering: Steering) -> FastState:
        """The state with the performer's requests in it.

        Raises:
            ValueError: If a request lies outside what the model was trained for.
        """
        numbers: dict[str, Any] = dict(self.steered.values(steering))
        passes = 2 if steering.is_guided else 1
        rings = state.rings if passes == len(state.rings) else (state.rings[0],) * passes
        return replace(state, **numbers, rings=rings)

    def step(
        self, music: Sequence[Array], states: Sequence[FastState], noise: Sequence[Array], temperatures: Sequence[float]
    ) -> tuple[list[Array], list[FastState]]:
        """One frame of some dancers, each as if it were alone: pose vectors and next states."""
        passes = [tuple(ring.extended() for ring in state.rings) for state in states]
        num_rows = sum(map(len, passes))
        machine = self._machines.of(num_rows)
        histories, row = [], 0
        for heard, state, rings in zip(music, states, passes, strict=True):
            history = with_frame(state.music, heard)
            histories.append(history)
            self._enter(machine.rows[row : row + len(rings)], history, state)
            row += len(rings)
        row, at = 0, self._registers
        for latent, temperature, rings in zip(noise, temperatures, passes, strict=True):
            own = machine.rows[row, at.noise : at.noise + self.sizes.pose_dims]
            np.multiply(latent, np.float32(temperature), out=own)
            row += len(rings)
        looks_ahead = any(state.look_ahead_frames for state in states)
        machine.run(self._with_future if looks_ahead else self._without_future, passes)
        vectors, following, row = [], [], 0
        for state, history, rings in zip(states, histories, passes, strict=True):
            change = machine.rows[row, at.change : at.change + self.sizes.pose_dims]
            pose = self._danced(change, state, history[-1 - state.look_ahead_frames])
            vectors.append(pose * self._pose_std + self._pose_mean)
            following.append(replace(state, pose=pose, previous_pose=state.pose, music=history, rings=rings))
            row += len(rings)
        return vectors, following

    def _enter(self, rows: Array, history: Array, state: FastState) -> None:
        """Writes the inputs of a dancer's passes; they differ in the style alone."""
        sizes, at = self.sizes, self._registers
        dims, heard = sizes.pose_dims, sizes.music_dims
        token = rows[0, at.token : at.token + sizes.inputs_without_future + sizes.num_blocks * (heard + 1)]
        token[:dims] = state.pose
        change = token[dims : 2 * dims]
        np.subtract(state.pose, state.previous_pose, out=change)
        np.divide(change, self._change_std, out=change)
        np.minimum(change, _VELOCITY_BOUND, out=change)
        np.maximum(change, -_VELOCITY_BOUND, out=change)
        begin = 2 * dims + 2
        token[begin - 2 : begin] = 1, _LEVEL
        newest, ahead = sizes.future_frames, state.look_ahead_frames
        token[begin : begin + heard] = history[newest - ahead]
        token[begin + heard] = 1
        free = math.isnan(state.energy)
        energy = np.float32(0) if free else (np.float32(state.energy) - self._energy_mean) / self._energy_std
        token[begin + heard + 1 : begin + heard + 3] = energy, not free
        future = token[sizes.inputs_without_future :].reshape(sizes.num_blocks, heard + 1)
        write_blocks(future, history, ahead, sizes.future_block_frames)
        rows[1:, at.token : at.token + len(token)] = token
        rows[:, at.style : at.style + sizes.dims] = self._styles[sizes.num_styles]
        rows[0, at.style : at.style + sizes.dims] = self._styles[state.style]
        rows[0, at.guidance] = state.style_guidance

    def _danced(self, change: Array, state: FastState, present: Array) -> Array:
        """The next pose, standardised, from the change that the flow drew."""
        beat_column = self.sizes.beat_column
        if self.sizes.reverts_to_mean:
            change = change - state.pose * self._pull / self._change_std
        change = np.maximum(np.minimum(change, _POSE_BOUND), -_POSE_BOUND)
        if state.groove:
            groove = np.float32(state.groove)
            change *= np.float32(1) - groove * present[beat_column + 3] * present[beat_column]
        change *= self._change_std
        change += state.pose
        np.minimum(change, _POSE_BOUND, out=change)
        return np.maximum(change, -_POSE_BOUND, out=change)

    # ---- states as PyTorch has them -----------------------------------------------------------------------------

    def leaves_of(self, state: FastState) -> dict[str, NDArray[Any]]:
        """The state as the leaves of a `StreamingTransflowerState` of a batch of one, by name."""
        sizes = self.sizes
        leaves: dict[str, NDArray[Any]] = {
            "pose": state.pose[None],
            "previous_pose": state.previous_pose[None],
            "music": state.music[None],
        }
        leaves |= leaves_of_rings(state.rings, sizes.num_heads)
        leaves |= {name: np.array([getattr(state, name)], np.int64) for name in ("style", "look_ahead_frames")}
        names = ("energy", "groove", "style_guidance")
        return leaves | {name: np.array([getattr(state, name)], np.float32) for name in names}

    def state_of(self, leaves: Mapping[str, NDArray[Any]]) -> FastState:
        """Undoes `leaves_of`."""
        sizes = self.sizes
        requests = {name: float(leaves[name][0]) for name in ("energy", "groove", "style_guidance")}
        return FastState(
            pose=np.array(leaves["pose"][0]),
            previous_pose=np.array(leaves["previous_pose"][0]),
            music=np.array(leaves["music"][0]),
            rings=rings_of_leaves(leaves, sizes.num_layers, sizes.window_frames, sizes.dims),
            style=int(leaves["style"][0]),
            look_ahead_frames=int(leaves["look_ahead_frames"][0]),
            **requests,
        )


def _program(weights: StoredWeights, sizes: Sizes) -> tuple[Program, _Registers]:
    """The network as a program; its first instruction is the map that the token enters by."""
    build, dims, hidden, pose = ProgramBuilder(), sizes.dims, sizes.flow_hidden_dims, sizes.pose_dims
    write = PartWriter(build, weights)
    token = build.register(sizes.inputs_without_future + sizes.num_blocks * (sizes.music_dims + 1))
    style, x, context, guidance = build.register(dims), build.register(dims), build.register(dims), build.register(1)
    buffers = LayerBuffers(build, dims)
    write.enter(("enter_pose", "enter_music", "enter_energy", "enter_future"), token, x, before=style)
    for layer in range(sizes.num_layers):
        write.layer("transformer", layer, x, buffers, dims)
    write.layer_norm("transformer.norm", x, context)
    build.guide(context, dims, guidance)
    rhythm = token + 2 * pose + 2 + sizes.spectral_dims
    write.linear("enter_rhythm.0", rhythm, buffers.inner, gelu=True, rows=OWN_ROWS)
    write.linear("enter_rhythm.2", buffers.inner, context, after=context, rows=OWN_ROWS)

    kept = pose // 2
    conditions = build.register(sizes.flow_steps * hidden)
    z, other = build.register(pose), build.register(pose)
    first, second, leave = build.register(hidden), build.register(hidden), build.register(2 * (pose - kept))
    noise = z
    write.linear("flow.condition", context, conditions, rows=OWN_ROWS)
    for step in reversed(range(sizes.flow_steps)):
        name = f"flow.steps.{step}"
        enter = weights.matrix(f"{name}.coupling.enter.weight")
        build.linear(z, first, enter, before=conditions + step * hidden, gelu=True, rows=OWN_ROWS)
        write.linear(f"{name}.coupling.hidden", first, second, gelu=True, after=first, rows=OWN_ROWS)
        write.linear(f"{name}.coupling.leave", second, leave, rows=OWN_ROWS)
        build.couple(z + kept, leave, leave + pose - kept, pose - kept, _LOG_SCALE_BOUND)
        write.unmix(name, z, other, rows=OWN_ROWS)
        z, other = other, z
    return build.build(), _Registers(token=token, style=style, guidance=guidance, noise=noise, change=z)
