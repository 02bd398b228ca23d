"""Prepared dance and its phrases for the `PlanningTransflower`, drawn on the device that trains."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from data.dataset.prepared_reader import PreparedSequence
from models.step.dancer import Dancer
from models.streaming.planning_state import PlannedBatch
from models.streaming.planning_transflower import PlanningTransflower
from training.data_modules.cut_phrases import PHRASE_BEATS
from training.data_modules.data_module import DancerData, require_dims
from training.data_modules.device_windows import Augmentation, DeviceWindows
from training.data_modules.phrase_labels import DancedPhrases, PhraseLabels
from training.data_modules.phrase_statistics import fit_dancer
from training.data_modules.planned_dances import OF_PHRASES, PlannedDances


class PhraseDataModule(DancerData):
    """Long windows of a prepared folder, with the phrases that are danced, for a `PlanningTransflower`.

    All frames lie on the device that trains. What comes from the loader are numbers that seed the windows; the windows
    are drawn where they are needed.

    Chained clips are the phrases of their folder. Recordings that nobody labelled are cut into phrases where the beat
    is stated or heard (`training.data_modules.cut_phrases`).

    Args:
        folder: Written by ``transflower-data prepare``.
        window_frames: Danced frames of a window.
        batch_size: Windows of a batch, over all processes together.
        exact_clock_share, mistiming_share, tempo_share: See `Augmentation`.
        num_workers: Processes that draw numbers; 0 is enough.
        seed: Order of the windows and all that is random in them.
        open_plan: Leaves every phrase open, as where a dancer is judged without a plan: the folder may then be of other
            choreographies than those that the dancer knows.
        phrase_beats: Beats of a phrase of recordings that nobody labelled: whole bars of four, two at least.
        strict: Whether it is an error that a sequence is shorter than a window, and so left out.
    """

    def __init__(
        self,
        folder: Path,
        window_frames: int = 152,
        batch_size: int = 16,
        exact_clock_share: float = 0.85,
        mistiming_share: float = 0.6,
        tempo_share: float = 0.5,
        num_workers: int = 0,
        seed: int = 0,
        open_plan: bool = False,
        phrase_beats: int = PHRASE_BEATS,
        strict: bool = False,
    ) -> None:
        super().__init__(folder, batch_size, num_workers, seed, strict)
        self.window_frames = window_frames
        self.open_plan, self.phrase_beats = open_plan, phrase_beats
        self.augmentation = Augmentation(
            exact_clock_share=exact_clock_share, mistiming_share=mistiming_share, tempo_share=tempo_share
        )
        self.history_frames = self.future_frames = 0
        self.labels = PhraseLabels((), ())
        self.sequences: dict[str, list[PreparedSequence]] = {}
        self.danced: dict[str, list[DancedPhrases]] = {}
        self._on_device: dict[tuple[str, torch.device], DeviceWindows] = {}

    def connect(self, dancer: Dancer) -> None:
        """Maps the sequences into memory, and checks that the dancer's dimensions are theirs."""
        if not isinstance(dancer, PlanningTransflower):
            raise ValueError(f"PhraseDataModule feeds a PlanningTransflower, not a {type(dancer).__name__}")
        planned = PlannedDances.open(self.folder, self.phrase_beats)
        self.sequences, self.danced = planned.sequences, planned.danced
        self.labels = PhraseLabels((), ()) if self.open_plan else planned.labels
        sizes = planned.sizes()
        if self.open_plan:
            sizes = {name: size for name, size in sizes.items() if name not in OF_PHRASES}
        elif not planned.labels.phrases:
            raise ValueError(
                f"{self.folder}: no beat is stated or surely heard in its training sequences for long enough, so there "
                "are no phrases to plan with; state the tempo in clips.csv and prepare them again, or train a dancer "
                "without a plan: --config training/hparams/small/streaming_transflower.yaml"
            )
        config = dancer.config
        dims = [(name, getattr(config, name), size) for name, size in sizes.items()]
        require_dims(self.folder, dims)
        self.history_frames, self.future_frames = dancer.history, config.future_frames

    def fit_statistics(self, dancer: Dancer) -> None:
        """Gives the dancer all that is fitted beforehand, from the training sequences."""
        assert isinstance(dancer, PlanningTransflower)
        fit_dancer(dancer, self.prepared, self.sequences["train"], self.danced["train"], self.labels)

    def windows(self, split: str) -> "PhraseWindows":
        """For training two windows a stretch of the music, at places drawn anew each epoch; else one, as it is.

        Raises:
            ValueError: No training sequence is as long as a window.
        """
        frames = self.history_frames + self.window_frames + self.future_frames
        stride = self.window_frames // 2 if split == "train" else self.window_frames
        longest = max((len(sequence) for sequence in self.sequences[split]), default=0)
        if split == "train" and longest < frames:
            raise ValueError(
                f"{self.folder}: its longest training sequence has {longest} frames, and a window takes {frames}; give "
                f"longer takes, or shorter windows by --data.window_frames (now {self.window_frames})"
            )
        return PhraseWindows(self, split, frames, stride)

    @property
    def collate(self) -> Callable[[list[Any]], Any]:
        """Joins windows into a `PlannedBatch`, or their numbers into a row."""
        return _joined

    def on_device(self, split: str, device: torch.device) -> DeviceWindows:
        """The frames of a split on a device, put there once."""
        if (split, device) not in self._on_device:
            fingerprint = self.prepared.fingerprint
            columns = fingerprint["pose_columns"]
            self._on_device[split, device] = DeviceWindows(
                self.sequences[split],
                self.danced[split],
                self.labels,
                beat_columns=slice(*fingerprint["audio_columns"]["beat"]),
                rate_columns=[c for name in ("floor_velocity", "turn_rate") for c in range(*columns[name])],
                rate_hz=fingerprint["frame_rate_hz"],
                device=device,
            )
        return self._on_device[split, device]

    def draw(self, size: int, device: torch.device, generator: torch.Generator | None = None) -> PlannedBatch:
        """Random training windows."""
        frames = self.on_device("train", device)
        sizes = self.window_frames, self.history_frames, self.future_frames
        return frames.draw(size, *sizes, self.augmentation, generator)

    def on_after_batch_transfer(self, batch: Any, dataloader_idx: int) -> Any:
        """Draws the windows of a training batch on the device on which its numbers have come."""
        if not isinstance(batch, Tensor):
            return batch
        seeds = batch.cpu().numpy()
        generator = torch.Generator(batch.device).manual_seed(int(np.bitwise_xor.reduce(seeds)))
        return self.draw(len(seeds), batch.device, generator)


