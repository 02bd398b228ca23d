"""Joints' names read word by word: sides, numbers and prefixes in the ways of many programs.

A table (`rig_names.NAMES`) knows one rig exactly. Here `LThigh`, `thigh.L`, `Bip01 L Thigh`, `mixamorig_LeftUpLeg` and
`lThighBend` are all read, whatever stands before them, and words that mean different bones in different rigs (a
shoulder is an upper arm where there is a collar as well) are decided by the words beside them.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from .rig_tree import common_ancestor, descends

_PIECE: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_a-zA-Z]+")
_LEFT: Final = ("l", "left", "lft", "lf", "lt", "左")
_RIGHT: Final = ("r", "right", "rgt", "rt", "右")
_SIDES: Final = {**dict.fromkeys(_LEFT, "Left"), **dict.fromkeys(_RIGHT, "Right")}
_FILLING: Final = frozenset(("c", "m", "x", "center", "centre", "jnt", "jt", "joint", "bone", "bn", "bind", "stretch"))
"""Words that stand for the middle, or for nothing."""
_FAMILY: Final = 6
"""As many joints share a prefix, or it is none."""

_NO_BONE: Final = frozenset(
    (
        *("ik", "fk", "pole", "target", "twist", "roll", "ctrl", "control", "effector", "helper", "socket", "attach"),
        *("parent", "tweak", "mch", "adj", "sec", "end", "nub", "tip", "top", "site", "weapon", "prop", "dummy"),
        *("hair", "skirt", "cloth", "breast", "pectoral", "ear", "brow", "lip", "cheek", "tongue", "heel", "buttock"),
        *("metacarpal", "carpal", "inhand"),
    )
)
"""Words of joints that hang on a body or drive it, and are none of its bones."""

_MIDDLE: Final[dict[str, tuple[str, ...]]] = {
    "hips": ("hips", "hip", "pelvis", "midhip", "lowerbody", "下半身", "骨盆", "骨盤", "臀部"),
    "trunk": (
        *("spine", "chest", "abdomen", "torso", "waist", "back", "thorax", "ab", "abs", "stomach", "belly", "ribs"),
        *("spinelower", "spineupper", "spinemid", "spinemiddle", "lowerspine", "upperspine", "midspine", "lowerback"),
        *("upperback", "midback", "chestlower", "chestupper", "upperchest", "lowerchest", "abdomenlower"),
        *(
            "abdomenupper",
            "ribcage",
            "lumbar",
            "spinebase",
            "spinenavel",
            "spinechest",
            "spineshoulder",
            "lowertorso",
            "uppertorso",
            *("middlespine", "lowspine", "upspine", "upperbody"),
            *("上半身", "脊柱", "背骨", "腰", "胴", "腹", "胸"),
        ),
    ),
    "neck": (
        "neck",
        "necktwist",
        "necklower",
        "neckupper",
        "lowerneck",
        "upperneck",
        "cervical",
        "首",
        "颈",
        "頸",
        "脖子",
    ),
    "head": ("head", "skull", "頭", "头"),
    "jaw": ("jaw", "lowerjaw"),
}
_SIDED: Final[dict[str, tuple[str, ...]]] = {
    "clavicle": ("clavicle", "clav", "collar", "collarbone", "scapula", "thorax", "肩", "锁骨", "鎖骨"),
    "shoulder": ("shoulder",),
    "upper arm": (
        *("upperarm", "uparm", "uarm", "armupper", "armup", "shldr", "shldrbend", "bicep", "humerus"),
        *("上臂", "大臂", "上腕"),
    ),
    "arm": ("arm", "腕"),
    "lower arm": (
        *("lowerarm", "lowarm", "loarm", "forearm", "farm", "forearmbend", "armlower", "armlow", "armlo"),
        *("radius", "ulna", "前臂", "小臂", "前腕"),
    ),
    "elbow": ("elbow", "ひじ"),
    "hand": ("hand", "palm", "手"),
    "wrist": ("wrist", "handwrist", "手首", "手腕"),
    "upper leg": (
        *("upperleg", "upleg", "uleg", "legupper", "legup", "thigh", "thighbend", "femur"),
        *("大腿", "太もも", "腿", "もも"),
    ),
    "hip": ("hip",),
    "leg": ("leg", "足"),
    "lower leg": (
        *("lowerleg", "lowleg", "loleg", "leglower", "leglow", "leglo", "shin", "calf", "tibia", "shank"),
        *("小腿", "すね", "脛"),
    ),
    "knee": ("knee", "ひざ"),
    "foot": ("foot", "脚", "腳"),
    "ankle": ("ankle", "footankle", "talus", "足首", "脚踝", "腳踝"),
    "toes": ("toe", "toes", "toebase", "ball", "football", "foottoe", "bigtoe", "つま先", "足先"),
    "eye": ("eye", "eyeball", "目"),
}
_FINGERS: Final = {
    **dict.fromkeys(("thumb",), "Thumb"),
    **dict.fromkeys(("index", "pointer", "fore"), "Index"),
    **dict.fromkeys(("middle", "mid"), "Middle"),
    **dict.fromkeys(("ring",), "Ring"),
    **dict.fromkeys(("little", "pinky", "pinkie", "pinki"), "Little"),
}
_PHALANGES: Final = ("Proximal", "Intermediate", "Distal")
_KIND_OF_MIDDLE: Final = {word: kind for kind, words in _MIDDLE.items() for word in words}
_KIND_OF_SIDED: Final = {word: kind for kind, words in _SIDED.items() for word in words}

CORE: Final = (
    *("Hips", "Spine", "Head"),
    *(side + bone for side in ("Left", "Right") for bone in ("UpperLeg", "LowerLeg", "Foot")),
    *(side + bone for side in ("Left", "Right") for bone in ("UpperArm", "LowerArm", "Hand")),
)
"""The bones without which a figure is no whole one."""


class _Read(NamedTuple):
    """What a name says: a side or nothing, a kind of bone, and the first number in it or -1."""

    side: str
    kind: str
    number: int


def words_of(name: str) -> list[str]:
    """The words and numbers of a name, lower case, without what stands before a colon or a bar.

    Example:
        >>> words_of("mixamorig:LeftUpLeg"), words_of("LUArm"), words_of("thigh_l"), words_of("lfemur")
        (['left', 'up', 'leg'], ['l', 'u', 'arm'], ['thigh', 'l'], ['l', 'femur'])
    """
    words: list[str] = []
    for piece in _PIECE.findall(re.split(r"[:|]", name)[-1]):
        word = piece.lower()
        if len(piece) == 2 and piece[0] in "LR" and piece[1] in "UF":  # LUArm and RFArm are upper arm and forearm
            words += list(word)
            continue
        side = next((mark for mark in ("left", "right", "左", "右") if word.startswith(mark) and word != mark), None)
        if side is None and word[0] in "lr" and (word[1:] in _KIND_OF_SIDED or word[1:] in _FINGERS):
            side = word[0]
        if side is not None:
            words += [side, word[len(side) :]]
        elif word.endswith(("left", "right")) and word not in _SIDES:
            side = "left" if word.endswith("left") else "right"
            words += [word.removesuffix(side), side]
        else:
            words.append(word)
    return words


def vocabulary() -> dict[str, Any]:
    """All words that are known, for readers in other languages."""
    return {
        "left": _LEFT,
        "right": _RIGHT,
        "filling": sorted(_FILLING),
        "no_bone": sorted(_NO_BONE),
        "middle": _KIND_OF_MIDDLE,
        "sided": _KIND_OF_SIDED,
        "fingers": _FINGERS,
        "core": CORE,
        "family": _FAMILY,
    }


def read_words(names: Sequence[str], parents: Sequence[int] | None = None) -> dict[str, str]:
    """Joint to humanoid bone, as far as the names tell.

    Joints that begin or end alike are read together and without that; of all such families, and all joints as they are,
    the one counts that has most of `CORE`.

    Args:
        names: Of the joints.
        parents: Index of each joint's parent, -1 for none; the root need not be called hips then, and the back is
            numbered from below.
    """
    found = [_family(members, parents) for members in families(names)]
    best = max(found, key=lambda mapping: len(mapping.keys() & set(CORE)))
    return {names[index]: bone for bone, index in best.items()}


def families(names: Sequence[str]) -> list[dict[int, list[str]]]:
    """Index and words of all joints; then, for each beginning or end that some share, of these joints, without it."""
    words = [words_of(name) for name in names]
    prefixes = Counter(tuple(some[:size]) for some in words for size in (1, 2, 3) if len(some) >= size)
    endings = Counter(some[-1] for some in words if len(some) > 1)
    found = [dict(enumerate(words))]
    for prefix, count in sorted(prefixes.items()):
        if count >= _FAMILY:
            size = len(prefix)
            found.append({i: some[size:] for i, some in enumerate(words) if tuple(some[:size]) == prefix})
    for ending, count in sorted(endings.items()):
        if count >= _FAMILY and ending not in _SIDES and ending not in _NO_BONE:
            found.append({i: some[:-1] for i, some in enumerate(words) if len(some) > 1 and some[-1] == ending})
    return found


def _family(members: Mapping[int, list[str]], parents: Sequence[int] | None) -> dict[str, int]:
    """Humanoid bone to the joint's index."""
    kinds: dict[tuple[str, str], list[int]] = {}
    numbers: dict[int, int] = {}
    for index, words in members.items():
        read = _read(words)
        if read is not None:
            kinds.setdefault((read.side, read.kind), []).append(index)
            numbers[index] = read.number
    mapping: dict[str, int] = {}
    for side in ("Left", "Right"):
        mapping |= {side + bone: index for bone, index in _limbs(side, kinds).items()}
        mapping |= {side + bone: index for bone, index in _fingers(side, kinds, numbers).items()}
    mapping |= _middle(kinds, mapping, parents)
    return mapping


