import type { VRM } from "@pixiv/three-vrm";

const CLOSING_S = 0.07;
const OPENING_S = 0.13;
const SHORTEST_S = 2;
const LONGEST_S = 6;

/** A face that lives a little: it blinks now and then, if the avatar knows how to. */
export class Face {
  private readonly canBlink: boolean;
  private sinceS = 0;
  private untilS: number;

  constructor(
    private readonly vrm: VRM,
    private readonly random: () => number = Math.random,
  ) {
    this.canBlink = vrm.expressionManager?.getExpression("blink") != null;
    if (vrm.expressionManager?.getExpression("relaxed") != null) vrm.expressionManager.setValue("relaxed", 0.4);
    this.untilS = this.pause();
  }

  advance(passedS: number): void {
    if (!this.canBlink) return;
    this.sinceS += passedS;
    const blinkS = this.sinceS - this.untilS;
    if (blinkS > CLOSING_S + OPENING_S) {
      this.sinceS = 0;
      this.untilS = this.pause();
    }
    const shut = blinkS < 0 ? 0 : blinkS < CLOSING_S ? blinkS / CLOSING_S : 1 - (blinkS - CLOSING_S) / OPENING_S;
    this.vrm.expressionManager?.setValue("blink", Math.max(0, Math.min(1, shut)));
  }

  private pause(): number {
    return SHORTEST_S + this.random() * (LONGEST_S - SHORTEST_S);
  }
}
