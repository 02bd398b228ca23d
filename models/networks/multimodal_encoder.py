"""Encoders of windows: one transformer a modality, and one across them, with positions that are truly relative."""

from dataclasses import dataclass
from itertools import accumulate

import torch
from torch import Tensor, nn

from models.networks.modalities import InputModality, Layout
from models.networks.pose_changes import with_changes
from models.networks.transformer_layer import TransformerLayer


@dataclass(frozen=True, kw_only=True)
class EncoderSize:
    """How large a multimodal encoder is.

    Attributes:
        dims: Width of a token.
        num_heads: Attention heads.
        input_layers: Layers of each modality's own encoder.
        cross_layers: Layers of the encoder across modalities.
        mlp_dims: Hidden width of the perceptrons; the paper's is `dims`.
        dropout: Probability in training.
    """

    dims: int = 128
    num_heads: int = 4
    input_layers: int = 2
    cross_layers: int = 4
    mlp_dims: int = 256
    dropout: float = 0.1


class RelativeTimeBias(nn.Module):
    """Learned attention bias by head, by the time between two tokens, and by what kinds of token they are.

    It depends on differences of time alone, so that a window is read in the same way wherever it lies, as T5 does
    (Raffel et al., 2020, section 2.1), without buckets. The original added a free matrix of absolute pairs. Heads begin
    near-sighted to different degrees (Press et al., "Train Short, Test Long", 2022): alike, they would take long to
    find the frame before the one to dance.

    Args:
        num_heads: Attention heads.
        times: Frame of each token; None where it has no time.
        groups: Kind of each token, from 0.
    """

    gaps: Tensor
    pairs: Tensor
    timed: Tensor

    def __init__(self, num_heads: int, times: list[int | None], groups: list[int]) -> None:
        super().__init__()
        known = [time for time in times if time is not None] or [0]
        self.span = max(known) - min(known)
        time = torch.tensor([known[0] if time is None else time for time in times])
        group = torch.tensor(groups)
        num_groups = max(groups) + 1
        has_time = torch.tensor([time is not None for time in times])
        slopes = 2.0 ** (-8 * torch.arange(num_heads) / num_heads)
        distances = torch.arange(-self.span, self.span + 1).abs()
        self.by_gap = nn.Parameter(-slopes[:, None] * distances)
        self.by_pair = nn.Parameter(torch.zeros(num_heads, num_groups**2))
        self.register_buffer("gaps", time[:, None] - time[None, :] + self.span, persistent=False)
        self.register_buffer("pairs", group[:, None] * num_groups + group[None, :], persistent=False)
        self.register_buffer("timed", has_time[:, None] & has_time[None, :], persistent=False)

    def forward(self) -> Tensor:
        """The bias, (1, heads, tokens, tokens): of the query (third axis) towards the key (fourth)."""
        by_gap = self.by_gap[:, self.gaps] * self.timed.to(self.by_gap.dtype)
        return (by_gap + self.by_pair[:, self.pairs])[None]


class RelativeTransformer(nn.Module):
    """Bidirectional transformer over tokens with given times: (batch, tokens, dims) -> (batch, tokens, dims)."""

    def __init__(
        self, size: EncoderSize, num_layers: int, times: list[int | None], groups: list[int] | None = None
    ) -> None:
        super().__init__()
        self.bias = RelativeTimeBias(size.num_heads, times, groups or [0] * len(times))
        self.layers = nn.ModuleList(
            TransformerLayer(size.dims, size.num_heads, size.dropout, size.mlp_dims) for _ in range(num_layers)
        )
        self.norm = nn.LayerNorm(size.dims)

    def forward(self, x: Tensor) -> Tensor:
        """Encodes all tokens at once."""
        bias = self.bias()
        for layer in self.layers:
            x = layer(x, bias)
        out: Tensor = self.norm(x)
        return out


