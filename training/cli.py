"""``transflower-train``: fit a dancer, check it, compare it with others."""

import sys
import warnings
from typing import Any, Final

from data.commands.command_line import print_version, reader_may_leave
from data.commands.command_table import unknown_command
from data.commands.printable import printable

USAGE: Final = """transflower-train: how a dancer is made; --version says which this is

  transflower-train fit --config training/hparams/small/transflower.yaml --data.folder PREPARED
      train; the other models lie beside it, in the sizes debug, small and published; every option can be overridden,
      e.g. --model.learning_rate 5e-4 --trainer.devices 2 --trainer.strategy ddp
  transflower-train fit --config FILE --ckpt_path training/experiments/.../last.ckpt
      go on with a run that was interrupted
  transflower-train fit --config FILE --model.start_from DANCER.safetensors --model.freeze '["encoder.*"]'
      fine-tune a dancer, parts of it frozen
  transflower-train fit --config FILE --print_config
      the whole configuration, every default included
  transflower-train fit --model.dancer.help Transflower     (or any other model)
  transflower-train fit --data.help training.data_modules.modality_data.ModalityDataModule
      the options of a model or a dataset
  transflower-train captured --config training/hparams/planning/small.yaml --data.folder PREPARED -o DANCER.safetensors
      a PlanningTransflower trained with one CUDA graph a step: minutes on a large GPU
  transflower-train validate --config FILE --ckpt_path CKPT
      the held-out loss of a Lightning checkpoint
  transflower-train export --config FILE --ckpt_path CKPT -o DANCER.safetensors
      the dancer of a Lightning checkpoint, as the bridge performs it; FILE is the config.yaml of its run
  transflower-train overfit --config FILE
      a self-test: one batch to nearly no loss
  transflower-train lr-find --config FILE -o learning_rate.png
      a good learning rate, and a picture of why
  transflower-train bench
      what training on long windows gains over one target a window
  transflower-train generate MODEL.safetensors --folder FOLDER -o made
      what any model makes of the inputs of a folder: .npy of every output, and BVH where it is motion
  transflower-train evaluate A.safetensors B.safetensors --folder PREPARED -o REPORT
      how well dancers dance, beside real dance, spoilt real dance, and with controls: losses, distances, beats, feet,
      freezes, styles, ten minutes alone; tables and plots
  transflower-train evaluate --general MODEL.safetensors --folder FOLDER -o REPORT
      what holds for any modality: likelihood, with others' inputs too, moments, spectra, diversity, nearness; plots
  transflower-train calibrate DANCER.safetensors --folder PREPARED
      fits the correlation of its noise and the energy it is given to real dance, and writes both into its file
  transflower-train audience DANCES --folder PREPARED
      what an audience sees of dances that `transflower generate` made: floats, stands, back turned, styles, beside real
  transflower-train beats FOLDER
      how well the beat is heard, on recordings with known beats: in phase, lock, calibration, downbeats; beside others
  transflower-train music-detector CORPUS -o weights.npz
      the small network that tells music from speech and noise; data/sound/music_detector/README.md says how
  transflower-train beat-network STEMS -o weights.npz
      the small network that hears the beat, from music rendered for it; data/sound/beat_network/README.md says how
  transflower-train curves training/experiments/transflower/version_0 -o curves.png
      the curves of a run as a picture

Each command explains itself with --help.
"""

OURS: Final = (
    *("captured", "export", "overfit", "lr-find", "bench", "generate", "evaluate", "calibrate", "audience", "beats"),
    *("music-detector", "beat-network", "curves"),
)
"""Commands of our own."""

LIGHTNING: Final = ("fit", "validate", "test", "predict")
"""Lightning's, whose words for them are its own."""

_OURS: Final = ("bridge", "data", "models", "training")


def main() -> None:
    """Entry point of ``transflower-train``."""
    with reader_may_leave():
        _main(sys.argv[1:])


def _main(arguments: list[str]) -> None:
    if print_version("transflower-train", arguments):
        return
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(USAGE, end="")
        return
    try:
        _run(arguments[0], arguments[1:])
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] in _OURS:
            raise
        way_out = "pip install -c constraints.txt -e '.[train]'"
        print(f"transflower-train: {error.name} is not installed: {way_out}", file=sys.stderr)
        sys.exit(2)
    except ValueError as error:
        print(printable(f"transflower-train: {error}"), file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        print("transflower-train: interrupted", file=sys.stderr)
        sys.exit(130)


def _run(command: str, arguments: list[str]) -> None:
    """Runs one command; only what it needs is imported."""
    warnings.filterwarnings("ignore", message=".*args parameter is intended to run from within Python.*")
    warnings.filterwarnings("ignore", message=".*does not have many workers.*")  # memory-mapped windows need none
    warnings.filterwarnings("ignore", message=".*isinstance.treespec, LeafSpec.*")  # Lightning's own
    # The order of the examples is known from the seed, so a restart in mid-epoch goes on where it was.
    warnings.filterwarnings("ignore", message=".*resuming from a checkpoint that ended before the epoch.*")
    handler: Any
    if command == "evaluate":
        from training.evaluation.evaluate_modalities import wants_general

        if wants_general(arguments):
            from training.evaluation.evaluate_modalities import main as handler
        else:
            from training.evaluation.evaluate import main as handler
    elif command == "generate":
        from training.fitting.generate_command import main as handler
    elif command == "audience":
        from training.audience.command import main as handler
    elif command == "calibrate":
        from training.evaluation.calibrate import main as handler
    elif command == "curves":
        from training.fitting.curves import main as handler
    elif command == "bench":
        from training.fitting.bench import main as handler
    elif command == "beats":
        from training.beats.command import main as handler
    elif command == "overfit":
        from training.fitting.overfit import main as handler
    elif command == "captured":
        from training.fitting.captured import main as handler
    elif command == "music-detector":
        from training.music_detector.command import main as handler
    elif command == "beat-network":
        from training.beat_network.command import main as handler
    elif command == "export":
        from training.fitting.export_command import main as handler
    elif command == "lr-find":
        from training.fitting.lr_find import main as handler
    elif command not in LIGHTNING:
        raise ValueError(unknown_command(command, (*OURS, *LIGHTNING), "transflower-train"))
    else:
        from training.fitting.lightning import main as handler

        arguments = [command, *arguments]
    handler(arguments)


if __name__ == "__main__":
    main()
