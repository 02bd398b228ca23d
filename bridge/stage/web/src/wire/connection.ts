import { ClockOffset } from "./clock_offset";
import type { Latest, Link, Live, LiveEvents, PoseFrame, Refusal, Skeleton } from "./live";
import { Decoder } from "./messages";
import { encodeMessage } from "./osc";

const WAITS_MS = [500, 1000, 2000, 4000, 5000];
const PING_MS = 1000;
/** Updates of one second come in a dozen messages; they make one event, this much after the first of them. */
const GATHER_MS = 20;
/** The bridge tells of its health each second; after so long it has stopped, or hangs. */
const SILENT_MS = 5000;

type Listeners = { [K in keyof LiveEvents]: Set<(value: LiveEvents[K]) => void> };

/** The link to the bridge; it mends itself. Whoever comes late gets the link and the skeleton at once. */
class Connection implements Live {
  link: Link = "connecting";
  maySteer = true;
  networkMs = Number.NaN;

  private readonly decoder = new Decoder({
    pose: (pose) => this.heardPose(pose),
    skeleton: (skeleton) => {
      this.skeleton = skeleton;
      this.emit("skeleton", skeleton);
    },
    update: (address) => this.handleUpdate(address),
    refused: (refusal) => this.heardRefusal(refusal),
    pong: (token) => {
      if (token === this.pingToken) this.networkMs = (performance.now() - this.pingAtMs) / 2;
    },
  });
  private readonly listeners: Listeners = {
    link: new Set(),
    skeleton: new Set(),
    pose: new Set(),
    heard: new Set(),
    second: new Set(),
    controls: new Set(),
    refused: new Set(),
  };
  private readonly offset = new ClockOffset();
  private readonly gathering = new Set<"second" | "controls">();
  private skeleton: Skeleton | null = null;
  private socket: WebSocket | null = null;
  private numFailures = 0;
  private retryTimer: ReturnType<typeof setTimeout> | undefined;
  private pingToken = 0;
  private pingAtMs = 0;
  private numRefusals = Number.NaN;
  private hasAsked = false;
  private arrivedAtMs = 0;
  private secondAtMs = performance.now();

