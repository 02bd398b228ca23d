import { type Camera, type Group, type Object3D, Vector3, type WebGLRenderer } from "three";
import type { Dancer } from "../stage/dancer";
import type { Live } from "../wire/live";
import { Front } from "./front";
import { Grab } from "./grab";
import { FIRST, Hand, SECOND, SQUEEZE, TRIGGER } from "./hand";
import { Sign } from "./sign";

/** Where the user stands at first: before the dancer, who looks at them. */
const FIRST_STEP_BACK_M = 2.2;
const WALK_M_S = 1.6;
const SNAP_RAD = Math.PI / 6;
const SNAP_AT = 0.7;
const SNAP_AGAIN_AT = 0.4;
const SIGN_S = 0.25;

const RIGHT_HINT = "A: freeze    B: panic\ntrigger: tap the beat\ngrip: move    both: scale";
const LEFT_HINT = "X: freeze    Y: panic\nstick: walk\ngrip: move    both: scale";

/** What the bridge does, as the sign says it; strings are made only when one of them changes. */
interface Said {
  state: string;
  bpm: number;
  isFrozen: boolean;
}

/**
 * The stage in VR: the user stands on it with the dancers, and steers with the controllers.
 *
 * Grip carries the dancers, both grips scale and turn them; A or X freezes, B or Y is panic, the trigger taps the beat;
 * the left stick walks, the right one turns by steps.
 */
export class VrSession {
  private readonly hands = [new Hand(), new Hand()];
  private readonly grab = new Grab();
  private readonly front: Front;
  /** Whether the dance turns its front to the user. */
  facesUser = true;
  private readonly places = [new Vector3(), new Vector3()];
  private readonly holding = [false, false];
  private readonly sign = new Sign(0.22, 3);
  private readonly hints: Sign[];
  private readonly said: Said = { state: "", bpm: -1, isFrozen: false };
  private readonly forward = new Vector3();
  private readonly sideways = new Vector3();
  private readonly eye = new Vector3();
  private session: XRSession | null = null;
  private hasSnapped = false;
  private sinceSignS = 0;

  /**
   * @param viewer What the user stands in; the camera hangs in it.
   * @param eyes That camera, which the renderer keeps where the user's eyes are. The renderer's own for VR hangs in
   *   nothing: asked where it is, it forgets how far the user has walked and turned.
   * @param troupe What hands move: all dancers.
   * @param first Who is to face the user; undefined while there is nobody.
   */
  constructor(
    private readonly renderer: WebGLRenderer,
    private readonly viewer: Group,
    private readonly eyes: Camera,
    private readonly troupe: Object3D,
    private readonly live: Live,
    private readonly first: () => Dancer | undefined,
  ) {
    this.front = new Front(live);
    this.hints = this.hands.map((hand, index) => {
      const space = renderer.xr.getControllerGrip(index);
      space.addEventListener("connected", ({ data }) => {
        hand.connect(data);
        this.hints[index].show(data.handedness === "left" ? LEFT_HINT : RIGHT_HINT);
      });
      space.addEventListener("disconnected", () => hand.disconnect());
      const hint = new Sign(0.29, 3);
      hint.scale.setScalar(0.5);
      hint.position.set(0, 0.05, 0.03);
      hint.rotation.x = -0.9;
      space.add(hand.grip, hint);
      viewer.add(space);
      return hint;
    });
    this.sign.position.set(1.15, 1.35, -0.5);
    this.sign.rotation.y = -0.5;
    this.sign.visible = false;
    this.sign.scale.setScalar(3.5);
    viewer.parent?.add(this.sign);
  }

  /** Whether this browser can show the stage in a headset. */
  async isPossible(): Promise<boolean> {
    try {
      return (await navigator.xr?.isSessionSupported("immersive-vr")) ?? false;
    } catch {
      return false; // forbidden by the page that holds this one
    }
  }

