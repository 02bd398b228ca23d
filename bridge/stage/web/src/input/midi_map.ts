import type { ControlSpec } from "../wire/live";

/** A knob, fader or pad, by what it sends; channels count from 0. */
export type MidiSource = `${"cc" | "note"}:${number}:${number}`;

/** What moves which control. */
export type MidiMap = Record<MidiSource, string>;

/** What a MIDI message says, as far as the page understands it. */
export interface MidiEvent {
  source: MidiSource;
  /** 0 to 127; of a note its velocity, 0 for one that was let go. */
  value: number;
}

/** What a MIDI message asks of the bridge; a value of undefined is a trigger. */
export interface MidiAsk {
  name: string;
  value?: number | boolean;
}

/** Reads control changes and notes; null for all else. */
export function readMidi(bytes: ArrayLike<number>): MidiEvent | null {
  if (bytes.length < 3) return null;
  const kind = bytes[0] & 0xf0;
  const channel = bytes[0] & 0x0f;
  if (kind === 0xb0) return { source: `cc:${channel}:${bytes[1]}`, value: bytes[2] };
  if (kind === 0x90) return { source: `note:${channel}:${bytes[1]}`, value: bytes[2] };
  if (kind === 0x80) return { source: `note:${channel}:${bytes[1]}`, value: 0 };
  return null;
}

/** Whether a control can be moved by MIDI: texts cannot. */
export function isMappable(spec: ControlSpec): boolean {
  return spec.kind !== "text";
}

/**
 * What to ask of a control. A knob turns a number over its whole range, switches at its middle, and triggers when it
 * passes there; a pad triggers, turns a switch over, and sets a number by how hard it was hit. Null asks for nothing.
 */
export function askedBy(
  event: MidiEvent,
  spec: ControlSpec,
  before: number | undefined,
  isOn: boolean,
): MidiAsk | null {
  const isNote = event.source.startsWith("note");
  const isPress = isNote ? event.value > 0 : event.value >= 64 && (before ?? 0) < 64;
  switch (spec.kind) {
    case "trigger":
      return isPress ? { name: spec.name } : null;
    case "switch":
      if (isNote) return isPress ? { name: spec.name, value: !isOn } : null;
      return (before ?? -1) >= 64 === event.value >= 64 && before !== undefined
        ? null
        : { name: spec.name, value: event.value >= 64 };
    case "text":
      return null;
    default: {
      if (isNote && !isPress) return null;
      const low = spec.low ?? 0;
      const high = spec.high ?? 1;
      const value = low + (event.value / 127) * (high - low);
      return { name: spec.name, value: spec.kind === "whole" ? Math.round(value) : value };
    }
  }
}

/** A source in words. */
export function nameOf(source: MidiSource): string {
  const [kind, channel, number] = source.split(":");
  return `${kind === "cc" ? "CC" : "note"} ${number}, channel ${Number(channel) + 1}`;
}

/** The map with one more entry: a source moves one control, and a control is moved by one source. */
export function learned(map: MidiMap, source: MidiSource, name: string): MidiMap {
  const kept = Object.entries(map).filter(([other, control]) => other !== source && control !== name);
  return { ...Object.fromEntries(kept), [source]: name };
}

/** The map without a source. */
export function forgotten(map: MidiMap, source: MidiSource): MidiMap {
  return Object.fromEntries(Object.entries(map).filter(([other]) => other !== source));
}
