import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Live } from "../../src/wire/live";
import { encodeMessage } from "../../src/wire/osc";

class FakeSocket {
  static all: FakeSocket[] = [];
  binaryType = "";
  readyState = 0;
  sent: Uint8Array[] = [];
  onopen?: () => void;
  onclose?: () => void;
  onmessage?: (message: { data: ArrayBuffer }) => void;
  constructor(readonly url: URL) {
    FakeSocket.all.push(this);
  }
  send(bytes: Uint8Array): void {
    this.sent.push(bytes);
  }
  open(): void {
    this.readyState = 1;
    this.onopen?.();
  }
  close(): void {
    this.readyState = 3;
    this.onclose?.();
  }
  hear(message: Uint8Array<ArrayBuffer>): void {
    this.onmessage?.({ data: message.buffer });
  }
}

const windowEvents = new EventTarget();
let status: number | null = 200;
const newest = (): FakeSocket => FakeSocket.all[FakeSocket.all.length - 1];

beforeEach(() => {
  vi.useFakeTimers();
  FakeSocket.all = [];
  status = 200;
  vi.stubGlobal("WebSocket", FakeSocket);
  vi.stubGlobal("window", windowEvents);
  vi.stubGlobal("document", Object.assign(new EventTarget(), { baseURI: "https://stage:39542/?token=secret#a" }));
  vi.stubGlobal("fetch", () => (status === null ? Promise.reject(new TypeError()) : Promise.resolve({ status })));
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function connected(): Promise<Live> {
  const { connect } = await import("../../src/wire/connection");
  return connect();
}

test("it asks for the socket beside the page, without the token, and tells when it is open", async () => {
  const live = await connected();
  expect(String(newest().url)).toBe("wss://stage:39542/socket");
  const links: string[] = [];
  live.on("link", (link) => links.push(link));
  newest().open();
  expect(links).toEqual(["connecting", "open"]);
});

test("it tries again after 0.5, 1, 2, 4, 5, 5 seconds, and from the start once it was open", async () => {
  const live = await connected();
  newest().open();
  newest().close();
  expect(live.link).toBe("lost");
  for (const waitMs of [500, 1000, 2000, 4000, 5000, 5000]) {
    const before = FakeSocket.all.length;
    await vi.advanceTimersByTimeAsync(waitMs - 1);
    expect(FakeSocket.all.length).toBe(before);
    await vi.advanceTimersByTimeAsync(1);
    expect(FakeSocket.all.length).toBe(before + 1);
    newest().close();
  }
  await vi.advanceTimersByTimeAsync(5000);
  newest().open();
  expect(live.link).toBe("open");
  newest().close();
  await vi.advanceTimersByTimeAsync(500);
  newest().open();
  expect(live.link).toBe("open");
});

test("it does not wait once the network is back", async () => {
  await connected();
  newest().close();
  await vi.advanceTimersByTimeAsync(500);
  newest().close();
  windowEvents.dispatchEvent(new Event("online"));
  expect(FakeSocket.all.length).toBe(3);
});

test.each([401, 403])("a stage that answers %d has refused it", async (answer) => {
  const live = await connected();
  status = answer;
  newest().close();
  await vi.advanceTimersByTimeAsync(0);
  expect(live.link).toBe("refused");
  status = null; // now nobody answers at all
  await vi.advanceTimersByTimeAsync(500);
  newest().close();
  await vi.advanceTimersByTimeAsync(0);
  expect(live.link).toBe("lost");
});

test("controls leave as OSC, with the type that says the value best", async () => {
  const live = await connected();
  live.control("energy", 0.5); // nobody is there: it is gone
  newest().open();
  newest().sent = [];
  live.control("energy", 0.5);
  live.control("seed", 7);
  live.control("freeze", true);
  live.control("style", "LO");
  live.control("panic");
  expect(newest().sent).toEqual([
    encodeMessage("/dance/control/energy", "f", [0.5]),
    encodeMessage("/dance/control/seed", "i", [7]),
    encodeMessage("/dance/control/freeze", "i", [1]),
    encodeMessage("/dance/control/style", "s", ["LO"]),
    encodeMessage("/dance/control/panic", "", []),
  ]);
});

test("a ping each second measures the way to the bridge", async () => {
  const live = await connected();
  newest().open();
  await vi.advanceTimersByTimeAsync(3000);
  expect(newest().sent.length).toBe(4);
  await vi.advanceTimersByTimeAsync(8);
  newest().hear(encodeMessage("/dance/pong", "hh", [4, 0]));
  expect(live.networkMs).toBe(4);
});

test("updates of one second make one event, and the onset none that waits", async () => {
  const live = await connected();
  const heard = vi.fn();
  const second = vi.fn();
  live.on("heard", heard);
  live.on("second", second);
  newest().open();
  newest().hear(encodeMessage("/dance/audio", "fffff", [0, 0, 0, 0, 1]));
  expect(heard).toHaveBeenCalledTimes(1);
  newest().hear(encodeMessage("/dance/status", "si", ["dancing", 0]));
  newest().hear(encodeMessage("/dance/viewers", "i", [2]));
  await vi.advanceTimersByTimeAsync(50);
  expect(second).toHaveBeenCalledTimes(1);
  expect(live.latest.viewers).toBe(2);
});

test("a refusal is reported once, and an old one never", async () => {
  const live = await connected();
  const refused = vi.fn();
  live.on("refused", refused);
  newest().open();
  newest().hear(encodeMessage("/dance/refused", "is", [3, "old"]));
  newest().hear(encodeMessage("/dance/refused", "is", [4, "new"]));
  newest().hear(encodeMessage("/dance/refused", "is", [4, "new"]));
  expect(refused.mock.calls).toEqual([[{ number: 4, reason: "new" }]]);
});

test("updates are of now only while the bridge reports its seconds", async () => {
  const live = await connected();
  expect(live.isPresent).toBe(false);
  newest().open();
  expect(live.isPresent).toBe(true);
  const second = encodeMessage("/dance/status", "si", ["dancing", 0]);
  for (let i = 0; i < 8; i++) {
    newest().hear(second);
    await vi.advanceTimersByTimeAsync(1000);
    expect(live.isPresent).toBe(true);
  }
  const viewers = encodeMessage("/dance/viewers", "i", [3]); // of the stage, not of the bridge
  for (let i = 0; i < 5; i++) {
    await vi.advanceTimersByTimeAsync(1000);
    newest().hear(viewers);
  }
  expect(live.isPresent).toBe(false);
  expect(live.silentMs).toBe(6000);
  newest().hear(second);
  expect(live.isPresent).toBe(true);
  newest().close();
  expect(live.isPresent).toBe(false);
});
