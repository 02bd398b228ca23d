import type { StageView } from "../stage/view";
import type { Live } from "../wire/live";
import { button, element, passing, setText, TROUBLE_MS, wordsOf } from "./element";
import type { Knobs } from "./knobs";
import { makePanel, type Panel } from "./panel";

const REFRESH_MS = 5000;

/** A take, as GET /takes tells of it. */
interface Take {
  name: string;
  seconds: number;
  parts: unknown[] | number;
  dancer: string;
  is_open: boolean;
  problem: string | null;
}

/** 3725 s as 1:02:05. */
export function asClock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (value: number): string => String(value).padStart(2, "0");
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/** What was danced: marked, listed, kept, and danced again on this stage. */
export function takesPanel(live: Live, stage: StageView, knobs: Knobs): Panel {
  const list = element("ul", { class: "list", id: "takes" });
  const now = element("p", { class: "quiet" });
  const problem = element("p", { class: "problem", role: "alert" });
  const tell = passing(problem, TROUBLE_MS);
  const unlisted = element("p", { class: "problem", role: "alert" });
  const panel = makePanel(
    "takes",
    "Takes",
    false,
    element("div", { class: "buttons" }, knobs.switch("record", "Mark a part")),
    now,
    problem,
    unlisted,
    list,
  );
  const row = (take: Take): HTMLElement => {
    const path = `takes/${encodeURIComponent(take.name.replace(/\.take$/, ""))}`;
    const download = (kind: string): HTMLElement =>
      element("a", { href: `${path}.${kind}`, download: true, class: "link" }, `.${kind}`);
    const replay = button("Replay", async () => {
      tell("");
      try {
        await stage.replay(take.name);
      } catch (error) {
        tell(wordsOf(error));
      }
    });
    const numParts = Array.isArray(take.parts) ? take.parts.length : take.parts;
    const facts = take.is_open
      ? `being recorded · ${take.dancer}`
      : `${asClock(take.seconds)} · ${numParts === 1 ? "1 part" : `${numParts} parts`} · ${take.dancer}`;
    return element(
      "li",
      {},
      element("div", { class: "name" }, take.name),
      element("div", { class: "quiet" }, take.problem ?? facts),
      ...(take.problem ? [] : [element("div", { class: "buttons" }, replay, download("take"), download("bvh"))]),
    );
  };
  let shown = "";
  const refresh = async (): Promise<void> => {
    if (!panel.isOpen || document.visibilityState !== "visible" || live.link !== "open") return;
    try {
      const answer = await fetch("takes", { cache: "no-store" });
      if (!answer.ok) throw new Error(`The bridge lists no takes (${answer.status}).`);
      const text = await answer.text();
      setText(unlisted, "");
      if (text === shown) return;
      shown = text;
      const takes = JSON.parse(text) as Take[];
      list.replaceChildren(
        ...(takes.length > 0 ? takes.map(row) : [element("li", { class: "quiet" }, "No takes yet.")]),
      );
    } catch (error) {
      setText(unlisted, wordsOf(error));
    }
  };
  setInterval(refresh, REFRESH_MS);
  panel.root.querySelector(".fold")?.addEventListener("click", () => void refresh());
  live.on("link", (link) => {
    if (link === "open") void refresh();
    else setText(now, ""); // nobody knows
  });
  live.on("second", ({ take }) => setText(now, take ? `Recording ${take}` : "Nothing is recorded."));
  return panel;
}
