import { type Box3, PerspectiveCamera, Vector3 } from "three";
import { OrbitControls } from "three/addons/controls/OrbitControls.js";
import { shareIn } from "../motion/easing";
import type { Covered } from "./framing";

interface Preset {
  from: [number, number, number];
  at: [number, number, number];
  /** Within what time the camera goes with the dancers, seconds; infinite for one that stays. */
  followsS: number;
}

/** In the order of the keys 1, 2, 3 ... Metres; the dancer faces +Z. The view `front` goes with the front of the dance. */
const PRESETS: Record<string, Preset> = {
  front: { from: [0.5, 1.45, 4.4], at: [0, 0.88, 0], followsS: 1.2 },
  side: { from: [4.3, 1.4, 0.5], at: [0, 0.88, 0], followsS: 1.2 },
  low: { from: [-1.5, 0.28, 3.0], at: [0, 0.95, 0], followsS: 1.0 },
  close: { from: [0.35, 1.45, 2.0], at: [0, 1.2, 0], followsS: 0.5 },
  audience: { from: [-1.4, 1.75, 7.5], at: [0, 0.85, 0], followsS: Number.POSITIVE_INFINITY },
  top: { from: [0, 6.2, 2.2], at: [0, 0.6, 0], followsS: 2 },
  follow: { from: [1.2, 1.35, 3.4], at: [0, 0.88, 0], followsS: 0.25 },
};

const UP = new Vector3(0, 1, 0);
const LOWEST_M = 0.15;
const TRAVEL_S = 0.5;
/** A camera that was let go coasts for about so long. */
const COASTING_S = 0.2;
/** Within what time the picture makes room for what comes to lie over it, or for dancers who part. */
const ROOM_S = 0.35;
/** What must be seen is at least so wide and so high, in heights of the picture of a view; else the camera steps back. */
const WIDE_ENOUGH = 0.75;
const HIGH_ENOUGH = 0.85;
/** From the hips to the end of an arm that is stretched out. */
const ARM_M = 0.85;
/** So far a dancer goes from the middle of the picture before the camera goes along at once. */
const SLACK_M = 0.25;
/** By what part of its distance a dancer comes nearer, or goes away, before the same. */
const NEARER = 0.15;
const FOV_DEG = 34;
/** Height of the picture at a distance of one metre. */
const HEIGHT_PER_M = 2 * Math.tan((FOV_DEG * Math.PI) / 360);
/** Further off the haze would hide the dancers. */
const FURTHEST_M = 16;

/** The camera, its presets, and the hand (or the arrow keys) that moves it. */
export class Cameras {
  readonly camera = new PerspectiveCamera(FOV_DEG, 16 / 9, 0.05, 100);
  readonly names = Object.keys(PRESETS);
  name = "front";
  private readonly controls: OrbitControls;
  private readonly from = new Vector3();
  private readonly at = new Vector3();
  private readonly wantedFrom = new Vector3();
  private readonly wantedAt = new Vector3();
  private readonly moved = new Vector3();
  private readonly followed = new Vector3();
  private readonly aside = new Vector3();
  private readonly middle = new Vector3();
  /** What goes with the dancers. */
  private readonly carried: readonly Vector3[];
  private width = 16;
  private height = 9;
  private readonly covered: Covered = { left: 0, right: 0, top: 0, bottom: 0 };
  /** By how much the middle of what can be seen lies right of and below that of the window, CSS pixels. */
  private rightPx = 0;
  private belowPx = 0;
  /** How much further off the camera is than the preset has it. */
  private back = 1;
  /** From the middle of the dancers to the outermost of them, across the picture. */
  private spreadM = 0;
  private travelS = TRAVEL_S;
  private frontRad = 0;

  /** @param element Takes the pointer, and the arrow keys when it has the focus. */
  constructor(element: HTMLElement) {
    this.controls = new OrbitControls(this.camera, element);
    const { camera, controls, from, at, wantedFrom, wantedAt } = this;
    this.carried = [camera.position, controls.target, from, at, wantedFrom, wantedAt];
    this.controls.enableDamping = true;
    this.controls.minDistance = 0.8;
    this.controls.maxDistance = FURTHEST_M;
    this.controls.addEventListener("start", () => {
      this.travelS = TRAVEL_S; // whoever takes the camera has it
    });
    element.tabIndex = 0;
    element.addEventListener("keydown", (event) => this.key(event));
    this.aim("front");
    this.camera.position.copy(this.wantedFrom);
    this.controls.target.copy(this.wantedAt);
    this.travelS = TRAVEL_S;
  }

