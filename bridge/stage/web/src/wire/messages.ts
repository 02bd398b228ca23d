import { type Latest, MAX_BONES, PoseFrame, type Refusal, type Skeleton } from "./live";
import { forEachMessage, isOsc, OscCursor, startsWith, textBytes, textEnd } from "./osc";
import { SkeletonAssembler } from "./skeleton";

const NUM_BANDS = 80;
const MAX_TARGETS = 256;
const CONTROL = "/dance/control/";
const CONTROL_START = new TextEncoder().encode(CONTROL);
const UNIT_TOLERANCE = 0.001;

/** The latest values before any have come. */
export function nothingYet(): Latest {
  return {
    beat: { phase: 0, bpm: 0, beat: 0, confidence: 0, atMs: Number.NEGATIVE_INFINITY },
    audio: { rms: 0, low: 0, mid: 0, high: 0, onset: 0 },
    level: { dbfs: Number.NEGATIVE_INFINITY, thresholdDbfs: Number.NaN },
    spectrum: new Uint8Array(NUM_BANDS),
    latency: { captureMs: 0, featuresMs: 0, modelMs: 0, sendMs: 0, totalMs: 0 },
    status: { state: "", dropped: 0 },
    clock: { source: "" },
    health: { rateHz: 0, stepMs: 0, worstStepMs: 0, sent: 0, missed: 0, sendErrors: 0, memoryMb: 0, seconds: 0 },
    targets: [],
    why: { reason: "", text: "" },
    notices: [],
    take: "",
    viewers: 0,
    controls: {},
  };
}

/** What a datagram can bring; each is called as soon as it was taken over into `latest`. */
export interface Hearer {
  pose?(pose: PoseFrame): void;
  /** A skeleton is complete, and another than the last. */
  skeleton?(skeleton: Skeleton): void;
  /** A message beside the dance has come; its address tells which. */
  update?(address: string): void;
  refused?(refusal: Refusal): void;
  pong?(token: number): void;
}

/** One kind of message: its address with its types, and what is done with its arguments; false refuses them. */
interface Kind {
  address: string;
  addressBytes: Uint8Array;
  typeBytes: Uint8Array;
  take: (cursor: OscCursor) => boolean;
}

/**
 * Turns datagrams of `bridge/PROTOCOL.md` into poses, skeletons and the latest values. Strict: of a message with other types than
 * those written there, with NaN, or with a quaternion that is none, nothing is used; it is counted. Addresses that it
 * does not know it passes over. Poses and frequent messages make no garbage.
 */
export class Decoder {
  readonly latest = nothingYet();
  readonly pose = new PoseFrame();
  /** Messages, and datagrams that were no OSC, of which nothing was used. */
  numIgnored = 0;
  /** Messages to addresses that it does not know. */
  numUnknown = 0;

  private readonly assembler = new SkeletonAssembler();
  private readonly cursor = new OscCursor();
  private readonly kinds: Kind[];
  private skeletonId = -1;
  private atMs = 0;
  private readonly visit = (view: DataView, start: number, end: number): void => this.message(view, start, end);

  constructor(private readonly hearer: Hearer) {
    this.kinds = this.allKinds();
  }

  /** Takes a datagram that came at a moment of the page's clock. Whatever the bytes are, it returns. */
  read(datagram: DataView, atMs: number): void {
    if (!isOsc(datagram)) {
      this.numIgnored++;
      return;
    }
    this.atMs = atMs;
    forEachMessage(datagram, this.visit);
  }

  private message(view: DataView, start: number, end: number): void {
    for (const kind of this.kinds) {
      if (!startsWith(view, start, end, kind.addressBytes)) continue;
      const tags = start + kind.addressBytes.length;
      if (!startsWith(view, tags, end, kind.typeBytes)) {
        this.numIgnored++;
        return;
      }
      this.cursor.begin(view, tags + kind.typeBytes.length, end);
      if (kind.take(this.cursor)) this.hearer.update?.(kind.address);
      else this.numIgnored++;
      return;
    }
    if (startsWith(view, start, end, CONTROL_START)) this.control(view, start, end);
    else this.numUnknown++;
  }

