import { PerspectiveCamera, Vector3 } from "three";
import { OrbitControls } from "three/addons/controls/OrbitControls.js";
import { shareIn } from "../motion/easing";

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
/** In a narrow window the dancer would not fit across, in a low one not upright: the camera steps back. */
const WIDE_ASPECT = 1.1;
const HIGH_ENOUGH = 0.85;

/** The camera, its presets, and the hand (or the arrow keys) that moves it. */
export class Cameras {
  readonly camera = new PerspectiveCamera(34, 16 / 9, 0.05, 100);
  readonly names = Object.keys(PRESETS);
  name = "front";
  private readonly controls: OrbitControls;
  private readonly from = new Vector3();
  private readonly at = new Vector3();
  private readonly wantedFrom = new Vector3();
  private readonly wantedAt = new Vector3();
  private readonly moved = new Vector3();
  private readonly followed = new Vector3();
  /** What goes with the dancers. */
  private readonly carried: readonly Vector3[];
  /** Share of the window's height that can be seen. */
  private free = 1;
  private travelS = TRAVEL_S;
  private frontRad = 0;

  /** @param element Takes the pointer, and the arrow keys when it has the focus. */
  constructor(element: HTMLElement) {
    this.controls = new OrbitControls(this.camera, element);
    const { camera, controls, from, at, wantedFrom, wantedAt } = this;
    this.carried = [camera.position, controls.target, from, at, wantedFrom, wantedAt];
    this.controls.enableDamping = true;
    this.controls.minDistance = 0.8;
    this.controls.maxDistance = 14;
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

  /** Fits the camera to a window, whose lower part may be hidden; CSS pixels. */
  resize(width: number, height: number, coveredPx: number): void {
    const { camera } = this;
    const free = 1 - coveredPx / height;
    if (camera.aspect === width / height && this.free === free) return;
    camera.aspect = width / height;
    this.free = free;
    camera.setViewOffset(width, height, 0, coveredPx / 2, width, height);
    this.aim(this.name);
  }

  /** Once a picture. @param dancers Where the dancers are. */
  advance(passedS: number, dancers: Vector3): void {
    const { camera, controls } = this;
    if (this.travelS < TRAVEL_S) {
      this.travelS += passedS;
      const share = Math.min(1, this.travelS / TRAVEL_S);
      const eased = share * share * (3 - 2 * share);
      camera.position.lerpVectors(this.from, this.wantedFrom, eased);
      controls.target.lerpVectors(this.at, this.wantedAt, eased);
    }
    const { followsS } = PRESETS[this.name];
    const stays = followsS === Number.POSITIVE_INFINITY;
    this.moved.set(stays ? 0 : dancers.x, 0, stays ? 0 : dancers.z).sub(this.followed);
    this.moved.multiplyScalar(shareIn(passedS, stays ? TRAVEL_S : followsS));
    this.followed.add(this.moved);
    for (const point of this.carried) point.add(this.moved);
    const cosine = (LOWEST_M - controls.target.y) / camera.position.distanceTo(controls.target);
    controls.maxPolarAngle = Math.acos(Math.max(-1, Math.min(1, cosine))); // not below the floor
    controls.dampingFactor = shareIn(passedS, COASTING_S); // which is for each update, whatever its length
    controls.update(passedS);
  }

  private aim(name: string): void {
    const preset = PRESETS[name];
    this.from.copy(this.camera.position);
    this.at.copy(this.controls.target);
    this.wantedAt.fromArray(preset.at);
    this.wantedFrom.fromArray(preset.from).sub(this.wantedAt);
    const back = Math.max(1, WIDE_ASPECT / this.camera.aspect, HIGH_ENOUGH / this.free);
    if (name === "front") this.wantedFrom.applyAxisAngle(UP, this.frontRad);
    this.wantedFrom.multiplyScalar(back).add(this.wantedAt);
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
