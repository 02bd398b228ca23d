"""What `import data` offers: the names that stay as they are from version to version."""

from data.audio_features import AudioFeatures, AudioFeaturesConfig
from data.bvh import read_bvh, write_bvh
from data.feature_extraction import ExtractionOptions, extract
from data.modality_description import FolderDescription, ModalityDescription
from data.modality_folder import ModalityFolder, ModalitySequence
from data.modality_shapes import FolderShapes, read_shapes
from data.motion import Motion
from data.motion_file import write_motion
from data.motion_reading import read_recording
from data.music import synthesise
from data.pose_codec import PoseCodec
from data.skeleton import Skeleton
from data.sound_file import read_sound, write_sound

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
