"""The same motion twice: windows of poses that are alike, wherever they stand in their clips."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from data.inspection.finding import Finding
from data.inspection.thresholds import Thresholds
from data.motion import rotations
from data.motion.motion import Motion, resample

TRACK_HZ: Final = 30.0
SAME_M: Final = 0.01
"""Root mean square of the joints' distances below which two windows are the same motion."""
MOVING_M: Final = 0.03
"""Windows whose joints stay nearer to their mean than this are no motion to tell apart: everybody stands alike."""
WINDOW_S: Final = 2.0
_SAMPLES: Final = 10
_REACH: Final = round(WINDOW_S * TRACK_HZ)
_COMPONENTS: Final = 12
_ANCHOR_FRAMES: Final = 15


@dataclass(frozen=True, eq=False)
class PoseTrack:
    """Poses without their place in the world.

    Attributes:
        points: Joints relative to the hips in the hips' heading, at `TRACK_HZ`, (frames, 3 * joints) float32.
        joints: Their names; only like figures are compared.
    """

    points: NDArray[np.float32]
    joints: tuple[str, ...]


def pose_track(motion: Motion) -> PoseTrack:
    """The track of a motion, also of one at another rate."""
    motion = resample(motion, TRACK_HZ)
    positions = motion.global_positions().astype(np.float64)
    hips = rotations.normalise(motion.rotations[:, 0].astype(np.float64))
    heading = rotations.normalise(hips * np.array([0.0, 1.0, 0.0, 1.0]))  # the turn about the vertical alone
    relative = rotations.rotate(rotations.inverse(heading)[:, None], positions - positions[:, :1])
    return PoseTrack(relative.reshape(len(motion), -1).astype(np.float32), motion.skeleton.names)


def duplicates(
    tracks: Mapping[str, PoseTrack], thresholds: Thresholds, splits: Mapping[str, str] | None = None
) -> list[Finding]:
    """Pairs of clips that share motion.

    Args:
        tracks: By clip.
        thresholds: Limits.
        splits: Of each clip; then only pairs across splits are reported, for within one a motion may come again.
    """
    findings = []
    by_joints: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for clip, track in tracks.items():
        if len(track.points) >= _REACH:
            by_joints[track.joints].append(clip)
    for clips in by_joints.values():
        for (first, second), (frames, first_frame, second_frame) in _pairs(tracks, clips, splits).items():
            seconds = frames / TRACK_HZ
            if seconds < thresholds.duplicate_s:
                continue
            where = "" if splits is None else f"; they stand in {splits[first]} and {splits[second]}"
            shift_s = (second_frame - first_frame) / TRACK_HZ
            moved = (
                ""
                if abs(shift_s) < 0.5 / TRACK_HZ
                else f", {abs(shift_s):.2f} s {'later' if shift_s > 0 else 'earlier'} there"
            )
            findings.append(
                Finding.beyond(
                    "duplicate",
                    first,
                    f"the same motion as in {second} for {seconds:.1f} s{moved}{where}",
                    seconds,
                    "s",
                    thresholds.duplicate_s,
                    start_s=first_frame / TRACK_HZ,
                    end_s=first_frame / TRACK_HZ + seconds,
                    other=second,
                    other_start_s=second_frame / TRACK_HZ,
                )
            )
    return findings


def _pairs(
    tracks: Mapping[str, PoseTrack], clips: Sequence[str], splits: Mapping[str, str] | None
) -> dict[tuple[str, str], tuple[int, int, int]]:
    """Of every pair of clips how many frames they share at one shift in time, and where that begins in both.

    Windows are found by their first principal components, in which none is nearer than the whole windows are, so that
    no pair is missed; and then compared whole.
    """
    if len(clips) < 2:
        return {}
    basis, mean = _components([_windows(tracks[clip].points)[::7] for clip in clips])
    owners, starts, coded = [], [], []
    for number, clip in enumerate(clips):
        windows = _windows(tracks[clip].points)
        moves = windows.reshape(len(windows), _SAMPLES, -1).std(axis=1)
        moving = np.flatnonzero(np.sqrt(3 * np.mean(moves**2, axis=1)) > MOVING_M)
        owners.append(np.full(len(moving), number))
        starts.append(moving)
        coded.append((windows[moving] - mean) @ basis.T)
    owner, start, codes = np.concatenate(owners), np.concatenate(starts), np.concatenate(coded)
    if not len(codes):
        return {}
    tree = cKDTree(codes)
    points = tracks[clips[0]].points.shape[1] // 3
    radius = SAME_M * np.sqrt(_SAMPLES * points)
    anchors = np.flatnonzero(start % _ANCHOR_FRAMES == 0)
    shared: dict[tuple[int, int, int], set[int]] = defaultdict(set)
    for anchor, near in zip(anchors.tolist(), tree.query_ball_point(codes[anchors], radius), strict=True):
        for other in near:
            first, second = int(owner[anchor]), int(owner[other])
            if first >= second or (splits is not None and splits[clips[first]] == splits[clips[second]]):
                continue
            at, there = int(start[anchor]), int(start[other])
            difference = _window(tracks[clips[first]].points, at) - _window(tracks[clips[second]].points, there)
            if np.sqrt(np.sum(difference.astype(np.float64) ** 2) / (_SAMPLES * points)) < SAME_M:
                shared[first, second, there - at].add(at)
    best: dict[tuple[str, str], tuple[int, int, int]] = {}
    for (first, second, shift), places in shared.items():
        covered = np.zeros(max(places) + _REACH, bool)
        for place in places:
            covered[place : place + _REACH] = True
        pair, begin = (clips[first], clips[second]), min(places)
        if pair not in best or covered.sum() > best[pair][0]:
            best[pair] = int(covered.sum()), begin, begin + shift
    return best


def _windows(points: NDArray[np.float32]) -> NDArray[np.float32]:
    """Every window of a track, (windows, samples * 3 * joints)."""
    rows = np.arange(len(points) - _REACH + 1)[:, None] + _OFFSETS
    return points[rows].reshape(len(rows), -1)


def _window(points: NDArray[np.float32], start: int) -> NDArray[np.float32]:
    return points[start + _OFFSETS].reshape(-1)


_OFFSETS: Final = np.round(np.linspace(0, _REACH - 1, _SAMPLES)).astype(int)


def _components(samples: list[NDArray[np.float32]]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Orthonormal rows along which windows differ most, and their mean."""
    some = np.concatenate(samples)
    some = some[:: max(1, len(some) // 4000)]
    mean = some.mean(axis=0)
    _, _, rows = np.linalg.svd(some - mean, full_matrices=False)
    return rows[:_COMPONENTS].astype(np.float32), mean
