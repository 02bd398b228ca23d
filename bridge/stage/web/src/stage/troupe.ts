import { type Box3, Group, Vector3 } from "three";
import type { LiveMotion } from "../motion/live_motion";
import type { Motion } from "../motion/motion";
import { Replay } from "../motion/replay";
import { Decoder } from "../wire/messages";
import { readAvatar } from "./avatar";
import { Dancer } from "./dancer";
import type { Arrangement, DancerInfo } from "./view";
import { fetchGarment, type Garment, recall, recallGarment, remember } from "./wardrobe";

const DEFAULT_AVATAR = "avatar.vrm";
/** Where dancers stand who come after one another: a wedge that opens backwards. */
const FORMATION = [0, 1.5, -1.5, 3, -3].map((x) => ({ x, z: -0.55 * Math.abs(x) }));
/** The ring of poses holds no more. */
export const LONGEST_CANON_MS = 4000;
const BOUNDS_M = 15;
const CURTAIN_MS = 1500;

/** All dancers on the stage: who they are, what they wear, where they stand. */
export class Troupe {
  readonly group = new Group();
  readonly dancers: Dancer[] = [];
  /** Called after each change. */
  onChange: () => void = () => undefined;
  private areExpressive = true;
  private readonly garments = new Map<number, Garment>();
  private readonly replays: Replay[] = [];
  private readonly place = new Vector3();
  private nextId = 1;

  constructor(private readonly live: LiveMotion) {}

  /** Whether faces go with the energy of the dance. */
  get isExpressive(): boolean {
    return this.areExpressive;
  }

  set isExpressive(isExpressive: boolean) {
    this.areExpressive = isExpressive;
    for (const dancer of this.dancers) dancer.isExpressive = isExpressive;
  }

  get infos(): readonly DancerInfo[] {
    return this.dancers.map(({ info }) => info);
  }

  /** The dancers as they were when the page was last here, or the first one. */
  async begin(): Promise<void> {
    if (this.dancers.length > 0) return; // somebody was dropped meanwhile
    for (const { url, key, ...change } of recall()) {
      try {
        const garment = await recallGarment({ url, key });
        if (garment) await this.enter(garment, this.live, "live", change);
      } catch {
        // An avatar that has gone keeps nobody else from dancing.
      }
    }
    if (this.dancers.length === 0) await this.enter(await fetchGarment(DEFAULT_AVATAR), this.live, "live", {});
  }

  async add(source: File | string): Promise<DancerInfo> {
    return this.enter(await fetchGarment(source), this.live, "live", {});
  }

  async change(id: number, source: File | string): Promise<void> {
    const dancer = this.find(id);
    const garment = await fetchGarment(source);
    dancer.wear(await readAvatar(garment.bytes, garment.name));
    this.garments.set(id, garment);
    this.changed();
  }

  arrange(id: number, change: Arrangement): void {
    const dancer = this.find(id);
    const { info } = dancer;
    Object.assign(info, change);
    const within = (value: number, bound: number): number => Math.max(-bound, Math.min(bound, value || 0));
    info.delayMs = Math.max(0, within(info.delayMs, LONGEST_CANON_MS));
    info.x = within(info.x, BOUNDS_M);
    info.z = within(info.z, BOUNDS_M);
    info.turnDegrees = within(info.turnDegrees % 360, 360);
    if (dancer.motion instanceof Replay) dancer.motion.loops = info.loops;
    if ("mirrored" in change || "delayMs" in change) dancer.beginEase();
    dancer.arrange();
    this.changed();
  }

  remove(id: number): void {
    const dancer = this.find(id);
    this.dancers.splice(this.dancers.indexOf(dancer), 1);
    this.garments.delete(id);
    if (dancer.motion instanceof Replay) this.replays.splice(this.replays.indexOf(dancer.motion), 1);
    dancer.dispose();
    this.changed();
  }

  /** A dancer in the avatar of the first one dances a take; it leaves when the take is over, or begins again. */
  async replay(takeName: string): Promise<DancerInfo> {
    const answer = await fetch(`takes/${encodeURIComponent(takeName.replace(/\.take$/, ""))}.replay`);
    if (!answer.ok || answer.body === null) throw new Error(`The take ${takeName} cannot be had (${answer.status})`);
    const replay = new Replay();
    const first = this.dancers[0] && this.garments.get(this.dancers[0].info.id);
    const info = await this.enter(first ?? (await fetchGarment(DEFAULT_AVATAR)), replay, takeName, {});
    this.replays.push(replay);
    const loading = replay.load(answer.body, (hearer) => new Decoder(hearer));
    void loading.catch(() => this.leave(info.id));
    return info;
  }

  /** Once a picture: lets everybody take the pose of this moment. Allocates nothing. */
  dance(nowMs: number, passedS: number): void {
    this.live.advance(nowMs);
    for (let i = 0; i < this.replays.length; i++) this.replays[i].advance(nowMs);
    for (let i = 0; i < this.dancers.length; i++) this.dancers[i].dance(passedS);
    for (let i = 0; i < this.replays.length; i++) {
      const replay = this.replays[i];
      if (replay.isOver && !replay.isLeaving) this.bow(replay);
    }
  }

  /** The box that holds all dancers' hips; empty without any. Allocates nothing. */
  extent(out: Box3): Box3 {
    out.makeEmpty();
    for (let i = 0; i < this.dancers.length; i++) out.expandByPoint(this.dancers[i].hips(this.place));
    return out;
  }

  private async enter(garment: Garment, motion: Motion, dances: string, change: Arrangement): Promise<DancerInfo> {
    const avatar = await readAvatar(garment.bytes, garment.name);
    const spot = FORMATION.find((free) => !this.dancers.some(({ info }) => near(info, free))) ?? FORMATION[0];
    const asIs = { mirrored: false, delayMs: 0, turnDegrees: 0, loops: false };
    const info = { id: this.nextId++, name: avatar.name, dances, ...asIs, ...spot, ...change };
    const dancer = new Dancer(info, motion, avatar);
    dancer.isExpressive = this.areExpressive;
    this.dancers.push(dancer);
    this.garments.set(info.id, garment);
    this.group.add(dancer.place);
    this.changed();
    return info;
  }

  private bow(replay: Replay): void {
    replay.isLeaving = true;
    const id = this.dancers.find(({ motion }) => motion === replay)?.info.id;
    setTimeout(() => {
      if (id !== undefined && replay.isOver) this.leave(id);
      replay.isLeaving = false; // it was asked to begin again meanwhile
    }, CURTAIN_MS);
  }

  private leave(id: number): void {
    if (this.dancers.some(({ info }) => info.id === id)) this.remove(id);
  }

  private find(id: number): Dancer {
    const dancer = this.dancers.find(({ info }) => info.id === id);
    if (dancer === undefined) throw new Error(`There is no dancer ${id}`);
    return dancer;
  }

  private changed(): void {
    remember(
      this.dancers.flatMap(({ info, motion }) => {
        const garment = this.garments.get(info.id);
        if (motion !== this.live || garment === undefined) return [];
        const { mirrored, delayMs, x, z, turnDegrees } = info;
        return [{ mirrored, delayMs, x, z, turnDegrees, url: garment.url, key: garment.key }];
      }),
    );
    this.onChange();
  }
}

function near(a: { x: number; z: number }, b: { x: number; z: number }): boolean {
  return Math.hypot(a.x - b.x, a.z - b.z) < 0.8;
}
