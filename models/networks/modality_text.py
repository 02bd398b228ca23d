"""Layouts as people type them, such as "audio:140, style -> pose:20@120"."""

import re
from dataclasses import dataclass
from typing import Final

from models.networks.modalities import Layout

EXAMPLE: Final = "audio:140, pose:120, style -> pose:20@120"
_ITEM: Final = re.compile(r"([\w-]+)(?::(\d+))?(?:@(-?\d+))?")


@dataclass(frozen=True, kw_only=True)
class TypedModality:
    """One modality as it was typed.

    Attributes:
        name: Of the feature.
        frames: How many; None for a label, which has no time.
        offset: The first of them, counted from the window's beginning.
    """

    name: str
    frames: int | None
    offset: int = 0


@dataclass(frozen=True, kw_only=True)
class TypedLayout:
    """Inputs and outputs as they were typed; dimensions and kinds are the data's.

    Attributes:
        inputs: What is read.
        outputs: What is written.
    """

    inputs: tuple[TypedModality, ...]
    outputs: tuple[TypedModality, ...]


def parse_modalities(text: str) -> TypedLayout:
    """What a line such as `audio:140, style -> pose:20@120` means.

    Modalities stand with commas between them, inputs before the arrow and outputs behind it: a name, a colon and how
    many frames, and `@` with the first frame, 0 if it is not said. A name alone is a label for the whole sequence. An
    output begins behind its own input if there is one, and else must say where.

    Raises:
        ValueError: It cannot be meant; the message says which part, and shows a right one.

    Example:
        >>> parse_modalities("audio:140 -> pose:20@120").outputs[0]
        TypedModality(name='pose', frames=20, offset=120)
    """
    sides = text.split("->")
    if len(sides) != 2:
        raise ValueError(f"modalities {text!r}: inputs, one arrow ->, outputs; such as {EXAMPLE!r}")
    inputs = tuple(_parse(part, text) for part in sides[0].split(","))
    ends = {item.name: item.offset + (item.frames or 0) for item in inputs}
    outputs = []
    for part in sides[1].split(","):
        item = _parse(part, text)
        if item.frames is None:
            raise ValueError(f"modalities {text!r}: say how many frames of {item.name} are predicted: {item.name}:20")
        if "@" not in part:
            if item.name not in ends:
                raise ValueError(
                    f"modalities {text!r}: say at which frame of the window {item.name} begins: "
                    f"{item.name}:{item.frames}@{max(ends.values())}"
                )
            item = TypedModality(name=item.name, frames=item.frames, offset=ends[item.name])
        outputs.append(item)
    return TypedLayout(inputs=inputs, outputs=tuple(outputs))


def _parse(part: str, text: str) -> TypedModality:
    found = _ITEM.fullmatch(part.strip())
    if found is None:
        raise ValueError(
            f"modalities {text!r}: {part.strip()!r} is not NAME:FRAMES or NAME:FRAMES@OFFSET; such as {EXAMPLE!r}"
        )
    name, frames, offset = found.groups()
    if frames is None and offset is not None:
        raise ValueError(f"modalities {text!r}: {name} has an offset and no frames; such as {name}:20@{offset}")
    if frames is not None and int(frames) < 1:
        raise ValueError(f"modalities {text!r}: {name} needs a frame at least")
    return TypedModality(name=name, frames=None if frames is None else int(frames), offset=int(offset or 0))


def modalities_text(layout: Layout) -> str:
    """A layout as one types it.

    Example:
        >>> from models.networks.modalities import InputModality, OutputModality
        >>> pose = OutputModality(name="pose", dims=118, frames=20, offset=120)
        >>> modalities_text(Layout(inputs=(InputModality(name="audio", dims=121, frames=140),), outputs=(pose,)))
        'audio:140 -> pose:20@120'
    """
    inputs = [
        item.name if item.kind == "label" else _span(item.name, item.frames, item.offset) for item in layout.inputs
    ]
    outputs = [f"{item.name}:{item.frames}@{item.offset}" for item in layout.outputs]
    return f"{', '.join(inputs)} -> {', '.join(outputs)}"


def _span(name: str, frames: int, offset: int) -> str:
    return f"{name}:{frames}@{offset}" if offset else f"{name}:{frames}"
