"""BVH files as takes: those of the bridge, and of any rig whose joints have names that `rig_names` knows."""

import math
import re
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from .humanoid import PARENTS, nearest_parent
from .retarget import RestBone, facing
from .rig_names import best_mapping
from .rotations import IDENTITY, Floats, about, continuous, inverse, multiply, rotate
from .skeleton import Skeleton
from .take import Take

_METRES_PER_UNIT = (0.01, 1.0, 0.0254)
_TYPICAL_LEG_M = 0.85
_AXES = np.eye(3)


@dataclass
class _Joint:
    name: str
    parent: int
    offset: list[float] = field(default_factory=lambda: [0.0, 0.0, 0.0])
    channels: list[str] = field(default_factory=list)


def read_bvh(path: Path) -> Take:
    """The motion in a BVH file, on humanoid bones, turned so that the figure faces +Z at rest.

    Raises:
        ValueError: The file is not whole, or the joints' names do not tell which is which; the message names it.
        OSError: It cannot be read.
    """
    try:
        joints, values, frame_s = _parse(path.read_text(encoding="utf-8", errors="replace"))
    except (ValueError, IndexError) as error:
        raise ValueError(f"{path.name} is not a whole BVH file ({error})") from None
    try:
        return _take(path.stem, joints, values, frame_s)
    except ValueError as error:
        raise ValueError(f"{path.name}: {error}") from None


def _parse(text: str) -> tuple[list[_Joint], Floats, float]:
    hierarchy, separator, motion = text.partition("MOTION")
    if not separator or not hierarchy.strip().startswith("HIERARCHY"):
        raise ValueError("it lacks HIERARCHY or MOTION")
    joints: list[_Joint] = []
    stack: list[int] = []
    lines = iter(line.split() for line in hierarchy.splitlines()[1:] if line.strip())
    for words in lines:
        if words[0] in ("ROOT", "JOINT"):
            joints.append(_Joint(" ".join(words[1:]), stack[-1] if stack else -1))
        elif words[0] == "End":
            for inner in lines:
                if inner[0] == "}":
                    break
        elif words[0] == "{":
            stack.append(len(joints) - 1)
        elif words[0] == "}":
            stack.pop()
        elif words[0] == "OFFSET":
            joints[-1].offset = [float(word) for word in words[1:4]]
        elif words[0] == "CHANNELS":
            joints[-1].channels = [word.lower() for word in words[2 : 2 + int(words[1])]]
    header = re.match(r"\s*Frames:\s*(\d+)\s*Frame Time:\s*([-+.\deE]+)", motion)
    if header is None or not joints:
        raise ValueError("it lacks a joint, Frames or Frame Time")
    num_frames, frame_s = int(header.group(1)), float(header.group(2))
    num_channels = sum(len(joint.channels) for joint in joints)
    values = np.array(motion[header.end() :].split(), np.float64)
    if num_frames < 1 or values.size != num_frames * num_channels or not np.isfinite(values).all():
        raise ValueError(f"{values.size} values are not {num_frames} frames of {num_channels}")
    if not (math.isfinite(frame_s) and frame_s > 0):
        raise ValueError(f"its frame time is {frame_s}")
    return joints, values.reshape(num_frames, num_channels), frame_s


def _take(name: str, joints: list[_Joint], values: Floats, frame_s: float) -> Take:
    turned, placed, rest = _forward(joints, values)
    rig, mapping = best_mapping([joint.name for joint in joints])
    del rig
    index = {joint.name: number for number, joint in enumerate(joints)}
    bones = [bone for bone in PARENTS if bone in mapping]
    own = [index[mapping[bone]] for bone in bones]
    to_file = facing({bone: RestBone(bone, IDENTITY, rest[joint]) for bone, joint in zip(bones, own, strict=True)})
    to_ours = inverse(to_file)
    heads = {bone: rotate(to_ours, rest[joint]) for bone, joint in zip(bones, own, strict=True)}
    parents = [nearest_parent(bone, set(bones)) for bone in bones]
    offsets = np.array(
        [heads[bone] - heads[above] if above else np.zeros(3) for bone, above in zip(bones, parents, strict=True)]
    )
    unit = _unit_m(Skeleton(tuple(bones), tuple(bones.index(above) if above else -1 for above in parents), offsets))
    skeleton = Skeleton(tuple(bones), tuple(bones.index(above) if above else -1 for above in parents), offsets * unit)
    world = multiply(multiply(to_ours, turned[:, own]), to_file)
    local = world.copy()
    for number, parent in enumerate(skeleton.parents):
        if parent >= 0:
            local[:, number] = multiply(inverse(world[:, parent]), world[:, number])
    rate_hz = 1.0 / frame_s
    if abs(rate_hz - round(rate_hz)) < 1e-3 * rate_hz:
        rate_hz = float(round(rate_hz))
    times_s = np.arange(len(values)) / rate_hz
    return Take(name, skeleton, times_s, unit * rotate(to_ours, placed[:, own[0]]), continuous(local), rate_hz)


def _forward(joints: list[_Joint], values: Floats) -> tuple[Floats, Floats, Floats]:
    """World rotations (frames, joints, 4), places (frames, joints, 3), and places at rest (joints, 3)."""
    turned = np.zeros((len(values), len(joints), 4))
    placed = np.zeros((len(values), len(joints), 3))
    rest = np.zeros((len(joints), 3))
    column = 0
    for number, joint in enumerate(joints):
        offset = np.tile(np.array(joint.offset), (len(values), 1))
        local = np.tile(IDENTITY, (len(values), 1))
        for channel in joint.channels:
            axis = "xyz".index(channel[0])
            if channel.endswith("position"):
                offset[:, axis] = values[:, column]
            else:
                local = multiply(local, about(_AXES[axis], np.deg2rad(values[:, column])))
            column += 1
        if joint.parent < 0:
            turned[:, number], placed[:, number], rest[number] = local, offset, 0.0
        else:
            above = turned[:, joint.parent]
            if np.abs(offset).max() == 0.0:  # exporters that write zeros mean the OFFSET
                offset = np.tile(np.array(joint.offset), (len(values), 1))
            turned[:, number] = multiply(above, local)
            placed[:, number] = placed[:, joint.parent] + rotate(above, offset)
            rest[number] = rest[joint.parent] + joint.offset
    return turned, placed, rest


def _unit_m(figure: Skeleton) -> float:
    """Metres in the file's unit: the usual one with which the legs are nearest to a person's."""
    return min(_METRES_PER_UNIT, key=lambda unit: abs(math.log(max(figure.leg_m * unit, 1e-9) / _TYPICAL_LEG_M)))
