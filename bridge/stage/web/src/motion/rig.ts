import { Matrix4, type Object3D, Quaternion, Vector3 } from "three";
import { PARENTS, SIDES, TRUNK } from "./humanoid";

/** A bone of an avatar at rest, seen from the avatar's root: Y up, metres, facing +Z. */
export interface RigBone {
  /** What is turned. */
  node: Object3D;
  /** What the skin hangs on: the same, but in a VRM, where three-vrm turns it after the node. */
  skinNode: Object3D;
  /** From the bone's frame to the root's. */
  rotation: Quaternion;
  /** The same of what the bone hangs on, which may be no humanoid bone. */
  parentRotation: Quaternion;
  head: Vector3;
}

/** Bones without which nothing dances. */
const NEEDED = ["Hips", ...SIDES.flatMap((s) => ["UpperLeg", "LowerLeg", "UpperArm", "LowerArm"].map((b) => s + b))];

/** An avatar's humanoid bones at rest. */
export class Rig {
  readonly bones: ReadonlyMap<string, RigBone>;

  /**
   * @param root What the avatar hangs in; the avatar below it is at rest.
   * @param nodes Humanoid bone to what is to be turned.
   * @param skinNodes Humanoid bone to what the skin hangs on, where that is another.
   * @throws Error that names the bones that are missing.
   */
  constructor(
    readonly root: Object3D,
    nodes: ReadonlyMap<string, Object3D>,
    skinNodes: ReadonlyMap<string, Object3D> = nodes,
  ) {
    const missing = NEEDED.filter((bone) => !nodes.has(bone));
    if (missing.length > 0) throw new Error(`This model is no humanoid that I know: ${listed(missing)} missing`);
    root.updateWorldMatrix(true, true);
    const toRoot = root.matrixWorld.clone().invert();
    const bones = new Map<string, RigBone>();
    for (const bone of PARENTS.keys()) {
      const node = nodes.get(bone);
      if (node === undefined || node.parent === null) continue;
      const { rotation, place } = placeOf(node, toRoot);
      const skinNode = skinNodes.get(bone) ?? node;
      const parentRotation = placeOf(node.parent, toRoot).rotation;
      bones.set(bone, { node, skinNode, rotation, parentRotation, head: place });
    }
    this.bones = bones;
  }

  /** The nearest humanoid bone that the node of a bone really hangs below; empty for none. */
  anchor(bone: string): string {
    const names = new Map([...this.bones].map(([name, { node }]) => [node, name]));
    for (let node = this.bones.get(bone)?.node.parent; node; node = node.parent) {
      const name = names.get(node);
      if (name !== undefined) return name;
    }
    return "";
  }

  /** Turns points of the place where the node of a bone is kept into the frame of what it hangs on. */
  toParent(bone: string): Matrix4 {
    const parent = this.bones.get(bone)?.node.parent;
    if (!parent) return new Matrix4();
    parent.updateWorldMatrix(true, false);
    return parent.matrixWorld.clone().invert().multiply(this.root.matrixWorld);
  }

  /** Heads of all bones. */
  get heads(): Map<string, Vector3> {
    return new Map([...this.bones].map(([bone, { head }]) => [bone, head]));
  }
}

/**
 * The turn that lets a model face +Z and stand upright: right angles only, since bodies slant and rigs do not.
 *
 * @param heads Bone to its place in any frame.
 */
export function uprightTurn(heads: ReadonlyMap<string, Vector3>): Quaternion {
  const left = place(heads, "LeftUpperLeg").sub(place(heads, "RightUpperLeg"));
  const top = ["Head", "Neck", ...[...TRUNK].reverse(), "Hips"].find((bone) => heads.has(bone)) ?? "Hips";
  const up = place(heads, top).sub(place(heads, "LeftLowerLeg"));
  const x = nearestAxis(left);
  const y = nearestAxis(up.addScaledVector(x, -up.dot(x)));
  const z = new Vector3().crossVectors(x, y);
  if (x.lengthSq() === 0 || y.lengthSq() === 0) throw new Error("The model's hips, legs and head lie in one place");
  return new Quaternion().setFromRotationMatrix(new Matrix4().makeBasis(x, y, z)).invert();
}

function place(heads: ReadonlyMap<string, Vector3>, bone: string): Vector3 {
  return heads.get(bone)?.clone() ?? new Vector3();
}

function nearestAxis(vector: Vector3): Vector3 {
  const [x, y, z] = vector.toArray();
  const largest = Math.max(Math.abs(x), Math.abs(y), Math.abs(z));
  if (largest < 1e-6) return new Vector3();
  if (Math.abs(x) === largest) return new Vector3(Math.sign(x), 0, 0);
  if (Math.abs(y) === largest) return new Vector3(0, Math.sign(y), 0);
  return new Vector3(0, 0, Math.sign(z));
}

function placeOf(node: Object3D, toRoot: Matrix4): { rotation: Quaternion; place: Vector3 } {
  const rotation = new Quaternion();
  const place = new Vector3();
  new Matrix4().multiplyMatrices(toRoot, node.matrixWorld).decompose(place, rotation, new Vector3());
  return { rotation, place };
}

function listed(bones: string[]): string {
  return bones.length === 1 ? `${bones[0]} is` : `${bones.slice(0, -1).join(", ")} and ${bones.at(-1)} are`;
}
