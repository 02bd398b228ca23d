"""Writes a control surface for phones: a session of Open Stage Control with every control of the bridge.

Open Stage Control serves it to any browser in the network and sends OSC to the bridge; load the file there, and give
`127.0.0.1:39540` as its target where it runs beside the bridge. It is made of the table from which everything is made
that steers, data/tables/controls.json. A phone that only needs the page has it by `transflower perform --stage`.
"""

import argparse
import json
from pathlib import Path
from typing import Any

TABLE = Path(__file__).resolve().parents[1] / "data/tables/controls.json"
COLUMNS, WIDTH, HEIGHT = 2, 180, 64


def widget(control: dict[str, Any], number: int, target: str) -> dict[str, Any]:
    """A fader, a switch or a button for one control; empty for what is typed."""
    made: dict[str, Any] = {
        "id": control["name"],
        "label": control.get("title") or control["name"].replace("_", " ").capitalize(),
        "address": f"/dance/control/{control['name']}",
        "target": [target],
        "left": number % COLUMNS * WIDTH,
        "top": number // COLUMNS * HEIGHT,
        "width": WIDTH,
        "height": HEIGHT,
    }
    match control["kind"]:
        case "number" | "whole":
            limits = {"min": control["low"], "max": control["high"]}
            at_first = control.get("default")
            is_whole = control["kind"] == "whole"
            made |= {"type": "fader", "horizontal": True, "design": "compact", "range": limits, "sensitivity": 1}
            made |= {"default": limits["min"] if at_first is None else at_first, "typeTags": "i" if is_whole else "f"}
            made |= {"steps": limits["max"] - limits["min"]} if is_whole else {}
        case "switch":
            made |= {"type": "button", "mode": "toggle", "on": 1, "off": 0, "typeTags": "i"}
            made |= {"default": int(bool(control.get("default")))}
        case "trigger":
            made |= {"type": "button", "mode": "tap", "on": 1, "off": 0, "typeTags": "i"}
        case _:
            return {}
    return made


def session(target: str) -> dict[str, Any]:
    """The whole layout, as Open Stage Control keeps it."""
    controls = json.loads(TABLE.read_text(encoding="utf-8"))["controls"]
    shown = [control for control in controls if control["name"] != "seed"]  # two thousand million steps: no fader
    made = [each for each in (widget(control, 0, target) for control in shown) if each]
    for number, each in enumerate(made):
        each |= {"left": number % COLUMNS * WIDTH, "top": number // COLUMNS * HEIGHT}
    return {"version": "1.27.0", "type": "session", "content": {"type": "root", "id": "root", "widgets": made}}


def main() -> None:
    """Writes the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("output", type=Path, nargs="?", default=Path("phone.json"), help="the session to write")
    parser.add_argument("--target", default="127.0.0.1:39540", help="where the bridge hears controls")
    options = parser.parse_args()
    made = session(options.target)
    options.output.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
    print(f"{options.output}: {len(made['content']['widgets'])} controls for {options.target}")


if __name__ == "__main__":
    main()
