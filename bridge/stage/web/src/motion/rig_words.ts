import rigs from "../../../../../data/tables/rigs.json";
import { FINGERS, PHALANGES, SIDES } from "./humanoid";

/**
 * Names of joints read word by word, as the bridge reads them (data/rigs/rig_words.py, whose words these are): sides, numbers
 * and prefixes in the ways of many programs. `tests/conformance/rig_names.json` holds both to the same answers.
 */

const { words: WORDS } = rigs;
const KIND_OF_MIDDLE: ReadonlyMap<string, string> = new Map(Object.entries(WORDS.middle));
const KIND_OF_SIDED: ReadonlyMap<string, string> = new Map(Object.entries(WORDS.sided));
const FINGER_OF: ReadonlyMap<string, string> = new Map(Object.entries(WORDS.fingers));
const SIDE_OF: ReadonlyMap<string, string> = new Map([
  ...WORDS.left.map((word): [string, string] => [word, "Left"]),
  ...WORDS.right.map((word): [string, string] => [word, "Right"]),
]);
const FILLING: ReadonlySet<string> = new Set(WORDS.filling);
const NO_BONE: ReadonlySet<string> = new Set(WORDS.no_bone);

/** The bones without which a figure is no whole one. */
export const CORE: ReadonlySet<string> = new Set(WORDS.core);

