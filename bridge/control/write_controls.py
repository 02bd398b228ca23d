"""Writes what is made from the table of controls: `make tables`, or `python -m bridge.control.write_controls`.

Python's fields and options, Unity's methods and the tables for people are text in files of their own or between two
marks. A test compares them with what is written here, so that a control is one row of `data/tables/controls.json`.
"""

import re
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import data
from bridge.control.control_schema import CONTROL_SPECS, ControlSpec

ROOT: Final = Path(data.__file__).parents[1]
COLUMNS: Final = 120

FIELDS: Final = ROOT / "bridge/control/control_fields.py"
OPTIONS: Final = ROOT / "bridge/commands/control_options.py"
PROTOCOL: Final = ROOT / "bridge/PROTOCOL.md"
README: Final = ROOT / "bridge/README.md"
PAGE: Final = ROOT / "docs/controls.md"
UNITY: Final = ROOT / "unity_client/Runtime/Unity/DanceControl.cs"

_WRITTEN: Final = "Written by `make tables` from data/tables/controls.json: change that."
_UNITY_MARKS: Final = (
    "        // From here: written by `make tables` from data/tables/controls.json.\n",
    "        // To here.\n",
)
_UNITY_NAMES: Final = {"reset": "ResetDance", "nudge": "Nudge", "preset": "RecallPreset", "save_preset": "SavePreset"}
"""Methods that are not called `SetName`, or by their name where they are triggers; `Reset` is the engine's own."""


def written(specs: Sequence[ControlSpec] = CONTROL_SPECS) -> dict[Path, str]:
    """Every file that holds something of the table, and what it must hold; all but that is as it is."""
    return {
        FIELDS: fields_module(specs),
        OPTIONS: options_module(specs),
        PROTOCOL: with_protocol(PROTOCOL.read_text(encoding="utf-8"), specs),
        README: with_readme(README.read_text(encoding="utf-8"), specs),
        PAGE: controls_page(specs),
        UNITY: with_unity(UNITY.read_text(encoding="utf-8"), specs),
    }


# -- Python ------------------------------------------------------------------------------------------------------------


def fields_module(specs: Sequence[ControlSpec]) -> str:
    """`bridge/control/control_fields.py`: what `bridge/control/controls.py` stands on."""
    dance = [spec for spec in specs if spec.of == "dance" and spec.kind != "trigger"]
    eased = [spec for spec in dance if spec.engine_eases]
    clocks = next(spec.choices for spec in specs if spec.name == "clock")
    lines = [f'"""The controls as fields of values. {_WRITTEN}"""', "", "import math"]
    lines += ["from dataclasses import dataclass", "from typing import Literal", ""]
    lines += [f"ClockName = Literal[{', '.join(map(_quoted, clocks))}]", "", ""]
    made = [spec for spec in dance if spec.option == "dance"]
    lines += _fields_class("DanceFields", "What a dance is made with, control by control.", made)
    others = [spec for spec in dance if spec not in made]
    lines += ["", "", *_fields_class("ControlFields(DanceFields)", "What a performer asks of the dance.", others)]
    lines += ["", "", "@dataclass(frozen=True, kw_only=True)", "class EasedFields:"]
    lines += ['    """The controls that an engine moves towards what is asked for; NaN before it moved, and for none.']
    lines += ["", "    Attributes:"]
    lines += [f"        {spec.name}: {'Share that is on, 0 to 1' if spec.kind == 'switch' else 'As asked for'}, eased."
              for spec in eased]  # fmt: skip
    lines += ['    """', ""]
    lines += [f"    {spec.name}: float = math.nan" for spec in eased]
    return "\n".join(lines) + "\n"


def _fields_class(name: str, title: str, specs: Sequence[ControlSpec]) -> list[str]:
    lines = ["@dataclass(frozen=True, kw_only=True)", f"class {name}:", f'    """{title}', "", "    Attributes:"]
    lines += [line for spec in specs for line in _wrapped(f"{spec.name}: {_details(spec)}", 8, hanging=4)]
    return [
        *lines,
        '    """',
        "",
        *(f"    {spec.name}: {_python_type(spec)} = {_python_default(spec)!r}" for spec in specs),
    ]


