import { PoseFrame } from "../wire/live";
import { shareIn } from "./easing";
import { copyPose } from "./interpolate";

/** Mean speed at which the bones of a figure turn, rad/s: street dance lies between, as recorded and as made here. */
const CALM_RAD_S = 0.5;
const WILD_RAD_S = 1.7;
/** Over about so long; a mood does not come and go with every step. */
const OVER_S = 2;

/** How lively a dance is, from 0 to 1, by what is seen of it: a take's or a canon's as well as the live one's. */
export class Liveliness {
  value = 0;
  private radS = 0;
  private readonly before = new PoseFrame();
  private isBegun = false;

  /** Takes up the pose of a picture. Allocates nothing. */
  add(pose: PoseFrame, passedS: number): void {
    const isSame = this.isBegun && pose.numBones === this.before.numBones;
    if (isSame && passedS > 0) {
      const radS = turned(this.before, pose) / passedS;
      this.radS += (Math.min(radS, 2 * WILD_RAD_S) - this.radS) * shareIn(passedS, OVER_S);
      this.value = Math.max(0, Math.min(1, (this.radS - CALM_RAD_S) / (WILD_RAD_S - CALM_RAD_S)));
    }
    copyPose(pose, this.before);
    this.isBegun = true;
  }
}

/** By how much the bones have turned from one pose to the next, their mean, radians; for small turns. */
function turned(a: PoseFrame, b: PoseFrame): number {
  let sum = 0;
  for (let bone = 0; bone < b.numBones; bone++) {
    let less = 0;
    let more = 0; // a quaternion and its negative are the same rotation
    for (let i = 4 * bone; i < 4 * bone + 4; i++) {
      less += (a.rotations[i] - b.rotations[i]) ** 2;
      more += (a.rotations[i] + b.rotations[i]) ** 2;
    }
    sum += 2 * Math.sqrt(Math.min(less, more));
  }
  return sum / b.numBones;
}
