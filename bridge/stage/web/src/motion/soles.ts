import { Matrix4, Mesh, type Object3D, SkinnedMesh, Vector3 } from "three";
import { SIDES } from "./humanoid";
import type { Rig } from "./rig";

/** Points of a bone's skin that may touch the floor, at rest, seen from the rig's root. */
export interface Sole {
  bone: string;
  points: Vector3[];
}

const FEET = SIDES.flatMap((side) => [`${side}Foot`, `${side}Toes`]);
/** Where a foot may look when it touches the floor: from below and askew, in all directions. */
const DIRECTIONS = [-1, -0.3].flatMap((y) =>
  [-1, 0, 1].flatMap((x) => [-1, 0, 1].map((z) => new Vector3(x, y, z).normalize())),
);
/** Skin that belongs to a bone by less than this follows others. */
const MOSTLY = 0.5;

/** Measures the soles of a rig at rest: the outermost vertices of feet and toes; joints alone, if they have no skin. */
export function measureSoles(rig: Rig): Sole[] {
  rig.root.updateMatrixWorld(true);
  const feet = new Map(FEET.flatMap((bone) => (rig.bones.has(bone) ? [[rig.bones.get(bone)?.skinNode, bone]] : [])));
  const clouds = new Map<string, Vector3[]>();
  const toRoot = rig.root.matrixWorld.clone().invert();
  rig.root.traverse((object) => {
    if (object instanceof Mesh) collect(object, (node) => footOf(node, feet), toRoot, clouds);
  });
  return FEET.flatMap((bone) => {
    const rigBone = rig.bones.get(bone);
    if (rigBone === undefined) return [];
    const cloud = clouds.get(bone) ?? [];
    if (cloud.length > 0) return [{ bone, points: outermost(cloud) }];
    return bone.endsWith("Foot") ? [{ bone, points: [new Vector3(rigBone.head.x, 0, rigBone.head.z)] }] : [];
  });
}

function collect(
  mesh: Mesh,
  footOfNode: (node: Object3D) => string | undefined,
  toRoot: Matrix4,
  clouds: Map<string, Vector3[]>,
): void {
  const place = new Matrix4().multiplyMatrices(toRoot, mesh.matrixWorld);
  const count = mesh.geometry.getAttribute("position")?.count ?? 0;
  const keep = (foot: string, index: number): void => {
    const points = clouds.get(foot) ?? [];
    points.push(mesh.getVertexPosition(index, new Vector3()).applyMatrix4(place));
    clouds.set(foot, points);
  };
  if (!(mesh instanceof SkinnedMesh)) {
    const foot = footOfNode(mesh);
    if (foot !== undefined) for (let i = 0; i < count; i++) keep(foot, i);
    return;
  }
  const feet = mesh.skeleton.bones.map(footOfNode);
  const joints = mesh.geometry.getAttribute("skinIndex");
  const weights = mesh.geometry.getAttribute("skinWeight");
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < 4; k++) {
      const foot = feet[joints.getComponent(i, k)];
      if (foot !== undefined && weights.getComponent(i, k) >= MOSTLY) keep(foot, i);
    }
  }
}

/** The foot's bone that a node is or hangs on. */
function footOf(node: Object3D, feet: ReadonlyMap<Object3D | undefined, string | undefined>): string | undefined {
  for (let above: Object3D | null = node; above; above = above.parent) {
    const foot = feet.get(above);
    if (foot !== undefined) return foot;
  }
  return undefined;
}

function outermost(cloud: Vector3[]): Vector3[] {
  const points = new Set<Vector3>();
  for (const direction of DIRECTIONS) {
    points.add(cloud.reduce((best, point) => (point.dot(direction) > best.dot(direction) ? point : best)));
  }
  return [...points];
}
