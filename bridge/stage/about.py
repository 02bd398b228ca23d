"""What `/about` answers: all that does not change while the bridge performs."""

import importlib.metadata
import math
from dataclasses import asdict
from typing import Any

from bridge.dancer_file import DancerFile
from bridge.inbound.control_schema import CONTROL_SPECS, ControlSpec
from models.style_names import seed_pose_title, style_title


def describe(dancer: DancerFile, *, sound: str) -> dict[str, Any]:
    """The dancer, the sound, and the table of controls.

    Args:
        dancer: Who dances.
        sound: What sounds, as people know it.
    """
    return {
        "version": importlib.metadata.version("transflower-bridge"),
        "dancer": dancer.path.name,
        "sound": sound,
        "rate_hz": dancer.rate_hz,
        "styles": list(dancer.styles),
        "seed_poses": list(dancer.seed_poses),
        "titles": {name: style_title(name) for name in dancer.styles}
        | {name: seed_pose_title(name) for name in dancer.seed_poses},
        "controls": [_control(spec) for spec in CONTROL_SPECS],
    }


def _control(spec: ControlSpec) -> dict[str, Any]:
    """A row of the table as JSON has it: no number is infinite there."""
    return {
        name: None if isinstance(value, float) and not math.isfinite(value) else value
        for name, value in asdict(spec).items()
    }
