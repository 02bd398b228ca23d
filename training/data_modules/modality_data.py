"""The general multimodal dataset for the window models."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from lightning_utilities.core.rank_zero import rank_zero_info
from numpy.typing import NDArray
from torch import Tensor

from data.dataset.modality_folder import ModalityFolder, ModalitySequence
from data.dataset.modality_windows import InputSpan, LookAhead, ModalityWindows, OutputSpan, Window
from data.dataset.prepared_folder import MIN_STD_OF_GROUP, Moments
from data.dataset.prepared_reader import PreparedFolder
from models.networks.modalities import InputModality, Layout, OutputModality, WindowBatch
from models.networks.pose_changes import SMALLEST_CHANGE_STD
from models.step.dancer import Dancer
from models.window.window_dancer import STYLE, WindowDancer
from training.data_modules.data_module import DancerData
from training.data_modules.seed_poses import seed_poses

_ROWS_AT_ONCE: Final = 65536
_HALF_OF_THE_WINDOWS: Final = LookAhead()


class ModalityDataModule(DancerData):
    """Windows of any modalities for a window model: which, how long and where, its layout says.

    The folder holds ``[sequence_id].[feature_name].npy``, as one that ``transflower-data prepare`` or ``features``
    wrote. ``base_filenames_train.txt`` and ``base_filenames_val.txt`` say what is learned from and what is held out, an
    id a line; without them a share of all sequences is held out.

    Args:
        folder: Where the features are.
        batch_size: Windows of a batch, over all processes together: the same on one device as on eight.
        stride_frames: Distance between neighbouring windows of a sequence in training.
        val_stride_frames: The same in validation.
        pad: Whether windows may begin before their sequence, so that the dance is learned from its first frame.
        look_ahead: How much of the music to come the windows show; null shows all that fits, always.
        frame_dropout: By name of an input, share of its frames that are hidden in training.
        window_dropout: By name of an input, share of training windows in which it is hidden.
        tolerance_frames: Features of one sequence may differ by so many frames; the longer are cut in memory.
        held_out_share: Share of the sequences that are held out where the folder has no base_filenames_val.txt.
        num_workers: Processes that load windows; 0 loads in the training process.
        seed: Order of the windows and all that is random in them.
    """

    def __init__(
        self,
        folder: Path,
        batch_size: int = 64,
        stride_frames: int = 1,
        val_stride_frames: int = 15,
        pad: bool = True,
        look_ahead: LookAhead | None = _HALF_OF_THE_WINDOWS,
        frame_dropout: Mapping[str, float] | None = None,
        window_dropout: Mapping[str, float] | None = None,
        tolerance_frames: int = 2,
        held_out_share: float = 0.1,
        num_workers: int = 0,
        seed: int = 0,
    ) -> None:
        super().__init__(folder, batch_size, num_workers, seed)
        self.stride_frames, self.val_stride_frames, self.pad = stride_frames, val_stride_frames, pad
        self.look_ahead = look_ahead
        self.frame_dropout, self.window_dropout = dict(frame_dropout or {}), dict(window_dropout or {})
        self.tolerance_frames, self.held_out_share = tolerance_frames, held_out_share
        self.sequences: dict[str, list[ModalitySequence]] = {}
        self._dancer: WindowDancer | None = None

    def connect(self, dancer: Dancer) -> None:
        """Maps the sequences into memory, and checks that the dancer's layout is theirs."""
        if not isinstance(dancer, WindowDancer):
            raise ValueError(
                f"ModalityDataModule feeds window models, not a {type(dancer).__name__}; "
                f"use --data training.data_modules.dance_data.DanceDataModule"
            )
        layout = dancer.layout
        kinds = {item.name: item.kind for item in layout.inputs}
        for output in layout.outputs:
            kinds.setdefault(output.name, "continuous")
        for option in ("frame_dropout", "window_dropout"):
            unknown = sorted(getattr(self, option).keys() - kinds.keys())
            if unknown:
                raise ValueError(f"data.{option} names {unknown[0]!r}; the inputs are {sorted(kinds)}")
        if self._dancer is not dancer:  # the files are mapped once
            self.sequences, notes = ModalityFolder(self.folder, kinds, self.tolerance_frames).splits(
                self.held_out_share
            )
            for note in notes:
                rank_zero_info(note)
        _check(layout, self.sequences["train"] + self.sequences["val"], self.folder)
        self._dancer = dancer

    def windows(self, split: str) -> ModalityWindows:
        """All windows of a split that the dancer's layout allows."""
        assert self._dancer is not None, "connect a dancer first"
        config, training = self._dancer.config, split == "train"
        inputs, outputs = config.training_modalities
        return ModalityWindows(
            self.sequences[split],
            [self._span(item) for item in inputs],
            [OutputSpan(name=item.name, frames=item.frames, offset=item.offset) for item in outputs],
            stride_frames=self.stride_frames if training else self.val_stride_frames,
            pad=self.pad,
            look_ahead=self.look_ahead,
            present_frames=config.training_frames,
        )

    def _span(self, item: InputModality) -> InputSpan:
        return InputSpan(
            name=item.name,
            frames=item.frames,
            offset=item.offset,
            kind=item.kind,
            unknown_token=item.num_tokens,
            frame_dropout=self.frame_dropout.get(item.name, 0.0),
            window_dropout=self.window_dropout.get(item.name, 0.0),
        )

    @property
    def collate(self) -> Callable[[list[Any]], Any]:
        """Joins windows into a `WindowBatch`."""
        return collate

    def fit_statistics(self, dancer: Dancer) -> None:
        """Gives the dancer its standardisation and the poses to start from, all from the training sequences."""
        assert isinstance(dancer, WindowDancer)
        training, layout = self.sequences["train"], dancer.layout
        outputs = [column_statistics(s.features[item.name] for s in training) for item in layout.outputs]
        heard = [
            column_statistics(s.features[item.name] for s in training)
            if item.kind == "continuous"
            else (np.zeros(1, np.float32), np.ones(1, np.float32))
            for item in layout.heard
        ]
        nothing = (np.zeros(0, np.float32), np.ones(0, np.float32))
        pose_mean, pose_std = (_joined(part) for part in zip(*outputs, strict=True))
        music_mean, music_std = (_joined(part) for part in zip(*(heard or [nothing]), strict=True))
        dancer.set_statistics(pose_mean=pose_mean, pose_std=pose_std, music_mean=music_mean, music_std=music_std)
        dancer.set_seed_poses(torch.from_numpy(self._seed_poses(dancer)))
        if dancer.changes is not None:
            stds = {item.name: std for item, (_, std) in zip(layout.outputs, outputs, strict=True)}
            dancer.changes.set_std(
                {
                    name: change_std([s.features[name] for s in training], stds[name], lags)
                    for name, lags in dancer.changes.lags().items()
                }
            )

    def _seed_poses(self, dancer: WindowDancer) -> NDArray[np.float32]:
        """Poses to start from, (num_seed_poses, pose_dims)."""
        count = dancer.config.num_seed_poses
        names = [item.name for item in dancer.layout.outputs]
        if names == ["pose"] and (self.folder / "fingerprint.json").is_file():
            prepared = self.prepared
            return np.stack(list(seed_poses(prepared.sequences("train"), prepared.styles, count).values()))
        training = self.sequences["train"]
        firsts = [training[i % len(training)] for i in range(count)]
        return np.stack(
            [np.concatenate([np.asarray(first.features[name][0], np.float32) for name in names]) for first in firsts]
        )


