import { Bone, Euler, Group, type Object3D, Quaternion, Vector3 } from "three";
import { describe, expect, test } from "vitest";
import { Figure } from "../src/motion/figure";
import { Mirror } from "../src/motion/interpolate";
import { Retarget } from "../src/motion/retarget";
import { Rig, uprightTurn } from "../src/motion/rig";
import { bestMapping } from "../src/motion/rig_names";
import { PoseFrame, type Skeleton } from "../src/wire/live";

/** The figure: bone, parent, offset in metres. */
const BONES: [string, string, [number, number, number]][] = [
  ["Hips", "", [0, 0, 0]],
  ["Spine", "Hips", [0, 0.06, 0]],
  ["Chest", "Spine", [0, 0.13, 0]],
  ["Neck", "Chest", [0, 0.23, 0]],
  ["Head", "Neck", [0, 0.08, 0]],
  ...(["Left", "Right"] as const).flatMap((side): [string, string, [number, number, number]][] => {
    const x = side === "Left" ? 1 : -1;
    return [
      [`${side}Shoulder`, "Chest", [x * 0.03, 0.18, 0]],
      [`${side}UpperArm`, `${side}Shoulder`, [x * 0.09, 0, 0]],
      [`${side}LowerArm`, `${side}UpperArm`, [x * 0.24, 0, 0]],
      [`${side}Hand`, `${side}LowerArm`, [x * 0.22, 0, 0]],
      [`${side}UpperLeg`, "Hips", [x * 0.08, -0.04, 0]],
      [`${side}LowerLeg`, `${side}UpperLeg`, [0, -0.38, 0]],
      [`${side}Foot`, `${side}LowerLeg`, [0, -0.36, 0]],
    ];
  }),
];

const LIMBS = ["Left", "Right"].flatMap((side): [string, string][] => [
  [`${side}UpperArm`, `${side}LowerArm`],
  [`${side}LowerArm`, `${side}Hand`],
  [`${side}UpperLeg`, `${side}LowerLeg`],
  [`${side}LowerLeg`, `${side}Foot`],
]);

function skeleton(): Skeleton {
  const names = BONES.map(([name]) => name);
  return {
    id: 1,
    names,
    parents: BONES.map(([, parent]) => names.indexOf(parent)),
    offsets: Float32Array.from(BONES.flatMap(([, , offset]) => offset)),
  };
}

/** A pose in which every bone is turned, each otherwise. */
function wildPose(seed: number): PoseFrame {
  const pose = new PoseFrame();
  pose.numBones = BONES.length;
  pose.root.set([0.3 + 0.1 * seed, 0.85, -0.4]);
  BONES.forEach((_, bone) => {
    const angle = (k: number): number => 0.6 * Math.sin(12.9898 * (bone + 1) * k + seed);
    const turn = new Quaternion().setFromEuler(new Euler(angle(1), angle(2), angle(3)));
    pose.rotations.set(turn.toArray(), 4 * bone);
  });
  return pose;
}

/**
 * A rig that rests as the figure does, but for its size, the slant of its arms, and bones rolled every way.
 *
 * @param slantRad By how much the arms hang: 0 is a T, 0.7 an A.
 */
function makeRig(size: number, slantRad: number, without: string[] = [], place = new Group()): Rig {
  const heads = new Map<string, Vector3>();
  const leg = 0.78;
  const ankle = 0.08;
  for (const [name, parent, offset] of BONES) {
    const arm = new Vector3(...offset);
    const side = Math.sign(offset[0]);
    if (/LowerArm|Hand/.test(name)) arm.applyAxisAngle(new Vector3(0, 0, 1), -side * slantRad);
    const above = heads.get(parent);
    heads.set(name, above ? arm.add(above) : new Vector3(0, leg + ankle, 0));
  }
  const nodes = new Map<string, Object3D>();
  const rotations = new Map<string, Quaternion>([["", new Quaternion()]]);
  BONES.forEach(([name, parent], index) => {
    if (without.includes(name)) return;
    let above = parent;
    while (without.includes(above)) above = BONES.find(([bone]) => bone === above)?.[1] ?? "";
    const roll = new Quaternion().setFromEuler(new Euler(index, 2 * index, 3 * index));
    const node = new Bone();
    const aboveRotation = (rotations.get(above) ?? new Quaternion()).clone().invert();
    const from = above === "" ? new Vector3() : (heads.get(above) ?? new Vector3());
    node.position
      .copy(heads.get(name) ?? new Vector3())
      .sub(from)
      .multiplyScalar(size)
      .applyQuaternion(aboveRotation);
    node.quaternion.copy(aboveRotation).multiply(roll);
    rotations.set(name, roll);
    (nodes.get(above) ?? place).add(node);
    nodes.set(name, node);
  });
  return new Rig(place, nodes);
}

