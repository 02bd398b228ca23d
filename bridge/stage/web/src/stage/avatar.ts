import { type VRM, VRMLoaderPlugin, VRMUtils } from "@pixiv/three-vrm";
import { Group, Mesh, type Object3D, Vector3 } from "three";
import { GLTFLoader } from "three/addons/loaders/GLTFLoader.js";
import { relaxHands } from "../motion/hands";
import { Rig, uprightTurn } from "../motion/rig";
import { bestMapping } from "../motion/rig_names";
import { measureSoles, type Sole } from "../motion/soles";
import { checkAvatarFile } from "./avatar_file";

/** An avatar, standing at rest at the origin of its `root`, facing +Z. */
export interface Avatar {
  name: string;
  root: Group;
  rig: Rig;
  soles: Sole[];
  /** Null for a glTF humanoid that is no VRM. */
  vrm: VRM | null;
  dispose(): void;
}

/** Bodies outside of these heights were not made in metres. */
const SMALLEST_LEG_M = 0.15;
const LARGEST_LEG_M = 3;
const TYPICAL_LEG_M = 0.85;

/**
 * Reads an avatar from a file.
 *
 * @param name Of the file, for what is said about it.
 * @throws Error people can read.
 */
export async function readAvatar(bytes: ArrayBuffer, name: string): Promise<Avatar> {
  checkAvatarFile(bytes, name);
  const loader = new GLTFLoader();
  loader.register((parser) => new VRMLoaderPlugin(parser));
  const gltf = await loader.parseAsync(bytes, "");
  const vrm = (gltf.userData.vrm as VRM | undefined) ?? null;
  const scene = vrm ? vrm.scene : gltf.scene;
  const root = new Group();
  root.add(scene);
  if (vrm) VRMUtils.rotateVRM0(vrm); // VRM 0 faces -Z
  try {
    const rig = vrm ? vrmRig(vrm, root) : gltfRig(scene, root, name);
    const soles = measureSoles(rig);
    relaxHands(rig);
    prepareForDrawing(scene);
    return { name: title(vrm, name), root, rig, soles, vrm, dispose: () => VRMUtils.deepDispose(scene) };
  } catch (error) {
    VRMUtils.deepDispose(scene);
    throw error;
  }
}

function vrmRig(vrm: VRM, root: Group): Rig {
  const nodes = new Map<string, Object3D>();
  const skinNodes = new Map<string, Object3D>();
  for (const name of Object.keys(vrm.humanoid.humanBones) as (keyof typeof vrm.humanoid.humanBones)[]) {
    const node = vrm.humanoid.getNormalizedBoneNode(name);
    const skinNode = vrm.humanoid.getRawBoneNode(name);
    if (node === null || skinNode === null) continue;
    nodes.set(unityName(name), node);
    skinNodes.set(unityName(name), skinNode);
  }
  return new Rig(root, nodes, skinNodes);
}

/** VRM 1 calls the thumb's bones by those of anatomy, from the metacarpal on. */
function unityName(vrmName: string): string {
  const name = vrmName[0].toUpperCase() + vrmName.slice(1);
  return name.replace("ThumbProximal", "ThumbIntermediate").replace("ThumbMetacarpal", "ThumbProximal");
}

function gltfRig(scene: Object3D, root: Group, name: string): Rig {
  const candidates: Object3D[] = [];
  scene.traverse((object) => {
    if (!(object instanceof Mesh)) candidates.push(object);
  });
  // The loader takes from names what would hinder animations, and keeps them as they were beside.
  const names = candidates.map((object) => String(object.userData.name ?? object.name));
  const { bones } = bestMapping(
    names,
    candidates.map((object) => parentIn(candidates, object)),
  );
  const nodes = new Map([...bones].map(([bone, place]) => [bone, candidates[place]]));
  root.updateMatrixWorld(true);
  const heads = new Map([...nodes].map(([bone, node]) => [bone, node.getWorldPosition(new Vector3())]));
  try {
    if (nodes.has("LeftUpperLeg") && nodes.has("RightUpperLeg") && nodes.has("LeftLowerLeg")) stand(scene, heads);
    return new Rig(root, nodes);
  } catch (error) {
    throw new Error(`${name}: ${error instanceof Error ? error.message : error}`);
  }
}

/** Index of the nearest of some objects that an object hangs on; -1 for none. */
function parentIn(candidates: readonly Object3D[], object: Object3D): number {
  let above = object.parent;
  while (above !== null && !candidates.includes(above)) above = above.parent;
  return above === null ? -1 : candidates.indexOf(above);
}

/** Turns a model upright, facing +Z, and to the size of people if it was not made in metres. */
function stand(scene: Object3D, heads: ReadonlyMap<string, Vector3>): void {
  const legM = ["UpperLeg", "LowerLeg"].reduce((sum, bone, index) => {
    const from = heads.get(`Left${bone}`);
    const to = heads.get(["LeftLowerLeg", "LeftFoot"][index]);
    return from && to ? sum + from.distanceTo(to) : sum;
  }, 0);
  const frame = new Group();
  scene.parent?.add(frame);
  frame.add(scene);
  frame.quaternion.copy(uprightTurn(heads));
  if (legM < SMALLEST_LEG_M || legM > LARGEST_LEG_M) frame.scale.setScalar(TYPICAL_LEG_M / legM);
}

function prepareForDrawing(scene: Object3D): void {
  scene.traverse((object) => {
    if (!(object instanceof Mesh)) return;
    object.castShadow = true;
    object.receiveShadow = true;
    object.frustumCulled = false; // a skin's bounds are those at rest; dancers leave them
  });
}

function title(vrm: VRM | null, fileName: string): string {
  const meta = vrm?.meta;
  const own = meta && (meta.metaVersion === "1" ? meta.name : meta.title);
  return own || fileName.replace(/^.*\//, "").replace(/\.(vrm|glb|gltf)$/i, "");
}
