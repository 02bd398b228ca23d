"""What the fast step reads of a configuration is what the model has, since it cannot import the model."""

from dataclasses import fields

from models.fast_step import streaming_sizes
from models.streaming_transflower import StreamingTransflower


def test_its_sizes_are_those_of_the_model_by_name_and_default():
    sizes = {field.name: field.default for field in fields(streaming_sizes.Sizes)}
    configuration = {field.name: field.default for field in fields(StreamingTransflower.Config)}
    assert sizes.items() <= configuration.items()
    assert set(configuration) - set(sizes) == streaming_sizes._NOT_FOR_STEPS