const PIECE = /[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|(?:(?![A-Za-z])\p{L})+/gu;
const IS_NUMBER = /^\d+$/;

/** Index of a joint, and the words of its name. */
type Members = Map<number, string[]>;

/** Indices of the joints of a side and a kind of bone; the side is empty for the middle. */
type Kinds = Map<string, number[]>;

/** The words and numbers of a name, lower case, without what stands before a colon or a bar. */
export function wordsOf(name: string): string[] {
  const words: string[] = [];
  for (const piece of (name.split(/[:|]/).at(-1) ?? "").match(PIECE) ?? []) {
    const word = piece.toLowerCase();
    if (/^[LR][UF]$/.test(piece))
      words.push(...word); // LUArm and RFArm are upper arm and forearm
    else words.push(...partsOf(word));
  }
  return words;
}

function partsOf(word: string): string[] {
  let side = ["left", "right", "左", "右"].find((mark) => word.startsWith(mark) && word !== mark);
  const rest = word.slice(1);
  if (side === undefined && "lr".includes(word[0]) && (KIND_OF_SIDED.has(rest) || FINGER_OF.has(rest))) side = word[0];
  if (side !== undefined) return [side, word.slice(side.length)];
  const end = ["left", "right"].find((mark) => word.endsWith(mark));
  return end !== undefined && !SIDE_OF.has(word) ? [word.slice(0, -end.length), end] : [word];
}

/** Index and words of all joints; then, for each beginning or end that some share, of these joints, without it. */
export function families(names: readonly string[]): Members[] {
  const words = names.map(wordsOf);
  const counts = new Map<string, number>();
  const key = (parts: readonly string[]): string => parts.join("\n");
  for (const some of words) {
    for (const size of [1, 2, 3]) {
      if (some.length >= size) counts.set(key(some.slice(0, size)), (counts.get(key(some.slice(0, size))) ?? 0) + 1);
    }
  }
  const found: Members[] = [new Map(words.entries())];
  for (const prefix of [...counts.keys()].sort()) {
    if ((counts.get(prefix) ?? 0) < WORDS.family) continue;
    const size = prefix.split("\n").length;
    const members = [...words.entries()].filter(
      ([, some]) => some.length >= size && key(some.slice(0, size)) === prefix,
    );
    found.push(new Map(members.map(([index, some]) => [index, some.slice(size)])));
  }
  const longer = [...words.entries()].filter(([, some]) => some.length > 1);
  const ends = (some: readonly string[]): string => some[some.length - 1];
  for (const ending of [...new Set(longer.map(([, some]) => ends(some)))].sort()) {
    const members = longer.filter(([, some]) => ends(some) === ending);
    if (members.length < WORDS.family || SIDE_OF.has(ending) || NO_BONE.has(ending)) continue;
    found.push(new Map(members.map(([index, some]) => [index, some.slice(0, -1)])));
  }
  return found;
}

/**
 * Humanoid bone to the joint's index, as far as the names tell. Of all families of joints, and all joints as they are,
 * the one counts that has most of `CORE`.
 *
 * @param parents Index of each joint's parent, -1 for none.
 */
export function readWords(names: readonly string[], parents: readonly number[]): Map<string, number> {
  const found = families(names).map((members) => family(members, parents));
  const size = (mapping: Map<string, number>): number => [...mapping.keys()].filter((bone) => CORE.has(bone)).length;
  return found.reduce((best, other) => (size(other) > size(best) ? other : best));
}

function family(members: Members, parents: readonly number[]): Map<string, number> {
  const kinds: Kinds = new Map();
  const numbers = new Map<number, number>();
  for (const [index, words] of members) {
    const read = readName(words);
    if (read === null) continue;
    const key = read.side + read.kind;
    kinds.set(key, [...(kinds.get(key) ?? []), index]);
    numbers.set(index, read.number);
  }
  const mapping = new Map<string, number>();
  for (const side of SIDES) {
    for (const [bone, index] of limbs(side, kinds)) mapping.set(side + bone, index);
    for (const finger of FINGERS) {
      const joints = [...(kinds.get(side + finger) ?? [])];
      joints.sort((a, b) => (numbers.get(a) ?? 0) - (numbers.get(b) ?? 0) || a - b);
      joints.slice(0, 3).forEach((index, phalanx) => {
        mapping.set(side + finger + PHALANGES[phalanx], index);
      });
    }
  }
  for (const [bone, index] of middle(kinds, mapping, parents)) mapping.set(bone, index);
  return mapping;
}

/** What the words of a name without its prefix say; null for no bone of a body. */
function readName(words: readonly string[]): { side: string; kind: string; number: number } | null {
  const side = SIDE_OF.get(words.find((word) => SIDE_OF.has(word)) ?? "") ?? "";
  const numbers = words.filter((word) => IS_NUMBER.test(word));
  const rest = words.filter((word) => !SIDE_OF.has(word) && !FILLING.has(word) && !IS_NUMBER.test(word));
  const plain = rest.join("");
  const number = Number(numbers.at(-1) ?? -1);
  if (side === "") {
    const kind = KIND_OF_MIDDLE.get(plain);
    return kind === undefined ? null : { side, kind, number };
  }
  if (words.some((word) => NO_BONE.has(word))) return null;
  const kind = KIND_OF_SIDED.get(plain);
  if (kind !== undefined) return { side, kind, number };
  const digits = numbers.at(-1);
  if (plain === "finger" && digits !== undefined) {
    // Biped: Finger0, Finger01, Finger02 are the thumb, Finger1 the index
    const finger = FINGERS[Number(digits[0])];
    if (finger !== undefined) return { side, kind: finger, number: Number(digits.slice(1) || 0) };
  }
  const left = rest.filter((word) => !["hand", "finger", "f"].includes(word));
  const finger = left.length === 1 ? FINGER_OF.get(left[0]) : undefined;
  return finger === undefined ? null : { side, kind: finger, number };
}

/** Bones of one side, without its name, to indices. */
function limbs(side: string, kinds: Kinds): [string, number][] {
  const of = (...names: string[]): number | undefined =>
    names.map((name) => kinds.get(side + name)?.[0]).find((index) => index !== undefined);
  const found: Record<string, number | undefined> = { Eye: of("eye") };
  const [clavicle, shoulder, arm] = [of("clavicle"), of("shoulder"), of("arm")];
  const lower = of("lower arm", "elbow");
  const upper = of("upper arm");
  if (upper !== undefined) {
    Object.assign(found, { UpperArm: upper, LowerArm: lower ?? arm, Shoulder: clavicle ?? shoulder });
  } else if (arm !== undefined) {
    const arms = kinds.get(`${side}arm`) ?? [];
    const second = arms.length === 2 ? arms[1] : undefined;
    Object.assign(found, { UpperArm: arm, LowerArm: lower ?? second, Shoulder: clavicle ?? shoulder });
  } else if ((clavicle !== undefined || lower !== undefined) && !namesUpperArms(kinds)) {
    Object.assign(found, { UpperArm: shoulder, LowerArm: lower, Shoulder: clavicle });
  } else {
    Object.assign(found, { LowerArm: lower, Shoulder: clavicle ?? shoulder });
  }
  const [wrist, hand] = [of("wrist"), of("hand")];
  found.Hand = hand === undefined || (wrist !== undefined && wrist < hand) ? wrist : hand;

  const leg = of("leg");
  const thigh = of("upper leg", "hip");
  const shin = of("lower leg", "knee");
  const legs = kinds.get(`${side}leg`) ?? [];
  if (thigh !== undefined) Object.assign(found, { UpperLeg: thigh, LowerLeg: shin ?? leg });
  else if (leg !== undefined && shin !== undefined) Object.assign(found, { UpperLeg: leg, LowerLeg: shin });
  else if (legs.length === 2) Object.assign(found, { UpperLeg: legs[0], LowerLeg: legs[1] });
  else if (leg !== undefined) found.LowerLeg = leg;
  const [ankle, foot, toes] = [of("ankle"), of("foot"), of("toes")];
  found.Foot = ankle ?? foot;
  found.Toes = ankle !== undefined && toes === undefined ? foot : toes;
  return Object.entries(found).flatMap(([bone, index]): [string, number][] =>
    index === undefined ? [] : [[bone, index]],
  );
}

/** Whether the arm of one side at least has a word of its own, so that no shoulder is meant to be one. */
function namesUpperArms(kinds: Kinds): boolean {
  return SIDES.some((side) => kinds.has(`${side}upper arm`) || kinds.has(`${side}arm`));
}

/** Hips, back, neck and head. */
function middle(kinds: Kinds, limbs: ReadonlyMap<string, number>, parents: readonly number[]): Map<string, number> {
  const [hips, trunk, neck, head, jaw] = ["hips", "trunk", "neck", "head", "jaw"].map((kind) => kinds.get(kind) ?? []);
  const found = new Map<string, number>();
  for (const [bone, some] of [
    ["Neck", neck],
    ["Head", head],
    ["Jaw", jaw],
  ] as const) {
    if (some.length > 0) found.set(bone, some[0]);
  }
  const both = (bone: string): number[] => SIDES.flatMap((side) => limbs.get(side + bone) ?? []);
  const legs = both("UpperLeg");
  const above = [...neck.slice(0, 1), ...head.slice(0, 1), ...both("UpperArm")];
  if (legs.length === 2) {
    const common = commonAncestor(parents, [...legs, ...above]);
    const holdsAll = hips.filter((i) => [...legs, ...above.slice(0, 1)].every((joint) => descends(parents, joint, i)));
    if (holdsAll.length > 0) found.set("Hips", Math.max(...holdsAll));
    else if (common !== null && ![...limbs.values()].includes(common)) found.set("Hips", common);
  }
  if (!found.has("Hips") && hips.length > 0) found.set("Hips", hips[0]);
  const root = found.get("Hips") ?? -1;
  const hangs = (index: number): boolean =>
    index !== root && descends(parents, index, root) && above.some((joint) => descends(parents, joint, index));
  let back = trunk.filter(hangs);
  if (back.length === 0 && root >= 0 && above.length > 0) back = between(parents, root, above, found, limbs);
  if (back.length === 0) back = trunk.filter((index) => index !== root);
  backBones(back).forEach((index, bone) => {
    found.set(bone, index);
  });
  return found;
}

/** A back without a word for it: what lies between the hips and what the arms hang on. */
function between(
  parents: readonly number[],
  root: number,
  above: readonly number[],
  found: ReadonlyMap<string, number>,
  limbs: ReadonlyMap<string, number>,
): number[] {
  const taken = new Set([...found.values(), ...limbs.values()]);
  const back: number[] = [];
  let joint = above.length > 1 ? (commonAncestor(parents, above) ?? -1) : parents[above[0]];
  while (joint >= 0 && joint !== root) {
    if (!taken.has(joint)) back.unshift(joint);
    joint = parents[joint];
  }
  return joint === root ? back : [];
}

/** Spine, chest and upper chest of a back of any number of joints, from below to above. */
function backBones(joints: readonly number[]): Map<string, number> {
  const names = ["Spine", "Chest", "UpperChest"];
  const some =
    joints.length < 3 ? joints : [joints[0], joints[Math.floor(joints.length / 2)], joints[joints.length - 1]];
  return new Map(some.map((index, place) => [names[place], index]));
}

/** Whether a joint is another one or hangs below it. */
export function descends(parents: readonly number[], joint: number, ancestor: number): boolean {
  let at = joint;
  while (at >= 0 && at !== ancestor) at = parents[at];
  return at === ancestor;
}

/** The lowest joint on which all of some joints hang, none of them itself; null where there is none. */
function commonAncestor(parents: readonly number[], joints: readonly number[]): number | null {
  if (joints.length === 0) return null;
  for (let ancestor = parents[joints[0]]; ancestor >= 0; ancestor = parents[ancestor]) {
    if (joints.every((joint) => joint !== ancestor && descends(parents, joint, ancestor))) return ancestor;
  }
  return null;
}
