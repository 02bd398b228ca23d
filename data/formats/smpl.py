"""SMPL motion on humanoid bones: the poses of the body model of Loper et al. (SIGGRAPH Asia 2015), as AIST++ has them.

The model's own file is licensed and not needed: a motion needs where the joints are, not the skin. Positions of the
joints in the rest pose are those of the male model's mean shape, with which AIST++ was fitted, as public code states
them (for example EDGE, Tseng et al., CVPR 2023), rounded to millimetres and made symmetric, so that a motion's mirror
image is danced by the same body.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from data.formats.smpl_pickle import read_number_arrays
from data.motion import rotations
from data.motion.humanoid import to_humanoid
from data.motion.motion import Motion
from data.motion.skeleton import Skeleton
from data.rigs.rig_names import NAMES

NUM_JOINTS: Final = 24

ANKLE_HEIGHT_M: Final = 0.07
"""Of an ankle over the floor where the foot stands: 0.039 of the stature, the model's being 1.78 m.

D. Winter, Biomechanics and Motor Control of Human Movement, figure 4.1, after Drillis and Contini (1966).
"""

STANDING_SHARE: Final = 0.05
"""In more of the frames than this one foot at least stands flat, whatever is danced."""

_LARGEST_ANGLE_RAD: Final = 100.0
_LARGEST_DISTANCE_M: Final = 100.0
"""No dance turns or leads further; what does is a damaged file."""

_PELVIS_M: Final = (0.0, -0.241, 0.029)
"""Where the pelvis of the rest pose is: SMPL's translation moves the whole body, not the pelvis to a place."""

_MIDDLE: Final[tuple[tuple[int, str, str, tuple[float, float, float]], ...]] = (
    (0, "Pelvis", "", (0.0, 0.0, 0.0)),
    (3, "Spine1", "Pelvis", (0.0, 0.124, -0.038)),
    (6, "Spine2", "Spine1", (0.0, 0.138, 0.027)),
    (9, "Spine3", "Spine2", (0.0, 0.056, 0.003)),
    (12, "Neck", "Spine3", (0.0, 0.212, -0.033)),
    (15, "Head", "Neck", (0.0, 0.089, 0.050)),
)
"""SMPL's number of a joint, its name, its parent and the offset from it in metres; Y up, left +X, facing +Z."""

_LEFT: Final[tuple[tuple[int, str, str, tuple[float, float, float]], ...]] = (
    (1, "L_Hip", "Pelvis", (0.059, -0.086, -0.016)),
    (4, "L_Knee", "L_Hip", (0.043, -0.385, 0.002)),
    (7, "L_Ankle", "L_Knee", (-0.017, -0.423, -0.036)),
    (13, "L_Collar", "Spine3", (0.077, 0.113, -0.021)),
    (16, "L_Shoulder", "L_Collar", (0.118, 0.046, -0.014)),
    (18, "L_Elbow", "L_Shoulder", (0.258, -0.015, -0.027)),
    (20, "L_Wrist", "L_Elbow", (0.267, 0.010, -0.007)),
)
"""The left side; on the right every joint has the next number. Toes and knuckles are left out: see `skeleton`."""

_TIPS: Final[dict[str, tuple[float, float, float]]] = {
    "Head": (0.0, 0.19, 0.02),
    # The ball of the foot, on the sole when the shin is upright: the rest pose's shins lean back by 5 degrees.
    "L_Ankle": (0.038, -0.080, 0.126),
    "L_Wrist": (0.18, -0.020, -0.027),
}


@dataclass(frozen=True, eq=False)
class SmplMotion:
    """What a file says.

    Attributes:
        poses_rad: (frames, 24, 3) float64, axis times angle of every joint relative to its parent.
        translations: (frames, 3) float64, of the body, in the recording's unit (AIST++: centimetres).
        scaling: Of that unit in one metre of the model; makes up for the dancer's size.
    """

    poses_rad: NDArray[np.float64]
    translations: NDArray[np.float64]
    scaling: float

    @property
    def pelvis_m(self) -> NDArray[np.float64]:
        """(frames, 3) where the pelvis is, in metres of the model, in the recording's frame of reference."""
        return self.translations / self.scaling + np.array(_PELVIS_M)


