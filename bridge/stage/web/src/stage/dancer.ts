import { Group, type Vector3 } from "three";
import { Figure } from "../motion/figure";
import { FloorContact } from "../motion/floor_contact";
import { copyPose, interpolatePose, Mirror } from "../motion/interpolate";
import { Liveliness } from "../motion/liveliness";
import type { Motion } from "../motion/motion";
import type { PlayoutState } from "../motion/playout";
import { Retarget } from "../motion/retarget";
import { PoseFrame } from "../wire/live";
import type { Avatar } from "./avatar";
import { Face } from "./face";
import type { DancerInfo } from "./view";
import { VrmBody } from "./vrm_body";

/** How long a figure takes from where it was to where it should be, after a jump. */
const EASE_S = 0.3;
/** A longer picture than this says nothing about springs of hair and skirts. */
const LONGEST_STEP_S = 0.1;

/** One dancer: an avatar in its place on the stage that dances a motion. */
export class Dancer {
  /** Stands where the dancer's place on the floor is. */
  readonly place = new Group();
  /** The pose that is shown. */
  readonly pose = new PoseFrame();
  /** How it came about. */
  state: PlayoutState = "empty";
  avatar: Avatar;
  /** Whether its face goes with the energy of the dance. */
  isExpressive = true;
  readonly liveliness = new Liveliness();
  private retarget: Retarget | null = null;
  private contact: FloorContact | null = null;
  private mirror: Mirror | null = null;
  private face: Face | null = null;
  private body: VrmBody | null = null;
  private readonly from = new PoseFrame();
  /** As it was shown last. */
  private readonly last = new PoseFrame();
  private easeS = EASE_S;
  private jumps = -1;
  private isShown = false;
  private wasHolding = false;

  constructor(
    readonly info: DancerInfo,
    readonly motion: Motion,
    avatar: Avatar,
  ) {
    this.avatar = avatar;
    this.wear(avatar);
    this.arrange();
  }

  /** Puts on another avatar. */
  wear(avatar: Avatar): void {
    if (avatar !== this.avatar) {
      this.place.remove(this.avatar.root);
      this.avatar.dispose();
    }
    this.avatar = avatar;
    this.info.name = avatar.name;
    this.place.add(avatar.root);
    avatar.root.visible = false; // until it has a pose: nobody sees a T
    this.face = avatar.vrm ? new Face(avatar.vrm) : null;
    this.body = avatar.vrm ? new VrmBody(avatar.vrm) : null;
    this.retarget = null;
    this.isShown = false;
  }

  /** Takes over its place from `info`. */
  arrange(): void {
    const { x, z, turnDegrees } = this.info;
    this.place.position.set(x, 0, z);
    this.place.rotation.y = (turnDegrees / 180) * Math.PI;
  }

  /** Moves the avatar to this moment; once a picture, after the motion was advanced. */
  dance(passedS: number): void {
    const { skeleton } = this.motion;
    if (skeleton === null) return;
    const state = this.motion.sample(this.info.delayMs, this.pose);
    this.state = state;
    if (state === "empty" || this.pose.numBones !== skeleton.names.length) return;
    if (this.retarget === null || this.retarget.figure.skeleton !== skeleton) this.fit(new Figure(skeleton));
    if (this.info.mirrored) this.mirror?.apply(this.pose);
    this.ease(passedS, state === "holding");
    this.retarget?.apply(this.pose);
    this.contact?.settle(passedS);
    this.liveliness.add(this.pose, passedS);
    if (this.face) {
      this.face.isExpressive = this.isExpressive;
      this.face.advance(passedS, this.liveliness.value);
    }
    this.body?.update(this.isShown ? Math.min(passedS, LONGEST_STEP_S) : 0);
    if (!this.isShown) this.body?.settle();
    this.avatar.root.visible = true;
    this.isShown = true;
  }

  /** Eases from the pose that is shown into what comes: the dancer is about to be mirrored or moved in time. */
  beginEase(): void {
    this.jumps = -1;
  }

  /** Whether it is on its way from what was shown before a jump. */
  get isEasing(): boolean {
    return this.easeS < EASE_S;
  }

  /** Where the hips are in the world. */
  hips(out: Vector3): Vector3 {
    const state = this.retarget?.state("Hips");
    if (!state) return this.place.getWorldPosition(out);
    return this.place.localToWorld(out.copy(state.position));
  }

  dispose(): void {
    this.place.removeFromParent();
    this.avatar.dispose();
  }

  private fit(figure: Figure): void {
    this.retarget = new Retarget(figure, this.avatar.rig);
    this.contact = new FloorContact(this.retarget, this.avatar.soles);
    this.mirror = new Mirror(figure.others);
  }

  /** After a jump, and when poses come again after they stayed away, the figure eases from what was shown. */
  private ease(passedS: number, isHolding: boolean): void {
    const hasJumped = this.motion.jumps !== this.jumps || (this.wasHolding && !isHolding);
    if (hasJumped && this.isShown) {
      copyPose(this.last, this.from);
      this.easeS = 0;
    }
    this.jumps = this.motion.jumps;
    this.wasHolding = isHolding;
    if (this.easeS < EASE_S) {
      this.easeS += passedS;
      const share = Math.min(1, this.easeS / EASE_S);
      interpolatePose(this.from, this.pose, share * share * (3 - 2 * share), this.pose);
    }
    copyPose(this.pose, this.last);
  }
}
