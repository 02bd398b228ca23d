"""The picture of an example: which frames of which modality a window model reads, and which it predicts."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pytorch_lightning as pl
from PIL import Image

from data.dataset.modality_description import FolderDescription
from data.formats.whole_file import whole_file
from data.picture.canvas import Canvas, colour
from models.networks.modality_text import modalities_text
from models.step.dancer import Dancer
from models.window.window_dancer import WindowDancer
from training.data_modules.data_module import DancerData

FILE_NAME: Final = "example.png"
_COLUMNS: Final = 60
_INK, _GREY, _PAPER = colour("#222233"), colour("#9a9aa8"), colour("#ffffff")
_PAINTS: Final = {
    "past": colour("#4d7cc7"),
    "ahead": colour("#9ec1f0"),
    "own past": colour("#5fa777"),
    "predicted": colour("#e4704f"),
}
_SIGNS: Final = {"past": "=", "ahead": "+", "own past": "~", "predicted": ">"}
_MEANINGS: Final = {
    "past": "read",
    "ahead": "read ahead of the present, as far as the look-ahead allows",
    "own past": "read, and in generation what was predicted before",
    "predicted": "predicted",
}


@dataclass(frozen=True)
class Stretch:
    """Frames of one modality.

    Attributes:
        use: What they are for: past, ahead, own past or predicted.
        first: First frame, counted from the window's beginning.
        end: The frame after the last.
    """

    use: str
    first: int
    end: int


@dataclass(frozen=True, kw_only=True)
class WindowPicture:
    """What one example holds.

    Attributes:
        rows: By modality and side, as `audio` or `pose (out)`: its size in words, and its stretches; none for a label.
        present: The first frame that is predicted.
        typed: The layout as one types it.
        rate_hz: Frames a second, if the folder tells it.
        counts: What is said of the number of examples.
    """

    rows: tuple[tuple[str, str, tuple[Stretch, ...]], ...]
    present: int
    typed: str
    rate_hz: float | None
    counts: str

    @classmethod
    def of(cls, dancer: Dancer, data: DancerData) -> "WindowPicture | None":
        """The examples of a connected data module; None for models whose windows have no layout."""
        if not isinstance(dancer, WindowDancer):
            return None
        layout, config = dancer.layout, dancer.config
        present, last = layout.present, config.training_frames - 1
        own = {item.name for item in layout.fed_back}
        inputs, outputs = config.training_modalities
        rows: list[tuple[str, str, tuple[Stretch, ...]]] = []
        for item in inputs:
            if item.kind == "label":
                rows.append((item.name, f"one label of {item.num_tokens}, for the whole sequence", ()))
                continue
            size_text = f"tokens, {item.num_tokens} of them" if item.kind == "discrete" else f"{item.dims} numbers"
            end, now = item.offset + item.frames, present + last + 1
            stretches = [Stretch("own past" if item.name in own else "past", item.offset, min(end, now))]
            if end > now:
                stretches.append(Stretch("ahead", max(item.offset, now), end))
            rows.append((item.name, size_text, tuple(part for part in stretches if part.end > part.first)))
        rows += [
            (f"{out.name} (out)", f"{out.dims} numbers", (Stretch("predicted", out.offset, out.offset + out.frames),))
            for out in outputs
        ]
        num_train, num_val = (len(data.windows(split)) for split in ("train", "val"))
        return cls(
            rows=tuple(rows),
            present=present,
            typed=modalities_text(layout),
            rate_hz=FolderDescription.read(data.folder).frame_rate_hz,
            counts=f"{num_train} examples to learn from, {num_val} held out",
        )

    @property
    def _bounds(self) -> tuple[int, int]:
        stretches = [part for _, _, parts in self.rows for part in parts]
        return min(part.first for part in stretches), max(part.end for part in stretches)

    @property
    def _title(self) -> str:
        first, end = self._bounds
        seconds = f", {(end - first) / self.rate_hz:.2f} s at {self.rate_hz:g} Hz" if self.rate_hz else ""
        return f"one example: {end - first} frames{seconds}; {self.counts}"

    def text(self) -> str:
        """For a terminal, one row a modality; `|` stands before the present."""
        first, end = self._bounds
        width = max(len(name) for name, _, _ in self.rows)
        scale = max(1.0, (end - first) / _COLUMNS)
        present = int((self.present - first) / scale)
        lines = [self._title, f"  --modalities '{self.typed}'"]
        for name, size_text, parts in self.rows:
            cells = ["."] * int(np.ceil((end - first) / scale))
            for part in parts:
                for place in range(int((part.first - first) / scale), int(np.ceil((part.end - first) / scale))):
                    cells[place] = _SIGNS[part.use]
            bar = "".join(cells[:present]) + "|" + "".join(cells[present:]) if parts else ""
            lines.append(f"  {name:{width}} {bar}{' ' if bar else ''}{_frames(parts)}{size_text}")
        lines += [f"  {_SIGNS[use]} {_MEANINGS[use]}" for use in self._uses()]
        return "\n".join(lines)

    def _uses(self) -> Iterable[str]:
        used = {part.use for _, _, parts in self.rows for part in parts}
        return [use for use in _SIGNS if use in used]

    def draw(self, path: Path) -> None:
        """The same as a picture, a PNG file."""
        first, end = self._bounds
        left, right, row, head = 150, 330, 34, 78
        bar = 640
        width, height = left + bar + right, head + row * len(self.rows) + 26 * len(list(self._uses())) + 34
        canvas = Canvas(width, height)
        canvas.polygon(_box(0, 0, width, height), _PAPER)
        canvas.text((20, height - 30), self._title, 15, _INK)
        canvas.text((20, height - 54), self.typed, 13, _GREY)
        per_frame = bar / (end - first)
        for number, (name, size_text, parts) in enumerate(self.rows):
            bottom = height - head - row * (number + 1) + 8
            canvas.text((left - 12, bottom + 6), name, 14, _INK, align=1.0)
            for part in parts:
                for frame in range(part.first, part.end):
                    gap = min(1.0, 0.2 * per_frame)
                    box = _box(left + (frame - first) * per_frame, bottom, per_frame - gap, row - 12)
                    canvas.polygon(box, _PAINTS[part.use])
            canvas.text((left + bar + 12, bottom + 6), f"{_frames(parts)}{size_text}", 13, _GREY)
        now = left + (self.present - first) * per_frame
        top, bottom = height - head + 2, height - head - row * len(self.rows)
        canvas.lines(np.array([[[now, bottom], [now, top]]]), _INK, 1.5)
        canvas.text((now + 4, bottom - 12), f"the present, frame {self.present}", 12, _INK)
        for number, use in enumerate(self._uses()):
            place = bottom - 36 - 22 * number
            canvas.polygon(_box(left, place, 16, 14), _PAINTS[use])
            canvas.text((left + 24, place + 2), _MEANINGS[use], 13, _INK)
        with whole_file(path) as part_file:
            Image.fromarray(canvas.pixels).convert("RGB").save(part_file, format="PNG")


def _box(left: float, bottom: float, width: float, height: float) -> np.ndarray:
    return np.array(
        [[left, bottom], [left + width, bottom], [left + width, bottom + height], [left, bottom + height]], np.float64
    )


def _frames(parts: tuple[Stretch, ...]) -> str:
    if not parts:
        return ""
    first, last = parts[0].first, parts[-1].end - 1
    return f"frames {first} to {last}, " if last > first else f"frame {first}, "


class DrawExample(pl.Callback):
    """Draws the picture of an example into the folder of a run."""

    def __init__(self, picture: WindowPicture) -> None:
        self.picture = picture

    def on_fit_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Draws, where there is a folder."""
        folder = trainer.log_dir if trainer.logger else None  # all processes must ask for it
        if folder is not None and trainer.is_global_zero:
            Path(folder).mkdir(parents=True, exist_ok=True)
            self.picture.draw(Path(folder) / FILE_NAME)