def options_module(specs: Sequence[ControlSpec]) -> str:
    """`bridge/commands/control_options.py`: what `bridge/commands/options.py` stands on."""
    lines = [f'"""The controls as options of the commands. {_WRITTEN}"""', "", "from dataclasses import dataclass"]
    lines += [
        "from typing import Annotated",
        "",
        "import tyro",
        "",
        "from bridge.control.control_fields import ClockName",
    ]
    titles = {
        "dance": "How the dancer dances.",
        "beat": "Who says where the beat is.",
        "stage": "When there is a dance.",
    }
    for group, title in titles.items():
        lines += ["", "", "@dataclass(frozen=True, kw_only=True)", f"class {group.capitalize()}ControlOptions:"]
        lines += [f'    """{title}"""', ""]
        for spec in specs:
            if spec.option == group:
                lines += [f"    {spec.name}: {_option_type(spec)} = {_python_default(spec)!r}"]
                lines += _wrapped(f'"""{_details(spec)}"""', 4)
    return "\n".join(lines) + "\n"


def _python_default(spec: ControlSpec) -> object:
    """As `Controls` has it: None where the wire has an empty text or a 0 that means none."""
    is_none = (spec.kind == "text" and spec.default == "") or (spec.low_above_zero is not None and spec.default == 0)
    return _Quoted(spec.default) if isinstance(spec.default, str) and not is_none else None if is_none else spec.default


def _python_type(spec: ControlSpec) -> str:
    if spec.name == "clock":
        return "ClockName"
    name = {"number": "float", "whole": "int", "switch": "bool", "text": "str"}[spec.kind]
    return f"{name} | None" if spec.nullable or _python_default(spec) is None else name


def _option_type(spec: ControlSpec) -> str:
    metavar = spec.metavar
    if not metavar and spec.nullable:
        metavar = f"{spec.low:g}..{spec.high:g}|None"
    elif not metavar and spec.kind == "text" and not spec.choices:
        metavar = "NAME"
    return f'Annotated[{_python_type(spec)}, tyro.conf.arg(metavar="{metavar}")]' if metavar else _python_type(spec)


class _Quoted(str):
    def __repr__(self) -> str:
        return _quoted(self)


def _quoted(text: str) -> str:
    return f'"{text}"'


def _details(spec: ControlSpec) -> str:
    return spec.details or spec.description


def _wrapped(text: str, indent: int, hanging: int = 0, first: str = "") -> list[str]:
    """Lines of at most `COLUMNS`."""
    return textwrap.wrap(
        text,
        COLUMNS,
        initial_indent=" " * indent + first,
        subsequent_indent=" " * (indent + hanging) + first,
        break_long_words=False,
        break_on_hyphens=False,
    )


# -- documents ---------------------------------------------------------------------------------------------------------


def with_protocol(text: str, specs: Sequence[ControlSpec]) -> str:
    """`PROTOCOL.md` with its table of controls, and what a preset sets."""
    rows = "".join(
        f"| `{spec.address}` | {spec.type_tag} | {_range_cell(spec)} | {_default_cell(spec)} | {spec.eases} "
        f"| {spec.description} |\n"
        for spec in specs
    )
    text = _replaced(r"(?:^\| `/dance/control/\w+` \|.*\n)+", rows, text)
    kept = ", ".join(f"`{spec.name}`" for spec in specs if spec.is_preset)
    sentence = f"A `preset` sets those of these that its file names, all or none of them: {kept}."
    return _replaced(r"^A `preset` sets [^.]*\.\n", "\n".join(_wrapped(sentence, 0)) + "\n", text)


def with_readme(text: str, specs: Sequence[ControlSpec]) -> str:
    """The README of the bridge with the requests that an index of dances holds."""
    names = ", ".join(
        f"`{spec.name}`" + (" (null: the dancer's own)" if spec.nullable and spec.default is None else "")
        for spec in specs
        if spec.option == "dance" and spec.name != "seed_pose"
    )
    return _replaced(
        r"^.* \| requests, as among the options \|\n", f"| {names} | requests, as among the options |\n", text
    )


