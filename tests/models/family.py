"""Tiny models of the whole family, with several inputs and outputs, a label and tokens among them."""

from dataclasses import asdict, replace

import torch

from models.files.checkpoint import MODEL_CLASSES
from models.networks.modalities import InputModality, Layout, OutputModality, WindowBatch
from models.networks.multimodal_encoder import EncoderSize
from models.window.window_dancer import WindowConfig, WindowDancer

PAST, AHEAD = 6, 2
SIZE = EncoderSize(dims=16, num_heads=2, input_layers=1, cross_layers=2, mlp_dims=16, dropout=0.0)


def layout(output_frames: int = 3) -> Layout:
    """Two outputs, one of which is fed back; sound with look-ahead, a late feature, tokens, and a style."""
    return Layout(
        inputs=(
            InputModality(name="pose", dims=5, frames=PAST),
            InputModality(name="audio", dims=4, frames=PAST + 1 + AHEAD),
            InputModality(name="onset", dims=2, frames=3, offset=PAST - 2),
            InputModality(name="chord", dims=3, frames=2, offset=PAST - 1, kind="discrete", num_tokens=4),
            InputModality(name="style", dims=3, kind="label", num_tokens=3),
        ),
        outputs=(
            OutputModality(name="pose", dims=5, frames=output_frames, offset=PAST),
            OutputModality(name="hands", dims=2, frames=output_frames, offset=PAST),
        ),
    )


ENCODED = {"size": SIZE, "coupling": SIZE, "flow_steps": 2}
PLAIN = {"size": asdict(SIZE), "coupling": asdict(SIZE), "flow_steps": 2}
OPTIONS = {
    "Transformer": {"size": SIZE},
    "Transflower": {**ENCODED, "norm": "batchnorm", "base": "student_t"},
    "Transflower, residual": {**ENCODED, "residual": True},
    "Transflower, contexts in time": {**ENCODED, "num_contexts": 5},
    "Transformerflow": {**ENCODED, "norm": "none"},
    "Transformerflow, mixtures": {**ENCODED, "num_mixtures": 3},
    "Transglower": {**ENCODED, "lstm_dims": 8, "training_frames": 4},
    "MoGlow": {"flow_steps": 2, "lstm_dims": 8, "training_frames": 4},
    "FlowMatcher": {"size": SIZE, "head": SIZE, "preconditioned": True},
    "ResidualFlower": {"mean_options": {"size": asdict(SIZE)}, "residual_options": PLAIN},
    "ResidualFlower, MoGlow": {
        "residual": "MoGlow", "training_frames": 4, "mean_options": {"size": asdict(SIZE)},
        "residual_options": {"flow_steps": 2, "lstm_dims": 8},
    },
    "VQDancer": {
        "training_frames": 6, "bar_frames": 2, "num_codes": 8, "code_dims": 4, "dims": 16, "num_heads": 2,
        "code_layers": 1, "frame_layers": 1, "dropout": 0.0, "past_dropout": 0.0,
    },
}  # fmt: skip
RECURRENT = ("Transglower", "MoGlow", "ResidualFlower, MoGlow")
ONE_FRAME = (*RECURRENT, "VQDancer")


def config(name: str, **changes) -> WindowConfig:
    """The tiny configuration of a name of `OPTIONS`."""
    kind = MODEL_CLASSES[name.split(",")[0]]
    frames = 1 if name in ONE_FRAME else 3
    return kind.Config(**{"layout": layout(frames), "num_seed_poses": 2, **OPTIONS[name], **changes})


def make(name: str, **changes) -> WindowDancer:
    """A model away from its initial zeros, so that everything matters, with statistics that are not 0 and 1."""
    torch.manual_seed(0)
    chosen = config(name, **changes)
    model = MODEL_CLASSES[name.split(",")[0]](chosen)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(0.1 * torch.randn_like(parameter))
    pose, music = chosen.layout.pose_dims, chosen.layout.music_dims
    music_std = torch.full((music,), 2.0)
    music_std[-1] = 1.0  # the column of tokens
    model.set_statistics(
        pose_mean=torch.linspace(-1, 1, pose), pose_std=torch.linspace(0.5, 2, pose),
        music_mean=torch.zeros(music), music_std=music_std,
    )  # fmt: skip
    model.set_seed_poses(torch.randn(2, pose))
    return model


def batch(chosen: WindowConfig, size: int = 4, seed: int = 0) -> WindowBatch:
    """Random windows of training data; the beginning of some is unknown."""
    generator = torch.Generator().manual_seed(seed)
    inputs, outputs = chosen.training_modalities
    made = WindowBatch(inputs={}, known={}, outputs={})
    for item in inputs:
        if item.kind == "label":
            made.inputs[item.name] = torch.randint(item.num_tokens + 1, (size,), generator=generator)
            continue
        known = torch.ones(size, item.frames)
        known[0, : item.frames // 2] = 0
        made.known[item.name] = known
        if item.kind == "discrete":
            tokens = torch.randint(item.num_tokens, (size, item.frames), generator=generator)
            made.inputs[item.name] = torch.where(known > 0, tokens, item.num_tokens)
        else:
            made.inputs[item.name] = torch.randn(size, item.frames, item.dims, generator=generator) * known[..., None]
    for item in outputs:
        made.outputs[item.name] = torch.randn(size, item.frames, item.dims, generator=generator)
    return made


def music(frames: int, size: int = 1, seed: int = 0) -> torch.Tensor:
    """Music frames for `layout`, (frames, size, 7): sound, onsets, a chord."""
    generator = torch.Generator().manual_seed(seed)
    sound = torch.randn(frames, size, 6, generator=generator)
    return torch.cat([sound, torch.randint(4, (frames, size, 1), generator=generator).float()], -1)


def with_input(chosen: Layout, which: str, /, **changes) -> Layout:
    """The layout with another input of a name."""
    inputs = tuple(replace(item, **changes) if item.name == which else item for item in chosen.inputs)
    return replace(chosen, inputs=inputs)
