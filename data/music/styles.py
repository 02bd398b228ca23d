"""The dance styles: grooves, bass lines, chord rhythms and sounds, as one table; `data.music.style` explains it."""

from typing import Final

from data.music.style import Style

BACK_BEAT: Final = "....X.......X..."
HALF_TIME: Final = "........X......."

_STYLES: Final[dict[str, Style]] = {
    "house": Style(
        grooves=(
            ("X...X...X...X...", BACK_BEAT),
            ("X...X...X...X.o.", BACK_BEAT),
            ("X...X...X..oX...", "....X..-....X..."),
            ("X...X...X...X...", "....X.......X.-o"),
        ),
        hats=("..o...o...o...o.", "C.o.C.o.C.o.C.oc", "CcocCcocCcocCcoc", "CgcgCgcgCgcgCgcg", "r.o.r.o.r.o.r.o."),
        percussion=(
            ("shaker", "xoXoxoXoxoXoxoXo"),
            ("conga", "..x..x.x..x..xx."),
            ("rim", "...x..x...x..x.."),
            ("tambourine", "..x...x...x...x."),
        ),
        snares=("clap", "clap", "snare"),
        bass_lines=("..0...0...0...0.", "0..0..8..0.0..8.", "0.00..8...05..7.", "0_.0..5_..0.0.8.", "0__0__0_..8_5_7_"),
        bass_timbres=("saw bass", "square bass", "sub bass", "organ bass"),
        chord_rhythms=(
            "x_...x_...x_....",
            "..x...x...x..x..",
            "x..x..x_....x...",
            "x_.x_.x_x_..x_x_",
            "x_____x_________",
        ),
        chord_timbres=("organ", "electric piano", "saw stab", "piano"),
        modes=("minor", "dorian", "minor", "mixolydian"),
        extension=9,
        swing=(0.5, 0.58),
        duck=(0.25, 0.7),
    ),
    "techno": Style(
        grooves=(("X...X...X...X...", "................"), ("X...X...X...X...", "....o.......o...")),
        hats=("..o...o...o...o.", "CccgCccgCccgCccg", "CgCgCgCgCgCgCgCg", "r.r.r.r.r.r.r.r."),
        percussion=(("rim", "x..x..x..x..x.x."), ("cowbell", "...x.....x....x."), ("tom", "......x..x....x.")),
        snares=("clap", "rim"),
        bass_lines=(".000.000.000.000", "0.00..0.0.00..08", "0000000000000000", ".0.0.0.8.0.0.0.3"),
        bass_timbres=("acid bass", "sub bass", "saw bass"),
        chord_rhythms=("...x.....x......", "x_______________", "......x.......x."),
        chord_timbres=("saw stab", "dark saws"),
        lead_timbres=("acid lead", "bell"),
        modes=("phrygian", "minor"),
        extension=5,
        swing=(0.5, 0.52),
        jitter_ms=0.3,
        duck=(0.3, 0.7),
        dirt=0.6,
        levels_db=(-5.5, -10.0, -11.0),
    ),
    "disco": Style(
        grooves=(("X...X...X...X...", BACK_BEAT), ("X...X...X...X..o", "....X..-....X..-")),
        hats=("C.o.C.o.C.o.C.o.", "CcocCcocCcocCcoc", "CcoccCoccCocCcoc"),
        percussion=(
            ("tambourine", "x.X.x.X.x.X.x.X."),
            ("conga", "x..x..xx..x.x.x."),
            ("cowbell", "x.x.x.x.x.x.x.x."),
        ),
        snares=("snare", "clap", "snare"),
        bass_lines=("0.8.0.8.0.8.0.8.", "0.8.0.8.5.8.7.8.", "0_.00.8.5_.55.7a", "0..00.8.7.5.3.5a"),
        bass_timbres=("finger bass", "saw bass", "square bass"),
        chord_rhythms=("..x...x...x...x.", "x..x..x...x..x..", "x.xxx.xxx.xxx.xx", "x_______x___x___"),
        chord_timbres=("clavinet", "piano", "strings", "electric piano"),
        pad_timbres=("strings", "strings"),
        lead_timbres=("strings lead", "brass", "soft lead"),
        modes=("minor", "dorian", "major"),
        jitter_ms=3.0,
        duck=(0.0, 0.25),
        levels_db=(-4.5, -8.0, -8.0),
    ),
    "funk": Style(
        grooves=(
            ("X.x.......x..x..", "....X..-.-..X..-"),
            ("X..x..x...x..x..", "....X..-.-.-X..-"),
            ("X.....x..xx.....", "....X..o.o..X.-."),
            ("X.x...x...x.....", "....X--o.-..X--o"),
        ),
        hats=("C.c.C.c.C.c.C.o.", "CgcgCgcgCgcgCgcg", "CcccCcccCcccCcoc", "c.c.c.co..c.c.c."),
        percussion=(("tambourine", "....x.......x..."), ("conga", "x..x..x...x.xx.."), ("cowbell", "x...x...x...x...")),
        bass_lines=("0..0..8..05.7.8.", "0.....00..5.7.8a", "0_.0.8..7.5.0_3a", "00..8.0...07.5.a"),
        bass_timbres=("slap bass", "finger bass"),
        chord_rhythms=("x..x..x.x..x..x.", "x..xx..x.x.xx..x", "x.......x..x....", "..xx..x...xx..x."),
        chord_timbres=("clavinet", "electric piano", "organ"),
        lead_timbres=("brass", "brass", "organ lead"),
        lead_rhythms=("x_.x......x.x_..", "......x.xx.x....", "x...........x.xx"),
        modes=("dorian", "mixolydian"),
        extension=9,
        swing=(0.5, 0.58),
        jitter_ms=4.0,
        kick_hz=(52.0, 66.0),
        kick_decay_s=(0.08, 0.14),
        duck=(0.0, 0.1),
        levels_db=(-3.5, -7.0, -8.0),
    ),
    "electro": Style(
        grooves=(
            ("X.....x...x.....", BACK_BEAT),
            ("X..x..x...x..x..", BACK_BEAT),
            ("X.....x.x.x.....", "....X.......X..o"),
            ("X..X......X..X..", "....X..o....X..."),
        ),
        hats=("C.c.C.c.C.c.C.c.", "CcccCcccCcccCccc", "C.cc.cc.C.cc.co.", "CgcgCgcgCgcgCgcg"),
        percussion=(("cowbell", "..x..x..x..x..x."), ("rim", "...x..x..x..x..x"), ("tom", ".........x.x..x.")),
        snares=("electro snare", "clap"),
        bass_lines=("0.0.8.0.0.8.0.8.", "0..0..0.8..0..7.", "00.80.0800.80.78", "0__.8_0_.0_.7_5_"),
        bass_timbres=("square bass", "saw bass", "acid bass", "talk bass"),
        chord_rhythms=("x_______________", "x..x..x...x..x..", "..x...x...x...x.", "x___________x_x_"),
        chord_timbres=("saw stab", "bright saws", "square keys"),
        lead_timbres=("square lead", "saw lead", "bell"),
        modes=("minor", "dorian", "minor"),
        jitter_ms=0.5,
        swing=(0.5, 0.56),
        kick_decay_s=(0.15, 0.35),
        duck=(0.0, 0.4),
        levels_db=(-3.5, -9.0, -8.0),
    ),
    "pop": Style(
        grooves=(
            ("X.......X.x.....", BACK_BEAT),
            ("X...X...X...X...", BACK_BEAT),
            ("X.....x.X.......", BACK_BEAT),
            ("X..x....x.x.....", "....X.......X.-."),
        ),
        half_time_grooves=(("X.....x......x..", HALF_TIME),),
        hats=("c.c.c.c.c.c.c.c.", "cgcgcgcgcgcgcgcg", "c.c.c.c.c.c.c.o.", "r.r.r.r.r.r.r.r."),
        percussion=(("shaker", "oxoxoxoxoxoxoxox"), ("snap", "....x.......x..."), ("tambourine", "..x...x...x...x.")),
        snares=("snare", "clap", "electro snare"),
        bass_lines=("0_______0_0_____", "0_.0_.0_0_.0_.5_", "0.0.0.0.0.0.0.0.", "0_____0___5_7___"),
        bass_timbres=("sub bass", "saw bass", "finger bass"),
        chord_rhythms=("x_______________", "x__x__x_x__x__x_", "x___x___x___x___", "..x...x...x...x."),
        chord_timbres=("bright saws", "piano", "electric piano", "warm pad"),
        lead_timbres=("soft lead", "bell", "saw lead"),
        modes=("major", "major", "minor"),
        extension=5,
        jitter_ms=1.5,
        duck=(0.0, 0.5),
    ),
    "hiphop": Style(
        grooves=(
            ("X.....x..x......", "....X.......X..."),
            ("X..x......x.....", "....X..-....X.-."),
            ("X......xx.x.....", "....X.......X..-"),
            ("X.x....x..x....x", "....X.......X..."),
            ("X..o...x..X..o..", "....X..-.-..X..."),
        ),
        hats=("c.c.c.c.c.c.c.c.", "c.cgc.c.c.cgc.co", "CgcgCgcgCgcgCgcg", "c...c...c...c...", "r...r...r...r..."),
        percussion=(("shaker", "x.o.x.o.x.o.x.o."), ("conga", "......x...x....x"), ("rim", "..x..x....x.....")),
        snares=("snare", "snare", "clap"),
        bass_lines=("0_____0_.0__5___", "0__.....0_7_..5_", "0_.0_...5_.3_.a.", "0___________0_8."),
        bass_timbres=("sub bass", "upright bass", "finger bass"),
        chord_rhythms=("x_______________", "x___..x_....x___", "..x.....x..x....", "x_____x___x_____"),
        chord_timbres=("electric piano", "piano", "organ", "vibraphone"),
        lead_timbres=("vibraphone", "soft lead", "brass"),
        lead_rhythms=("x..x..x.....x...", "x___x_.x________", "....x_x_..x_____"),
        modes=("minor", "dorian"),
        extension=9,
        swing=(0.54, 0.64),
        jitter_ms=5.0,
        kick_hz=(48.0, 62.0),
        kick_decay_s=(0.1, 0.22),
        duck=(0.0, 0.2),
        dirt=0.6,
        levels_db=(-3.5, -9.0, -11.0),
    ),
    "trap": Style(
        grooves=(
            ("X.....x...x.....", BACK_BEAT),
            ("X..x.......x..x.", BACK_BEAT),
            ("X.........x..x..", "....X.......X..o"),
        ),
        half_time_grooves=(
            ("X......x..x.....", HALF_TIME),
            ("X..x......x...x.", HALF_TIME),
            ("X.....x.....x...", "........X......."),
            ("X...........x.x.", "........X......o"),
        ),
        hats=("c.c.c.c.c.c.c.c.", "cccccccccccccccc", "c.ccc.ccc.ccc.cc", "c..c..c.c..c..c."),
        percussion=(("rim", "...x......x....."), ("snap", "....x.......x..."), ("cowbell", "..x.....x..x....")),
        snares=("clap", "electro snare", "snap"),
        bass_lines=("0_____0___0_____", "0_________5___7_", "0__0______8_____", "0_____________3_"),
        bass_timbres=("808",),
        chord_rhythms=("x_______________", "x_______x_______", "x_..............", "x___x___x___x___"),
        chord_timbres=("bell keys", "warm pad", "dark saws", "piano"),
        lead_timbres=("bell", "flute", "soft lead"),
        lead_rhythms=("x__x__x___x_____", "x_x_..x_x_......", "xxxxxxxxxxxxxxxx"),
        modes=("minor", "phrygian", "harmonic minor"),
        extension=5,
        jitter_ms=0.8,
        kick_decay_s=(0.12, 0.3),
        duck=(0.1, 0.5),
        hat_roll=0.6,
        dirt=0.7,
        levels_db=(-2.5, -10.0, -10.0),
    ),
    "krump": Style(
        grooves=(
            ("X..X..X.....X...", BACK_BEAT),
            ("X.x...X..x......", "....X.......X..."),
            ("X.X.....X.X.....", "....X..x....X..x"),
        ),
        half_time_grooves=(
            ("X..X..X.....x.X.", HALF_TIME),
            ("X.x...x.....X...", "........X.....x."),
            ("X..x..x...X..x..", HALF_TIME),
        ),
        hats=("c...c...c...c...", "..c...c...c...c.", "c.c.c.c.c.c.c.c.", "................"),
        percussion=(
            ("tom", "..x..x....x..x.x"),
            ("tom", "x.....x...x....."),
            ("snap", "....x.......x..."),
            ("stomp", "x...x...x...x..."),
        ),
        snares=("clap", "snare", "electro snare"),
        bass_lines=("0__0__0_____0_3_", "0_0_....0_0_..5_", "0_____0_____8_7_"),
        bass_timbres=("808", "growl bass"),
        chord_rhythms=("x_....x_........", "x__x__x_........", "x_______________", "............x_x_"),
        chord_timbres=("brass section", "strings", "dark saws"),
        lead_timbres=("brass", "strings lead", "saw lead"),
        lead_rhythms=("x_..x_..x_x_x_..", "x_______x_x_____", "....x_x_....x_x_"),
        modes=("phrygian", "harmonic minor", "minor"),
        extension=5,
        jitter_ms=1.5,
        kick_hz=(42.0, 52.0),
        kick_decay_s=(0.18, 0.4),
        duck=(0.1, 0.5),
        hat_roll=0.15,
        dirt=0.9,
        levels_db=(-2.5, -7.0, -9.0),
    ),
    "breakbeat": Style(
        grooves=(
            ("X.x.......xx....", "....X..-.-..X..-"),
            ("X.X.......X.....X.X.......X..X..", "....X..-.-..X..-....X..-.-....X."),
            ("X.....x...X..x..", "....X..-....X..-"),
            ("X..x..X...x..x..", "....X.-..-..X..x"),
            ("X.x....x..x.....", "....X..x.-..X..-"),
        ),
        hats=("c.c.c.c.c.c.c.c.", "r.r.r.r.r.r.r.r.", "CgcgCgcgCgcgCgog", "c.c.c.o.c.c.c.c."),
        percussion=(
            ("conga", "x..xx.x.x..xx.xx"),
            ("cowbell", "x.x.x.xxx.x.x.xx"),
            ("tambourine", "x.x.x.x.x.x.x.x."),
        ),
        bass_lines=("0..0....8.7.5.3a", "0_..0.0...8.7.5a", "0.0..0..5.5..7.a", "0_____..0.3.5.7."),
        bass_timbres=("finger bass", "slap bass", "square bass"),
        chord_rhythms=("x..............x", "x..x......x.....", "..x..x....x..x..", "x_______........"),
        chord_timbres=("brass section", "organ", "clavinet", "electric piano"),
        lead_timbres=("brass", "organ lead"),
        lead_rhythms=("x.xx............", "x_....x.x_......", "....x.x...x.x..."),
        modes=("dorian", "mixolydian", "minor"),
        swing=(0.5, 0.57),
        jitter_ms=4.0,
        kick_hz=(52.0, 68.0),
        kick_decay_s=(0.08, 0.15),
        duck=(0.0, 0.1),
        dirt=0.6,
        levels_db=(-4.5, -9.0, -9.0),
    ),
    "drum and bass": Style(
        grooves=(("X.........x.....", "....X.......X..."), ("X.........x.....", "....X..-.-..X..-")),
        hats=("c.c.c.c.c.c.c.c.", "cgcgcgcgcgcgcgcg", "r.r.r.r.r.r.r.r."),
        percussion=(("shaker", "xoxoxoxoxoxoxoxo"), ("rim", "......x..x....x.")),
        bass_lines=("0_____________3_", "0_____8___0_____", "0___..0_..7_____"),
        bass_timbres=("reese bass", "sub bass"),
        chord_rhythms=("x_______________", "x_..........x_..", "..x......x......"),
        chord_timbres=("warm pad", "electric piano", "dark saws"),
        modes=("minor", "dorian"),
        jitter_ms=1.0,
        dirt=0.6,
        levels_db=(-3.5, -10.0, -11.0),
    ),
    "jazz": Style(
        grooves=(
            ("X.......x.......", "....x.......x..."),
            ("o...o...o...o...", "....o..-....o.-."),
            ("X.....x...x.....", "..-.x...-...x.-."),
            ("X.........o.....", "....o.-...-.o..."),
        ),
        hats=("r...r.r.r...r.r.", "r...r...r...r.r.", "c.c.C.c.c.c.C.c.", "r.r.r.r.r.r.r.r."),
        percussion=(("snap", "....x.......x..."), ("shaker", "x.o.x.o.x.o.x.o."), ("tambourine", "....x.......x...")),
        snares=("brush", "snare", "rim"),
        bass_lines=("0___3___5___a___", "0___5___8___a___", "0___7___5___3_a_", "0_____0_5___a___"),
        bass_timbres=("upright bass", "upright bass", "finger bass"),
        chord_rhythms=("......x.......x.", "x_____x_........", "..x...x_......x.", "x_______x_......"),
        chord_timbres=("piano", "electric piano", "vibraphone"),
        pad_timbres=("strings", "warm pad"),
        lead_timbres=("brass", "vibraphone", "flute", "piano lead"),
        lead_rhythms=("x_x_x___..x_x___", "..x_x_x_x_____..", "x___x_x_..x_x_x_"),
        modes=("major", "dorian", "minor"),
        extension=9,
        swing=(0.6, 0.68),
        swing_pair_beats=1.0,
        jitter_ms=5.0,
        kick_hz=(54.0, 70.0),
        kick_decay_s=(0.08, 0.16),
        duck=(0.0, 0.05),
        dirt=0.15,
        levels_db=(-4.5, -5.0, -6.0),
    ),
}

