import { Quaternion, Vector3 } from "three";
import { BONES, nearestParent, SIDES } from "./humanoid";

/** How far a rest pose is from a T: what makes a rig that rests in an A and one that rests in a T do the same. */

type Heads = ReadonlyMap<string, Vector3>;

/** A bone farther than this from where it should point does not slant, it is posed otherwise. */
const LARGEST_SLANT_RAD = (50 / 180) * Math.PI;

const FOLLOWING = new Map<string, string>(
  SIDES.flatMap((side): [string, string][] => [
    [`${side}UpperArm`, `${side}LowerArm`],
    [`${side}LowerArm`, `${side}Hand`],
    [`${side}UpperLeg`, `${side}LowerLeg`],
    [`${side}LowerLeg`, `${side}Foot`],
  ]),
);

/**
 * For each bone the turn, in the world, from the rest pose to where it is in a T.
 *
 * Upper and lower arms come to lie along X, legs along Y, each turned the shortest way; what hangs on them follows. Feet
 * stay flat: a figure that stands with its legs apart still has its soles on the floor. All others keep their slant,
 * which is the figure's own.
 *
 * @param heads Bone to the place of its joint at rest; Y up, facing +Z.
 */
export function tPoseTurns(heads: Heads): Map<string, Quaternion> {
  const turns = new Map<string, Quaternion>();
  for (const bone of BONES) {
    const head = heads.get(bone);
    if (head === undefined) continue;
    const turn = new Quaternion().copy(turns.get(nearestParent(bone, heads)) ?? new Quaternion());
    if (/(Foot|Toes)$/.test(bone) && 2 * Math.acos(Math.min(1, Math.abs(turn.w))) < LARGEST_SLANT_RAD) turn.identity();
    const next = heads.get(FOLLOWING.get(bone) ?? "");
    if (next !== undefined) {
      const points = next.clone().sub(head).applyQuaternion(turn).normalize();
      const wanted = bone.endsWith("Leg") ? new Vector3(0, -1, 0) : new Vector3(bone.startsWith("Left") ? 1 : -1, 0, 0);
      turn.premultiply(new Quaternion().setFromUnitVectors(points, wanted));
    }
    turns.set(bone, turn);
  }
  return turns;
}

/** Places of the joints in the T, the first bone where it was. */
export function tPoseHeads(heads: Heads, turns: ReadonlyMap<string, Quaternion>): Map<string, Vector3> {
  const placed = new Map<string, Vector3>();
  for (const bone of BONES) {
    const head = heads.get(bone);
    if (head === undefined) continue;
    const above = nearestParent(bone, heads);
    const parent = placed.get(above);
    const turn = turns.get(above);
    const parentHead = heads.get(above);
    if (parent === undefined || turn === undefined || parentHead === undefined) placed.set(bone, head.clone());
    else placed.set(bone, head.clone().sub(parentHead).applyQuaternion(turn).add(parent));
  }
  return placed;
}

/** From the hips down to the ankles in a T, metres; NaN for a figure without whole legs. */
export function legLength(heads: Heads): number {
  const feet = SIDES.map((side) => heads.get(`${side}Foot`)).filter((foot) => foot !== undefined);
  const hips = heads.get("Hips");
  if (feet.length === 0 || hips === undefined) return Number.NaN;
  return hips.y - feet.reduce((sum, foot) => sum + foot.y, 0) / feet.length;
}
