"""Lightning's command line over the models and the datasets: fit, validate, test, predict."""

import logging
import tempfile
import zipfile
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import torch
import yaml
from lightning_utilities.core.rank_zero import rank_zero_info
from pytorch_lightning.cli import LightningArgumentParser, LightningCLI

from data.dataset.modality_shapes import read_shapes

# Subclasses are found by their short names once they are imported.
from models.files.checkpoint import MODEL_CLASSES
from training.data_modules.dance_data import DanceDataModule
from training.data_modules.data_module import DancerData
from training.data_modules.data_sizes import fit_layout, fit_sizes, needs_data, set_modalities, sizes_for
from training.data_modules.modality_data import ModalityDataModule
from training.data_modules.phrase_data import PhraseDataModule
from training.data_modules.window_picture import DrawExample, WindowPicture
from training.fitting.callbacks import AveragedWeights, ExportDancer, RolloutMetrics
from training.fitting.dancer_training import DancerTraining
from training.fitting.one_line_parser import OneLineParser, in_one_line
from training.fitting.run_folder import RunTrainer, SaveConfig, check_logger

TRAINER_DEFAULTS: Final = Path(__file__).parents[1] / "hparams" / "trainer.yaml"
"""Trainer options common to all models; a configuration file overrides them."""

__all__ = ["MODEL_CLASSES", "AveragedWeights", "DanceDataModule", "ExportDancer", "ModalityDataModule"]
__all__ += ["PhraseDataModule", "RolloutMetrics", "command_line"]


class _CommandLine(LightningCLI):
    def __init__(self, *arguments: Any, known: Mapping[str, set[str]], is_training: bool, **options: Any) -> None:
        self._known, self._is_training = dict(known), is_training
        super().__init__(*arguments, **options)

    def subcommands(self) -> dict[str, set[str]]:  # type: ignore[override]
        """Those that are known; Lightning's own is static, and makes a parser for each of four each time."""
        return self._known

    def add_arguments_to_parser(self, parser: LightningArgumentParser) -> None:
        parser.link_arguments("seed_everything", "model.seed", compute_fn=int)
        parser.link_arguments("seed_everything", "data.init_args.seed", compute_fn=int)
        parser.add_argument(
            "--modalities",
            type=str | None,
            default=None,
            help="what is read, and what is predicted, in place of the layout of the model, such as "
            "'audio:140, style -> pose:20@120': so many frames of each, @ the first of them, a name alone for a label",
        )

    def parse_arguments(self, parser: LightningArgumentParser, args: Any) -> None:
        """Looks at the checkpoint that is named, too, before Lightning opens it."""
        super().parse_arguments(parser, args)
        subcommand = self.config.get("subcommand")
        if subcommand and (path := self.config[subcommand].get("ckpt_path")):
            check_checkpoint(str(path))

    def before_instantiate_classes(self) -> None:
        """Takes from the data what they decide: all that a training that begins leaves open, or says otherwise."""
        options = self.config[self.subcommand] if self.subcommand else self.config
        loggers = options.trainer.get("logger")
        for logger in loggers if isinstance(loggers, list) else [loggers]:
            check_logger(getattr(logger, "class_path", ""))
        if options.get("ckpt_path") and options.model.get("start_from"):
            rank_zero_info(
                f"--model.start_from {options.model.start_from} is passed over: {options.ckpt_path} has its weights"
            )
            options.model.start_from = None
        config = options.model.dancer.get("init_args", {}).get("config")
        if config is None:
            return
        trains = self.subcommand == "fit" or self._is_training
        is_new = trains and not options.get("ckpt_path") and not options.model.get("start_from")
        if options.modalities is not None:
            set_modalities(config, options.modalities)
            options.modalities = None  # the layout says it from now on
        folder = Path(options.data.init_args.folder)
        if config.get("layout") is None:
            beats = options.data.init_args.get("phrase_beats")
            changed = fit_sizes(config, sizes_for(config, folder, beats)) if is_new else []
        elif is_new or needs_data(config):
            changed = fit_layout(config, read_shapes(folder), only_missing=not is_new)
        else:
            changed = []
        if changed:
            rank_zero_info(f"as in {folder}: {', '.join(changed)}")

    def instantiate_classes(self) -> None:
        """Makes the parts; what a part refuses is reported without all that the parser tried beside it.

        Raises:
            ValueError: A part refuses its options.
        """
        try:
            super().instantiate_classes()
        except ValueError as error:
            raise ValueError(in_one_line(str(error))) from error

    def before_fit(self) -> None:
        """Refuses what cannot be trained before anything is written, and shows what an example is."""
        self.model.begin(self.datamodule)
        picture = WindowPicture.of(self.model.dancer, self.datamodule)
        if picture is not None:
            rank_zero_info(picture.text())
            callbacks = getattr(self.trainer, "callbacks")  # noqa: B009 - set by the trainer at run time
            callbacks.insert(0, DrawExample(picture))

    def after_fit(self) -> None:
        """Ends with an error where nothing was learned."""
        self.model.check_learned()


_OF_FIT_ALONE: Final = ("ckpt_path", "weights_only", "optimizer", "lr_scheduler")
_LIGHTNING_WORDS: Final = ("best", "last", "hpc")  # checkpoints that Lightning finds itself


