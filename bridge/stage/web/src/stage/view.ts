/** What the panels may ask of the stage; `stage.ts` is one. */

/** A dancer on the stage, as the panels show it. */
export interface DancerInfo {
  id: number;
  /** Of the avatar, as people know it. */
  name: string;
  /** What it dances: the bridge's dance, or a take. */
  dances: "live" | string;
  mirrored: boolean;
  /** By how much it follows the dance, milliseconds: a canon. */
  delayMs: number;
  /** Place on the floor in metres, and turn about Y in degrees. */
  x: number;
  z: number;
  turnDegrees: number;
  /** Whether a take begins again at its end; nothing to a live dancer. */
  loops: boolean;
}

/** What of a dancer the panels may set. */
export type Arrangement = Partial<Pick<DancerInfo, "mirrored" | "delayMs" | "x" | "z" | "turnDegrees" | "loops">>;

export interface StageView {
  /** Names of camera presets, such as `front`, in the order of the keys 1, 2, 3 ... */
  readonly cameras: readonly string[];
  readonly camera: string;
  setCamera(name: string): void;
  readonly dancers: readonly DancerInfo[];
  /** Puts another avatar on the stage; a file is what was dropped, a string is a URL. Throws an Error people can read. */
  addDancer(source: File | string): Promise<DancerInfo>;
  /** Lets the first dancer wear another avatar. */
  changeAvatar(id: number, source: File | string): Promise<void>;
  changeDancer(id: number, change: Arrangement): void;
  removeDancer(id: number): void;
  /** A dancer of its own dances a take (`/takes/NAME.replay`), beside the live ones, until it ends or is removed. */
  replay(takeName: string): Promise<DancerInfo>;
  onDancers(listener: () => void): void;
  /** Whether faces go with the energy of the dance, where avatars have expressions; all blink in any case. */
  isExpressive: boolean;
  /** Whether the stage is drawn at all; a phone that only steers saves its battery. */
  drawn: boolean;
  readonly canEnterVr: Promise<boolean>;
  enterVr(): Promise<void>;
  /** Whether in VR the dance turns its front to who looks. */
  facesViewer: boolean;
  /** What drawing costs and how late it shows, for the health panel. */
  readonly drawing: { framesPerSecond: number; drawMs: number; delayMs: number; latePoses: number };
}