def read_smpl(path: Path) -> SmplMotion:
    """The motion in a pickle with `smpl_poses` (frames, 72), `smpl_trans` (frames, 3) and `smpl_scaling` (1,).

    Raises:
        ValueError: the file is no pickle of arrays or holds others, in other shapes, or numbers that no dance has.
        OSError: the file cannot be read.
    """
    arrays = read_number_arrays(path)
    missing = [name for name in ("smpl_poses", "smpl_trans", "smpl_scaling") if name not in arrays]
    if missing:
        found = ", ".join(f"{name:.40}" for name in list(arrays)[:8]) or "nothing"
        raise ValueError(f"{path} has no array {', '.join(missing)}; it has {found}")
    poses, translations, scaling = (arrays[f"smpl_{name}"] for name in ("poses", "trans", "scaling"))
    num_frames = len(translations) if translations.ndim else 0
    if (
        num_frames == 0
        or translations.shape != (num_frames, 3)
        or poses.shape not in ((num_frames, NUM_JOINTS * 3), (num_frames, NUM_JOINTS, 3))
        or scaling.size != 1
    ):
        raise ValueError(
            f"{path}: smpl_poses {poses.shape}, smpl_trans {translations.shape} and smpl_scaling {scaling.shape} "
            f"are not (frames, {NUM_JOINTS * 3}), (frames, 3) and (1,)"
        )
    with np.errstate(invalid="ignore"):  # numpy warns of a signalling NaN, which is refused below like any other
        motion = SmplMotion(
            poses.reshape(num_frames, NUM_JOINTS, 3).astype(np.float64),
            translations.astype(np.float64),
            float(scaling.reshape(())),
        )
    _check_numbers(path, motion)
    return motion


def _check_numbers(path: Path, motion: SmplMotion) -> None:
    """Compares so that NaN fails too."""
    # Below a millionth the unit would be smaller than a micrometre, and the division could overflow.
    if not 1e-6 <= motion.scaling <= 1e6:
        raise ValueError(f"{path}: smpl_scaling is {motion.scaling}, no length of a metre in any unit")
    for name, values, largest, unit in (
        ("smpl_poses", motion.poses_rad, _LARGEST_ANGLE_RAD, "rad"),
        ("smpl_trans", motion.translations, _LARGEST_DISTANCE_M * motion.scaling, "units"),
    ):
        wrong = ~(np.abs(values) <= largest)
        if wrong.any():
            frame = int(np.argwhere(wrong)[0, 0])
            raise ValueError(f"{path}: {name} is {values[wrong][0]:g} {unit} in frame {frame}: no dance leads there")


def skeleton() -> Skeleton:
    """SMPL's joints as far as AIST++ moves them: 20, in the rest pose of the model, metres.

    AIST++ was fitted to 17 points that end at ankles and wrists. What lies beyond never turns there, so toes and
    knuckles are no joints here, and hands and feet are end sites.
    """
    names, parents, offsets, ends = [], [], [], []
    for _, name, parent, offset in _joints():
        names.append(name)
        parents.append(names.index(parent) if parent else -1)
        offsets.append(offset)
        left = name.replace("R_", "L_")
        if left in _TIPS:
            x, y, z = _TIPS[left]
            ends.append((len(names) - 1, (x if left == name else -x, y, z)))
    return Skeleton(tuple(names), tuple(parents), np.array(offsets, np.float32), tuple(ends))


def _joints() -> list[tuple[int, str, str, tuple[float, float, float]]]:
    """Number, name, parent and offset (metres) of every joint, parents first."""
    right = [
        (number + 1, name.replace("L_", "R_"), parent.replace("L_", "R_"), (-x, y, z))
        for number, name, parent, (x, y, z) in _LEFT
    ]
    return [*_MIDDLE, *_LEFT, *right]


def to_motion(recorded: SmplMotion, rate_hz: float) -> Motion:
    """The motion on the mean body's humanoid bones in a T-pose, Y up, left +X; the floor is the plane y = 0.

    Metres are the model's: every dancer becomes as tall as the mean body, and steps in proportion. The floor is where
    it must be for the lower ankle to be at its standing height in the lowest twentieth of the frames: ankles were seen
    by the cameras, soles were not, and a few frames that are wrong, a jump or a handstand move it by nothing.

    Args:
        recorded: Y up, as AIST++; the dancer may face anywhere.
        rate_hz: Frames a second.
    """
    numbers = [number for number, *_ in _joints()]
    turned = rotations.from_expmap(recorded.poses_rad[:, numbers])
    motion = Motion(skeleton(), rate_hz, recorded.pelvis_m.astype(np.float32), turned.astype(np.float32))
    motion = to_humanoid(motion, {joint: NAMES["smpl"][joint] for joint in motion.skeleton.names})
    ankles = [motion.skeleton.index(name) for name in ("LeftFoot", "RightFoot")]
    lower_ankle_m = motion.global_positions()[:, ankles, 1].min(axis=1)
    motion.root_positions[:, 1] -= np.quantile(lower_ankle_m, STANDING_SHARE) - ANKLE_HEIGHT_M
    return motion
