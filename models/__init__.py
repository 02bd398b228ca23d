"""What a dancer is: networks, flows, the step contract, checkpoints. torch only, no files of data/.

Public names, which stay as they are; each is imported when it is first asked for, and explains itself by `help`:

    Dancer                                  the contract: loss, initial_state, step; frame_noise is what a step is given
    PlanningTransflower                     the live dancer, with a plan; StreamingTransflower the one without
    Steering                                what a performer asks of a dancer
    WindowDancer                            what all others share: Transflower, Transformer, MoGlow, Transglower,
                                            Transformerflow, FlowMatcher, ResidualFlower, VQDancer;
                                            MODEL_CLASSES by name
    Layout, InputModality, OutputModality   what such a model reads and predicts; parse_modalities, modalities_text
    EncoderSize, WindowBatch                how large its encoders are; windows for training and for a step
    load_model, save_model                  files of any model, a ModalityCheckpoint each; default_path is a dancer
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from models.public import (
        MODEL_CLASSES,
        Dancer,
        EncoderSize,
        FlowMatcher,
        InputModality,
        Layout,
        ModalityCheckpoint,
        MoGlow,
        OutputModality,
        PlanningTransflower,
        ResidualFlower,
        Steering,
        StreamingTransflower,
        Transflower,
        Transformer,
        Transformerflow,
        Transglower,
        VQDancer,
        WindowBatch,
        WindowDancer,
        default_path,
        frame_noise,
        load_model,
        modalities_text,
        parse_modalities,
        save_model,
    )

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


def __getattr__(name: str) -> Any:
    """A public name; all are imported with the first, so that who wants one module alone does not wait for them."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from models import public

    return getattr(public, name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
