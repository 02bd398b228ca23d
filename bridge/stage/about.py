"""What `/about` answers: all that does not change while the bridge performs."""

import importlib.metadata
import math
from typing import Any, Final

from bridge.control.control_schema import CONTROL_SPECS, ControlSpec
from bridge.dancer.dancer_file import DancerFile
from bridge.takes.header import TakeHeader
from models.step.style_names import seed_pose_title, style_title

_SHOWN: Final = ("name", "kind", "description", "default", "low", "high", "unit", "eases", "panel", "title")
"""What the page needs of a row, beside its choices."""


def describe(dancer: DancerFile, *, sound: str) -> dict[str, Any]:
    """The dancer, the sound, and the table of controls.

    Args:
        dancer: Who dances.
        sound: What sounds, as people know it.
    """
    names = {"styles": list(dancer.styles), "seed_poses": list(dancer.seed_poses)}
    return {
        "version": importlib.metadata.version("transflower-bridge"),
        "dancer": dancer.path.name,
        "sound": sound,
        "rate_hz": dancer.rate_hz,
        **names,
        "titles": {name: style_title(name) for name in dancer.styles}
        | {name: seed_pose_title(name) for name in dancer.seed_poses},
        "controls": [_control(spec, names) for spec in CONTROL_SPECS],
    }


def describe_replay(header: TakeHeader) -> dict[str, Any]:
    """The same of a take that is performed again, which nothing steers.

    Args:
        header: Of the take.
    """
    return {
        "version": importlib.metadata.version("transflower-bridge"),
        "dancer": header.checkpoint,
        "sound": header.source,
        "rate_hz": header.rate_hz,
        "styles": [],
        "seed_poses": [],
        "titles": {},
        "controls": [],
    }


def _control(spec: ControlSpec, names: dict[str, list[str]]) -> dict[str, Any]:
    """A row of the table as the page has it: no number is infinite there, and texts have the dancer's own choices."""
    row = {
        name: None if isinstance(value := getattr(spec, name), float) and not math.isfinite(value) else value
        for name in _SHOWN
    }
    return {**row, "choices": ["", *names[spec.choices_of]] if spec.choices_of else list(spec.choices)}
