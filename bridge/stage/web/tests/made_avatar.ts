import defaultAvatar from "../../avatar.vrm?inline";

/** The JSON of a glTF file, as far as these tests change it. */
// biome-ignore lint/suspicious/noExplicitAny: what a file holds is known at run time only
type Gltf = Record<string, any>;

/** The default avatar's file after a change of its JSON: a real avatar, with what the default one lacks. */
export function madeAvatar(change: (gltf: Gltf) => void = () => undefined): ArrayBuffer {
  const file = Uint8Array.from(atob(defaultAvatar.replace(/^.*,/, "")), (letter) => letter.charCodeAt(0));
  const jsonEnd = 20 + new DataView(file.buffer).getUint32(12, true);
  const gltf: Gltf = JSON.parse(new TextDecoder().decode(file.subarray(20, jsonEnd)));
  change(gltf);
  const text = new TextEncoder().encode(JSON.stringify(gltf));
  const length = 4 * Math.ceil(text.length / 4);
  const made = new Uint8Array(20 + length + file.length - jsonEnd).fill(0x20);
  made.set(file.subarray(0, 20));
  made.set(text, 20);
  made.set(file.subarray(jsonEnd), 20 + length);
  const head = new DataView(made.buffer);
  head.setUint32(8, made.length, true);
  head.setUint32(12, length, true);
  return made.buffer;
}

/** Hangs a plait of springs on the head. @param settings Of its joints, as `VRMC_springBone` has them. */
export function withPlait(gltf: Gltf, settings: object): void {
  const head = gltf.nodes[gltf.extensions.VRMC_vrm.humanoid.humanBones.head.node];
  const first = gltf.nodes.length;
  const numJoints = 4;
  for (let i = 0; i < numJoints; i++) {
    const place = i === 0 ? [0, 0, -0.12] : [0, -0.1, 0];
    const children = i + 1 < numJoints ? [first + i + 1] : undefined;
    gltf.nodes.push({ name: `Plait${i}`, translation: place, children });
  }
  head.children = [...(head.children ?? []), first];
  const joints = Array.from({ length: numJoints }, (_, i) => ({ node: first + i, hitRadius: 0, ...settings }));
  gltf.extensions.VRMC_springBone = { specVersion: "1.0", springs: [{ name: "Plait", joints }] };
  gltf.extensionsUsed.push("VRMC_springBone");
}

/** Makes a VRM 0 of it, which calls its expressions in another way. @param groups Presets, and the morph of each. */
export function asVrm0(gltf: Gltf, groups: Record<string, string>): void {
  const { humanBones } = gltf.extensions.VRMC_vrm.humanoid;
  const mesh = gltf.meshes.findIndex((each: Gltf) => each.extras?.targetNames);
  const names: string[] = gltf.meshes[mesh].extras.targetNames;
  gltf.extensionsUsed = gltf.extensionsUsed.filter((name: string) => !name.startsWith("VRM")).concat("VRM");
  const curve = { curve: [0, 0, 0, 1, 1, 1, 1, 0], xRange: 90, yRange: 10 };
  const ways = ["HorizontalInner", "HorizontalOuter", "VerticalDown", "VerticalUp"];
  gltf.extensions = {
    VRM: {
      specVersion: "0.0",
      meta: { title: "Zero" },
      humanoid: {
        humanBones: Object.entries<{ node: number }>(humanBones).map(([bone, { node }]) => ({ bone, node })),
      },
      firstPerson: Object.fromEntries(ways.map((way) => [`lookAt${way}`, curve])),
      blendShapeMaster: {
        blendShapeGroups: Object.entries(groups).map(([presetName, morph]) => ({
          ...{ name: presetName, presetName, isBinary: false },
          binds: [{ mesh, index: names.indexOf(morph), weight: 100 }],
        })),
      },
      secondaryAnimation: { boneGroups: [], colliderGroups: [] },
      materialProperties: [],
    },
  };
}
