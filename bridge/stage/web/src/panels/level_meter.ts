import type { Live } from "../wire/live";
import { element, setText } from "./element";
import type { Knobs } from "./knobs";

const LOWEST_DBFS = -90;
const NAME = "threshold_dbfs";

/** How loud the sound is as it came in, and a mark to drag: what is louder is danced to. */
export function levelMeter(live: Live, knobs: Knobs): { root: HTMLElement; draw(): void } {
  const spec = knobs.spec(NAME);
  const low = spec?.low ?? LOWEST_DBFS;
  const high = spec?.high ?? 0;
  const bar = element("div", { class: "level-bar" });
  const mark = element("input", {
    type: "range",
    class: "threshold",
    min: low,
    max: high,
    step: 1,
    name: `${NAME}-mark`,
    "aria-label": `${knobs.titleOf(NAME)}, dBFS. ${spec?.description ?? ""}`,
    title: spec?.description ?? "",
    disabled: spec === undefined,
  });
  const level = element("span", { class: "level-number" });
  const threshold = element("span", { class: "threshold-number" });
  const root = element(
    "div",
    { class: "level" },
    element("div", { class: "level-track" }, bar, mark),
    element("div", { class: "level-text" }, element("span", {}, level), threshold),
  );
  let heldUntilMs = 0;
  mark.addEventListener("input", () => {
    heldUntilMs = performance.now() + 700;
    knobs.ask(NAME, Number(mark.value));
    setText(threshold, `dances above ${mark.value}`);
  });
  live.on("second", () => {
    const { dbfs } = live.latest.level;
    setText(level, dbfs > -190 && Number.isFinite(dbfs) ? `${Math.round(dbfs)} dB` : "silence");
  });
  const draw = (): void => {
    const { dbfs, thresholdDbfs } = live.latest.level;
    const part = Math.min(1, Math.max(0, (dbfs - low) / (high - low)));
    bar.style.transform = `scaleX(${Number.isFinite(part) ? part.toFixed(3) : 0})`;
    bar.classList.toggle("is-heard", dbfs > thresholdDbfs);
    if (performance.now() < heldUntilMs || !Number.isFinite(thresholdDbfs)) return;
    mark.value = String(thresholdDbfs);
    setText(threshold, `dances above ${Math.round(thresholdDbfs)}`);
  };
  return { root, draw };
}
