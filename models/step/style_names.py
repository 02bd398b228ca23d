"""Names of styles for people: files, wires and checkpoints hold the two letters of AIST++, people read names."""

import string
from collections.abc import Sequence
from typing import Final

STYLE_NAMES: Final = {
    "BR": "Break",
    "HO": "House",
    "JB": "Ballet Jazz",
    "JS": "Street Jazz",
    "KR": "Krump",
    "LH": "LA-style Hip-hop",
    "LO": "Lock",
    "MH": "Middle Hip-hop",
    "PO": "Pop",
    "WA": "Waack",
}
"""Genres of the AIST Dance Video Database (Tsuchida et al., ISMIR 2019) by their letters in its file names."""


_WRITTEN: Final = frozenset(string.ascii_letters + string.digits + " -_")
"""Of what names are typed; anything else is another word, or no word at all."""


def style_title(style: str) -> str:
    """A style as people read it; of a dancer with styles of its own, its name.

    Example:
        >>> style_title("HO"), style_title("salsa")
        ('House', 'salsa')
    """
    return STYLE_NAMES.get(style, style)


def seed_pose_title(seed_pose: str) -> str:
    """A seed pose as people read it.

    Example:
        >>> seed_pose_title("HO-1"), seed_pose_title("standing")
        ('House 1', 'standing')
    """
    style, dash, number = seed_pose.rpartition("-")
    return f"{STYLE_NAMES[style]} {number}" if dash and style in STYLE_NAMES else seed_pose


def listed(names: Sequence[str]) -> str:
    """Styles or seed poses with what can be typed for them, in one line.

    Example:
        >>> listed(["BR", "HO"]), listed(["standing", "HO-1"]), listed([])
        ('Break (BR), House (HO)', 'standing, House 1 (HO-1)', 'none')
    """
    titles = ((seed_pose_title(style_title(name)), name) for name in names)
    return ", ".join(name if title == name else f"{title} ({name})" for title, name in titles) or "none"


def find_style(text: str, styles: Sequence[str]) -> str:
    """The style that is meant by its letters or its name, whatever the case, spaces and hyphens.

    Raises:
        ValueError: The dancer does not know it; the message says what it knows.

    Example:
        >>> [find_style(text, list(STYLE_NAMES)) for text in ("HO", "house", "ballet-jazz", "la style hip hop")]
        ['HO', 'HO', 'JB', 'LH']
    """
    found = _find(text, styles)
    if found is None:
        raise ValueError(f"no style {text!r}; this dancer knows {listed(styles)}")
    return found


def find_seed_pose(text: str, seed_poses: Sequence[str]) -> str:
    """The seed pose that is meant, likewise: ``HO-1``, ``House 1``.

    Raises:
        ValueError: The dancer does not have it; the message says what it has.

    Example:
        >>> find_seed_pose("house 2", ["standing", "HO-1", "HO-2"])
        'HO-2'
    """
    found = _find(text, seed_poses)
    if found is None:
        raise ValueError(f"no seed pose {text!r}; this dancer has {listed(seed_poses)}")
    return found


def _find(text: str, names: Sequence[str]) -> str | None:
    if text in names:
        return text
    if not set(text) <= _WRITTEN:
        return None
    wanted = _plain(text)
    for name in names:
        if wanted and wanted in (_plain(name), _plain(seed_pose_title(style_title(name)))):
            return name
    return None


def _plain(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())
