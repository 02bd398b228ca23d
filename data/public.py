"""What `import data` offers: the names that stay as they are from version to version."""

from data.dataset.feature_extraction import ExtractionOptions, extract
from data.dataset.modality_description import FolderDescription, ModalityDescription
from data.dataset.modality_folder import ModalityFolder, ModalitySequence
from data.dataset.modality_shapes import FolderShapes, read_shapes
from data.dataset.motion_reading import read_recording
from data.formats.bvh import read_bvh, write_bvh
from data.formats.motion_file import write_motion
from data.formats.sound_file import read_sound, write_sound
from data.motion.motion import Motion
from data.motion.pose_codec import PoseCodec
from data.motion.skeleton import Skeleton
from data.music import synthesise
from data.sound.audio_features import AudioFeatures, AudioFeaturesConfig

__all__ = [
    "AudioFeatures",
    "AudioFeaturesConfig",
    "ExtractionOptions",
    "FolderDescription",
    "FolderShapes",
    "ModalityDescription",
    "ModalityFolder",
    "ModalitySequence",
    "Motion",
    "PoseCodec",
    "Skeleton",
    "extract",
    "read_bvh",
    "read_recording",
    "read_shapes",
    "read_sound",
    "synthesise",
    "write_bvh",
    "write_motion",
    "write_sound",
]
