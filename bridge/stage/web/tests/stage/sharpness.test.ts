import { describe, expect, it } from "vitest";
import { Sharpness } from "../../src/stage/sharpness";

/** Frames of one speed for so long; the number of changes. */
function draw(sharpness: Sharpness, framesPerSecond: number, fromMs: number, forMs: number): number {
  let changes = 0;
  for (let nowMs = fromMs; nowMs <= fromMs + forMs; nowMs += 50) {
    if (sharpness.observe(framesPerSecond, nowMs)) changes += 1;
  }
  return changes;
}

describe("sharpness", () => {
  it("stays whole where drawing is fast, and at one slow moment", () => {
    const sharpness = new Sharpness();
    expect(draw(sharpness, 60, 0, 60_000)).toBe(0);
    expect(draw(sharpness, 20, 60_000, 1000)).toBe(0);
    expect(sharpness.scale).toBe(1);
  });

  it("gives up pixels step by step where drawing is slow, down to the least", () => {
    const sharpness = new Sharpness(0.4);
    expect(draw(sharpness, 20, 0, 2000)).toBe(1);
    expect(sharpness.scale).toBeCloseTo(0.8);
    draw(sharpness, 20, 2000, 60_000);
    expect(sharpness.scale).toBeCloseTo(0.4);
    expect(draw(sharpness, 20, 62_000, 10_000)).toBe(0);
  });

  it("does not swing between what is too much and what is enough", () => {
    const sharpness = new Sharpness();
    draw(sharpness, 20, 0, 2000);
    expect(draw(sharpness, 60, 2000, 120_000)).toBe(0);
    expect(sharpness.scale).toBeCloseTo(0.8);
  });

  it("begins anew with another window", () => {
    const sharpness = new Sharpness();
    draw(sharpness, 20, 0, 20_000);
    sharpness.reset();
    expect(sharpness.scale).toBe(1);
  });
});
