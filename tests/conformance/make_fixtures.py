"""Writes the conformance fixtures: `python -m tests.conformance.make_fixtures`. Look at what changes.

What Python says is the reference: the bridge's own, and for a figure's poses on other rigs, which the bridge does not
do, the Blender extension's core, which is numpy alone. The page in the browser, the extension and the Unity package are
held to it by their own tests, which read these files. Axes are the wire's: right-handed, Y up, facing +Z; quaternions
are (x, y, z, w).
"""

import json
from pathlib import Path
from typing import Any, Final

import numpy as np

from blender_addon.core.retarget import Retarget
from data.motion.heads_in_t import leg_m, t_pose_heads, t_pose_turns
from data.motion.two_bone import TwoBoneLeg, quaternion, vector
from data.rigs.rig_reading import read_rig
from tests.conformance.figures import DIGITS, RIGS, WALK_HZ, figure, legs, poses, rest_of, walk
from tests.conformance.rigs import all_rigs

HERE: Final = Path(__file__).parent
Case = dict[str, Any]


def rig_names() -> list[Case]:
    """For each rig its joints, how they hang, what kind it is, and each humanoid bone's joint."""
    found = []
    for name, (joints, parents) in all_rigs().items():
        kind, mapping = read_rig(joints, parents)
        bones = {bone: joint for joint, bone in mapping.items()}
        found.append({"name": name, "joints": joints, "parents": parents, "kind": kind, "bones": bones})
    return found


def t_pose() -> list[Case]:
    """For each rig where its joints are at rest, and the turn of each bone to a T; the length of its leg there."""
    found = []
    for name, shape in RIGS.items():
        heads = {bone: rest.head for bone, rest in rest_of(shape, figure()).items()}
        turns = t_pose_turns(heads)
        leg = leg_m(t_pose_heads(heads, turns))
        found.append({"name": name, "heads": heads, "turns": turns, "leg_m": round(leg or 0.0, DIGITS)})
    return found


def two_bone() -> list[Case]:
    """Legs, where their ankles belong, and how thigh and shin lie in the world then."""
    found = []
    for knee, ankle, reach, thigh, shin in legs():
        leg = TwoBoneLeg(vector(knee.tolist()), vector(ankle.tolist()))
        solved = leg.solve(vector(reach.tolist()), quaternion(thigh.tolist()), quaternion(shin.tolist()))
        given = {"knee": knee, "ankle": ankle, "reach": reach, "thigh": thigh, "shin": shin}
        found.append({**given, "solved_thigh": solved[0], "solved_shin": solved[1]})
    return found


def retarget() -> list[Case]:
    """The figure and its poses first; then each rig at rest, and its bones' rotations and its hips in these poses."""
    skeleton = figure()
    roots, turned = poses(skeleton)
    names = {"bones": skeleton.names, "parents": skeleton.parents, "offsets": skeleton.offsets}
    found: list[Case] = [{"figure": {**names, "roots": roots, "rotations": turned}}]
    for name, shape in RIGS.items():
        rest = rest_of(shape, skeleton)
        rig = Retarget(skeleton, rest)
        posed = rig.pose(roots, turned)
        at_rest = {bone: {"rotation": one.rotation, "head": one.head} for bone, one in rest.items()}
        case = {"name": name, "is_t": shape.is_t, "rest": at_rest, "scale": round(rig.scale, DIGITS)}
        found.append({**case, "bones": rig.bones, "hips": posed.hips, "rotations": posed.rotations})
    return found


def foot_lock() -> list[Case]:
    """Somebody who walks, and when which foot stands; there a foot lock holds it, whatever its way to do so."""
    skeleton, roots, turned, stands = walk()
    names = {"bones": skeleton.names, "parents": skeleton.parents, "offsets": skeleton.offsets}
    return [{**names, "rate_hz": WALK_HZ, "roots": roots, "rotations": turned, "stands": stands}]


FIXTURES: Final = {HERE / f"{make.__name__}.json": make for make in (rig_names, t_pose, two_bone, retarget, foot_lock)}
"""Each fixture's file, and who makes its cases."""


def written(path: Path) -> str:
    """What a fixture's file must hold."""
    about = "Written by python -m tests.conformance.make_fixtures, which says what it means."
    return f'{{"about": "{about}",\n"cases": [\n{lines(FIXTURES[path]())}\n]}}\n'


def lines(cases: list[Case]) -> str:
    """A case a line; numbers of so many digits that no processor's rounding shows."""
    return ",\n".join(json.dumps(plain(case), ensure_ascii=False, separators=(",", ":")) for case in cases)


def plain(value: Any) -> Any:
    """As JSON has it, rounded."""
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    return round(value, DIGITS) + 0.0 if isinstance(value, float) else value


def main() -> None:
    """Writes what has changed, and prints which."""
    for path in FIXTURES:
        text = written(path)
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            print(path.name)


if __name__ == "__main__":
    main()
