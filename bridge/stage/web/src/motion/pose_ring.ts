import { PoseFrame } from "../wire/live";
import { copyPose } from "./interpolate";

/** The newest poses in the order of their times. Allocates only when it is made. */
export class PoseRing {
  private readonly slots: PoseFrame[];
  private start = 0;
  count = 0;

  /** @param capacity 1024 poses are four seconds at the protocol's highest rate, and 34 at thirty a second. */
  constructor(readonly capacity = 1024) {
    this.slots = Array.from({ length: capacity }, () => new PoseFrame());
  }

  clear(): void {
    this.count = 0;
  }

  /** The pose at a place, 0 the oldest. */
  at(place: number): PoseFrame {
    return this.slots[(this.start + place) % this.capacity];
  }

  /** Copies a pose in and gives its place; -1 when one of the same time is there, or when it is older than all of a full ring. */
  insert(pose: PoseFrame): number {
    const place = this.lastBefore(pose.timeUs) + 1;
    if (place > 0 && this.at(place - 1).timeUs === pose.timeUs) return -1;
    if (this.count === this.capacity) {
      if (place === 0) return -1;
      this.start = (this.start + 1) % this.capacity; // the oldest makes room
      this.count--;
      return this.insertAt(place - 1, pose);
    }
    return this.insertAt(place, pose);
  }

  /** The place of the last pose at or before a time; -1 when all are later. */
  lastBefore(timeUs: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.at(middle).timeUs <= timeUs) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  private insertAt(place: number, pose: PoseFrame): number {
    const { slots, start, capacity } = this;
    const free = slots[(start + this.count) % capacity];
    for (let i = this.count; i > place; i--) slots[(start + i) % capacity] = slots[(start + i - 1) % capacity];
    slots[(start + place) % capacity] = free;
    copyPose(pose, free);
    this.count++;
    return place;
  }
}
