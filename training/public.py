"""What `import training` offers: the names that stay as they are from version to version."""

from training.data_modules.data_module import DancerData
from training.data_modules.modality_data import ModalityDataModule
from training.data_modules.window_picture import WindowPicture
from training.evaluation.evaluate_modalities import LossFigures, losses
from training.fitting.dancer_training import DancerTraining
from training.fitting.generation import Generated, GenerationOptions, generate
from training.fitting.library import fit
from training.metrics.series import RealSeries, diversity, moments, spectral_gap_db, spectrum

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
