"""Where a dancer looks: the attention of the frame that is danced, by the kind and the time of what it looks at."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from models.networks.attention import watched_attention
from models.networks.causal_transformer import CausalTransformer
from models.networks.multimodal_encoder import MultimodalEncoder
from models.step.state_tree import named_leaves, with_leaves
from models.step.stepper import DancerStepper
from models.streaming.streaming_state import StreamingTransflowerState

FRAME: Final = "past poses with their music"
"""Kind of the keys of a model that reads pose and music of a frame as one token."""
TO_COME: Final = "frames to come"
"""Kind of the keys that are queries as well."""


@dataclass(frozen=True)
class Field:
    """What can be looked at.

    Attributes:
        kinds: Kind of each key.
        offsets: Frame of each key beside the one that is danced, negative in the past; None without a time.
    """

    kinds: tuple[str, ...]
    offsets: tuple[int | None, ...]


class WatchedStepper:
    """A dancer that is stepped as ever, and keeps where it looked.

    Attributes:
        field: What can be looked at.
        row: Number under which the next steps are kept; whoever steps sets it.
        weights: Attention to each key, (keys,) float32, by that number; each sums to 1.

    Args:
        stepper: The dancer.
        layer: From 0; the mean of all layers, if None.
        head: Likewise.

    Raises:
        ValueError: The dancer has no such attention, or does not show it.
    """

    def __init__(self, stepper: Any, layer: int | None = None, head: int | None = None) -> None:
        if not isinstance(stepper, DancerStepper):
            raise ValueError("ONNX Runtime does not show attention: plot with the dancer's .safetensors file")
        if stepper.uses_cuda_graph:
            raise ValueError("a CUDA graph does not show attention: step without it")
        self._stepper = stepper
        self._part = attending_part(stepper.model)
        self.row = 0
        self.weights: dict[int, NDArray[np.float32]] = {}
        self.field = _field(self._part)
        num_layers, num_heads = _size(self._part)
        for name, number, count in (("layer", layer, num_layers), ("head", head, num_heads)):
            if number is not None and not 0 <= number < count:
                raise ValueError(f"no {name} {number}: this dancer has {name}s 0 to {count - 1}")
        self._layers = slice(None) if layer is None else slice(layer, layer + 1)
        self._heads = slice(None) if head is None else slice(head, head + 1)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stepper, name)

    def step(self, music: Any, state: Any, noise: Any, temperature: float = 1.0) -> Any:
        """As the dancer's."""
        with torch.inference_mode(), watched_attention(_watched(self._part)) as seen:
            result = self._stepper.step(music, state, noise, temperature)
        layers = torch.stack([weights[0] for weights in seen])  # (layers, heads, queries, keys)
        chosen = layers[self._layers, self._heads]
        if isinstance(self._part, MultimodalEncoder):
            queries = len(self._part.queries[0])
            looked = chosen[:, :, :queries].mean((0, 1, 2))
        else:
            # from slots of the ring to ages
            window = layers.shape[-1]
            newest = int(state.cache.num_frames)
            slots = (newest - torch.arange(window, device=layers.device)) % window
            looked = chosen.mean((0, 1, 2))[slots]
        self.weights[self.row] = looked.float().cpu().numpy()
        return result


class SteppedBeside:
    """A dancer that the fast step steps, and PyTorch beside it, each step from the same state: where it looks.

    Args:
        dancer: What dances; a `models.fast_step.fast_stepper.FastStepper`.
        watched: The same dancer as PyTorch steps it.
    """

    def __init__(self, dancer: Any, watched: WatchedStepper) -> None:
        self._dancer = dancer
        self._watched = watched
        self._form = watched.initial_state()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._dancer, name)

    def step(self, music: Any, state: Any, noise: Any, temperature: float = 1.0) -> Any:
        """As the dancer's."""
        leaves = self._dancer.leaves_of(state)
        form = self._form
        if isinstance(form, StreamingTransflowerState):
            form = form.with_passes(len(state.rings))  # a second one where a style is guided
        own = [torch.from_numpy(np.array(leaves[name])).to(leaf.device) for name, leaf in named_leaves(form).items()]
        self._watched.step(music, with_leaves(form, own), noise, temperature)
        return self._dancer.step(music, state, noise, temperature)


def attending_part(model: nn.Module) -> CausalTransformer | MultimodalEncoder:
    """The part of a dancer that looks at its past and at the music; the first, should there be several.

    Raises:
        ValueError: There is none.
    """
    for part in model.modules():
        if isinstance(part, CausalTransformer | MultimodalEncoder):
            return part
    raise ValueError(f"{type(model).__name__} has no attention to its past and the music")


def _watched(part: CausalTransformer | MultimodalEncoder) -> nn.Module:
    """Across modalities, for the first output; the encoders of single modalities look at themselves only."""
    return part if isinstance(part, CausalTransformer) else part.cross[0]


def _size(part: CausalTransformer | MultimodalEncoder) -> tuple[int, int]:
    """Numbers of layers and heads."""
    layers: Any = part.layers if isinstance(part, CausalTransformer) else part.cross[0].layers
    return len(layers), int(layers[0].num_heads)


def _field(part: CausalTransformer | MultimodalEncoder) -> Field:
    if isinstance(part, CausalTransformer):
        ages = range(part.window_frames)
        # the newest token holds the last pose and the music of the frame that is danced
        return Field((FRAME,) * part.window_frames, tuple(-age for age in ages))
    layout = part.layout
    queries = len(part.queries[0])
    kinds = [TO_COME] * queries
    offsets: list[int | None] = list(range(queries))
    for item in layout.inputs:
        kinds += [item.name] * (1 if item.kind == "label" else item.frames)
        first = item.offset - layout.present
        offsets += [None] if item.kind == "label" else [first + frame for frame in range(item.frames)]
    return Field(tuple(kinds), tuple(offsets))