def _read(words: Sequence[str]) -> _Read | None:
    """What the words of a name without its prefix say; None for no bone of a body."""
    side = next((_SIDES[word] for word in words if word in _SIDES), "")
    numbers = [int(word) for word in words if word.isdecimal()]
    rest = [word for word in words if word not in _SIDES and word not in _FILLING and not word.isdecimal()]
    plain = "".join(rest)
    number = numbers[-1] if numbers else -1
    if not side:
        kind = _KIND_OF_MIDDLE.get(plain)
        return None if kind is None else _Read("", kind, number)
    if _NO_BONE & set(words):
        return None
    kind = _KIND_OF_SIDED.get(plain)
    if kind is not None:
        return _Read(side, kind, number)
    if plain == "finger" and numbers:  # Biped: Finger0, Finger01, Finger02 are the thumb, Finger1 the index
        digits = next(word for word in reversed(words) if word.isdecimal())
        finger, phalanx = digits[:1], digits[1:]
        names = ("Thumb", "Index", "Middle", "Ring", "Little")
        if int(finger) < len(names):
            return _Read(side, names[int(finger)], int(phalanx or 0))
    rest = [word for word in rest if word not in ("hand", "finger", "f")]
    if len(rest) == 1 and rest[0] in _FINGERS:
        return _Read(side, _FINGERS[rest[0]], number)
    return None


