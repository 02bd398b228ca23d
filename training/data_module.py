"""Lightning's view of a prepared folder."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytorch_lightning as pl
import torch
from torch.utils.data import DataLoader

from models.dancer import DanceBatch
from models.streaming_transflower import StreamingTransflower
from training.windows import DanceWindows, Mistiming, PreparedFolder, PreparedSequence, collate

SMALLEST_CHANGE_STD = 0.02
"""Floor of the deviation of a pose change, in standard deviations of the pose: still dimensions stay finite."""


class DanceDataModule(pl.LightningDataModule):
    """Windows of a prepared folder in batches.

    Args:
        folder: Written by ``transflower-data prepare``.
        window_frames: Danced frames of a window.
        future_frames: Music frames after the window: the largest look-ahead budget of the model.
        batch_size: Windows of a batch.
        exact_clock_share: Share of training windows with an exact beat oscillator; see `DanceWindows`.
        mistiming_share: Share of training windows in which the dancer has to get back in time; see `Mistiming`.
        num_workers: Processes that load windows; 0 loads in the training process, which is enough for memory-mapped
            files.
    """

    def __init__(
        self,
        folder: Path,
        window_frames: int = 180,
        future_frames: int = 30,
        batch_size: int = 16,
        exact_clock_share: float = 0.85,
        mistiming_share: float = 0.6,
        num_workers: int = 0,
    ) -> None:
        super().__init__()
        self.save_hyperparameters()
        self.folder = PreparedFolder.open(folder)
        self.window_frames, self.future_frames = window_frames, future_frames
        self.batch_size, self.num_workers = batch_size, num_workers
        self.exact_clock_share, self.mistiming_share = exact_clock_share, mistiming_share
        self.train_sequences: list[PreparedSequence] = []
        self.val_sequences: list[PreparedSequence] = []

    def setup(self, stage: str) -> None:
        """Maps the sequences into memory."""
        self.train_sequences = self.folder.sequences("train")
        self.val_sequences = self.folder.sequences("val")
        if not self.train_sequences:
            raise ValueError(f"{self.folder.path}: no training sequence; see base_filenames_train.txt")

    def train_dataloader(self) -> DataLoader[DanceBatch]:
        """Shuffled windows, two a stretch of the music, at places drawn anew each epoch."""
        columns = self.folder.fingerprint["pose_columns"]
        speeds = [column for name in ("floor_velocity", "turn_rate") for column in range(*columns[name])]
        windows = DanceWindows(
            self.train_sequences,
            self.window_frames,
            self.future_frames,
            stride_frames=self.window_frames // 2,
            jitter=True,
            exact_clock_share=self.exact_clock_share,
            beat_columns=slice(*self.folder.fingerprint["audio_columns"]["beat"]),
            mistiming=Mistiming(share=self.mistiming_share, rate_columns=tuple(speeds)),
        )
        return self._loader(windows, shuffle=True, drop_last=len(windows) >= self.batch_size)

    def val_dataloader(self) -> DataLoader[DanceBatch]:
        """The validation sequences, once each, in order."""
        windows = DanceWindows(
            self.val_sequences, self.window_frames, self.future_frames, stride_frames=self.window_frames, jitter=False
        )
        return self._loader(windows, shuffle=False)

    def _loader(self, windows: DanceWindows, *, shuffle: bool, drop_last: bool = False) -> DataLoader[DanceBatch]:
        return DataLoader(
            windows,
            batch_size=self.batch_size,
            shuffle=shuffle,
            drop_last=drop_last,
            collate_fn=collate,
            num_workers=self.num_workers,
            persistent_workers=self.num_workers > 0,
        )

    def fit_statistics(self, model: StreamingTransflower) -> None:
        """Gives the model its standardisation and the poses to start from, all from the training sequences.

        Raises:
            ValueError: If the model's dimensions are not those of the folder.
        """
        config = model.config
        first = self.train_sequences[0]
        for name, own, theirs in (
            ("pose_dims", config.pose_dims, first.pose.shape[1]),
            ("music_dims", config.music_dims, first.audio.shape[1]),
            ("num_styles", config.num_styles, len(self.folder.styles)),
            ("future_frames", config.future_frames, self.future_frames),
        ):
            if own != theirs:
                raise ValueError(f"model.config.{name} is {own}, the data in {self.folder.path} have {theirs}")
        mean, std = self.folder.pose_scaler()
        changes = np.concatenate([np.diff(sequence.pose, axis=0) / std for sequence in self.train_sequences])
        energy = np.concatenate([sequence.energy[sequence.beat >= 0] for sequence in self.train_sequences])
        model.set_statistics(
            pose_mean=torch.from_numpy(mean),
            pose_std=torch.from_numpy(std),
            change_std=torch.from_numpy(np.maximum(changes.std(0), SMALLEST_CHANGE_STD)),
            energy_mean=float(energy.mean()),
            energy_std=float(max(energy.std(), 1e-3)),
        )
        model.set_seed_poses(torch.from_numpy(np.stack(list(self.seed_poses(config.num_seed_poses).values()))))

    def seed_poses(self, count: int) -> dict[str, np.ndarray[tuple[int], np.dtype[np.float32]]]:
        """Poses to start from, by name: standing, then a calm moment of each style in turn, (pose_dims,) each."""
        standing = next((s for s in self.train_sequences if s.beat[0] < 0), self.train_sequences[0])
        poses = {"standing": np.array(standing.pose[0])}
        for number in range(count - 1):
            style = number % len(self.folder.styles)
            fitting = [s for s in self.train_sequences if s.style == style] or self.train_sequences
            sequence = fitting[(number // len(self.folder.styles)) % len(fitting)]
            dancing = np.flatnonzero(sequence.beat >= 0)[60:-60]
            if not len(dancing):
                dancing = np.arange(len(sequence))
            speed = np.abs(np.diff(sequence.pose, axis=0, prepend=sequence.pose[:1])).sum(1)
            poses[f"{self.folder.styles[style]}-{number // len(self.folder.styles) + 1}"] = np.array(
                sequence.pose[dancing[np.argmin(speed[dancing])]]
            )
        return poses
