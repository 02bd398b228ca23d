"""The window models by name."""

from __future__ import annotations

from models.flow_matcher import FlowMatcher
from models.moglow import MoGlow
from models.transflower import Transflower
from models.transformer import Transformer
from models.transformerflow import Transformerflow
from models.transglower import Transglower
from models.window_dancer import WindowDancer

MEMBERS: dict[str, type[WindowDancer]] = {
    model.__name__: model for model in (Transformer, Transflower, Transformerflow, Transglower, MoGlow, FlowMatcher)
}
"""Those that can be a part of a `ResidualFlower` as well."""
