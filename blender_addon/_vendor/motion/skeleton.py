"""The skeleton: which joints there are, how they hang together, and where each sits on its parent."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from . import rotations
from .rotations import Floats

STATURE_M: Final = 1.6
"""Of the figure for which lengths and speeds of a body are given; other figures are measured in proportion."""


@dataclass(frozen=True, eq=False)
class Skeleton:
    """A tree of joints and its rest pose, in which every rotation is the identity and joint frames lie as the world's.

    Attributes:
        names: Unique joint names.
        parents: Index of each joint's parent; -1 for the root, which is joint 0. Parents come before children.
        offsets: (joints, 3) float32, metres: position in the parent's frame. The root's own offset is kept for file
            formats that have one and plays no part in forward kinematics.
        end_sites: (joint, (x, y, z)) for every tip without a joint of its own (finger tips, toes, top of the head).

    Raises:
        ValueError: names, parents and offsets do not describe one tree.

    Example:
        >>> arm = Skeleton(("Shoulder", "Elbow", "Wrist"), (-1, 0, 1), np.array([[0, 0, 0], [0.3, 0, 0], [0.25, 0, 0]]))
        >>> bent = np.array([[0, 0, 0, 1], rotations.about_axis(2, np.pi / 2), [0, 0, 0, 1]])  # the elbow turns about Z
        >>> positions, _ = arm.forward_kinematics(np.zeros(3), bent)
        >>> positions[arm.index("Wrist")].round(2).tolist()
        [0.3, 0.25, 0.0]
    """

    names: tuple[str, ...]
    parents: tuple[int, ...]
    offsets: NDArray[np.float32]
    end_sites: tuple[tuple[int, tuple[float, float, float]], ...] = ()

    def __post_init__(self) -> None:
        offsets = np.array(self.offsets, np.float32)
        offsets.flags.writeable = False
        object.__setattr__(self, "offsets", offsets)
        if not self.names or len(self.parents) != len(self.names) or offsets.shape != (len(self.names), 3):
            raise ValueError(
                f"{len(self.names)} names, {len(self.parents)} parents and offsets {offsets.shape} do not match"
            )
        repeated = sorted({name for name in self.names if self.names.count(name) > 1})
        if repeated:
            raise ValueError(f"joint names must be unique; repeated: {', '.join(repeated)}")
        for joint, parent in enumerate(self.parents):
            if not (parent == -1 if joint == 0 else 0 <= parent < joint):
                raise ValueError(
                    f"joint {joint} ({self.names[joint]}) has parent {parent}; "
                    "joint 0 must be the only root (-1) and parents must come before their children"
                )
        if not np.isfinite(offsets).all():
            raise ValueError("offsets must be finite")
        for joint, _ in self.end_sites:
            if not 0 <= joint < len(self.names):
                raise ValueError(f"end site on joint {joint}, but there are {len(self.names)} joints")

    @property
    def num_joints(self) -> int:
        """Number of joints, the root included."""
        return len(self.names)

    def index(self, name: str) -> int:
        """Index of the joint called `name`.

        Raises:
            ValueError: there is none.
        """
        if name not in self.names:
            raise ValueError(f"no joint {name!r}; the skeleton has {', '.join(self.names)}")
        return self.names.index(name)

    def forward_kinematics(self, root_positions: Floats, local_rotations: Floats) -> tuple[Floats, Floats]:
        """Global positions (..., joints, 3) in metres and global rotations (..., joints, 4).

        Args:
            root_positions: (..., 3), metres.
            local_rotations: (..., joints, 4), unit quaternions relative to the parent.
        """
        # Joints first, so that those of a level lie together.
        local = np.ascontiguousarray(np.moveaxis(local_rotations, -2, 0))
        offsets = self.offsets.reshape(self.num_joints, *(1,) * (local.ndim - 2), 3)
        positions = np.empty((*local.shape[:-1], 3), np.result_type(root_positions, local, offsets))
        globals_ = np.empty_like(local)
        positions[0], globals_[0] = root_positions, local[0]
        for joints, parents in self._levels:
            above = globals_[parents]
            positions[joints] = positions[parents] + rotations.rotate(above, offsets[joints])
            globals_[joints] = rotations.multiply(above, local[joints])
        return np.ascontiguousarray(np.moveaxis(positions, 0, -2)), np.ascontiguousarray(np.moveaxis(globals_, 0, -2))

    @cached_property
    def _levels(self) -> tuple[tuple[list[int], list[int]], ...]:
        """Joints as far below the root as each other, and their parents, from the root's children on."""
        depths = [0]
        for parent in self.parents[1:]:
            depths.append(depths[parent] + 1)
        levels = (
            [joint for joint, depth in enumerate(depths) if depth == level] for level in range(1, max(depths) + 1)
        )
        return tuple((joints, [self.parents[joint] for joint in joints]) for joints in levels)

    def local_rotations(self, global_rotations: Floats) -> Floats:
        """Parent-relative rotations (..., joints, 4) of global ones: the inverse of forward kinematics."""
        parents = list(self.parents[1:])
        local = rotations.multiply(rotations.inverse(global_rotations[..., parents, :]), global_rotations[..., 1:, :])
        return np.concatenate([global_rotations[..., :1, :], local], axis=-2)

    @cached_property
    def rest_positions(self) -> NDArray[np.float32]:
        """(joints, 3) float32, metres: joints in the rest pose with the root at the origin."""
        identity = np.tile(np.array([0, 0, 0, 1], np.float32), (self.num_joints, 1))
        return self.forward_kinematics(np.zeros(3, np.float32), identity)[0].astype(np.float32)

    @cached_property
    def rest_height(self) -> float:
        """Height of the root in metres when the rest pose stands on the floor (lowest joint or end site at 0)."""
        tips = [self.rest_positions[joint][1] + offset[1] for joint, offset in self.end_sites]
        return float(-min(self.rest_positions[:, 1].min(), *tips, 0.0))

    @cached_property
    def stature_m(self) -> float:
        """Height of the rest pose from its lowest to its highest joint or end site, metres; never 0."""
        rest = self.rest_positions
        heights = [*rest[:, 1], *(rest[joint][1] + offset[1] for joint, offset in self.end_sites)]
        # a rest pose that lies down, with one axis along every bone, is about as long as it is tall
        return max(float(max(heights) - min(heights)), float(np.ptp(rest, axis=0).max()), 1e-3)

    @cached_property
    def mirror_joints(self) -> tuple[int, ...]:
        """For each joint, the index of its counterpart on the other side; joints of the middle map to themselves.

        Raises:
            ValueError: a sided joint has no counterpart, or the two sides hang together differently.
        """
        partners = []
        for name in self.names:
            mirrored = mirrored_name(name)
            if mirrored not in self.names:
                raise ValueError(f"cannot mirror: joint {name!r} has no counterpart {mirrored!r}")
            partners.append(self.names.index(mirrored))
        for joint, parent in enumerate(self.parents):
            if parent >= 0 and self.parents[partners[joint]] != partners[parent]:
                raise ValueError(f"cannot mirror: {self.names[joint]!r} and its counterpart hang on different parents")
        return tuple(partners)

    def mirror(self) -> "Skeleton":
        """The skeleton reflected in the plane x = 0, joints in the same order; itself where the sides are alike."""
        partners = list(self.mirror_joints)
        offsets = self.offsets[partners] * np.array([-1, 1, 1], np.float32)
        if np.allclose(offsets, self.offsets, atol=1e-6):
            return self
        tips = tuple((partners[joint], (-x, y, z)) for joint, (x, y, z) in self.end_sites)
        return Skeleton(self.names, self.parents, offsets, tips)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 in hexadecimal of names, parents and offsets (to a micrometre); end sites do not matter."""
        offsets = [[round(float(value), 6) + 0.0 for value in offset] for offset in self.offsets[1:]]
        text = json.dumps([self.names, self.parents, offsets], separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def matches(self, other: "Skeleton") -> bool:
        """Whether both have the same joints in the same order, and offsets that agree to a tenth of a millimetre."""
        same = self.names == other.names and self.parents == other.parents
        return same and bool(np.allclose(self.offsets[1:], other.offsets[1:], rtol=0, atol=1e-4))

    def to_dict(self) -> dict[str, Any]:
        """Plain lists and numbers that JSON can hold; `from_dict` reads them back exactly."""
        return {
            "names": list(self.names),
            "parents": list(self.parents),
            "offsets": [[float(value) for value in offset] for offset in self.offsets],
            "end_sites": [[joint, [float(value) for value in offset]] for joint, offset in self.end_sites],
        }

    @classmethod
    def from_dict(cls, entries: Mapping[str, Any]) -> "Skeleton":
        """The skeleton that `to_dict` wrote.

        Raises:
            ValueError: an entry is missing or makes no tree.
        """
        missing = {"names", "parents", "offsets"} - set(entries)
        if missing:
            raise ValueError(f"not a skeleton: entries {', '.join(sorted(missing))} are missing")
        tips = tuple((int(j), (float(o[0]), float(o[1]), float(o[2]))) for j, o in entries.get("end_sites", ()))
        return cls(
            tuple(str(name) for name in entries["names"]),
            tuple(int(parent) for parent in entries["parents"]),
            np.asarray(entries["offsets"], np.float32),
            tips,
        )


_RIGHT_OF_LEFT: Final = {"Left": "Right", "left": "right", "LEFT": "RIGHT", "L": "R", "l": "r"}
_OTHER_SIDE: Final = _RIGHT_OF_LEFT | {right: left for left, right in _RIGHT_OF_LEFT.items()}
_SIDE: Final = re.compile(
    r"Left|left|LEFT|Right|right|RIGHT"
    r"|(?:(?<=^)|(?<=[_:.]))[LR](?=[A-Z_.])"  # LHipJoint, L_Hip, mixamorig:L_Arm
    r"|(?<=[_.])[LRlr](?=$|[_.])"  # thigh_l, hand.R
)


def mirrored_name(name: str) -> str:
    """The name of the joint on the other side: `LeftHand` for `RightHand`; the name itself for joints of the middle."""
    return _SIDE.sub(lambda side: _OTHER_SIDE[side.group()], name, count=1)
