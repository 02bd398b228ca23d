import { PoseFrame, type Skeleton } from "../wire/live";
import type { Hearer } from "../wire/messages";
import { interpolatePose } from "./interpolate";
import type { Motion } from "./motion";
import type { PlayoutState } from "./playout";

/** What reads datagrams and tells what they bring; the one for live ones is the one for takes. */
export interface DatagramReader {
  read(datagram: DataView, atMs: number): void;
}

/** No datagram of ours is longer; a longer one says that the file is none. */
const LONGEST_DATAGRAM = 1472;
const FIRST_CAPACITY = 1024;

/** Cuts a stream of bytes into datagrams: four bytes with the length, big-endian, before each. */
export class DatagramSplitter {
  private rest = new Uint8Array(0);

  constructor(private readonly take: (datagram: DataView) => void) {}

  /** Takes the next bytes. Throws an Error when they are no datagrams. */
  push(bytes: Uint8Array): void {
    const all = new Uint8Array(this.rest.length + bytes.length);
    all.set(this.rest);
    all.set(bytes, this.rest.length);
    const view = new DataView(all.buffer);
    let at = 0;
    while (at + 4 <= all.length) {
      const length = view.getUint32(at);
      if (length === 0 || length > LONGEST_DATAGRAM) throw new Error("This is no replay of a take");
      if (at + 4 + length > all.length) break;
      this.take(new DataView(all.buffer, at + 4, length));
      at += 4 + length;
    }
    this.rest = all.slice(at);
  }

  /** Bytes of a datagram that has not come whole. */
  get numLeftOver(): number {
    return this.rest.length;
  }
}

/** A take that is danced: poses that are loaded while it plays. */
export class Replay implements Motion {
  skeleton: Skeleton | null = null;
  jumps = 0;
  /** Whether it begins again at its end. */
  loops = false;
  count = 0;
  isLoaded = false;
  /** Set by whoever has seen that it is over. */
  isLeaving = false;

  private times = new Float64Array(FIRST_CAPACITY);
  private values = new Float32Array(0);
  private numBones = 0;
  private playUs = 0;
  private advancedMs = Number.NaN;
  private readonly a = new PoseFrame();
  private readonly b = new PoseFrame();

  /** Whether all has been danced. */
  get isOver(): boolean {
    return this.isLoaded && !this.loops && this.count > 0 && this.playUs >= this.lengthUs;
  }

  /** Length of what is loaded, microseconds. */
  get lengthUs(): number {
    return this.count > 0 ? this.times[this.count - 1] - this.times[0] : 0;
  }

  /** Loads a take from a stream of bytes. Throws an Error when it holds no dance. */
  async load(stream: ReadableStream<Uint8Array>, makeReader: (hearer: Hearer) => DatagramReader): Promise<void> {
    const reader = makeReader({
      skeleton: (skeleton) => {
        this.skeleton ??= skeleton;
      },
      pose: (pose) => this.add(pose),
    });
    const splitter = new DatagramSplitter((datagram) => reader.read(datagram, 0));
    const source = stream.getReader();
    for (let part = await source.read(); !part.done; part = await source.read()) splitter.push(part.value);
    this.isLoaded = true;
    if (this.count === 0) throw new Error("The take holds no dance");
  }

  /** Adds a pose to the end; one whose time does not grow, or of another skeleton, is passed over. */
  add(pose: PoseFrame): void {
    if (this.count > 0 && (pose.timeUs <= this.times[this.count - 1] || pose.numBones !== this.numBones)) return;
    if (this.count === 0) this.numBones = pose.numBones;
    const stride = 3 + 4 * this.numBones;
    if (this.count === this.times.length || this.values.length === 0) this.grow(stride);
    this.times[this.count] = pose.timeUs;
    this.values.set(pose.root, this.count * stride);
    this.values.set(pose.rotations.subarray(0, 4 * this.numBones), this.count * stride + 3);
    this.count++;
  }

  advance(nowMs: number): void {
    if (this.count === 0) return;
    const passedUs = Number.isNaN(this.advancedMs) ? 0 : Math.max(0, nowMs - this.advancedMs) * 1000;
    this.advancedMs = nowMs;
    const end = this.lengthUs;
    if (this.playUs + passedUs <= end) this.playUs += passedUs;
    else if (this.isLoaded && this.loops) {
      this.playUs = 0;
      this.jumps++;
    } else this.playUs = end; // waits for what is not loaded yet, or stays in the last pose
  }

  sample(behindMs: number, pose: PoseFrame): PlayoutState {
    if (this.count === 0) return "empty";
    const timeUs = this.times[0] + Math.max(0, this.playUs - behindMs * 1000);
    let low = 0;
    let high = this.count - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.times[middle] <= timeUs) low = middle;
      else high = middle - 1;
    }
    const next = Math.min(low + 1, this.count - 1);
    this.fetch(low, this.a);
    this.fetch(next, this.b);
    const gapUs = this.times[next] - this.times[low];
    interpolatePose(this.a, this.b, gapUs > 0 ? (timeUs - this.times[low]) / gapUs : 0, pose);
    return next > low ? "playing" : "holding";
  }

  private fetch(place: number, pose: PoseFrame): void {
    const from = place * (3 + 4 * this.numBones);
    pose.timeUs = this.times[place];
    pose.numBones = this.numBones;
    pose.skeletonId = this.skeleton?.id ?? 0;
    for (let i = 0; i < 3; i++) pose.root[i] = this.values[from + i];
    for (let i = 0; i < 4 * this.numBones; i++) pose.rotations[i] = this.values[from + 3 + i];
  }

  private grow(stride: number): void {
    const capacity = this.values.length === 0 ? this.times.length : 2 * this.times.length;
    const times = new Float64Array(capacity);
    times.set(this.times);
    this.times = times;
    const values = new Float32Array(capacity * stride);
    values.set(this.values);
    this.values = values;
  }
}
