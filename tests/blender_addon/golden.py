"""The golden datagrams of the protocol, for the tests of this room."""

import json
from pathlib import Path
from typing import Any

import numpy as np

GOLDEN: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "bridge" / "golden" / "datagrams.json").read_text(encoding="utf-8")
)


def datagrams(texts: list[str]) -> list[bytes]:
    return [bytes.fromhex(text) for text in texts]


def skeleton_datagrams(name: str) -> list[bytes]:
    return next(datagrams(entry["datagrams"]) for entry in GOLDEN["skeletons"] if entry["name"] == name)


def all_datagrams() -> list[bytes]:
    """Every datagram that the file knows, but those that must be refused."""
    found: list[bytes] = []

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            for child in node.values():
                walk(child)
        elif isinstance(node, list):
            for child in node:
                walk(child)
        elif isinstance(node, str) and len(node) >= 16 and len(node) % 8 == 0:
            try:
                content = bytes.fromhex(node)
            except ValueError:
                return
            if content.startswith((b"/", b"#bundle")):
                found.append(content)

    walk({name: part for name, part in GOLDEN.items() if name != "refused"})
    return found


def random_rotations(rng: np.random.Generator, *shape: int) -> Any:
    q = rng.normal(size=(*shape, 4))
    return q / np.linalg.norm(q, axis=-1, keepdims=True)
