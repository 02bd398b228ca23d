"""The window models by name."""

from typing import Final

from models.window.flow_matcher import FlowMatcher
from models.window.moglow import MoGlow
from models.window.transflower import Transflower
from models.window.transformer import Transformer
from models.window.transformerflow import Transformerflow
from models.window.transglower import Transglower
from models.window.window_dancer import WindowDancer

MEMBERS: Final[dict[str, type[WindowDancer]]] = {
    model.__name__: model for model in (Transformer, Transflower, Transformerflow, Transglower, MoGlow, FlowMatcher)
}
"""Those that can be a part of a `ResidualFlower` as well."""
