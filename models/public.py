"""What `import models` offers: the names that stay as they are from version to version."""

from models.files.checkpoint import MODEL_CLASSES
from models.files.checkpoint_header import default_path
from models.files.modality_checkpoint import ModalityCheckpoint
from models.files.modality_checkpoint import load as load_model
from models.files.modality_checkpoint import save as save_model
from models.networks.modalities import InputModality, Layout, OutputModality, WindowBatch
from models.networks.modality_text import modalities_text, parse_modalities
from models.networks.multimodal_encoder import EncoderSize
from models.step.dancer import Dancer
from models.step.noise import frame_noise
from models.step.steering import Steering
from models.streaming.planning_transflower import PlanningTransflower
from models.streaming.streaming_transflower import StreamingTransflower
from models.window.flow_matcher import FlowMatcher
from models.window.moglow import MoGlow
from models.window.residual_flower import ResidualFlower
from models.window.transflower import Transflower
from models.window.transformer import Transformer
from models.window.transformerflow import Transformerflow
from models.window.transglower import Transglower
from models.window.vq_dancer import VQDancer
from models.window.window_dancer import WindowDancer

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
    "PlanningTransflower",
    "ResidualFlower",
    "Steering",
    "StreamingTransflower",
    "Transflower",
    "Transformer",
    "Transformerflow",
    "Transglower",
    "VQDancer",
    "WindowBatch",
    "WindowDancer",
    "default_path",
    "frame_noise",
    "load_model",
    "modalities_text",
    "parse_modalities",
    "save_model",
]
