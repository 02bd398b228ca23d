/**
 * What the page knows of the bridge, and how its parts hear of it.
 *
 * Frame of reference of all poses: right-handed, Y up, metres; the figure faces +Z and its left is +X, as in glTF.
 * Quaternions are (x, y, z, w) and local. Bones bear the names of Unity's `HumanBodyBones` (`Hips`, `LeftUpperLeg` ...).
 */

export const MAX_BONES = 88;

/** A skeleton, complete. */
export interface Skeleton {
  id: number;
  names: string[];
  /** Index of each bone's parent, -1 for the root; parents come before their children. */
  parents: number[];
  /** Rest offsets from the parent, metres, 3 numbers a bone. */
  offsets: Float32Array;
}

/** One pose. Reused from frame to frame: whoever wants to keep it copies it. */
export class PoseFrame {
  sequence = 0;
  /** The moment for which the pose is meant, microseconds of the bridge's clock. */
  timeUs = 0;
  skeletonId = 0;
  numBones = 0;
  readonly root = new Float32Array(3);
  /** Four numbers a bone. */
  readonly rotations = new Float32Array(4 * MAX_BONES);
}

/** What the bridge tells at each frame or each second; the newest of each, changed in place. Times in milliseconds. */
export interface Latest {
  beat: { phase: number; bpm: number; beat: number; confidence: number; atMs: number };
  audio: { rms: number; low: number; mid: number; high: number; onset: number };
  level: { dbfs: number; thresholdDbfs: number };
  /** 80 mel bands from low to high, 0 to 255. */
  spectrum: Uint8Array;
  latency: { captureMs: number; featuresMs: number; modelMs: number; sendMs: number; totalMs: number };
  status: { state: string; dropped: number };
  clock: { source: string };
  health: {
    rateHz: number;
    stepMs: number;
    worstStepMs: number;
    sent: number;
    missed: number;
    sendErrors: number;
    memoryMb: number;
    seconds: number;
  };
  targets: { name: string; isHeard: boolean }[];
  /** Why the figure does not dance; both empty while it does. */
  why: { reason: string; text: string };
  /** One a line; empty when all is well. */
  notices: string[];
  /** Name of the take that is being recorded; empty for none. */
  take: string;
  viewers: number;
  /** The controls as the bridge has them, by name. */
  controls: Record<string, number | string>;
}

/** Why the bridge refused a control; the number grows by one with each refusal. */
export interface Refusal {
  number: number;
  reason: string;
}

export type Link = "connecting" | "open" | "lost" | "refused";

/** What parts of the page can hear of. */
export interface LiveEvents {
  /** The link to the bridge has changed. */
  link: Link;
  skeleton: Skeleton;
  /** A pose has come; reused, see `PoseFrame`. */
  pose: PoseFrame;
  /** Beat, levels and spectrum of a frame have come, in `latest`. */
  heard: Latest;
  /** Once a second: latency, health, targets ... have come, in `latest`. */
  second: Latest;
  /** The bridge's controls have changed, in `latest.controls`. */
  controls: Latest;
  refused: Refusal;
}

/** One control, as `/about` describes it; the same table that OSC and OSCQuery go by. */
export interface ControlSpec {
  name: string;
  /** What people read. */
  title: string;
  kind: "number" | "whole" | "switch" | "text" | "trigger";
  description: string;
  default: number | string | boolean | null;
  low: number | null;
  high: number | null;
  unit: string;
  /** All texts that it takes, the empty one for nobody's choice; empty where any text may be typed. */
  choices?: string[];
  /** Which panel shows it. */
  panel?: string;
}

/** What does not change while the bridge performs: GET /about. */
export interface About {
  version: string;
  dancer: string;
  sound: string;
  rateHz: number;
  styles: string[];
  seedPoses: string[];
  /** What people read for a style or a seed pose, by its name on the wire. */
  titles?: Record<string, string>;
  controls: ControlSpec[];
  /** Whether who came by this address may steer, and have takes; otherwise only watch. */
  maySteer: boolean;
}

/** The link to the bridge: hears, and steers. */
export interface Live {
  readonly latest: Latest;
  readonly link: Link;
  /** Whether this page steers; it may until `/about` says otherwise. */
  maySteer: boolean;
  /** Arrival on the page's clock minus the pose's time on the bridge's, the smallest of late; milliseconds. */
  readonly clockOffsetMs: number;
  /** Half of the last round trip to the bridge's machine, milliseconds; NaN before the first. */
  readonly networkMs: number;
  /** Whether what `latest` holds is of now: the link is open, and the bridge has reported a second not long ago. */
  readonly isPresent: boolean;
  /** Since the bridge last reported a second, or the link opened; milliseconds. */
  readonly silentMs: number;
  on<K extends keyof LiveEvents>(event: K, listener: (value: LiveEvents[K]) => void): () => void;
  /** Asks the bridge, where the page may steer; triggers take no value. The answer is a `controls` or a `refused` event. */
  control(name: string, value?: number | string | boolean): void;
}
