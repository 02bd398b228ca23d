"""Which joint is which by the figure's shape alone: a guess, for rigs whose names say nothing."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from .rig_tree import children_of
from .rig_words import back_bones

Places = NDArray[np.float64]

_ALIKE: Final = 0.15
"""Two limbs are a pair where their lengths differ by less than this share."""


def guess_by_shape(names: Sequence[str], parents: Sequence[int], places: Places) -> dict[str, str]:
    """Joint to humanoid bone; nothing where no body is to be seen.

    The hips are where the first three chains part, of which two are alike, the legs; the third leads to where arms and
    neck part. Left is where it is for a figure whose toes point forwards; without toes, where +X is.

    Args:
        names: Of the joints.
        parents: Index of each joint's parent, -1 for the root; parents first.
        places: Of the joints (joints, 3), in a pose in which the limbs can be told apart, such as a T.
    """
    children = children_of(parents)
    sizes = [1] * len(parents)
    for joint in range(len(parents) - 1, 0, -1):
        if parents[joint] >= 0:
            sizes[parents[joint]] += sizes[joint]

    def chain(joint: int) -> list[int]:
        """From a joint down to where it ends or parts into fingers."""
        found = [joint]
        while len(children[joint]) == 1 or (children[joint] and len(found) < 4 and not _parts(joint)):
            joint = max(children[joint], key=lambda child: sizes[child])
            found.append(joint)
        return found

    def _parts(joint: int) -> bool:
        return len(children[joint]) > 1

    def length(some: Sequence[int]) -> float:
        return float(sum(np.linalg.norm(places[b] - places[a]) for a, b in pairwise(some)))

    def pair(joint: int, least: int) -> tuple[list[int], list[int]] | None:
        """The two chains below a joint that are most alike."""
        chains = [some for some in map(chain, children[joint]) if len(some) >= least]
        best: tuple[float, list[int], list[int]] | None = None
        for number, one in enumerate(chains):
            for other in chains[number + 1 :]:
                a, b = length([joint, *one]), length([joint, *other])
                difference = abs(a - b) / max(a, b, 1e-9)
                if len(one) == len(other) and difference < _ALIKE and (best is None or difference < best[0]):
                    best = (difference, one, other)
        return None if best is None else best[1:]

    hips = next((joint for joint in range(len(parents)) if len(children[joint]) >= 3 and pair(joint, 3)), None)
    if hips is None:
        return {}
    legs = pair(hips, 3)
    assert legs is not None
    rest = [child for child in children[hips] if child not in (legs[0][0], legs[1][0])]
    back, top = [], max(rest, key=lambda child: sizes[child])
    while True:
        back.append(top)
        if len(children[top]) >= 3 and pair(top, 3):
            break
        if not children[top]:
            return {}
        top = max(children[top], key=lambda child: sizes[child])
    arms = pair(top, 3)
    assert arms is not None
    neck = chain(next(child for child in children[top] if child not in (arms[0][0], arms[1][0])))
    up = places[top] - places[hips]
    left = _left(places, legs, up)
    found: dict[str, int] = {"Hips": hips, **back_bones(back), "Head": neck[-1]}
    if len(neck) > 1:
        found |= {"Neck": neck[0], "Head": neck[1]}
    for limbs, bones in (
        (legs, ("UpperLeg", "LowerLeg", "Foot", "Toes")),
        (arms, ("Shoulder", "UpperArm", "LowerArm", "Hand") if len(arms[0]) > 3 else ("UpperArm", "LowerArm", "Hand")),
    ):
        is_left = (places[limbs[0][1]] - places[limbs[1][1]]) @ left > 0
        for side, limb in zip(("Left", "Right") if is_left else ("Right", "Left"), limbs, strict=True):
            found |= {side + bone: joint for bone, joint in zip(bones, limb, strict=False)}
    return {names[joint]: bone for bone, joint in found.items()}


def _left(places: Places, legs: tuple[list[int], list[int]], up: Places) -> Places:
    """Where the figure's left is, by its toes."""
    across = places[legs[0][0]] - places[legs[1][0]]
    if len(legs[0]) > 3:
        forward = sum((places[leg[3]] - places[leg[2]] for leg in legs), np.zeros(3))
        left = np.cross(up, forward)
        if abs(left @ across) > 1e-9:
            return left
    return np.array([1.0, 0.0, 0.0])
