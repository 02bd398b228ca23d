"""Splitting by choreography: what is held out was never danced in training, by nobody and at no tempo."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from data.dataset.prepared_folder import Split


def split_groups(
    style_of_group: Mapping[str, str],
    *,
    val_fraction: float,
    test_fraction: float,
    val_groups: Sequence[str] = (),
    seed: int = 0,
) -> dict[str, Split]:
    """The split of every group, held-out groups spread over as many styles as possible.

    Every style keeps a group for training, as long as `val_groups` does not take it.

    Args:
        style_of_group: each choreography's style.
        val_fraction: share of the groups to validate on; at least one when it is not 0 and there are three or more.
        test_fraction: share of the groups to test on, likewise.
        val_groups: these validate, instead of a random choice.
        seed: of the choice.

    Raises:
        ValueError: an unknown group, or shares that leave nothing.

    Example:
        >>> groups = {"house 1": "house", "house 2": "house", "pop 1": "pop", "pop 2": "pop"}
        >>> sorted(split_groups(groups, val_fraction=0.25, test_fraction=0).values())
        ['train', 'train', 'train', 'val']
    """
    if min(val_fraction, test_fraction) < 0 or val_fraction + test_fraction >= 1:
        raise ValueError(f"cannot hold out {val_fraction} and {test_fraction}: both 0 or more, less than 1 together")
    unknown = sorted(set(val_groups) - set(style_of_group))
    if unknown:
        raise ValueError(f"no group called {', '.join(unknown)}; there are {', '.join(sorted(style_of_group))}")
    rng = np.random.default_rng([seed, 2])
    splits: dict[str, Split] = dict.fromkeys(sorted(style_of_group), "train")
    splits |= dict.fromkeys(val_groups, "val")
    free: dict[str, list[str]] = defaultdict(list)
    for group in sorted(style_of_group):
        if group not in val_groups:
            free[style_of_group[group]].append(group)
    for style in sorted(free):
        rng.shuffle(free[style])
    styles = [str(style) for style in rng.permutation(sorted(free))]
    turn = 0
    held_out: list[tuple[Split, float]] = [("val", 0.0 if val_groups else val_fraction), ("test", test_fraction)]
    for split, fraction in held_out:
        wanted = round(fraction * len(splits))
        if fraction > 0 and len(splits) >= 3:
            wanted = max(1, wanted)
        while wanted > 0 and any(len(groups) > 1 for groups in free.values()):
            groups = free[styles[turn % len(styles)]]
            turn += 1
            if len(groups) > 1:
                splits[groups.pop()] = split
                wanted -= 1
    return splits
