"""How a dancer is made: Lightning, windows of data, metrics.

Public names, which stay as they are; each is imported when it is first asked for, and explains itself by `help`:

    fit                                     a training as one function
    generate, GenerationOptions, Generated  a model let loose on the inputs of sequences
    losses, LossFigures                     held-out losses, and those with the inputs of others
    moments, spectrum, spectral_gap_db, diversity, RealSeries   what can be said of any series beside real ones
    ModalityDataModule, DancerData          windows of any modalities for Lightning; WindowPicture draws one
    DancerTraining                          the Lightning module
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from training.public import (
        DancerData,
        DancerTraining,
        Generated,
        GenerationOptions,
        LossFigures,
        ModalityDataModule,
        RealSeries,
        WindowPicture,
        diversity,
        fit,
        generate,
        losses,
        moments,
        spectral_gap_db,
        spectrum,
    )

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


def __getattr__(name: str) -> Any:
    """A public name; all are imported with the first, so that who wants one module alone does not wait for them."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from training import public

    return getattr(public, name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
