import { type Object3D, Vector3 } from "three";
import type { Dancer } from "../stage/dancer";
import type { Live } from "../wire/live";

const PERIOD_S = 0.4;
/** A step aside that turns the dancer by less is none. */
const SMALLEST_DEG = 4;
/** The wire rounds. */
const SAME_DEG = 1e-3;

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
  /** Where the front was before it followed; null once the bridge has it back. */
  private before: number | null = null;
  /** Degrees; NaN where it is not known what the bridge has. */
  private sent = Number.NaN;
  private sinceS = 0;
  private isFollowing = false;
  private readonly eye = new Vector3();
  private readonly hips = new Vector3();

  constructor(private readonly live: Live) {
    live.on("controls", ({ controls }) => this.heard(controls.front_deg));
    live.on("link", (link) => {
      if (link !== "open") return;
      this.sent = Number.NaN; // what was sent while the link was lost did not arrive
      if (!this.isFollowing) this.giveBack();
    });
  }

  /**
   * Once a picture. Allocates nothing.
   * @param dancer Who is to face the eyes, wherever its place was carried, turned and scaled to.
   * @param eyes Who looks.
   */
  follow(passedS: number, dancer: Dancer, eyes: Object3D): void {
    this.sinceS += passedS;
    if (this.sinceS < PERIOD_S) return;
    this.sinceS = 0;
    const now = this.live.latest.controls.front_deg;
    if (typeof now !== "number") return; // an older bridge has no front
    if (!this.isFollowing) {
      this.before ??= now; // while it is given back, what is reported may be our own
      this.sent = Number.NaN;
      this.isFollowing = true;
    }
    const eye = dancer.place.worldToLocal(eyes.getWorldPosition(this.eye));
    const hips = dancer.place.worldToLocal(dancer.hips(this.hips));
    const side = dancer.info.mirrored ? -1 : 1;
    const wanted = directionDeg(side * hips.x, hips.z, side * eye.x, eye.z);
    if (wanted === null || betweenDeg(wanted, this.sent) < SMALLEST_DEG) return;
    this.sent = wanted;
    this.live.control("front_deg", wanted);
  }

  /** Nobody looks any more. */
  release(): void {
    if (!this.isFollowing) return;
    this.isFollowing = false;
    this.giveBack();
  }

  private giveBack(): void {
    if (this.before !== null) this.live.control("front_deg", this.before);
  }

  private heard(frontDeg: unknown): void {
    if (this.isFollowing || this.before === null) return;
    if (typeof frontDeg === "number" && betweenDeg(frontDeg, this.before) < SAME_DEG) this.before = null;
  }
}
