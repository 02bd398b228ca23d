"""Writes a skinned figure as VRM 1.0: a glTF binary whose JSON also says which nodes are human bones.

glTF 2.0 (https://registry.khronos.org/glTF/specs/2.0/glTF-2.0.html), VRMC_vrm-1.0 and VRMC_node_constraint-1.0
(https://github.com/vrm-c/vrm-specification).
"""

import json
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bridge.stage.default_avatar.bones import Bones
from bridge.stage.default_avatar.distance import Points
from bridge.stage.default_avatar.part import Material

META: Final = {
    "name": "Transflower dancer",
    "version": "1",
    "authors": ["Transflower Bridge"],
    "licenseUrl": "https://vrm.dev/licenses/1.0/",
    "avatarPermission": "everyone",
    "allowExcessivelyViolentUsage": False,
    "allowExcessivelySexualUsage": False,
    "commercialUsage": "corporation",
    "allowPoliticalOrReligiousUsage": False,
    "allowAntisocialOrHateUsage": False,
    "creditNotation": "unnecessary",
    "allowRedistribution": True,
    "modification": "allowModificationRedistribution",
}

_FLOAT, _BYTE, _SHORT = 5126, 5121, 5123
_VERTICES, _TRIANGLES = 34962, 34963


@dataclass(frozen=True, eq=False)
class Surface:
    """Triangles of one material, skinned.

    Attributes:
        material: of all of it.
        positions: (vertices, 3) metres, in the rest pose.
        normals: (vertices, 3).
        colours: (vertices, 3), factor on the material's colour, linear, 0 to 1.
        weights: (vertices, bones), rows sum to 1, at most four of a row above 0.
        triangles: (triangles, 3).
        morphs: by name, (vertices, 3) metres that an expression adds to positions.
    """

    material: Material
    positions: Points
    normals: Points
    colours: Points
    weights: Points
    triangles: NDArray[np.int64]
    morphs: dict[str, Points] = field(default_factory=dict)


def vrm_bytes(bones: Bones, meshes: dict[str, Sequence[Surface]]) -> bytes:
    """The file. Surfaces of one mesh have the same morphs; those are the avatar's expressions.

    Raises:
        ValueError: surfaces of one mesh differ in their morphs.
    """
    return _Writer(bones).write(meshes)


