"""A figure in braille dots, for whoever shows a pose in a terminal: the dashboard and the monitor."""

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bridge.terminal.braille import BrailleCanvas
from data.motion.motion import Pose
from data.motion.rotations import rotate
from data.motion.skeleton import Skeleton

_METRES_HIGH: Final = 2.15


def stick_figure(skeleton: Skeleton, pose: Pose, num_columns: int, num_rows: int) -> list[str]:
    """The figure from the front, without perspective, in braille dots; the camera follows, the floor has marks.

    The viewer faces the dancer, so the dancer's left (+X) is on the right. Marks on the floor are half a metre apart.
    Limbs that reach far beyond the picture are drawn to a point nearer by: the time it takes has a limit.
    """
    canvas = BrailleCanvas(num_columns, num_rows)
    dots_a_metre = (canvas.height - 4) / _METRES_HIGH
    floor = canvas.height - 3
    positions, rotations = skeleton.forward_kinematics(pose.root_position, pose.rotations)
    camera = float(positions[0, 0])
    far = 4 * max(canvas.width, canvas.height)

    def project(point: NDArray[np.floating]) -> tuple[float, float]:
        across = canvas.width / 2 + (float(point[0]) - camera) * dots_a_metre
        down = floor - float(point[1]) * dots_a_metre
        return min(max(across, -far), far), min(max(down, -far), far)

    for joint, parent in enumerate(skeleton.parents):
        if parent >= 0:
            canvas.line(project(positions[parent]), project(positions[joint]))
    for joint, tip in skeleton.end_sites:
        start = project(positions[joint])
        end = project(positions[joint] + rotate(rotations[joint], np.array(tip, np.float32)))
        if skeleton.names[joint].lower().endswith("head"):
            canvas.circle(((start[0] + end[0]) / 2, (start[1] + end[1]) / 2), 0.1 * dots_a_metre)
        else:
            canvas.line(start, end)
    canvas.line((0, floor + 1), (canvas.width, floor + 1))
    reach = canvas.width / 2 / dots_a_metre
    for mark in range(math.ceil((camera - reach) * 2), math.floor((camera + reach) * 2) + 1):
        x = canvas.width / 2 + (mark / 2 - camera) * dots_a_metre
        canvas.line((x, floor + 1), (x, floor + 2))
    return canvas.rows()
