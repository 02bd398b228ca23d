import type { VRM, VRMExpression } from "@pixiv/three-vrm";
import { shareIn } from "../motion/easing";

const CLOSING_S = 0.07;
const OPENING_S = 0.13;
const SHORTEST_S = 2;
const LONGEST_S = 6;
/** At rest a face is a little relaxed; at full energy it is this happy, and no more: a hint, no grimace. */
const RELAXED = 0.3;
const HAPPY = 0.5;
/** Within what time a mood changes. */
const MOOD_S = 1.5;
/** A smile that shuts the eyes: how long it takes to come or go, how long it stays, and how often a blink becomes one. */
const SMILING_S = 0.15;
const SMILE_S = 1.2;
const SMILES_A_BLINK = 0.4;
/** Less energy than this is nothing to smile about with shut eyes. */
const SMILES_FROM = 0.35;

/**
 * A face that lives a little: it blinks now and then, and its mood goes with the energy of the dance, as far as the
 * avatar knows how to.
 *
 * An expression that blocks blinking, as `happy` of many avatars does, shuts the eyes itself. In part it would look
 * sleepy, and for as long as it is shown at all nothing would blink. So it is shown whole and for a moment, instead of
 * a blink, the livelier the dance the more often; all other expressions are shown in part.
 */
export class Face {
  /** Whether it shows a mood; blinking it does in any case. */
  isExpressive = true;
  private readonly lids: VRMExpression[];
  private readonly relaxed: VRMExpression | null;
  private readonly happy: VRMExpression | null;
  private readonly smile: VRMExpression | null;
  private energy = 0;
  private sinceS = 0;
  private untilS: number;
  private isSmiling = false;

  constructor(
    vrm: VRM,
    private readonly random: () => number = Math.random,
  ) {
    const known = (name: string): VRMExpression | null => {
      const expression = vrm.expressionManager?.getExpression(name) ?? null;
      return expression !== null && expression.binds.length > 0 ? expression : null;
    };
    const inPart = (name: string): VRMExpression | null => {
      const expression = known(name);
      return expression === null || isWhole(expression) ? null : expression;
    };
    const both = known("blink");
    this.lids = (both ? [both] : [known("blinkLeft"), known("blinkRight")]).filter((lid) => lid !== null);
    this.relaxed = inPart("relaxed");
    this.happy = inPart("happy");
    const smile = known("happy");
    this.smile = smile !== null && isWhole(smile) ? smile : null;
    this.untilS = this.pause();
  }

  /** Once a picture. @param energy Of the dance, 0 to 1. */
  advance(passedS: number, energy: number): void {
    this.energy += ((this.isExpressive ? energy : 0) - this.energy) * shareIn(passedS, MOOD_S);
    this.sinceS += passedS;
    const inS = this.sinceS - this.untilS;
    const lengthS = this.isSmiling ? 2 * SMILING_S + SMILE_S : CLOSING_S + OPENING_S;
    if (inS > lengthS) {
      this.sinceS = 0;
      this.untilS = this.pause();
      this.isSmiling = this.smile !== null && this.isExpressive && this.random() < this.chance();
    }
    const isBlinking = inS > 0 && inS <= lengthS;
    const shut = isBlinking && !this.isSmiling ? between(inS / CLOSING_S, (lengthS - inS) / OPENING_S) : 0;
    for (let i = 0; i < this.lids.length; i++) this.lids[i].weight = shut;
    if (this.smile !== null) {
      const isShown = isBlinking && this.isSmiling && this.isExpressive;
      this.smile.weight = isShown ? between(inS / SMILING_S, (lengthS - inS) / SMILING_S) : 0;
    }
    const calm = this.isExpressive ? 1 - this.energy : 0;
    if (this.happy !== null) this.happy.weight = HAPPY * this.energy;
    // An avatar that knows no other mood shows this one for both.
    if (this.relaxed !== null) this.relaxed.weight = RELAXED * (this.happy === null && this.isExpressive ? 1 : calm);
  }

  private chance(): number {
    return this.energy < SMILES_FROM ? 0 : SMILES_A_BLINK * this.energy;
  }

  private pause(): number {
    return SHORTEST_S + this.random() * (LONGEST_S - SHORTEST_S);
  }
}

/** Whether an expression makes sense only as a whole. */
function isWhole(expression: VRMExpression): boolean {
  return expression.overrideBlink === "block" || expression.isBinary;
}

/** From 0 up to 1 and down again, by the nearer of two ramps. */
function between(coming: number, going: number): number {
  return Math.max(0, Math.min(1, coming, going));
}
