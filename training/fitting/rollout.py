"""Roll-outs: a dancer left alone with music, many at once, fed only with what it danced itself."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from data.dataset.prepared_reader import PreparedSequence
from models.step.dancer import Dancer
from models.step.noise import frame_noise
from models.step.state_tree import together
from models.step.steering import Steering


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
        """True beat position at each frame; NaN where no tempo is known."""
        beat = np.asarray(self.sequence.beat[self.frames], np.float64)
        return beat if self.sequence.knows_beats else np.full(len(beat), np.nan)


def sounding_excerpts(sequences: list[PreparedSequence], num_frames: int) -> list[Excerpt]:
    """All non-overlapping excerpts of a length in which music sounds throughout, in order."""

    def find(sequence: PreparedSequence) -> Iterator[Excerpt]:
        sounding = sequence.sounding
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
    dancer: Dancer,
    music: NDArray[np.float32],
    styles: Sequence[int | None],
    *,
    seed: int,
    start_poses: Sequence[int] | None = None,
    temperature: float = 1.0,
    groove: float = 0.0,
    energy_m_s: float | Sequence[float] | None = None,
    style_guidance: float = 0.0,
    noise_correlation: float = 0.0,
) -> NDArray[np.float32]:
    """Dances to music without look-ahead; every dance is as if it were danced alone.

    Args:
        dancer: It is put in evaluation mode, folded anew.
        music: Feature frames, (dancers, frames, music_dims).
        styles: Style of each dancer; None leaves it free.
        seed: Dancer i draws the noise of ``seed + i``, as a live one does, and starts from that seed pose.
        start_poses: Seed pose that each dancer starts from instead.
        temperature: Scale of the noise.
        groove: How much the beat modulates the speed of the dance, 0 to 1.
        energy_m_s: Requested mean joint speed, of all or of each; None leaves it to the dancers.
        style_guidance: How far styles are exaggerated, 0 to 8.
        noise_correlation: Of the noise of a frame with that of the frame before; see `models.step.noise.frame_noise`.

    Returns:
        Pose vectors in the codec's units, (dancers, frames, pose_dims).
    """
    dancer.eval()
    device = next(dancer.buffers()).device
    sound = torch.tensor(music, device=device)
    seeds = [seed + i for i in range(len(music))]
    energies = energy_m_s if isinstance(energy_m_s, Sequence) else [energy_m_s] * len(styles)
    requests = [
        Steering(style=style, energy_m_s=energy, groove=groove, style_guidance=style_guidance)
        for style, energy in zip(styles, energies, strict=True)
    ]
    starts = seeds if start_poses is None else start_poses
    steered = [
        dancer.steer(dancer.initial_state(1, start), request) for start, request in zip(starts, requests, strict=True)
    ]
    # In a batch all have the same form; a second pass changes nothing for who has no style.
    num_passes = 2 if any(request.is_guided for request in requests) else 1
    state = together([dancer.with_passes(one, num_passes) for one in steered])
    poses = []
    for frame in range(music.shape[1]):
        noise = np.stack([frame_noise(own, frame, dancer.noise_dims, noise_correlation) for own in seeds])
        pose, state = dancer.step(sound[:, frame], state, torch.from_numpy(noise).to(device), temperature)
        poses.append(pose)
    return torch.stack(poses, 1).float().cpu().numpy()
