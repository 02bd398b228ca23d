#!/usr/bin/env bash
# Spring bones of @pixiv/three-vrm-springbone 3.5.5 (hair, skirts of VRM avatars) take the seconds of each update, and yet
# swing by the number of updates: stiffness and gravity are multiplied by the seconds, while inertia and drag are applied
# once an update, whatever its length.
#
# Seen, with three 0.187.0, for a plait of 20 cm that is let go at half a radian, seconds until it first hangs straight:
#
#   drag   30 Hz   60 Hz   90 Hz   120 Hz
#   0      .167    .100    .078    .067
#   .4     .267    .367    never   never     (the default drag: it creeps there instead of swinging)
#
# So hair that swings on a laptop hangs like wet on a headset of 90 or 120 Hz. Steps of one length, as many as fit into
# the time that has passed, swing alike everywhere. This script fails when that changes. It needs Node 20 or newer.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type": "module"}' > package.json
npm install --silent --no-audit --no-fund three@0.187.0 @pixiv/three-vrm-springbone@3.5.5 >&2

cat > swing.js <<'JS'
import assert from "node:assert";
import { VRMSpringBoneJoint, VRMSpringBoneManager } from "@pixiv/three-vrm-springbone";
import { Object3D, Vector3 } from "three";

function secondsUntilStraight(rateHz, dragForce) {
  const head = new Object3D();
  const bone = new Object3D();
  const tip = new Object3D();
  head.add(bone);
  bone.add(tip);
  tip.position.set(0, -0.2, 0);
  head.updateMatrixWorld(true);
  const manager = new VRMSpringBoneManager();
  const down = new Vector3(0, -1, 0);
  const settings = { hitRadius: 0, stiffness: 0.5, gravityPower: 0.5, gravityDir: down, dragForce };
  manager.addJoint(new VRMSpringBoneJoint(bone, tip, settings));
  manager.setInitState();
  head.rotation.z = 0.5; // here the plait comes to rest
  head.updateMatrixWorld(true);
  manager.reset();
  head.rotation.z = 0; // and is let go
  head.updateMatrixWorld(true);
  const place = new Vector3();
  let side = 0;
  for (let update = 1; update < 20 * rateHz; update++) {
    manager.update(1 / rateHz);
    head.updateMatrixWorld(true);
    side ||= Math.sign(tip.getWorldPosition(place).x);
    if (tip.getWorldPosition(place).x * side <= 0) return update / rateHz;
  }
  return Number.POSITIVE_INFINITY;
}

const rates = [30, 60, 90, 120];
const table = Object.fromEntries([0, 0.4].map((drag) => [drag, rates.map((rate) => secondsUntilStraight(rate, drag))]));
for (const [drag, seconds] of Object.entries(table)) {
  console.log(`drag ${drag}: ${seconds.map((one, i) => `${one.toFixed(3)} s at ${rates[i]} Hz`).join(", ")}`);
}
assert(table[0][3] < 0.5 * table[0][0], "without drag it swings more than twice as fast at 120 Hz as at 30");
assert(table[0.4][0] < 0.4, "with the default drag it swings through at 30 Hz");
assert.equal(table[0.4][3], Number.POSITIVE_INFINITY, "and never at 120 Hz");
JS
node swing.js
