"""What a `PlanningTransflower` is given before it learns: standardisation, prediction, phrases, feet."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray

from data.dataset.prepared_reader import PreparedFolder, PreparedSequence
from data.motion.pose_codec import PoseCodec
from models.networks.pose_changes import SMALLEST_CHANGE_STD
from models.streaming.footing import LEGS, Footing
from models.streaming.linear_prediction import fit_prediction
from models.streaming.phrase_planner import BEATS_A_BAR, KEYS_A_BEAT, PhrasePlanner
from models.streaming.planning_transflower import PlanningTransflower
from training.data_modules.phrase_labels import DancedPhrases, PhraseLabels
from training.data_modules.seed_poses import seed_poses

STILL_CHANGE: Final = 0.005
"""Deviation of changes, in the codec's units, up to which a dimension is taken to keep still, ..."""
STILL_SHARE: Final = 0.1
"""... if it is not more than this share of the dimension's scale either."""
SEAM_WEIGHT: Final = 0.02
"""Weight of a key pose near the seam of two phrases, which is a blend of both, beside others."""
_STANDING_PERCENTILE: Final = 5


def moving_dims(sequences: Sequence[PreparedSequence], prepared: PreparedFolder) -> NDArray[np.int64]:
    """The dimensions of pose vectors that move."""
    _, std = prepared.pose_scaler()
    spread = np.concatenate([np.diff(sequence.pose, axis=0) for sequence in sequences]).std(0)
    return np.flatnonzero((spread > STILL_CHANGE) | (spread / std > STILL_SHARE))


def fit_dancer(
    dancer: PlanningTransflower,
    prepared: PreparedFolder,
    sequences: Sequence[PreparedSequence],
    danced: Sequence[DancedPhrases],
    labels: PhraseLabels,
) -> None:
    """Gives a dancer all that is fitted beforehand, from the training sequences.

    Raises:
        ValueError: If the skeleton has no legs to stand on, where the dancer is to plant its feet.
    """
    moving = moving_dims(sequences, prepared)
    mean, std = (part[moving] for part in prepared.pose_scaler())
    changes = np.concatenate([np.diff(s.pose[:, moving], axis=0) / std for s in sequences])
    change_std = np.maximum(changes.std(0), SMALLEST_CHANGE_STD).astype(np.float32)
    energy = np.concatenate([s.energy[s.sounding] for s in sequences])
    dancer.moving.copy_(torch.from_numpy(moving))
    dancer.still_pose.copy_(torch.from_numpy(prepared.pose_scaler()[0]))
    dancer.pose_mean.copy_(torch.from_numpy(mean))
    dancer.pose_std.copy_(torch.from_numpy(std))
    dancer.change_std.copy_(torch.from_numpy(change_std))
    dancer.energy_mean_std.copy_(torch.tensor([float(energy.mean()), float(max(energy.std(), 1e-3))]))
    standardised = [((np.asarray(s.pose)[:, moving] - mean) / std).astype(np.float32) for s in sequences]
    sounding = [poses[s.sounding] for poses, s in zip(standardised, sequences, strict=True)]
    dancer.set_prediction(fit_prediction(sounding, change_std, dancer.config.lags))
    starts = np.stack(list(seed_poses(list(sequences), prepared.styles, dancer.config.num_seed_poses).values()))
    dancer.seed_poses.copy_(dancer.standardised(torch.from_numpy(starts)))
    dancer.usual_volatility.fill_(_usual_volatility(dancer, sounding))
    fit_planner(dancer.planner, sequences, standardised, danced, labels)
    if dancer.config.plants_feet:
        fit_footing(dancer.footing, PoseCodec.from_dict(prepared.fingerprint["pose_codec"]), sequences)


@torch.no_grad()
def _usual_volatility(dancer: PlanningTransflower, dances: Sequence[NDArray[np.float32]]) -> float:
    """Mean of the volatility that a dancer is given with real dances."""
    logs = []
    for poses in dances:
        if len(poses) > 2 * dancer.history:
            innovation = dancer.danced_innovations(torch.from_numpy(poses)[None])
            logs.append(dancer.volatility(dancer.running_power(innovation)).flatten())
    return float(torch.cat(logs).mean()) if logs else 0.0


