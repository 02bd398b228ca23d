"""The one table of controls: what each is called, what it takes, and what it does.

OSC in, OSCQuery, the text of `PROTOCOL.md` and every other way to steer the bridge read this table and nothing else.
"""

import math
from dataclasses import dataclass
from typing import Any, Final, Literal

from bridge.controls import RANGES, BeatControls, Controls

Kind = Literal["number", "whole", "switch", "text", "trigger"]

ADDRESS: Final = "/dance/control/"
MAX_TEXT: Final = 64


@dataclass(frozen=True, kw_only=True)
class ControlSpec:
    """One control.

    Attributes:
        name: Last part of its OSC address.
        kind: `number`, `whole` (number), `switch`, `text`, or `trigger` (happens once, has no value).
        description: What it does, in one sentence for people.
        default: Value at the start; None for triggers and for what nobody asked for.
        low: Lowest value of a number, allowed.
        high: Highest value of a number, allowed.
        unit: Of a number; empty for none.
        eases: How a change is taken: `eased` within about a second, or `at once`.
    """

    name: str
    kind: Kind
    description: str
    default: float | int | str | bool | None = None
    low: float = -math.inf
    high: float = math.inf
    unit: str = ""
    eases: Literal["eased", "at once"] = "eased"

    @property
    def address(self) -> str:
        """The OSC address."""
        return ADDRESS + self.name

    @property
    def type_tag(self) -> str:
        """The OSC type that is documented; others are taken too, see `value`."""
        return {"number": "f", "whole": "i", "switch": "i", "text": "s", "trigger": ""}[self.kind]

    def value(self, arguments: tuple[Any, ...]) -> Any:
        """The value in the arguments of a message, checked; for a trigger whether it was pressed.

        Gear differs: numbers are taken as any OSC number, switches also as true and false, triggers with no argument,
        with nil or impulse, or with what a switch or fader sends, of which 0 and false are a button that was let go.

        Raises:
            ValueError: The arguments are not what this control takes; the message says what it does take.
        """
        if len(arguments) > 1 or (not arguments and self.kind != "trigger"):
            raise ValueError(f"{self.address} takes one value, not {len(arguments)}")
        if self.kind == "trigger":
            (value,) = arguments or (None,)
            if value is None:
                return True
            if not isinstance(value, bool | int | float) or math.isnan(value):  # impulse is infinite
                raise ValueError(f"{self.address} takes nothing, or one number, not {_shown(value)}")
            return bool(value)
        (value,) = arguments
        if self.kind == "text":
            if not isinstance(value, str) or len(value) > MAX_TEXT:
                raise ValueError(f"{self.address} takes a text of at most {MAX_TEXT} letters, not {_shown(value)}")
            return value
        if self.kind == "switch":
            if not isinstance(value, bool | int | float) or value not in (0, 1):
                raise ValueError(f"{self.address} takes 0 or 1, not {_shown(value)}")
            return bool(value)
        if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
            raise ValueError(f"{self.address} takes a finite number, not {_shown(value)}")
        if not self.low <= value <= self.high:
            raise ValueError(f"{self.address} takes {self.low:g} to {self.high:g}, not {_shown(value)}")
        if self.kind == "whole":
            if value != int(value):
                raise ValueError(f"{self.address} takes a whole number, not {_shown(value)}")
            return int(value)
        return float(value)


def _shown(value: object) -> str:
    """A value as it may stand in a message: short, whatever a stranger sent."""
    text = repr(value)
    return text if len(text) <= 40 else text[:37] + "..."


def _number(name: str, description: str, *, key: str = "", default: float | None, unit: str = "") -> ControlSpec:
    low, high = RANGES[key or name]
    return ControlSpec(
        name=name, kind="number", description=description, default=default, low=low, high=high, unit=unit
    )


