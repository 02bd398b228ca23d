"""The page's address as a QR code: a telephone's or headset's camera types no token."""

import io
from typing import Final

import segno

_QUIET_ZONE: Final = 2
"""Light modules around the code in a terminal. The standard asks for four; readers want less, and rows are dear."""


def qr_svg(text: str) -> bytes:
    """The code as an SVG picture of whatever size it is given, dark on light, with its whole quiet zone."""
    picture = io.BytesIO()
    _code(text).save(picture, kind="svg", border=4, dark="#000", light="#fff", omitsize=True, xmldecl=False, nl=False)
    return picture.getvalue()


def qr_lines(text: str) -> list[str]:
    """The code for a terminal whose letters are dark on a light ground: two modules one above the other a letter.

    Example:
        >>> lines = qr_lines("https://192.168.1.20:39542/")
        >>> len(lines), {len(line) for line in lines}
        (17, {33})
    """
    rows = [list(row) for row in _code(text).matrix_iter(border=_QUIET_ZONE)]
    rows += [[0] * len(rows[0])] * (len(rows) % 2)
    letters = {(0, 0): " ", (1, 0): "▀", (0, 1): "▄", (1, 1): "█"}
    return [
        "".join(letters[int(bool(upper)), int(bool(lower))] for upper, lower in zip(*rows[at : at + 2], strict=True))
        for at in range(0, len(rows), 2)
    ]


def _code(text: str) -> segno.QRCode:
    return segno.make_qr(text, error="m")
