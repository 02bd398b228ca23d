"""Splits by choreography."""

import pytest

from data.dataset.split import split_groups

STYLE_OF_GROUP = {f"{style}_{number}": style for style in ("BR", "HO", "PO", "WA") for number in range(10)}


def test_held_out_groups_are_spread_over_the_styles() -> None:
    splits = split_groups(STYLE_OF_GROUP, val_fraction=0.1, test_fraction=0.1, seed=4)
    assert set(splits) == set(STYLE_OF_GROUP)
    for split in ("val", "test"):
        groups = [group for group, its_split in splits.items() if its_split == split]
        assert sorted(STYLE_OF_GROUP[group] for group in groups) == ["BR", "HO", "PO", "WA"]


def test_a_style_with_one_choreography_stays_in_training() -> None:
    style_of_group = {**STYLE_OF_GROUP, "KR_0": "KR"}
    for seed in range(10):
        splits = split_groups(style_of_group, val_fraction=0.3, test_fraction=0.2, seed=seed)
        trained = {style_of_group[group] for group, split in splits.items() if split == "train"}
        assert trained == {"BR", "HO", "PO", "WA", "KR"}


def test_the_seed_decides() -> None:
    first, again, other = (split_groups(STYLE_OF_GROUP, val_fraction=0.1, test_fraction=0, seed=s) for s in (1, 1, 2))
    assert first == again
    assert first != other


def test_groups_can_be_named() -> None:
    splits = split_groups(STYLE_OF_GROUP, val_fraction=0.5, test_fraction=0, val_groups=["HO_3"])
    assert [group for group, split in splits.items() if split == "val"] == ["HO_3"]
    with pytest.raises(ValueError, match="no group called HO_33"):
        split_groups(STYLE_OF_GROUP, val_fraction=0.1, test_fraction=0, val_groups=["HO_33"])


def test_small_collections_still_hold_something_out() -> None:
    style_of_group = {"a": "X", "b": "X", "c": "X"}
    assert sorted(split_groups(style_of_group, val_fraction=0.1, test_fraction=0.05).values()) == [
        "test",
        "train",
        "val",
    ]


def test_impossible_shares_are_refused() -> None:
    with pytest.raises(ValueError, match="cannot hold out"):
        split_groups(STYLE_OF_GROUP, val_fraction=0.7, test_fraction=0.4)
