"""Trees of joints, given as the index of each joint's parent, -1 for none."""

from collections.abc import Sequence


def descends(parents: Sequence[int], joint: int, ancestor: int) -> bool:
    """Whether a joint is another one or hangs below it.

    Example:
        >>> descends([-1, 0, 1], 2, 0), descends([-1, 0, 0], 2, 1)
        (True, False)
    """
    while joint >= 0 and joint != ancestor:
        joint = parents[joint]
    return joint == ancestor


def common_ancestor(parents: Sequence[int], joints: Sequence[int]) -> int | None:
    """The lowest joint on which all of some joints hang, none of them itself; None where there is none."""
    if not joints:
        return None
    ancestor = parents[joints[0]]
    while ancestor >= 0:
        if all(joint != ancestor and descends(parents, joint, ancestor) for joint in joints):
            return ancestor
        ancestor = parents[ancestor]
    return None


def children_of(parents: Sequence[int]) -> list[list[int]]:
    """Indices of the joints that hang on each joint itself."""
    children: list[list[int]] = [[] for _ in parents]
    for joint, parent in enumerate(parents):
        if parent >= 0:
            children[parent].append(joint)
    return children
