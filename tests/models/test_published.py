"""The paper's sizes build to the paper's parameter counts. On the meta device: no weight is allocated."""

import pytest
import torch

from models.files.checkpoint import MODEL_CLASSES
from models.window import published


@pytest.mark.parametrize(
    ("name", "config", "expected"),
    [
        ("Transflower", published.transflower(), 122_357_296),
        ("MoGlow", published.moglow(), 281_933_456),
        ("Transformer", published.ai_choreographer(), 63_670_469),
    ],
)
def test_published_sizes(name, config, expected):
    with torch.device("meta"):
        model = MODEL_CLASSES[name](config)
    count = sum(parameter.numel() for parameter in model.parameters())
    assert abs(count / expected - 1) < 0.01, count
