#!/usr/bin/env bash
# npm's `osc-js` 2.4.1 keeps of an OSC time tag only the nearest whole second, and takes what follows a bundle within a
# bundle for a part of the inner one.
#
# - A bundle that is to be handled at second S + 0.3 is handled at S, one of S + 0.7 at S + 1: up to half a second early
#   or late, by osc-js's own event handler and by `bundle.timetag.value.timestamp()`. The bytes that it *writes* are
#   exact. Who schedules to the music by time tags is off by most of a beat.
# - [outer, t1: [inner, t2: /in], /out]: after reading, the outer bundle has one element, the inner two; so /out is handled
#   at t2. The size that the specification (OSC 1.0) writes before each element is not used as its end.
#
# Seen: read back, 1 700 000 000 300 ms is 1 700 000 000 000 and ...700 is 1 700 000 001 000; elements 1 and 2.
# This script fails when that changes. It needs Node 18 or newer and npm.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund osc-js@2.4.1 >&2
cat >tags.cjs <<'JS'
const assert = require("assert"), OSC = require("osc-js");

const read = (bundle) => {
  const bytes = Uint8Array.from(bundle.pack()), again = new OSC.Bundle();
  again.unpack(new DataView(bytes.buffer));
  return { again, bytes: Buffer.from(bytes) };
};
const UNIX_EPOCH_S = 2208988800; // in the era of NTP
for (const [milliseconds, expected] of [[300, 0], [700, 1000]]) {
  const { again, bytes } = read(new OSC.Bundle([new OSC.Message("/cue", 1)], 1700000000000 + milliseconds));
  const written_ms = 1000 * (bytes.readUInt32BE(8) - UNIX_EPOCH_S + bytes.readUInt32BE(12) / 2 ** 32);
  const read_ms = again.timetag.value.timestamp();
  console.log(`asked for ${1700000000000 + milliseconds} ms, written ${written_ms.toFixed(1)}, read as ${read_ms}`);
  assert(Math.abs(written_ms - 1700000000000 - milliseconds) < 1);
  assert.equal(read_ms, 1700000000000 + expected);
}

const inner = new OSC.Bundle([new OSC.Message("/in", 1)], 1700000005000);
const outer = read(new OSC.Bundle([inner, new OSC.Message("/out", 2)], 1700000001000)).again;
const elements = outer.bundleElements, names = elements[0].bundleElements.map((element) => element.address);
console.log(`elements of the outer bundle: ${elements.length}, of the inner one: ${names}`);
assert.equal(elements.length, 1);
assert.deepEqual(names, ["/in", "/out"]);
JS
node tags.cjs
