import { Group, Object3D, type Vector3 } from "three";
import { expect, test } from "vitest";
import type { Dancer } from "../../src/stage/dancer";
import { betweenDeg, directionDeg, Front } from "../../src/vr/front";
import type { Latest, Live, LiveEvents } from "../../src/wire/live";

/** A dancer whose hips are at a place of the dance, and a link that keeps what it is asked for; the bridge answers late. */
function staged(x = 0, z = 0) {
  const place = new Group();
  const info = { mirrored: false };
  const hips = (out: Vector3) => place.localToWorld(out.set(x, 0.9, z));
  const controls: Record<string, number> = { front_deg: 20 };
  const asked: number[] = [];
  const listeners: { [K in keyof LiveEvents]?: (value: LiveEvents[K]) => void } = {};
  const live = {
    latest: { controls },
    on: <K extends keyof LiveEvents>(event: K, listener: (value: LiveEvents[K]) => void) => {
      (listeners as Record<K, typeof listener>)[event] = listener;
    },
    control: (name: string, value: number) => {
      expect(name).toBe("front_deg");
      asked.push(value);
    },
  } as unknown as Live;
  const answer = (frontDeg: number) => {
    controls.front_deg = frontDeg;
    listeners.controls?.({ controls } as unknown as Latest);
  };
  const reconnect = () => listeners.link?.("open");
  return {
    dancer: { place, info, hips } as unknown as Dancer,
    info,
    place,
    asked,
    answer,
    reconnect,
    front: new Front(live),
  };
}

function eyesAt(x: number, z: number): Object3D {
  const eyes = new Object3D();
  eyes.position.set(x, 1.6, z);
  return eyes;
}

test("directions are those of the bridge: 0 is +Z, a quarter turn to the left is +X", () => {
  expect(directionDeg(0, 0, 0, 2)).toBeCloseTo(0);
  expect(directionDeg(0, 0, 2, 0)).toBeCloseTo(90);
  expect(directionDeg(1, 1, 0, 0)).toBeCloseTo(-135);
  expect(directionDeg(1, 1, 1, 1)).toBeNull();
  expect(betweenDeg(-175, 175)).toBeCloseTo(10);
});

test("the front follows the eyes, from where the hips are, and is where it was once nobody looks", () => {
  const { dancer, asked, front } = staged(1, 0);
  front.follow(1, dancer, eyesAt(3, 0));
  front.follow(0.01, dancer, eyesAt(-3, 0)); // too soon
  front.follow(1, dancer, eyesAt(3, 0.05)); // hardly a step
  front.follow(1, dancer, eyesAt(1, -2));
  expect(asked.map((deg) => Math.abs(Math.round(deg)))).toEqual([90, 180]);
  front.release();
  front.release();
  expect(asked.at(-1)).toBe(20);
  expect(asked).toHaveLength(3);
});

test("what is reported late is not taken for where the front was", () => {
  const { dancer, asked, answer, front } = staged();
  front.follow(1, dancer, eyesAt(3, 0));
  answer(90);
  front.release();
  front.follow(1, dancer, eyesAt(3, 0)); // looks again before the bridge has answered
  expect(asked).toEqual([90, 20, 90]);
  front.release();
  expect(asked.at(-1)).toBe(20);
  answer(20);
  answer(35); // somebody else moves it while nobody looks
  front.follow(1, dancer, eyesAt(-3, 0));
  front.release();
  expect(asked.at(-1)).toBe(35);
});

test("what was asked while the link was lost is asked again", () => {
  const { dancer, asked, answer, reconnect, front } = staged();
  front.follow(1, dancer, eyesAt(3, 0));
  reconnect();
  front.follow(1, dancer, eyesAt(3, 0));
  expect(asked).toEqual([90, 90]);
  answer(90);
  front.release();
  reconnect();
  expect(asked).toEqual([90, 90, 20, 20]);
  answer(20);
  reconnect();
  expect(asked).toHaveLength(4);
});

test("it is sent as the dance sees it, wherever the dancer was carried and turned to", () => {
  const { dancer, place, info, asked, front } = staged();
  place.position.set(5, 0, 0);
  place.rotation.y = Math.PI / 2;
  place.scale.setScalar(2);
  place.updateMatrixWorld(true);
  front.follow(1, dancer, eyesAt(8, 0));
  expect(betweenDeg(20, 0)).toBe(20);
  expect(asked.at(-1)).toBeCloseTo(0);
  front.follow(1, dancer, eyesAt(5, -4));
  expect(asked.at(-1)).toBeCloseTo(90);
  info.mirrored = true;
  front.follow(1, dancer, eyesAt(5, -4));
  expect(asked.at(-1)).toBeCloseTo(-90);
});
