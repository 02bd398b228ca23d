"""Prepared dance for the `StreamingTransflower`."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch

from data.dataset.prepared_reader import PreparedFolder, PreparedSequence
from models.networks.pose_changes import SMALLEST_CHANGE_STD
from models.step.dancer import Dancer
from models.streaming.streaming_transflower import StreamingTransflower
from training.data_modules.data_module import DancerData, require_dims
from training.data_modules.seed_poses import seed_poses
from training.data_modules.windows import DanceWindows, Mistiming, collate


class DanceDataModule(DancerData):
    """Long windows of a prepared folder, each frame of which is a target, for a `StreamingTransflower`.

    Args:
        folder: Written by ``transflower-data prepare``.
        window_frames: Danced frames of a window.
        batch_size: Windows of a batch, over all processes together: the same on one device as on eight.
        exact_clock_share: Share of training windows with an exact beat oscillator; see `DanceWindows`.
        mistiming_share: Share of training windows in which the dancer has to get back in time; see `Mistiming`.
        num_workers: Processes that load windows; 0 loads in the training process, which is enough for memory-mapped
            files.
        seed: Order of the windows and all that is random in them.
    """

    def __init__(
        self,
        folder: Path,
        window_frames: int = 180,
        batch_size: int = 16,
        exact_clock_share: float = 0.85,
        mistiming_share: float = 0.6,
        num_workers: int = 0,
        seed: int = 0,
    ) -> None:
        super().__init__(folder, batch_size, num_workers, seed)
        self.window_frames = window_frames
        self.exact_clock_share, self.mistiming_share = exact_clock_share, mistiming_share
        self.future_frames = 0
        self.sequences: dict[str, list[PreparedSequence]] = {}

    def connect(self, dancer: Dancer) -> None:
        """Maps the sequences into memory, and checks that the dancer's dimensions are theirs."""
        if not isinstance(dancer, StreamingTransflower):
            raise ValueError(
                f"DanceDataModule feeds a StreamingTransflower, not a {type(dancer).__name__}; "
                f"use --data training.data_modules.modality_data.ModalityDataModule"
            )
        prepared = PreparedFolder.open(self.folder)
        self.sequences = {split: prepared.sequences(split) for split in ("train", "val")}
        if not self.sequences["train"]:
            raise ValueError(f"{self.folder}: no training sequence; see base_filenames_train.txt")
        config, first = dancer.config, self.sequences["train"][0]
        dims = (
            ("pose_dims", config.pose_dims, first.pose.shape[1]),
            ("music_dims", config.music_dims, first.audio.shape[1]),
            ("num_styles", config.num_styles, len(prepared.styles)),
        )
        require_dims(self.folder, dims)
        self.future_frames = config.future_frames

    def windows(self, split: str) -> DanceWindows:
        """For training two windows a stretch of the music, at places drawn anew each epoch; else one, as it is."""
        if split != "train":
            return DanceWindows(self.sequences[split], self.window_frames, self.future_frames, self.window_frames)
        fingerprint = self.prepared.fingerprint
        columns = fingerprint["pose_columns"]
        speeds = [column for name in ("floor_velocity", "turn_rate") for column in range(*columns[name])]
        return DanceWindows(
            self.sequences[split],
            self.window_frames,
            self.future_frames,
            stride_frames=self.window_frames // 2,
            exact_clock_share=self.exact_clock_share,
            beat_columns=slice(*fingerprint["audio_columns"]["beat"]),
            rate_hz=fingerprint["frame_rate_hz"],
            mistiming=Mistiming(
                share=self.mistiming_share, rate_columns=tuple(speeds), rate_hz=fingerprint["frame_rate_hz"]
            ),
        )

    @property
    def collate(self) -> Callable[[list[Any]], Any]:
        """Joins windows into a `DanceBatch`."""
        return collate

    def fit_statistics(self, dancer: Dancer) -> None:
        """Gives the dancer its standardisation and the poses to start from, all from the training sequences."""
        assert isinstance(dancer, StreamingTransflower)
        training = self.sequences["train"]
        mean, std = self.prepared.pose_scaler()
        changes = np.concatenate([np.diff(sequence.pose, axis=0) / std for sequence in training])
        energy = np.concatenate([sequence.energy[sequence.sounding] for sequence in training])
        dancer.set_statistics(
            pose_mean=torch.from_numpy(mean),
            pose_std=torch.from_numpy(std),
            change_std=torch.from_numpy(np.maximum(changes.std(0), SMALLEST_CHANGE_STD)),
            energy_mean=float(energy.mean()),
            energy_std=float(max(energy.std(), 1e-3)),
        )
        poses = seed_poses(training, self.prepared.styles, dancer.config.num_seed_poses)
        dancer.set_seed_poses(torch.from_numpy(np.stack(list(poses.values()))))