def check_checkpoint(path: str) -> None:
    """Refuses what is no checkpoint of Lightning's, and says what it is and what there is.

    Raises:
        ValueError: There is nothing, or something else.
    """
    if path in _LIGHTNING_WORDS or "://" in path:
        return
    place = Path(path)
    if place.is_file():
        if place.suffix == ".safetensors":
            raise ValueError(
                f"{path}: a dancer, without the state of its training; go on from a .ckpt file (checkpoints/last.ckpt "
                f"beside it), or fine-tune by --model.start_from {path}"
            )
        if not is_pickled_by_torch(place):
            raise ValueError(f"{path}: damaged or no Lightning checkpoint; go on from another .ckpt file")
        return
    near = next((folder for folder in (place, *place.parents) if folder.is_dir()), Path())
    there = [str(found) for found in sorted(near.rglob("*.ckpt"))[:3]] if near != Path() else []
    raise ValueError(f"{path}: no such checkpoint" + (f"; there is {', '.join(there)}" if there else ""))


def check_config(arguments: list[str]) -> None:
    """Refuses a line without a configuration, or with one that is not there.

    Raises:
        ValueError: With what there is.
    """
    command, *options = arguments
    there = "such as training/hparams/small/transflower.yaml, or another model and size beside it"
    names = ("-c", "--config")
    files = [after for option, after in pairwise(options) if option in names]
    files += [option.partition("=")[2] for option in options if option.startswith("--config=")]
    for file in files:
        if not Path(file).is_file() and "\n" not in file and not file.lstrip().startswith("{"):  # it may be YAML itself
            raise ValueError(f"--config {file}: no such file; name one, {there}")
    says_more = any(
        option.startswith(("--model", "--print_config")) or "help" in option or option == "-h" for option in options
    )
    if command in LightningCLI.subcommands() and not files and not says_more:
        raise ValueError(f"{command}: say what it is about by --config FILE, {there}")


def is_pickled_by_torch(path: Path) -> bool:
    """Whether a file is an archive as `torch.save` writes it."""
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as file:
        return any(name.endswith("/data.pkl") for name in file.namelist())


def command_line(arguments: list[str], *, run: bool, is_training: bool = False) -> LightningCLI:
    """Lightning's command line; with `run` it does what the first argument says, else it only makes the parts.

    Args:
        arguments: What was typed.
        run: See above.
        is_training: The parts are for a training that begins, whose sizes are those of the data.
    """
    torch.set_float32_matmul_precision("high")
    logging.getLogger("pytorch_lightning.utilities.rank_zero").addFilter(_is_no_advertisement)
    defaults: dict[str, Any] = {"default_config_files": [str(TRAINER_DEFAULTS)]}
    known: dict[str, set[str]] = LightningCLI.subcommands()
    if arguments and arguments[0] in known:  # a parser takes a tenth of a second to make
        known = {arguments[0]: known[arguments[0]]}
    if run:
        defaults = dict.fromkeys(known, defaults)
    return _CommandLine(
        DancerTraining,
        DancerData,
        subclass_mode_data=True,
        seed_everything_default=0,
        trainer_class=RunTrainer,
        parser_class=OneLineParser,
        save_config_callback=SaveConfig,
        save_config_kwargs={"overwrite": True},
        auto_configure_optimizers=False,
        parser_kwargs=defaults,
        args=arguments,
        run=run,
        known=known,
        is_training=is_training,
    )


def _is_no_advertisement(record: logging.LogRecord) -> bool:
    """Lightning recommends packages of its makers at each start."""
    return "litlogger" not in record.getMessage()


def parts_of_run(config: str, arguments: list[str], *, is_training: bool = False) -> LightningCLI:
    """The parts that a configuration describes, without a logger or callbacks, for what is no training of its own.

    Args:
        config: As for fit, or the config.yaml of a run, which holds options of fit alone, too.
        arguments: Further options of fit.
        is_training: See `command_line`.
    """
    quiet = ["--trainer.logger", "false", "--trainer.callbacks", "[]", "--trainer.enable_checkpointing", "false"]
    try:
        values = yaml.safe_load(Path(config).read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise ValueError(f"--config {config}: cannot be read ({error})") from None
    kept = {name: by_class_name(value) for name, value in (values or {}).items() if name not in _OF_FIT_ALONE}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "config.yaml"
        path.write_text(yaml.safe_dump(kept), encoding="utf-8")
        return command_line(["--config", str(path), *arguments, *quiet], run=False, is_training=is_training)


def by_class_name(value: Any) -> Any:
    """A part of a configuration whose classes of ours go by their names alone, wherever they lay when it was written.

    Example:
        >>> by_class_name({"class_path": "training.earlier.DanceDataModule", "init_args": {"folder": "prepared"}})
        {'class_path': 'DanceDataModule', 'init_args': {'folder': 'prepared'}}
    """
    if isinstance(value, list):
        return [by_class_name(item) for item in value]
    if not isinstance(value, dict):
        return value
    inside = {name: by_class_name(item) for name, item in value.items()}
    path = inside.get("class_path")
    is_ours = isinstance(path, str) and path.startswith(("models.", "training."))
    return {**inside, "class_path": str(path).rpartition(".")[2]} if is_ours else inside


def main(arguments: list[str]) -> None:
    """Runs fit, validate, test or predict.

    Raises:
        ValueError: Nobody said what is to be trained, or the configuration is not there.
    """
    check_config(arguments)
    command_line(arguments, run=True)
