"""Reads a glTF binary as a renderer does: accessors as arrays, and linear blend skinning."""

import json
import struct
from typing import Any

import numpy as np

from data.motion.rotations import multiply, rotate

COMPONENTS = {"SCALAR": 1, "VEC3": 3, "VEC4": 4, "MAT4": 16}
DTYPES = {5121: "<u1", 5123: "<u2", 5126: "<f4"}


class Glb:
    """A file with one binary chunk."""

    def __init__(self, content: bytes) -> None:
        magic, version, length = struct.unpack_from("<4sII", content)
        assert (magic, version, length) == (b"glTF", 2, len(content))
        size, kind = struct.unpack_from("<II", content, 12)
        assert kind == 0x4E4F534A
        assert size % 4 == 0
        self.json: dict[str, Any] = json.loads(content[20 : 20 + size])
        binary_size, binary_kind = struct.unpack_from("<II", content, 20 + size)
        assert binary_kind == 0x004E4942
        assert 28 + size + binary_size == len(content)
        self.binary = content[28 + size :]

    def array(self, accessor: int) -> np.ndarray:
        """An accessor as (count, components); bytes and shorts that are normalised as numbers from 0 to 1."""
        described = self.json["accessors"][accessor]
        view = self.json["bufferViews"][described["bufferView"]]
        dtype, width = np.dtype(DTYPES[described["componentType"]]), COMPONENTS[described["type"]]
        assert view["byteOffset"] % 4 == 0
        assert view["byteLength"] == described["count"] * width * dtype.itemsize
        assert view["byteOffset"] + view["byteLength"] <= len(self.binary)
        rows = np.frombuffer(self.binary, dtype, described["count"] * width, view["byteOffset"]).reshape(-1, width)
        return rows / np.iinfo(dtype).max if described.get("normalized") else rows

    def primitives(self) -> dict[str, dict[str, np.ndarray]]:
        """Arrays of every primitive by the name of its material, `WEIGHTS` as (vertices, joints)."""
        result = {}
        for mesh in self.json["meshes"]:
            for primitive in mesh["primitives"]:
                arrays = {name: self.array(index) for name, index in primitive["attributes"].items()}
                arrays["triangles"] = self.array(primitive["indices"]).reshape(-1, 3).astype(int)
                arrays |= {
                    name: self.array(target["POSITION"])
                    for name, target in zip(
                        mesh.get("extras", {}).get("targetNames", ()), primitive.get("targets", ()), strict=True
                    )
                }
                table = np.zeros((len(arrays["POSITION"]), len(self.json["skins"][0]["joints"])))
                for joints, weights in zip(arrays["JOINTS_0"].T, arrays["WEIGHTS_0"].T, strict=True):
                    np.add.at(table, (np.arange(len(table)), joints), weights)
                arrays["WEIGHTS"] = table
                result[self.json["materials"][primitive["material"]]["name"]] = arrays
        return result

    def posed(self, arrays: dict[str, np.ndarray], turns: dict[str, np.ndarray], *, half: bool = True) -> np.ndarray:
        """Positions (vertices, 3) when bones turn by quaternions; `half`: constraints turn theirs half as far."""
        nodes = self.json["nodes"]
        local = {i: np.array(turns.get(node["name"], [0, 0, 0, 1.0])) for i, node in enumerate(nodes)}
        for index, node in enumerate(nodes):
            if half and "VRMC_node_constraint" in node.get("extensions", {}):
                rotation = node["extensions"]["VRMC_node_constraint"]["constraint"]["rotation"]
                assert rotation["weight"] == 0.5
                halfway = local[rotation["source"]] + [0, 0, 0, 1]
                local[index] = halfway / np.linalg.norm(halfway)
        binds = self.array(self.json["skins"][0]["inverseBindMatrices"]).reshape(-1, 4, 4)
        result = np.zeros_like(arrays["POSITION"], dtype=float)

        def visit(index: int, position: np.ndarray, rotation: np.ndarray) -> None:
            place = position + rotate(rotation, np.array(nodes[index]["translation"]))
            turned = multiply(rotation, local[index])
            joint = self.json["skins"][0]["joints"].index(index)
            moved = rotate(turned, arrays["POSITION"] + binds[joint][3, :3]) + place
            result[:] += arrays["WEIGHTS"][:, [joint]] * moved
            for child in nodes[index].get("children", ()):
                visit(child, place, turned)

        visit(0, np.zeros(3), np.array([0, 0, 0, 1.0]))
        return result
