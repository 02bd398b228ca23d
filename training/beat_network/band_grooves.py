"""Grooves of bands and of machines: rock, electronic, metal, shuffles and twelve-eight, jazz."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Groove:
    """A style: rows that are drawn from, and how it is played.

    Attributes:
        bpm: Range of the tempo at which it is counted.
        rows: For each voice the rows it may play, of one or two bars: X loud, x as usual, o soft, a dot nothing.
        div: Steps of a beat.
        meter: Beats of a bar.
        swing: Range of where the second of two eighths (of sixteenths, if `swings_16`) falls.
        swings_16: Whether sixteenths swing.
        loose_ms: Range of the spread of the strokes.
        band: What kind of band plays to it.
        weight: How often it is drawn, beside the others.
    """

    bpm: tuple[float, float]
    rows: dict[str, tuple[str, ...]]
    div: int = 4
    meter: int = 4
    swing: tuple[float, float] = (0.5, 0.5)
    swings_16: bool = False
    loose_ms: tuple[float, float] = (3.0, 15.0)
    band: str = "any"
    weight: float = 1.0


MACHINE_MS: Final = (0.0, 2.0)
"""How loose a machine is."""
_TERNARY_HATS: Final = ("x.xx.xx.xx.x", "xxxxxxxxxxxx", "x..x..x..x..", "x..x.xx..x.x", "Xo.Xo.Xo.Xo.", "x.xX.xx.xX.x")

BAND_GROOVES: Final[dict[str, Groove]] = {
    "rock": Groove(
        (80, 165),
        {
            "kick": (
                "x.......x.......", "x.....x.x.......", "x.x.....x.x.....",
                "x......xx.x.....", "x..x..x.x.......x.......x.x.....",
            ),
            "snare": ("....x.......x...", "....x.......x...", "....x..o.o..x...", "....x.......x..x"),
            "closed hat": ("x.x.x.x.x.x.x.x.", "xoxoxoxoxoxoxoxo", "X.o.X.o.X.o.X.o.", "x...x...x...x..."),
            "ride": ("................", "................", "x.x.x.x.x.x.x.x."),
        },
    ),
    "pop ballad": Groove(
        (58, 95),
        {
            "kick": ("x.......x.......", "x.....x...x.....", "x..............."),
            "snare": ("....x.......x...", "............x..."),
            "rim": ("................", "....x.......x..."),
            "closed hat": ("x.x.x.x.x.x.x.x.", "xxxxxxxxxxxxxxxx", "x...x...x...x..."),
            "shaker": ("................", "xoxoxoxoxoxoxoxo"),
        },
    ),
    "half time": Groove(
        (110, 172),
        {
            "kick": (
                "x...............", "x.....x.........", "x..x......x.....",
                "x.......x.x.....", "x.x.......x..x..",
            ),
            "snare": ("........x.......",),
            "closed hat": ("x.x.x.x.x.x.x.x.", "x...x...x...x...", "xxxxxxxxxxxxxxxx", "x.x.xxx.x.x.x.xx"),
        },
    ),
    "trap": Groove(
        (124, 160),
        {
            "kick": ("x.....x.........", "x..x......x...x.", "x.........x.....", "x.....x...x..x.."),
            "clap": ("........X.......",),
            "closed hat": ("x.x.x.x.x.x.x.x.", "x.x.xxx.x.x.x.xx", "xxx.xxx.x.x.xxxx"),
            "open hat": ("................", "..........x....."),
        },
        loose_ms=MACHINE_MS,
        band="electronic",
    ),
    "hip hop": Groove(
        (72, 108),
        {
            "kick": ("x.....x..x......", "x..x......x.....", "x.x....x..x.....", "x......x.xx.....x.....x...x..x.."),
            "snare": ("....x.......x...", "....x..o.o..x...", "....x.......x.o."),
            "closed hat": ("x.x.x.x.x.x.x.x.", "xoxoxoxoxoxoxoxo", "x.x.x.xxx.x.x.x."),
        },
        swing=(0.5, 0.64),
        swings_16=True,
    ),
    "funk": Groove(
        (88, 132),
        {
            "kick": ("x..x..x...x.....", "x.x.......x..x..", "x......x..x..x..", "x..x...x..x....x"),
            "snare": ("....X..o.o..X..o", "....X..o.oo.X...", "....X.o..o..X..o", "....X.......X..."),
            "closed hat": ("xoxoxoxoxoxoxoxo", "x.x.x.x.x.x.x.x.", "x.xxx.xxx.xxx.xx"),
            "open hat": ("................", "......x.......x."),
        },
        swing=(0.5, 0.58),
        swings_16=True,
    ),
    "four on the floor": Groove(
        (108, 150),
        {
            "kick": ("X...X...X...X...",),
            "clap": ("....x.......x...", "................", "....x.......x..x"),
            "snare": ("................", "....x.......x...", "................"),
            "closed hat": ("xoxoxoxoxoxoxoxo", "x.x.x.x.x.x.x.x.", "................", "xxxxxxxxxxxxxxxx"),
            "open hat": ("..x...x...x...x.", "..x...x...x...x.", "................"),
            "shaker": ("................", "xoxoxoxoxoxoxoxo"),
            "low conga": ("................", "...x..x....x..x.", "..x..x....x..x.."),
            "rim": ("................", "...x..x....x....", "..x..x..x..x..x."),
        },
        loose_ms=MACHINE_MS,
        band="electronic",
        weight=2.0,
    ),
    "hard dance": Groove(
        (140, 185),
        {
            "kick": ("X...X...X...X...", "X...X...X...X.x."),
            "clap": ("....x.......x...", "................"),
            "open hat": ("..x...x...x...x.",),
            "closed hat": ("xoxoxoxoxoxoxoxo", "................"),
        },
        loose_ms=MACHINE_MS,
        band="electronic",
    ),
    "electro": Groove(
        (100, 138),
        {
            "kick": ("x.....x...x.....", "x..x..x...x.....", "x.......x.x....."),
            "snare": ("....X.......X...",),
            "closed hat": ("x.x.x.x.x.x.x.x.", "x.xxx.xxx.xxx.xx", "xxxxxxxxxxxxxxxx"),
            "cowbell": ("................", "..x..x....x..x.."),
        },
        loose_ms=MACHINE_MS,
        band="electronic",
    ),
    "drum and bass": Groove(
        (162, 180),
        {
            "kick": ("x.........x.....", "x.........x.....x..x......x.....", "x.....x...x....."),
            "snare": ("....X.......X...", "....X..o.o..X...", "....X..o.oo.X..o"),
            "closed hat": ("x.x.x.x.x.x.x.x.", "xoxoxoxoxoxoxoxo"),
            "ride": ("................", "x.x.x.x.x.x.x.x."),
        },
        loose_ms=(0.0, 5.0),
        band="electronic",
        weight=1.5,
    ),
    "two step": Groove(
        (126, 140),
        {
            "kick": ("x.........x.....", "x......x..x....."),
            "clap": ("....x.......x...",),
            "closed hat": ("x.xxx.xxx.xxx.xx", "..x...x...x...x."),
            "rim": ("................", ".......x.x......"),
        },
        swing=(0.52, 0.62),
        swings_16=True,
        loose_ms=MACHINE_MS,
        band="electronic",
    ),
    "metal": Groove(
        (95, 185),
        {
            "kick": (
                "x.......x.......", "xxxxxxxxxxxxxxxx", "x.xxx.xxx.xxx.xx", "x.x.x.x.x.x.x.x.",
                "x..x..x.x..x..x.", "x.xx..x.x.xx..x.",
            ),
            "snare": ("....X.......X...", "....X.......X...", "........X......."),
            "crash": ("x...x...x...x...", "................", "x.......x......."),
            "ride": ("................", "x.x.x.x.x.x.x.x."),
            "closed hat": ("x.x.x.x.x.x.x.x.", "x...x...x...x..."),
        },
        band="metal",
        weight=2.0,
    ),
    "thrash": Groove(  # the snare on every off-beat: what is easily heard as the beat
        (145, 208),
        {
            "kick": ("x...x...x...x...", "x..xx..xx..xx..x", "x.x.x.x.x.x.x.x."),
            "snare": ("..X...X...X...X.",),
            "closed hat": ("x...x...x...x...", "x.x.x.x.x.x.x.x."),
            "crash": ("................", "x...x...x...x..."),
        },
        band="metal",
        weight=1.5,
    ),
    "blast": Groove(
        (140, 200),
        {
            "kick": ("x.x.x.x.x.x.x.x.", "xxxxxxxxxxxxxxxx"),
            "snare": ("x.x.x.x.x.x.x.x.", ".x.x.x.x.x.x.x.x", "..x...x...x...x."),
            "ride": ("x.x.x.x.x.x.x.x.", "x...x...x...x..."),
            "crash": ("................", "x..............."),
        },
        band="metal",
    ),
    "gallop": Groove(
        (88, 150),
        {
            "kick": ("xxxxxxxxxxxx", "x.xx.xx.xx.x", "x..x..x..x.."),
            "snare": ("...X.....X..", "...X.....X..", "......X....."),
            "closed hat": ("x..x..x..x..", "xxxxxxxxxxxx"),
            "crash": ("............", "x.....x....."),
        },
        div=3,
        band="metal",
    ),
    "punk": Groove(
        (140, 205),
        {
            "kick": ("x.....x.x.......", "x...x...x...x...", "x.....x.x.x....."),
            "snare": ("....X.......X...", "....X.......X..."),
            "closed hat": ("x.x.x.x.x.x.x.x.", "x...x...x...x..."),
            "crash": ("................", "x...x...x...x..."),
        },
        band="metal",
    ),
    "shuffle": Groove(
        (68, 165),
        {
            "kick": ("x.....x.....", "x....xx....x", "x..x..x..x..", "x....x..x...", "x.....x.x..x"),
            "snare": ("...x.....x..", "...x.....x..", "......x.....", "..oX.o..oX.o"),
            "closed hat": _TERNARY_HATS,
            "ride": ("............", "x..x.xx..x.x"),
        },
        div=3,
        weight=1.5,
    ),
    "twelve eight": Groove(
        (50, 160),
        {
            "kick": ("x.....x.....", "x....xx.....", "x..x..x..x..", "x.x...x.x...", "x....x..x...", "x..x.x...x.x"),
            "snare": ("...x.....x..", "......x.....", "...x.....x..", "...x..x..x.x", "............"),
            "rim": ("............", "......x..x..", "..x..x..x..x"),
            "closed hat": _TERNARY_HATS,
            "low tom": ("............", "............", "..x.....x...", "x.x..x.x..x."),
        },
        div=3,
        weight=1.5,
    ),
    "bembe": Groove(  # and its kin: long bell, three against two
        (80, 140),
        {
            "kick": ("x.....x.....", "...x.....x..", "x..x..x..x..", "............"),
            "cowbell": ("x.x.xx.x.x.x", "x.x.x.xx.x.x", "x.xx.x.xx.x.", "x.x.xx.x.x.x"),
            "high conga": ("..x..x..x..x", "x.xx.xx.xx.x", "............"),
            "low conga": ("x.....x.....", "....x.....x.", "............"),
            "snare": ("............", "...x.....x..", "x..x.xx..x.x"),
            "low tom": ("............", "x...x...x...", "..x...x...x."),
            "shaker": ("x..x..x..x..", "xxxxxxxxxxxx", "............"),
        },
        div=3,
        weight=1.5,
    ),
    "chacarera": Groove(  # six eighths, counted in two dotted beats, three quarters in the bass
        (90, 140),
        {
            "kick": ("x..x..", "..x.x.", "x.x.x."),
            "low tom": ("..x.x.", "x.x.x.", "......"),
            "snare": ("...x..", "......", "x..x.x"),
            "closed hat": ("xxxxxx", "x..x..", "x.xx.x"),
        },
        div=3,
        meter=2,
    ),
    "waltz": Groove(
        (84, 190),
        {
            "kick": ("x...........", "x.........x."),
            "snare": ("....x...x...", "........x...", "....o...o..."),
            "closed hat": ("x...x...x...", "x.x.x.x.x.x.", "....x...x..."),
            "ride": ("............", "x...x.x.x..."),
        },
        meter=3,
    ),
    "jazz": Groove(
        (95, 195),
        {
            "ride": ("x..x.xx..x.x", "x..x.xx..x.x", "x..x..x..x.x"),
            "pedal hat": ("...x.....x..",),
            "kick": ("o..o..o..o..", "............", "x....x......"),
            "snare": ("............", "..o..o......", ".....o..x...", "....o......o"),
        },
        div=3,
        band="jazz",
    ),
}  # fmt: skip
