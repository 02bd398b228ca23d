import type { VRM } from "@pixiv/three-vrm";
import { Springs } from "./springs";

/**
 * What `vrm.update` does for each picture, less what the avatar does not have: constraints and springs make sets and
 * lists even when there are none of them.
 */
export class VrmBody {
  private readonly hasConstraints: boolean;
  private readonly springs: Springs | null;
  private readonly hasFace: boolean;

  constructor(private readonly vrm: VRM) {
    this.hasConstraints = (vrm.nodeConstraintManager?.constraints.size ?? 0) > 0;
    const springs = vrm.springBoneManager;
    this.springs = springs && springs.joints.size > 0 ? new Springs(springs) : null;
    this.hasFace = (vrm.expressionManager?.expressions.length ?? 0) > 0;
  }

  /** Once a picture, after the normalised bones were posed. */
  update(passedS: number): void {
    const { vrm } = this;
    vrm.humanoid.update();
    if (this.hasFace) vrm.expressionManager?.update();
    if (this.hasConstraints) vrm.nodeConstraintManager?.update();
    this.springs?.update(passedS);
    const { materials } = vrm;
    if (materials === undefined) return;
    for (let i = 0; i < materials.length; i++) {
      const material = materials[i] as { update?: (passedS: number) => void };
      material.update?.(passedS);
    }
  }

  /** Hair and skirts hang from where the body is now. */
  settle(): void {
    this.springs?.settle();
  }
}
