import type { StageView } from "../stage/view";
import type { About, Live } from "../wire/live";
import { element, setText } from "./element";
import { makePanel, type Panel } from "./panel";
import { short } from "./short";
import { Tile } from "./sparkline";

const STAGES = ["capture", "features", "model", "send", "network", "play-out"] as const;

/** Whether all is well, at a glance: rates, steps, the way from sound to screen, targets. */
export function healthPanel(live: Live, stage: StageView, about: About): Panel {
  const frameMs = 1000 / about.rateHz;
  const rate = new Tile("Bridge", "fps", 0, `Poses a second; the dancer makes ${about.rateHz}`);
  const display = new Tile("Display", "fps", 0, "Pictures that this page draws in a second");
  const step = new Tile(
    "Step",
    "ms",
    1,
    `Median of the dancer's steps in a second; a frame has ${frameMs.toFixed(0)} ms`,
  );
  const worst = new Tile("Worst", "ms", 1, `Longest step of a second; a frame has ${frameMs.toFixed(0)} ms`);
  const latency = new Tile("Latency", "ms", 0, "From the sound in the room to the picture");
  const missed = new Tile("Missed", "", 0, "Deadlines missed since the bridge began");
  const memory = new Tile("Memory", "MB", 0, "Of the bridge, resident");
  const viewers = new Tile("Viewers", "", 0, "Pages that watch");
  const parts = STAGES.map((name) => element("span", { class: `part part-${name}`, title: name }));
  const stack = element("div", { class: "stack", "aria-hidden": "true" }, ...parts);
  const words = element("p", { class: "stack-text" });
  const targets = element("ul", { class: "targets", "aria-label": "Targets" });
  const panel = makePanel(
    "health",
    "Health",
    true,
    element(
      "div",
      { class: "tiles" },
      ...[latency, rate, display, step, worst, missed, memory, viewers].map((tile) => tile.root),
    ),
    element("div", { class: "way" }, stack, words, targets),
  );
  let seenSeconds = -1;
  let targetsText = "";
  live.on("second", ({ health, latency: way, targets: all, viewers: numViewers }) => {
    const text = JSON.stringify(all);
    if (text !== targetsText) {
      targetsText = text;
      targets.replaceChildren(
        ...all.map(({ name, isHeard }) =>
          element(
            "li",
            { class: isHeard ? "is-heard" : "is-absent" },
            `${name.split(",")[0]}${isHeard ? "" : ": nobody listens"}`,
          ),
        ),
      );
    }
    if (health.seconds === seenSeconds) return; // a change, not the values of another second
    seenSeconds = health.seconds;
    const networkMs = Number.isFinite(live.networkMs) ? live.networkMs : 0;
    const times = [way.captureMs, way.featuresMs, way.modelMs, way.sendMs, networkMs, stage.drawing.delayMs];
    const totalMs = way.totalMs + networkMs + stage.drawing.delayMs;
    rate.add(health.rateHz, health.rateHz < 0.9 * about.rateHz);
    display.add(stage.drawing.framesPerSecond);
    step.add(health.stepMs, health.stepMs > frameMs);
    worst.add(health.worstStepMs, health.worstStepMs > frameMs);
    latency.add(totalMs);
    missed.add(health.missed);
    memory.add(health.memoryMb);
    viewers.add(numViewers);
    for (let i = 0; i < STAGES.length; i++) parts[i].style.flexGrow = String(Math.max(0.01, times[i]));
    setText(words, STAGES.map((name, i) => `${name} ${short(times[i], times[i] < 10 ? 1 : 0)}`).join(" · "));
  });
  return panel;
}
