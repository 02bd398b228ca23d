import { expect, test } from "vitest";
import { DatagramSplitter, Replay } from "../src/motion/replay";
import { PoseFrame, type Skeleton } from "../src/wire/live";
import { Decoder } from "../src/wire/messages";
import { encodeMessage } from "../src/wire/osc";

const SKELETON: Skeleton = { id: 5, names: ["Hips"], parents: [-1], offsets: new Float32Array(3) };

function pose(timeMs: number, x: number): PoseFrame {
  const frame = new PoseFrame();
  frame.timeUs = timeMs * 1000;
  frame.skeletonId = SKELETON.id;
  frame.numBones = 1;
  frame.root[0] = x;
  frame.rotations[3] = 1;
  return frame;
}

/** `/dance/pose` as PROTOCOL.md has it, written here by hand. */
function poseDatagram(sequence: number, timeUs: number, x: number): Uint8Array {
  const bytes = new Uint8Array(20 + 4 + 8 + 4 + 4 + 28);
  const view = new DataView(bytes.buffer);
  bytes.set(new TextEncoder().encode("/dance/pose\0,ihib\0\0\0"));
  view.setInt32(20, sequence);
  view.setBigInt64(24, BigInt(timeUs));
  view.setInt32(32, SKELETON.id);
  view.setInt32(36, 28);
  view.setFloat32(40, x);
  view.setFloat32(64, 1);
  return bytes;
}

function file(datagrams: Uint8Array[]): Uint8Array {
  return Uint8Array.from(
    datagrams.flatMap((datagram) => [0, 0, datagram.length >> 8, datagram.length & 255, ...datagram]),
  );
}

function stream(bytes: Uint8Array, part: number): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (let at = 0; at < bytes.length; at += part) controller.enqueue(bytes.slice(at, at + part));
      controller.close();
    },
  });
}

test.each([1, 7, 64, 100000])(
  "a take that comes %i bytes at a time is danced from its first to its last pose",
  async (part) => {
    const bone = new Uint8Array(encodeMessage("/dance/skeleton", "iisifff", [5, 0, "Hips", -1, 0, 0, 0]));
    const poses = [0, 1, 2, 3].map((i) => poseDatagram(i, 9_000_000 + i * 100_000, i));
    const replay = new Replay();
    await replay.load(stream(file([bone, ...poses]), part), (hearer) => new Decoder(hearer));
    expect(replay.skeleton).toEqual(SKELETON);
    expect(replay.count).toBe(4);
    const out = new PoseFrame();
    replay.advance(1000);
    for (const [nowMs, x] of [
      [1000, 0],
      [1050, 0.5],
      [1225, 2.25],
      [1300, 3],
      [1900, 3],
    ]) {
      replay.advance(nowMs);
      expect(replay.sample(0, out)).not.toBe("empty");
      expect(out.root[0]).toBeCloseTo(x, 5);
    }
    expect(replay.isOver).toBe(true);
    replay.sample(100, out);
    expect(out.root[0]).toBeCloseTo(2, 5);
  },
);

test("a take waits at the end of what is loaded, and goes on when more has come", () => {
  const replay = new Replay();
  replay.skeleton = SKELETON;
  const out = new PoseFrame();
  for (let i = 0; i <= 10; i++) replay.add(pose(100 * i, i));
  replay.advance(0);
  replay.advance(5000);
  replay.sample(0, out);
  expect(out.root[0]).toBe(10);
  for (let i = 11; i <= 3000; i++) replay.add(pose(100 * i, i)); // more than it has room for at first
  replay.advance(5150);
  replay.sample(0, out);
  expect(out.root[0]).toBeCloseTo(11.5, 5);
  expect(replay.isOver).toBe(false);
});

test("a take that loops begins again", () => {
  const replay = new Replay();
  replay.loops = true;
  replay.isLoaded = true;
  for (let i = 0; i <= 10; i++) replay.add(pose(100 * i, i));
  replay.advance(0);
  replay.advance(1001);
  expect(replay.jumps).toBe(1);
  expect(replay.isOver).toBe(false);
});

test("what is no take, and an empty one, is refused", async () => {
  const splitter = new DatagramSplitter(() => undefined);
  expect(() => splitter.push(new TextEncoder().encode("<!doctype html>"))).toThrow("no replay");
  await expect(new Replay().load(stream(new Uint8Array(0), 1), (hearer) => new Decoder(hearer))).rejects.toThrow(
    "no dance",
  );
});
