import { FINGERS, PHALANGES, SIDES } from "./humanoid";

/** What the bones of common rigs are called, and a reader of names that are in no table. */

type Table = Record<string, string>;

/** Entries for both sides; `{}` in a name stands for the side's mark. */
function sided(entries: Table, left: string, right: string): Table {
  const marks = { Left: left, Right: right };
  const all: Table = {};
  for (const side of SIDES)
    for (const [name, bone] of Object.entries(entries)) all[name.replace("{}", marks[side])] = side + bone;
  return all;
}

/** Entries of the fingers: `{finger}` and `{number}` filled in, `{}` left for the side. */
function fingers(pattern: string, names: readonly string[], numbers: readonly string[]): Table {
  const all: Table = {};
  names.forEach((name, finger) => {
    numbers.forEach((number, phalanx) => {
      all[pattern.replace("{finger}", name).replace("{number}", number)] = FINGERS[finger] + PHALANGES[phalanx];
    });
  });
  return all;
}

const ENGLISH = ["thumb", "index", "middle", "ring", "pinky"];
const DIGITS = ["1", "2", "3"];

const TABLES: Record<string, Table> = {
  "VRM / Unity": {
    ...{ Hips: "Hips", Spine: "Spine", Chest: "Chest", UpperChest: "UpperChest", Neck: "Neck", Head: "Head" },
    ...sided(
      {
        ...{ "{}Shoulder": "Shoulder", "{}UpperArm": "UpperArm", "{}LowerArm": "LowerArm", "{}Hand": "Hand" },
        ...{ "{}UpperLeg": "UpperLeg", "{}LowerLeg": "LowerLeg", "{}Foot": "Foot", "{}Toes": "Toes" },
        ...fingers("{}{finger}{number}", FINGERS, PHALANGES),
      },
      "Left",
      "Right",
    ),
  },
  VRoid: {
    ...{ J_Bip_C_Hips: "Hips", J_Bip_C_Spine: "Spine", J_Bip_C_Chest: "Chest", J_Bip_C_UpperChest: "UpperChest" },
    ...{ J_Bip_C_Neck: "Neck", J_Bip_C_Head: "Head" },
    ...sided(
      {
        ...{ "J_Bip_{}_Shoulder": "Shoulder", "J_Bip_{}_UpperArm": "UpperArm", "J_Bip_{}_LowerArm": "LowerArm" },
        ...{ "J_Bip_{}_Hand": "Hand", "J_Bip_{}_UpperLeg": "UpperLeg", "J_Bip_{}_LowerLeg": "LowerLeg" },
        ...{ "J_Bip_{}_Foot": "Foot", "J_Bip_{}_ToeBase": "Toes" },
        ...fingers("J_Bip_{}_{finger}{number}", FINGERS, DIGITS),
      },
      "L",
      "R",
    ),
  },
  Rigify: {
    ...{ spine: "Hips", "spine.001": "Spine", "spine.002": "Chest", "spine.003": "UpperChest" },
    ...{ "spine.004": "Neck", "spine.006": "Head" },
    ...sided(
      {
        ...{ "shoulder{}": "Shoulder", "upper_arm{}": "UpperArm", "forearm{}": "LowerArm", "hand{}": "Hand" },
        ...{ "thigh{}": "UpperLeg", "shin{}": "LowerLeg", "foot{}": "Foot", "toe{}": "Toes" },
        ...fingers("{finger}.{number}{}", ["thumb", "f_index", "f_middle", "f_ring", "f_pinky"], ["01", "02", "03"]),
      },
      ".L",
      ".R",
    ),
  },
  // Also MotionBuilder, Rokoko, Ready Player Me.
  Mixamo: {
    ...{ Hips: "Hips", Spine: "Spine", Spine1: "Chest", Spine2: "UpperChest", Neck: "Neck", Head: "Head" },
    ...sided(
      {
        ...{ "{}Shoulder": "Shoulder", "{}Arm": "UpperArm", "{}ForeArm": "LowerArm", "{}Hand": "Hand" },
        ...{ "{}UpLeg": "UpperLeg", "{}Leg": "LowerLeg", "{}Foot": "Foot", "{}ToeBase": "Toes" },
        ...fingers("{}Hand{finger}{number}", ENGLISH, DIGITS),
      },
      "Left",
      "Right",
    ),
  },
  Unreal: {
    ...{ pelvis: "Hips", spine_01: "Spine", spine_02: "Chest", spine_03: "UpperChest", neck_01: "Neck", head: "Head" },
    ...sided(
      {
        ...{ "clavicle_{}": "Shoulder", "upperarm_{}": "UpperArm", "lowerarm_{}": "LowerArm", "hand_{}": "Hand" },
        ...{ "thigh_{}": "UpperLeg", "calf_{}": "LowerLeg", "foot_{}": "Foot", "ball_{}": "Toes" },
        ...fingers("{finger}_{number}_{}", ENGLISH, ["01", "02", "03"]),
      },
      "l",
      "r",
    ),
  },
  "Character Creator": {
    ...{ CC_Base_Hip: "Hips", CC_Base_Waist: "Spine", CC_Base_Spine01: "Chest", CC_Base_Spine02: "UpperChest" },
    ...{ CC_Base_NeckTwist01: "Neck", CC_Base_Head: "Head" },
    ...sided(
      {
        ...{ "CC_Base_{}_Clavicle": "Shoulder", "CC_Base_{}_Upperarm": "UpperArm", "CC_Base_{}_Forearm": "LowerArm" },
        ...{ "CC_Base_{}_Hand": "Hand", "CC_Base_{}_Thigh": "UpperLeg", "CC_Base_{}_Calf": "LowerLeg" },
        ...{ "CC_Base_{}_Foot": "Foot", "CC_Base_{}_ToeBase": "Toes" },
        ...fingers("CC_Base_{}_{finger}{number}", ["Thumb", "Index", "Mid", "Ring", "Pinky"], DIGITS),
      },
      "L",
      "R",
    ),
  },
  SMPL: {
    ...{ Pelvis: "Hips", Spine1: "Spine", Spine2: "Chest", Spine3: "UpperChest", Neck: "Neck", Head: "Head" },
    ...sided(
      {
        ...{ "{}_Hip": "UpperLeg", "{}_Knee": "LowerLeg", "{}_Ankle": "Foot", "{}_Foot": "Toes" },
        ...{ "{}_Collar": "Shoulder", "{}_Shoulder": "UpperArm", "{}_Elbow": "LowerArm", "{}_Wrist": "Hand" },
      },
      "L",
      "R",
    ),
  },
  "3ds Max Biped": {
    ...{ "Bip01 Pelvis": "Hips", "Bip01 Spine": "Spine", "Bip01 Spine1": "Chest", "Bip01 Spine2": "UpperChest" },
    ...{ "Bip01 Neck": "Neck", "Bip01 Head": "Head" },
    ...sided(
      {
        ...{ "Bip01 {} Clavicle": "Shoulder", "Bip01 {} UpperArm": "UpperArm", "Bip01 {} Forearm": "LowerArm" },
        ...{ "Bip01 {} Hand": "Hand", "Bip01 {} Thigh": "UpperLeg", "Bip01 {} Calf": "LowerLeg" },
        ...{ "Bip01 {} Foot": "Foot", "Bip01 {} Toe0": "Toes" },
      },
      "L",
      "R",
    ),
  },
};

