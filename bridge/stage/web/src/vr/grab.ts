import { type Object3D, Quaternion, Vector3 } from "three";

const SMALLEST = 0.05;
const LARGEST = 4;
const UP = new Vector3(0, 1, 0);

/**
 * Moves an object with the hands that hold it: one carries it over the floor and up, both also turn and scale it.
 * The object stays upright. Allocates nothing after it was made.
 */
export class Grab {
  private readonly holds = [false, false];
  private readonly before = [new Vector3(), new Vector3()];
  private readonly middle = new Vector3();
  private readonly middleBefore = new Vector3();
  private readonly arm = new Vector3();
  private readonly turn = new Quaternion();

  /**
   * Once a picture.
   *
   * @param hands Where the hands are, in the frame of the object's parent.
   * @param isHolding Whether each holds.
   */
  move(object: Object3D, hands: readonly Vector3[], isHolding: readonly boolean[]): void {
    const held = [this.holds[0] && isHolding[0], this.holds[1] && isHolding[1]] as const;
    if (held[0] && held[1]) this.both(object, hands);
    else if (held[0] || held[1]) {
      const hand = held[0] ? 0 : 1;
      object.position.add(hands[hand]).sub(this.before[hand]);
    }
    for (let i = 0; i < 2; i++) {
      this.holds[i] = isHolding[i];
      this.before[i].copy(hands[i]);
    }
  }

  private both(object: Object3D, hands: readonly Vector3[]): void {
    const { before, middle, middleBefore, arm, turn } = this;
    middle.addVectors(hands[0], hands[1]).multiplyScalar(0.5);
    middleBefore.addVectors(before[0], before[1]).multiplyScalar(0.5);
    const spanBefore = before[0].distanceTo(before[1]);
    const wanted = spanBefore > 1e-3 ? hands[0].distanceTo(hands[1]) / spanBefore : 1;
    const scale = Math.max(SMALLEST, Math.min(LARGEST, object.scale.x * wanted));
    const angle = heading(hands) - heading(before);
    turn.setFromAxisAngle(UP, angle);
    arm.subVectors(object.position, middleBefore).applyQuaternion(turn);
    arm.multiplyScalar(scale / object.scale.x);
    object.position.addVectors(middle, arm);
    object.quaternion.premultiply(turn);
    object.scale.setScalar(scale);
  }
}

/** Direction from the first hand to the second about Y. */
function heading(hands: readonly Vector3[]): number {
  return Math.atan2(hands[1].x - hands[0].x, hands[1].z - hands[0].z);
}
