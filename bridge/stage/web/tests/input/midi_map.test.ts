import { expect, test } from "vitest";
import { askedBy, forgotten, learned, readMidi } from "../../src/input/midi_map";
import type { ControlSpec } from "../../src/wire/live";

function spec(
  name: string,
  kind: ControlSpec["kind"],
  low: number | null = null,
  high: number | null = null,
): ControlSpec {
  return { name, title: name, kind, low, high, description: "", default: null, unit: "" };
}

const OFFSET = spec("offset_ms", "number", -500, 500);
const FREEZE = spec("freeze", "switch");
const TAP = spec("tap", "trigger");
const cc = (value: number) => ({ source: "cc:0:7" as const, value });
const note = (value: number) => ({ source: "note:9:36" as const, value });

test("control changes and notes are read, all else is none", () => {
  expect(readMidi([0xb2, 7, 100])).toEqual({ source: "cc:2:7", value: 100 });
  expect(readMidi([0x99, 36, 90])).toEqual({ source: "note:9:36", value: 90 });
  expect(readMidi([0x89, 36, 64])).toEqual({ source: "note:9:36", value: 0 });
  expect(readMidi([0xf8])).toBeNull();
  expect(readMidi([0xe0, 1, 2])).toBeNull();
});

test("a knob turns a number over its whole range", () => {
  expect(askedBy(cc(0), OFFSET, undefined, false)).toEqual({ name: "offset_ms", value: -500 });
  expect(askedBy(cc(127), OFFSET, 0, false)).toEqual({ name: "offset_ms", value: 500 });
  expect(askedBy(cc(127), spec("seed", "whole", 0, 2147483647), 0, false)?.value).toBe(2147483647);
});

test("a pad triggers once, and turns a switch over", () => {
  expect(askedBy(note(90), TAP, 0, false)).toEqual({ name: "tap" });
  expect(askedBy(note(0), TAP, 90, false)).toBeNull();
  expect(askedBy(note(90), FREEZE, 0, true)).toEqual({ name: "freeze", value: false });
  expect(askedBy(note(0), FREEZE, 90, true)).toBeNull();
});

test("a knob switches and triggers only where it passes its middle", () => {
  expect(askedBy(cc(100), FREEZE, 20, false)).toEqual({ name: "freeze", value: true });
  expect(askedBy(cc(110), FREEZE, 100, true)).toBeNull();
  expect(askedBy(cc(10), FREEZE, 100, true)).toEqual({ name: "freeze", value: false });
  expect(askedBy(cc(100), TAP, 20, false)).toEqual({ name: "tap" });
  expect(askedBy(cc(110), TAP, 100, false)).toBeNull();
});

test("a text is moved by nothing", () => {
  expect(askedBy(cc(1), spec("style", "text"), 0, false)).toBeNull();
});

test("a source moves one control, and a control is moved by one source", () => {
  let map = learned({}, "cc:0:7", "energy");
  map = learned(map, "cc:0:8", "groove");
  map = learned(map, "cc:0:8", "energy");
  expect(map).toEqual({ "cc:0:8": "energy" });
  expect(forgotten(map, "cc:0:8")).toEqual({});
});
