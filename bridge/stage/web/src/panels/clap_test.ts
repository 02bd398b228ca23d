import type { StageView } from "../stage/view";
import type { About, Live } from "../wire/live";
import { ENOUGH_CLAPS, leadMs, pairClaps, RiseDetector } from "./claps";
import { button, element, setText, sharpCanvas } from "./element";
import type { Knobs } from "./knobs";
import { listenForClaps, type Microphone } from "./microphone";

const SHOWN_MS = 400;
const ADVICE = "Music off. Clap once a second where this machine and the bridge's microphone both hear it.";
const INSTEAD =
  "Without it: let a song with a clear beat play, watch the beat's dots and the dancer, and move Offset until both fall on it.";

/** Measures how late the dance is seen, by claps that this page and the bridge both hear. */
export function clapTest(live: Live, stage: StageView, knobs: Knobs, about: About): HTMLElement {
  const words = element("p", { class: "clap-words", role: "status" });
  const plot = sharpCanvas("Delays of the claps so far");
  plot.canvas.classList.add("clap-dots");
  plot.canvas.hidden = true;
  const use = button("", () => knobs.ask("offset_ms", offered), { class: "primary", id: "clap-use" });
  use.hidden = true;
  let microphone: Microphone | null = null;
  let clapsMs: number[] = [];
  let onsetsMs: number[] = [];
  let offered = 0;
  const bridgeRise = new RiseDetector(0.15, 2.5);

  const judge = (): void => {
    const result = pairClaps(clapsMs, onsetsMs);
    const { goodMs, medianMs, spreadMs } = result;
    drawDots(plot, result.delaysMs, goodMs, medianMs);
    const isEnough = goodMs.length >= ENOUGH_CLAPS;
    use.hidden = !isEnough;
    if (isEnough) {
      const { low, high } = knobs.spec("offset_ms") ?? {};
      const lead = leadMs(medianMs, live.latest.latency.totalMs, 1000 / about.rateHz);
      offered = Math.max(low ?? -Infinity, Math.min(high ?? Infinity, lead));
      setText(use, `Use ${offered} ms`);
      setText(words, `${goodMs.length} claps: seen ${Math.round(medianMs)} ms later, ± ${Math.round(spreadMs)} ms.`);
    } else if (clapsMs.length >= 4 && result.delaysMs.length === 0) {
      setText(words, `This page hears ${clapsMs.length} claps, the bridge none of them. Does its microphone hear you?`);
    } else {
      setText(words, `${ADVICE} ${goodMs.length} of ${ENOUGH_CLAPS} good claps.`);
    }
  };

  live.on("heard", ({ audio }) => {
    if (!microphone) return;
    const nowMs = performance.now();
    if (bridgeRise.add(audio.onset, nowMs)) {
      onsetsMs.push(nowMs + stage.drawing.delayMs);
      judge();
    }
  });
  const stop = (): void => {
    microphone?.stop();
    microphone = null;
    setText(start, "Clap test");
    start.setAttribute("aria-pressed", "false");
  };
  const start = button(
    "Clap test",
    async () => {
      if (microphone) {
        stop();
        return;
      }
      clapsMs = [];
      onsetsMs = [];
      use.hidden = true;
      try {
        microphone = await listenForClaps((atMs) => {
          clapsMs.push(atMs);
          setTimeout(judge, 0);
        });
        setText(start, "Stop");
        start.setAttribute("aria-pressed", "true");
        plot.canvas.hidden = false;
        judge();
      } catch (error) {
        setText(words, `${error instanceof Error ? error.message : error} ${INSTEAD}`);
      }
    },
    { id: "clap-start", "aria-pressed": "false" },
  );
  return element("div", { class: "clap" }, element("div", { class: "buttons" }, start, use), words, plot.canvas);
}

/** Each clap is a dot on a line of 0 to 400 ms; those not believed are hollow, the median is a line. */
function drawDots(
  { canvas, context, fitToScreen }: ReturnType<typeof sharpCanvas>,
  delaysMs: readonly number[],
  goodMs: readonly number[],
  medianMs: number,
): void {
  if (!fitToScreen()) return;
  const { clientWidth: width, clientHeight: height } = canvas;
  const x = (ms: number): number => 6 + (Math.min(SHOWN_MS, Math.max(0, ms)) / SHOWN_MS) * (width - 12);
  context.clearRect(0, 0, width, height);
  context.strokeStyle = context.fillStyle = getComputedStyle(canvas).color;
  context.globalAlpha = 0.4;
  context.fillRect(0, height / 2, width, 1);
  context.globalAlpha = 1;
  for (const delay of delaysMs) {
    context.beginPath();
    context.arc(x(delay), height / 2, 4, 0, 2 * Math.PI);
    if (goodMs.includes(delay)) context.fill();
    else context.stroke();
  }
  if (Number.isFinite(medianMs)) context.fillRect(x(medianMs) - 1, 2, 2, height - 4);
}
