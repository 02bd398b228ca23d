import type { Latest } from "../wire/live";

/** So long what a switch was asked to be counts, although the bridge has not confirmed it. */
export const ANSWER_MS = 5000;

/**
 * Where the switches stand for the user: as last asked for, until the bridge tells it back, refuses, or stays silent.
 *
 * Whoever presses twice in haste means on and off again, also where the answer to the first press is still on its way.
 */
export class Switches {
  private readonly waiting = new Map<string, { isOn: boolean; atMs: number }>();

  constructor(private readonly latest: Pick<Latest, "controls">) {}

  /** Notes what was asked for, at a time of the page's clock in milliseconds. */
  asked(name: string, isOn: boolean, nowMs: number): void {
    this.waiting.set(name, { isOn, atMs: nowMs });
  }

  /** Forgets all, where something else turns switches over in the bridge. */
  forget(): void {
    this.waiting.clear();
  }

  /** Forgets what the bridge does not do. */
  refused(name: string): void {
    this.waiting.delete(name);
  }

  /** Whether a switch is on; off where nothing is known. */
  isOn(name: string, nowMs: number): boolean {
    const reported = Number(this.latest.controls[name] ?? 0) !== 0;
    const waiting = this.waiting.get(name);
    if (waiting === undefined) return reported;
    if (waiting.isOn !== reported && nowMs - waiting.atMs < ANSWER_MS) return waiting.isOn;
    this.waiting.delete(name);
    return reported;
  }
}
