"""Coupling nets of window flows: from the kept half and a condition to the numbers that move the other half.

Every net is called as ``net(kept, condition, memory) -> (numbers, memory)``: kept (batch, frames, K), condition (batch,
frames, H), numbers (batch, frames, out_dims). The memory is what a recurrent net carries from frame to frame; the
others hand on an empty tuple. All start with numbers of zero, so that a fresh flow is no arbitrary warp.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from models.networks.multimodal_encoder import EncoderSize, RelativeTransformer

Memory = tuple[Tensor, ...]


def _zero(layer: nn.Linear) -> nn.Linear:
    nn.init.zeros_(layer.weight)
    nn.init.zeros_(layer.bias)
    return layer


class TransformerNet(nn.Module):
    """Transformer over the frames of the window (Transflower, section 3.3).

    Args:
        kept_dims: Size of the kept half.
        condition_dims: Size of a context.
        out_dims: Numbers a frame.
        frames: Frames of the window.
        num_contexts: Contexts; as many as frames are joined to them channel by channel, any other number in time.
        size: Of the transformer; `input_layers` of it.
    """

    def __init__(
        self, kept_dims: int, condition_dims: int, out_dims: int, frames: int, num_contexts: int, size: EncoderSize
    ) -> None:
        super().__init__()
        self.joins_in_time = num_contexts != frames
        self.enter = nn.Linear(kept_dims + (0 if self.joins_in_time else condition_dims), size.dims)
        self.enter_condition = nn.Linear(condition_dims, size.dims) if self.joins_in_time else None
        times: list[int | None] = list(range(frames))
        groups = [0] * frames
        if self.joins_in_time:
            times += range(num_contexts)
            groups += [1] * num_contexts
        self.transformer = RelativeTransformer(size, size.input_layers, times, groups)
        self.leave = _zero(nn.Linear(size.dims, out_dims))

    def forward(self, kept: Tensor, condition: Tensor, memory: Memory = ()) -> tuple[Tensor, Memory]:
        """The numbers of every frame."""
        if self.enter_condition is None:
            tokens = self.enter(torch.cat([kept, condition], -1))
        else:
            tokens = torch.cat([self.enter(kept), self.enter_condition(condition)], 1)
        return self.leave(self.transformer(tokens)[:, : kept.shape[1]]), ()


class GatedNet(nn.Module):
    """Gated convolutions over time and gated attention (Ho et al., "Flow++", 2019, section 3.3; one axis here).

    Args:
        kept_dims: Size of the kept half.
        condition_dims: Size of a context; there is one a frame.
        out_dims: Numbers a frame.
        frames: Frames of the window.
        size: `dims`, `num_heads` and `dropout` of it, and `input_layers` blocks.
    """

    def __init__(self, kept_dims: int, condition_dims: int, out_dims: int, frames: int, size: EncoderSize) -> None:
        super().__init__()
        self.enter = nn.Conv1d(kept_dims + condition_dims, size.dims, 3, padding=1)
        self.blocks = nn.ModuleList(_GatedBlock(size, frames) for _ in range(size.input_layers))
        self.leave = _zero(nn.Linear(size.dims, out_dims))

    def forward(self, kept: Tensor, condition: Tensor, memory: Memory = ()) -> tuple[Tensor, Memory]:
        """The numbers of every frame."""
        x = self.enter(torch.cat([kept, condition], -1).transpose(1, 2)).transpose(1, 2)
        for block in self.blocks:
            x = block(x)
        return self.leave(x), ()


class _GatedBlock(nn.Module):
    """Gated convolution, then gated attention, each with a residual and a norm: (batch, frames, dims) -> the same."""

    def __init__(self, size: EncoderSize, frames: int) -> None:
        super().__init__()
        self.dropout = size.dropout
        self.convolve = nn.Conv1d(2 * size.dims, size.dims, 3, padding=1)
        self.gate = nn.Linear(2 * size.dims, 2 * size.dims)
        self.norm = nn.LayerNorm(size.dims)
        self.attend = RelativeTransformer(size, 1, list(range(frames)))
        self.attend_gate = nn.Linear(size.dims, 2 * size.dims)
        self.attend_norm = nn.LayerNorm(size.dims)

    def forward(self, x: Tensor) -> Tensor:
        convolved = self.convolve(_concat_elu(x).transpose(1, 2)).transpose(1, 2)
        gated = self.gate(F.dropout(_concat_elu(convolved), self.dropout, self.training))
        x = self.norm(x + F.glu(gated))
        return self.attend_norm(x + F.glu(self.attend_gate(self.attend(x))))


def _concat_elu(x: Tensor) -> Tensor:
    """ELU of x and of -x, side by side."""
    return F.elu(torch.cat([x, -x], -1))


class LstmNet(nn.Module):
    """LSTM over the frames of an endless dance (Henter et al., "MoGlow", 2020, section 4.2); its memory is a state.

    Args:
        kept_dims: Size of the kept half.
        condition_dims: Size of a condition; there is one a frame.
        out_dims: Numbers a frame.
        hidden_dims: Width of the LSTM.
        num_layers: Layers of it.
    """

    def __init__(self, kept_dims: int, condition_dims: int, out_dims: int, hidden_dims: int, num_layers: int) -> None:
        super().__init__()
        self.lstm = nn.LSTM(kept_dims + condition_dims, hidden_dims, num_layers, batch_first=True)
        self.leave = _zero(nn.Linear(hidden_dims, out_dims))

    def initial_memory(self, batch_size: int) -> Memory:
        """A memory of nothing: hidden and cell states, each (batch, layers, hidden_dims)."""
        weight = self.leave.weight
        shape = (batch_size, self.lstm.num_layers, self.lstm.hidden_size)
        return tuple(torch.zeros(shape, dtype=weight.dtype, device=weight.device) for _ in range(2))

    def forward(self, kept: Tensor, condition: Tensor, memory: Memory = ()) -> tuple[Tensor, Memory]:
        """The numbers of every frame, and the memory after the last; an empty memory is one of nothing."""
        x = torch.cat([kept, condition], -1)
        hidden, cell = memory or self.initial_memory(len(x))
        if x.shape[1] == 1:
            out, hidden, cell = self._step(x[:, 0], hidden, cell)
            return self.leave(out)[:, None], (hidden, cell)
        states = (hidden.transpose(0, 1).contiguous(), cell.transpose(0, 1).contiguous())
        # Of mixed precision a CPU leaves the LSTM out: oneDNN has one in bfloat16 for few processors.
        mixed = torch.is_autocast_enabled(x.device.type) and x.device.type != "cpu"
        with torch.autocast(x.device.type, enabled=mixed):
            outs, (hidden, cell) = self.lstm(x if mixed else x.to(hidden.dtype), states)
        return self.leave(outs), (hidden.transpose(0, 1), cell.transpose(0, 1))

    def _step(self, x: Tensor, hidden: Tensor, cell: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """One frame by plain products: oneDNN's LSTM packs all its weights anew at every call, six times the cost."""
        hiddens, cells = [], []
        for layer in range(self.lstm.num_layers):
            weights = [getattr(self.lstm, f"{name}_l{layer}") for name in ("weight_ih", "weight_hh")]
            biases = [getattr(self.lstm, f"{name}_l{layer}") for name in ("bias_ih", "bias_hh")]
            gates = F.linear(x, weights[0], biases[0]) + F.linear(hidden[:, layer], weights[1], biases[1])
            enter, forget, value, leave = gates.chunk(4, -1)
            new_cell = forget.sigmoid() * cell[:, layer] + enter.sigmoid() * value.tanh()
            x = leave.sigmoid() * new_cell.tanh()
            hiddens.append(x)
            cells.append(new_cell)
        return x, torch.stack(hiddens, 1), torch.stack(cells, 1)