def _limbs(side: str, kinds: Mapping[tuple[str, str], list[int]]) -> dict[str, int]:
    """Bones of one side, without its name, to indices."""

    def of(*names: str) -> int | None:
        return next((kinds[side, name][0] for name in names if (side, name) in kinds), None)

    found: dict[str, int | None] = {"Eye": of("eye")}
    clavicle, shoulder, arm = of("clavicle"), of("shoulder"), of("arm")
    lower = of("lower arm", "elbow")
    if of("upper arm") is not None:
        found |= {"UpperArm": of("upper arm"), "LowerArm": arm if lower is None else lower}
        found["Shoulder"] = shoulder if clavicle is None else clavicle
    elif arm is not None:
        some = kinds[side, "arm"]
        lower = some[1] if lower is None and len(some) == 2 else lower
        found |= {"UpperArm": arm, "LowerArm": lower, "Shoulder": shoulder if clavicle is None else clavicle}
    elif (clavicle is not None or lower is not None) and not _names_upper_arms(kinds):
        found |= {"UpperArm": shoulder, "LowerArm": lower, "Shoulder": clavicle}
    else:
        found |= {"LowerArm": lower, "Shoulder": shoulder if clavicle is None else clavicle}
    wrist, hand = of("wrist"), of("hand")
    found["Hand"] = wrist if hand is None or (wrist is not None and wrist < hand) else hand

    leg, lower = of("leg"), of("lower leg", "knee")
    upper = of("upper leg", "hip")
    if upper is not None:
        found |= {"UpperLeg": upper, "LowerLeg": leg if lower is None else lower}
    elif leg is not None and lower is not None:
        found |= {"UpperLeg": leg, "LowerLeg": lower}
    elif leg is not None:
        some = kinds[side, "leg"]
        found |= {"UpperLeg": some[0], "LowerLeg": some[1]} if len(some) == 2 else {"LowerLeg": some[0]}
    ankle, foot, toes = of("ankle"), of("foot"), of("toes")
    found |= {"Foot": foot if ankle is None else ankle, "Toes": foot if ankle is not None and toes is None else toes}
    return {bone: index for bone, index in found.items() if index is not None}


