"""Windows of prepared sequences: what one training example is."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.utils.data import Dataset

from models.dancer import DanceBatch

HISTORY_FRAMES = 2
"""Poses before the first danced frame: the past pose and its change."""
FEATURES = ("pose", "audio", "style", "energy", "beat")


@dataclass(frozen=True, eq=False)
class PreparedSequence:
    """One sequence of a prepared folder, memory-mapped.

    Attributes:
        name: Sequence id.
        pose: Codec vectors, (frames, pose_dims) float32.
        audio: Feature frames, (frames, music_dims) float32.
        style: Index of the style.
        energy: Mean joint speed around each frame, m/s, (frames,) float32.
        beat: True beat position, (frames,) float32; -1 where nothing sounds.
    """

    name: str
    pose: NDArray[np.float32]
    audio: NDArray[np.float32]
    style: int
    energy: NDArray[np.float32]
    beat: NDArray[np.float32]

    def __len__(self) -> int:
        return min(len(self.pose), len(self.audio))


@dataclass(frozen=True, eq=False)
class PreparedFolder:
    """A folder written by ``transflower-data prepare``.

    Attributes:
        path: The folder.
        fingerprint: Its fingerprint.json.
    """

    path: Path
    fingerprint: dict[str, Any]

    @classmethod
    def open(cls, path: Path) -> PreparedFolder:
        """Opens a prepared folder.

        Raises:
            ValueError: If it is no prepared folder.
        """
        file = Path(path) / "fingerprint.json"
        if not file.is_file():
            raise ValueError(f"{file}: missing; write a prepared folder by `transflower-data prepare`")
        try:
            fingerprint = json.loads(file.read_text(encoding="utf-8"))
        except json.JSONDecodeError as error:
            raise ValueError(f"{file}: damaged ({error}); prepare the folder again") from None
        return cls(Path(path), fingerprint)

    @property
    def styles(self) -> list[str]:
        """Names of the styles, in the order of their indices."""
        return [str(name) for name in self.fingerprint["styles"]]

    def pose_scaler(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Mean and standard deviation of the training poses, each (pose_dims,)."""
        with np.load(self.path / "pose.scaler.npz") as scaler:
            return scaler["mean"].astype(np.float32), scaler["std"].astype(np.float32)

    def sequences(self, split: str) -> list[PreparedSequence]:
        """The sequences of a split: train, val or test.

        Raises:
            ValueError: If a file is missing, damaged or of another length than its neighbours; it is named.
        """
        names = (self.path / f"base_filenames_{split}.txt").read_text(encoding="utf-8").split()
        return [self._sequence(name) for name in names]

    def _sequence(self, name: str) -> PreparedSequence:
        arrays = {}
        for feature in FEATURES:
            file = self.path / f"{name}.{feature}.npy"
            try:
                arrays[feature] = np.load(file, mmap_mode="r")
            except (OSError, ValueError) as error:
                raise ValueError(f"{file}: cannot be read ({error}); prepare the folder again") from None
        lengths = {feature: len(array) for feature, array in arrays.items() if feature != "style"}
        if len(set(lengths.values())) > 1:
            raise ValueError(f"{self.path / name}: features of unequal length {lengths}; prepare the folder again")
        return PreparedSequence(
            name=name,
            pose=arrays["pose"],
            audio=arrays["audio"],
            style=int(arrays["style"][0]),
            energy=arrays["energy"].reshape(-1),
            beat=arrays["beat"].reshape(-1),
        )


