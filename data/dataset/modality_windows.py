"""Windows of sequences of modalities: what one example of the general multimodal dataset is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data.dataset.modality_folder import Kind, ModalitySequence


@dataclass(frozen=True, kw_only=True)
class InputSpan:
    """Where an input lies in the window.

    Attributes:
        name: Feature name.
        frames: Its length.
        offset: Its first frame, counted from the window's beginning; may be negative.
        kind: As in `ModalityFolder`; a label has no place.
        unknown_token: What stands for unknown frames of tokens.
        frame_dropout: Share of its frames that are hidden at random.
        window_dropout: Share of windows in which all of it is hidden.
    """

    name: str
    frames: int = 1
    offset: int = 0
    kind: Kind = "continuous"
    unknown_token: int = 0
    frame_dropout: float = 0.0
    window_dropout: float = 0.0

    def __post_init__(self) -> None:
        if self.frames < 1:
            raise ValueError(f"input {self.name}: frames must be at least 1, not {self.frames}")
        for name in ("frame_dropout", "window_dropout"):
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"input {self.name}: {name} must lie in 0..1, not {getattr(self, name)}")


@dataclass(frozen=True, kw_only=True)
class OutputSpan:
    """Where an output lies in the window: `frames` from `offset` on."""

    name: str
    frames: int
    offset: int

    def __post_init__(self) -> None:
        if self.frames < 1:
            raise ValueError(f"output {self.name}: frames must be at least 1, not {self.frames}")


@dataclass(frozen=True, kw_only=True)
class LookAhead:
    """How much of the inputs past the present a window shows.

    Attributes:
        share: Share of windows with a budget above zero, drawn evenly from one frame to all there are.
        fixed_frames: This budget always, instead of a random one.
    """

    share: float = 0.5
    fixed_frames: int | None = None


@dataclass(frozen=True, eq=False)
class Window:
    """One example.

    Attributes:
        inputs: By name: float32 (frames, dims), int64 (frames,) or, for a label, int64 (). Unknown frames are zeros, or
            the unknown token.
        known: By name of every input but labels: float32 (frames,), 0 where a frame lies outside the sequence, past the
            look-ahead budget, or was hidden.
        outputs: By name: float32 (frames, dims), all of it real.
    """

    inputs: dict[str, NDArray[Any]]
    known: dict[str, NDArray[np.float32]]
    outputs: dict[str, NDArray[np.float32]]


class ModalityWindows:
    """All windows over some sequences; item i is example i.

    The present is the first frame of the outputs. Only outputs must lie in the sequence wholly: with `pad`, inputs may
    reach out of it, so that dancing is learned from nothing.

    Args:
        sequences: Of a `ModalityFolder` with all features that are named.
        inputs: What is read.
        outputs: What is written; all begin at the same frame.
        stride_frames: Distance between neighbouring windows.
        pad: Whether windows may reach past the ends of a sequence.
        look_ahead: Of inputs past the present; None shows all of them.
        present_frames: Frames from the first output on that are danced in one window, for models that train on many
            steps in a row: the budget is counted from each step, so it cuts only what lies past the last one.

    Raises:
        ValueError: If there are sequences and not one window fits; or a fed-back input would show a frame that is to be
            predicted.
    """

    def __init__(
        self,
        sequences: Sequence[ModalitySequence],
        inputs: Sequence[InputSpan],
        outputs: Sequence[OutputSpan],
        *,
        stride_frames: int = 1,
        pad: bool = True,
        look_ahead: LookAhead | None = None,
        present_frames: int = 1,
    ) -> None:
        if not outputs or len({item.offset for item in outputs}) != 1:
            raise ValueError(
                f"outputs must begin at one frame, the present, not at {[item.offset for item in outputs]}"
            )
        if stride_frames < 1:
            raise ValueError(f"stride_frames must be at least 1, not {stride_frames}")
        self.sequences, self.inputs, self.outputs = sequences, tuple(inputs), tuple(outputs)
        self.look_ahead, self.present_frames = look_ahead, present_frames
        self.present = outputs[0].offset
        names = {item.name for item in outputs}
        self._timed = [item for item in inputs if item.kind != "label"]
        for item in self._timed:
            if item.name in names and item.offset + item.frames > self.present + present_frames - 1:
                raise ValueError(f"input {item.name} shows frames that are to be predicted, from {self.present} on")
        first, end = self._reach(pad=pad)
        self.too_short: list[str] = []
        self._starts: list[tuple[int, int]] = []
        for index, sequence in enumerate(sequences):
            starts = range(-first, sequence.num_frames - end + 1, stride_frames)
            self._starts += [(index, start) for start in starts]
            if not starts:
                self.too_short.append(sequence.sequence_id)
        if sequences and not self._starts:
            raise ValueError(
                f"no window of {end - first} frames fits into any of {len(sequences)} sequences, the longest of "
                f"{max((sequence.num_frames for sequence in sequences), default=0)} frames"
            )

    def _reach(self, *, pad: bool) -> tuple[int, int]:
        """First frame of the window and the frame after the last that must lie in a sequence."""
        spans: list[InputSpan | OutputSpan] = [*self.outputs] if pad else [*self.outputs, *self._timed]
        return min(item.offset for item in spans), max(item.offset + item.frames for item in spans)

    def __len__(self) -> int:
        return len(self._starts)

    def __getitem__(self, item: int) -> Window:
        """Example number `item`, nothing hidden at random: the budget is the fixed one, or zero."""
        return self.window(item, None)

    def window(self, item: int, rng: np.random.Generator | None) -> Window:
        """Example number `item`.

        Args:
            item: Its number.
            rng: What is hidden is drawn from it; None hides nothing at random.

        Raises:
            ValueError: If the files hold a number that is not finite; the sequence and the frame are named.
        """
        index, start = self._starts[item]
        sequence = self.sequences[index]
        inputs: dict[str, NDArray[Any]] = {}
        known: dict[str, NDArray[np.float32]] = {}
        last_shown = self._last_shown(rng)
        for span in self.inputs:
            if span.kind == "label":
                inputs[span.name] = np.array(sequence.labels[span.name], np.int64)
                continue
            places = span.offset + np.arange(span.frames)
            rows = start + places
            is_known = (rows >= 0) & (rows < sequence.num_frames) & (places <= last_shown)
            if rng is not None:
                is_known &= rng.random(span.frames) >= span.frame_dropout
                is_known &= rng.random() >= span.window_dropout
            inputs[span.name] = _known_rows(sequence, span, rows, is_known)
            known[span.name] = is_known.astype(np.float32)
        outputs = {
            span.name: _rows(sequence, span.name, start + span.offset, span.frames).astype(np.float32)
            for span in self.outputs
        }
        return Window(inputs, known, outputs)

    def _last_shown(self, rng: np.random.Generator | None) -> int:
        """The last place of the window that the look-ahead budget shows."""
        now = self.present + self.present_frames - 1
        future = max([0, *(item.offset + item.frames - 1 - now for item in self._timed)])
        if self.look_ahead is None:
            return now + future
        if self.look_ahead.fixed_frames is not None:
            return now + self.look_ahead.fixed_frames
        if rng is None or future == 0 or rng.random() >= self.look_ahead.share:
            return now
        return now + int(rng.integers(1, future + 1))


def _rows(sequence: ModalitySequence, name: str, start: int, frames: int) -> NDArray[Any]:
    rows: NDArray[Any] = np.array(sequence.features[name][start : start + frames])
    if np.issubdtype(rows.dtype, np.floating) and not np.isfinite(rows).all():
        frame = start + int(np.argmin(np.isfinite(rows).all(axis=1)))
        raise ValueError(f"{sequence.sequence_id}.{name}.npy: frame {frame} is not finite; mend or leave out the file")
    return rows


def _known_rows(
    sequence: ModalitySequence, span: InputSpan, rows: NDArray[np.int64], is_known: NDArray[np.bool_]
) -> NDArray[Any]:
    """The rows of an input, unknown ones as zeros or as the unknown token."""
    feature = sequence.features[span.name]
    low, high = np.clip([rows[0], rows[-1] + 1], 0, sequence.num_frames)
    real = _rows(sequence, span.name, int(low), int(high - low))
    if span.kind == "discrete":
        tokens = np.full(span.frames, span.unknown_token, np.int64)
        inside = (rows >= low) & (rows < high)
        tokens[inside] = real
        return np.where(is_known, tokens, span.unknown_token)
    out = np.zeros((span.frames, feature.shape[1]), np.float32)
    out[(rows >= low) & (rows < high)] = real
    return out * is_known[:, None].astype(np.float32)
