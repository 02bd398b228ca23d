import { ACESFilmicToneMapping, Box3, FogExp2, Group, PCFShadowMap, Scene, Vector3, WebGLRenderer } from "three";
import { shareIn } from "../motion/easing";
import { LiveMotion } from "../motion/live_motion";
import { VrSession } from "../vr/session";
import type { Live } from "../wire/live";
import { Cameras } from "./cameras";
import type { Dancer } from "./dancer";
import { Floor } from "./floor";
import type { Covered } from "./framing";
import { HAZE, Lights } from "./lights";
import { Sharpness } from "./sharpness";
import { Troupe } from "./troupe";
import type { Arrangement, DancerInfo, StageView } from "./view";

/** More pixels than these a device has to itself cost much and show little. */
const MAX_PIXEL_RATIO = 2;
/** Rates and costs are means over about so long. */
const SMOOTHING_S = 0.33;
/** So long between two pictures is a page that was not looked at, not a slow device. */
const LONG_PAUSE_S = 1;
/** Louder low sound lights the floor more; so much is all. */
const FULL_BASS = 0.5;

/**
 * The stage that is seen: draws the dancers, at the display's rate, as long as the page is looked at.
 *
 * What happens in `draw` happens for each picture and allocates nothing.
 */
export class Stage implements StageView {
  readonly drawing = { framesPerSecond: 0, drawMs: 0, delayMs: 0, latePoses: 0 };
  readonly renderer: WebGLRenderer;
  readonly scene = new Scene();
  readonly canEnterVr: Promise<boolean>;
  readonly motion: LiveMotion;
  /** Where the user stands, in VR. */
  private readonly viewer = new Group();
  private readonly troupe: Troupe;
  private readonly views: Cameras;
  private readonly floor = new Floor();
  private readonly lights = new Lights();
  private readonly sharpness = new Sharpness();
  private readonly vr: VrSession;
  private readonly extent = new Box3();
  private readonly centre = new Vector3();
  private readonly calm = window.matchMedia("(prefers-reduced-motion: reduce)");
  private lastMs = 0;
  private glow = 0;
  private covered: Covered = { left: 0, right: 0, top: 0, bottom: 0 };

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly live: Live,
  ) {
    this.renderer = new WebGLRenderer({ canvas, antialias: true, powerPreference: "high-performance" });
    this.renderer.toneMapping = ACESFilmicToneMapping;
    this.renderer.shadowMap.enabled = true;
    this.renderer.shadowMap.type = PCFShadowMap;
    this.renderer.xr.enabled = true;
    this.motion = new LiveMotion(live);
    this.troupe = new Troupe(this.motion);
    this.views = new Cameras(canvas);
    this.viewer.add(this.views.camera);
    this.scene.fog = new FogExp2(HAZE, 0.075);
    this.scene.background = HAZE;
    this.scene.add(this.floor, this.lights, this.troupe.group, this.viewer);
    this.vr = new VrSession(
      this.renderer,
      this.viewer,
      this.views.camera,
      this.troupe.group,
      live,
      () => this.troupe.dancers[0],
    );
    live.on("controls", ({ controls }) => this.views.face(Number(controls.front_deg ?? 0)));
    this.canEnterVr = this.vr.isPossible();
    new ResizeObserver(() => {
      this.sharpness.reset();
      this.resize();
    }).observe(canvas);
    this.resize();
    this.drawn = true;
  }

  /** Puts the dancers on the stage. Throws an Error people can read when there is no avatar to be had. */
  begin(): Promise<void> {
    return this.troupe.begin();
  }

  /** The dancers themselves, for tests. */
  get cast(): readonly Dancer[] {
    return this.troupe.dancers;
  }

  // What panels may ask.

  get cameras(): readonly string[] {
    return this.views.names;
  }

  get camera(): string {
    return this.views.name;
  }

  setCamera(name: string): void {
    this.views.set(name);
  }

  get dancers(): readonly DancerInfo[] {
    return this.troupe.infos;
  }

  addDancer(source: File | string): Promise<DancerInfo> {
    return this.troupe.add(source);
  }

  changeAvatar(id: number, source: File | string): Promise<void> {
    return this.troupe.change(id, source);
  }

  changeDancer(id: number, change: Arrangement): void {
    this.troupe.arrange(id, change);
  }

  removeDancer(id: number): void {
    this.troupe.remove(id);
  }

  replay(takeName: string): Promise<DancerInfo> {
    return this.troupe.replay(takeName);
  }

  onDancers(listener: () => void): void {
    const before = this.troupe.onChange;
    this.troupe.onChange = () => {
      before();
      listener();
    };
  }

  get isExpressive(): boolean {
    return this.troupe.isExpressive;
  }

  set isExpressive(isExpressive: boolean) {
    this.troupe.isExpressive = isExpressive;
  }

  get drawn(): boolean {
    return !this.canvas.hidden;
  }

  set drawn(drawn: boolean) {
    this.canvas.hidden = !drawn;
    this.renderer.setAnimationLoop(drawn ? () => this.draw() : null);
  }

  get facesViewer(): boolean {
    return this.vr.facesUser;
  }

  set facesViewer(faces: boolean) {
    this.vr.facesUser = faces;
  }

  enterVr(): Promise<void> {
    return this.vr.enter();
  }

  /** Tells how much of the canvas lies hidden: dancers are shown in the middle of the rest. */
  cover(covered: Covered): void {
    this.covered = covered;
    const { clientWidth: width, clientHeight: height } = this.canvas;
    if (width > 0 && height > 0) this.views.resize(width, height, covered);
  }

  private draw(): void {
    const nowMs = performance.now();
    const passedS = Math.max(0, (nowMs - this.lastMs) / 1000);
    this.lastMs = nowMs;
    this.troupe.dance(nowMs, passedS);
    this.troupe.extent(this.extent).getCenter(this.centre);
    this.lights.follow(this.centre, shareIn(passedS, 0.4));
    this.pulse(nowMs, passedS);
    if (this.renderer.xr.isPresenting) this.vr.advance(passedS);
    else this.views.advance(passedS, this.extent);
    this.renderer.render(this.scene, this.views.camera);
    this.measure(nowMs, passedS);
  }

  private resize(): void {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    if (width === 0 || height === 0 || this.renderer.xr.isPresenting) return;
    this.renderer.setPixelRatio(Math.min(window.devicePixelRatio, MAX_PIXEL_RATIO) * this.sharpness.scale);
    this.renderer.setSize(width, height, false);
    this.views.resize(width, height, this.covered);
  }

  /** The floor's light goes with the beat, as sure as the bridge is of it and as loud as the low of the sound. */
  private pulse(nowMs: number, passedS: number): void {
    const { beat, audio } = this.live.latest;
    const sinceS = (nowMs - beat.atMs) / 1000;
    const isFresh = sinceS < 1 && beat.bpm > 0 && !this.calm.matches;
    const wanted = isFresh ? beat.confidence * Math.min(1, 0.3 + audio.low / FULL_BASS) : 0;
    this.glow += (wanted - this.glow) * shareIn(passedS, 0.5);
    const phase = isFresh ? beat.phase + (sinceS * beat.bpm) / 60 : 0;
    this.floor.glow(phase - Math.floor(phase), this.glow);
  }

  private measure(beganMs: number, passedS: number): void {
    const { drawing, motion } = this;
    const share = shareIn(passedS, SMOOTHING_S);
    if (passedS > 0) drawing.framesPerSecond += (1 / passedS - drawing.framesPerSecond) * share;
    drawing.drawMs += (performance.now() - beganMs - drawing.drawMs) * share;
    drawing.delayMs = motion.playout.delayMs;
    drawing.latePoses = motion.playout.numLate;
    if (this.renderer.xr.isPresenting) return; // a headset has a resolution of its own
    if (passedS < LONG_PAUSE_S && this.sharpness.observe(drawing.framesPerSecond, beganMs)) this.resize();
  }
}
