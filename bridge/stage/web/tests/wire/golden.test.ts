import { expect, test } from "vitest";
import golden from "../../../../../tests/bridge/golden/datagrams.json";
import type { Latest, PoseFrame, Refusal, Skeleton } from "../../src/wire/live";
import { Decoder } from "../../src/wire/messages";

type Values = Record<string, unknown>;

function view(hexadecimal: string): DataView {
  return new DataView(Uint8Array.from(hexadecimal.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16)).buffer);
}

/** What a decoder has heard, copied, since poses are reused. */
class Receiver {
  poses: (Pick<PoseFrame, "sequence" | "timeUs" | "skeletonId" | "numBones"> & {
    root: number[];
    rotations: number[];
  })[] = [];
  skeletons: Skeleton[] = [];
  addresses: string[] = [];
  refusals: Refusal[] = [];
  pongs: number[] = [];
  readonly decoder = new Decoder({
    pose: ({ sequence, timeUs, skeletonId, numBones, root, rotations }) =>
      this.poses.push({
        sequence,
        timeUs,
        skeletonId,
        numBones,
        root: [...root],
        rotations: [...rotations.slice(0, 4 * numBones)],
      }),
    skeleton: (skeleton) => this.skeletons.push(skeleton),
    update: (address) => this.addresses.push(address),
    refused: (refusal) => this.refusals.push(refusal),
    pong: (token) => this.pongs.push(token),
  });
  read(hexadecimal: string): void {
    this.decoder.read(view(hexadecimal), 1000);
  }
}

test.each(golden.skeletons)("skeleton $name is put together from its bones", ({ name, ...skeleton }) => {
  const receiver = new Receiver();
  for (const datagram of [...skeleton.datagrams].reverse()) receiver.read(datagram);
  expect(receiver.skeletons).toEqual([]); // how many bones it has only a pose can tell
  const pose = golden.poses.find((pose) => pose.skeleton === name);
  receiver.read(pose?.dance[0] ?? "");
  receiver.read(pose?.dance[0] ?? "");
  expect(receiver.skeletons).toHaveLength(1);
  const [seen] = receiver.skeletons;
  expect(seen.id).toBe(skeleton.skeleton_id);
  expect(seen.names).toEqual(skeleton.bones);
  expect(seen.parents).toEqual(skeleton.parents);
  expect([...seen.offsets]).toEqual(skeleton.offsets.flat().map(Math.fround));
  expect(receiver.decoder.numIgnored).toBe(0);
});

test("a skeleton with a bone missing is none", () => {
  const receiver = new Receiver();
  const all = golden.skeletons.find(({ name }) => name === "all_bones");
  for (const datagram of all?.datagrams.slice(1) ?? []) receiver.read(datagram);
  receiver.read(golden.poses.find((pose) => pose.skeleton === "all_bones")?.dance[0] ?? "");
  expect(receiver.skeletons).toEqual([]);
  expect(receiver.poses).toHaveLength(1);
});

test.each(golden.poses)("pose $name", (pose) => {
  const receiver = new Receiver();
  expect(pose.dance).toHaveLength(1);
  receiver.read(pose.dance[0]);
  expect(receiver.poses).toEqual([
    {
      sequence: pose.sequence,
      timeUs: pose.time_us,
      skeletonId: golden.skeletons.find(({ name }) => name === pose.skeleton)?.skeleton_id,
      numBones: pose.rotations.length,
      root: pose.root_position,
      rotations: pose.rotations.flat(),
    },
  ]);
  expect(receiver.decoder.numIgnored).toBe(0);
});

