import { describe, expect, test } from "vitest";
import { interpolatePose } from "../src/motion/interpolate";
import { GLIDE_MS, MAX_DELAY_MS, MIN_DELAY_MS, Playout } from "../src/motion/playout";
import { PoseRing } from "../src/motion/pose_ring";
import { PoseFrame } from "../src/wire/live";

const RATE_HZ = 30;
const FRAME_MS = 1000 / RATE_HZ;
/** The bridge's clock is this much behind the page's, before anything is added on the way. */
const OFFSET_MS = 5_000_000;
const TURN_RAD_S = 2;

/** One bone that turns evenly about Y, and walks evenly along X: where it should be is known at any moment. */
function poseAt(timeMs: number, sequence: number): PoseFrame {
  const pose = new PoseFrame();
  pose.sequence = sequence;
  pose.timeUs = timeMs * 1000;
  pose.skeletonId = 7;
  pose.numBones = 1;
  pose.root[0] = timeMs / 1000;
  const half = (TURN_RAD_S * timeMs) / 2000;
  pose.rotations.set([0, Math.sin(half), 0, Math.cos(half)]);
  return pose;
}

function angleOf(pose: PoseFrame): number {
  return 2 * Math.atan2(pose.rotations[1], pose.rotations[3]);
}

interface Arrival {
  atMs: number;
  pose: PoseFrame;
}

/** Poses of some seconds as they arrive, by what each is late; Infinity loses it. */
function arrivals(seconds: number, lateMs: (index: number) => number, from = 0, firstSequence = 0): Arrival[] {
  const all: Arrival[] = [];
  for (let i = 0; i < seconds * RATE_HZ; i++) {
    const timeMs = from + i * FRAME_MS;
    const late = lateMs(i);
    if (late < Number.POSITIVE_INFINITY) {
      all.push({ atMs: OFFSET_MS + timeMs + late, pose: poseAt(timeMs, (firstSequence + i) % 2 ** 31) });
    }
  }
  return all.sort((a, b) => a.atMs - b.atMs);
}

interface Shown {
  nowMs: number;
  playUs: number;
  state: string;
  x: number;
  angle: number;
}

/** Plays arrivals out at 72 pictures a second. */
function play(playout: Playout, all: Arrival[], fromMs: number, toMs: number, behindMs = 0): Shown[] {
  const shown: Shown[] = [];
  const pose = new PoseFrame();
  let next = 0;
  for (let nowMs = fromMs; nowMs < toMs; nowMs += 1000 / 72) {
    while (next < all.length && all[next].atMs <= nowMs) {
      playout.add(all[next].pose, all[next].atMs);
      next++;
    }
    playout.advance(nowMs);
    const state = playout.sample(behindMs, pose);
    shown.push({ nowMs, playUs: playout.playUs, state, x: pose.root[0], angle: angleOf(pose) });
  }
  return shown;
}

