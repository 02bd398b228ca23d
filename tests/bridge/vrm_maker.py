"""Small VRM files, made from nothing: glTF binaries that hold bones and no body."""

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np

from data.motion.skeleton import Skeleton


def glb(gltf: dict[str, Any]) -> bytes:
    """A glTF binary of one JSON chunk."""
    text = json.dumps(gltf).encode()
    text += b" " * (-len(text) % 4)
    return b"glTF" + struct.pack("<III", 2, 20 + len(text), len(text)) + b"JSON" + text


def vrm(
    skeleton: Skeleton, *, version: int, scale: float = 1.0, turns: dict[str, list[float]] | None = None
) -> dict[str, Any]:
    """The glTF of an avatar with a skeleton's bones, each of its nodes turned in rest if `turns` says so (VRM 1)."""
    turns = turns or {}
    sign = np.array([1, 1, 1]) if version == 1 else np.array([-1, 1, -1])  # VRM 0 faces -Z
    positions, _ = skeleton.forward_kinematics(
        np.array([0, skeleton.rest_height, 0], np.float32),
        np.tile(np.array([0, 0, 0, 1], np.float32), (skeleton.num_joints, 1)),
    )
    from data.motion.rotations import inverse, multiply, rotate

    worlds: list[np.ndarray] = []
    nodes: list[dict[str, Any]] = []
    for joint, name in enumerate(skeleton.names):
        parent = skeleton.parents[joint]
        above = np.array([0, 0, 0, 1.0]) if parent < 0 else worlds[parent]
        turn = np.array(turns.get(name, [0, 0, 0, 1.0]), np.float64)
        offset = positions[joint] - (0 if parent < 0 else positions[parent])
        worlds.append(multiply(above, turn))
        local = rotate(inverse(above), scale * sign * offset)
        nodes.append({"name": name, "translation": local.tolist(), "rotation": turn.tolist()})
    for joint, parent in enumerate(skeleton.parents):
        if parent >= 0:
            nodes[parent].setdefault("children", []).append(joint)
    lower = [name[0].lower() + name[1:] for name in skeleton.names]
    if version == 1:
        bones: Any = {name: {"node": index} for index, name in enumerate(lower)}
        extension = {"VRMC_vrm": {"specVersion": "1.0", "meta": {"name": "Made"}, "humanoid": {"humanBones": bones}}}
    else:
        bones = [{"bone": name, "node": index} for index, name in enumerate(lower)]
        extension = {"VRM": {"meta": {"title": "Made"}, "humanoid": {"humanBones": bones}}}
    return {"asset": {"version": "2.0"}, "nodes": nodes, "extensions": extension}


def write_vrm(path: Path, skeleton: Skeleton, **options: Any) -> Path:
    path.write_bytes(glb(vrm(skeleton, **options)))
    return path