  set(name: string): void {
    if (!(name in PRESETS)) throw new Error(`There is no camera ${name}; there are ${this.names.join(", ")}`);
    this.name = name;
    this.aim(name);
  }

  /** Tells where the front of the dance is, degrees about Y from +Z towards +X. */
  face(frontDeg: number): void {
    const frontRad = (frontDeg * Math.PI) / 180;
    if (frontRad === this.frontRad) return;
    this.frontRad = frontRad;
    if (this.name === "front") this.aim(this.name);
  }

  /** Fits the camera to a window, parts of which may be hidden; CSS pixels. */
  resize(width: number, height: number, covered: Covered): void {
    const isOther = this.width !== width || this.height !== height;
    Object.assign(this.covered, covered);
    if (!isOther) return;
    this.width = width;
    this.height = height;
    this.camera.aspect = width / height;
    this.makeRoom(1); // another window: nothing to ease from
  }

  /**
   * Once a picture. Allocates nothing.
   *
   * @param dancers Holds the hips of all dancers.
   */
  advance(passedS: number, dancers: Box3): void {
    const { camera, controls } = this;
    if (!dancers.isEmpty()) this.look(dancers);
    this.makeRoom(shareIn(passedS, ROOM_S));
    if (this.travelS < TRAVEL_S) {
      this.travelS += passedS;
      const share = Math.min(1, this.travelS / TRAVEL_S);
      const eased = share * share * (3 - 2 * share);
      camera.position.lerpVectors(this.from, this.wantedFrom, eased);
      controls.target.lerpVectors(this.at, this.wantedAt, eased);
    }
    this.follow(passedS);
    const cosine = (LOWEST_M - controls.target.y) / camera.position.distanceTo(controls.target);
    controls.maxPolarAngle = Math.acos(Math.max(-1, Math.min(1, cosine))); // not below the floor
    controls.dampingFactor = shareIn(passedS, COASTING_S); // which is for each update, whatever its length
    controls.update(passedS);
  }

  private get stays(): boolean {
    return PRESETS[this.name].followsS === Number.POSITIVE_INFINITY;
  }

  /** Takes up where the dancers are, and how far they are apart, seen from the camera. */
  private look(dancers: Box3): void {
    const { middle, aside } = this;
    dancers.getCenter(middle).setY(0);
    aside.set(1, 0, 0).applyQuaternion(this.camera.quaternion).setY(0).normalize();
    const { min, max } = dancers;
    this.spreadM = (Math.abs(aside.x) * (max.x - min.x) + Math.abs(aside.z) * (max.z - min.z)) / 2;
    // Who does not go along needs room for the dancers' way too.
    if (this.stays) this.spreadM += Math.abs(aside.x * middle.x + aside.z * middle.z);
  }

  /** How much further off than its preset has it a camera must be, for all to be seen in what can be seen. */
  private wantedBack(name: string): number {
    const { width, height, covered } = this;
    const distanceM = distanceOf(PRESETS[name]);
    const wide = WIDE_ENOUGH + (2 * this.spreadM) / (HEIGHT_PER_M * distanceM);
    const seenWide = (width - covered.left - covered.right) / height;
    const seenHigh = (height - covered.top - covered.bottom) / height;
    const back = Math.max(1, wide / seenWide, HIGH_ENOUGH / seenHigh);
    return Math.min(back, FURTHEST_M / distanceM);
  }