class PhraseWindows:
    """Numbered windows of a split: as they are, or, where they are to be random, a number that seeds one."""

    def __init__(self, data: PhraseDataModule, split: str, frames: int, stride: int) -> None:
        self._data, self._split = data, split
        # Training draws from these, too: what is missing of a window holds their last frame.
        is_drawn = split == "train"
        self.too_short = [] if is_drawn else [some.name for some in data.sequences[split] if len(some) < frames]
        self._starts = [
            (index, start)
            for index, sequence in enumerate(data.sequences[split])
            for start in range(0, len(sequence) - frames + 1, stride)
        ]

    def __len__(self) -> int:
        return len(self._starts)

    def window(self, item: int, rng: np.random.Generator | None) -> Any:
        """Window number ``item``, a batch of one, or with a generator a number."""
        if rng is not None:
            return torch.tensor([int(rng.integers(2**62))])
        index, start = self._starts[item]
        data = self._data
        frames = data.on_device(self._split, torch.device("cpu"))
        return frames.window(index, start, data.window_frames, data.history_frames, data.future_frames)


def _joined(windows: list[Any]) -> Any:
    if isinstance(windows[0], Tensor):
        return torch.cat(windows)
    names = PlannedBatch.__dataclass_fields__
    return PlannedBatch(**{name: torch.cat([getattr(window, name) for window in windows]) for name in names})
