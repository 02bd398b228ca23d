"""One receiver of the dance: where it is, what it speaks, and what it wants."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, Self, get_args

Protocol = Literal["vmc", "dance", "vrchat"]
Travel = Literal["hips", "root"]
Axes = Literal["vrm0", "vrm1"]

DEFAULT_HOST: Final = "127.0.0.1"
DEFAULT_PORTS: Final[dict[Protocol, int]] = {"vmc": 39539, "dance": 39550, "vrchat": 9000}
MAX_RATE_HZ: Final = 240
_VMC_ONLY: Final = ("bones", "travel", "axes", "bundle", "vrm")

_HEAD: Final = ("Neck", "Head")
_ARMS: Final = tuple(side + bone for side in ("Left", "Right") for bone in ("Shoulder", "UpperArm", "LowerArm", "Hand"))
_LEGS: Final = tuple(side + bone for side in ("Left", "Right") for bone in ("UpperLeg", "LowerLeg", "Foot", "Toes"))
_TORSO: Final = ("Spine", "Chest", "UpperChest")
BONE_GROUPS: Final[dict[str, tuple[str, ...]]] = {
    "upper": (*_TORSO, *_HEAD, *_ARMS),
    "lower": ("Hips", *_LEGS),
    "head": _HEAD,
    "arms": _ARMS,
    "legs": _LEGS,
    "torso": _TORSO,
}
"""Names for many bones; those that the dancer does not have are passed over."""


@dataclass(frozen=True)
class Target:
    """One receiver of the dance.

    Attributes:
        host: name or IPv4 address.
        port: UDP port, 1 to 65535.
        protocol: what is spoken there.
        rate_hz: poses a second, a multiple of the dancer's rate (those between are interpolated) or a part of it;
            ``None`` is the dancer's.
        bones: names of bones, or of `BONE_GROUPS`, that are sent; ``None`` sends all. Only VMC.
        travel: what carries the avatar over the floor, see ``PROTOCOL.md``. Only VMC.
        axes: ``vrm0`` sends rotations of bones whose rest pose is a T without rotations (VRM 0, and VRM 1 normalised);
            ``vrm1`` those of an avatar's own bones, which needs `vrm`. Only VMC.
        bundle: whether messages are bundled; some receivers cannot read bundles. Only VMC.
        vrm: the avatar's file, for its bones' lengths and the height of its hips. Only VMC.
        telemetry: Whether it also gets the telemetry (the option is `backstage=yes`). Only our own protocol.
        plain: whether poses come as floats and whole numbers of 32 bits, for patches. Only our own protocol.
    """

    host: str
    port: int
    protocol: Protocol
    rate_hz: int | None = None
    bones: tuple[str, ...] | None = None
    travel: Travel = "hips"
    axes: Axes = "vrm0"
    bundle: bool = True
    vrm: Path | None = None
    telemetry: bool = False
    plain: bool = False

    def __post_init__(self) -> None:
        if self.protocol not in get_args(Protocol):
            raise ValueError(f"unknown protocol {self.protocol!r}; known are {', '.join(get_args(Protocol))}")
        if not 1 <= self.port <= 65535:
            raise ValueError(f"port {self.port} is not between 1 and 65535")
        if self.rate_hz is not None and not 1 <= self.rate_hz <= MAX_RATE_HZ:
            raise ValueError(f"rate={self.rate_hz} of {self.name} must lie between 1 and {MAX_RATE_HZ} poses a second")
        if self.protocol != "vmc":
            changed = [name for name in _VMC_ONLY if getattr(self, name) != getattr(type(self), name)]
            if changed:
                raise ValueError(f"{', '.join(changed)}: options of vmc only; {self.name} always sends whole poses")
        if self.telemetry and self.protocol != "dance":
            raise ValueError(f"backstage: an option of dance only; {self.name} would not understand it")
        if self.plain and self.protocol != "dance":
            raise ValueError(f"plain: an option of dance only; {self.name} has no other form")
        if self.axes == "vrm1" and self.vrm is None:
            raise ValueError(f"axes=vrm1 of {self.name} needs the avatar's file too: vrm=avatar.vrm")

    @classmethod
    def parse(cls, text: str) -> Self:
        """A target from ``protocol[:host][:port][,option=value...]``, as `str` gives it.

        Raises:
            ValueError: the text has another form; the message names the part that is wrong.

        Example:
            >>> target = Target.parse("vmc:192.168.1.20,rate=60,bones=upper")
            >>> target.port, target.rate_hz, target.sent_bones(("Hips", "Spine", "Head", "LeftFoot"))
            (39539, 60, ('Spine', 'Head'))
            >>> str(target)
            'vmc:192.168.1.20:39539,rate=60,bones=upper'
        """
        place, *options = text.split(",")
        head, *rest = place.split(":")
        if head not in DEFAULT_PORTS:
            raise ValueError(
                f"{text!r} does not start with {' or '.join(DEFAULT_PORTS)}, as in 'vmc:192.168.1.20:39539'"
            )
        protocol: Protocol = head
        port = DEFAULT_PORTS[protocol]
        if rest and rest[-1].isdecimal():
            port = int(rest.pop())
        if len(rest) > 1 or "" in rest:
            raise ValueError(f"{text!r} is not protocol[:host][:port], as in 'vmc:192.168.1.20:39539'")
        return cls(rest[0] if rest else DEFAULT_HOST, port, protocol, **_parse_options(text, options))

    @property
    def name(self) -> str:
        """Protocol, host and port, without options."""
        return f"{self.protocol}:{self.host}:{self.port}"

    def __str__(self) -> str:
        options = [
            f"rate={self.rate_hz}" if self.rate_hz is not None else "",
            f"bones={'+'.join(self.bones)}" if self.bones is not None else "",
            f"travel={self.travel}" if self.travel != "hips" else "",
            f"axes={self.axes}" if self.axes != "vrm0" else "",
            "" if self.bundle else "bundle=no",
            f"vrm={self.vrm}" if self.vrm is not None else "",
            "backstage=yes" if self.telemetry else "",
            "plain=yes" if self.plain else "",
        ]
        return ",".join([self.name, *filter(None, options)])

    def sent_bones(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """Those of a skeleton's bones that are sent, in its order.

        Raises:
            ValueError: a bone is neither a group nor one of the skeleton's.
        """
        if self.bones is None:
            return names
        wanted: set[str] = set()
        for bone in self.bones:
            if bone == "all":
                return names
            if bone not in BONE_GROUPS and bone not in (*names, "UpperChest"):
                raise ValueError(
                    f"bones={bone} of {self.name}: no bone of this dancer, nor one of {', '.join(BONE_GROUPS)}; "
                    f"the dancer has {', '.join(names)}"
                )
            wanted |= set(BONE_GROUPS.get(bone, (bone,)))
        return tuple(name for name in names if name in wanted)

    @property
    def sends_upper_chest(self) -> bool:
        """Whether an UpperChest is asked for by its name, whatever the dancer has."""
        return self.bones is not None and "UpperChest" in self.bones


def _parse_options(text: str, options: list[str]) -> dict[str, Any]:
    """Keyword arguments from ``name=value`` texts."""
    parsers: dict[str, tuple[str, Callable[[str], Any]]] = {
        "rate": ("rate_hz", int),
        "bones": ("bones", lambda value: None if value == "all" else tuple(value.split("+"))),
        "travel": ("travel", lambda value: _one_of(value, get_args(Travel))),
        "axes": ("axes", lambda value: _one_of(value, get_args(Axes))),
        "bundle": ("bundle", _yes_or_no),
        "backstage": ("telemetry", _yes_or_no),
        "plain": ("plain", _yes_or_no),
        "vrm": ("vrm", Path),
    }
    values: dict[str, Any] = {}
    for option in options:
        name, _, value = option.partition("=")
        if name not in parsers:
            raise ValueError(f"{text!r}: no option {name!r}; there are {', '.join(parsers)}")
        field, parse = parsers[name]
        try:
            values[field] = parse(value)
        except ValueError as error:
            raise ValueError(f"{text!r}: {option!r} is wrong: {error}") from None
    return values


def _yes_or_no(value: str) -> bool:
    return _one_of(value, ("yes", "no")) == "yes"


def _one_of(value: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise ValueError(f"it must be {' or '.join(allowed)}")
    return value