def _check(layout: Layout, sequences: list[ModalitySequence], folder: Path) -> None:
    """Refuses a layout of other dimensions, or fewer tokens, than the files hold."""
    first = sequences[0]
    items: list[InputModality | OutputModality] = [*layout.inputs, *layout.outputs]
    for item in items:
        array = first.features.get(item.name)
        if array is not None and array.ndim == 2 and array.shape[1] != item.dims:
            raise ValueError(
                f"the layout's {item.name} has {item.dims} dims, "
                f"{folder / first.sequence_id}.{item.name}.npy is {array.shape}; leave out dims, it is the data's"
            )
    for tokens_of in (item for item in layout.inputs if item.kind != "continuous"):
        name = tokens_of.name
        for sequence in sequences:
            tokens = np.asarray(sequence.labels[name] if tokens_of.kind == "label" else sequence.features[name])
            low, high = int(tokens.min()), int(tokens.max())
            if not 0 <= low <= high < tokens_of.num_tokens:
                raise ValueError(
                    f"{folder / sequence.sequence_id}.{name}.npy holds tokens {low}..{high}, "
                    f"the layout's {name} has num_tokens={tokens_of.num_tokens}; leave that and dims out, and they are "
                    "those of the data"
                )
    if any(item.name == STYLE for item in layout.labels) and (folder / "fingerprint.json").is_file():
        _check_styles(layout, folder)


def _check_styles(layout: Layout, folder: Path) -> None:
    num_styles = len(PreparedFolder.open(folder).styles)
    num_tokens = next(item.num_tokens for item in layout.labels if item.name == STYLE)
    if num_tokens != num_styles:
        raise ValueError(
            f"the layout's {STYLE} has num_tokens={num_tokens}, {folder} has {num_styles} styles; "
            "leave that and dims out, and they are those of the data"
        )


def column_statistics(arrays: Iterable[NDArray[Any]]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Mean and standard deviation of each column over arrays (frames, dims) that need not fit into memory.

    A column that hardly moves is scaled as if it moved a tenth as much as the columns do on the whole.
    """
    moments = Moments()
    for array in arrays:
        for start in range(0, len(array), _ROWS_AT_ONCE):
            moments.add(np.asarray(array[start : start + _ROWS_AT_ONCE], np.float32))
    mean, std = moments.mean_std()
    floor = MIN_STD_OF_GROUP * float(np.sqrt(np.mean(std**2))) or 1.0
    return mean.astype(np.float32), np.maximum(std, floor).astype(np.float32)


def change_std(arrays: Sequence[NDArray[Any]], std: NDArray[np.float32], lags: Sequence[int]) -> Tensor:
    """Deviation of the change of each column over each lag, in the columns' own deviations, (lags, dims)."""
    rows = []
    for lag in lags:
        moments = Moments()
        for array in (array for array in arrays if len(array) > lag):
            for start in range(0, len(array) - lag, _ROWS_AT_ONCE):
                part = np.asarray(array[start : start + _ROWS_AT_ONCE + lag], np.float32) / std
                moments.add(part[lag:] - part[:-lag])
        rows.append(np.maximum(moments.mean_std()[1], SMALLEST_CHANGE_STD))
    return torch.from_numpy(np.stack(rows).astype(np.float32))


def _joined(parts: tuple[NDArray[np.float32], ...]) -> Tensor:
    return torch.from_numpy(np.concatenate(parts))


def collate(windows: list[Window]) -> WindowBatch:
    """Joins windows into one batch."""

    def stacked(field_name: str) -> dict[str, Tensor]:
        first: Mapping[str, Any] = getattr(windows[0], field_name)
        return {
            name: torch.from_numpy(np.stack([getattr(window, field_name)[name] for window in windows]))
            for name in first
        }

    return WindowBatch(inputs=stacked("inputs"), known=stacked("known"), outputs=stacked("outputs"))
