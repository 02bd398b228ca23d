"""The stage: backdrop, floor, the way that was gone, shadow and body, as the camera sees them in one frame."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from data.motion.motion import Motion
from data.motion.skeleton import STATURE_M
from data.picture.body import BodyShapes
from data.picture.camera import ELEVATION_RAD, Camera
from data.picture.canvas import Box, Canvas, Colour, colour, mixed
from data.picture.options import TRAILS, Trail

LEFT, RIGHT, MIDDLE = colour("#ff6f61"), colour("#3fb8e8"), colour("#d9d4c7")
CHEST, BACK, HEAD, VISOR = colour("#f2ede0"), colour("#6d6a72"), colour("#e6e1d3"), colour("#22252e")
OUTLINE, SHADOW = colour("#14161d"), colour("#06070a", 0.55)
BACKDROP, HAZE, FLOOR = colour("#14161d"), colour("#1d212c"), colour("#2b303e")
LINE, TRAIL = colour("#7f8bab"), colour("#f5c04f")

_GRID_M: Final = 0.5
_LIT_M: Final = 3.4
"""Radius of the floor that is lit, around the dancer, for a stature of 1.6 m."""
_FADES: Final = 10
_HIPS_TRAIL_S, _HANDS_TRAIL_S = 5.0, 0.9
_DIRECTIONS: Final = np.linspace(0.0, 2.0 * np.pi, 40, endpoint=False)
_COMPASS: Final = np.stack([np.cos(_DIRECTIONS), np.sin(_DIRECTIONS)], axis=-1)  # (directions, 2)


class DrawableDance:
    """A dance, ready to be drawn frame by frame.

    Args:
        motion: The dance, at the film's rate, on humanoid bones if it can be.
        shapes: Its body.
        camera: Who looks at it.
        floor: Height of the floor, metres.
        trail: What leaves a trail: the hips on the floor, the hands in the air, or nothing.
    """

    def __init__(self, motion: Motion, shapes: BodyShapes, camera: Camera, floor: float, trail: Trail = "hips") -> None:
        if trail not in TRAILS:
            raise ValueError(f"a trail is one of {', '.join(TRAILS)}, not {trail!r}")
        self.camera = camera
        self._rate_hz = motion.rate_hz
        self._shapes = shapes
        self._floor = floor
        self._size = motion.skeleton.stature_m / STATURE_M
        self._trail = trail
        names = motion.skeleton.names
        self._joints = motion.global_positions().astype(np.float64)
        self._hands = [
            (names.index(name), paint)
            for name, paint in (("LeftHand", LEFT), ("RightHand", RIGHT))
            if name in names and trail == "hands"
        ]
        # half a metre, unless the unit of the file makes a person as large as a hand or a house
        self._grid_m = _GRID_M if 0.6 < self._size < 1.9 else _GRID_M * self._size

    def draw(self, canvas: Canvas, frame: int) -> None:
        """Draws a frame into the camera's part of the canvas, over `backdrop`."""
        canvas.clip(self.camera.box)
        self._draw_floor(canvas, frame)
        if self._trail == "hips":
            self._draw_hips_trail(canvas, frame)
        self._draw_shadow(canvas, frame)
        for hand, paint in self._hands:
            self._draw_ribbon(canvas, frame, self._joints[:, hand], paint, _HANDS_TRAIL_S, 4.0)
        self._draw_body(canvas, frame)
        canvas.clip(None)

    def _draw_floor(self, canvas: Canvas, frame: int) -> None:
        """A grid of lines that fade with their distance from the dancer; every second one, a metre, is brighter."""
        centre = self.camera.targets[frame]
        reach, step = _LIT_M * self._size, self._grid_m
        cell = 0.75 * step  # lines are drawn in pieces, so that they fade along their way
        segments, strengths = [], []
        for across in (0, 2):
            along = 2 - across
            rows = np.arange(np.ceil((centre[across] - reach) / step), np.floor((centre[across] + reach) / step) + 1)
            pieces = np.arange(np.floor((centre[along] - reach) / cell), np.ceil((centre[along] + reach) / cell) + 1)
            ends = np.empty((len(rows), len(pieces), 3))
            ends[..., across] = rows[:, None] * step
            ends[..., along] = pieces[None] * cell
            ends[..., 1] = self._floor
            places, _ = self.camera.project(ends, frame)
            segments.append(np.stack([places[:, :-1], places[:, 1:]], axis=2).reshape(-1, 2, 2))
            middles = 0.5 * (ends[:, :-1] + ends[:, 1:])
            away = np.hypot(middles[..., 0] - centre[0], middles[..., 2] - centre[2]) / reach
            light = np.clip(1.0 - away, 0.0, 1.0) ** 1.2
            strengths.append((light * np.where(rows % 2 == 0, 1.0, 0.45)[:, None]).reshape(-1))
        lines, strength = np.concatenate(segments), np.concatenate(strengths)
        level = np.ceil(strength * _FADES).astype(int)  # 0 is not seen
        width = max(0.8, 1.4 * self.camera.box[3] / 720)
        for fade in range(1, _FADES + 1):
            canvas.lines(lines[level == fade], (*LINE[:3], 0.62 * (fade - 0.5) / _FADES), width)

    def _draw_hips_trail(self, canvas: Canvas, frame: int) -> None:
        path = self._joints[:, 0].copy()
        path[:, 1] = self._floor
        self._draw_ribbon(canvas, frame, path, TRAIL, _HIPS_TRAIL_S, 5.0)

    def _draw_ribbon(
        self, canvas: Canvas, frame: int, path: NDArray[np.float64], paint: Colour, seconds: float, width: float
    ) -> None:
        """The last `seconds` of a path (frames, 3), the older the thinner and paler."""
        first = max(0, frame - round(seconds * self._rate_hz))
        if frame - first < 2:
            return
        places, _ = self.camera.project(path[first : frame + 1], frame)
        age = (frame - np.arange(first, frame + 1)) / (seconds * self._rate_hz)
        pixel = self.camera.box[3] / 720
        edges = np.unique(np.linspace(0, len(places) - 1, min(len(places), 14)).astype(int))
        for start, stop in pairwise(edges.tolist()):
            fresh = 1.0 - float(age[start : stop + 1].mean())
            thick = max(0.8, width * (0.3 + 0.7 * fresh)) * pixel
            canvas.polyline(places[start : stop + 1], (*paint[:3], 0.75 * fresh**1.3), thick, round_ends=False)

    def _draw_shadow(self, canvas: Canvas, frame: int) -> None:
        """What a light from straight above would throw: it ties the feet to the floor, and tells jumps from steps."""
        balls = self._shapes.centres[frame].copy()
        balls[..., 1] = self._floor
        places, scale = self.camera.project(balls, frame)
        # a ball's shadow is a circle on the floor, seen at the camera's elevation
        canvas.polygons(hulls(places, scale * self._shapes.radii, float(np.sin(ELEVATION_RAD))), SHADOW)

    def _draw_body(self, canvas: Canvas, frame: int) -> None:
        shapes, camera = self._shapes, self.camera
        balls = shapes.centres[frame]
        places, scale = camera.project(balls, frame)
        outlines = hulls(places, scale * shapes.radii)
        nearness = (balls - camera.targets[frame]) @ camera.axes[2]
        nearness = nearness.mean(axis=-1)
        width = max(1.0, 2.4 * camera.box[3] / 720)
        lift = nearness - np.median(nearness)
        for part in np.argsort(nearness, kind="stable"):
            paint = self._paint(shapes.kinds[part], frame)
            # what is nearer is brighter
            shade = float(np.clip(0.86 + 0.55 * lift[part] / self._size, 0.66, 1.0))
            canvas.polygon(outlines[part], mixed(BACKDROP, paint, shade), OUTLINE, width)
            if shapes.kinds[part] == "head":
                self._draw_visor(canvas, frame)

    def _paint(self, kind: str, frame: int) -> Colour:
        match kind:
            case "left":
                return LEFT
            case "right":
                return RIGHT
            case "head":
                return HEAD
            case "trunk":
                facing = float(self._shapes.faces[frame] @ self.camera.axes[2])
                return mixed(BACK, CHEST, 0.5 + 0.5 * np.tanh(6.0 * facing))
            case _:
                return MIDDLE

    def _draw_visor(self, canvas: Canvas, frame: int) -> None:
        """The part of the face that the camera sees; nothing of it from behind."""
        visor = self._shapes.visor[frame]
        if not len(visor):
            return
        camera = self.camera
        eye = camera.targets[frame] + camera.distances[frame] * camera.axes[2]
        out = visor - self._shapes.head[frame]
        seen = np.einsum("ij,ij->i", out, eye - visor) > 0.1 * np.linalg.norm(out, axis=1) * camera.distances[frame]
        if np.count_nonzero(seen) >= 2:
            places, scale = camera.project(visor[seen], frame)
            canvas.polyline(places, VISOR, float(scale.mean()) * 0.038 * self._size)


