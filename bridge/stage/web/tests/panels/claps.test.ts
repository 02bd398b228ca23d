import { expect, test } from "vitest";
import { leadMs, pairClaps, RiseDetector } from "../../src/panels/claps";

const CLAPS = [1000, 2000, 3050, 4010, 5100, 6000];

test("claps are paired with what the bridge reported of them", () => {
  const { goodMs, medianMs, spreadMs } = pairClaps(
    CLAPS,
    CLAPS.map((clap, i) => clap + 120 + 4 * (i % 3)),
  );
  expect(goodMs).toHaveLength(6);
  expect(medianMs).toBe(124);
  expect(spreadMs).toBeLessThanOrEqual(4);
});

test("a clap that the bridge missed is left out, and shifts no other", () => {
  const onsets = CLAPS.filter((clap) => clap !== 3050).map((clap) => clap + 110);
  const { delaysMs, medianMs } = pairClaps(CLAPS, onsets);
  expect(delaysMs).toEqual([110, 110, 110, 110, 110]);
  expect(medianMs).toBe(110);
});

test("an onset before the first clap, and noise, do not count", () => {
  const onsets = [500, ...CLAPS.map((clap) => clap + 90), 5700].sort((a, b) => a - b);
  expect(pairClaps(CLAPS, onsets).medianMs).toBe(90);
  const early = [...CLAPS.slice(0, 5).map((clap) => clap + 90), 6700];
  const result = pairClaps(CLAPS, early);
  expect(result.delaysMs).toHaveLength(6);
  expect(result.goodMs).toHaveLength(5); // 700 ms is no delay like the others
  expect(result.medianMs).toBe(90);
});

test("claps in a flurry may be taken for each other, and are not believed", () => {
  expect(pairClaps([1000, 1200, 1390, 3000], [1100, 1300, 1490, 3100]).goodMs).toEqual([100]);
});

test("nothing heard is nothing measured", () => {
  expect(pairClaps([], [1]).medianMs).toBeNaN();
  expect(pairClaps([1], []).medianMs).toBeNaN();
});

test("what the bridge compensates itself is not compensated twice", () => {
  expect(leadMs(160, 60, 33.3)).toBe(133);
  expect(leadMs(73, 20, 33.3)).toBe(73);
});

test("a rise is found once, and steady noise never", () => {
  const rise = new RiseDetector(0.1, 3);
  const strengths = [0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3];
  strengths.forEach((strength, i) => {
    rise.add(strength, 1000 + 33 * i); // the first may count: before it there was silence
  });
  const found = Array.from({ length: 30 }, (_, i) => rise.add(i === 10 ? 0.9 : i === 11 ? 0.8 : 0.2, 2000 + 33 * i));
  expect(found.map((is, i) => (is ? i : -1)).filter((i) => i >= 0)).toEqual([10]);
});
