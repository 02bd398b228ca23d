import type { About, ControlSpec, Live } from "../wire/live";
import { button, element } from "./element";
import type { Knobs } from "./knobs";
import { makePanel, type Panel } from "./panel";

/** Panels that this page has; what a newer bridge shows elsewhere is shown under "More". */
const PANELS = ["dance", "beat", "top", "level", "takes", "presets"];
/** What a choice is called that leaves it to another. */
const NOBODYS: Record<string, string> = { style: "as it likes", seed_pose: "by the seed" };
const SWITCHES_A_ROW = 3;
const NUDGE_BEATS = 0.02;

/** Begins another dance. */
export function reroll(knobs: Knobs): void {
  knobs.ask("seed", Math.floor(Math.random() * ((knobs.spec("seed")?.high ?? 2147483647) + 1)));
}

/** Pushes the beat a little forward, or back. */
export function nudge(knobs: Knobs, direction: 1 | -1): void {
  knobs.ask("nudge", direction * NUDGE_BEATS);
}

/** What the dancer is asked for: how it dances, and which dance; every control that the bridge's table has for it. */
export function dancePanel(knobs: Knobs, about: About): Panel {
  const values: Node[] = [];
  const presses: Node[] = [];
  for (const spec of specsOf(knobs, "dance")) {
    const isPress = spec.kind === "switch" || spec.kind === "trigger";
    (isPress ? presses : values).push(widget(knobs, spec, about.titles ?? {}));
    if (spec.name === "seed") {
      const title = "Begins another dance (R)";
      values.at(-1)?.appendChild(button("Re-roll", () => reroll(knobs), { class: "reroll", title }));
    }
  }
  return makePanel("dance", "Dance", true, ...values, ...inRows(presses));
}

/** The controls that a panel shows, in the bridge's order. */
function specsOf(knobs: Knobs, panel: string): ControlSpec[] {
  return knobs.names.flatMap((name) => knobs.spec(name) ?? []).filter((spec) => spec.panel === panel);
}

/** A choice where the bridge says what there is to choose, else the best widget for its kind. */
function widget(knobs: Knobs, spec: ControlSpec, titles: Readonly<Record<string, string>>): HTMLElement {
  const choices = spec.choices ?? [];
  if (choices.length === 0) return knobs.widget(spec.name);
  const none = choices.includes("") ? (NOBODYS[spec.name] ?? "none") : null;
  const named = choices.filter((choice) => choice !== "");
  return knobs.choice(spec.name, named, none, titles);
}

/** Switches and buttons, some to a row; what would be alone in the last stays with the row before. */
function inRows(presses: readonly Node[]): HTMLElement[] {
  const rows: Node[][] = [];
  for (const press of presses) {
    if (rows.length === 0 || rows[rows.length - 1].length === SWITCHES_A_ROW) rows.push([]);
    rows[rows.length - 1].push(press);
  }
  const last = rows.at(-1);
  if (rows.length > 1 && last?.length === 1) rows[rows.length - 2].push(...(rows.pop() ?? []));
  return rows.map((row) => element("div", { class: "buttons" }, ...row));
}

/** Who tells the beat, and where it is. */
export function beatPanel(knobs: Knobs, live: Live, clapTest: HTMLElement): Panel {
  const titles: Record<string, string> = { half: "½ ×", double: "2 ×" };
  const values: Node[] = [];
  const triggers: Node[] = [];
  for (const spec of specsOf(knobs, "beat")) {
    if (spec.kind === "trigger") triggers.push(knobs.trigger(spec.name, titles[spec.name]));
    else if (spec.name === "bpm") values.push(knobs.field(spec.name));
    else if (spec.name === "nudge") values.push(nudgeField(knobs, live));
    else values.push(widget(knobs, spec, {}));
  }
  return makePanel("beat", "Beat", true, element("div", { class: "buttons" }, ...triggers), ...values, clapTest);
}

/** All nudges together, and a button to each side. */
function nudgeField(knobs: Knobs, live: Live): HTMLElement {
  const total = knobs.field("nudge");
  live.on("controls", () => {
    total.title = "All nudges together";
  });
  total.append(
    button("−", () => nudge(knobs, -1), { "aria-label": "Nudge the beat back", class: "small" }),
    button("+", () => nudge(knobs, 1), { "aria-label": "Nudge the beat forward", class: "small" }),
  );
  return total;
}

/** Controls that a newer bridge has and this page has no place for; null when there are none. */
export function otherPanel(knobs: Knobs): Panel | null {
  const names = knobs.left.filter((name) => !PANELS.includes(knobs.spec(name)?.panel ?? ""));
  return names.length === 0 ? null : makePanel("other", "More", false, ...names.map((name) => knobs.widget(name)));
}