class DanceWindows(Dataset[DanceBatch]):
    """Windows of fixed length over sequences, a batch of one each; `collate` joins them.

    In training the start of each window is drawn anew around its place, so that no two epochs see the same windows.

    Args:
        sequences: Sequences of at least three frames.
        window_frames: Danced frames of a window.
        future_frames: Music frames that follow the window.
        stride_frames: Distance between neighbouring windows.
        jitter: Whether starts move at random by up to half a stride.
        exact_clock_share: Share of windows whose beat oscillator is exact, as from Ableton Link, MIDI clock or a
            tapping hand, where the sequences know their beats; the others hear the tracker, errors included. A dancer
            that only ever heard a tracker that is half a beat off one time in five would learn not to trust the beat.
        beat_columns: The oscillator's columns in a feature frame: cos, sin, log2(bpm / 120), two confidences.
    """

    def __init__(
        self,
        sequences: list[PreparedSequence],
        window_frames: int,
        future_frames: int,
        stride_frames: int,
        *,
        jitter: bool,
        exact_clock_share: float = 0.0,
        beat_columns: slice = slice(0, 0),
    ) -> None:
        self.sequences = sequences
        self.window_frames, self.future_frames = window_frames, future_frames
        self.stride_frames, self.jitter = stride_frames, jitter
        self.exact_clock_share, self.beat_columns = exact_clock_share, beat_columns
        self.starts = [
            (index, start)
            for index, sequence in enumerate(sequences)
            for start in range(0, max(1, len(sequence) - HISTORY_FRAMES - window_frames + 1), stride_frames)
        ]

    def __len__(self) -> int:
        return len(self.starts)

    def __getitem__(self, item: int) -> DanceBatch:
        """Window number ``item``, a batch of one."""
        index, start = self.starts[item]
        sequence = self.sequences[index]
        last = max(0, len(sequence) - HISTORY_FRAMES - self.window_frames)
        if self.jitter:
            half = self.stride_frames // 2
            start += int(torch.randint(-half, half + 1, ()))
        start = min(max(start, 0), last)
        danced = slice(start + HISTORY_FRAMES, start + HISTORY_FRAMES + self.window_frames)
        music = slice(danced.start, danced.stop + self.future_frames)
        num_valid = min(self.window_frames, len(sequence) - danced.start)
        valid = np.zeros(self.window_frames, np.float32)
        valid[:num_valid] = 1
        heard = _rows(sequence.audio, music)
        if float(torch.rand(())) < self.exact_clock_share:
            heard = with_exact_clock(heard, _rows(sequence.beat, music), self.beat_columns)
        return DanceBatch(
            pose=_rows(sequence.pose, slice(start, danced.stop))[None],
            music=heard[None],
            style=torch.tensor([sequence.style]),
            energy=_rows(sequence.energy, danced)[None],
            valid=torch.from_numpy(valid)[None],
        )


def _rows(array: NDArray[np.float32], rows: slice) -> torch.Tensor:
    """A copy of some rows; rows past the end repeat the last one."""
    return torch.from_numpy(np.asarray(array[np.minimum(np.arange(rows.start, rows.stop), len(array) - 1)]))


def with_exact_clock(music: torch.Tensor, beat: torch.Tensor, columns: slice, rate_hz: float = 30.0) -> torch.Tensor:
    """Feature frames whose beat oscillator tells the true beat wherever music sounds.

    Args:
        music: Feature frames, (frames, music_dims).
        beat: True beat position of each, (frames,); negative where nothing sounds.
        columns: The oscillator's five columns.
        rate_hz: Frames a second.
    """
    steps = torch.diff(beat, append=beat[-1:])
    known = (beat >= 0) & (steps > 0) & (steps < 0.5)
    if not known.any():
        return music
    tempo = torch.log2((steps * rate_hz * 60 / 120).clamp_min(1e-3))
    angle = 2 * torch.pi * beat
    sure = torch.ones_like(beat)
    oscillator = torch.stack([angle.cos(), angle.sin(), tempo, sure, sure], 1).to(music.dtype)
    told = music.clone()
    told[:, columns] = torch.where(known[:, None], oscillator, music[:, columns])
    return told


def collate(windows: list[DanceBatch]) -> DanceBatch:
    """Joins windows into one batch."""
    return DanceBatch(
        **{
            name: torch.cat([getattr(window, name) for window in windows])
            for name in ("pose", "music", "style", "energy", "valid")
        }
    )
