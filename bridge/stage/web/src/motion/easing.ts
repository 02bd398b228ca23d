/**
 * Which share of the way to its aim a thing goes in a picture, if it eases there within about `timeS`.
 *
 * It is the same at every rate of pictures: two of half the length go as far as one.
 */
export function shareIn(passedS: number, timeS: number): number {
  return 1 - Math.exp(-Math.max(0, passedS) / timeS);
}

/** A value that jumps up and falls back by itself, equally fast on every display. */
export class Peak {
  private value = 0;
  private lastMs = Number.NaN;

  /** @param fallS Within what time it falls to a third. */
  constructor(private readonly fallS: number) {}

  rise(value: number): void {
    this.value = Math.max(this.value, value);
  }

  /** Once a picture: what is left of it. */
  at(nowMs: number): number {
    if (nowMs > this.lastMs) this.value *= 1 - shareIn((nowMs - this.lastMs) / 1000, this.fallS);
    this.lastMs = nowMs;
    return this.value;
  }
}
