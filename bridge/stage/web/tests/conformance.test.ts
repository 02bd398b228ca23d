import { Bone, Group, type Object3D, Quaternion, Vector3 } from "three";
import { expect, test } from "vitest";
import retarget from "../../../../tests/conformance/retarget.json";
import rigNames from "../../../../tests/conformance/rig_names.json";
import tPose from "../../../../tests/conformance/t_pose.json";
import { Figure } from "../src/motion/figure";
import { nearestParent } from "../src/motion/humanoid";
import { Retarget } from "../src/motion/retarget";
import { Rig } from "../src/motion/rig";
import { bestMapping } from "../src/motion/rig_names";
import { legLength, tPoseHeads, tPoseTurns } from "../src/motion/t_pose";
import { PoseFrame } from "../src/wire/live";

/** What the reference in Python says of the same; `tests/conformance/make_fixtures.py` writes it. */

test.each(rigNames.cases)("rig $name", ({ joints, parents, kind, bones }) => {
  const found = bestMapping(joints, parents);
  const named = Object.fromEntries([...found.bones].map(([bone, index]) => [bone, joints[index]]));
  expect(named).toEqual(bones);
  expect(found.rig).toBe(kind);
});

function quaternion(values: readonly number[]): Quaternion {
  return new Quaternion().fromArray(values).normalize();
}

/** The angle by the chord between both, which is exact where it is small. */
function expectTurned(found: Quaternion, wanted: readonly number[], what: string): void {
  const other = quaternion(wanted);
  const sign = found.dot(other) < 0 ? -1 : 1;
  const apart = found
    .normalize()
    .toArray()
    .map((value, axis) => value - sign * other.toArray()[axis]);
  expect(2 * Math.hypot(...apart), what).toBeLessThan(5e-4);
}

test.each(tPose.cases)("T-pose of $name", ({ heads, turns, leg_m }) => {
  const places = new Map(Object.entries(heads).map(([bone, head]) => [bone, new Vector3().fromArray(head)]));
  const found = tPoseTurns(places);
  expect([...found.keys()].sort()).toEqual(Object.keys(turns).sort());
  for (const [bone, turn] of Object.entries(turns)) expectTurned(found.get(bone) ?? new Quaternion(), turn, bone);
  expect(legLength(tPoseHeads(places, found))).toBeCloseTo(leg_m, 4);
});

interface RigCase {
  name: string;
  rest: Record<string, { rotation: number[]; head: number[] }>;
  scale: number;
  bones: string[];
  hips: number[][];
  rotations: number[][][];
}

const [{ figure: given }, ...cases] = retarget.cases as unknown as [
  { figure: { bones: string[]; parents: number[]; offsets: number[][]; roots: number[][]; rotations: number[][][] } },
  ...RigCase[],
];

/** The rig of a case, each bone below the nearest that it has above. */
function rigOf({ rest }: RigCase): Rig {
  const root = new Group();
  const nodes = new Map<string, Object3D>();
  const known = new Map(Object.entries(rest));
  const place = (bone: string): Object3D => {
    const node = nodes.get(bone);
    if (node !== undefined) return node;
    const above = nearestParent(bone, known);
    const parent = above === "" ? root : place(above);
    const made = new Bone();
    const { rotation, head } = rest[bone];
    const turned = above === "" ? new Quaternion() : quaternion(rest[above].rotation).invert();
    const from = new Vector3().fromArray(above === "" ? [0, 0, 0] : rest[above].head);
    made.position.fromArray(head).sub(from).applyQuaternion(turned);
    made.quaternion.copy(turned).multiply(quaternion(rotation));
    parent.add(made);
    nodes.set(bone, made);
    return made;
  };
  for (const bone of Object.keys(rest)) place(bone);
  return new Rig(root, nodes);
}

test.each(cases)("poses on $name", (rigCase) => {
  const { bones, parents, offsets, roots, rotations } = given;
  const figure = new Figure({ id: 1, names: bones, parents, offsets: Float32Array.from(offsets.flat()) });
  const rig = rigOf(rigCase);
  const made = new Retarget(figure, rig);
  expect(made.scale).toBeCloseTo(rigCase.scale, 4);
  expect([...made.bones].sort()).toEqual([...rigCase.bones].sort());
  const pose = new PoseFrame();
  pose.numBones = bones.length;
  roots.forEach((root, frame) => {
    pose.root.set(root);
    rotations[frame].forEach((turn, bone) => {
      pose.rotations.set(turn, 4 * bone);
    });
    made.apply(pose);
    rig.root.updateMatrixWorld(true);
    const hips = rig.bones.get("Hips")?.node.getWorldPosition(new Vector3()) ?? new Vector3();
    expect(hips.distanceTo(new Vector3().fromArray(rigCase.hips[frame])), `hips in pose ${frame}`).toBeLessThan(1e-4);
    rigCase.bones.forEach((bone, place) => {
      const node = rig.bones.get(bone)?.node;
      const turned = node?.getWorldQuaternion(new Quaternion()) ?? new Quaternion();
      expectTurned(turned, rigCase.rotations[frame][place], `${bone} in pose ${frame}`);
    });
  });
});
