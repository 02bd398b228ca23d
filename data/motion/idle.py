"""Idle: a person who stands and waits. Breathing, shifting the weight from leg to leg, looking about a little.

All movement is a sum of slow sines whose periods share no common multiple, with phases from a seed, so it does not
visibly repeat and any frame follows from its number alone. The feet stay where they are: the legs are solved from the
hips down to fixed ankles.
"""

import math
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from data.motion import rotations, two_bone
from data.motion.motion import Motion, Pose
from data.motion.rotations import Floats
from data.motion.skeleton import Skeleton

_FREQUENCIES_HZ: Final = np.array([0.25, 0.053, 0.171, 0.127, 0.061, 0.043, 0.119, 0.071, 0.101, 0.113])
"""Breath; weight; sway to the side and to the front; twist; looking aside (two) and up; left arm, right arm.

A resting adult breathes 12 to 18 times a minute; most of the sway of quiet standing lies below 0.3 Hz (D. Winter, Human
balance and posture control during standing and walking, Gait & Posture, 1995).
"""

_SIDES: Final = (("Left", 1.0), ("Right", -1.0))
_LIMBS: Final = ("UpperArm", "LowerArm", "UpperLeg", "LowerLeg", "Foot")
_FOOT_TURN_OUT_RAD: Final = math.radians(8.0)
_SOFT_KNEES: Final = 0.01
"""How much nearer the hips are to the ankles than with straight legs, as a part of the leg."""


@dataclass
class IdleState:
    """How far an idle has come.

    Attributes:
        frame: Number of the next frame.
        phases: (oscillators,) float64, radians, drawn from the seed.
    """

    frame: int
    phases: NDArray[np.float64]

    def copy(self) -> "IdleState":
        """A state that shares nothing with this one."""
        return replace(self, phases=self.phases.copy())


@dataclass(frozen=True, eq=False)
class _Leg:
    """One leg, and where its foot belongs: joints by index, vectors (3,) in metres, rotation in the world."""

    upper: int
    lower: int
    foot: int
    bones: two_bone.TwoBoneLeg
    hip_offset: Floats
    ankle: Floats
    foot_rotation: two_bone.Quaternion


