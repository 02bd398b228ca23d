import humanoid from "../../../../../data/tables/humanoid.json";

/** The 55 bones of Unity's `HumanBodyBones`, by which the bridge's figure and avatars understand each other. */

export const SIDES = ["Left", "Right"] as const;
export const FINGERS = ["Thumb", "Index", "Middle", "Ring", "Little"] as const;
export const PHALANGES = ["Proximal", "Intermediate", "Distal"] as const;
/** The back, from below. */
export const TRUNK: readonly string[] = humanoid.trunk;

/** Every bone's parent, parents first; where a figure lacks the parent, the parent's parent takes its place. */
export const PARENTS: ReadonlyMap<string, string> = new Map(Object.entries(humanoid.parents));

/** All bones, parents first. */
export const BONES: readonly string[] = [...PARENTS.keys()];

/** The nearest bone above that is present; empty for none. */
export function nearestParent(bone: string, present: { has(bone: string): boolean }): string {
  let parent = PARENTS.get(bone) ?? "";
  while (parent !== "" && !present.has(parent)) parent = PARENTS.get(parent) ?? "";
  return parent;
}

/** The bone on the other side; a bone of the middle is its own. */
export function otherSide(bone: string): string {
  if (bone.startsWith("Left")) return `Right${bone.slice(4)}`;
  if (bone.startsWith("Right")) return `Left${bone.slice(5)}`;
  return bone;
}