class InputEncoder(nn.Module):
    """One modality's own encoder, (batch, frames, ...) -> (batch, frames, width).

    Args:
        modality: What is read.
        size: Of the transformer.
        tells_known: Whether a column says which frames are known.
        tells_changes: Whether the changes of the frames stand beside them.
    """

    def __init__(
        self, modality: InputModality, size: EncoderSize, *, tells_known: bool, tells_changes: bool = False
    ) -> None:
        super().__init__()
        self.tells_changes = tells_changes
        self.is_label = modality.kind == "label"
        self.tells_known = tells_known and not self.is_label
        self.tokens = None
        if modality.kind != "continuous":
            self.tokens = nn.Embedding(modality.num_tokens + 1, modality.dims)
        self.enter = nn.Linear(modality.dims * (1 + tells_changes) + self.tells_known, size.dims)
        times: list[int | None] = [None if self.is_label else modality.offset + i for i in range(modality.frames)]
        self.transformer = RelativeTransformer(size, size.input_layers, times)
        self.leave = nn.Linear(size.dims, size.dims)

    def forward(self, x: Tensor, known: Tensor | None) -> Tensor:
        """Encodes x (batch, frames, dims), tokens (batch, frames) or labels (batch,), with known (batch, frames)."""
        if self.is_label:
            x = x[:, None]
        if self.tokens is not None:
            x = self.tokens(x)
        if self.tells_changes:
            assert known is not None
            x = with_changes(x, known)
        if self.tells_known:
            assert known is not None
            x = torch.cat([x, known[..., None].to(x.dtype)], -1)
        out: Tensor = self.leave(self.transformer(self.enter(x)))
        return out


class MultimodalEncoder(nn.Module):
    """Reads a window of all modalities; writes contexts for one output, each at a time of its own.

    Learned query tokens stand first, at the times of the frames to come, and their outputs are the contexts. What the
    last frame of the past says is added to them, for it says most of what follows. (The original reads the outputs of
    the oldest frames of motion instead, whose place says nothing of what they predict.)

    Args:
        layout: Modalities and their places.
        size: Of the transformers.
        num_contexts: Query tokens of each output, at frames from the present on.
        context_dims: Size of each context, one for each output.
        tells_known: Whether the network is given which frames are known, so that it can tell unknown ones from zeros.
        tells_changes: Whether the network is given the past of outputs together with its changes.
    """

    def __init__(
        self,
        layout: Layout,
        size: EncoderSize,
        num_contexts: list[int],
        context_dims: list[int],
        *,
        tells_known: bool,
        tells_changes: bool,
    ) -> None:
        super().__init__()
        self.layout = layout
        fed_back = layout.fed_back
        self.inputs = nn.ModuleList(
            InputEncoder(item, size, tells_known=tells_known, tells_changes=tells_changes and item in fed_back)
            for item in layout.inputs
        )
        ends = accumulate(item.frames for item in layout.inputs)
        self._last_frames = [end - 1 for item, end in zip(layout.inputs, ends, strict=True) if item in fed_back]
        self.queries = nn.ParameterList(torch.randn(count, size.dims) * 0.02 for count in num_contexts)
        self.enter = nn.ModuleList(nn.Linear(size.dims, size.dims) for _ in num_contexts)
        self.cross = nn.ModuleList(
            RelativeTransformer(size, size.cross_layers, *_places(layout, count)) for count in num_contexts
        )
        self.leave = nn.ModuleList(nn.Linear(size.dims, dims) for dims in context_dims)

    def forward(self, inputs: dict[str, Tensor], known: dict[str, Tensor]) -> list[Tensor]:
        """The contexts of each output, (batch, num_contexts, context_dims), from standardised inputs by name."""
        encoded = torch.cat(
            [
                encoder(inputs[item.name], known.get(item.name))
                for item, encoder in zip(self.layout.inputs, self.inputs, strict=True)
            ],
            1,
        )
        contexts = []
        for queries, enter, cross, leave in zip(self.queries, self.enter, self.cross, self.leave, strict=True):
            entered = enter(encoded)
            asked = queries.to(entered.dtype).expand(len(entered), -1, -1)
            for frame in self._last_frames:
                asked = asked + entered[:, frame : frame + 1]
            tokens = torch.cat([asked, entered], 1)
            contexts.append(leave(cross(tokens)[:, : len(queries)]))
        return contexts


def _places(layout: Layout, num_contexts: int) -> tuple[list[int | None], list[int]]:
    """Time and group of every token: the queries, then all inputs."""
    times: list[int | None] = [layout.present + i for i in range(num_contexts)]
    groups = [0] * num_contexts
    for group, item in enumerate(layout.inputs, start=1):
        times += [None] if item.kind == "label" else [item.offset + i for i in range(item.frames)]
        groups += [group] * item.frames
    return times, groups
