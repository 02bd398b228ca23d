import { Group, Mesh, MeshBasicMaterial, SphereGeometry, TorusGeometry } from "three";

/** Places of what a hand can do in the buttons of the xr-standard gamepad. */
export const TRIGGER = 0;
export const SQUEEZE = 1;
export const THUMBSTICK = 3;
export const FIRST = 4; // A or X
export const SECOND = 5; // B or Y
const NUM_BUTTONS = 6;
const DEAD_ZONE = 0.15;

/** One controller: where it is, what is pressed on it, and what is seen of it. */
export class Hand {
  readonly grip = new Group();
  private source: XRInputSource | null = null;
  private readonly isDown = new Uint8Array(NUM_BUTTONS);
  private readonly wasDown = new Uint8Array(NUM_BUTTONS);

  constructor() {
    const colour = new MeshBasicMaterial({ color: "#8fb9ff" });
    const ring = new Mesh(new TorusGeometry(0.032, 0.004, 8, 32), colour);
    const knob = new Mesh(new SphereGeometry(0.008, 12, 8), colour);
    this.grip.add(ring, knob);
  }

  connect(source: XRInputSource): void {
    this.source = source;
  }

  disconnect(): void {
    this.source = null;
    this.isDown.fill(0);
  }

  get side(): XRHandedness {
    return this.source?.handedness ?? "none";
  }

  /** Once a picture: what is pressed now. Allocates nothing. */
  read(): void {
    this.wasDown.set(this.isDown);
    const buttons = this.source?.gamepad?.buttons;
    for (let i = 0; i < NUM_BUTTONS; i++) this.isDown[i] = buttons?.[i]?.pressed ? 1 : 0;
  }

  holds(button: number): boolean {
    return this.isDown[button] === 1;
  }

  /** Whether it was pressed with this picture. */
  presses(button: number): boolean {
    return this.isDown[button] === 1 && this.wasDown[button] === 0;
  }

  /** The thumbstick, -1 to 1; `across` to the right, `along` towards the user. */
  across(): number {
    return beyondDeadZone(this.source?.gamepad?.axes[2] ?? 0);
  }

  along(): number {
    return beyondDeadZone(this.source?.gamepad?.axes[3] ?? 0);
  }
}

function beyondDeadZone(value: number): number {
  return Math.abs(value) < DEAD_ZONE ? 0 : value;
}
