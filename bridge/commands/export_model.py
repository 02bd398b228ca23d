"""`transflower export-model`: a dancer's step as an .onnx file."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro
from rich.console import Console

from models.files.checkpoint_header import ONNX_SUFFIX


@dataclass(frozen=True, kw_only=True)
class ExportModel:
    """Write a dancer's step to an .onnx file, which ONNX Runtime performs: faster on a processor, and without PyTorch.

    The file holds all that the checkpoint holds. Its step is compared with PyTorch's before it is written.
    - transflower export-model runs/best.safetensors dancer.onnx
    - transflower perform --checkpoint dancer.onnx
    """

    checkpoint: Annotated[tyro.conf.Positional[Path], tyro.conf.arg(metavar="CKPT")]
    """The dancer, a .safetensors file of this project."""
    output: Annotated[tyro.conf.Positional[Path | None], tyro.conf.arg(metavar="FILE")] = None
    """File to write; beside the checkpoint and as .onnx, if not given."""

    def run(self) -> None:
        """Exports, compares, writes, and prints what came out."""
        from bridge.dancer.dancer_file import export_checkpoint
        from data.formats.whole_file import whole_file

        output = self.output or self.checkpoint.with_suffix(ONNX_SUFFIX)
        if output.suffix.lower() != ONNX_SUFFIX:
            raise ValueError(f"{output}: the name of an exported dancer ends in {ONNX_SUFFIX}")
        if not output.parent.is_dir():
            raise ValueError(f"{output}: there is no folder {output.parent}; make it first")
        with Console(stderr=True).status(f"exporting {self.checkpoint.name} and dancing with it"):
            step = export_checkpoint(self.checkpoint)
            with whole_file(output) as part:
                part.write_bytes(step.data)
        form = step.form
        print(
            f"{output}: {len(step.data) / 1e6:.1f} MB; from PyTorch at most {form.largest_step_difference:.1e} in a "
            f"step and {form.largest_difference:.1e} after {form.checked_frames} frames"
        )
