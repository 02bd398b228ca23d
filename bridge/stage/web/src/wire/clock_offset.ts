const SLOT_MS = 1000;
const NUM_SLOTS = 10;

/**
 * The smallest difference between two clocks over the last ten seconds or so: what is left of arrival minus time when
 * the network was at its fastest. Clocks that drift against each other are followed, since old minima are forgotten.
 */
export class ClockOffset {
  private readonly minima = new Float64Array(NUM_SLOTS).fill(Number.POSITIVE_INFINITY);
  private slot = -1;

  /** Takes one difference, at a moment of the page's clock. Milliseconds. */
  add(differenceMs: number, atMs: number): void {
    const slot = Math.floor(atMs / SLOT_MS);
    if (slot - this.slot >= NUM_SLOTS) this.minima.fill(Number.POSITIVE_INFINITY);
    else for (let i = this.slot + 1; i <= slot; i++) this.minima[i % NUM_SLOTS] = Number.POSITIVE_INFINITY;
    this.slot = Math.max(slot, this.slot);
    const index = slot % NUM_SLOTS;
    this.minima[index] = Math.min(this.minima[index], differenceMs);
  }

  /** Milliseconds; NaN before there was any. */
  get ms(): number {
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i < NUM_SLOTS; i++) least = Math.min(least, this.minima[i]);
    return Number.isFinite(least) ? least : Number.NaN;
  }

  /** Forgets all: another bridge may have another clock. */
  reset(): void {
    this.minima.fill(Number.POSITIVE_INFINITY);
    this.slot = -1;
  }
}