function worldPlace(rig: Rig, bone: string): Vector3 {
  const node = rig.bones.get(bone)?.node;
  if (node === undefined) throw new Error(bone);
  rig.root.updateMatrixWorld(true);
  return rig.root.worldToLocal(node.getWorldPosition(new Vector3()));
}

function expectSame(a: Vector3, b: Vector3, what: string): void {
  expect(a.distanceTo(b), `${what}: ${a.toArray()} is not ${b.toArray()}`).toBeLessThan(1e-5);
}

function figurePlace(figure: Figure, bone: string): Vector3 {
  return figure.positions[figure.index.get(bone) ?? -1].clone();
}

describe.each([0, 0.7])("a rig whose arms slant by %f rad and whose bones are rolled every way", (slantRad) => {
  test.each([1, 2, 3])("points its limbs where the figure's point (%i)", (seed) => {
    const figure = new Figure(skeleton());
    const rig = makeRig(1, slantRad);
    new Retarget(figure, rig).apply(wildPose(seed));
    for (const [from, to] of LIMBS) {
      const wanted = figurePlace(figure, to).sub(figurePlace(figure, from)).normalize();
      expectSame(worldPlace(rig, to).sub(worldPlace(rig, from)).normalize(), wanted, from);
    }
  });
});

test("a rig of the same size has all joints where the figure has them", () => {
  const figure = new Figure(skeleton());
  const rig = makeRig(1, 0);
  const retarget = new Retarget(figure, rig);
  const pose = wildPose(5);
  retarget.apply(pose);
  // What is guessed of the figure's ankles shifts the whole body; nothing else may differ.
  const shift = worldPlace(rig, "Hips").sub(figurePlace(figure, "Hips"));
  expect(shift.x).toBeCloseTo(0, 5);
  expect(shift.z).toBeCloseTo(0, 5);
  expect(shift.y).toBeCloseTo(0.08 - figure.ankleM, 5);
  for (const [bone] of BONES) expectSame(worldPlace(rig, bone), figurePlace(figure, bone).add(shift), bone);
});

test("what the retargeting believes of joints is where the nodes really are", () => {
  const rig = makeRig(1.3, 0.5);
  const retarget = new Retarget(new Figure(skeleton()), rig);
  retarget.apply(wildPose(6));
  retarget.lift(0.11);
  for (const bone of retarget.bones) {
    expectSame(retarget.state(bone)?.position.clone() ?? new Vector3(), worldPlace(rig, bone), bone);
  }
});

test("a rig twice as large walks twice as far", () => {
  const figure = new Figure(skeleton());
  const rig = makeRig(2, 0);
  const retarget = new Retarget(figure, rig);
  expect(retarget.scale).toBeCloseTo(2, 5);
  const pose = wildPose(1);
  retarget.apply(pose);
  const before = worldPlace(rig, "Hips");
  pose.root[0] += 0.5;
  pose.root[1] += 0.1;
  retarget.apply(pose);
  expectSame(worldPlace(rig, "Hips").sub(before), new Vector3(1, 0.2, 0), "way");
});

test("a rig without a chest takes the chest's turn with its spine, and the arms lose nothing", () => {
  const figure = new Figure(skeleton());
  const rig = makeRig(1, 0, ["Chest", "LeftShoulder"]);
  new Retarget(figure, rig).apply(wildPose(4));
  for (const [from, to] of LIMBS) {
    const wanted = figurePlace(figure, to).sub(figurePlace(figure, from)).normalize();
    expectSame(worldPlace(rig, to).sub(worldPlace(rig, from)).normalize(), wanted, from);
  }
  const turned = new Vector3(0, 1, 0).applyQuaternion(figure.rotations[figure.index.get("Chest") ?? -1]);
  expectSame(worldPlace(rig, "Neck").sub(worldPlace(rig, "Spine")).normalize(), turned, "back");
});