  constructor() {
    setInterval(() => this.ping(), PING_MS);
    window.addEventListener("online", () => this.hurry());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") this.hurry();
    });
    this.open();
  }

  get latest(): Latest {
    return this.decoder.latest;
  }

  get silentMs(): number {
    return performance.now() - this.secondAtMs;
  }

  get isPresent(): boolean {
    return this.link === "open" && this.silentMs < SILENT_MS;
  }

  get clockOffsetMs(): number {
    return this.offset.ms;
  }

  on<K extends keyof LiveEvents>(event: K, listener: (value: LiveEvents[K]) => void): () => void {
    this.listeners[event].add(listener);
    if (event === "link") listener(this.link as LiveEvents[K]);
    if (event === "skeleton" && this.skeleton) listener(this.skeleton as LiveEvents[K]);
    return () => this.listeners[event].delete(listener);
  }

  control(name: string, value?: number | string | boolean): void {
    if (this.socket?.readyState !== 1 || !this.maySteer) return;
    const [type, argument] = typed(value);
    this.hasAsked = true;
    this.socket.send(encodeMessage(`/dance/control/${name}`, type, argument === undefined ? [] : [argument]));
  }

  private open(): void {
    clearTimeout(this.retryTimer);
    this.retryTimer = undefined;
    const url = new URL("socket", document.baseURI);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    url.search = url.hash = "";
    const socket = new WebSocket(url);
    socket.binaryType = "arraybuffer";
    this.socket = socket;
    socket.onopen = () => {
      this.numFailures = 0;
      this.numRefusals = Number.NaN;
      this.hasAsked = false;
      this.offset.reset();
      this.secondAtMs = performance.now();
      this.become("open");
      this.ping();
    };
    socket.onmessage = (message: MessageEvent) => {
      if (!(message.data instanceof ArrayBuffer)) return;
      this.arrivedAtMs = performance.now();
      this.decoder.read(new DataView(message.data), this.arrivedAtMs);
    };
    socket.onclose = () => this.closed();
  }

  private closed(): void {
    const wasOpen = this.link === "open";
    this.networkMs = Number.NaN;
    if (this.link !== "refused") this.become(wasOpen || this.link === "lost" ? "lost" : "connecting");
    const waitMs = WAITS_MS[Math.min(this.numFailures, WAITS_MS.length - 1)];
    this.numFailures++;
    this.retryTimer = setTimeout(() => this.open(), waitMs);
    if (!wasOpen) void this.askWhetherRefused();
  }

  /** A socket does not tell why it was turned away; a plain request does. */
  private async askWhetherRefused(): Promise<void> {
    try {
      const { status } = await fetch("about", { cache: "no-store" });
      if (this.link === "open") return;
      if (status === 401 || status === 403) this.become("refused");
      else if (this.link === "refused") this.become("lost");
    } catch {
      if (this.link === "refused") this.become("lost"); // nobody is there who could refuse
    }
  }

  /** The network or the user is back: no reason to wait any longer. */
  private hurry(): void {
    if (this.retryTimer === undefined) return;
    this.numFailures = 0;
    this.open();
  }

  private ping(): void {
    if (this.socket?.readyState !== 1) return;
    this.pingToken++;
    this.pingAtMs = performance.now();
    this.socket.send(encodeMessage("/dance/ping", "h", [this.pingToken]));
  }

  private heardPose(pose: PoseFrame): void {
    this.offset.add(this.arrivedAtMs - pose.timeUs / 1000, this.arrivedAtMs);
    this.emit("pose", pose);
  }

  private handleUpdate(address: string): void {
    switch (address) {
      case "/dance/audio": // the onset is what must not come late
        this.emit("heard", this.latest);
        break;
      case "/dance/control/":
        this.gather("controls");
        break;
      case "/dance/latency":
      case "/dance/status":
      case "/dance/why":
      case "/dance/clock":
      case "/dance/health":
      case "/dance/target":
      case "/dance/notice":
      case "/dance/take":
        this.secondAtMs = this.arrivedAtMs;
        this.gather("second");
        break;
      case "/dance/viewers": // which the stage tells by itself
        this.gather("second");
    }
  }

  /** The refusal is sent every second; only another number is another one, and the first may be an old one. */
  private heardRefusal(refusal: Refusal): void {
    const isFirst = Number.isNaN(this.numRefusals);
    const isNew = isFirst ? this.hasAsked && refusal.number > 0 : refusal.number !== this.numRefusals;
    this.numRefusals = refusal.number;
    if (isNew && refusal.reason !== "") this.emit("refused", refusal);
  }

  private gather(event: "second" | "controls"): void {
    if (this.gathering.has(event)) return;
    this.gathering.add(event);
    setTimeout(() => {
      this.gathering.delete(event);
      this.emit(event, this.latest);
    }, GATHER_MS);
  }

  private become(link: Link): void {
    if (link === this.link) return;
    this.link = link;
    this.emit("link", link);
  }

  private emit<K extends keyof LiveEvents>(event: K, value: LiveEvents[K]): void {
    for (const listener of this.listeners[event]) listener(value);
  }
}

/** The OSC type that says a value best; the bridge takes whole numbers as well as fractions for a number. */
function typed(value: number | string | boolean | undefined): [string, number | string | undefined] {
  if (value === undefined) return ["", undefined];
  if (typeof value === "string") return ["s", value];
  if (typeof value === "boolean") return ["i", value ? 1 : 0];
  return [Number.isInteger(value) && Math.abs(value) < 2 ** 31 ? "i" : "f", value];
}

/** Opens the link to the bridge that serves this page, and keeps it open. */
export function connect(): Live {
  return new Connection();
}
