"""What a VRM file says of an avatar's bones: where they are in rest, and how they are turned.

A VRM file is a glTF binary (https://registry.khronos.org/glTF/specs/2.0/glTF-2.0.html, section 4) whose JSON names the
nodes that are human bones: `VRMC_vrm` for VRM 1.0, `VRM` for 0.x. Only that JSON is read. Nothing in the file is
trusted.
"""

import hashlib
import json
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from data.motion.rotations import multiply, rotate

_MAX_JSON_BYTES: Final = 64 << 20
_MAX_NODES: Final = 100_000
_JSON_CHUNK: Final = 0x4E4F534A
_HALF_TURN: Final = np.array([0.0, 1.0, 0.0, 0.0])  # about the vertical: figures of VRM 0 face -Z


@dataclass(frozen=True, eq=False)
class AvatarBone:
    """One human bone of an avatar in its rest pose; right-handed, Y up, facing +Z, metres.

    Attributes:
        position: in the world, (3,).
        local_position: relative to the node above it, (3,).
        parent_rotation: rotation in the world of the node above it, (4,).
        rotation: its own rotation in the world, (4,).
    """

    position: NDArray[np.float64]
    local_position: NDArray[np.float64]
    parent_rotation: NDArray[np.float64]
    rotation: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Avatar:
    """The skeleton of a VRM file.

    Attributes:
        path: the file.
        sha256: of its content, as VMC's `/VMC/Ext/VRM` has it.
        title: of the avatar.
        version: 0 or 1.
        bones: by the names of Unity's ``HumanBodyBones``.
    """

    path: Path
    sha256: str
    title: str
    version: int
    bones: dict[str, AvatarBone]

    @property
    def hips_height_m(self) -> float:
        """Height of the hips above the floor in the rest pose."""
        return float(self.bones["Hips"].position[1])


def read_avatar(path: Path) -> Avatar:
    """The skeleton in a VRM file.

    Raises:
        ValueError: there is no such file, or it is no VRM; the message names it and says what is wrong.
    """
    if not path.is_file():
        raise ValueError(f"{path}: no such avatar")
    content = path.read_bytes()
    try:
        gltf = _read_json(content)
        version, title, nodes = _human_bones(gltf)
        bones = _rest_pose(gltf, nodes, turned=version == 0)
    except (KeyError, IndexError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise ValueError(f"{path}: not a usable VRM avatar: {error}") from None
    if "Hips" not in bones:
        raise ValueError(f"{path}: not a usable VRM avatar: it has no hips")
    if not 0.01 < bones["Hips"].position[1] < 100.0:
        raise ValueError(f"{path}: the avatar's hips are {bones['Hips'].position[1]:.3f} m above the floor")
    return Avatar(path, hashlib.sha256(content).hexdigest(), title, version, bones)


def _read_json(content: bytes) -> dict[str, Any]:
    if len(content) < 20 or content[:4] != b"glTF":
        raise ValueError("it is no glTF binary")
    version, _, size, kind = struct.unpack_from("<IIII", content, 4)
    if version != 2 or kind != _JSON_CHUNK or size > min(len(content) - 20, _MAX_JSON_BYTES):
        raise ValueError("its glTF header makes no sense; the file may be truncated")
    gltf = json.loads(content[20 : 20 + size])
    if not isinstance(gltf, dict) or len(gltf.get("nodes", ())) > _MAX_NODES:
        raise ValueError("its glTF has no sensible list of nodes")
    return gltf


def _human_bones(gltf: dict[str, Any]) -> tuple[int, str, dict[str, int]]:
    """VRM version, title, and the node of each human bone."""
    extensions = gltf.get("extensions", {})
    if "VRMC_vrm" in extensions:
        vrm = extensions["VRMC_vrm"]
        bones = {name: int(bone["node"]) for name, bone in vrm["humanoid"]["humanBones"].items()}
        # VRM 1 counts the thumb's joints from the wrist, Unity's names do not.
        renamed = {"ThumbMetacarpal": "ThumbProximal", "ThumbProximal": "ThumbIntermediate"}
        bones = {_renamed(name, renamed): node for name, node in bones.items()}
        return 1, str(vrm.get("meta", {}).get("name", "")), bones
    if "VRM" in extensions:
        vrm = extensions["VRM"]
        bones = {_capital(bone["bone"]): int(bone["node"]) for bone in vrm["humanoid"]["humanBones"]}
        return 0, str(vrm.get("meta", {}).get("title", "")), bones
    raise ValueError("it is a glTF without the VRM extension")


def _renamed(name: str, names: dict[str, str]) -> str:
    for old, new in names.items():
        if name.endswith(old):
            return _capital(name.removesuffix(old) + new)
    return _capital(name)


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]


def _rest_pose(gltf: dict[str, Any], bones: dict[str, int], *, turned: bool) -> dict[str, AvatarBone]:
    nodes = gltf["nodes"]
    parents = {child: index for index, node in enumerate(nodes) for child in node.get("children", ())}
    world: dict[int, tuple[NDArray[np.float64], NDArray[np.float64], float]] = {}
    start = (np.zeros(3), _HALF_TURN if turned else np.array([0.0, 0.0, 0.0, 1.0]), 1.0)
    found: dict[str, AvatarBone] = {}
    for name, index in bones.items():
        chain = [index]
        while chain[-1] in parents and chain[-1] not in world:
            chain.append(parents[chain[-1]])
            if len(chain) > len(nodes):
                raise ValueError("its nodes go round in a circle")
        for node in reversed(chain):
            if node not in world:
                world[node] = _placed(nodes[node], world.get(parents.get(node, -1), start))
        _, above_rotation, scale = world.get(parents.get(index, -1), start)
        position, rotation, _ = world[index]
        local = np.array(nodes[index].get("translation", (0, 0, 0)), np.float64) * scale
        if turned:  # rest rotations of VRM 0 are none by its specification; only the half turn must go again
            rotation = above_rotation = np.array([0.0, 0.0, 0.0, 1.0])
        found[name] = AvatarBone(position, local, above_rotation, rotation)
        if not (np.isfinite(position).all() and np.isfinite(rotation).all()):
            raise ValueError(f"the rest pose of {name} is not finite")
    return found


def _placed(
    node: dict[str, Any], above: tuple[NDArray[np.float64], NDArray[np.float64], float]
) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
    """World position, rotation and scale of a node under another."""
    position, rotation, scale = above
    if "matrix" in node:
        raise ValueError("its nodes have matrices, which VRM does not allow")
    local = np.array(node.get("translation", (0, 0, 0)), np.float64)
    turn = np.array(node.get("rotation", (0, 0, 0, 1)), np.float64)
    if local.shape != (3,) or turn.shape != (4,) or not 0.9 < float(np.linalg.norm(turn)) < 1.1:
        raise ValueError("a node's translation or rotation is none")
    sizes = np.array(node.get("scale", (1, 1, 1)), np.float64)
    if np.ptp(sizes) > 1e-3 * abs(sizes[0]):
        raise ValueError("a node is scaled differently along its axes")
    placed: NDArray[np.float64] = position + scale * rotate(rotation, local)
    turned: NDArray[np.float64] = multiply(rotation, turn / np.linalg.norm(turn)).astype(np.float64)
    return placed, turned, scale * float(sizes[0])
