"""`transflower dancer`: what is known of a dancer before it is loaded."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro

from data.commands.printable import printable


@dataclass(frozen=True, kw_only=True)
class AboutDancer:
    """Tell what a dancer's file holds: the styles and seed poses that can be asked for by name, its origin and licence.

    - transflower dancer
    - transflower dancer runs/best.safetensors
    """

    checkpoint: Annotated[tyro.conf.Positional[Path | None], tyro.conf.arg(metavar="FILE")] = None
    """A .safetensors or .onnx file of this project; the dancer that ships with the repository, if none is named."""

    def run(self) -> None:
        """Prints it, a line each."""
        from bridge.dancer.checksum import sha256
        from bridge.dancer.dancer_file import NO_GUIDANCE, DancerFile
        from models.step.style_names import listed

        dancer = DancerFile.unprepared(self.checkpoint)
        look_ahead_s = dancer.look_ahead_frames / dancer.rate_hz
        rows = {
            "file": dancer.path,
            "sha256": sha256(dancer.path),
            "model": f"{dancer.metadata['model_class']}, {dancer.skeleton.num_joints} joints, {dancer.rate_hz} poses a "
            f"second, hears up to {look_ahead_s:g} s of what is coming",
            "styles": listed(dancer.styles),
            "seed poses": listed(dancer.seed_poses),
            "guidance": "of styles, 0 to 8" if dancer.guides_style else f"none: {NO_GUIDANCE}",
            "correlation": f"{dancer.noise_correlation:g} of the noise from frame to frame",
            "groove": f"{dancer.groove:g}, until another is asked for",
            **{name: dancer.metadata[name] for name in ("licence", "attribution", "provenance")},
        }
        for name, value in rows.items():
            print(f"{name:12}{printable(value)}")