def hulls(places: NDArray[np.float64], radii: NDArray[np.float64], flattened: float = 1.0) -> NDArray[np.float64]:
    """Outlines (parts, 40, 2), anticlockwise, of the hulls of discs.

    The hull's point in each direction is that of the disc which reaches furthest there.

    Args:
        places: Centres (parts, balls, 2).
        radii: (parts, balls).
        flattened: Discs are so much lower than wide.
    """
    upright = places / np.array([1.0, flattened])
    reach = np.einsum("pbk,dk->pdb", upright, _COMPASS) + radii[:, None]
    furthest = reach.argmax(axis=-1)  # (parts, directions)
    rows = np.arange(len(places))[:, None]
    points = upright[rows, furthest] + radii[rows, furthest][..., None] * _COMPASS
    return np.asarray(points * np.array([1.0, flattened]))


def backdrop(canvas: Canvas, boxes: Sequence[Box], *, smooth: bool = True) -> None:
    """Paints the canvas dark, and into every box a floor that is lit in its middle and air above it.

    Args:
        canvas: All of it is painted.
        boxes: Where dancers will stand.
        smooth: With a grain of less than a colour's step, without which slow gradients show bands; files that store a
            few colours grow by it.
    """
    canvas.pixels[...] = np.round(255 * np.array(BACKDROP)).astype(np.uint8)
    for left, bottom, width, height in boxes:
        x = (np.arange(round(width)) + 0.5 - width / 2)[None] / height
        y = (np.arange(round(height)) + 0.5)[:, None] / height
        glow = np.exp(-((x / 0.75) ** 2) - ((y - 0.2) / 0.3) ** 2)
        air = 0.6 * np.exp(-((x / 0.8) ** 2) - ((y - 0.62) / 0.5) ** 2)
        light = np.array(BACKDROP) + air[..., None] * (np.array(HAZE) - BACKDROP)
        light = light + glow[..., None] * (np.array(FLOOR) - light)
        grain = np.random.default_rng(0).uniform(-0.5, 0.5, light.shape[:2])[..., None] if smooth else 0.0
        picture = np.clip(np.round(255 * light + grain), 0, 255).astype(np.uint8)
        top = canvas.height - round(bottom) - picture.shape[0]
        canvas.pixels[top : top + picture.shape[0], round(left) : round(left) + picture.shape[1]] = picture[::-1]