test("an avatar that was carried and turned on the stage is posed no otherwise", () => {
  const place = new Group();
  place.position.set(3, 0, 1);
  place.rotation.y = 1;
  const figure = new Figure(skeleton());
  const [here, there] = [makeRig(1, 0.3), makeRig(1, 0.3, [], place)];
  for (const rig of [here, there]) new Retarget(figure, rig).apply(wildPose(2));
  for (const [bone] of BONES) expectSame(worldPlace(here, bone), worldPlace(there, bone), bone);
});

test("a mirrored pose is the pose in a mirror", () => {
  const figure = new Figure(skeleton());
  const pose = wildPose(3);
  figure.pose(pose);
  const before = new Map(BONES.map(([bone]) => [bone, figurePlace(figure, bone)]));
  new Mirror(figure.others).apply(pose);
  figure.pose(pose);
  for (const [bone, place] of before) {
    const other = bone.replace(/^(Left|Right)/, (side) => (side === "Left" ? "Right" : "Left"));
    expectSame(figurePlace(figure, other), place.clone().setX(-place.x), bone);
  }
});

test("a model that lies on its face or looks back is stood upright", () => {
  const heads = (turn: Quaternion): Map<string, Vector3> =>
    new Map(
      (
        [
          ["Hips", [0, 1, 0]],
          ["Head", [0, 1.6, 0.02]],
          ["LeftUpperLeg", [0.1, 0.95, 0]],
          ["RightUpperLeg", [-0.1, 0.95, 0]],
          ["LeftLowerLeg", [0.1, 0.5, 0.03]],
        ] as [string, [number, number, number]][]
      ).map(([bone, place]) => [bone, new Vector3(...place).applyQuaternion(turn)]),
    );
  for (const euler of [new Euler(0, Math.PI, 0), new Euler(-Math.PI / 2, 0, 0), new Euler(0, 0, Math.PI / 2)]) {
    const turn = new Quaternion().setFromEuler(euler);
    const upright = uprightTurn(heads(turn)).multiply(turn);
    expect(Math.abs(upright.w)).toBeCloseTo(1, 6);
  }
});

test("a model that is no humanoid is refused by the bones it lacks", () => {
  expect(() => makeRig(1, 0, ["LeftUpperLeg", "LeftLowerLeg", "LeftFoot"])).toThrow(
    "LeftUpperLeg and LeftLowerLeg are missing",
  );
});

describe("names of bones", () => {
  test.each([
    ["Mixamo", ["mixamorig:Hips", "mixamorig:LeftUpLeg", "mixamorig:RightForeArm", "mixamorig:LeftToeBase"]],
    ["Mixamo", ["mixamorigHips", "mixamorigLeftUpLeg", "mixamorigRightForeArm", "mixamorigLeftToeBase"]],
    ["Rigify", ["DEF-spine", "DEF-thigh.L", "DEF-forearm.R", "DEF-toe.L"]],
    ["Unreal", ["pelvis", "thigh_l", "lowerarm_r", "ball_l"]],
    ["Character Creator", ["CC_Base_Hip", "CC_Base_L_Thigh", "CC_Base_R_Forearm", "CC_Base_L_ToeBase"]],
    ["VRoid", ["J_Bip_C_Hips", "J_Bip_L_UpperLeg", "J_Bip_R_LowerArm", "J_Bip_L_ToeBase"]],
    ["VRM / Unity", ["hips", "leftUpperLeg", "rightLowerArm", "leftToes"]],
    ["3ds Max Biped", ["Bip001 Pelvis", "Bip001 L Thigh", "Bip001 R Forearm", "Bip001 L Toe0"]],
    ["names", ["Hips", "Left thigh", "elbow.R", "Toe_L"]],
  ])("of %s are known", (rig, names) => {
    const found = bestMapping(["Armature", ...names, "Cube"]);
    expect(found.rig).toBe(rig);
    expect([...found.bones]).toEqual([
      ["Hips", 1],
      ["LeftUpperLeg", 2],
      ["RightLowerArm", 3],
      ["LeftToes", 4],
    ]);
  });
});