/** What the page keeps of each message, by the names of the protocol; the clock's tempo is that of the beat. */
const KEPT: Record<string, (latest: Latest, receiver: Receiver) => Values> = {
  "/dance/beat": ({ beat: { phase, bpm, beat, confidence } }) => ({ phase, bpm, beat, confidence }),
  "/dance/audio": ({ audio }) => ({ ...audio }),
  "/dance/latency": ({ latency: l }) => ({
    capture_ms: l.captureMs,
    features_ms: l.featuresMs,
    model_ms: l.modelMs,
    send_ms: l.sendMs,
    total_ms: l.totalMs,
  }),
  "/dance/status": ({ status }) => ({ ...status }),
  "/dance/clock": ({ clock }) => ({ ...clock }),
  "/dance/level": ({ level }) => ({ level_dbfs: level.dbfs, threshold_dbfs: level.thresholdDbfs }),
  "/dance/spectrum": ({ spectrum }) => ({ bands: [...spectrum] }),
  "/dance/health": ({ health: h }) => ({
    rate_hz: h.rateHz,
    step_ms: h.stepMs,
    worst_step_ms: h.worstStepMs,
    sent: h.sent,
    missed: h.missed,
    send_errors: h.sendErrors,
    memory_mb: h.memoryMb,
    seconds: h.seconds,
  }),
  "/dance/why": ({ why }) => ({ ...why }),
  "/dance/notice": ({ notices }) => ({ notice: notices.join("\n") }),
  "/dance/take": ({ take }) => ({ name: take }),
  "/dance/viewers": ({ viewers }) => ({ viewers }),
  "/dance/refused": (_, { refusals }) => ({ ...refusals.at(-1) }),
  "/dance/pong": (_, { pongs }) => ({ token: pongs.at(-1) }),
};

test.each([...golden.messages, ...golden.telemetry] as { address: string; values: Values; datagram: string }[])(
  "message $address",
  ({ address, values, datagram }) => {
    const receiver = new Receiver();
    receiver.read(datagram);
    const { latest, numIgnored, numUnknown } = receiver.decoder;
    expect({ numIgnored, numUnknown }, "the page does not know this message").toEqual({ numIgnored: 0, numUnknown: 0 });
    expect(receiver.addresses).toHaveLength(1);
    if (address.startsWith("/dance/control/")) {
      const [value] = Object.values(values);
      expect(latest.controls).toEqual({ [address.slice("/dance/control/".length)]: rounded(value) });
      return;
    }
    expect(receiver.addresses).toEqual([address]);
    if (address === "/dance/target") {
      expect(latest.targets).toHaveLength(Number(values.count));
      const { name, isHeard } = latest.targets[Number(values.index)];
      expect({ name, isHeard }).toEqual({ name: values.name, isHeard: Boolean(values.is_heard) });
      return;
    }
    const kept = KEPT[address]?.(latest, receiver);
    expect(kept, `say what the page keeps of ${address}`).toBeDefined();
    for (const [key, value] of Object.entries(kept)) expect(value, key).toEqual(rounded(values[key]));
  },
);

/** Numbers as float32 has them. */
function rounded(value: unknown): unknown {
  return typeof value === "number" && !Number.isInteger(value) ? Math.fround(value) : value;
}

test.each(golden.refused)("refused: $why", ({ datagram }) => {
  const receiver = new Receiver();
  const before = structuredClone(receiver.decoder.latest);
  receiver.read(datagram);
  expect(receiver.decoder.numIgnored).toBe(1);
  expect(receiver.poses).toEqual([]);
  expect(receiver.addresses).toEqual([]);
  expect(receiver.decoder.latest).toEqual(before);
});

test("what a later version may send disturbs nothing", () => {
  const receiver = new Receiver();
  const { state, reason, text, datagram } = golden.later;
  receiver.read(datagram);
  const { latest, numIgnored, numUnknown } = receiver.decoder;
  expect({ numIgnored, numUnknown }).toEqual({ numIgnored: 0, numUnknown: 1 });
  expect(latest.status.state).toBe(state);
  expect(latest.why).toEqual({ reason, text });
});

test("VMC is passed over", () => {
  const receiver = new Receiver();
  for (const pose of golden.poses) for (const datagram of pose.vmc) receiver.read(datagram);
  expect(receiver.decoder.numUnknown).toBeGreaterThan(0);
  expect(receiver.decoder.numIgnored).toBe(0);
  expect(receiver.addresses).toEqual([]);
});
