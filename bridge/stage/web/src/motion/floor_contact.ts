import { type Quaternion, Vector3 } from "three";
import body from "../../../../../data/tables/body.json";
import type { Retarget } from "./retarget";
import type { Sole } from "./soles";

interface Bearing {
  readonly state: { readonly position: Vector3; readonly rotation: Quaternion };
  /** From the bone's joint, in the bone's frame. */
  readonly points: Vector3[];
}

/** An ankle may be this high while the toes still stand: heels lift off in most steps. */
const TIPTOE_M = body.avatar_floor.tiptoe_m;
/** A sole may sink so deep for a moment; skin and shoes yield. */
const YIELD_M = body.avatar_floor.yield_m;
const LIFTING_S = body.avatar_floor.lifting_s;
const LOWERING_S = body.avatar_floor.lowering_s;
/** A body is not pulled down further than this: it may really be in the air. */
const LARGEST_DROP_M = body.avatar_floor.largest_drop_m;

/**
 * Lets an avatar's feet stand on the floor, where the figure's stand: they neither sink in nor hover.
 *
 * The figure knows ankles only. Where the avatar's soles really are follows from its skin, measured once; after each
 * pose the lowest of their points is brought down, or up, to the floor by shifting the whole body, smoothly. When both
 * of the figure's ankles are higher than heels lift, it jumps, and so does the avatar.
 */
export class FloorContact {
  private readonly bearings: Bearing[];
  /** By how much the body is lifted now, metres. */
  liftM = Number.NaN;
  private readonly point = new Vector3();

  /** @param soles Of the rig of `retarget`. */
  constructor(
    private readonly retarget: Retarget,
    soles: readonly Sole[],
  ) {
    this.bearings = soles.flatMap(({ bone, points }) => {
      const state = retarget.state(bone) ?? retarget.state(bone.replace("Toes", "Foot"));
      if (state === null) return [];
      const toBone = state.rig.rotation.clone().invert();
      return [{ state, points: points.map((point) => point.clone().sub(state.rig.head).applyQuaternion(toBone)) }];
    });
  }

  /** Settles the pose that was applied last. */
  settle(passedS: number): void {
    if (this.bearings.length === 0) return;
    const { retarget } = this;
    const ankleM = retarget.figure.lowerAnkle() - retarget.figure.ankleM;
    const airM = retarget.scale * Math.max(0, ankleM - TIPTOE_M);
    const lowestM = this.lowest();
    const wantedM = Math.max(-LARGEST_DROP_M, airM - lowestM);
    if (Number.isNaN(this.liftM)) this.liftM = wantedM;
    const easing = wantedM > this.liftM ? LIFTING_S : LOWERING_S;
    this.liftM += (wantedM - this.liftM) * (1 - Math.exp(-passedS / easing));
    this.liftM = Math.max(this.liftM, -YIELD_M - lowestM);
    retarget.lift(this.liftM);
  }

  /** Height of the lowest point of the soles over the floor, in the pose that was applied last. */
  lowest(): number {
    let lowest = Number.POSITIVE_INFINITY;
    for (let i = 0; i < this.bearings.length; i++) {
      const { state, points } = this.bearings[i];
      for (let k = 0; k < points.length; k++) {
        const y = this.point.copy(points[k]).applyQuaternion(state.rotation).y + state.position.y;
        if (y < lowest) lowest = y;
      }
    }
    return lowest;
  }
}
