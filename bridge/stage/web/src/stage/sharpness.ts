/** What a device must manage; below it pixels are given up, since a dance that stutters is worse than a soft one. */
const ENOUGH_FPS = 40;
const PLENTY_FPS = 57;
const LOWER_AFTER_MS = 1500;
const RAISE_AFTER_MS = 8000;
const STEP = 0.8;

/** How many of a display's pixels are drawn: as many as the device draws fast enough. */
export class Sharpness {
  /** Part of the width and height that is drawn, `least` to 1. */
  scale = 1;
  private slowSinceMs = Number.NaN;
  private fastSinceMs = Number.NaN;
  /** A step that turned out too much is not taken again. */
  private most = 1;

  constructor(private readonly least = 0.4) {}

  /** Takes up how fast drawing is; whether the scale has changed. */
  observe(framesPerSecond: number, nowMs: number): boolean {
    const isSlow = framesPerSecond < ENOUGH_FPS;
    const isFast = framesPerSecond > PLENTY_FPS;
    if (!isSlow) this.slowSinceMs = Number.NaN;
    else if (Number.isNaN(this.slowSinceMs)) this.slowSinceMs = nowMs;
    if (!isFast) this.fastSinceMs = Number.NaN;
    else if (Number.isNaN(this.fastSinceMs)) this.fastSinceMs = nowMs;
    if (nowMs - this.slowSinceMs > LOWER_AFTER_MS && this.scale > this.least) {
      this.most = this.scale * STEP;
      return this.change(Math.max(this.least, this.scale * STEP));
    }
    if (nowMs - this.fastSinceMs > RAISE_AFTER_MS && this.scale < this.most) {
      return this.change(Math.min(this.most, this.scale / STEP));
    }
    return false;
  }

  /** Begins anew, as when the window has another size. */
  reset(): void {
    this.most = 1;
    this.change(1);
  }

  private change(scale: number): boolean {
    this.slowSinceMs = this.fastSinceMs = Number.NaN;
    const isNew = Math.abs(scale - this.scale) > 1e-9;
    this.scale = scale;
    return isNew;
  }
}
