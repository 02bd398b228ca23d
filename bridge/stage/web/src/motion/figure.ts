import { Quaternion, Vector3 } from "three";
import body from "../../../../../data/tables/body.json";
import type { PoseFrame, Skeleton } from "../wire/live";
import { otherSide } from "./humanoid";
import { legLength, tPoseHeads, tPoseTurns } from "./t_pose";

/** From ankle to floor, in lengths of the leg, of a typical body. */
const ANKLE_OF_LEG = body.leg.ankle_of_leg;

/** The bridge's figure: where its bones are and how they have turned, in a pose. Made once for a skeleton. */
export class Figure {
  /** Rotation of each bone in the world, and place of its joint, after `pose`. */
  readonly rotations: Quaternion[];
  readonly positions: Vector3[];
  readonly index: ReadonlyMap<string, number>;
  /** Index of the bone on the other side, for each bone. */
  readonly others: Uint8Array;
  /** Turn of each bone from the rest pose to a T. */
  readonly tTurns: Quaternion[];
  /** From hips to ankles; NaN for a figure without legs. */
  readonly legM: number;
  /** Height of the ankles over the floor at rest; guessed, since no stream tells it. */
  readonly ankleM: number;
  /** Height of the hips over the floor at rest. */
  readonly hipsHeightM: number;

  constructor(readonly skeleton: Skeleton) {
    const { names, offsets } = skeleton;
    this.index = new Map(names.map((name, index) => [name, index]));
    this.others = Uint8Array.from(names, (name, index) => this.index.get(otherSide(name)) ?? index);
    this.rotations = names.map(() => new Quaternion());
    this.positions = names.map(() => new Vector3());
    const heads = restHeads(skeleton);
    const turns = tPoseTurns(heads);
    this.tTurns = names.map((name) => turns.get(name) ?? new Quaternion());
    this.legM = legLength(tPoseHeads(heads, turns));
    const toes = ["LeftToes", "RightToes"].map((toe) => this.index.get(toe)).filter((index) => index !== undefined);
    this.ankleM = Math.max(ANKLE_OF_LEG * (this.legM || 0), ...toes.map((index) => -offsets[3 * index + 1]));
    this.hipsHeightM = (this.legM || 0) + this.ankleM;
  }

  /** Height of the lower ankle over the floor after `pose`; infinite for a figure without feet. */
  lowerAnkle(): number {
    let lowest = Number.POSITIVE_INFINITY;
    const left = this.index.get("LeftFoot");
    const right = this.index.get("RightFoot");
    if (left !== undefined) lowest = Math.min(lowest, this.positions[left].y);
    if (right !== undefined) lowest = Math.min(lowest, this.positions[right].y);
    return lowest;
  }

  /** Forward kinematics. */
  pose(pose: PoseFrame): void {
    const { parents, offsets } = this.skeleton;
    const { positions, rotations } = this;
    for (let bone = 0; bone < parents.length; bone++) {
      const rotation = rotations[bone].fromArray(pose.rotations, 4 * bone);
      const parent = parents[bone];
      if (parent < 0) {
        positions[bone].fromArray(pose.root);
        continue;
      }
      rotation.premultiply(rotations[parent]);
      positions[bone]
        .fromArray(offsets, 3 * bone)
        .applyQuaternion(rotations[parent])
        .add(positions[parent]);
    }
  }
}

/** Places of the joints at rest, the hips at the origin. */
function restHeads({ names, parents, offsets }: Skeleton): Map<string, Vector3> {
  const places: Vector3[] = [];
  names.forEach((_, index) => {
    const parent = parents[index];
    places.push(parent < 0 ? new Vector3() : new Vector3().fromArray(offsets, 3 * index).add(places[parent]));
  });
  return new Map(names.map((name, index) => [name, places[index]]));
}
