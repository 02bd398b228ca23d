"""Other avatars made of the default one: the same body as a VRM 0, as a plain glTF, compressed."""

import json
import struct
from typing import Any

from bridge.stage.server import AVATAR

Gltf = dict[str, Any]


def default_avatar() -> bytes:
    """The default avatar's file."""
    return AVATAR.read_bytes()


def plain_gltf() -> bytes:
    """The body alone: whoever reads it must know the bones by their names."""
    gltf, binary = _split(default_avatar())
    _without_vrm(gltf)
    return _join(gltf, binary)


def turned_gltf() -> bytes:
    """The same, made by somebody whose floor is upright, who looks back, and who counts in centimetres."""
    gltf, binary = _split(plain_gltf())
    _wrap(gltf, {"rotation": [0.0, 0.7071068, 0.7071068, 0.0], "scale": [100.0, 100.0, 100.0]})
    return _join(gltf, binary)


def vrm0() -> bytes:
    """A VRM 0: it faces -Z, and names its bones in another way."""
    gltf, binary = _split(default_avatar())
    bones = gltf["extensions"]["VRMC_vrm"]["humanoid"]["humanBones"]
    _without_vrm(gltf)
    curve = {"curve": [0, 0, 0, 1, 1, 1, 1, 0], "xRange": 90, "yRange": 10}
    gltf["extensionsUsed"] = [*gltf.get("extensionsUsed", []), "VRM"]
    gltf.setdefault("extensions", {})["VRM"] = {
        "specVersion": "0.0",
        "meta": {"title": "Zero"},
        "humanoid": {"humanBones": [{"bone": bone, "node": entry["node"]} for bone, entry in bones.items()]},
        "firstPerson": {
            f"lookAt{way}": curve for way in ("HorizontalInner", "HorizontalOuter", "VerticalDown", "VerticalUp")
        },
        "blendShapeMaster": {"blendShapeGroups": []},
        "secondaryAnimation": {"boneGroups": [], "colliderGroups": []},
        "materialProperties": [],
    }
    _wrap(gltf, {"rotation": [0.0, 1.0, 0.0, 0.0]})
    return _join(gltf, binary)


def compressed() -> bytes:
    """A file that says that it cannot be read without Draco."""
    gltf, binary = _split(plain_gltf())
    gltf["extensionsRequired"] = ["KHR_draco_mesh_compression"]
    return _join(gltf, binary)


def without_legs() -> bytes:
    """A model whose legs nobody would know by their names."""
    gltf, binary = _split(plain_gltf())
    for node in gltf["nodes"]:
        if "Leg" in node.get("name", ""):
            node["name"] = "Stilt"
    return _join(gltf, binary)


def _without_vrm(gltf: Gltf) -> None:
    gltf["extensionsUsed"] = [name for name in gltf.get("extensionsUsed", []) if not name.startswith("VRM")]
    gltf["extensions"] = {
        name: value for name, value in gltf.get("extensions", {}).items() if not name.startswith("VRM")
    }


def _wrap(gltf: Gltf, node: dict[str, Any]) -> None:
    """Hangs all of the scene in a node of its own."""
    scene = gltf["scenes"][gltf.get("scene", 0)]
    gltf["nodes"].append({"name": "Frame", "children": scene["nodes"], **node})
    scene["nodes"] = [len(gltf["nodes"]) - 1]


def _split(glb: bytes) -> tuple[Gltf, bytes]:
    (length,) = struct.unpack_from("<I", glb, 12)
    return json.loads(glb[20 : 20 + length]), glb[20 + length :]


def _join(gltf: Gltf, binary: bytes) -> bytes:
    text = json.dumps({name: value for name, value in gltf.items() if value not in ({}, [])}).encode()
    text += b" " * (-len(text) % 4)
    head = struct.pack("<4sII", b"glTF", 2, 20 + len(text) + len(binary))
    return head + struct.pack("<I4s", len(text), b"JSON") + text + binary