  /** Enters VR; it must be asked for by a click or a key. Throws an Error people can read. */
  async enter(): Promise<void> {
    if (this.session !== null || !navigator.xr) return;
    const session = await navigator.xr.requestSession("immersive-vr", { optionalFeatures: ["local-floor"] });
    session.addEventListener("end", () => this.left());
    this.session = session;
    this.viewer.position.set(0, 0, FIRST_STEP_BACK_M);
    this.viewer.rotation.set(0, 0, 0);
    this.renderer.xr.setReferenceSpaceType("local-floor");
    await this.renderer.xr.setSession(session);
    this.sign.visible = true;
  }

  /** Once a picture, while in VR. Allocates nothing. */
  advance(passedS: number): void {
    for (let i = 0; i < 2; i++) {
      const hand = this.hands[i];
      hand.read();
      this.steer(hand);
      this.walk(hand, passedS);
      this.renderer.xr.getControllerGrip(i).getWorldPosition(this.places[i]);
      this.holding[i] = hand.holds(SQUEEZE);
    }
    this.grab.move(this.troupe, this.places, this.holding);
    const dancer = this.first();
    if (!this.facesUser) this.front.release();
    else if (dancer) this.front.follow(passedS, dancer, this.eyes);
    this.sinceSignS += passedS;
    if (this.sinceSignS > SIGN_S) this.write();
  }

  private steer(hand: Hand): void {
    if (hand.presses(FIRST)) this.live.control("freeze", !isFrozen(this.live));
    if (hand.presses(SECOND)) this.live.control("panic");
    if (hand.presses(TRIGGER)) this.live.control("tap");
  }

  private walk(hand: Hand, passedS: number): void {
    if (hand.side === "right") {
      const across = hand.across();
      if (Math.abs(across) > SNAP_AT && !this.hasSnapped) this.snap(across > 0 ? -SNAP_RAD : SNAP_RAD);
      this.hasSnapped = Math.abs(across) > (this.hasSnapped ? SNAP_AGAIN_AT : SNAP_AT);
      return;
    }
    this.eyes.getWorldDirection(this.forward).setY(0).normalize();
    this.sideways.set(-this.forward.z, 0, this.forward.x);
    this.viewer.position.addScaledVector(this.forward, -hand.along() * WALK_M_S * passedS);
    this.viewer.position.addScaledVector(this.sideways, hand.across() * WALK_M_S * passedS);
  }

  /** Turns the user about where they stand, not about the middle of their room. */
  private snap(byRad: number): void {
    const { eye, viewer } = this;
    this.eyes.getWorldPosition(eye);
    const x = viewer.position.x - eye.x;
    const z = viewer.position.z - eye.z;
    const cos = Math.cos(byRad);
    const sin = Math.sin(byRad);
    viewer.position.x = eye.x + cos * x + sin * z;
    viewer.position.z = eye.z - sin * x + cos * z;
    viewer.rotation.y += byRad;
  }

  private write(): void {
    this.sinceSignS = 0;
    const { said, live } = this;
    const isHeard = live.isPresent;
    const state = isHeard ? live.latest.status.state : "no word of the bridge";
    const bpm = isHeard ? Math.round(live.latest.beat.bpm) : 0;
    const frozen = isHeard && isFrozen(live);
    if (state === said.state && bpm === said.bpm && frozen === said.isFrozen) return;
    said.state = state;
    said.bpm = bpm;
    said.isFrozen = frozen;
    const beat = bpm > 0 ? `${bpm} beats/min` : "no beat";
    this.sign.show(`${state}\n${isHeard ? beat : ""}\n${frozen ? "frozen" : ""}`);
  }

  private left(): void {
    this.session = null;
    this.front.release();
    this.sign.visible = false;
    this.viewer.position.set(0, 0, 0);
    this.viewer.rotation.set(0, 0, 0);
  }
}

/** Whether the bridge was asked to freeze. */
function isFrozen(live: Live): boolean {
  const { freeze } = live.latest.controls;
  return freeze === 1 || live.latest.status.state === "frozen";
}