  /** The value of a control: one float, integer or text. */
  private control(view: DataView, start: number, end: number): void {
    const cursor = this.cursor;
    cursor.begin(view, start, end);
    const name = cursor.text().slice(CONTROL.length);
    const tag = String.fromCharCode(view.getUint8(cursor.at + 1));
    const isOne = view.getUint8(cursor.at + (view.getUint8(cursor.at + 1) === 0 ? 1 : 2)) === 0;
    cursor.at = textEnd(view, cursor.at, end);
    let value: number | string | undefined;
    if (isOne && tag === "f") value = cursor.float32();
    else if (isOne && tag === "i") value = cursor.int32();
    else if (isOne && tag === "s") value = cursor.text();
    if (value === undefined || !cursor.isSound || name === "" || name === "__proto__") {
      this.numIgnored++;
      return;
    }
    this.latest.controls[name] = value;
    this.hearer.update?.(CONTROL);
  }

  private allKinds(): Kind[] {
    const { latest } = this;
    const kind = (address: string, types: string, take: (cursor: OscCursor) => boolean): Kind => ({
      address,
      addressBytes: textBytes(address),
      typeBytes: textBytes(`,${types}`),
      take,
    });
    return [
      kind("/dance/pose", "ihib", (cursor) => this.takePose(cursor)),
      kind("/dance/beat", "ffif", (cursor) => {
        const phase = cursor.float32();
        const bpm = cursor.float32();
        const beat = cursor.int32();
        const confidence = cursor.float32();
        if (!cursor.isSound) return false;
        latest.beat.phase = phase;
        latest.beat.bpm = bpm;
        latest.beat.beat = beat;
        latest.beat.confidence = confidence;
        latest.beat.atMs = this.atMs;
        return true;
      }),
      kind("/dance/audio", "fffff", (cursor) => {
        const rms = cursor.float32();
        const low = cursor.float32();
        const mid = cursor.float32();
        const high = cursor.float32();
        const onset = cursor.float32();
        if (!cursor.isSound) return false;
        latest.audio.rms = rms;
        latest.audio.low = low;
        latest.audio.mid = mid;
        latest.audio.high = high;
        latest.audio.onset = onset;
        return true;
      }),
      kind("/dance/level", "ff", (cursor) => {
        const dbfs = cursor.float32();
        const thresholdDbfs = cursor.float32();
        if (!cursor.isSound) return false;
        latest.level.dbfs = dbfs;
        latest.level.thresholdDbfs = thresholdDbfs;
        return true;
      }),
      kind("/dance/spectrum", "b", (cursor) => {
        if (cursor.int32() !== NUM_BANDS) return false;
        for (let i = 0; i < NUM_BANDS; i++) latest.spectrum[i] = cursor.view.getUint8(cursor.at + i);
        return true;
      }),
      kind("/dance/skeleton", "iisifff", (cursor) => {
        const id = cursor.int32();
        const index = cursor.int32();
        const name = cursor.text();
        const parent = cursor.int32();
        const x = cursor.float32();
        const y = cursor.float32();
        const z = cursor.float32();
        return cursor.isSound && this.assembler.add(id, index, name, parent, x, y, z);
      }),
      kind("/dance/latency", "fffff", (cursor) => {
        const captureMs = cursor.float32();
        const featuresMs = cursor.float32();
        const modelMs = cursor.float32();
        const sendMs = cursor.float32();
        const totalMs = cursor.float32();
        if (cursor.isSound) Object.assign(latest.latency, { captureMs, featuresMs, modelMs, sendMs, totalMs });
        return cursor.isSound;
      }),
      kind("/dance/status", "si", (cursor) => {
        const state = cursor.text();
        const dropped = cursor.int32();
        if (cursor.isSound) Object.assign(latest.status, { state, dropped });
        return cursor.isSound;
      }),
      kind("/dance/why", "ss", (cursor) => {
        const reason = cursor.text();
        const text = cursor.text();
        if (cursor.isSound) Object.assign(latest.why, { reason, text });
        return cursor.isSound;
      }),
      kind("/dance/clock", "sff", (cursor) => {
        const source = cursor.text();
        cursor.float32(); // tempo and confidence are those of the beat
        cursor.float32();
        if (cursor.isSound) latest.clock.source = source;
        return cursor.isSound;
      }),
      kind("/dance/health", "fffiiiff", (cursor) => {
        const rateHz = cursor.float32();
        const stepMs = cursor.float32();
        const worstStepMs = cursor.float32();
        const sent = cursor.int32();
        const missed = cursor.int32();
        const sendErrors = cursor.int32();
        const memoryMb = cursor.float32();
        const seconds = cursor.float32();
        const health = { rateHz, stepMs, worstStepMs, sent, missed, sendErrors, memoryMb, seconds };
        if (cursor.isSound) Object.assign(latest.health, health);
        return cursor.isSound;
      }),
      kind("/dance/target", "iisi", (cursor) => {
        const index = cursor.int32();
        const count = cursor.int32();
        const name = cursor.text();
        const isHeard = cursor.int32() !== 0;
        if (!cursor.isSound || count > MAX_TARGETS || index < 0 || index >= count) return false;
        while (latest.targets.length > count) latest.targets.pop();
        while (latest.targets.length < count) latest.targets.push({ name: "", isHeard: true });
        latest.targets[index].name = name;
        latest.targets[index].isHeard = isHeard;
        return true;
      }),
      kind("/dance/notice", "s", (cursor) => {
        const notice = cursor.text();
        if (cursor.isSound) latest.notices = notice.split("\n").filter((line) => line.trim() !== "");
        return cursor.isSound;
      }),
      kind("/dance/take", "s", (cursor) => {
        const take = cursor.text();
        if (cursor.isSound) latest.take = take;
        return cursor.isSound;
      }),
      kind("/dance/viewers", "i", (cursor) => {
        const viewers = cursor.int32();
        if (viewers >= 0) latest.viewers = viewers;
        return viewers >= 0;
      }),
      kind("/dance/refused", "is", (cursor) => {
        const number = cursor.int32();
        const reason = cursor.text();
        if (cursor.isSound) this.hearer.refused?.({ number, reason });
        return cursor.isSound;
      }),
      kind("/dance/pong", "hh", (cursor) => {
        this.hearer.pong?.(cursor.int64());
        return true;
      }),
    ];
  }

