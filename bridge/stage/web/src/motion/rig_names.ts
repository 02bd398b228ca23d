import rigs from "../../../../../data/tables/rigs.json";
import { SIDES } from "./humanoid";
import { CORE, descends, families, readWords } from "./rig_words";

/** Which bones of a rig are what, by the bridge's own tables of rigs (`data/tables/rigs.json`) and words. */

const TABLES: readonly [string, ReadonlyMap<string, string>][] = Object.entries(rigs.rigs).map(([rig, table]) => [
  rig,
  new Map(Object.entries(table).map(([name, bone]) => [plain(name), bone])),
]);

/** A rig that the bridge reads word by word, which takes joints enough to show what their names have in common. */
const CHARACTER_CREATOR: [string, ReadonlyMap<string, string>] = [
  "Character Creator",
  new Map(
    [
      ...Object.entries({ Hip: "Hips", Waist: "Spine", Spine01: "Chest", Spine02: "UpperChest", NeckTwist01: "Neck" }),
      ["Head", "Head"],
      ...SIDES.flatMap((side) =>
        Object.entries({
          ...{ Clavicle: "Shoulder", Upperarm: "UpperArm", Forearm: "LowerArm", Hand: "Hand" },
          ...{ Thigh: "UpperLeg", Calf: "LowerLeg", Foot: "Foot", ToeBase: "Toes" },
        }).map(([name, bone]): [string, string] => [`${side[0]}_${name}`, side + bone]),
      ),
    ].map(([name, bone]): [string, string] => [plain(`CC_Base_${name}`), bone]),
  ),
];

const SMALL = /(Proximal|Intermediate|Distal|Eye|Jaw)$/;

/** A rig's humanoid bones. */
export interface Mapping {
  rig: string;
  /** Humanoid bone to its place in the names that were given, in the order of these. */
  bones: Map<string, number>;
}

/**
 * Which of a rig's bones are what, from their names and how they hang: by the table that finds most; where that finds
 * more of a whole figure, or as much of it and more beside, by one that knows the names without what many of them have in
 * common, or word by word.
 *
 * @param parents Index of each bone's parent, -1 for none.
 */
export function bestMapping(names: readonly string[], parents: readonly number[] = names.map(() => -1)): Mapping {
  const byTheirs = (of: readonly string[], tables = TABLES): Mapping => byTable(new Map(of.entries()), parents, tables);
  const found = [byTheirs(names.map((name) => name.replace(/^.*[:|]/, "")))];
  for (const members of families(names).slice(1)) {
    found.push(byTable(new Map([...members].map(([index, words]) => [index, words.join("")])), parents));
  }
  found.push({ rig: "names", bones: readWords(names, parents) });
  found.push(byTheirs(names.map(stripped), [...TABLES, CHARACTER_CREATOR])); // of a model with too few joints to show what they have in common
  const best = found.reduce((best, other) => (isMore(other.bones, best.bones) ? other : best));
  return { rig: best.rig, bones: new Map([...best.bones].sort(([, a], [, b]) => a - b)) };
}

/** Whether one mapping knows more of a whole figure than another, or as much of it and more beside fingers and the face. */
function isMore(one: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>): boolean {
  const [a, b] = [one, other].map((bones) => [...bones.keys()]);
  const core = (bones: readonly string[]): number => bones.filter((bone) => CORE.has(bone)).length;
  const large = (bones: readonly string[]): number => bones.filter((bone) => !SMALL.test(bone)).length;
  return core(a) - core(b) > 0 || (core(a) === core(b) && large(a) > large(b));
}

/** The table that finds most bones, the first of equals; of two joints of one bone the one that hangs on the other. */
function byTable(names: ReadonlyMap<number, string>, parents: readonly number[], tables = TABLES): Mapping {
  const found = tables.map(([rig, table]): Mapping => {
    const bones = new Map<string, number>();
    for (const [index, name] of names) {
      const bone = table.get(plain(name));
      const before = bone === undefined ? undefined : bones.get(bone);
      if (bone !== undefined && (before === undefined || descends(parents, index, before))) bones.set(bone, index);
    }
    return { rig, bones };
  });
  return found.reduce((best, other) => (other.bones.size > best.bones.size ? other : best));
}

/** Without what exporters put before a name: a namespace, Mixamo's mark, Rigify's kind of bone, the Biped's number. */
function stripped(name: string): string {
  return name
    .replace(/^.*[:|]/, "")
    .replace(/^mixamorig\d*_?/i, "")
    .replace(/^(DEF|ORG)-/i, "")
    .replace(/^Bip0*\d+/i, "Bip01");
}

function plain(name: string): string {
  return name.replace(/[\s_.-]/g, "").toLowerCase();
}
