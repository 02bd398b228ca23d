#!/usr/bin/env bash
# bvhio 1.5.4 replaces every end site of a BVH that goes through its hierarchy: what is written is 0.3 times the offset of
# the joint above, whatever stood there. The tip of the head, toes and hands are lost, and who takes bone lengths from end
# sites, as Blender's importer and retargeting do, gets other bones. By readAsBvh and writeBvh end sites stay.
#
# Seen: a foot at (0, -8, 1) under its knee, whose end site is (1, 2, 3): readAsHierarchy and writeHierarchy write
# (0, -2.4, 0.3) within 1e-6, readAsBvh and writeBvh (1, 2, 3). Joints' offsets are kept by both.
# This script fails when that changes. It needs Python 3.10 or newer.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/v"
"$folder/v/bin/python" -m pip install --quiet --disable-pip-version-check bvhio==1.5.4 spatial-transform==1.3.3 pyglm==2.8.2 numpy >&2

cd "$folder"
cat >leg.bvh <<'BVH'
HIERARCHY
ROOT Hips
{
  OFFSET 0 0 0
  CHANNELS 6 Xposition Yposition Zposition Zrotation Xrotation Yrotation
  JOINT Knee
  {
    OFFSET 0.5 -10 0.25
    CHANNELS 3 Zrotation Xrotation Yrotation
    JOINT Foot
    {
      OFFSET 0 -8 1
      CHANNELS 3 Zrotation Xrotation Yrotation
      End Site
      {
        OFFSET 1 2 3
      }
    }
  }
}
MOTION
Frames: 2
Frame Time: 0.0333333
0 20 0 10 20 30 5 -15 0 0 12 3
0 20 0 12 22 32 6 -16 1 1 13 4
BVH
"$folder/v/bin/python" - <<'PY'
import bvhio


def offsets(path):
    lines = open(path).read().split("MOTION")[0].splitlines()
    return [[float(number) for number in line.split()[1:]] for line in lines if line.split()[0] == "OFFSET"]


def near(a, b):
    return all(abs(x - y) < 1e-5 for x, y in zip(a, b, strict=True))


bvhio.writeHierarchy("by_hierarchy.bvh", bvhio.readAsHierarchy("leg.bvh"), 1 / 30)
bvhio.writeBvh("by_bvh.bvh", bvhio.readAsBvh("leg.bvh"))
*joints, end = offsets("by_hierarchy.bvh")
*same_joints, same_end = offsets("by_bvh.bvh")
print("end site of (1, 2, 3): by the hierarchy", [round(x, 3) + 0.0 for x in end], "without it", same_end)
assert near(joints[1], (0.5, -10, 0.25)) and near(joints[2], (0, -8, 1))
assert near(end, (0, -2.4, 0.3))
assert near(same_end, (1, 2, 3)) and near(same_joints[2], (0, -8, 1))
PY