class IdleMotion:
    """A standing, breathing figure at the origin that faces +Z, both feet flat on the floor.

    Attributes:
        skeleton: Humanoid bones in a T-pose; bones beyond the limbs move where there are any.
        rate_hz: Frames a second.
        latency_s: 0.

    Raises:
        ValueError: the skeleton lacks hips or limbs by their humanoid names.

    Example:
        >>> from data.motion.humanoid import default_skeleton
        >>> idle = IdleMotion(default_skeleton(), rate_hz=30)
        >>> pose, state = idle.step(idle.initial_state(seed=1))
        >>> pose.rotations.shape, state.frame
        ((19, 4), 1)
    """

    latency_s = 0.0

    def __init__(self, skeleton: Skeleton, rate_hz: float) -> None:
        needed = ["Hips", *(side + bone for side, _ in _SIDES for bone in _LIMBS)]
        missing = [name for name in needed if name not in skeleton.names]
        if missing or skeleton.names[0] != "Hips":
            raise ValueError(
                f"idling needs humanoid bones and the hips as root; missing: {', '.join(missing) or 'root'}"
            )
        if not (math.isfinite(rate_hz) and rate_hz > 0):
            raise ValueError(f"the frame rate must be positive, not {rate_hz} Hz")
        self.skeleton = skeleton
        self.rate_hz = float(rate_hz)
        self._index = {name: index for index, name in enumerate(skeleton.names)}
        rest = skeleton.rest_positions.astype(np.float64)
        thigh, ankle = rest[self._index["LeftUpperLeg"]], rest[self._index["LeftFoot"]]
        self._leg_m = float(thigh[1] - ankle[1])
        self._hips_height_m = skeleton.rest_height - _SOFT_KNEES * self._leg_m
        self._legs = [self._leg(side, sign, rest) for side, sign in _SIDES]
        self._base = self._relaxed()

    def initial_state(self, seed: int = 0) -> IdleState:
        """The beginning of one idle among many: the seed sets where in its breath and sway the figure is."""
        phases = np.random.default_rng(seed).uniform(0, 2 * np.pi, len(_FREQUENCIES_HZ))
        return IdleState(0, phases)

    def step(self, state: IdleState) -> tuple[Pose, IdleState]:
        """The next pose; changes and returns `state`."""
        angles = 2 * np.pi * _FREQUENCIES_HZ * (state.frame / self.rate_hz) + state.phases
        waves = np.sin(angles).tolist()
        state.frame += 1
        breath, weight, side, front, twist, look_1, look_2, look_up, left_arm, right_arm = waves
        weight = math.tanh(1.8 * weight) / math.tanh(1.8)  # lingers on one leg, then changes over

        metre = self._leg_m  # people sway in proportion to their size
        root = np.array(
            [
                metre * (0.026 * weight + 0.004 * side),
                self._hips_height_m + metre * 0.0015 * breath,
                metre * (0.008 * front - 0.004),
            ]
        )
        # Turns in radians as axis times angle, on top of the relaxed pose. x: bow, y: turn left, z: lean right.
        look = 0.10 * look_1 + 0.05 * look_2
        turns = {
            "Hips": (0.010 * front, 0.030 * twist + 0.020 * weight, 0.022 * weight),
            "Spine": (0.006 * front, -0.010 * twist, -0.030 * weight - 0.006 * side),
            "Chest": (-0.016 * breath, -0.012 * twist - 0.015 * weight, 0.010 * weight),
            "Neck": (0.008 * breath + 0.02 * look_up, 0.4 * look, -0.004 * weight),
            "Head": (0.004 * breath + 0.03 * look_up, 0.6 * look, 0.015 * look_2),
        }
        for (name, sign), arm in zip(_SIDES, (left_arm, right_arm), strict=True):
            turns[f"{name}Shoulder"] = (0.0, 0.0, sign * 0.016 * breath)
            turns[f"{name}UpperArm"] = (0.0, -sign * 0.030 * arm, sign * (0.012 * breath + 0.010 * arm))
            turns[f"{name}LowerArm"] = (0.0, -sign * 0.040 * arm, 0.0)
            turns[f"{name}Hand"] = (0.0, 0.0, -sign * 0.020 * arm)
        vectors = np.zeros((self.skeleton.num_joints, 3))
        for name, turn in turns.items():
            if name in self._index:
                vectors[self._index[name]] = turn
        local = rotations.multiply(self._base, rotations.from_expmap(vectors))
        for leg in self._legs:
            self._solve(leg, root, local)
        return Pose(root.astype(np.float32), local.astype(np.float32)), state

    def motion(self, num_frames: int, seed: int = 0) -> Motion:
        """The first `num_frames` frames of an idle."""
        state = self.initial_state(seed)
        poses = [self.step(state)[0] for _ in range(num_frames)]
        if not poses:
            raise ValueError(f"an idle needs at least one frame, not {num_frames}")
        return Motion(
            self.skeleton,
            self.rate_hz,
            np.stack([pose.root_position for pose in poses]),
            np.stack([pose.rotations for pose in poses]),
        )

    def _leg(self, side: str, sign: float, rest: Floats) -> _Leg:
        upper, lower, foot = (self._index[side + bone] for bone in ("UpperLeg", "LowerLeg", "Foot"))
        # A little wider than the hips and turned out, as people stand.
        ankle = rest[foot] + np.array([sign * 0.03 * self._leg_m, self.skeleton.rest_height, 0.0])
        turn_out = two_bone.about((0.0, 1.0, 0.0), sign * _FOOT_TURN_OUT_RAD)
        bones = two_bone.TwoBoneLeg.of(self.skeleton, side)
        return _Leg(upper, lower, foot, bones, rest[upper] - rest[0], ankle, turn_out)

    def _relaxed(self) -> Floats:
        """Local rotations (joints, 4) with arms at the sides, palms towards the thighs, elbows and fingers loose."""
        vectors: dict[str, Any] = {}
        for side, sign in _SIDES:
            vectors[f"{side}Shoulder"] = (0.0, 0.0, -sign * 0.06)
            vectors[f"{side}UpperArm"] = (0.0, 0.0, -sign * 1.33)
            vectors[f"{side}LowerArm"] = (0.0, -sign * 0.30, 0.0)
            vectors[f"{side}Hand"] = (0.0, 0.0, -sign * 0.08)
            for finger in ("Index", "Middle", "Ring", "Little"):
                for phalanx in ("Proximal", "Intermediate", "Distal"):
                    vectors[f"{side}{finger}{phalanx}"] = (0.0, 0.0, -sign * 0.30)
        table = np.zeros((self.skeleton.num_joints, 3))
        for name, vector in vectors.items():
            if name in self._index:
                table[self._index[name]] = vector
        if "LeftShoulder" not in self._index:
            for side, sign in _SIDES:
                table[self._index[f"{side}UpperArm"], 2] -= sign * 0.06
        return rotations.from_expmap(table)

    def _solve(self, leg: _Leg, root: Floats, local: Floats) -> None:
        """Sets the leg's three rotations in `local` so that the ankle is where it belongs and the foot lies flat.

        The solution starts from a straight leg that is turned as the foot, so the knee points where the foot points.
        """
        hips = two_bone.quaternion(local[0].tolist())
        reach = leg.ankle - root - rotations.rotate(local[0], leg.hip_offset)
        thigh, shin = leg.bones.solve(two_bone.vector(reach.tolist()), leg.foot_rotation, leg.foot_rotation)
        local[leg.upper] = two_bone.multiply(two_bone.inverse(hips), thigh)
        local[leg.lower] = two_bone.multiply(two_bone.inverse(thigh), shin)
        local[leg.foot] = two_bone.multiply(two_bone.inverse(shin), leg.foot_rotation)