const WORDS: Table = {
  ...{ hips: "Hips", hip: "Hips", pelvis: "Hips", spine: "Spine", spine0: "Spine", spine1: "Spine", spine01: "Spine" },
  ...{ spinelower: "Spine", chest: "Chest", spine2: "Chest", spine02: "Chest", spinemid: "Chest", torso: "Chest" },
  ...{ upperchest: "UpperChest", chest2: "UpperChest", spine3: "UpperChest", spine03: "UpperChest" },
  ...{ spineupper: "UpperChest", neck: "Neck", neck1: "Neck", neck01: "Neck", head: "Head" },
};
const SIDED_WORDS: Table = {
  ...{ shoulder: "Shoulder", clavicle: "Shoulder", collar: "Shoulder", collarbone: "Shoulder" },
  ...{ upperarm: "UpperArm", arm: "UpperArm", uparm: "UpperArm", armupper: "UpperArm", bicep: "UpperArm" },
  ...{ lowerarm: "LowerArm", forearm: "LowerArm", elbow: "LowerArm", armlower: "LowerArm" },
  ...{ hand: "Hand", wrist: "Hand", upperleg: "UpperLeg", thigh: "UpperLeg", upleg: "UpperLeg", legupper: "UpperLeg" },
  ...{ lowerleg: "LowerLeg", calf: "LowerLeg", shin: "LowerLeg", knee: "LowerLeg", leglower: "LowerLeg" },
  ...{ leg: "LowerLeg", foot: "Foot", ankle: "Foot", toe: "Toes", toes: "Toes", ball: "Toes", toebase: "Toes" },
};
const SIDE =
  /^(left|right|l|r)[\s_.-]+|[\s_.-]+(left|right|l|r)(?=$|[\s_.-]*\d*$)|^(left|right)(?=[a-z])|(left|right)$/i;

/** A rig's humanoid bones, by the table that finds most of them. Of equals the first table wins. */
export interface Mapping {
  rig: string;
  /** Humanoid bone to its place in the names that were given. */
  bones: Map<string, number>;
}

/** Guesses which of a rig's bones are what, from their names alone. */
export function bestMapping(names: readonly string[]): Mapping {
  const plainNames = names.map(plain);
  const found: Mapping[] = Object.entries(TABLES).map(([rig, table]) => {
    const byName = new Map(Object.entries(table).map(([name, bone]) => [plain(name), bone]));
    return { rig, bones: collect(plainNames.map((name) => byName.get(name))) };
  });
  found.push({ rig: "names", bones: collect(names.map(read)) });
  return found.reduce((best, other) => (other.bones.size > best.bones.size ? other : best));
}

function collect(bones: (string | undefined)[]): Map<string, number> {
  const map = new Map<string, number>();
  bones.forEach((bone, place) => {
    if (bone !== undefined && !map.has(bone)) map.set(bone, place);
  });
  return map;
}

/** What a name says in words, such as `Left arm` or `UpperLeg.R`. */
function read(name: string): string | undefined {
  const bare = stripped(name);
  const match = SIDE.exec(bare);
  if (match === null) return WORDS[plain(bare)];
  const side = /^[\s_.-]*l/i.test(match[0]) ? "Left" : "Right";
  const bone = SIDED_WORDS[plain(bare.slice(0, match.index) + bare.slice(match.index + match[0].length))];
  return bone === undefined ? undefined : side + bone;
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
  return stripped(name)
    .replace(/[\s_.-]/g, "")
    .toLowerCase();
}