def _names_upper_arms(kinds: Mapping[tuple[str, str], list[int]]) -> bool:
    """Whether the arm of one side at least has a word of its own, so that no shoulder is meant to be one."""
    return any((side, kind) in kinds for side in ("Left", "Right") for kind in ("upper arm", "arm"))


def _fingers(side: str, kinds: Mapping[tuple[str, str], list[int]], numbers: Mapping[int, int]) -> dict[str, int]:
    """The first three joints of each finger, in the order of their numbers."""
    found: dict[str, int] = {}
    for finger in ("Thumb", "Index", "Middle", "Ring", "Little"):
        joints = sorted(kinds.get((side, finger), ()), key=lambda index: (numbers[index], index))
        found |= {finger + phalanx: index for phalanx, index in zip(_PHALANGES, joints, strict=False)}
    return found


def _middle(
    kinds: Mapping[tuple[str, str], list[int]], limbs: Mapping[str, int], parents: Sequence[int] | None
) -> dict[str, int]:
    """Hips, back, neck and head."""
    hips, trunk = kinds.get(("", "hips"), []), kinds.get(("", "trunk"), [])
    neck, head, jaw = (kinds.get(("", kind), []) for kind in ("neck", "head", "jaw"))
    found = {bone: some[0] for bone, some in (("Neck", neck), ("Head", head), ("Jaw", jaw)) if some}
    legs = [limbs[side + "UpperLeg"] for side in ("Left", "Right") if side + "UpperLeg" in limbs]
    above = [*neck[:1], *head[:1], *(limbs[s + "UpperArm"] for s in ("Left", "Right") if s + "UpperArm" in limbs)]
    if parents is None:
        if hips:
            found["Hips"] = hips[0]
        return found | back_bones([index for index in trunk if index != found.get("Hips")])
    holds_all = [i for i in (*hips, *trunk) if all(descends(parents, joint, i) for joint in (*legs, *above[:1]))]
    if len(legs) == 2:
        common = common_ancestor(parents, [*legs, *above])
        if holds_all and any(index in hips for index in holds_all):
            found["Hips"] = max(index for index in holds_all if index in hips)
        elif common is not None and common not in limbs.values():
            found["Hips"] = common
    if "Hips" not in found and hips:
        found["Hips"] = hips[0]
    root = found.get("Hips", -1)
    back = [
        index
        for index in trunk
        if index != root and descends(parents, index, root) and any(descends(parents, joint, index) for joint in above)
    ]
    if not back and root >= 0 and above:  # no word for it: what lies between the hips and what the arms hang on
        taken = {*found.values(), *limbs.values()}
        between = common_ancestor(parents, above) if len(above) > 1 else parents[above[0]]
        while between is not None and between >= 0 and between != root:
            if between not in taken:
                back.insert(0, between)
            between = parents[between]
        if between != root:
            back = []
    return found | back_bones(back or [index for index in trunk if index != root])


def back_bones(joints: Sequence[int]) -> dict[str, int]:
    """Spine, chest and upper chest of a back of any number of joints, from below to above."""
    if len(joints) < 3:
        return dict(zip(("Spine", "Chest"), joints, strict=False))
    return {"Spine": joints[0], "Chest": joints[len(joints) // 2], "UpperChest": joints[-1]}
