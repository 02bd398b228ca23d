"""How well a beat network knows the beat of sound it has never heard: by group of a folder, before any filter."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import mir_eval
import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from data.sound.beat_network import network_inputs
from data.sound.resampler import PolyphaseResampler
from training.beat_network.batches import DELAY_S, LABEL_RATE_HZ, targets
from training.beat_network.midi import RATE_HZ
from training.beat_network.network import TrainedNetwork
from training.beat_network.stems import after_gain, mel_decibels
from training.beats.clips import find_clips

_SKIP_S: Final = 5.0
_LEAST: Final = 0.25


@dataclass(frozen=True, eq=False)
class NetworkClip:
    """A sound as the network hears it, and its beats.

    Attributes:
        group: Its folder.
        name: Its file.
        inputs: Of the network, (frames, 192).
        beats_s: Times of the beats, (beats,).
        places: Of the beats in their bars from 1 on, (beats,); 0 where nobody wrote them down.
    """

    group: str
    name: str
    inputs: NDArray[np.float32]
    beats_s: NDArray[np.float64]
    places: NDArray[np.int64]


@dataclass(frozen=True)
class BeatNetworkScore:
    """Means over the clips of a group.

    Attributes:
        group: Its name.
        num_clips: So many.
        beat_loss: Cross-entropy of the beat, nats a half frame.
        downbeat_loss: Of the downbeat, NaN where the bar is not known.
        beat_f: F of the peaks over 0.25 against the beats, within 70 ms, from 5 s on (mir_eval); no filter.
        downbeat_f: The same of downbeats.
    """

    group: str
    num_clips: int
    beat_loss: float
    downbeat_loss: float
    beat_f: float
    downbeat_f: float


def read_clips(folder: Path) -> list[NetworkClip]:
    """Sounds with their beats beside them, as the network hears them; see `training.beats.clips.find_clips`.

    Raises:
        ValueError: There are none, or one of them cannot be read.
    """
    clips = []
    for clip in find_clips((folder,)).clips:
        sound, rate_hz, truth = clip.read()
        resampler = PolyphaseResampler(rate_hz, RATE_HZ)
        sound, _ = resampler.step(sound, resampler.initial_state())
        inputs = network_inputs(mel_decibels(after_gain(sound)))
        places = np.zeros(len(truth.times_s), np.int64) if truth.places is None else truth.places + 1
        clips.append(NetworkClip(clip.group, clip.name, inputs, truth.times_s, places))
    return clips


def log_odds_of(network: TrainedNetwork, clip: NetworkClip) -> NDArray[np.float32]:
    """Log odds (half frames, (beat, downbeat)) of a clip."""
    network.eval()
    with torch.inference_mode():
        found, _ = network(torch.from_numpy(clip.inputs)[None])
    return np.asarray(found[0].numpy().reshape(-1, 2))


def judge(network: TrainedNetwork, clips: Iterable[NetworkClip]) -> list[BeatNetworkScore]:
    """Each group, and at last all of them."""
    rows: dict[str, list[tuple[float, ...]]] = {}
    for clip in clips:
        row = _judge_clip(log_odds_of(network, clip), clip)
        rows.setdefault(clip.group, []).append(row)
    groups = {**rows, "all": [row for found in rows.values() for row in found]}
    return [BeatNetworkScore(group, len(found), *_means(found)) for group, found in groups.items()]


def _means(rows: list[tuple[float, ...]]) -> list[float]:
    table = np.array(rows)
    return [float(np.mean(column[~np.isnan(column)])) if not np.isnan(column).all() else np.nan for column in table.T]


def _judge_clip(log_odds: NDArray[np.float32], clip: NetworkClip) -> tuple[float, float, float, float]:
    labels, _, weights = targets(clip.beats_s, clip.places, len(log_odds) // 2)
    cross = nn.functional.binary_cross_entropy_with_logits(
        torch.from_numpy(log_odds), torch.from_numpy(labels.reshape(-1, 2)), reduction="none"
    ).numpy()
    from_here = slice(int(_SKIP_S * LABEL_RATE_HZ), None)
    losses = cross[from_here].mean(axis=0)
    scores = []
    knows_bar = bool(weights[:, 1].any())
    for column, times in ((0, clip.beats_s), (1, clip.beats_s[clip.places == 1])):
        found = _peaks_s(log_odds[:, column])
        end = len(log_odds) / LABEL_RATE_HZ
        truth = times[(times >= _SKIP_S) & (times < end)]
        found = found[(found >= _SKIP_S) & (found < end)]
        if len(truth) < 2 or (column == 1 and not knows_bar):
            scores.append(np.nan)
        else:
            scores.append(float(mir_eval.beat.f_measure(truth, found)) if len(found) else 0.0)
    return float(losses[0]), float(losses[1]) if knows_bar else np.nan, scores[0], scores[1]


def _peaks_s(log_odds: NDArray[np.float32]) -> NDArray[np.float64]:
    probability = 1 / (1 + np.exp(-log_odds))
    middle = probability[1:-1]
    is_peak = (middle >= probability[:-2]) & (middle > probability[2:]) & (middle > _LEAST)
    at = np.flatnonzero(is_peak) + 1
    return np.asarray((at + 1) / LABEL_RATE_HZ - DELAY_S)


def table(judged: Iterable[BeatNetworkScore]) -> str:
    """The judgement as text."""
    lines = [f"{'group':16}{'clips':>6}{'beat loss':>11}{'downbeat loss':>15}{'beat F':>8}{'downbeat F':>12}"]
    lines += [
        f"{row.group[:15]:16}{row.num_clips:6d}{row.beat_loss:11.4f}{row.downbeat_loss:15.4f}"
        f"{row.beat_f:8.3f}{row.downbeat_f:12.3f}"
        for row in judged
    ]
    return "\n".join(lines)


def summary(judged: Mapping[str, BeatNetworkScore] | list[BeatNetworkScore]) -> str:
    """One line: all groups together."""
    whole = judged[-1] if isinstance(judged, list) else judged["all"]
    return (
        f"development: beat loss {whole.beat_loss:.4f}, downbeat loss {whole.downbeat_loss:.4f}, "
        f"beat F {whole.beat_f:.3f}, downbeat F {whole.downbeat_f:.3f}"
    )