  private takePose(cursor: OscCursor): boolean {
    const sequence = cursor.int32();
    const timeUs = cursor.int64();
    const skeletonId = cursor.int32();
    const numBones = (cursor.int32() - 12) / 16;
    if (sequence < 0 || skeletonId < 0 || !Number.isInteger(numBones) || numBones < 1 || numBones > MAX_BONES) {
      return false;
    }
    if (!isPosable(cursor.view, cursor.at, numBones)) return false; // `pose` must not be torn: look before taking
    const pose = this.pose;
    pose.sequence = sequence;
    pose.timeUs = timeUs;
    pose.skeletonId = skeletonId;
    pose.numBones = numBones;
    for (let i = 0; i < 3; i++) pose.root[i] = cursor.float32();
    for (let i = 0; i < 4 * numBones; i++) pose.rotations[i] = cursor.float32();
    if (skeletonId !== this.skeletonId && this.assembler.isComplete(skeletonId, numBones)) {
      this.skeletonId = skeletonId;
      this.hearer.skeleton?.(this.assembler.skeleton(numBones));
    }
    this.hearer.pose?.(pose);
    return true;
  }
}

/** Whether a blob holds a finite place, and quaternions of length 1. */
function isPosable(view: DataView, at: number, numBones: number): boolean {
  for (let i = 0; i < 3; i++) if (!Number.isFinite(view.getFloat32(at + 4 * i))) return false;
  for (let bone = 0; bone < numBones; bone++) {
    let square = 0;
    for (let i = 0; i < 4; i++) {
      const value = view.getFloat32(at + 12 + 16 * bone + 4 * i);
      square += value * value;
    }
    if (!(Math.abs(Math.sqrt(square) - 1) <= UNIT_TOLERANCE)) return false; // false for NaN too
  }
  return true;
}
