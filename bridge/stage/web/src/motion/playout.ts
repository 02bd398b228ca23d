import type { PoseFrame } from "../wire/live";
import { DelayEstimate, OffsetEstimate } from "./clock";
import { copyPose, interpolatePose } from "./interpolate";
import { PoseRing } from "./pose_ring";

/** How a sampled pose came about: between two poses, gliding on after the last, at rest, or not at all. */
export type PlayoutState = "empty" | "playing" | "gliding" | "holding";

export const MIN_DELAY_MS = 20;
export const MAX_DELAY_MS = 150;
/** After the last pose the figure glides to a stop within this time. */
export const GLIDE_MS = 50;

const MAX_SLEW = 0.05;
const JUMP_MS = 250;
const EARLY_MS = 250; // further off than these, a pose is of another clock
const LATE_MS = 3000;
const SILENCE_MS = 1000;
const STRANGERS_UNTIL_RESTART = 3;
const LATE_UNTIL_RESTART_MS = 500;
/** Poses further apart are a pause, which says nothing about speed or delay. */
const PAUSE_MS = 150;
const SEQUENCES = 2 ** 31;

/**
 * Plays poses by the bridge's clock, so late that nearly all have come in time.
 *
 * The playhead runs with the page's clock, up to 5 % faster or slower as long as it is not where it should be: now, less
 * the offset of the clocks, less the delay that the network needs. It never runs backwards. When it is more than a
 * quarter of a second off, as after a hidden tab or a new start of the bridge, it jumps, and `jumps` tells so.
 * Poses that come out of order find their place by their time; those that are there already are dropped. Nothing is
 * allocated after it was made.
 */
export class Playout {
  /** How often the playhead has jumped: figures ease into what comes then. */
  jumps = 0;
  /** Poses that came after their moment, that never came, and that came twice. */
  numLate = 0;
  numLost = 0;
  numDuplicates = 0;

  private readonly ring = new PoseRing();
  private readonly offset = new OffsetEstimate();
  private readonly delay = new DelayEstimate();
  private playMs = Number.NaN;
  private advancedMs = 0;
  private arrivalMs = Number.NEGATIVE_INFINITY;
  private newestSequence = -1;
  private strangerOffsetMs = 0;
  private numStrangers = 0;
  private lateSinceMs = Number.NaN;

  /** By how much poses are played after the quickest moment, milliseconds. */
  get delayMs(): number {
    return Math.max(MIN_DELAY_MS, Math.min(MAX_DELAY_MS, this.delay.ms));
  }

  /** The moment that is played, microseconds of the bridge's clock; NaN before the first pose. */
  get playUs(): number {
    return this.playMs * 1000;
  }

  /** Takes in a pose, in the order of arrival. */
  add(pose: PoseFrame, nowMs: number): void {
    const timeMs = pose.timeUs / 1000;
    if (!Number.isNaN(this.offset.ms) && this.isOfAnotherClock(nowMs - timeMs, nowMs)) return;
    const place = this.ring.insert(pose);
    if (place < 0) {
      this.numDuplicates++;
      return;
    }
    this.count(pose, timeMs);
    this.offset.add(nowMs, timeMs);
    this.arrivalMs = nowMs;
    if (place === 0) return;
    const gapMs = timeMs - this.ring.at(place - 1).timeUs / 1000;
    const lateMs = nowMs - timeMs - this.offset.ms;
    // A stall and the burst after it are no jitter to be ready for.
    if (gapMs <= PAUSE_MS && lateMs <= JUMP_MS) this.delay.add(lateMs + gapMs);
  }

  /** Moves the playhead to the page's clock; once a picture. */
  advance(nowMs: number): void {
    if (this.ring.count === 0) return;
    const target = nowMs - this.offset.ms - this.delayMs;
    const passed = Math.max(0, nowMs - this.advancedMs);
    this.advancedMs = nowMs;
    const next = this.playMs + passed;
    const error = target - next;
    if (!(Math.abs(error) <= JUMP_MS)) {
      this.playMs = target;
      this.jumps++;
      return;
    }
    this.playMs = next + passed * Math.max(-MAX_SLEW, Math.min(MAX_SLEW, error / 1000));
  }

