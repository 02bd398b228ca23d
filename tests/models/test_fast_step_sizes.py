"""What the fast step reads of a configuration is what the model has, since it cannot import the model."""

from dataclasses import fields
from typing import Any

import numpy as np
import pytest

from models.fast_step import phrases, planning_sizes, streaming_sizes
from models.streaming import phrase_planner
from models.streaming.planning_config import PlanningConfig
from models.streaming.streaming_transflower import StreamingTransflower


@pytest.mark.parametrize(
    ("own", "kind", "left_out"),
    [
        (streaming_sizes.Sizes, StreamingTransflower.Config, streaming_sizes._NOT_FOR_STEPS),
        (planning_sizes.PlanningSizes, PlanningConfig, planning_sizes._NOT_FOR_STEPS),
    ],
)
def test_its_sizes_are_those_of_the_model_by_name_and_default(own: Any, kind: Any, left_out: set[str]):
    sizes = {field.name: field.default for field in fields(own)}
    configuration = {field.name: field.default for field in fields(kind)}
    assert sizes.items() <= configuration.items()
    assert set(configuration) - set(sizes) == left_out


@pytest.mark.parametrize(
    "name",
    ["PHASE_PULL", "TRUST_KEPT", "ENOUGH_TRUST", "OPEN_BEATS", "RECENCY_KEPT", "GAP_WEIGHT", "RECENCY_WEIGHT",
     "ENERGY_WEIGHT", "MIRROR_WEIGHT"],
)  # fmt: skip
def test_its_planner_weighs_as_the_model_s(name: str):
    assert getattr(phrases, f"_{name}") == np.float32(getattr(phrase_planner, name))