@torch.no_grad()
def fit_planner(
    planner: PhrasePlanner,
    sequences: Sequence[PreparedSequence],
    standardised: Sequence[NDArray[np.float32]],
    danced: Sequence[DancedPhrases],
    labels: PhraseLabels,
) -> None:
    """Gives a planner the beats, style, energy and key poses of every phrase.

    A phrase that is danced more than once has the mean of its key poses; where it is only begun in all of them, it ends
    with the last whole bar that is danced.
    """
    count, num_keys = len(labels.phrases), planner.keys.shape[1]
    total, weight = np.zeros((count, num_keys, planner.keys.shape[2])), np.zeros((count, num_keys))
    energy = np.zeros((count, 2))
    planner.mirror[:count].copy_(torch.from_numpy(labels.mirrors()))
    for sequence, poses, phrases in zip(sequences, standardised, danced, strict=True):
        indices, groups = labels.indices(phrases)
        edges = np.flatnonzero(np.diff(phrases.rows[:, 0], prepend=np.nan, append=np.nan) != 0)
        for start, stop in pairwise(edges):
            index = int(indices[start])
            if index >= count or stop - start < 2:
                continue
            planner.group[index] = int(groups[start])
            planner.beats[index] = float(phrases.rows[start, 2])
            planner.style[index] = sequence.style
            energy[index] += (float(np.sum(sequence.energy[start:stop])), stop - start)
            place = phrases.rows[start:stop, 1] * KEYS_A_BEAT
            half = 0.5 * (place[-1] - place[0]) / (len(place) - 1) + 0.3
            for key in range(int(np.ceil(place[0] - half)), min(num_keys, int(place[-1] + half) + 1)):
                row = float(np.interp(key, place, np.arange(len(place))))
                low = min(int(row), len(place) - 2)
                pose = poses[start + low] * (1 - row + low) + poses[start + low + 1] * (row - low)
                share = SEAM_WEIGHT if key - place[0] < 1 or place[-1] - key < 1 else 1.0
                total[index, key] += share * pose
                weight[index, key] += share
    for index in range(count):
        known = np.flatnonzero(weight[index] > 0)
        whole = np.floor((known[-1] / KEYS_A_BEAT + 0.6) / BEATS_A_BAR) * BEATS_A_BAR
        planner.beats[index] = float(np.clip(whole, BEATS_A_BAR, float(planner.beats[index])))
        nearest = known[np.abs(known[None] - np.arange(num_keys)[:, None]).argmin(1)]
        keys = total[index, nearest] / weight[index, nearest, None]
        planner.keys[index].copy_(torch.from_numpy(keys.astype(np.float32)))
        planner.energy[index] = energy[index, 0] / energy[index, 1]


@torch.no_grad()
def fit_footing(footing: Footing, codec: PoseCodec, sequences: Sequence[PreparedSequence]) -> None:
    """Gives a footing the legs of the codec's skeleton, and the height at which its ankles stand.

    Raises:
        ValueError: If rotations are not 6D or the skeleton has no such legs.
    """
    skeleton = codec.skeleton
    missing = [name for leg in LEGS for name in leg if name not in skeleton.names]
    if codec.rotation != "6d" or missing:
        raise ValueError(f"plants_feet needs 6D rotations and the joints {LEGS}; use plants_feet: false")
    offsets = [[skeleton.offsets[skeleton.index(name)] for name in leg] for leg in LEGS]
    footing.offsets.copy_(torch.from_numpy(np.array(offsets, np.float32)))
    first = codec.columns["joints"].start
    joints = [skeleton.index(name) - 1 for leg in LEGS for name in leg[:2]]
    footing.columns.copy_(torch.tensor([first + 6 * joint + number for joint in joints for number in range(6)]))
    heights = []
    for sequence in sequences:
        vectors = torch.from_numpy(np.asarray(sequence.pose)[sequence.sounding])
        if len(vectors):
            ankles = vectors[:, 2:3] + footing.ankles(vectors)[..., 1]
            heights.append(np.percentile(ankles.amin(1).numpy(), _STANDING_PERCENTILE))
    footing.standing_m.fill_(float(np.median(heights)))
