import { expect, test } from "vitest";
import rigNames from "../../../../tests/conformance/rig_names.json";
import { bestMapping } from "../src/motion/rig_names";

/** What the bridge's own Python says of the same; `tests/conformance/make_fixtures.py` writes it. */

test.each(rigNames.cases)("rig $name", ({ joints, parents, kind, bones }) => {
  const found = bestMapping(joints, parents);
  const named = Object.fromEntries([...found.bones].map(([bone, index]) => [bone, joints[index]]));
  expect(named).toEqual(bones);
  expect(found.rig).toBe(kind);
});
