"""Training windows drawn on the device that trains: all frames lie there, and nothing waits for the host."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from data.dataset.prepared_reader import PreparedSequence
from models.streaming.planning_state import PlannedBatch
from training.data_modules.phrase_labels import DancedPhrases, PhraseLabels
from training.data_modules.windows import with_exact_clock


@dataclass(frozen=True, kw_only=True)
class Augmentation:
    """How windows are varied.

    Attributes:
        exact_clock_share: Share of windows whose beat oscillator is exact.
        mistiming_share: Share of windows that begin out of time; see `training.data_modules.windows.Mistiming`.
        largest_offset_s, longest_hold_s, correction_s: As of a `Mistiming`.
        tempo_share: Share of windows played at another tempo, motion and music alike.
        largest_tempo: They are played up to this factor faster or slower.
    """

    exact_clock_share: float = 0.85
    mistiming_share: float = 0.6
    largest_offset_s: float = 0.35
    longest_hold_s: float = 2.5
    correction_s: float = 0.5
    tempo_share: float = 0.5
    largest_tempo: float = 1.12


class DeviceWindows:
    """The frames of sequences in one row on a device, and windows of them.

    Args:
        sequences: What is danced.
        danced: The phrases in each.
        labels: The phrases that the dancer knows.
        beat_columns: The oscillator's columns in a feature frame.
        rate_columns: Columns of the pose vector that are speeds.
        rate_hz: Frames a second.
        device: Where they lie.
    """

    def __init__(
        self,
        sequences: Sequence[PreparedSequence],
        danced: Sequence[DancedPhrases],
        labels: PhraseLabels,
        *,
        beat_columns: slice,
        rate_columns: Sequence[int],
        rate_hz: float,
        device: torch.device | str,
    ) -> None:
        self.rate_hz, self.beat_columns = rate_hz, beat_columns
        self.device = torch.device(device)
        indices = [labels.indices(phrases) for phrases in danced]

        def rows(parts: list[np.ndarray], dtype: torch.dtype = torch.float32) -> Tensor:
            return torch.from_numpy(np.concatenate(parts)).to(self.device, dtype)

        clocks = [
            with_exact_clock(
                torch.from_numpy(np.array(s.audio)), torch.from_numpy(np.array(s.beat)), beat_columns, rate_hz
            )[:, beat_columns].numpy()
            for s in sequences
        ]
        self.pose = rows([s.pose for s in sequences])
        self.audio = rows([s.audio for s in sequences])
        self.clock = rows(clocks)
        self.energy = rows([s.energy for s in sequences])
        self.sounding = rows([s.sounding.astype(np.float32) for s in sequences])
        self.phrase = rows([phrase for phrase, _ in indices], torch.int64)
        self.group = rows([group for _, group in indices], torch.int64)
        self.place = rows([d.rows[:, 1:] for d in danced])
        lengths = [len(s) for s in sequences]
        self.first = torch.tensor(np.cumsum([0, *lengths[:-1]]), device=self.device)
        self.length = torch.tensor(lengths, device=self.device)
        self.style = torch.tensor([s.style for s in sequences], device=self.device)
        self.share = (self.length.cumsum(0) / self.length.sum()).float()
        speeds = torch.zeros(self.pose.shape[1])
        speeds[list(rate_columns)] = 1
        self.speeds = speeds.to(self.device)
        self.tempo_only = torch.eye(self.audio.shape[1], device=self.device)[beat_columns.start + 2]

    def draw(
        self,
        size: int,
        frames: int,
        history: int,
        future: int,
        augment: Augmentation,
        generator: torch.Generator | None = None,
    ) -> PlannedBatch:
        """Random windows; no tensor is made on the host, so that a CUDA graph can hold this.

        Args:
            size: Windows.
            frames: Danced frames of each.
            history: Poses before the first danced frame.
            future: Music frames after the last.
            augment: How they are varied.
            generator: Of the device; the device's own if None.
        """
        device = self.device

        def random() -> Tensor:
            return torch.rand(size, 1, device=device, generator=generator)

        def chance(share: float) -> Tensor:
            return (random() < share).float()

        which = torch.searchsorted(self.share, random()[:, 0]).clamp_max(len(self.length) - 1)
        first, last = self.first[which][:, None], (self.length[which] - 1)[:, None].float()
        stretch = (2 * random() - 1) * np.log(augment.largest_tempo)
        tempo = (stretch * chance(augment.tempo_share)).exp()
        span = tempo * (history + frames + future)
        start = random() * (last - span).clamp_min(0)
        number = torch.arange(history + frames + future, device=device)[None].float()
        music_times = (start + tempo * number).minimum(last)
        number = number[:, : history + frames]
        late = chance(augment.mistiming_share)
        held = history + (random() * augment.longest_hold_s * self.rate_hz).floor()
        offset = (2 * random() - 1) * augment.largest_offset_s * self.rate_hz * late
        left = (-(number - held).clamp_min(0) / (augment.correction_s * self.rate_hz)).exp()
        times = (music_times[:, : history + frames] + offset * left).clamp_min(0).minimum(last)
        speed = torch.cat(
            [times[:, 1:2] - times[:, :1], (times[:, 2:] - times[:, :-2]) / 2, times[:, -1:] - times[:, -2:-1]], 1
        )
        pose = self._between(self.pose, first, times, last)
        pose = pose * (1 + self.speeds * (speed[..., None] - 1))
        danced, heard = music_times[:, history : history + frames], music_times[:, history:]
        music = self._between(self.audio, first, heard, last)
        clock = self._between(self.clock, first, heard, last)
        columns = self.beat_columns
        clock = torch.where(chance(augment.exact_clock_share)[:, None] > 0, clock, music[..., columns])
        music = torch.cat([music[..., : columns.start], clock, music[..., columns.stop :]], -1)
        music = music + self.tempo_only * tempo.log2()[:, None] * (clock[..., 3:4] > 0)
        row = first + danced.floor().long()
        place = self.place[row]
        phrase = self.phrase[row]
        # Beats go on within a frame; the tempo of the place is that of the sequence, which the clock knows.
        part = danced - danced.floor()
        return PlannedBatch(
            pose=pose,
            music=music,
            style=self.style[which],
            energy=self.energy[row] * tempo,
            valid=1 - (number[:, history:] < held).float() * late,
            phrase=phrase,
            group=self.group[row],
            beat=(place[..., 0] + part * self._beats_a_frame(row, first, last)).minimum(place[..., 1]),
            beats=place[..., 1],
        )

    def window(self, sequence: int, start: int, frames: int, history: int, future: int) -> PlannedBatch:
        """The window that begins at a frame of a sequence as it is, a batch of one."""
        first = self.first[sequence] + start
        pose = slice(int(first), int(first) + history + frames)
        heard = slice(int(first) + history, int(first) + history + frames + future)
        danced = slice(heard.start, heard.start + frames)
        return PlannedBatch(
            pose=self.pose[pose][None],
            music=self.audio[heard][None],
            style=self.style[sequence][None],
            energy=self.energy[danced][None],
            valid=torch.ones(1, frames, device=self.device),
            phrase=self.phrase[danced][None],
            group=self.group[danced][None],
            beat=self.place[danced][None, :, 0],
            beats=self.place[danced][None, :, 1],
        )

    def _beats_a_frame(self, row: Tensor, first: Tensor, last: Tensor) -> Tensor:
        """Beats that pass from a frame to the next, of dances in a phrase; 0 at its end."""
        after = (row + 1).minimum(first + last.long())
        return (self.place[after][..., 0] - self.place[row][..., 0]).clamp_min(0)

    @staticmethod
    def _between(rows: Tensor, first: Tensor, times: Tensor, last: Tensor) -> Tensor:
        """Rows between frames, linearly, (size, times, dims)."""
        low = times.floor().minimum((last - 1).clamp_min(0))
        part = (times - low)[..., None]
        index = first + low.long()
        return rows[index] * (1 - part) + rows[index + 1] * part
