import { expect, test } from "vitest";
import { ANSWER_MS, Switches } from "../../src/panels/switches";

function made(freeze?: number): { switches: Switches; controls: Record<string, number | string> } {
  const controls: Record<string, number | string> = freeze === undefined ? {} : { freeze };
  return { switches: new Switches({ controls }), controls };
}

test("a switch stands where the bridge says, and off before it has said anything", () => {
  expect(made().switches.isOn("freeze", 0)).toBe(false);
  expect(made(1).switches.isOn("freeze", 0)).toBe(true);
});

test("pressed again before the answer has come, it goes back", () => {
  const { switches } = made(0);
  switches.asked("freeze", !switches.isOn("freeze", 0), 0);
  expect(switches.isOn("freeze", 90)).toBe(true);
  switches.asked("freeze", !switches.isOn("freeze", 100), 100);
  expect(switches.isOn("freeze", 110)).toBe(false);
});

test("once confirmed, it follows what another hand does, at once", () => {
  const { switches, controls } = made(0);
  switches.asked("freeze", true, 0);
  controls.freeze = 1;
  expect(switches.isOn("freeze", 30)).toBe(true);
  controls.freeze = 0;
  expect(switches.isOn("freeze", 31)).toBe(false);
});

test("after a panic the bridge alone says where switches stand", () => {
  const { switches } = made(0);
  switches.asked("freeze", true, 0);
  switches.forget();
  expect(switches.isOn("freeze", 1)).toBe(false);
});

test("what the bridge refuses, or never answers, is not shown for ever", () => {
  const { switches } = made(0);
  switches.asked("freeze", true, 0);
  switches.refused("freeze");
  expect(switches.isOn("freeze", 1)).toBe(false);
  switches.asked("freeze", true, 1000);
  expect(switches.isOn("freeze", 999 + ANSWER_MS)).toBe(true);
  expect(switches.isOn("freeze", 1001 + ANSWER_MS)).toBe(false);
});
