import { Vector3 } from "three";
import { expect, test } from "vitest";
import { readAvatar } from "../../src/stage/avatar";
import { VrmBody } from "../../src/stage/vrm_body";
import { madeAvatar, withPlait } from "../made_avatar";

const RATES_HZ = [30, 60, 72, 90, 120];

/** An avatar with a plait, its body, and how far the end of the plait stands out to the side. */
async function braided(settings: object) {
  const avatar = await readAvatar(
    madeAvatar((gltf) => withPlait(gltf, settings)),
    "braided.vrm",
  );
  const { vrm } = avatar;
  if (vrm === null) throw new Error("no VRM");
  const body = new VrmBody(vrm);
  const [root, , , end] = [0, 1, 2, 3].map((i) => avatar.root.getObjectByName(`Plait${i}`));
  if (!root || !end) throw new Error("no plait");
  const aside = () => {
    avatar.root.updateMatrixWorld();
    return end.getWorldPosition(new Vector3()).sub(root.getWorldPosition(new Vector3())).x;
  };
  avatar.root.updateMatrixWorld(true);
  body.update(0);
  body.settle();
  return { avatar, body, aside };
}

/** After a push: when the plait hangs straight again, each time, in seconds, and how far out it was between. */
async function swing(rateHz: number) {
  const { avatar, body, aside } = await braided({ stiffness: 0.15, gravityPower: 0.05, dragForce: 0.04 });
  avatar.root.position.x = 0.04;
  const crossings: number[] = [];
  let furthest = 0;
  let before = Number.NaN;
  for (let i = 1; i <= 3 * rateHz; i++) {
    body.update(1 / rateHz);
    const now = aside();
    if (before * now < 0) crossings.push((i - now / (now - before)) / rateHz);
    if (crossings.length === 1) furthest = Math.max(furthest, Math.abs(now));
    before = now;
  }
  return { crossings, furthest };
}

test("hair swings equally fast and far on every display", async () => {
  const swings = new Map<number, Awaited<ReturnType<typeof swing>>>();
  for (const rateHz of RATES_HZ) swings.set(rateHz, await swing(rateHz));
  const usual = swings.get(60);
  if (!usual) throw new Error("no 60 Hz");
  expect(usual.crossings.length).toBeGreaterThanOrEqual(4);
  for (const [rateHz, { crossings, furthest }] of swings) {
    const halfSwing = (times: number[]) => (times[3] - times[0]) / 3;
    expect(halfSwing(crossings) / halfSwing(usual.crossings), `${rateHz} Hz`).toBeCloseTo(1, 1.5);
    expect(Math.abs(crossings[0] - usual.crossings[0]), `${rateHz} Hz`).toBeLessThan(0.02);
    expect(furthest / usual.furthest, `${rateHz} Hz`).toBeCloseTo(1, 1);
  }
});

test("hair moves in every picture, also where there are more pictures than steps", async () => {
  const { avatar, body, aside } = await braided({ stiffness: 0.15, gravityPower: 0.05, dragForce: 0.04 });
  avatar.root.position.x = 0.04;
  const places: number[] = [];
  for (let i = 0; i < 200; i++) {
    body.update(1 / 144);
    places.push(aside());
  }
  const moved = places.slice(1).map((place, i) => Math.abs(place - places[i]));
  const later = moved.slice(60);
  const typical = [...later].sort((a, b) => a - b)[later.length >> 1];
  const numStill = later.filter((way) => way < 0.02 * typical).length;
  expect(numStill).toBeLessThan(0.05 * later.length); // a step a picture, or none: a jolt
});

test("a long pause is no long swing, and what was put down hangs at rest", async () => {
  const { avatar, body, aside } = await braided({ stiffness: 0.15, gravityPower: 0.05, dragForce: 0.04 });
  avatar.root.position.x = 5;
  avatar.root.updateMatrixWorld(true);
  body.settle();
  for (let i = 0; i < 30; i++) {
    body.update(i === 10 ? 30 : 1 / 60); // a hidden tab
    expect(Math.abs(aside())).toBeLessThan(0.005);
  }
});
