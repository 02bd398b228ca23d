"""Windows of prepared sequences: what one training example is."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray

from data.dataset.prepared_reader import PreparedSequence
from models.step.dancer import DanceBatch

HISTORY_FRAMES: Final = 2
"""Poses before the first danced frame: the past pose and its change."""


@dataclass(frozen=True, kw_only=True)
class Mistiming:
    """Windows in which the dancer is early or late at first and gets back in time: what teaches it to keep the beat.

    A dance is so predictable from its own past that likelihood alone teaches a model to ignore the music: left alone,
    it drifts out of phase and nothing brings it back. So the motion of some windows is played out of time by a random
    offset, held for a while (these frames are history only, they do not count in the loss), and then catches up or
    waits with time constant `correction_s`. Which of the two it must be, only the music tells.

    Attributes:
        share: Share of windows.
        largest_offset_s: Offsets are uniform within plus or minus this; half a beat at 90 BPM is 0.33 s.
        longest_hold_s: The offset is held for a random time up to this.
        correction_s: Time constant of the correction.
        rate_hz: Frames a second.
        rate_columns: Columns of the pose vector that are speeds, and so grow with the speed of playing.
    """

    share: float
    rate_columns: tuple[int, ...]
    largest_offset_s: float = 0.35
    longest_hold_s: float = 2.5
    correction_s: float = 0.5
    rate_hz: float = 30.0

    def apply(self, pose: NDArray[np.float32], rows: slice, rng: np.random.Generator) -> tuple[torch.Tensor, int]:
        """Rows of a sequence out of time, (rows, pose_dims), and the number of rows before the correction begins."""
        offset, hold = 2 * rng.random() - 1, rng.random()
        num_held = HISTORY_FRAMES + int(hold * self.longest_hold_s * self.rate_hz)
        frames = np.arange(rows.stop - rows.start)
        correcting = np.maximum(frames - num_held, 0) / (self.correction_s * self.rate_hz)
        offsets = offset * self.largest_offset_s * self.rate_hz * np.exp(-correcting)
        times = np.clip(rows.start + frames + offsets, 0, len(pose) - 1)
        before = np.minimum(times.astype(int), len(pose) - 2)
        part = (times - before).astype(np.float32)[:, None]
        low = int(before[0])
        clip = np.asarray(pose[low : int(before[-1]) + 2])
        warped = clip[before - low] * (1 - part) + clip[before - low + 1] * part
        warped[:, list(self.rate_columns)] *= np.gradient(times).astype(np.float32)[:, None]
        return torch.from_numpy(warped), num_held


class DanceWindows:
    """Windows of fixed length over sequences, a batch of one each; `collate` joins them.

    With a generator the start of each window is drawn anew around its place, so that no two epochs see the same
    windows, and so are the corruptions.

    Args:
        sequences: Sequences of at least three frames.
        window_frames: Danced frames of a window.
        future_frames: Music frames that follow the window.
        stride_frames: Distance between neighbouring windows.
        exact_clock_share: Share of windows whose beat oscillator is exact, as from Ableton Link, MIDI clock or a
            tapping hand, where the sequences know their beats; the others hear the tracker, errors included. A dancer
            that only ever heard a tracker that is half a beat off one time in five would learn not to trust the beat.
        beat_columns: The oscillator's columns in a feature frame: cos, sin, log2(bpm / 120), two confidences.
        rate_hz: Frames a second.
        mistiming: Errors of timing that the dancer learns to correct; None for none.
    """

    def __init__(
        self,
        sequences: list[PreparedSequence],
        window_frames: int,
        future_frames: int,
        stride_frames: int,
        *,
        exact_clock_share: float = 0.0,
        beat_columns: slice = slice(0, 0),
        rate_hz: float = 30.0,
        mistiming: Mistiming | None = None,
    ) -> None:
        self.sequences = sequences
        self.window_frames, self.future_frames = window_frames, future_frames
        self.stride_frames = stride_frames
        self.exact_clock_share, self.beat_columns, self.rate_hz = exact_clock_share, beat_columns, rate_hz
        self.mistiming = mistiming
        self.too_short: list[str] = []  # what is missing of a window does not count in the loss
        self.starts = [
            (index, start)
            for index, sequence in enumerate(sequences)
            for start in range(0, max(1, len(sequence) - HISTORY_FRAMES - window_frames + 1), stride_frames)
        ]

    def __len__(self) -> int:
        return len(self.starts)

    def window(self, item: int, rng: np.random.Generator | None) -> DanceBatch:
        """Window number ``item``, a batch of one; without a generator at its place and as it is."""
        index, start = self.starts[item]
        sequence = self.sequences[index]
        last = max(0, len(sequence) - HISTORY_FRAMES - self.window_frames)
        if rng is not None:
            half = self.stride_frames // 2
            start += int(rng.integers(-half, half + 1))
        start = min(max(start, 0), last)
        danced = slice(start + HISTORY_FRAMES, start + HISTORY_FRAMES + self.window_frames)
        music = slice(danced.start, danced.stop + self.future_frames)
        num_valid = min(self.window_frames, len(sequence) - danced.start)
        valid = np.zeros(self.window_frames, np.float32)
        valid[:num_valid] = 1
        pose = _rows(sequence.pose, slice(start, danced.stop))
        if rng is not None and self.mistiming is not None and rng.random() < self.mistiming.share:
            pose, num_late = self.mistiming.apply(sequence.pose, slice(start, danced.stop), rng)
            valid[: max(0, num_late - HISTORY_FRAMES)] = 0
        heard = _rows(sequence.audio, music)
        if rng is not None and rng.random() < self.exact_clock_share:
            heard = with_exact_clock(heard, _rows(sequence.beat, music), self.beat_columns, self.rate_hz)
        return DanceBatch(
            pose=pose[None],
            music=heard[None],
            style=torch.tensor([sequence.style]),
            energy=_rows(sequence.energy, danced)[None],
            valid=torch.from_numpy(valid)[None],
        )


def _rows(array: NDArray[np.float32], rows: slice) -> torch.Tensor:
    """A copy of some rows; rows past the end repeat the last one."""
    return torch.from_numpy(np.asarray(array[np.minimum(np.arange(rows.start, rows.stop), len(array) - 1)]))


def with_exact_clock(music: torch.Tensor, beat: torch.Tensor, columns: slice, rate_hz: float) -> torch.Tensor:
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
    clocked = music.clone()
    clocked[:, columns] = torch.where(known[:, None], oscillator, music[:, columns])
    return clocked


def collate(windows: list[DanceBatch]) -> DanceBatch:
    """Joins windows into one batch."""
    return DanceBatch(
        **{
            name: torch.cat([getattr(window, name) for window in windows])
            for name in ("pose", "music", "style", "energy", "valid")
        }
    )
