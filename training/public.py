"""What `import training` offers: the names that stay as they are from version to version."""

from training.dancer_training import DancerTraining
from training.data_module import DancerData
from training.evaluate_modalities import LossFigures, losses
from training.generation import Generated, GenerationOptions, generate
from training.library import fit
from training.metrics.series import RealSeries, diversity, moments, spectral_gap_db, spectrum
from training.modality_data import ModalityDataModule
from training.window_picture import WindowPicture

__all__ = [
    "DancerData",
    "DancerTraining",
    "Generated",
    "GenerationOptions",
    "LossFigures",
    "ModalityDataModule",
    "RealSeries",
    "WindowPicture",
    "diversity",
    "fit",
    "generate",
    "losses",
    "moments",
    "spectral_gap_db",
    "spectrum",
]
