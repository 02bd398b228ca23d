"""Roll-outs: a dancer left alone with music, many at once, fed only with what it danced itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray

from models.streaming_transflower import StreamingTransflower
from training.windows import PreparedSequence


@dataclass(frozen=True, eq=False)
class Excerpt:
    """A stretch of a prepared sequence in which music sounds throughout.

    Attributes:
        sequence: Where it is from.
        frames: Its frames.
    """

    sequence: PreparedSequence
    frames: slice

    @property
    def beat(self) -> NDArray[np.float64]:
        """True beat position at each frame."""
        return np.asarray(self.sequence.beat[self.frames], np.float64)


def sounding_excerpts(sequences: list[PreparedSequence], num_frames: int) -> list[Excerpt]:
    """All non-overlapping excerpts of a length in which music sounds throughout, in order."""

    def find(sequence: PreparedSequence) -> Iterator[Excerpt]:
        sounding = np.asarray(sequence.beat) >= 0
        start = 0
        while start + num_frames <= len(sequence):
            silent = np.flatnonzero(~sounding[start : start + num_frames])
            if len(silent):
                start += int(silent[-1]) + 1
            else:
                yield Excerpt(sequence, slice(start, start + num_frames))
                start += num_frames

    return [excerpt for sequence in sequences for excerpt in find(sequence)]


@torch.inference_mode()
def roll_out(
    dancer: StreamingTransflower,
    music: NDArray[np.float32],
    styles: NDArray[np.int64],
    *,
    seed: int,
    temperature: float = 1.0,
    groove: float = 0.0,
    energy_m_s: float | None = None,
) -> NDArray[np.float32]:
    """Dances to music without look-ahead.

    Args:
        dancer: In evaluation mode.
        music: Feature frames, (dancers, frames, music_dims).
        styles: Style of each dancer, (dancers,).
        seed: Seeds the noise; dancer i starts from seed pose ``seed + i``.
        temperature: Scale of the noise.
        groove: How much the beat modulates the speed of the dance, 0 to 1.
        energy_m_s: Wished mean joint speed; None leaves it to the dancers.

    Returns:
        Pose vectors in the codec's units, (dancers, frames, pose_dims).
    """
    count, frames, _ = music.shape
    device = dancer.pose_mean.device
    generator = torch.Generator().manual_seed(seed)
    sound = torch.from_numpy(np.ascontiguousarray(music)).to(device)
    state = dancer.initial_state(count)
    starts = dancer.seed_poses[(seed + torch.arange(count)) % dancer.config.num_seed_poses]
    state = replace(
        state,
        pose=starts,
        previous_pose=starts,
        style=torch.from_numpy(styles).to(device),
        groove=torch.full_like(state.groove, groove),
        energy=torch.full_like(state.energy, float("nan") if energy_m_s is None else energy_m_s),
    )
    poses = []
    for frame in range(frames):
        noise = torch.randn(count, dancer.noise_dims, generator=generator).to(device)
        pose, state = dancer.step(sound[:, frame], state, noise, temperature)
        poses.append(pose)
    return torch.stack(poses, 1).cpu().numpy()
