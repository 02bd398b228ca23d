"""The controls: what each is called, what it takes, and what it does.

The table is `data/tables/controls.json`. OSC in, OSCQuery, presets, the dashboard and the page in the browser read it
here; Blender reads a copy of it; the fields of `Controls`, the options of the commands, the table of `PROTOCOL.md` and
Unity's `DanceControl.cs` are written from it by `make tables` (`bridge/control/write_controls.py`).
"""

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import data

Kind = Literal["number", "whole", "switch", "text", "trigger"]

TABLE: Final = Path(data.__file__).parent / "tables" / "controls.json"
ADDRESS: Final = "/dance/control/"
MAX_TEXT: Final = 64


@dataclass(frozen=True, kw_only=True)
class ControlSpec:
    """One control: a row of the table.

    Attributes:
        name: Last part of its OSC address.
        kind: `number`, `whole` (number), `switch`, `text`, or `trigger` (happens once, has no value).
        of: What it steers: the `dance`, the `beat`, the `take`, or `preset`s.
        description: What it does, in one sentence for people.
        details: The same at length, for the help of commands and in docstrings; empty where one sentence does.
        default: Value at the start; None for triggers and for what nobody asked for.
        low: Lowest value of a number, allowed.
        high: Highest value of a number, allowed.
        low_above_zero: Lowest value but 0, of a number whose 0 means none.
        nullable: Whether a number may be asked for by nobody: `None` in Python, `null` in a preset.
        unit: Of a number; empty for none.
        choices: All values of a text that is one of a few.
        choices_of: What of the dancer's a text chooses from, beside the empty text.
        takes: What other texts are taken, for people.
        eases: How a change is taken: `eased` within about a second, or `at once`.
        engine_eases: Whether the engine moves its own value towards the one that is asked for.
        is_preset: Whether a preset holds it; what belongs to the moment is in none.
        option: Among which options of the commands it is found: those of the `dance`, the `beat` or the `stage`.
        metavar: How the option's value is written in help texts, where that is not plain.
        panel: The page's panel that shows it.
        is_urgent: Whether it stops a dance, so that it waits behind no other control.
        title: What it is called on a panel.
        label: What it is called where there is little room.
        label_off: Of a switch that is on at the start, what is said where it is off.
    """

    name: str
    kind: Kind
    of: Literal["dance", "beat", "take", "preset"]
    description: str
    details: str = ""
    default: float | int | str | bool | None = None
    low: float = -math.inf
    high: float = math.inf
    low_above_zero: float | None = None
    nullable: bool = False
    unit: str = ""
    choices: tuple[str, ...] = ()
    choices_of: Literal["styles", "seed_poses"] | None = None
    takes: str = ""
    eases: Literal["eased", "at once"] = "eased"
    engine_eases: bool = False
    is_preset: bool = False
    option: Literal["dance", "beat", "stage"] | None = None
    metavar: str = ""
    panel: str = ""
    is_urgent: bool = False
    title: str = ""
    label: str = ""
    label_off: str = ""

    @classmethod
    def from_row(cls, row: dict[str, Any]) -> "ControlSpec":
        """A row of the table; what it leaves out is as in most others."""
        others = {{"transition": "eases", "preset": "is_preset", "urgent": "is_urgent"}.get(key, key): value
                  for key, value in row.items()}  # fmt: skip
        words = row["name"].replace("_", " ")
        if row["kind"] == "number":  # JSON knows one kind of number, Python and OSC know two
            others = {key: float(value) if type(value) is int else value for key, value in others.items()}
        others = {"title": words.capitalize(), "label": words, **others, "choices": tuple(row.get("choices", ()))}
        return cls(**others)

    def value_range(self) -> tuple[float, float]:
        """Lowest and highest value of a number that is asked for; 0 apart where that means none."""
        return (self.low if self.low_above_zero is None else self.low_above_zero), self.high

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


def read_table(path: Path = TABLE) -> tuple[ControlSpec, ...]:
    """The table of controls, in the order of the file."""
    return tuple(ControlSpec.from_row(row) for row in json.loads(path.read_text(encoding="utf-8"))["controls"])


CONTROL_SPECS: Final = read_table()
"""All controls, in the order in which they are shown."""

SPEC_BY_NAME: Final = {spec.name: spec for spec in CONTROL_SPECS}
