import { expect, test } from "vitest";
import { Decoder } from "../../src/wire/messages";
import { encodeMessage, isOsc } from "../../src/wire/osc";

function decoded(...messages: Uint8Array<ArrayBuffer>[]): Decoder {
  const decoder = new Decoder({});
  for (const message of messages) decoder.read(new DataView(message.buffer), 0);
  return decoder;
}

test("a message is written as OSC 1.0 says", () => {
  const bytes = encodeMessage("/dance/control/energy", "f", [0.5]);
  expect(new TextDecoder().decode(bytes.slice(0, 28))).toBe("/dance/control/energy\0\0\0,f\0\0");
  expect([...bytes.slice(28)]).toEqual([0x3f, 0, 0, 0]);
  expect([...encodeMessage("/dance/ping", "h", [2 ** 33 + 1]).slice(-8)]).toEqual([0, 0, 0, 2, 0, 0, 0, 1]);
});

test("controls come back as they were sent", () => {
  const { latest, numIgnored } = decoded(
    encodeMessage("/dance/control/energy", "f", [0.25]),
    encodeMessage("/dance/control/seed", "i", [2147483647]),
    encodeMessage("/dance/control/style", "s", ["Höchst eigen"]),
  );
  expect(latest.controls).toEqual({ energy: 0.25, seed: 2147483647, style: "Höchst eigen" });
  expect(numIgnored).toBe(0);
});

test.each([
  ["no value", encodeMessage("/dance/control/energy", "", [])],
  ["two values", encodeMessage("/dance/control/energy", "ff", [1, 2])],
  ["NaN", encodeMessage("/dance/control/energy", "f", [Number.NaN])],
  ["a type that no control has", encodeMessage("/dance/control/energy", "h", [1])],
  ["no name", encodeMessage("/dance/control/", "f", [1])],
  ["a target beyond the last", encodeMessage("/dance/target", "iisi", [2, 2, "vmc", 1])],
  ["infinite latency", encodeMessage("/dance/latency", "fffff", [0, 0, 0, Number.POSITIVE_INFINITY, 0])],
])("refused: %s", (_, message) => {
  const decoder = decoded(message);
  expect(decoder.numIgnored).toBe(1);
  expect(decoder.latest).toEqual(new Decoder({}).latest);
});

test("targets shrink and grow with their count", () => {
  const target = (index: number, count: number, name: string, isHeard: number) =>
    encodeMessage("/dance/target", "iisi", [index, count, name, isHeard]);
  const { latest } = decoded(target(0, 3, "vmc", 1), target(2, 3, "dance", 0), target(1, 2, "vrchat", 0));
  expect(latest.targets).toEqual([
    { name: "vmc", isHeard: true },
    { name: "vrchat", isHeard: false },
  ]);
});

test("no bytes disturb it", () => {
  let state = 1;
  const random = () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
  const samples = [
    encodeMessage("/dance/target", "iisi", [0, 1, "vmc", 1]),
    encodeMessage("/dance/control/style", "s", ["LO"]),
    encodeMessage("/dance/status", "si", ["dancing", 3]),
  ];
  const decoder = new Decoder({});
  let numOsc = 0;
  for (let round = 0; round < 20000; round++) {
    const bytes = samples[round % samples.length].slice(0, Math.ceil(random() * 48));
    for (let i = 0; i < 3; i++) bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
    const view = new DataView(bytes.buffer);
    if (isOsc(view)) numOsc++;
    decoder.read(view, 0);
  }
  expect(numOsc).toBeGreaterThan(100); // or it tried nothing
  expect(decoder.numIgnored).toBeGreaterThan(10000);
});