def controls_page(specs: Sequence[ControlSpec]) -> str:
    """`docs/controls.md`: every control as performers look for it."""
    groups = {
        "How it dances": [spec for spec in specs if spec.of == "dance" and spec.kind != "trigger"],
        "The beat": [spec for spec in specs if spec.of == "beat" and spec.kind != "trigger"],
    }
    groups["At once, and then no more"] = [
        spec for spec in specs if not any(spec in group for group in groups.values())
    ]
    assert sum(map(len, groups.values())) == len(specs)
    lines = [
        "# Controls",
        "",
        f"<!-- {_WRITTEN} -->",
        "",
        *textwrap.wrap(
            "Each can be set on the page, by OSC at port 39540, by MIDI on the page (*learn*), and, where an option is "
            "named, by the command that begins the dance; a switch goes off by `--no-mirror` and the like. Those "
            "with a tick are kept in presets. Byte for byte they stand in [the wire](../bridge/PROTOCOL.md#controls).",
            COLUMNS,
        ),
    ]
    for title, group in groups.items():
        lines += [
            "",
            f"## {title}",
            "",
            "| OSC | option | takes | at first | preset | what it does |",
            "|---|---|---|---|---|---|",
        ]
        for spec in group:
            option = f"`--{spec.name.replace('_', '-')}`" if spec.option else ""
            cells = (f"`{spec.address}`", option, _range_cell(spec), _default_cell(spec), "✓" if spec.is_preset else "")
            lines.append(f"| {' | '.join(cells)} | {_details(spec)} |")
    return "\n".join(lines) + "\n"


def range_text(spec: ControlSpec) -> str:
    """What a number takes, with its unit, for people."""
    low, high = (f"{bound:.10g}" for bound in spec.value_range())
    return f"{'0, or ' if spec.low_above_zero is not None else ''}{low} to {high} {spec.unit}".strip()


def _range_cell(spec: ControlSpec) -> str:
    if spec.kind in ("number", "whole"):
        return range_text(spec)
    if spec.choices_of is not None:
        return f'a {spec.choices_of.replace("_", " ").removesuffix("s")} of the dancer, or ""'
    return {"switch": "0 or 1", "trigger": ""}.get(spec.kind, ", ".join(spec.choices) or spec.takes)


def _default_cell(spec: ControlSpec) -> str:
    if spec.default is None:
        return ""
    return f'"{spec.default}"' if isinstance(spec.default, str) else f"{spec.default:g}"


def _replaced(pattern: str, new: str, text: str) -> str:
    replaced, times = re.subn(pattern, lambda _: new, text, flags=re.MULTILINE)
    assert times == 1, f"{pattern} is there {times} times"
    return replaced


# -- Unity -------------------------------------------------------------------------------------------------------------


def with_unity(text: str, specs: Sequence[ControlSpec]) -> str:
    """`DanceControl.cs` with a method for each control."""
    begin, end = _UNITY_MARKS
    before, _, rest = text.partition(begin)
    _, found, after = rest.partition(end)
    assert found, f"{UNITY} has lost its marks"
    return before + begin + "\n".join("\n".join(_unity_method(spec)) + "\n" for spec in specs) + end + after


def unity_name(spec: ControlSpec) -> str:
    """The method of `DanceControl` that sends a control."""
    name = "".join(part.capitalize() for part in spec.name.split("_"))
    return _UNITY_NAMES.get(spec.name, name if spec.kind == "trigger" else f"Set{name}")


def _unity_method(spec: ControlSpec) -> list[str]:
    said = {"number": range_text(spec), "whole": range_text(spec)}.get(spec.kind, spec.takes)
    description = re.sub(r" \(\+[XYZ]\)", "", spec.description)  # Unity's axes are others
    words = description + (f" Takes {said}." if said else "")
    summary = _wrapped(f"<summary>{words}</summary>", 8, first="/// ")
    if len(summary) > 1:
        summary = ["        /// <summary>", *_wrapped(words, 8, first="/// "), "        /// </summary>"]
    kind = {"number": "float", "whole": "int", "switch": "bool", "text": "string"}.get(spec.kind)
    value = ", value ? 1 : 0" if spec.kind == "switch" else "" if kind is None else ", value"
    parameter = "" if kind is None else f"{kind} value"
    return [*summary, f'        public void {unity_name(spec)}({parameter}) => Send("{spec.address}"{value});']


def main() -> None:
    """Writes what has changed, and prints which."""
    for path, text in written().items():
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            print(path.relative_to(ROOT).as_posix())


if __name__ == "__main__":
    main()
