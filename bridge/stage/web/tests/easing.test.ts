import { expect, test } from "vitest";
import { Peak, shareIn } from "../src/motion/easing";

const RATES_HZ = [24, 30, 60, 72, 90, 120, 240];

test.each(RATES_HZ)("what eases is as far after half a second at %i Hz as at any other rate", (rateHz) => {
  let left = 1;
  for (let i = 0; i < rateHz / 2; i++) left *= 1 - shareIn(1 / rateHz, 0.2);
  expect(left).toBeCloseTo(Math.exp(-2.5), 6);
});

test.each(RATES_HZ)("an onset's bar falls as fast at %i Hz", (rateHz) => {
  const peak = new Peak(0.13);
  peak.at(0);
  peak.rise(0.8);
  peak.rise(0.3);
  for (let i = 1; i < rateHz / 4; i++) peak.at((1000 * i) / rateHz);
  expect(peak.at(250)).toBeCloseTo(0.8 * Math.exp(-0.25 / 0.13), 6);
});
