"""What the fast step reads of a configuration is what the model has, since it cannot import the model."""

from dataclasses import fields
from typing import Any

import pytest

from models.fast_step import planning_sizes, streaming_sizes
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