/** Chance that is the same in each run. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

describe("what is played", () => {
  test("lies exactly where the moment is between two poses", () => {
    const playout = new Playout();
    const shown = play(
      playout,
      arrivals(3, () => 0),
      OFFSET_MS,
      OFFSET_MS + 3000,
    ).slice(30);
    for (const { playUs, state, x, angle } of shown) {
      expect(state).toBe("playing");
      expect(x).toBeCloseTo(playUs / 1e6, 5);
      expect(Math.sin(angle - (TURN_RAD_S * playUs) / 1e6)).toBeCloseTo(0, 5);
    }
  });

  test("never runs backwards and never by leaps, whatever the jitter", () => {
    const random = chance(1);
    const playout = new Playout();
    const shown = play(
      playout,
      arrivals(20, () => random() * 60),
      OFFSET_MS,
      OFFSET_MS + 20000,
    ).slice(10);
    for (let i = 1; i < shown.length; i++) {
      const step = (shown[i].playUs - shown[i - 1].playUs) / 1000;
      expect(step).toBeGreaterThan(0.94 * (1000 / 72));
      expect(step).toBeLessThan(1.06 * (1000 / 72));
    }
    expect(playout.jumps).toBe(1);
  });

  test("is nearly always between two poses at 60 ms of jitter, and soon again at little delay without it", () => {
    const random = chance(2);
    const playout = new Playout();
    const rough = arrivals(20, () => random() * 60);
    const shown = play(playout, rough, OFFSET_MS, OFFSET_MS + 20000).slice(200);
    expect(shown.filter(({ state }) => state !== "playing").length / shown.length).toBeLessThan(0.03);
    expect(playout.delayMs).toBeGreaterThan(70);
    expect(playout.delayMs).toBeLessThanOrEqual(MAX_DELAY_MS);
    const calm = arrivals(40, () => 0, 20000, 600);
    play(playout, calm, OFFSET_MS + 20000, OFFSET_MS + 60000);
    expect(playout.delayMs).toBeLessThan(45);
    expect(playout.delayMs).toBeGreaterThanOrEqual(MIN_DELAY_MS);
  });

  test("bridges losses by what lies around them", () => {
    const playout = new Playout();
    const random = chance(3);
    const all = arrivals(10, () => (random() < 0.1 ? Number.POSITIVE_INFINITY : 2));
    const shown = play(playout, all, OFFSET_MS, OFFSET_MS + 10000).slice(60);
    for (const { playUs, state, x } of shown) if (state === "playing") expect(x).toBeCloseTo(playUs / 1e6, 4);
    const sent = all[all.length - 1].pose.sequence - all[0].pose.sequence + 1;
    expect(all.length).toBeLessThan(sent);
    expect(playout.numLost).toBe(sent - all.length);
  });

  test("takes poses that come in another order where they belong, and the same one once", () => {
    const playout = new Playout();
    const all = arrivals(5, (i) => (i % 5 === 0 ? 40 : 0)); // each fifth is overtaken by the next
    const doubled = [...all, ...all.map(({ atMs, pose }) => ({ atMs: atMs + 3, pose }))].sort(
      (a, b) => a.atMs - b.atMs,
    );
    const shown = play(playout, doubled, OFFSET_MS, OFFSET_MS + 5000).slice(150);
    for (const { playUs, state, x } of shown) if (state === "playing") expect(x).toBeCloseTo(playUs / 1e6, 4);
    expect(playout.numLost).toBe(0);
    expect(playout.numDuplicates).toBeGreaterThanOrEqual(all.length - 2);
  });

  test("goes on over the end of the numbers", () => {
    const playout = new Playout();
    const all = arrivals(2, () => 0, 0, 2 ** 31 - 30);
    play(playout, all, OFFSET_MS, OFFSET_MS + 2000);
    expect(playout.numLost).toBe(0);
    expect(playout.jumps).toBe(1);
  });

  test("glides on for a moment when poses stay away, and then holds", () => {
    const playout = new Playout();
    const all = arrivals(2, () => 0);
    const last = all[all.length - 1].pose.root[0];
    const shown = play(playout, all, OFFSET_MS, OFFSET_MS + 4000);
    const after = shown.filter(({ state }) => state !== "playing").slice(5);
    expect(after.some(({ state }) => state === "gliding")).toBe(true);
    for (const { x } of after) expect(x).toBeLessThanOrEqual(last + GLIDE_MS / 2000 + 1e-4);
    for (let i = 1; i < after.length; i++) expect(after[i].x).toBeGreaterThanOrEqual(after[i - 1].x - 1e-6);
    expect(after[after.length - 1].state).toBe("holding");
    expect(after[after.length - 1].x).toBeCloseTo(last + GLIDE_MS / 2000, 4);
  });
});

describe("a bridge that was started again", () => {
  test("is followed after silence from its first pose on, whatever its clock says", () => {
    const playout = new Playout();
    play(
      playout,
      arrivals(3, () => 0, 100_000),
      OFFSET_MS + 100_000,
      OFFSET_MS + 105_000,
    );
    const again = arrivals(2, () => 0).map(({ atMs, pose }) => ({ atMs: atMs + 105_000, pose }));
    const shown = play(playout, again, OFFSET_MS + 105_000, OFFSET_MS + 107_000);
    expect(playout.jumps).toBe(2);
    expect(shown[40].x).toBeLessThan(1);
    expect(shown[40].state).toBe("playing");
  });

  test("is followed without silence too, once three poses agree; a lone stranger is ignored", () => {
    const playout = new Playout();
    play(
      playout,
      arrivals(3, () => 0, 100_000),
      OFFSET_MS + 100_000,
      OFFSET_MS + 102_990,
    );
    playout.add(poseAt(500_000, 9), OFFSET_MS + 102_990);
    expect(playout.jumps).toBe(1);
    const again = arrivals(2, () => 0).map(({ atMs, pose }) => ({ atMs: atMs + 103_000, pose }));
    const shown = play(playout, again, OFFSET_MS + 103_000, OFFSET_MS + 105_000);
    expect(playout.jumps).toBe(2);
    expect(shown[40].x).toBeLessThan(1);
  });

  test("and a tab that was hidden jumps to now instead of racing there", () => {
    const playout = new Playout();
    const all = arrivals(20, () => 0);
    play(playout, all.slice(0, 60), OFFSET_MS, OFFSET_MS + 2000);
    const shown = play(playout, all.slice(60), OFFSET_MS + 10_000, OFFSET_MS + 11_000);
    expect(shown[0].playUs / 1e6).toBeGreaterThan(9.8);
    expect(shown[0].playUs / 1e6).toBeLessThan(10);
  });
});

test("a canon follows by its delay, exactly, up to four seconds", () => {
  const playout = new Playout();
  const shown = play(
    playout,
    arrivals(6, () => 0),
    OFFSET_MS,
    OFFSET_MS + 6000,
    4000,
  ).slice(-60);
  for (const { playUs, x, state } of shown) {
    expect(state).toBe("playing");
    expect(x).toBeCloseTo(playUs / 1e6 - 4, 4);
  }
});

test("a ring keeps the newest poses in the order of their times", () => {
  const ring = new PoseRing(4);
  for (const timeMs of [30, 10, 20, 20, 50, 40]) ring.insert(poseAt(timeMs, timeMs));
  const times = Array.from({ length: ring.count }, (_, place) => ring.at(place).timeUs / 1000);
  expect(times).toEqual([20, 30, 40, 50]);
  expect(ring.insert(poseAt(5, 5))).toBe(-1);
  expect(ring.lastBefore(35_000)).toBe(1);
});

test("halfway between a rotation and its negative's neighbour is the short way", () => {
  const a = poseAt(0, 0);
  const b = poseAt(100, 1);
  for (let i = 0; i < 4; i++) b.rotations[i] *= -1;
  const out = new PoseFrame();
  interpolatePose(a, b, 0.5, out);
  expect(angleOf(out)).toBeCloseTo(TURN_RAD_S * 0.05, 6);
  expect(Math.hypot(...out.rotations.subarray(0, 4))).toBeCloseTo(1, 6);
});
