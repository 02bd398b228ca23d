"""VQDancer: a code a bar, predicted by a causal transformer, and frames decoded from it one by one."""

import math
from dataclasses import dataclass
from typing import Final, cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from models.flows.coupling import LOG_SCALE_BOUND
from models.networks.code_transformer import RowTransformer
from models.networks.coupling_nets import Memory
from models.networks.modalities import Layout, WindowBatch
from models.networks.vector_quantizer import VectorQuantizer
from models.window.bars import PLACE_DIMS, BarCounter
from models.window.flat_window import embeddings, flat_dims, flat_window
from models.window.moglow import check_one_frame
from models.window.window_dancer import WindowConfig, WindowDancer

_KERNEL: Final = 5
"""Frames that a convolution of the encoder of bars sees."""


class VQDancer(WindowDancer):
    """p(next pose | window, code of the bar), and p(code | music and dance where the bar begins, codes before).

    After van den Oord et al., "Neural Discrete Representation Learning", 2017: an encoder sees a whole bar of dance and
    chooses its code from a codebook; a decoder learns the dance from the codes, the music and the past, a causal
    transformer learns the codes. (Siyao et al., "Bailando", 2022, dances so, by a code each eighth of a second.) On a
    stage the first frame of a bar draws its code, and frames follow as they are due: none waits for another, and no
    more music is needed than the look-ahead that the window may be shown.

    The choice of a bar's code is no chance, so -log p(dance | codes) - log p(codes) is a bound of the negative
    log-likelihood, which the held-out loss is. Its training adds the commitment loss, weighs the codes more, and hides
    the past of some windows from the decoder, which would otherwise go on from the last poses and not heed the code.
    """

    @dataclass(frozen=True, kw_only=True)
    class Config(WindowConfig):
        """A `VQDancer`.

        Attributes:
            training_frames: Steps that one window of training data holds; some bars.
            bar_frames: Longest bar, in frames; the length of all of them where no beat is heard or known.
            bar_beats: Beats of a bar; 0 counts no beats.
            beat_column: Column of the music frame with the cosine of the beat's phase, the sine behind it; needed where
                beats are counted.
            num_codes: Size of the codebook.
            code_dims: Size of a code.
            code_decay: Of the moving averages of the codebook, a batch.
            dims: Width of all networks.
            num_heads: Attention heads of the transformer.
            code_layers: Layers of the transformer, whose row is as long as a training window has bars.
            frame_layers: Layers of the decoder.
            dropout: Probability in training.
            commitment: Weight of the commitment loss.
            code_weight: Weight of the loss of a code in training, as if it were so many numbers of a pose.
            past_dropout: Share of training windows whose past the decoder does not see.
            frame_noise: Share of the decoder's deviation that a step draws; 0 dances its mean. The likelihood is that
                of 1.
            target_noise: As of a `models.window.flow_dancer.FlowConfig`.
        """

        training_frames: int = 120
        bar_frames: int = 60
        bar_beats: int = 0
        beat_column: int | None = None
        num_codes: int = 64
        code_dims: int = 32
        code_decay: float = 0.99
        dims: int = 192
        num_heads: int = 4
        code_layers: int = 2
        frame_layers: int = 3
        dropout: float = 0.1
        commitment: float = 0.25
        code_weight: float = 10.0
        past_dropout: float = 0.5
        frame_noise: float = 1.0
        target_noise: float = 0.02

        def __post_init__(self) -> None:
            super().__post_init__()
            check_one_frame(self, "a code is decoded")
            if self.bar_frames < 1 or self.bar_beats < 0:
                raise ValueError(f"bar_frames={self.bar_frames} must be at least 1, bar_beats={self.bar_beats} 0")
            if self.bar_beats:
                _check_beat_column(self.layout, self.beat_column)

    config: Config
    is_past: Tensor

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        dims, pose_dims = config.dims, config.layout.pose_dims
        self.bars = BarCounter(frames=config.bar_frames, beats=config.bar_beats)
        self.most_bars = self.bars.most_bars(config.training_frames)
        sizes = flat_dims(config)
        condition_dims = sum(sizes.values())
        self.embeddings = embeddings(config.layout)
        fed_back = {item.name for item in config.layout.fed_back}
        is_past = torch.cat([torch.full((count,), float(name in fed_back)) for name, count in sizes.items()])
        self.register_buffer("is_past", is_past, persistent=False)
        self.quantizer = VectorQuantizer(config.num_codes, config.code_dims, config.code_decay)
        # of a whole bar, in training alone
        self.enter_bar = nn.Linear(pose_dims + PLACE_DIMS, dims)
        self.read_bar = nn.ModuleList(nn.Conv1d(dims, dims, _KERNEL, padding=_KERNEL // 2) for _ in range(2))
        self.leave_bar = nn.Linear(dims, config.code_dims)
        self.spread_bars = nn.BatchNorm1d(config.code_dims, affine=False)
        # of codes
        self.enter_condition = nn.Linear(condition_dims, dims)
        self.enter_code = nn.Linear(config.code_dims, dims)
        self.codes = RowTransformer(dims, config.code_layers, config.num_heads, self.most_bars, config.dropout)
        self.leave_code = nn.Linear(dims, config.num_codes)
        # of frames
        self.enter_frame = nn.Linear(condition_dims + PLACE_DIMS + config.code_dims, dims)
        self.frame_layers = nn.ModuleList(_FrameLayer(dims, config.dropout) for _ in range(config.frame_layers))
        self.leave_frame = nn.Linear(dims, 2 * pose_dims)
        nn.init.zeros_(self.leave_frame.weight)
        nn.init.zeros_(self.leave_frame.bias)
        self.noise_dims = pose_dims + config.num_codes

    # ---- training ---------------------------------------------------------------------------------------------------

    def window_loss(self, batch: WindowBatch) -> Tensor:
        """The bound of the negative log-likelihood, with what helps the training."""
        config = self.config
        frames, codes, commitment, _ = self._losses(batch)
        # A code is worth `code_weight` numbers here, however many numbers the frames of a bar have.
        return frames + config.commitment * commitment + config.code_weight / self.layout.pose_dims * codes

    def judged_loss(self, batch: WindowBatch) -> Tensor:
        """The bound, nats a dimension."""
        frames, codes, _, bar_share = self._losses(batch)
        return frames + codes * bar_share / self.layout.pose_dims

    def _losses(self, batch: WindowBatch) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Of the frames given their codes, nats a dimension; of a code, nats; the commitment loss; bars a frame."""
        begins, place, member, is_bar = self._bars_of(batch)
        target = torch.cat([batch.outputs[item.name] for item in self.layout.outputs], -1)  # (batch, frames, D)
        if self.training:
            target = target + self.config.target_noise * torch.randn_like(target)
        quantised, index, commitment = self._quantised(target, place, member, is_bar)

        condition = flat_window(batch, self.embeddings, self.config)
        first = (member * begins[..., None]).transpose(1, 2)  # (batch, bars, frames), one where the bar begins
        before = F.pad(quantised.detach()[:, :-1], (0, 0, 1, 0))
        tokens = self.enter_condition(first @ condition) + self.enter_code(before)
        logs = F.log_softmax(self.leave_code(self.codes(tokens)).to(target.dtype), -1)
        codes = (-logs.gather(-1, index[..., None])[..., 0] * is_bar).sum() / is_bar.sum()

        if self.training:
            hidden = (torch.rand_like(condition[:, :1, :1]) < self.config.past_dropout).to(condition.dtype)
            condition = condition * (1 - hidden * self.is_past)
        mean, log_scale = self._decoded(condition, place, member @ quantised)
        frames = 0.5 * ((target - mean) * (-log_scale).exp()).square() + log_scale + 0.5 * math.log(2 * math.pi)
        return frames.mean(), codes, commitment, begins.mean()

    def _bars_of(self, batch: WindowBatch) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """The bars of windows.

        Returns:
            1 where a bar begins, (batch, frames); the frames' places, (batch, frames, PLACE_DIMS); 1 where a frame
            belongs to a bar, (batch, frames, most_bars); 1 where there is such a bar, (batch, most_bars).
        """
        cosine, sine = self._oscillator(batch)
        begins, place = self.bars.count(cosine, sine)
        member = F.one_hot(begins.cumsum(1) - 1, self.most_bars).to(place.dtype)
        return begins.to(place.dtype), place, member, member.amax(1)

    def _oscillator(self, batch: WindowBatch) -> tuple[Tensor, Tensor]:
        """Cosine and sine of the beat's phase at every step, (batch, steps); zeros where nobody knows it."""
        steps = self._num_steps(batch)
        for item, columns in self._music_columns():
            column = self.config.beat_column
            if not self.config.bar_beats or column is None or not columns.start <= column < columns.stop:
                continue
            first = self.layout.present - item.offset
            both = batch.inputs[item.name][:, first : first + steps, column - columns.start :][..., :2]
            in_units = both * self.music_std[column : column + 2] + self.music_mean[column : column + 2]
            known = batch.known[item.name][:, first : first + steps, None]
            cosine, sine = (in_units * known).unbind(-1)
            return cosine, sine
        some = next(iter(batch.known.values())) if batch.known else self.pose_mean.new_zeros(1)
        nothing = self.pose_mean.new_zeros(len(some), steps)
        return nothing, nothing

    def _num_steps(self, batch: WindowBatch) -> int:
        """Steps in a row of a batch of any length."""
        timed = next(item for item in self.layout.inputs if item.kind != "label")
        return batch.inputs[timed.name].shape[1] - timed.frames + 1

    def _quantised(
        self, target: Tensor, place: Tensor, member: Tensor, is_bar: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """The code of each bar (batch, bars, code_dims), its index (batch, bars), and the commitment loss."""
        x = self.enter_bar(torch.cat([target, place], -1)).transpose(1, 2)
        for layer in self.read_bar:
            x = x + layer(F.gelu(x))
        summed = member.transpose(1, 2) @ x.transpose(1, 2)
        mean = summed / member.sum(1)[..., None].clamp_min(1)
        there = is_bar > 0
        # Spread over all bars: codes that were alike from the start would say nothing, and nobody would miss them.
        spread = self.spread_bars(self.leave_bar(F.gelu(mean))[there])
        codes, indices, commitment = self.quantizer(spread)
        quantised = mean.new_zeros(*is_bar.shape, self.config.code_dims, dtype=codes.dtype)
        index = torch.zeros_like(is_bar, dtype=torch.int64)
        quantised[there], index[there] = codes, indices
        return quantised, index, commitment

    # ---- both -------------------------------------------------------------------------------------------------------

    def _decoded(self, condition: Tensor, place: Tensor, code: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and log deviation of frames, (..., pose_dims) each, given their windows, places in the bar and codes."""
        x = self.enter_frame(torch.cat([condition, place, code], -1))
        for layer in self.frame_layers:
            x = layer(x)
        mean, log_scale = self.leave_frame(x).to(self.pose_mean.dtype).chunk(2, -1)
        return mean, LOG_SCALE_BOUND * torch.tanh(log_scale / LOG_SCALE_BOUND)

    # ---- stepping ---------------------------------------------------------------------------------------------------

    def initial_memory(self, batch_size: int) -> Memory:
        """The count of beats; the code of the bar; the row of tokens of codes, newest last, and how many there are."""
        zeros = self.pose_mean.new_zeros(batch_size, self.config.code_dims)
        row = self.pose_mean.new_zeros(batch_size, self.most_bars, self.config.dims)
        count = self.bars.initial(batch_size, zeros.device).to(zeros.dtype)
        return count, zeros, row, torch.zeros(batch_size, dtype=torch.int64, device=zeros.device)

    def predict(
        self, batch: WindowBatch, noise: Tensor, temperature: Tensor | float, memory: Memory
    ) -> tuple[dict[str, Tensor], Memory]:
        """Draws a code where a bar begins, and every output's next frame."""
        count, code, row, num_tokens = memory
        cosine, sine = self._oscillator(batch)
        begins, place, count = self.bars.step(count, cosine[:, 0], sine[:, 0])
        condition = flat_window(batch, self.embeddings, self.config)[:, 0]
        token = self.enter_condition(condition) + self.enter_code(code)
        row = torch.where(begins[:, None, None], torch.cat([row[:, 1:], token[:, None]], 1), row)
        num_tokens = (num_tokens + begins.to(num_tokens.dtype)).clamp_max(self.most_bars)
        logits = self.leave_code(self.codes(row, num_tokens)[:, -1])
        code = torch.where(begins[:, None], self._drawn_code(logits, noise, temperature), code)
        mean, log_scale = self._decoded(condition, place, code)
        shaken = noise[:, : self.layout.pose_dims] * temperature * self.config.frame_noise
        poses = mean + shaken * log_scale.exp()
        outputs = {name: poses[:, None, columns] for name, columns in self._pose_columns().items()}
        return outputs, (count, code, row, num_tokens)

    def _drawn_code(self, logits: Tensor, noise: Tensor, temperature: Tensor | float) -> Tensor:
        """A code, (batch, code_dims), by its likelihood: the largest logit with Gumbel noise (Gumbel, 1954)."""
        uniform = 0.5 * (1 + torch.erf(noise[:, self.layout.pose_dims :] / math.sqrt(2)))
        gumbel = -(-uniform.clamp(1e-6, 1 - 1e-6).log()).log()
        return self.quantizer.codes[(logits + temperature * gumbel).argmax(-1)]


def _check_beat_column(layout: Layout, column: int | None) -> None:
    """Refuses a column that is no place of cosine and sine of the frame to dance.

    Raises:
        ValueError: With what the layout has.
    """
    start, present = 0, layout.present
    for item in layout.heard:
        inside = column is not None and start <= column < start + item.music_columns - 1
        if inside and item.kind == "continuous" and item.offset <= present < item.end:
            return
        start += item.music_columns
    raise ValueError(
        f"beats are counted by a beat_column of a continuous input that is heard at frame {present}, the present, with "
        f"another column behind it; {column} is none of them"
    )


class _FrameLayer(nn.Module):
    """A residual perceptron."""

    def __init__(self, dims: int, dropout: float) -> None:
        super().__init__()
        self.dropout = dropout
        self.mlp = nn.Sequential(nn.LayerNorm(dims), nn.Linear(dims, 2 * dims), nn.GELU(), nn.Linear(2 * dims, dims))

    def forward(self, x: Tensor) -> Tensor:
        return x + F.dropout(cast(Tensor, self.mlp(x)), self.dropout, self.training)
