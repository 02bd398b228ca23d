import { type Object3D, Vector3 } from "three";
import type { Dancer } from "../stage/dancer";
import type { Live } from "../wire/live";

const PERIOD_S = 0.4;
/** A step aside that turns the dancer by less is none. */
const SMALLEST_DEG = 4;

/** Direction from a place on the floor to another, degrees about Y from +Z towards +X; null from a place to itself. */
export function directionDeg(fromX: number, fromZ: number, toX: number, toZ: number): number | null {
  const x = toX - fromX;
  const z = toZ - fromZ;
  return Math.hypot(x, z) < 0.05 ? null : (Math.atan2(x, z) * 180) / Math.PI;
}

/** The smaller angle between two directions, degrees. */
export function betweenDeg(a: number, b: number): number {
  return Math.abs(((((a - b) % 360) + 540) % 360) - 180);
}

/** Turns the front of the dance to who looks at it; when it lets go the front is where it was. */
export class Front {
  private before: number | null = null;
  private told = 0;
  private sinceS = 0;
  private readonly eye = new Vector3();
  private readonly hips = new Vector3();

  constructor(private readonly live: Live) {}

  /**
   * Once a picture. Allocates nothing.
   * @param dancer Who is to face the eyes, wherever its place was carried, turned and scaled to.
   * @param eyes Who looks.
   */
  follow(passedS: number, dancer: Dancer, eyes: Object3D): void {
    this.sinceS += passedS;
    if (this.sinceS < PERIOD_S) return;
    this.sinceS = 0;
    const now = this.live.news.controls.front_deg;
    if (typeof now !== "number") return; // an older bridge has no front
    if (this.before === null) this.before = this.told = now;
    const eye = dancer.place.worldToLocal(eyes.getWorldPosition(this.eye));
    const hips = dancer.place.worldToLocal(dancer.hips(this.hips));
    const side = dancer.info.mirrored ? -1 : 1;
    const wanted = directionDeg(side * hips.x, hips.z, side * eye.x, eye.z);
    if (wanted === null || betweenDeg(wanted, this.told) < SMALLEST_DEG) return;
    this.told = wanted;
    this.live.control("front_deg", wanted);
  }

  /** Nobody looks any more. */
  release(): void {
    if (this.before !== null && this.before !== this.told) this.live.control("front_deg", this.before);
    this.before = null;
  }
}
