import type { VRMSpringBoneManager } from "@pixiv/three-vrm";
import type { Object3D, Quaternion } from "three";

/** Springs of three-vrm damp for each update, whatever its length; avatars are tuned for about 60 updates a second. */
const STEP_S = 1 / 60;
/** After a longer pause, such as a hidden tab, springs go on from where they were. */
const MOST_STEPS = 6;
/** Lengths of pictures are rounded; none of them is to miss its step for that. */
const ROUNDING_S = 1e-4;

interface Joint {
  readonly bone: Object3D;
  /** Rotation after the last step but one, and after the last. */
  readonly before: Quaternion;
  readonly now: Quaternion;
}

/**
 * Springs of hair and skirts in steps of equal length, so that they swing alike on every display.
 *
 * Between two steps the bones are shown between where these left them, which is at most a step late. The simulation
 * itself keeps the ends of the bones, not their rotations, so what is shown does not enter it.
 */
export class Springs {
  private readonly joints: Joint[];
  private leftS = 0;

  constructor(private readonly manager: VRMSpringBoneManager) {
    const bones = new Set([...manager.joints].map(({ bone }) => bone));
    this.joints = [...bones].map((bone) => ({
      bone,
      before: bone.quaternion.clone(),
      now: bone.quaternion.clone(),
    }));
  }

  /** Once a picture, after the body was posed. Makes no garbage of its own. */
  update(passedS: number): void {
    this.leftS = Math.min(this.leftS + passedS, MOST_STEPS * STEP_S);
    while (this.leftS >= STEP_S - ROUNDING_S) {
      this.leftS -= STEP_S;
      this.manager.update(STEP_S);
      for (let i = 0; i < this.joints.length; i++) {
        const joint = this.joints[i];
        joint.before.copy(joint.now);
        joint.now.copy(joint.bone.quaternion);
      }
    }
    const share = Math.max(0, this.leftS / STEP_S);
    for (let i = 0; i < this.joints.length; i++) {
      const { bone, before, now } = this.joints[i];
      bone.quaternion.slerpQuaternions(before, now, share);
      bone.updateMatrix(); // three-vrm has switched that off for these bones
    }
  }

  /** They hang at rest from where the body is now. */
  settle(): void {
    this.manager.reset();
    this.leftS = 0;
    for (let i = 0; i < this.joints.length; i++) {
      const { bone, before, now } = this.joints[i];
      before.copy(bone.quaternion);
      now.copy(bone.quaternion);
    }
  }
}
