/** How far the dance is behind the hands: claps heard by this page, and the same claps as the bridge reported them. */
export interface ClapResult {
  /** One delay for each clap that was heard by both; milliseconds. */
  delaysMs: number[];
  /** Those of them that are believed. */
  goodMs: number[];
  /** Median of the good ones; NaN where there is none. */
  medianMs: number;
  /** Half of the good ones are no farther than this from the median. */
  spreadMs: number;
}

const MAX_DELAY_MS = 1200;
/** Two claps nearer than this may be taken for each other. */
const MIN_APART_MS = 350;
/** Claps scatter by up to a frame of the dancer, however well they are heard. */
const FRAME_SCATTER_MS = 25;
/** So many good claps make a measurement. */
export const ENOUGH_CLAPS = 5;

/**
 * Pairs each clap with the first onset after it, and throws out pairs that are far from the rest.
 *
 * @param clapsMs when this page's microphone heard claps, rising
 * @param onsetsMs when the bridge's onsets were to be seen, rising, on the same clock
 */
export function pairClaps(clapsMs: readonly number[], onsetsMs: readonly number[]): ClapResult {
  const delaysMs: number[] = [];
  let next = 0;
  for (let i = 0; i < clapsMs.length; i++) {
    const clap = clapsMs[i];
    const isAlone =
      clap - (clapsMs[i - 1] ?? -Infinity) >= MIN_APART_MS && (clapsMs[i + 1] ?? Infinity) - clap >= MIN_APART_MS;
    while (next < onsetsMs.length && onsetsMs[next] < clap) next++;
    if (next === onsetsMs.length) break;
    const delay = onsetsMs[next] - clap;
    if (delay > Math.min(MAX_DELAY_MS, (clapsMs[i + 1] ?? Infinity) - clap)) continue; // the bridge missed it
    next++;
    if (isAlone) delaysMs.push(delay);
  }
  const middle = median(delaysMs);
  const scatter = median(delaysMs.map((delay) => Math.abs(delay - middle)));
  const goodMs = delaysMs.filter((delay) => Math.abs(delay - middle) <= Math.max(FRAME_SCATTER_MS, 3 * scatter));
  const medianMs = median(goodMs);
  return { delaysMs, goodMs, medianMs, spreadMs: median(goodMs.map((delay) => Math.abs(delay - medianMs))) };
}

/**
 * By how much the dance should lead, so that what is seen falls on what is heard.
 *
 * @param medianMs from a clap to the picture that shows it
 * @param totalMs of `/dance/latency`: what the bridge knows of, and compensates but for the frame it waits for
 * @param frameMs of the dancer
 */
export function leadMs(medianMs: number, totalMs: number, frameMs: number): number {
  return Math.round(medianMs - Math.max(0, totalMs - frameMs));
}

function median(values: readonly number[]): number {
  if (values.length === 0) return Number.NaN;
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** Finds sudden rises in a strength that comes regularly: an onset far above its own recent mean. */
export class RiseDetector {
  private mean = 0;
  private lastMs = -Infinity;

  constructor(
    private readonly least: number,
    private readonly times: number,
  ) {}

  /** Whether a rise began with this value. */
  add(strength: number, atMs: number): boolean {
    const isRise =
      strength > this.least && strength > this.times * this.mean && atMs - this.lastMs > 0.7 * MIN_APART_MS;
    this.mean += 0.1 * (strength - this.mean);
    if (isRise) this.lastMs = atMs;
    return isRise;
  }
}
