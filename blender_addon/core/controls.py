"""The bridge's controls, from its own table, as datagrams for its control port."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from .osc import write_message

CONTROL_PORT: Final = 39540
TABLE: Final = Path(__file__).parents[1] / "_vendor" / "tables" / "controls.json"
"""A copy of the bridge's (`make vendor`), where its keys are explained."""
STYLES: Final = (
    *("Break", "House", "Ballet Jazz", "Street Jazz", "Krump", "LA-style Hip-hop", "Lock", "Middle Hip-hop"),
    *("Pop", "Waack"),
)
"""Names of the styles that the bridge's own dancer knows; it also takes their letters and those of other dancers."""

_TAGS: Final = {"number": "f", "whole": "i", "switch": "i", "text": "s", "trigger": ""}


@dataclass(frozen=True)
class Control:
    """A row of the bridge's table.

    Attributes:
        name: Last part of its OSC address.
        kind: `number`, `whole` (number), `switch`, `text` or `trigger`.
        description: What it does.
        default: Value at the start; None for triggers and for what nobody asked for.
        low: Lowest value of a number.
        high: Highest value of a number.
        unit: Of a number; empty for none.
        choices: All values of a text that is one of a few.
        option: Among which options of the bridge's commands it is; empty for none.
        panel: Which panel of the bridge's page shows it: `dance`, `beat`, `level`, `takes`, `presets` or `top`.
        title: What it is called on a panel.
    """

    name: str
    kind: str
    description: str
    default: Any = None
    low: float = 0.0
    high: float = 1.0
    unit: str = ""
    choices: tuple[str, ...] = ()
    option: str = ""
    panel: str = ""
    title: str = ""

    @property
    def tag(self) -> str:
        """The OSC type of its value; empty where it has none."""
        return _TAGS[self.kind]


def read_controls(path: Path = TABLE) -> tuple[Control, ...]:
    """The controls, in the order in which they are shown."""
    found = []
    for row in json.loads(path.read_text(encoding="utf-8"))["controls"]:
        known = {key: row[key] for key in Control.__dataclass_fields__ if key in row}
        known["choices"] = tuple(row.get("choices", ()))
        found.append(Control(**{"title": row["name"].replace("_", " ").capitalize(), **known}))
    return tuple(found)


CONTROLS: Final = read_controls()
_BY_NAME: Final = {row.name: row for row in CONTROLS}


def control(name: str, value: float | str | None = None) -> bytes:
    """`/dance/control/NAME` with its value, as the bridge documents it; a trigger has none.

    Raises:
        ValueError: There is no such control, or its value is of the wrong kind.

    Example:
        >>> from blender_addon.core.osc import read_messages
        >>> read_messages(control("energy", 0.75))[0].arguments
        (0.75,)
    """
    if name not in _BY_NAME:
        raise ValueError(f"no control is called {name!r}; there are {', '.join(_BY_NAME)}")
    tag = _BY_NAME[name].tag
    if (value is None) != (tag == ""):
        raise ValueError(f"{name} takes {'a value' if tag else 'no value'}")
    if value is None:
        return write_message(f"/dance/control/{name}", "")
    return write_message(f"/dance/control/{name}", tag, value if tag != "i" else int(value))


def option_words(row: Control, value: Any) -> list[str]:
    """A control as an option of `transflower generate`; none for an empty text.

    Example:
        >>> option_words(next(row for row in CONTROLS if row.name == "grounding"), False)
        ['--no-grounding']
    """
    option = row.name.replace("_", "-")
    if row.kind == "switch":
        return [f"--{option}" if value else f"--no-{option}"]
    if row.kind == "text":
        return [f"--{option}", value.strip()] if value.strip() else []
    return [f"--{option}", str(value) if row.kind == "whole" else f"{value:.4f}"]


def ping(token: int) -> bytes:
    """`/dance/ping`, which the bridge answers with its clock."""
    return write_message("/dance/ping", "h", token)