CONTROL_SPECS: Final = (
    _number("temperature", "Spread of the dance: 1 as learned, less is calmer.", default=Controls.temperature),
    _number(
        "energy",
        "How much the body moves; 0.5 is the average of what was learned, of the style if one is asked for.",
        default=Controls.energy,
    ),
    _number("groove", "How much the beat modulates the speed of the body.", default=Controls.groove),
    _number(
        "noise_correlation",
        "How much the chance of a frame resembles the frame before; as fitted to real dance until it is set.",
        default=Controls.noise_correlation,
    ),
    ControlSpec(
        name="style",
        kind="text",
        description="A style of the dancer, by its letters (HO) or its name (House); empty leaves it to the dancer.",
        default="",
        eases="at once",
    ),
    _number(
        "style_guidance",
        "How strongly the style that is asked for is exaggerated; 0 is off.",
        default=Controls.style_guidance,
    ),
    ControlSpec(
        name="seed_pose",
        kind="text",
        description="The pose from which a dance starts, such as HO-1 or House 1; empty lets the seed choose.",
        default="",
        eases="at once",
    ),
    ControlSpec(
        name="seed",
        kind="whole",
        description="Begins another dance, the one of this number, where the dancer is.",
        low=0,
        high=2**31 - 1,
    ),
    ControlSpec(name="freeze", kind="switch", description="Holds the pose like a statue.", default=False),
    ControlSpec(name="idle", kind="switch", description="Stands idle whatever sounds.", default=False),
    ControlSpec(name="mirror", kind="switch", description="Left and right change places.", default=False),
    _number("facing", "How strongly the dance is led back to its front; 0 is off.", default=Controls.facing),
    _number(
        "front_deg",
        "Direction of the front, about the vertical from forward (+Z) to the figure's left (+X).",
        default=Controls.front_deg,
        unit="deg",
    ),
    ControlSpec(
        name="foot_lock",
        kind="switch",
        description="Feet that carry the body stay where they are.",
        default=Controls.foot_lock,
    ),
    ControlSpec(
        name="grounding",
        kind="switch",
        description="Hips follow the feet: nobody floats, and the body keeps its balance.",
        default=Controls.grounding,
    ),
    ControlSpec(
        name="keep_moving",
        kind="switch",
        description="While music sounds the dance does not stand for longer than a moment.",
        default=Controls.keep_moving,
    ),
    ControlSpec(
        name="music_only",
        kind="switch",
        description="Speech, applause and noise are not danced to.",
        default=Controls.music_only,
    ),
    _number("leash_m", "Radius of the circle in which the hips stay; 0 is the spot, 0.25 m.", default=1.5, unit="m"),
    _number(
        "threshold_dbfs",
        "Sound louder than this is danced to.",
        default=Controls.threshold_dbfs,
        unit="dBFS",
    ),
    ControlSpec(
        name="panic",
        kind="trigger",
        description="Eases into standing idle as fast as looks human, and stays there until idle 0.",
    ),
    ControlSpec(name="reset", kind="trigger", description="Begins the dance anew, at home."),
    ControlSpec(
        name="record",
        kind="switch",
        description="Marks a part of the take, which holds the whole performance anyway.",
        default=False,
        eases="at once",
    ),
    ControlSpec(name="tap", kind="trigger", description="One tap of a finger on each beat sets tempo and phase."),
    ControlSpec(
        name="bpm",
        kind="number",
        description="Sets the tempo; 0 gives it back to the clock.",
        default=0.0,
        low=0.0,
        high=RANGES["bpm"][1],
        unit="beats/min",
    ),
    ControlSpec(
        name="nudge",
        kind="number",
        description="Pushes the beat forward (positive) or back, on top of earlier nudges.",
        default=0.0,
        low=-1.0,
        high=1.0,
        unit="beats",
    ),
    _number("offset_ms", "By how much the dance leads the sound (positive) or follows it.", default=0.0, unit="ms"),
    ControlSpec(
        name="clock",
        kind="text",
        description="Who tells the beat: auto, audio, tap, midi or link.",
        default=BeatControls.clock,
    ),
    ControlSpec(name="half", kind="trigger", description="Halves the tempo that is danced."),
    ControlSpec(name="double", kind="trigger", description="Doubles the tempo that is danced."),
    ControlSpec(name="preset", kind="text", description="Recalls a preset by its name.", default="", eases="eased"),
    ControlSpec(
        name="save_preset",
        kind="text",
        description="Saves the controls of the dance as a preset of this name.",
        default="",
        eases="at once",
    ),
)
"""All controls, in the order in which they are shown."""

SPEC_BY_NAME: Final = {spec.name: spec for spec in CONTROL_SPECS}
