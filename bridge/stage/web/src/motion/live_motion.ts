import type { Live, PoseFrame, Skeleton } from "../wire/live";
import type { Motion } from "./motion";
import { Playout, type PlayoutState } from "./playout";

/** The bridge's dance, as all live dancers share it. */
export class LiveMotion implements Motion {
  skeleton: Skeleton | null = null;
  readonly playout = new Playout();

  constructor(live: Live) {
    live.on("skeleton", (skeleton) => {
      this.skeleton = skeleton;
    });
    live.on("pose", (pose) => this.playout.add(pose, performance.now()));
  }

  get jumps(): number {
    return this.playout.jumps;
  }

  advance(nowMs: number): void {
    this.playout.advance(nowMs);
  }

  sample(behindMs: number, pose: PoseFrame): PlayoutState {
    return this.playout.sample(behindMs, pose);
  }
}