  /**
   * The pose of the playhead's moment.
   *
   * @param behindMs By how much this figure follows the playhead, for a canon.
   * @param pose Is filled, unless there is none.
   */
  sample(behindMs: number, pose: PoseFrame): PlayoutState {
    const { ring } = this;
    if (ring.count === 0) return "empty";
    const timeUs = (this.playMs - behindMs) * 1000;
    const place = ring.lastBefore(timeUs);
    if (place < 0) {
      copyPose(ring.at(0), pose);
      return "holding";
    }
    const last = ring.at(place);
    if (place < ring.count - 1) {
      const following = ring.at(place + 1);
      interpolatePose(last, following, (timeUs - last.timeUs) / (following.timeUs - last.timeUs), pose);
      return "playing";
    }
    const sinceMs = (timeUs - last.timeUs) / 1000;
    const gapMs = place > 0 ? (last.timeUs - ring.at(place - 1).timeUs) / 1000 : Number.POSITIVE_INFINITY;
    if (gapMs > PAUSE_MS) {
      copyPose(last, pose);
      return sinceMs < GLIDE_MS ? "gliding" : "holding";
    }
    // It brakes evenly, so that it comes to rest without a jolt after half of the way that it would have gone.
    const braked = Math.min(sinceMs, GLIDE_MS);
    const glidedMs = braked - (braked * braked) / (2 * GLIDE_MS);
    interpolatePose(ring.at(place - 1), last, 1 + glidedMs / gapMs, pose);
    return sinceMs < GLIDE_MS ? "gliding" : "holding";
  }

  /** The bridge has begun anew: its clock and its numbers are others. */
  private restart(): void {
    this.ring.clear();
    this.offset.reset();
    this.delay.reset();
    this.playMs = Number.NaN;
    this.newestSequence = -1;
    this.numStrangers = 0;
    this.lateSinceMs = Number.NaN;
  }

  /** Whether a pose's time makes no sense; three that agree on a new sense, or one after silence, begin anew. */
  private isOfAnotherClock(offsetMs: number, nowMs: number): boolean {
    const lateMs = offsetMs - this.offset.ms;
    if (lateMs > -EARLY_MS && lateMs < LATE_MS) {
      this.numStrangers = 0;
      if (lateMs < JUMP_MS) this.lateSinceMs = Number.NaN;
      else if (Number.isNaN(this.lateSinceMs)) this.lateSinceMs = nowMs;
      if (nowMs - this.lateSinceMs > LATE_UNTIL_RESTART_MS) this.restart(); // no stall: all are late now
      return false;
    }
    const agrees = this.numStrangers > 0 && Math.abs(offsetMs - this.strangerOffsetMs) < EARLY_MS;
    this.numStrangers = agrees ? this.numStrangers + 1 : 1;
    this.strangerOffsetMs = offsetMs;
    if (this.numStrangers < STRANGERS_UNTIL_RESTART && nowMs - this.arrivalMs < SILENCE_MS) return true;
    this.restart();
    return false;
  }

  private count(pose: PoseFrame, timeMs: number): void {
    if (timeMs < this.playMs) this.numLate++;
    const ahead = (pose.sequence - this.newestSequence + SEQUENCES) % SEQUENCES;
    const isNewer = ahead >= 1 && ahead < SEQUENCES / 2;
    if (this.newestSequence >= 0 && isNewer) this.numLost += ahead - 1;
    else if (this.newestSequence >= 0) this.numLost = Math.max(0, this.numLost - 1); // it was only late
    if (this.newestSequence < 0 || isNewer) this.newestSequence = pose.sequence;
  }
}