  /** Steps back, and shifts the picture, by a share of what is wanted. */
  private makeRoom(share: number): void {
    const { camera, controls, covered, width, height } = this;
    const wanted = this.wantedBack(this.name);
    const ratio = 1 + share * (wanted / this.back - 1);
    this.back *= ratio;
    stretch(camera.position, controls.target, ratio);
    stretch(this.from, this.at, ratio);
    stretch(this.wantedFrom, this.wantedAt, ratio);
    this.rightPx += share * ((covered.left - covered.right) / 2 - this.rightPx);
    this.belowPx += share * ((covered.top - covered.bottom) / 2 - this.belowPx);
    camera.setViewOffset(width, height, -this.rightPx, -this.belowPx, width, height);
  }

  /** Goes with the dancers: gently while they are well inside the picture, and at once before they would leave it. */
  private follow(passedS: number): void {
    const { camera, controls, covered, moved, aside, followed, middle, stays } = this;
    if (stays) moved.copy(followed).negate();
    else moved.subVectors(middle, followed);
    moved.multiplyScalar(shareIn(passedS, stays ? TRAVEL_S : PRESETS[this.name].followsS));
    this.carry(moved);
    if (stays) return;
    // At the distance of a dancer who is as near as may be.
    const nearM = NEARER * camera.position.distanceTo(controls.target);
    const pictureM = (HEIGHT_PER_M * nearM * (1 - NEARER)) / NEARER;
    const seenM = ((this.width - covered.left - covered.right) / this.height) * pictureM;
    const acrossM = Math.max(SLACK_M, seenM / 2 - this.spreadM - ARM_M);
    const alongM = Math.max(SLACK_M, nearM);
    moved.subVectors(middle, followed);
    const across = moved.x * aside.x + moved.z * aside.z;
    const along = moved.z * aside.x - moved.x * aside.z;
    const byAcross = across - Math.max(-acrossM, Math.min(acrossM, across));
    const byAlong = along - Math.max(-alongM, Math.min(alongM, along));
    this.carry(moved.set(byAcross * aside.x - byAlong * aside.z, 0, byAcross * aside.z + byAlong * aside.x));
  }

  private carry(by: Vector3): void {
    this.followed.add(by);
    for (let i = 0; i < this.carried.length; i++) this.carried[i].add(by);
  }

  private aim(name: string): void {
    const preset = PRESETS[name];
    this.back = this.wantedBack(name);
    this.from.copy(this.camera.position);
    this.at.copy(this.controls.target);
    this.wantedAt.fromArray(preset.at);
    this.wantedFrom.fromArray(preset.from).sub(this.wantedAt);
    if (name === "front") this.wantedFrom.applyAxisAngle(UP, this.frontRad);
    this.wantedFrom.multiplyScalar(this.back).add(this.wantedAt);
    this.wantedFrom.add(this.followed);
    this.wantedAt.add(this.followed);
    this.travelS = 0;
  }

  /** Arrow keys turn, plus and minus go nearer and further. */
  private key(event: KeyboardEvent): void {
    const turn: Record<string, [number, number]> = {
      ArrowLeft: [-0.1, 0],
      ArrowRight: [0.1, 0],
      ArrowUp: [0, -0.07],
      ArrowDown: [0, 0.07],
    };
    const nearer: Record<string, number> = { "+": 0.9, "=": 0.9, "-": 1.1 };
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { camera, controls } = this;
    const arm = camera.position.clone().sub(controls.target);
    if (event.key in turn) {
      const [around, up] = turn[event.key];
      const distance = arm.length();
      const polar = Math.max(0.1, Math.min(controls.maxPolarAngle, Math.acos(arm.y / distance) + up));
      arm.setFromSphericalCoords(distance, polar, Math.atan2(arm.x, arm.z) + around);
    } else if (event.key in nearer) {
      arm.multiplyScalar(nearer[event.key]).clampLength(controls.minDistance, controls.maxDistance);
    } else return;
    event.preventDefault();
    event.stopPropagation(); // elsewhere on the page the arrows do other things
    this.travelS = TRAVEL_S;
    camera.position.copy(controls.target).add(arm);
  }
}

function distanceOf({ from, at }: Preset): number {
  return Math.hypot(from[0] - at[0], from[1] - at[1], from[2] - at[2]);
}

/** Moves a point away from another, or towards it. */
function stretch(point: Vector3, from: Vector3, ratio: number): void {
  point.sub(from).multiplyScalar(ratio).add(from);
}
