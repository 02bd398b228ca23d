/** What the page learns from the arrival of poses: how the bridge's clock stands, and how much delay is needed. */

const NUM_BUCKETS = 12;
const BUCKET_MS = 250;
const SMOOTHING_MS = 500;

/**
 * How far the page's clock is ahead of the bridge's, the quickest way of a pose included.
 *
 * Each pose's arrival minus its time is that plus what the way added. The least of the last three seconds has nothing
 * added; it is approached smoothly, so that clocks that drift move it gently.
 */
export class OffsetEstimate {
  /** Milliseconds; NaN before the first pose. */
  ms = Number.NaN;
  private readonly least = new Float64Array(NUM_BUCKETS);
  private bucket = 0;
  private bucketEndMs = 0;
  private lastMs = 0;

  reset(): void {
    this.ms = Number.NaN;
  }

  add(arrivalMs: number, timeMs: number): void {
    const offset = arrivalMs - timeMs;
    if (Number.isNaN(this.ms)) {
      this.least.fill(Number.POSITIVE_INFINITY);
      this.bucket = 0;
      this.bucketEndMs = arrivalMs + BUCKET_MS;
      this.least[0] = offset;
      this.ms = offset;
      this.lastMs = arrivalMs;
      return;
    }
    if (arrivalMs >= this.bucketEndMs) {
      this.bucket = (this.bucket + 1) % NUM_BUCKETS;
      this.least[this.bucket] = Number.POSITIVE_INFINITY;
      this.bucketEndMs = arrivalMs + BUCKET_MS;
    }
    this.least[this.bucket] = Math.min(this.least[this.bucket], offset);
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i < NUM_BUCKETS; i++) least = Math.min(least, this.least[i]);
    const passed = Math.max(0, arrivalMs - this.lastMs);
    this.ms += (least - this.ms) * (1 - Math.exp(-passed / SMOOTHING_MS));
    this.lastMs = arrivalMs;
  }
}

const NUM_BINS = 64;
const BIN_MS = 4;
const SHARE = 0.95;
const KEEP = 0.995;
const FIRST_GUESS_MS = 60;
const ENOUGH = 10;

/**
 * How long after the quickest possible moment poses must be played so that the next one is nearly always there.
 *
 * To go on from one pose, the next must have come. By how much it came after the quickest moment of the one before tells
 * in one number what rate, jitter and loss ask for. A forgetting histogram keeps these; 95 % of them are served.
 */
export class DelayEstimate {
  ms = FIRST_GUESS_MS;
  private readonly weights = new Float64Array(NUM_BINS);
  private total = 0;

  reset(): void {
    this.weights.fill(0);
    this.total = 0;
    this.ms = FIRST_GUESS_MS;
  }

  add(neededMs: number): void {
    for (let i = 0; i < NUM_BINS; i++) this.weights[i] *= KEEP;
    this.weights[Math.max(0, Math.min(NUM_BINS - 1, Math.floor(neededMs / BIN_MS)))] += 1;
    this.total = this.total * KEEP + 1;
    if (this.total < ENOUGH) return;
    let sum = this.weights[0];
    let bin = 0;
    while (bin < NUM_BINS - 1 && sum < SHARE * this.total) sum += this.weights[++bin];
    this.ms = (bin + 1) * BIN_MS;
  }
}
