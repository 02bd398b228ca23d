#!/usr/bin/env bash
# npm's `osc` 2.4.5 (osc.js) in Node reads wrong bytes for every blob that comes over its WebSocketPort, and no error.
#
# An address, an int32 and a blob as one message: over UDPPort the blob is what was sent; over WebSocketPort (with the `ws`
# that it brings, 8.18.0) the length and the int32 beside it are right, and the blob's bytes are some others. `ws` hands
# out messages as views into a larger buffer, whose start `readBlob` takes for the start of the message: the same with any
# Buffer of Node's pool, such as Buffer.concat gives. MIDI and colour arguments are read likewise.
# Who sends poses as one blob sees joints in places that mean nothing. A copy of its own buffer mends it:
# `osc.readPacket(new Uint8Array(message))`.
#
# Seen: blobs of 3, 320, 1200 bytes: UDP right, right, right; WebSocket wrong, wrong, wrong; a copy right.
# This script fails when that changes. It needs Node 18 or newer and npm.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund osc@2.4.5 ws@8.18.0 >&2
cat >blobs.cjs <<'JS'
const assert = require("assert"), dgram = require("dgram"), osc = require("osc"), WebSocket = require("ws");

const padded = (text) => Buffer.from(text.padEnd(4 * Math.ceil((text.length + 1) / 4), "\0"));
const int32 = (n) => { const bytes = Buffer.alloc(4); bytes.writeInt32BE(n); return bytes; };
const content = (size) => Buffer.from(Array.from({ length: size }, (_, k) => (k * 7 + 1) % 256));
const message = (size) => Buffer.concat([padded("/pose"), padded(",ib"), int32(42), int32(size), content(size),
  Buffer.alloc((4 - (size % 4)) % 4)]);
const isRight = (blob, size) => Buffer.compare(Buffer.from(blob), content(size)) === 0;
const sizes = [3, 320, 1200];
const next = (port) => new Promise((resolve, reject) => { port.once("message", resolve); port.once("error", reject); });

(async () => {
  const udp = new osc.UDPPort({ localAddress: "127.0.0.1", localPort: 0 });
  udp.open();
  await new Promise((resolve) => udp.once("ready", resolve));
  const sender = dgram.createSocket("udp4"), overUdp = [], overWeb = [], copied = [];
  for (const size of sizes) {
    const coming = next(udp);
    sender.send(message(size), udp.socket.address().port, "127.0.0.1");
    overUdp.push(isRight((await coming).args[1], size));
  }
  const server = new WebSocket.Server({ host: "127.0.0.1", port: 0 });
  await new Promise((resolve) => server.once("listening", resolve));
  const arrived = new Promise((resolve) => server.once("connection", resolve));
  const client = new WebSocket(`ws://127.0.0.1:${server.address().port}`);
  const socket = await arrived, web = new osc.WebSocketPort({ socket });
  if (client.readyState !== WebSocket.OPEN) await new Promise((resolve) => client.once("open", resolve));
  for (const size of sizes) {
    const coming = next(web), raw = new Promise((resolve) => socket.once("message", resolve));
    client.send(message(size));
    const { args } = await coming;
    assert.equal(args[0], 42);
    assert.equal(args[1].length, size);
    overWeb.push(isRight(args[1], size));
    copied.push(isRight(osc.readPacket(new Uint8Array(await raw), {}).args[1], size));
  }
  console.log("blobs of", sizes.join(", "), "bytes are right: UDP", overUdp, "WebSocket", overWeb, "WebSocket, copied", copied);
  assert.deepEqual(overUdp, [true, true, true]);
  assert.deepEqual(overWeb, [false, false, false]);
  assert.deepEqual(copied, [true, true, true]);
  process.exit(0);
})().catch((error) => { console.error(error); process.exit(1); });
JS
node blobs.cjs
