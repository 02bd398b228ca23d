/**
 * OSC 1.0 as bytes: looked through with every bound checked, read without making garbage, and written.
 *
 * `isOsc` judges a whole datagram first; only then may `forEachMessage` and an `OscCursor` read it, since they check
 * nothing but numbers.
 */

const MAX_BUNDLE_DEPTH = 4;
const COMMA = 0x2c;
const SLASH = 0x2f;
const BUNDLE_HEAD = textBytes("#bundle");

/** Bytes of a text as OSC has them: ended by a zero, padded with zeros to a multiple of four. */
export function textBytes(text: string): Uint8Array<ArrayBuffer> {
  const letters = new TextEncoder().encode(text);
  const bytes = new Uint8Array(letters.length + 4 - (letters.length % 4));
  bytes.set(letters);
  return bytes;
}

/** Whether these bytes stand at a position; false where the datagram ends before. */
export function startsWith(view: DataView, at: number, end: number, bytes: Uint8Array): boolean {
  if (at + bytes.length > end) return false;
  for (let i = 0; i < bytes.length; i++) if (view.getUint8(at + i) !== bytes[i]) return false;
  return true;
}

/** Where a text that starts here ends, its padding included; -1 where it has no end. */
export function textEnd(view: DataView, at: number, end: number): number {
  for (let i = at; i < end; i++) {
    if (view.getUint8(i) === 0) {
      const after = i + 4 - ((i - at) % 4);
      return after <= end ? after : -1;
    }
  }
  return -1;
}

/** Whether a datagram is one OSC message or bundle, to its last byte; of one that is not nothing may be used. */
export function isOsc(view: DataView): boolean {
  return isPacket(view, 0, view.byteLength, 0);
}

function isPacket(view: DataView, start: number, end: number, depth: number): boolean {
  if (end <= start || (end - start) % 4 !== 0) return false;
  if (!startsWith(view, start, end, BUNDLE_HEAD)) return isMessage(view, start, end);
  if (depth === MAX_BUNDLE_DEPTH || end - start < 16) return false;
  for (let at = start + 16; at < end; ) {
    const size = view.getInt32(at);
    at += 4;
    if (size <= 0 || size > end - at || !isPacket(view, at, at + size, depth + 1)) return false;
    at += size;
  }
  return true;
}

function isMessage(view: DataView, start: number, end: number): boolean {
  if (view.getUint8(start) !== SLASH) return false;
  const tags = textEnd(view, start, end);
  if (tags < 0 || tags === end || view.getUint8(tags) !== COMMA) return false;
  let at = textEnd(view, tags, end);
  for (let tag = tags + 1; at >= 0 && view.getUint8(tag) !== 0; tag++) at = argumentEnd(view, tag, at, end);
  return at === end;
}

/** Where an argument that starts here ends; -1 where it does not fit, or its type is unknown. */
function argumentEnd(view: DataView, tag: number, at: number, end: number): number {
  let size: number;
  switch (String.fromCharCode(view.getUint8(tag))) {
    case "i":
    case "f":
      size = 4;
      break;
    case "h":
    case "d":
      size = 8;
      break;
    case "s":
    case "S":
      return textEnd(view, at, end);
    case "b": {
      if (at + 4 > end) return -1;
      const length = view.getInt32(at);
      if (length < 0) return -1;
      size = 4 + length + ((4 - (length % 4)) % 4);
      break;
    }
    case "T":
    case "F":
    case "N":
    case "I":
      size = 0;
      break;
    default:
      return -1;
  }
  return at + size <= end ? at + size : -1;
}

/** Shows each message of a datagram that `isOsc`, by where it starts and ends; timetags are ignored. */
export function forEachMessage(view: DataView, visit: (view: DataView, start: number, end: number) => void): void {
  visitPacket(view, 0, view.byteLength, visit);
}

function visitPacket(
  view: DataView,
  start: number,
  end: number,
  visit: (view: DataView, start: number, end: number) => void,
): void {
  if (!startsWith(view, start, end, BUNDLE_HEAD)) {
    visit(view, start, end);
    return;
  }
  for (let at = start + 16; at < end; ) {
    const size = view.getInt32(at);
    visitPacket(view, at + 4, at + 4 + size, visit);
    at += 4 + size;
  }
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** Reads the arguments of one message in turn, and remembers whether all were usable. */
export class OscCursor {
  view: DataView = new DataView(new ArrayBuffer(0));
  at = 0;
  end = 0;
  /** False once a number was NaN or infinite, or a text no UTF-8. */
  isSound = true;

  /** Goes to where arguments begin. */
  begin(view: DataView, at: number, end: number): void {
    this.view = view;
    this.at = at;
    this.end = end;
    this.isSound = true;
  }

  int32(): number {
    this.at += 4;
    return this.view.getInt32(this.at - 4);
  }

  /** A 64-bit integer as a number: exact to 2^53, which is 285 years in microseconds. */
  int64(): number {
    this.at += 8;
    return this.view.getInt32(this.at - 8) * 2 ** 32 + this.view.getUint32(this.at - 4);
  }

  float32(): number {
    this.at += 4;
    const value = this.view.getFloat32(this.at - 4);
    if (!Number.isFinite(value)) this.isSound = false;
    return value;
  }

  text(): string {
    const start = this.at;
    this.at = textEnd(this.view, start, this.end);
    let length = this.at - start;
    while (length > 0 && this.view.getUint8(start + length - 1) === 0) length--;
    try {
      return utf8.decode(new Uint8Array(this.view.buffer, this.view.byteOffset + start, length));
    } catch {
      this.isSound = false;
      return "";
    }
  }
}

/** The bytes of one message. Types are `i`, `f`, `h` (a number) and `s`; the page sends no others. */
export function encodeMessage(
  address: string,
  types: string,
  values: readonly (number | string)[],
): Uint8Array<ArrayBuffer> {
  const parts = [textBytes(address), textBytes(`,${types}`)];
  for (let i = 0; i < types.length; i++) {
    const value = values[i];
    parts.push(typeof value === "string" ? textBytes(value) : numberBytes(types[i], value));
  }
  const message = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    message.set(part, at);
    at += part.length;
  }
  return message;
}

function numberBytes(type: string, value: number): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(type === "h" ? 8 : 4));
  if (type === "f") view.setFloat32(0, value);
  else if (type === "i") view.setInt32(0, value);
  else view.setBigInt64(0, BigInt(value));
  return new Uint8Array(view.buffer);
}