STYLES: Final[tuple[str, ...]] = tuple(_STYLES)

_GENRES: Final[dict[str, tuple[str, ...]]] = {
    "BR": ("breakbeat", "funk"),  # break
    "HO": ("house", "techno"),  # house
    "JB": ("jazz", "pop"),  # ballet jazz
    "JS": ("pop", "jazz"),  # street jazz
    "KR": ("krump", "trap"),  # krump
    "LH": ("trap", "hiphop"),  # LA-style hip hop
    "LO": ("funk", "disco"),  # lock
    "MH": ("hiphop", "trap"),  # middle hip hop
    "PO": ("electro", "funk"),  # pop
    "WA": ("disco", "house"),  # waack
}


def style_by_name(name: str) -> Style:
    """The style of this name.

    Raises:
        ValueError: there is none; the message lists those there are.
    """
    if name not in _STYLES:
        raise ValueError(f"unknown style {name!r}, expected one of: {', '.join(STYLES)}")
    return _STYLES[name]


def style_for_genre(genre: str) -> tuple[str, ...]:
    """The styles that suit a genre of AIST++ (BR HO JB JS KR LH LO MH PO WA), the best one first.

    Raises:
        ValueError: not a genre of AIST++.
    """
    if genre not in _GENRES:
        raise ValueError(f"unknown genre {genre!r}, expected one of: {' '.join(_GENRES)}")
    return _GENRES[genre]
