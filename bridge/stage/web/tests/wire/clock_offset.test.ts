import { expect, test } from "vitest";
import { ClockOffset } from "../../src/wire/clock_offset";

test("it is the smallest of late, and forgets", () => {
  const offset = new ClockOffset();
  expect(offset.ms).toBeNaN();
  offset.add(120, 0);
  offset.add(100, 500);
  offset.add(150, 5000);
  expect(offset.ms).toBe(100);
  offset.add(140, 11000); // the best is now more than ten seconds old
  expect(offset.ms).toBe(140);
  offset.add(160, 60000);
  expect(offset.ms).toBe(160);
  offset.reset();
  expect(offset.ms).toBeNaN();
});
