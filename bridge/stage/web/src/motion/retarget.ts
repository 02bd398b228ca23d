import { type Matrix4, Quaternion, Vector3 } from "three";
import type { PoseFrame } from "../wire/live";
import type { Figure } from "./figure";
import { PARENTS, SIDES, TRUNK } from "./humanoid";
import type { Rig, RigBone } from "./rig";
import { legLength, tPoseHeads, tPoseTurns } from "./t_pose";

/** What is known of a bone that is driven; worked out once. */
interface Driven {
  bone: string;
  rig: RigBone;
  /** Index of the figure's bone that turns it. */
  driver: number;
  /** From the figure's rotation in the world to the bone's. */
  toRig: Quaternion;
  /** The driven bone above, or null. */
  anchor: Driven | null;
  /** From the frame of the anchor (or the root) to the frame of what the node hangs on, at rest. */
  between: Quaternion;
  /** From the anchor's joint to this one, in the anchor's frame. */
  arm: Vector3;
  /** In the pose that was applied last, seen from the rig's root. */
  rotation: Quaternion;
  position: Vector3;
}

/** Rigs whose ankles lie within these, in lengths of the leg over their origin, stand on their origin. */
const LOWEST_ANKLE = -0.05;
const HIGHEST_ANKLE = 0.35;

/**
 * A figure's poses on any humanoid rig, whatever its rest pose, the roll of its bones and its proportions.
 *
 * Each bone of the rig takes the rotation in the world that the figure's bone has relative to a T: so limbs point where
 * the figure's point. With R that rotation, Q the bone's own rest rotation in the world and P that of what it hangs on,
 * the local rotation is P^-1 R Q where all above is at rest. Bones that the rig lacks fold into those it has: a back of
 * fewer bones takes the turn of the figure's uppermost. Bones that the figure lacks, such as fingers, are left alone.
 * The path of the hips has the rig's size, by the length of the legs.
 */
export class Retarget {
  /** The rig's size in that of the figure. */
  readonly scale: number;
  /** Height of the rig's ankles over its floor, metres. */
  readonly ankleM: number;
  private readonly driven: Driven[] = [];
  private readonly home: Vector3;
  private readonly hipsToParent: Matrix4;
  private readonly above = new Quaternion();

  constructor(
    readonly figure: Figure,
    rig: Rig,
  ) {
    const heads = rig.heads;
    const turns = tPoseTurns(heads);
    const byBone = new Map<string, Driven>();
    for (const [bone, driver] of drivers(rig, figure)) {
      const rigBone = rig.bones.get(bone);
      const turn = turns.get(bone);
      if (rigBone === undefined || turn === undefined) continue;
      const anchor = byBone.get(rig.anchor(bone)) ?? null;
      const fromAnchor = anchor ? anchor.rig.rotation.clone().invert() : new Quaternion();
      const entry: Driven = {
        ...{ bone, rig: rigBone, driver, anchor },
        toRig: figure.tTurns[driver].clone().invert().multiply(turn).multiply(rigBone.rotation),
        between: fromAnchor.clone().multiply(rigBone.parentRotation),
        arm: rigBone.head
          .clone()
          .sub(anchor ? anchor.rig.head : new Vector3())
          .applyQuaternion(fromAnchor),
        rotation: rigBone.rotation.clone(),
        position: rigBone.head.clone(),
      };
      byBone.set(bone, entry);
      this.driven.push(entry);
    }
    const hips = heads.get("Hips") ?? new Vector3();
    const leg = legLength(tPoseHeads(heads, turns));
    const knowsLegs = leg > 0 && figure.legM > 0;
    this.scale = knowsLegs ? leg / figure.legM : 1;
    const ankles = SIDES.map((side) => heads.get(`${side}Foot`)?.y).filter((y) => y !== undefined);
    let ankle = ankles.length > 0 ? ankles.reduce((sum, y) => sum + y, 0) / ankles.length : 0;
    if (!(ankle > LOWEST_ANKLE * leg && ankle < HIGHEST_ANKLE * leg)) {
      ankle = this.scale * figure.ankleM; // its origin is not at its soles
    }
    this.ankleM = ankle;
    this.home = new Vector3(hips.x, knowsLegs ? ankle + leg : hips.y, hips.z);
    this.hipsToParent = rig.toParent("Hips");
  }

  /** The driven bones' names, parents first. */
  get bones(): string[] {
    return this.driven.map(({ bone }) => bone);
  }

  /**
   * Lets the rig's nodes take a pose. Allocates nothing.
   */
  apply(pose: PoseFrame): void {
    const { figure, driven } = this;
    figure.pose(pose);
    for (let i = 0; i < driven.length; i++) {
      const entry = driven[i];
      const { anchor } = entry;
      entry.rotation.multiplyQuaternions(figure.rotations[entry.driver], entry.toRig);
      if (anchor !== null) {
        this.above.multiplyQuaternions(anchor.rotation, entry.between);
        entry.position.copy(entry.arm).applyQuaternion(anchor.rotation).add(anchor.position);
      } else {
        this.above.copy(entry.between);
        if (i === 0) this.placeHips(pose, entry);
        else entry.position.copy(entry.arm);
      }
      entry.rig.node.quaternion.multiplyQuaternions(this.above.invert(), entry.rotation);
    }
  }

  /** Shifts the pose that was applied last up or down. */
  lift(byM: number): void {
    for (let i = 0; i < this.driven.length; i++) this.driven[i].position.y += byM;
    const hips = this.driven[0];
    hips.rig.node.position.copy(hips.position).applyMatrix4(this.hipsToParent);
  }

  /** Where a bone is in the pose that was applied last, seen from the rig's root; null for one that is not driven. */
  state(bone: string): { readonly position: Vector3; readonly rotation: Quaternion; readonly rig: RigBone } | null {
    return this.driven.find((entry) => entry.bone === bone) ?? null;
  }

  private placeHips(pose: PoseFrame, entry: Driven): void {
    const { home, scale, figure } = this;
    entry.position.set(
      home.x + scale * pose.root[0],
      home.y + scale * (pose.root[1] - figure.hipsHeightM),
      home.z + scale * pose.root[2],
    );
    entry.rig.node.position.copy(entry.position).applyMatrix4(this.hipsToParent);
  }
}

/** For each bone of the rig that moves, parents first, the index of the figure's bone that turns it. */
function drivers(rig: Rig, figure: Figure): Map<string, number> {
  const own = new Map<string, number>();
  for (const bone of rig.bones.keys()) {
    const index = figure.index.get(bone);
    if (index !== undefined) own.set(bone, index);
  }
  const back = TRUNK.filter((bone) => figure.index.has(bone));
  const highest = TRUNK.filter((bone) => rig.bones.has(bone)).at(-1);
  const top = back.at(-1);
  if (highest !== undefined && top !== undefined) {
    if (TRUNK.indexOf(top) > TRUNK.indexOf(highest) || !own.has(highest)) own.set(highest, figure.index.get(top) ?? 0);
  }
  return new Map([...PARENTS.keys()].flatMap((bone) => (own.has(bone) ? [[bone, own.get(bone) ?? 0]] : [])));
}
