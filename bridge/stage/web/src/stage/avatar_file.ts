/** What is looked at in an avatar's file before it is read: whether it can be read here, offline, at all. */

const GLB_MAGIC = 0x46546c67;
const LARGEST_BYTES = 400e6;

/** Compressions whose decoders are not part of this page. */
const COMPRESSIONS: Record<string, string> = {
  KHR_draco_mesh_compression: "Draco",
  EXT_meshopt_compression: "meshopt",
  KHR_meshopt_compression: "meshopt",
  KHR_texture_basisu: "KTX2",
};

interface Gltf {
  extensionsRequired?: string[];
  buffers?: { uri?: string }[];
  images?: { uri?: string }[];
}

/** Throws an Error people can read when a file is no glTF, or is one that cannot be read here. */
export function checkAvatarFile(bytes: ArrayBuffer, name: string): void {
  if (bytes.byteLength > LARGEST_BYTES) throw new Error(`${name} is larger than ${LARGEST_BYTES / 1e6} MB`);
  const gltf = json(bytes, name);
  const compressions = (gltf.extensionsRequired ?? []).map((extension) => COMPRESSIONS[extension]).filter(Boolean);
  if (compressions.length > 0) {
    const which = [...new Set(compressions)].join(" and ");
    throw new Error(`${name} is compressed with ${which}: export it again without that compression`);
  }
  const isOutside = ({ uri }: { uri?: string }): boolean => uri !== undefined && !uri.startsWith("data:");
  if ([...(gltf.buffers ?? []), ...(gltf.images ?? [])].some(isOutside)) {
    throw new Error(`${name} keeps parts of itself in other files: export it as one .glb`);
  }
}

function json(bytes: ArrayBuffer, name: string): Gltf {
  const view = new DataView(bytes);
  const noGltf = new Error(`${name} is no VRM, GLB or glTF file`);
  try {
    if (bytes.byteLength >= 20 && view.getUint32(0, true) === GLB_MAGIC) {
      if (view.getUint32(4, true) !== 2) throw new Error("version");
      return JSON.parse(new TextDecoder().decode(new Uint8Array(bytes, 20, view.getUint32(12, true))));
    }
    const gltf = JSON.parse(new TextDecoder().decode(bytes));
    if (typeof gltf?.asset?.version !== "string") throw new Error("asset");
    return gltf;
  } catch {
    throw noGltf;
  }
}
