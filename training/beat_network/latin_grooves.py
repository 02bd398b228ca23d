"""Grooves of Brazil, the Caribbean, Africa and New Orleans."""

from typing import Final

from training.beat_network.band_grooves import MACHINE_MS, Groove

_LATIN: Final = {
    "clave": ("x..x..x...x.x...", "x.x...x..x..x...", "x..x...x..x.x...", "................", "................"),
    "shaker": ("x.xxx.xxx.xxx.xx", "xoxoxoxoxoxoxoxo", "................", "................"),
    "cowbell": ("x...x...x...x...", "x.x.xx.xx.x.xx.x", "................", "................", "................"),
    "high conga": ("..x...xx..x...xx", "..xo..xx..xo.xxx", "................", "................"),
}

LATIN_GROOVES: Final[dict[str, Groove]] = {
    "samba": Groove(
        (88, 135),
        {
            "kick": ("x..xx..xx..xx..x", "x..xx..xx..xx..x", "x......xx......x"),
            "surdo": ("....X.......X...", "................", "x...X...x...X..."),
            "snare": ("x.x.xx.x.x.x.xx.", "X..X..X.X.X..X.X", "xx.xxx.xxx.xxx.x", "................"),
            "rim": ("x.x..x.xx.x..x.x", "................", ".x.x.xx.x.x.x.xx"),
            "shaker": ("xoxXxoxXxoxXxoxX", "xxxxxxxxxxxxxxxx"),
            "closed hat": ("................", "xxxxxxxxxxxxxxxx", "..x...x...x...x."),
            "high agogo": ("................", "x..x....x.x....."),
            "low agogo": ("................", "......xx.....x.x"),
            "tambourine": ("................", "x..xx..xx..xx..x"),
        },
        swing=(0.46, 0.56),
        swings_16=True,
        band="latin",
        weight=2.0,
    ),
    "bossa": Groove(
        (64, 160),
        {
            "kick": ("x..xx..xx..xx..x",),
            "rim": ("x..x..x...x..x..", "..x..x..x..x...x", "x..x...x..x..x.."),
            "closed hat": ("xxxxxxxxxxxxxxxx", "x.x.x.x.x.x.x.x."),
            "shaker": ("................", "xoxoxoxoxoxoxoxo"),
        },
        band="latin",
    ),
    "baiao": Groove(
        (80, 125),
        {
            "kick": ("x..x....x..x....", "x..x..x.x..x..x."),
            "snare": ("...x..x....x..x.", "....x.......x...", "..x.x.xx..x.x.xx"),
            "triangle": ("x.Xxx.Xxx.Xxx.Xx", "................"),
            "closed hat": ("xxXxxxXxxxXxxxXx", "x.x.x.x.x.x.x.x."),
            "high agogo": ("................", "x..x..x.x..x..x."),
        },
        band="latin",
        weight=1.5,
    ),
    "maracatu": Groove(
        (78, 120),
        {
            "surdo": ("x.....x.x.......", "x..x....x..x....", "X.......x..x..x."),
            "kick": ("x.......x.......", "x..x..x.x..x..x.", "................"),
            "snare": ("xxXxxxXxxxXxxxXx", "x.xXx.xXx.xXx.xX", "X..X..X.X..X..X."),
            "high agogo": ("x...x..x..x.x..x", "x.x..x.x..x.x...", "................"),
            "low agogo": ("..x..x..x..x..x.", "................"),
            "shaker": ("xoxoxoxoxoxoxoxo", "................"),
        },
        band="latin",
        weight=1.5,
    ),
    "frevo": Groove(
        (110, 165),
        {
            "kick": ("x...x...x...x...", "x..xx..xx..xx..x"),
            "surdo": ("....X.......X...", "................"),
            "snare": ("xxXxX.xXxxXxX.xX", "x.xXx.X.x.xXx.X.", "xxxXxxXxxxXxxXxX"),
            "closed hat": ("..x...x...x...x.", "................"),
        },
        band="latin",
    ),
    "clave": Groove(  # son, rumba, songo, mambo
        (80, 128),
        {
            **_LATIN,
            "kick": ("......x.......x.", "...x..x....x..x.", "x.......x.......", "................"),
            "snare": ("................", "........x.......", "....x.......x..x"),
            "low conga": ("......xx......xx", "................", "x...........x..."),
            "closed hat": ("................", "x.x.x.x.x.x.x.x."),
            "low tom": ("................", "......x.......x."),
        },
        band="latin",
        weight=2.0,
    ),
    "reggaeton": Groove(
        (82, 108),
        {
            "kick": ("X...X...X...X...",),
            "snare": ("...x..x....x..x.", "...X..X....X..X."),
            "closed hat": ("x.x.x.x.x.x.x.x.", "................", "xoxoxoxoxoxoxoxo"),
        },
        loose_ms=MACHINE_MS,
        band="electronic",
    ),
    "merengue": Groove(
        (110, 165),
        {
            "kick": ("x...x...x...x...",),
            "low conga": ("............xxxx", "x.x.x.xxx.x.xxxx", "................"),
            "snare": ("x.x.x.x.x.xxxxxx", "................", "..x...x...x...xx"),
            "shaker": ("x.xxx.xxx.xxx.xx",),
            "cowbell": ("................", "x...x...x...x..."),
        },
        band="latin",
    ),
    "cumbia": Groove(
        (82, 112),
        {
            "kick": ("x.......x.......", "x...x...x...x...", "x..x....x..x...."),
            "shaker": ("x.xxx.xxx.xxx.xx",),
            "low conga": ("......x.......x.", "..xx..xx..xx..xx"),
            "cowbell": ("................", "x...x...x...x..."),
            "rim": ("................", "....x.......x..."),
        },
        band="latin",
    ),
    "soca": Groove(
        (104, 165),
        {
            "kick": ("x...x...x...x...", "x.......x......."),
            "snare": ("...x..x....x..x.", "x..x..x.x..x..x."),
            "closed hat": ("..x...x...x...x.", "x.xxx.xxx.xxx.xx"),
            "cowbell": ("................", "x.xx.xx.x.xx.xx."),
        },
        band="latin",
    ),
    "afrobeat": Groove(
        (85, 128),
        {
            "kick": ("x.......x.x.....", "x..x....x.......", "x.....x...x.....", "x..x..x....x...."),
            "snare": ("......x...x...x.", "....x..o..x.....", "..o.x..o.o..x..o", ".......x..x....."),
            "closed hat": ("x.xxx.xxx.xxx.xx", "x.x.x.x.x.x.x.x.", "xxx.xxx.xxx.xxx."),
            "shaker": ("xoxoxoxoxoxoxoxo", "................"),
            "clave": ("................", "x..x..x...x.x..."),
            "high conga": ("................", "..xx..x...xx..x."),
        },
        loose_ms=(5.0, 18.0),
        band="latin",
        weight=1.5,
    ),
    "reggae": Groove(
        (62, 98),
        {
            "kick": ("........x.......", "x...x...x...x...", "x.......x......."),
            "rim": ("........x.......", "................"),
            "snare": ("........X.......", "................"),
            "closed hat": ("x.x.x.x.x.x.x.x.", "..x...x...x...x.", "x.xxx.xxx.xxx.xx"),
        },
        swing=(0.5, 0.6),
        swings_16=True,
        band="reggae",
    ),
    "ska": Groove(
        (120, 180),
        {
            "kick": ("x.......x.......", "........x......."),
            "snare": ("....x.......x...", "........x......."),
            "closed hat": ("..x...x...x...x.", "x.x.x.x.x.x.x.x."),
        },
        band="reggae",
    ),
    "second line": Groove(
        (78, 110),
        {
            "kick": ("x..x..x...x.....", "x..x....x.......", "x......xx......."),
            "snare": ("x..xx.xxx.x.x.xx", "xo.Xx.xXo.x.X.xo", "o.xoX.oxo.xoX.xo"),
            "closed hat": ("....x.......x...", "................"),
        },
        swing=(0.54, 0.64),
        swings_16=True,
        band="jazz",
    ),
}  # fmt: skip
