import { Box3, Vector3 } from "three";
import { expect, test } from "vitest";
import { Cameras } from "../../src/stage/cameras";
import { type Covered, coveredBy } from "../../src/stage/framing";

const NOTHING: Covered = { left: 0, right: 0, top: 0, bottom: 0 };
/** Windows, and what lies over them: side panels, health and a long notice; on a telephone what is said. */
const WINDOWS: [string, number, number, Covered][] = [
  ["1920x1080", 1920, 1080, { left: 300, right: 324, top: 60, bottom: 210 }],
  ["1280x720", 1280, 720, { left: 300, right: 324, top: 130, bottom: 210 }],
  ["1024x768", 1024, 768, { left: 300, right: 324, top: 250, bottom: 290 }],
  ["3840x2160, clean", 3840, 2160, NOTHING],
  ["360x269", 360, 269, { ...NOTHING, top: 115, bottom: 40 }],
  ["390x354", 390, 354, { ...NOTHING, bottom: 40 }],
];

/** What OrbitControls asks of an element, and no more. */
function element(): HTMLElement {
  const made = new EventTarget() as unknown as Record<string, unknown>;
  return Object.assign(made, { style: {}, getRootNode: () => made, ownerDocument: made }) as unknown as HTMLElement;
}

function filmed(width: number, height: number, covered: Covered) {
  const views = new Cameras(element());
  views.resize(width, height, covered);
  const point = new Vector3();
  /** Where a place is in the window, CSS pixels from its upper left corner. */
  const seenAt = (x: number, y: number, z: number): [number, number] => {
    views.camera.updateMatrixWorld();
    point.set(x, y, z).project(views.camera);
    return [((point.x + 1) / 2) * width, ((1 - point.y) / 2) * height];
  };
  /** Whether somebody whose hips are there is seen from head to hips, not too near to any edge of what can be seen. */
  const isSeen = (x: number, z: number): boolean =>
    [seenAt(x, 1.68, z), seenAt(x, 0.9, z), ...[-0.35, 0.35].map((aside) => seenAt(x + aside, 1.3, z))].every(
      ([right, down]) =>
        right >= covered.left &&
        right <= width - covered.right &&
        down >= covered.top &&
        down <= height - covered.bottom,
    );
  return { views, seenAt, isSeen };
}

function hips(...places: [number, number][]): Box3 {
  return new Box3().setFromPoints(places.map(([x, z]) => new Vector3(x, 0.9, z)));
}

test.each(WINDOWS)(
  "in %s a dancer who runs about never leaves the picture of the front",
  (_, width, height, covered) => {
    for (const rateHz of [30, 60, 120]) {
      const { views, isSeen } = filmed(width, height, covered);
      for (let i = 0; i < 20 * rateHz; i++) {
        const timeS = i / rateHz;
        const share = Math.min(1, timeS / 3); // a start from where everybody starts
        const [x, z] = [share * 4 * Math.sin(0.7 * timeS), share * 2.5 * Math.sin(1.1 * timeS)];
        views.advance(1 / rateHz, hips([x, z]));
        expect(isSeen(x, z), `after ${timeS.toFixed(2)} s at ${x.toFixed(2)}, ${z.toFixed(2)}`).toBe(true);
      }
    }
  },
);

test.each(WINDOWS)("in %s up to five dancers are all seen, wherever they go together", (_, width, height, covered) => {
  const formation: [number, number][] = [0, 1.5, -1.5, 3, -3].map((x) => [x, -0.55 * Math.abs(x)]);
  const most = width - covered.left - covered.right < 450 && width > 900 ? 3 : 5; // more would be lost in the haze
  for (let number = 1; number <= most; number++) {
    const { views, isSeen } = filmed(width, height, covered);
    const all = formation.slice(0, number);
    for (let i = 0; i < 240; i++) views.advance(1 / 60, hips(...all));
    for (const [x, z] of all) expect(isSeen(x, z), `dancer at ${x} of ${number}`).toBe(true);
  }
});

test("where it follows to does not depend on the display", () => {
  const ends = [30, 60, 72, 90, 120].map((rateHz) => {
    const { views } = filmed(1920, 1080, NOTHING);
    for (let i = 0; i < rateHz; i++) views.advance(1 / rateHz, hips([0.5, 0.2]));
    return views.camera.position.x;
  });
  for (const x of ends) expect(x).toBeCloseTo(ends[0], 2);
});

test("a seat in the audience stays, and steps back when the dancers would leave the picture", () => {
  const { views, isSeen } = filmed(1280, 720, { ...NOTHING, left: 300, right: 324 });
  views.set("audience");
  for (let i = 0; i < 300; i++) views.advance(1 / 60, hips([0.4, 0]));
  const before = views.camera.position.clone();
  for (let i = 0; i < 300; i++) views.advance(1 / 60, hips([4, 0]));
  expect(isSeen(4, 0)).toBe(true);
  expect(views.camera.position.x / views.camera.position.z).toBeCloseTo(before.x / before.z, 1);
});

test("a view that a hand has turned stays turned when a notice comes and goes", () => {
  const { views, seenAt } = filmed(1280, 720, NOTHING);
  for (let i = 0; i < 60; i++) views.advance(1 / 60, hips([0, 0]));
  const turned = new Vector3(3, 1.5, 3);
  views.camera.position.copy(turned);
  for (let i = 0; i < 60; i++) views.advance(1 / 60, hips([0, 0]));
  const [, headBefore] = seenAt(0, 1.68, 0);
  views.resize(1280, 720, { ...NOTHING, top: 150 });
  for (let i = 0; i < 120; i++) views.advance(1 / 60, hips([0, 0]));
  expect(seenAt(0, 1.68, 0)[1]).toBeGreaterThan(headBefore);
  expect(views.camera.position.clone().normalize().distanceTo(turned.normalize())).toBeLessThan(0.15);
  views.resize(1280, 720, NOTHING);
  for (let i = 0; i < 240; i++) views.advance(1 / 60, hips([0, 0]));
  expect(seenAt(0, 1.68, 0)[1]).toBeCloseTo(headBefore, 0);
});

test("what lies over a canvas hides it from the edge that it is nearest to", () => {
  const box = (left: number, top: number, right: number, bottom: number) => ({ left, top, right, bottom });
  const canvas = box(0, 60, 1000, 760);
  const notice = box(310, 8, 690, 120);
  const health = box(310, 600, 690, 750);
  const [left, right] = [box(8, 70, 300, 750), box(700, 70, 992, 750)];
  expect(coveredBy(canvas, [notice, health, left, right])).toEqual({ left: 300, right: 300, top: 60, bottom: 160 });
  expect(coveredBy(canvas, [box(0, 0, 1000, 60), box(0, 760, 1000, 900), box(400, 70, 400, 90)])).toEqual(NOTHING);
  const cameras = box(310, 380, 690, 460); // whose own middle lies above that of the canvas
  expect(coveredBy(canvas, [cameras, box(310, 470, 690, 750)]).bottom).toBe(380);
  expect(coveredBy(canvas, [box(0, 60, 1000, 700)]).top).toBeCloseTo(0.7 * 700); // some of it is always seen
});
