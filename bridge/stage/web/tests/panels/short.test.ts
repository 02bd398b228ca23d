import { expect, test } from "vitest";
import { short } from "../../src/panels/short";

test.each([
  [0, 1, "0.0"],
  [12.34, 1, "12.3"],
  [99.96, 1, "100"],
  [123.4, 1, "123"],
  [999.6, 0, "1.0k"],
  [4567, 0, "4.6k"],
  [9960, 1, "10k"],
  [78_000, 0, "78k"],
  [999_600, 0, "1.0M"],
  [1.5e9, 0, "1.5G"],
  [-4567, 0, "−4.6k"],
  [Number.NaN, 0, "–"],
])("%d with %i digits is %s", (value, digits, text) => {
  expect(short(value, digits)).toBe(text);
});

test("no number is longer than its place", () => {
  for (let exponent = -3; exponent < 14; exponent += 0.01) {
    for (const digits of [0, 1]) expect(short(10 ** exponent, digits).length).toBeLessThanOrEqual(4);
  }
});
