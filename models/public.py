"""What `import models` offers: the names that stay as they are from version to version."""

from models.checkpoint import MODEL_CLASSES
from models.checkpoint_header import default_path
from models.dancer import Dancer
from models.flow_matcher import FlowMatcher
from models.modalities import InputModality, Layout, OutputModality, WindowBatch
from models.modality_checkpoint import ModalityCheckpoint
from models.modality_checkpoint import load as load_model
from models.modality_checkpoint import save as save_model
from models.modality_text import modalities_text, parse_modalities
from models.moglow import MoGlow
from models.multimodal_encoder import EncoderSize
from models.noise import frame_noise
from models.residual_flower import ResidualFlower
from models.steering import Steering
from models.streaming_transflower import StreamingTransflower
from models.transflower import Transflower
from models.transformer import Transformer
from models.transformerflow import Transformerflow
from models.transglower import Transglower
from models.window_dancer import WindowDancer

__all__ = [
    "MODEL_CLASSES",
    "Dancer",
    "EncoderSize",
    "FlowMatcher",
    "InputModality",
    "Layout",
    "MoGlow",
    "ModalityCheckpoint",
    "OutputModality",
    "ResidualFlower",
    "Steering",
    "StreamingTransflower",
    "Transflower",
    "Transformer",
    "Transformerflow",
    "Transglower",
    "WindowBatch",
    "WindowDancer",
    "default_path",
    "frame_noise",
    "load_model",
    "modalities_text",
    "parse_modalities",
    "save_model",
]
