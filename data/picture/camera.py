"""A camera in front of the dancer that follows smoothly and never loses a hand."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import convolve1d, gaussian_filter1d, maximum_filter1d

from data.motion import rotations
from data.motion.motion import Motion
from data.picture.canvas import Box

AZIMUTH_RAD: Final = np.radians(20.0)
"""The camera stands this far to the figure's left of straight ahead: arms and legs seldom hide each other."""
ELEVATION_RAD: Final = np.radians(12.0)
_FOCAL_HEIGHTS: Final = 1.9
"""Focal length in heights of the picture: an angle of view of 29 degrees."""
_FIGURE_SHARE: Final = 0.66
"""Part of the picture's height that an upright figure fills, unless its dance needs more room."""
_MARGIN: Final = 0.05
_AIM: Final = 0.53
"""Height that is looked at, in statures; the lower part of the picture holds the floor in front."""
_FOLLOW_S: Final = 0.8
_ZOOM_S: Final = 1.5


@dataclass(frozen=True, eq=False)
class Camera:
    """Where the camera looks in every frame of a film.

    Attributes:
        box: Part of the canvas that it fills.
        targets: Point that is shown at `centre`, (frames, 3), world, metres.
        distances: From the camera to that point, (frames,), metres.
        axes: Rows: rightwards, upwards, towards the camera; (3, 3), orthonormal.
        focal_px: Focal length in pixels.
        centre: Where in the canvas the targets are, pixels.
    """

    box: Box
    targets: NDArray[np.float64]
    distances: NDArray[np.float64]
    axes: NDArray[np.float64]
    focal_px: float
    centre: tuple[float, float]

    def project(self, points: NDArray[np.float64], frame: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Places in the canvas (..., 2) of points (..., 3), and pixels a metre there, (...,); larger is nearer.

        Points behind the camera have no place; they are given one far outside.
        """
        seen = (points - self.targets[frame]) @ self.axes.T
        away = self.distances[frame] - seen[..., 2]
        scale = self.focal_px / np.maximum(away, 0.05 * self.distances[frame])
        return seen[..., :2] * scale[..., None] + np.array(self.centre), scale


def view_axes(facing_rad: float, elevation_rad: float = ELEVATION_RAD) -> NDArray[np.float64]:
    """Axes of a camera (3, 3) that looks at a figure facing `facing_rad` (0 is +Z, a quarter turn left is +X)."""
    azimuth = facing_rad + AZIMUTH_RAD
    sine, cosine = np.sin(azimuth), np.cos(azimuth)
    towards = np.array([sine * np.cos(elevation_rad), np.sin(elevation_rad), cosine * np.cos(elevation_rad)])
    right = np.array([cosine, 0.0, -sine])
    return np.stack([right, np.cross(towards, right), towards])


def mean_facing_rad(motion: Motion) -> float:
    """Where the hips point on average, as an angle about +Y from +Z; 0 for a figure that turns all the time."""
    ahead = rotations.rotate(motion.rotations[:, 0].astype(np.float64), np.array([0.0, 0.0, 1.0]))
    mean = ahead[:, [0, 2]].mean(axis=0)
    return float(np.arctan2(mean[0], mean[1])) if np.linalg.norm(mean) > 0.2 else 0.0


def front_rad(motion: Motion, front_deg: float | None) -> float:
    """The direction of the front, radians: the one given, or where the dance faces on average."""
    return mean_facing_rad(motion) if front_deg is None else float(np.radians(front_deg))


def follow(
    hips: NDArray[np.float64],
    points: NDArray[np.float64],
    *,
    box: Box,
    stature: float,
    floor: float,
    axes: NDArray[np.float64],
    rate_hz: float,
    smoothly: bool = True,
) -> Camera:
    """The camera for a dance.

    It follows the hips' path over the floor, smoothed over about a second both ways, and steps back in good time where
    the body would otherwise leave the picture.

    Args:
        hips: (frames, 3).
        points: All that must be seen in each frame, (frames, points, 3).
        box: Part of the canvas to fill.
        stature: Of the figure, metres.
        floor: Height of the floor.
        axes: From `view_axes`.
        rate_hz: Frames a second.
        smoothly: Otherwise the hips stand in the middle of every frame, all frames are seen from one distance.
    """
    left, bottom, width, height = box
    focal = _FOCAL_HEIGHTS * height
    targets = hips.copy()
    if smoothly:
        targets = gaussian_filter1d(targets, _FOLLOW_S * rate_hz, axis=0, mode="nearest")
    targets[:, 1] = floor + _AIM * stature
    seen = (points - targets[:, None]) @ axes.T  # (frames, points, 3)
    reach_x = (0.5 - _MARGIN) * width
    reach_y = (0.5 - _MARGIN) * height
    # A point at (x, y, z) is shown at focal * x / (distance - z), so this distance brings it to the edge.
    needed = seen[..., 2] + focal * np.maximum(np.abs(seen[..., 0]) / reach_x, np.abs(seen[..., 1]) / reach_y)
    # people are as wide as they are tall when they spread their arms
    usual = focal * stature / min(_FIGURE_SHARE * height, 0.86 * width)
    distances = np.maximum(needed.max(axis=1), usual)
    if smoothly:
        # The largest within some time around, then a mean over that time: never less than what is needed.
        reach = max(1, round(_ZOOM_S * rate_hz))
        distances = maximum_filter1d(distances, 2 * reach + 1, mode="nearest")
        window = np.hanning(2 * reach + 3)[1:-1]
        distances = convolve1d(distances, window / window.sum(), mode="nearest")
    else:
        distances = np.full(len(hips), distances.max())
    return Camera(box, targets, distances, axes, focal, (left + width / 2, bottom + height / 2))
