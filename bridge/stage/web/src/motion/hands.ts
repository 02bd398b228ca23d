import { Quaternion, Vector3 } from "three";
import { FINGERS, nearestParent, PHALANGES, SIDES } from "./humanoid";
import type { Rig } from "./rig";
import { tPoseTurns } from "./t_pose";

/** By how much each phalanx of a hand at ease is bent, radians. */
const BEND = { Proximal: 0.3, Intermediate: 0.4, Distal: 0.25 };

/** Lets fingers bend a little, as those of a hand at ease: stretched ones look like a doll's. For a rig at rest, once. */
export function relaxHands(rig: Rig): void {
  const turns = tPoseTurns(rig.heads);
  for (const side of SIDES) {
    const down = side === "Left" ? -1 : 1; // in a T the palms look down and fingers lie along X
    for (const finger of FINGERS.slice(1)) {
      const above = new Quaternion();
      for (const phalanx of PHALANGES) {
        const bone = `${side}${finger}${phalanx}`;
        const rigBone = rig.bones.get(bone);
        const turn = turns.get(nearestParent(bone, turns));
        if (rigBone === undefined || turn === undefined) continue;
        const bend = new Quaternion().setFromAxisAngle(new Vector3(0, 0, 1), down * BEND[phalanx]);
        const all = above.clone().multiply(bend);
        const toRest = turn.clone().invert();
        // The bend is meant in the T; seen from the rest pose it is turned back by what lies between.
        const own = toRest.clone().multiply(all).multiply(turn).multiply(rigBone.rotation);
        const parent = toRest.clone().multiply(above).multiply(turn).multiply(rigBone.parentRotation);
        rigBone.node.quaternion.copy(parent.invert().multiply(own));
        above.copy(all);
      }
    }
  }
}
