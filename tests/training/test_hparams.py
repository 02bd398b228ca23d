"""The shipped configurations: every model in three sizes, all of which build and differ in nothing but the model."""

import functools
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import torch
import yaml

from models.files.checkpoint import MODEL_CLASSES
from models.networks.modalities import Layout
from models.step.config_dict import config_from_dict
from models.step.dancer import Dancer
from tests.training.runs import HPARAMS, MODELS
from training.fitting.lightning import command_line

SIZES = ("debug", "small", "published")
PUBLISHED = {"transflower": 122_357_296, "moglow": 281_933_456, "transformer": 63_670_469}
"""Parameters of the paper's models."""
BUILT = [*((name, "published") for name in MODELS), ("streaming_transflower", "small")]

pytestmark = pytest.mark.filterwarnings("ignore")  # of precision on machines without bfloat16


def test_every_model_comes_in_every_size():
    for size in SIZES:
        assert sorted(path.stem for path in (HPARAMS / size).glob("*.yaml")) == MODELS
    assert len(MODELS) == 9


def load(name: str, size: str) -> dict[str, Any]:
    """The values of a file."""
    values: dict[str, Any] = yaml.safe_load((HPARAMS / size / f"{name}.yaml").read_text(encoding="utf-8"))
    return values


def options(values: dict[str, Any], prefix: str = "") -> Iterator[str]:
    """The names of all options of a file."""
    for name, value in values.items():
        yield from options(value, f"{prefix}{name}.") if isinstance(value, dict) else [prefix + name]


@functools.cache
def build(name: str, size: str) -> Dancer:
    """The dancer of a file, without memory for the weights."""
    dancer = load(name, size)["model"]["dancer"]
    kind = MODEL_CLASSES[dancer["class_path"]]
    with torch.device("meta"):
        return kind(config_from_dict(kind.Config, dancer["init_args"]["config"]))


@pytest.mark.parametrize(("name", "size"), BUILT)
def test_the_command_line_builds_the_same(name: str, size: str):
    arguments = ["--config", str(HPARAMS / size / f"{name}.yaml"), "--trainer.accelerator", "cpu"]
    with torch.device("meta"):
        parts = command_line([*arguments, "--trainer.logger", "false"], run=False)
    assert parts.model.dancer.config == build(name, size).config


def test_no_file_has_an_option_that_none_of_those_has_which_the_command_line_reads():
    """`test_fit.py` trains the smallest."""
    read = {option for place in [*BUILT, *((name, "debug") for name in MODELS)] for option in options(load(*place))}
    assert {option for size in SIZES for name in MODELS for option in options(load(name, size))} == read


@pytest.mark.parametrize("name", MODELS)
def test_sizes_grow(name):
    counts = []
    for size in SIZES:
        dancer = build(name, size)
        assert type(dancer).__name__.lower() == name.replace("_", "")
        counts.append(sum(parameter.numel() for parameter in dancer.parameters()))
    assert counts[0] * 4 < counts[1]
    assert counts[1] * 4 < counts[2], counts


@pytest.mark.parametrize("name", sorted(PUBLISHED))
def test_the_published_size_is_the_papers(name):
    """Our poses have 118 numbers and our sound 121; at the paper's 69 and 85 the same file builds its model."""
    dancer = build(name, "published")
    layout = dancer.config.layout
    inputs = tuple(replace(item, dims={"pose": 69, "audio": 85}[item.name]) for item in layout.inputs)
    outputs = tuple(replace(item, dims=69) for item in layout.outputs)
    with torch.device("meta"):
        theirs = type(dancer)(replace(dancer.config, layout=Layout(inputs=inputs, outputs=outputs)))
    count = sum(parameter.numel() for parameter in theirs.parameters())
    assert abs(count / PUBLISHED[name] - 1) < 0.01, count


@pytest.mark.parametrize("name", MODELS)
def test_the_files_hold_what_is_the_models_own(name):
    """What all runs share stands in trainer.yaml, so that it is changed in one place."""
    for size in SIZES:
        path = HPARAMS / size / f"{name}.yaml"
        values = yaml.safe_load(path.read_text(encoding="utf-8"))
        assert path.read_text(encoding="utf-8").startswith("# "), "a file says what it is for"
        assert values["trainer"]["logger"]["init_args"] == {"save_dir": "training/experiments", "name": name}
        assert not values["trainer"].keys() & {"callbacks", "accelerator", "devices", "max_epochs"}
        assert values["data"]["init_args"]["folder"] == "prepared"
