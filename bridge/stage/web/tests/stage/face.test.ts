import { expect, test } from "vitest";
import { readAvatar } from "../../src/stage/avatar";
import { Face } from "../../src/stage/face";
import { asVrm0, madeAvatar } from "../made_avatar";

type Change = Parameters<typeof madeAvatar>[0];

/** Numbers that are as good as those of chance, and the same each time. */
function chance(): () => number {
  let state = 7;
  return () => {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    return state / 2 ** 31;
  };
}

/** Puts expressions in the place of the default avatar's, by the morphs that it has. */
function expressions(preset: Record<string, object>): Change {
  return (gltf) => {
    const { blink } = gltf.extensions.VRMC_vrm.expressions.preset;
    const made = Object.entries(preset).map(([name, more]) => [name, { ...blink, overrideBlink: "none", ...more }]);
    gltf.extensions.VRMC_vrm.expressions.preset = Object.fromEntries(made);
  };
}

async function faced(change?: Change) {
  const { vrm } = await readAvatar(madeAvatar(change), "face.vrm");
  if (vrm === null) throw new Error("no VRM");
  const face = new Face(vrm, chance());
  const weight = (name: string): number => vrm.expressionManager?.getValue(name) ?? Number.NaN;
  /** What the morphs of the eyes are driven by, as it is drawn. */
  const influences: number[][] = [];
  vrm.scene.traverse((node) => {
    const { morphTargetInfluences } = node as { morphTargetInfluences?: number[] };
    if (morphTargetInfluences) influences.push(morphTargetInfluences);
  });
  const drawn = (): number[] => influences.flat();
  const live = (seconds: number, energy: number, look: () => void, rateHz = 60): void => {
    for (let i = 0; i < seconds * rateHz; i++) {
      face.advance(1 / rateHz, energy);
      vrm.expressionManager?.update();
      look();
    }
  };
  return { face, weight, drawn, live };
}

/** When the eyes were shut, in seconds. */
function shutAt({ live, drawn }: Awaited<ReturnType<typeof faced>>, energy = 0, rateHz = 60): number[] {
  const times: number[] = [];
  let wasShut = false;
  let picture = 0;
  live(
    120,
    energy,
    () => {
      const isShut = Math.max(...drawn()) > 0.8;
      if (isShut && !wasShut) times.push(picture / rateHz);
      wasShut = isShut;
      picture++;
    },
    rateHz,
  );
  return times;
}

const BLINKERS: Record<string, Change> = {
  "the default avatar": undefined,
  "a VRM 0": (gltf) => asVrm0(gltf, { blink: "blink", joy: "happy" }),
  "a VRM 0 with a lid each": (gltf) => asVrm0(gltf, { blink_l: "blink", blink_r: "blink" }),
  "a VRM 1 with a lid each": expressions({ blinkLeft: {}, blinkRight: {} }),
  "a relaxed one that says that it blocks blinks": expressions({ blink: {}, relaxed: { overrideBlink: "block" } }),
};

test.each(Object.entries(BLINKERS))("%s blinks, each two to six seconds, on any display", async (_, change) => {
  for (const rateHz of [30, 60, 120]) {
    const times = shutAt(await faced(change), 0, rateHz);
    const pauses = times.slice(1).map((time, i) => time - times[i]);
    expect(times.length).toBeGreaterThan(20);
    expect(Math.min(...pauses)).toBeGreaterThan(1.9);
    expect(Math.max(...pauses)).toBeLessThan(6.5);
  }
});

test("a face goes with the energy, a little and slowly, and back", async () => {
  const { live, weight } = await faced(expressions({ blink: {}, happy: {}, relaxed: {} }));
  live(5, 0, () => undefined);
  expect(weight("happy")).toBeCloseTo(0);
  expect(weight("relaxed")).toBeCloseTo(0.3);
  let before = weight("happy");
  live(10, 1, () => {
    const now = weight("happy");
    expect(now - before).toBeGreaterThanOrEqual(0);
    expect(now - before).toBeLessThan(0.01); // no jump
    before = now;
  });
  expect(before).toBeCloseTo(0.5, 1);
  expect(weight("relaxed")).toBeCloseTo(0, 1);
  live(10, 0, () => undefined);
  expect(weight("happy")).toBeCloseTo(0, 1);
});

test("the same on a VRM 0, whose names are others", async () => {
  const { live, weight } = await faced((gltf) => asVrm0(gltf, { blink: "blink", joy: "happy", fun: "happy" }));
  live(10, 1, () => undefined);
  expect(weight("happy")).toBeCloseTo(0.5, 1);
});

test("a smile that shuts the eyes is whole and short, comes instead of a blink, and only to a lively dance", async () => {
  const calm = await faced();
  calm.live(120, 0.2, () => expect(calm.weight("happy")).toBe(0));
  const lively = await faced();
  let pictures = 0;
  let smiles = 0;
  let wasSmiling = false;
  lively.live(120, 1, () => {
    const smile = lively.weight("happy");
    if (smile > 0) pictures++;
    if (smile === 1 && !wasSmiling) smiles++;
    wasSmiling = smile === 1 || (wasSmiling && smile > 0);
    expect(lively.weight("blink") > 0 && smile > 0).toBe(false);
  });
  expect(smiles).toBeGreaterThan(3);
  expect(pictures / 60 / smiles).toBeLessThan(1.6);
  expect(pictures / 60 / 120).toBeLessThan(0.25);
});

test("it is switched off, and blinks on", async () => {
  const one = await faced(expressions({ blink: {}, happy: {}, relaxed: {} }));
  one.live(5, 1, () => undefined);
  one.face.isExpressive = false;
  one.live(10, 1, () => undefined);
  expect(one.weight("happy")).toBeCloseTo(0, 2);
  expect(one.weight("relaxed")).toBe(0);
  expect(shutAt(one, 1).length).toBeGreaterThan(20);
});

test("an avatar without expressions has no face to move", async () => {
  const { live } = await faced((gltf) => {
    gltf.extensions.VRMC_vrm.expressions = {};
  });
  live(10, 1, () => undefined);
});
