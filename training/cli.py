"""``transflower-train``: fit a dancer, and assess one."""

from __future__ import annotations

import sys
import warnings

import torch
from pytorch_lightning.cli import LightningArgumentParser, LightningCLI

from training.dancer_training import DancerTraining
from training.data_module import DanceDataModule

USAGE = """transflower-train: how a dancer is made

  transflower-train fit --config training/hparams/streaming_transflower.yaml
      train; resume with --ckpt_path runs/.../last.ckpt; override with e.g. --model.learning_rate 5e-4
  transflower-train fit --config FILE --print_config
      the whole configuration, every default included
  transflower-train validate --config FILE --ckpt_path CKPT
      the held-out likelihood of a Lightning checkpoint
  transflower-train assess CHECKPOINT.safetensors --folder PREPARED -o REPORT
      roll-outs over held-out music: beat, freezes, sliding, jerk, beside real motion; tables and plots
  transflower-train curves runs/streaming_transflower/version_0 -o curves.png
      the curves of a run as a picture

Each command explains itself with --help.
"""


class _TrainCLI(LightningCLI):
    def add_arguments_to_parser(self, parser: LightningArgumentParser) -> None:
        parser.link_arguments("data.future_frames", "model.config.future_frames")


def main() -> None:
    """Entry point of ``transflower-train``."""
    arguments = sys.argv[1:]
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(USAGE, end="")
        return
    try:
        if arguments[0] == "assess":
            from training.assess import main as assess

            assess(arguments[1:])
        elif arguments[0] == "curves":
            from training.curves import main as curves

            curves(arguments[1:])
        else:
            _lightning()
    except ValueError as error:
        print(f"transflower-train: {error}", file=sys.stderr)
        sys.exit(2)


def _lightning() -> None:
    # Lightning advises more loader processes; memory-mapped windows need none.
    warnings.filterwarnings("ignore", message=".*does not have many workers.*")
    torch.set_float32_matmul_precision("high")
    _TrainCLI(
        DancerTraining,
        DanceDataModule,
        seed_everything_default=0,
        save_config_kwargs={"overwrite": True},
        auto_configure_optimizers=False,
    )


if __name__ == "__main__":
    main()
