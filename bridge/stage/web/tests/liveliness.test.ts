import { expect, test } from "vitest";
import { Liveliness } from "../src/motion/liveliness";
import { PoseFrame } from "../src/wire/live";

const BONES = 10;

/** After so long: bones that all swing, so many radians to either side and back in a second. */
function after(seconds: number, rad: number, rateHz: number): number {
  const liveliness = new Liveliness();
  const pose = new PoseFrame();
  pose.numBones = BONES;
  for (let i = 0; i <= seconds * rateHz; i++) {
    const half = (rad / 2) * Math.sin((2 * Math.PI * i) / rateHz);
    const sign = i % 3 === 0 ? -1 : 1; // the same rotation
    for (let bone = 0; bone < BONES; bone++) {
      pose.rotations.set([sign * Math.sin(half), 0, 0, sign * Math.cos(half)], 4 * bone);
    }
    liveliness.add(pose, 1 / rateHz);
  }
  return liveliness.value;
}

test("who stands is not lively, who sways hardly, who dances with all they have wholly", () => {
  expect(after(10, 0, 60)).toBe(0);
  expect(after(10, 0.1, 60)).toBe(0);
  expect(after(10, 0.25, 60)).toBeGreaterThan(0.2);
  expect(after(10, 0.25, 60)).toBeLessThan(0.8);
  expect(after(20, 1, 60)).toBe(1);
});

test.each([30, 60, 72, 90, 120, 240])("it is the same at %i Hz", (rateHz) => {
  expect(after(6, 0.3, rateHz)).toBeCloseTo(after(6, 0.3, 60), 1);
});

test("a picture without length, and another figure, are no dance", () => {
  const liveliness = new Liveliness();
  const pose = new PoseFrame();
  for (const numBones of [10, 20, 10]) {
    pose.numBones = numBones;
    for (let i = 0; i < 4 * numBones; i++) pose.rotations[i] = i % 4 === 3 ? 1 : 0;
    liveliness.add(pose, 0);
    liveliness.add(pose, 0.01);
  }
  expect(liveliness.value).toBe(0);
});
