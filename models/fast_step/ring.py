"""Keys and values of the last frames, as a value: what one step writes, no other state ever sees changed."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
_FEWEST_SPARE: Final = 32


class _FrameBuffer:
    """Frames that several rings share: each is written once, after the last that was, and never again.

    Attributes:
        frames: (layers, 2, capacity, dims); keys, then values.
        used: Frames that are written.
        claiming: Held by the thread that looks whether a frame is free, and takes it.
    """

    def __init__(self, layers: int, capacity: int, dims: int) -> None:
        self.frames: Array = np.empty((layers, 2, capacity, dims), np.float32)
        self.used = 0
        self.claiming = threading.Lock()
        self.address = int(self.frames.ctypes.data)


@dataclass(frozen=True, eq=False)
class FrameRing:
    """Keys and values of all layers for the last frames of one pass.

    Frames are appended to a buffer that neighbouring states share. Where it is full, or another state went on from the
    same frame before, the last frames are copied into a new one: once in a window instead of at every step.

    Attributes:
        window_frames: Frames W that a layer sees, the newest included.
        num_frames: Frames written so far, since the beginning of the dance.
        end: Where in the buffer the next frame would stand.
    """

    buffer: _FrameBuffer
    window_frames: int
    num_frames: int = 0
    end: int = 0

    @classmethod
    def empty(cls, layers: int, window_frames: int, dims: int) -> "FrameRing":
        """A ring before the first frame."""
        return cls(_FrameBuffer(layers, window_frames + max(window_frames, _FEWEST_SPARE), dims), window_frames)

    @property
    def capacity(self) -> int:
        """Frames that the buffer can hold."""
        return self.buffer.frames.shape[2]

    @property
    def address(self) -> int:
        """Where the buffer is."""
        return self.buffer.address

    @property
    def newest(self) -> int:
        """Where in the buffer the newest frame stands."""
        return self.end - 1

    @property
    def num_visible(self) -> int:
        """Frames that a layer sees."""
        return min(self.num_frames, self.window_frames)

    def extended(self) -> "FrameRing":
        """The ring with one more frame, which nobody has written yet; this one stays as it is."""
        buffer, end = self.buffer, self.end
        with buffer.claiming:
            is_free = buffer.used <= end < self.capacity
            if is_free:
                buffer.used = end + 1
        if not is_free:
            buffer, end = self._copied(min(self.num_frames, self.window_frames - 1))
            buffer.used = end + 1
        return FrameRing(buffer, self.window_frames, self.num_frames + 1, end + 1)

    def visible(self) -> Array:
        """Keys and values of the frames that a layer sees, oldest first, (layers, 2, frames, dims)."""
        return self.buffer.frames[:, :, self.end - self.num_visible : self.end]

    @classmethod
    def of(cls, visible: Array, window_frames: int, num_frames: int) -> "FrameRing":
        """The ring of which `visible` is what its layers see."""
        layers, _, count, dims = visible.shape
        ring = cls.empty(layers, window_frames, dims)
        ring.buffer.frames[:, :, :count] = visible
        ring.buffer.used = count
        return cls(ring.buffer, window_frames, num_frames, count)

    def __reduce__(self) -> "tuple[Callable[..., FrameRing], tuple[Any, ...]]":
        """Saves what is seen, and not the buffer."""
        return FrameRing.of, (np.array(self.visible()), self.window_frames, self.num_frames)

    def _copied(self, count: int) -> tuple[_FrameBuffer, int]:
        layers, _, capacity, dims = self.buffer.frames.shape
        buffer = _FrameBuffer(layers, capacity, dims)
        buffer.frames[:, :, :count] = self.buffer.frames[:, :, self.end - count : self.end]
        return buffer, count


def leaves_of_rings(rings: Sequence[FrameRing], heads: int) -> dict[str, NDArray[Any]]:
    """Rings of the passes of one dancer as the leaves of a `models.networks.causal_transformer.RingCache`, by name."""
    window, total = rings[0].window_frames, rings[0].num_frames
    slots = np.arange(total - rings[0].num_visible, total) % window
    visible = [ring.visible() for ring in rings]
    layers, _, count, dims = visible[0].shape
    leaves: dict[str, NDArray[Any]] = {}
    for part, name in enumerate(("keys", "values")):
        for layer in range(layers):
            leaf = np.zeros((len(rings), heads, window, dims // heads), np.float32)
            for index, own in enumerate(visible):
                leaf[index][:, slots] = own[layer, part].reshape(count, heads, dims // heads).transpose(1, 0, 2)
            leaves[f"cache.{name}.{layer}"] = leaf
    return leaves | {"cache.num_frames": np.array(total)}


def rings_of_leaves(
    leaves: Mapping[str, NDArray[Any]], layers: int, window_frames: int, dims: int
) -> tuple[FrameRing, ...]:
    """Undoes `leaves_of_rings`."""
    total = int(leaves["cache.num_frames"])
    count = min(total, window_frames)
    slots = np.arange(total - count, total) % window_frames
    rings = []
    for index in range(len(leaves["cache.keys.0"]) if layers else 1):
        visible = np.zeros((layers, 2, count, dims), np.float32)
        for part, name in enumerate(("keys", "values")):
            for layer in range(layers):
                frames = leaves[f"cache.{name}.{layer}"][index][:, slots]
                visible[layer, part] = frames.transpose(1, 0, 2).reshape(count, dims)
        rings.append(FrameRing.of(visible, window_frames, total))
    return tuple(rings)
