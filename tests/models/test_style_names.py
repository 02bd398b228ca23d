"""Styles by letters and by names: one table, one way to find them."""

import pytest

from models.step.style_names import STYLE_NAMES, find_seed_pose, find_style, listed, seed_pose_title

STYLES = tuple(STYLE_NAMES)


@pytest.mark.parametrize("style", STYLES)
def test_every_style_is_found_by_its_letters_and_its_name_in_any_case(style: str):
    name = STYLE_NAMES[style]
    for text in (style, style.lower(), name, name.upper(), name.replace(" ", "-"), name.replace("-", "_"), f" {name} "):
        assert find_style(text, STYLES) == style
        assert find_seed_pose(f"{text}-2", ("standing", f"{style}-1", f"{style}-2")) == f"{style}-2"


def test_names_are_unambiguous():
    titles = {text.casefold() for pair in STYLE_NAMES.items() for text in pair}
    assert len(titles) == 2 * len(STYLE_NAMES)


def test_a_dancers_own_styles_keep_their_names():
    assert find_style("Salsa", ("salsa", "HO")) == "salsa"
    assert listed(("salsa", "HO")) == "salsa, House (HO)"
    assert seed_pose_title("salsa-1") == "salsa-1"


@pytest.mark.parametrize("text", ["", " ", "polka", "H", "Hous", "-", "HOHO"])
def test_what_is_no_style_is_refused_with_those_that_there_are(text: str):
    with pytest.raises(ValueError, match=r"no style .*; this dancer knows House \(HO\)"):
        find_style(text, ("HO",))
