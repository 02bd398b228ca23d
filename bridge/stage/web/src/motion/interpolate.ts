import { MAX_BONES, type PoseFrame } from "../wire/live";

/** Copies a pose without allocating. */
export function copyPose(from: PoseFrame, to: PoseFrame): void {
  to.sequence = from.sequence;
  to.timeUs = from.timeUs;
  to.skeletonId = from.skeletonId;
  to.numBones = from.numBones;
  to.root.set(from.root);
  to.rotations.set(from.rotations);
}

/**
 * The pose at `share` of the way from `a` to `b`: the root in a straight line, each bone by the shortest turn at even
 * speed (slerp). A share above 1 goes on beyond `b`. Poses of two skeletons have nothing between them: `b` is given
 * from a share of 1 on, `a` before. `out` may be either.
 */
export function interpolatePose(a: PoseFrame, b: PoseFrame, share: number, out: PoseFrame): void {
  if (a.skeletonId !== b.skeletonId || a.numBones !== b.numBones) {
    copyPose(share < 1 ? a : b, out);
    return;
  }
  for (let axis = 0; axis < 3; axis++) out.root[axis] = a.root[axis] + share * (b.root[axis] - a.root[axis]);
  for (let bone = 0; bone < b.numBones; bone++) slerp(a.rotations, b.rotations, 4 * bone, share, out.rotations);
  out.timeUs = a.timeUs + share * (b.timeUs - a.timeUs);
  out.sequence = b.sequence;
  out.skeletonId = b.skeletonId;
  out.numBones = b.numBones;
}

/** Below this angle's cosine's distance from 1 a turn and its chord are the same in float32. */
const NEARLY_ONE = 1 - 1e-6;

function slerp(a: Float32Array, b: Float32Array, at: number, share: number, out: Float32Array): void {
  let dot = a[at] * b[at] + a[at + 1] * b[at + 1] + a[at + 2] * b[at + 2] + a[at + 3] * b[at + 3];
  const sign = dot < 0 ? -1 : 1; // a quaternion and its negative are one rotation: take the near one
  dot *= sign;
  let ofA = 1 - share;
  let ofB = share;
  if (dot < NEARLY_ONE) {
    const angle = Math.acos(dot);
    const perSine = 1 / Math.sin(angle);
    ofA = Math.sin((1 - share) * angle) * perSine;
    ofB = Math.sin(share * angle) * perSine;
  }
  ofB *= sign;
  const x = ofA * a[at] + ofB * b[at];
  const y = ofA * a[at + 1] + ofB * b[at + 1];
  const z = ofA * a[at + 2] + ofB * b[at + 2];
  const w = ofA * a[at + 3] + ofB * b[at + 3];
  const perLength = 1 / Math.sqrt(x * x + y * y + z * z + w * w);
  out[at] = x * perLength;
  out[at + 1] = y * perLength;
  out[at + 2] = z * perLength;
  out[at + 3] = w * perLength;
}

/** Left and right of a skeleton's bones change places; made once for a skeleton, then only copies. */
export class Mirror {
  private readonly before = new Float32Array(4 * MAX_BONES);

  /** @param others Index of the bone on the other side, for each bone. */
  constructor(private readonly others: Uint8Array) {}

  /** Mirrors a pose at the plane x = 0, in place. */
  apply(pose: PoseFrame): void {
    const { before, others } = this;
    before.set(pose.rotations);
    for (let bone = 0; bone < pose.numBones; bone++) {
      const from = 4 * others[bone];
      const to = 4 * bone;
      pose.rotations[to] = before[from];
      pose.rotations[to + 1] = -before[from + 1];
      pose.rotations[to + 2] = -before[from + 2];
      pose.rotations[to + 3] = before[from + 3];
    }
    pose.root[0] = -pose.root[0];
  }
}