class _Writer:
    """Grows the JSON and the binary side by side."""

    def __init__(self, bones: Bones) -> None:
        self.bones = bones
        self.binary = bytearray()
        self.gltf: dict[str, Any] = {
            "asset": {"version": "2.0", "generator": "Transflower Bridge"},
            "extensionsUsed": ["VRMC_vrm", "VRMC_node_constraint"],
            "scene": 0,
            "accessors": [],
            "bufferViews": [],
            "materials": [],
            "meshes": [],
        }

    def write(self, meshes: dict[str, Sequence[Surface]]) -> bytes:
        """The whole file."""
        bones, gltf = self.bones, self.gltf
        nodes = [self._bone_node(index) for index in range(len(bones.names))]
        inverse_binds = np.tile(np.eye(4), (len(bones.names), 1, 1))
        inverse_binds[:, 3, :3] = -bones.positions  # glTF stores columns, so this is the transposed matrix
        gltf["skins"] = [
            {
                "inverseBindMatrices": self._accessor(inverse_binds.astype(np.float32).reshape(-1, 16), "MAT4"),
                "joints": list(range(len(nodes))),
                "skeleton": 0,
            }
        ]
        materials = list({id(s.material): s.material for surfaces in meshes.values() for s in surfaces}.values())
        gltf["materials"] = [_material(material) for material in materials]
        binds: dict[str, list[dict[str, Any]]] = {}
        for name, surfaces in meshes.items():
            morphs = list(surfaces[0].morphs)
            if any(list(surface.morphs) != morphs for surface in surfaces):
                raise ValueError(f"the surfaces of {name} differ in their morphs")
            for index, morph in enumerate(morphs):
                binds.setdefault(morph, []).append({"node": len(nodes), "index": index, "weight": 1.0})
            nodes.append({"name": name, "mesh": len(gltf["meshes"]), "skin": 0})
            mesh: dict[str, Any] = {
                "name": name,
                "primitives": [self._primitive(s, materials.index(s.material)) for s in surfaces],
            }
            if morphs:
                mesh |= {"weights": [0.0] * len(morphs), "extras": {"targetNames": morphs}}
            gltf["meshes"].append(mesh)
        gltf["nodes"] = nodes
        gltf["scenes"] = [{"nodes": [0, *range(len(bones.names), len(nodes))]}]
        gltf["extensions"] = {"VRMC_vrm": self._vrm(binds)}
        return self._packed()

    def _bone_node(self, index: int) -> dict[str, Any]:
        bones = self.bones
        parent = bones.parents[index]
        offset = bones.positions[index] - (bones.positions[parent] if parent >= 0 else 0.0)
        node: dict[str, Any] = {"name": bones.names[index], "translation": [round(float(x), 6) for x in offset]}
        children = [child for child, above in enumerate(bones.parents) if above == index]
        if children:
            node["children"] = children
        if index in bones.half_of:
            constraint = {"rotation": {"source": bones.half_of[index], "weight": 0.5}}
            node["extensions"] = {"VRMC_node_constraint": {"specVersion": "1.0", "constraint": constraint}}
        return node

    def _vrm(self, binds: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
        human = {
            name[0].lower() + name[1:]: {"node": index}
            for index, name in enumerate(self.bones.names)
            if index not in self.bones.half_of
        }
        preset = {
            name: {"morphTargetBinds": bound, "overrideBlink": "block" if name != "blink" else "none"}
            for name, bound in binds.items()
        }
        return {
            "specVersion": "1.0",
            "meta": META,
            "humanoid": {"humanBones": human},
            "expressions": {"preset": preset},
        }

    def _primitive(self, surface: Surface, material: int) -> dict[str, Any]:
        order = np.argsort(-surface.weights, axis=1, kind="stable")[:, :4]
        shares = _bytes_that_sum_to_255(np.take_along_axis(surface.weights, order, axis=1))
        joints = np.where(shares > 0, order, 0).astype(np.uint8)
        colours = np.concatenate([surface.colours, np.ones((len(surface.colours), 1))], axis=1)
        primitive: dict[str, Any] = {
            "attributes": {
                "POSITION": self._accessor(surface.positions.astype(np.float32), "VEC3", _VERTICES, bounds=True),
                "NORMAL": self._accessor(surface.normals.astype(np.float32), "VEC3", _VERTICES),
                "COLOR_0": self._accessor(np.round(colours * 255).astype(np.uint8), "VEC4", _VERTICES, normalised=True),
                "JOINTS_0": self._accessor(joints, "VEC4", _VERTICES),
                "WEIGHTS_0": self._accessor(shares, "VEC4", _VERTICES, normalised=True),
            },
            "indices": self._accessor(surface.triangles.reshape(-1, 1).astype(np.uint16), "SCALAR", _TRIANGLES),
            "material": material,
        }
        if surface.morphs:
            primitive["targets"] = [
                {"POSITION": self._accessor(move.astype(np.float32), "VEC3", _VERTICES, bounds=True)}
                for move in surface.morphs.values()
            ]
        return primitive

    def _accessor(
        self,
        rows: NDArray[Any],
        kind: str,
        target: int | None = None,
        *,
        bounds: bool = False,
        normalised: bool = False,
    ) -> int:
        self.binary += b"\0" * (-len(self.binary) % 4)
        view: dict[str, Any] = {"buffer": 0, "byteOffset": len(self.binary), "byteLength": rows.nbytes}
        if target is not None:
            view["target"] = target
        self.binary += np.ascontiguousarray(rows, rows.dtype.newbyteorder("<")).tobytes()
        component = {"f": _FLOAT, "u": _BYTE if rows.dtype.itemsize == 1 else _SHORT}[rows.dtype.kind]
        accessor: dict[str, Any] = {
            "bufferView": len(self.gltf["bufferViews"]),
            "componentType": component,
            "count": len(rows),
            "type": kind,
        }
        if normalised:
            accessor["normalized"] = True
        if bounds:
            accessor |= {"min": rows.min(axis=0).tolist(), "max": rows.max(axis=0).tolist()}
        self.gltf["bufferViews"].append(view)
        self.gltf["accessors"].append(accessor)
        return len(self.gltf["accessors"]) - 1

    def _packed(self) -> bytes:
        self.binary += b"\0" * (-len(self.binary) % 4)
        self.gltf["buffers"] = [{"byteLength": len(self.binary)}]
        text = json.dumps(self.gltf, separators=(",", ":")).encode()
        text += b" " * (-len(text) % 4)
        chunks = struct.pack("<II", len(text), 0x4E4F534A) + text
        chunks += struct.pack("<II", len(self.binary), 0x004E4942) + bytes(self.binary)
        return struct.pack("<4sII", b"glTF", 2, 12 + len(chunks)) + chunks


def _material(material: Material) -> dict[str, Any]:
    result: dict[str, Any] = {
        "name": material.name,
        "pbrMetallicRoughness": {
            "baseColorFactor": [*(round(c, 5) for c in material.colour), 1.0],
            "metallicFactor": 0.0,
            "roughnessFactor": material.roughness,
        },
    }
    if any(material.glow):
        result["emissiveFactor"] = [round(c, 5) for c in material.glow]
    return result


def _bytes_that_sum_to_255(shares: Points) -> NDArray[np.uint8]:
    """Rows of shares, largest first, as bytes; what rounding loses or adds is the largest's."""
    rounded = np.round(shares * 255).astype(np.int64)
    rounded[:, 0] += 255 - rounded.sum(axis=1)
    return rounded.astype(np.uint8)
