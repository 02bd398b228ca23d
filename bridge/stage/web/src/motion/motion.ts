import type { PoseFrame, Skeleton } from "../wire/live";
import type { PlayoutState } from "./playout";

/** Something that dancers dance: the bridge's dance, or a take. */
export interface Motion {
  /** Null until it is known. */
  readonly skeleton: Skeleton | null;
  /** Grows when the motion jumps; dancers ease into what comes then. */
  readonly jumps: number;
  /** Once a picture, with the page's clock. */
  advance(nowMs: number): void;
  /**
   * The pose of this moment.
   *
   * @param behindMs By how much this dancer follows.
   * @param pose Is filled, unless there is none.
   */
  sample(behindMs: number, pose: PoseFrame): PlayoutState;
}
