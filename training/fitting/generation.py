"""Generation with any model of the family: many sequences at once, from inputs of a folder."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

import numpy as np
import torch
from numpy.typing import NDArray

from data.dataset.modality_folder import Kind, ModalitySequence
from models.step.dancer import Dancer
from models.step.noise import frame_noise
from models.step.state_tree import together
from models.step.steering import Steering
from models.streaming.streaming_transflower import StreamingTransflower
from models.window.window_dancer import STYLE, WindowDancer

Start = Literal["data", "seed"]
_AT_ONCE: Final = 32


@dataclass(frozen=True, kw_only=True)
class Streams:
    """What goes into a model frame by frame, and comes out.

    Attributes:
        heard: Names of the features that come side by side with each frame.
        labels: Names of labels, which hold for a sequence.
        outputs: Names of what is generated, with their dims.
        past_frames: Frames before the present that it can see.
        future_frames: The largest look-ahead.
    """

    heard: tuple[tuple[str, Kind], ...]
    labels: tuple[str, ...]
    outputs: tuple[tuple[str, int], ...]
    past_frames: int
    future_frames: int

    @classmethod
    def of(cls, dancer: Dancer) -> "Streams":
        """Those of a model."""
        if isinstance(dancer, WindowDancer):
            layout = dancer.layout
            return cls(
                heard=tuple((item.name, item.kind) for item in layout.heard),
                labels=tuple(item.name for item in layout.labels),
                outputs=tuple((item.name, item.dims) for item in layout.outputs),
                past_frames=layout.past_frames,
                future_frames=layout.future_frames,
            )
        config = dancer.config
        return cls(
            heard=(("audio", "continuous"),),
            labels=(STYLE,),
            outputs=(("pose", config.pose_dims),),
            past_frames=config.window_frames,
            future_frames=config.future_frames,
        )

    def kinds(self, *, with_outputs: bool) -> dict[str, Kind]:
        """The features that generation reads from a folder."""
        kinds: dict[str, Kind] = dict(self.heard)
        kinds |= dict.fromkeys(self.labels, "label")
        if with_outputs or not self.heard:
            kinds |= {name: "continuous" for name, _ in self.outputs if name not in kinds}
        return kinds


@dataclass(frozen=True, kw_only=True)
class GenerationOptions:
    """How a model is let loose.

    Attributes:
        seed: Of the noise; each sequence and sample has its own.
        samples: Of each sequence.
        temperature: Scale of the noise.
        look_ahead_frames: Frames of the inputs past the present that it is shown.
        start: Whether the first frames are those of the data, or it begins from one of its seed poses.
        start_frames: How many frames of the data it begins with; None takes as many as it sees.
        noise_correlation: Of the noise of a frame with that of the frame before.
    """

    seed: int = 0
    samples: int = 1
    temperature: float = 1.0
    look_ahead_frames: int = 0
    start: Start = "seed"
    start_frames: int | None = None
    noise_correlation: float = 0.0

    def __post_init__(self) -> None:
        if self.samples < 1:
            raise ValueError(f"samples must be at least 1, not {self.samples}")
        if not self.temperature >= 0:
            raise ValueError(f"the temperature must not be negative, not {self.temperature}")
        if self.look_ahead_frames < 0:
            raise ValueError(f"the look-ahead must not be negative, not {self.look_ahead_frames}")
        if self.start_frames is not None and (self.start_frames < 1 or self.start == "seed"):
            raise ValueError(f"start_frames is {self.start_frames}: a number of frames with which it starts from data")


@dataclass(frozen=True, eq=False)
class Generated:
    """What a model made of one sequence.

    Attributes:
        sequence: Whose inputs it was given.
        sample: Number of the sample.
        outputs: By name, (frames, dims) float32 in the data's units, row by row beside the inputs.
        num_given: Rows at the beginning that are the data's own.
    """

    sequence: ModalitySequence
    sample: int
    outputs: dict[str, NDArray[np.float32]]
    num_given: int


@torch.inference_mode()
def generate(
    dancer: Dancer,
    sequences: Sequence[ModalitySequence],
    options: GenerationOptions | None = None,
    on_progress: Callable[[int, int], None] = lambda *_: None,
) -> Iterator[Generated]:
    """Lets a model generate beside the inputs of sequences, fed with its own outputs.

    Args:
        dancer: Any model of the family; it is put in evaluation mode, folded anew.
        sequences: Their features, as `Streams.kinds` names them.
        options: How.
        on_progress: Called with how many frames of how many are done; sequences that run at once count one frame.

    Yields:
        Sample by sample, in the order of the sequences.

    Raises:
        ValueError: A request lies outside what the model can, or a sequence is too short for it.
    """
    options = options or GenerationOptions()
    streams = Streams.of(dancer.eval())
    _check(dancer, streams, sequences, options)
    runs = [(sequence, sample) for sequence in sequences for sample in range(options.samples)]
    chunks = [runs[start : start + _AT_ONCE] for start in range(0, len(runs), _AT_ONCE)]
    total = sum(max(sequence.num_frames for sequence, _ in chunk) for chunk in chunks)
    done = 0
    for number, chunk in enumerate(chunks):
        base = done

        def advance(frame: int, base: int = base) -> None:
            on_progress(base + frame, total)

        yield from _generate_chunk(dancer, streams, chunk, options, number * _AT_ONCE, advance)
        done += max(sequence.num_frames for sequence, _ in chunk)


def _check(dancer: Dancer, streams: Streams, sequences: Sequence[ModalitySequence], options: GenerationOptions) -> None:
    if options.look_ahead_frames > streams.future_frames:
        raise ValueError(
            f"a look-ahead of {options.look_ahead_frames} frames: this model sees {streams.future_frames} at most"
        )
    if options.start == "data" and not isinstance(dancer, WindowDancer | StreamingTransflower):
        raise ValueError(f"a {type(dancer).__name__} starts from its seed poses, not from data")
    if options.start == "data":
        given = _num_given(streams, options)
        for sequence in sequences:
            if sequence.num_frames <= given:
                raise ValueError(
                    f"{sequence.sequence_id}: {sequence.num_frames} frames, and the first {given} are the start; take "
                    "fewer start frames"
                )


def _num_given(streams: Streams, options: GenerationOptions) -> int:
    if options.start == "seed":
        return 0
    return options.start_frames or max(1, streams.past_frames)


def _generate_chunk(
    dancer: Dancer,
    streams: Streams,
    runs: Sequence[tuple[ModalitySequence, int]],
    options: GenerationOptions,
    first_run: int,
    advance: Callable[[int], None],
) -> Iterator[Generated]:
    device = next(dancer.buffers()).device
    frames, ahead, given = max(s.num_frames for s, _ in runs), options.look_ahead_frames, _num_given(streams, options)
    # What lies behind the end of a sequence is its last frame: no model has an input for "nothing".
    music = torch.from_numpy(np.stack([_heard(streams, sequence, frames + ahead) for sequence, _ in runs])).to(device)
    real = None
    if given:
        real = torch.from_numpy(np.stack([_joined(streams, sequence, given) for sequence, _ in runs])).to(device)
    seeds = [options.seed + first_run + place for place in range(len(runs))]
    state = _started(dancer, streams, runs, seeds, ahead)
    poses = []
    for frame in range(frames + ahead):
        noise = np.stack([frame_noise(seed, frame, dancer.noise_dims, options.noise_correlation) for seed in seeds])
        pose, state = dancer.step(music[:, frame], state, torch.from_numpy(noise).to(device), options.temperature)
        present = frame - ahead
        if real is not None and present < given:
            pose = real[:, max(present, 0)]
            state = _forced(dancer, state, pose)
        if present >= 0:
            poses.append(pose)
            advance(present + 1)
    made = torch.stack(poses, 1).float().cpu().numpy()
    for (sequence, sample), values in zip(runs, made, strict=True):
        outputs, start = {}, 0
        for name, dims in streams.outputs:
            outputs[name] = np.ascontiguousarray(values[: sequence.num_frames, start : start + dims])
            start += dims
        yield Generated(sequence, sample, outputs, given)


def _heard(streams: Streams, sequence: ModalitySequence, frames: int) -> NDArray[np.float32]:
    """Everything that comes with each frame, side by side, (frames, music_dims)."""
    rows = np.minimum(np.arange(frames), sequence.num_frames - 1)
    if not streams.heard:
        return np.zeros((frames, 0), np.float32)
    columns = [np.asarray(sequence.features[name][: sequence.num_frames], np.float32) for name, _ in streams.heard]
    return np.concatenate([c.reshape(len(c), -1)[rows] for c in columns], 1)


def _joined(streams: Streams, sequence: ModalitySequence, frames: int) -> NDArray[np.float32]:
    """The outputs of the data, side by side, (frames, pose_dims)."""
    return np.concatenate([np.asarray(sequence.features[name][:frames], np.float32) for name, _ in streams.outputs], 1)


def _started(
    dancer: Dancer, streams: Streams, runs: Sequence[tuple[ModalitySequence, int]], seeds: list[int], ahead: int
) -> Any:
    """The state before the first frame, of all runs."""
    states = []
    for (sequence, _), seed in zip(runs, seeds, strict=True):
        state = dancer.initial_state(1, seed)
        request = Steering(
            style=sequence.labels.get(STYLE) if "style" in dancer.steered.leaves else None, look_ahead_frames=ahead
        )
        state = dancer.steer(state, request)
        if isinstance(dancer, WindowDancer) and streams.labels:
            labels = {name: torch.full_like(state.labels[name], sequence.labels[name]) for name in streams.labels}
            state = replace(state, labels=labels)
        states.append(state)
    return together(states)


def _forced(dancer: Dancer, state: Any, pose: torch.Tensor) -> Any:
    """The state as if the pose, (batch, pose_dims) in the data's units, had been generated."""
    if isinstance(dancer, WindowDancer):
        scaled = (pose - dancer.pose_mean) / dancer.pose_std
        return replace(state, poses=torch.cat([state.poses[:, :-1], scaled[:, None]], 1))
    assert isinstance(dancer, StreamingTransflower)
    scaled = (pose - dancer.pose_mean) / dancer.pose_std
    return replace(state, pose=scaled)
