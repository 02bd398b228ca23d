"""What a sample is: skeletons, poses, sound features, music, file formats. numpy only, no torch.

Public names, which stay as they are; each is imported when it is first asked for, and explains itself by `help`:

    read_sound, write_sound, synthesise         sound files, dance music that is rendered
    read_bvh, write_bvh, write_motion, Motion   motion on a Skeleton; read_recording reads any file on humanoid bones
    AudioFeatures, AudioFeaturesConfig          sound to 121 numbers a frame, live or from a file
    PoseCodec                                   poses to vectors and back
    extract, ExtractionOptions                  features of files and folders, as arrays
    read_shapes, FolderShapes                   what a folder of modalities holds
    ModalityFolder, ModalitySequence            its sequences; FolderDescription and ModalityDescription what it tells
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from data.public import (
        AudioFeatures,
        AudioFeaturesConfig,
        ExtractionOptions,
        FolderDescription,
        FolderShapes,
        ModalityDescription,
        ModalityFolder,
        ModalitySequence,
        Motion,
        PoseCodec,
        Skeleton,
        extract,
        read_bvh,
        read_recording,
        read_shapes,
        read_sound,
        synthesise,
        write_bvh,
        write_motion,
        write_sound,
    )

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


def __getattr__(name: str) -> Any:
    """A public name; all are imported with the first, so that who wants one module alone does not wait for them."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from data import public

    return getattr(public, name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
