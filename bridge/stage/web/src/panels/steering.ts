import type { About, Live } from "../wire/live";
import { button, element } from "./element";
import type { Knobs } from "./knobs";
import { makePanel, type Panel } from "./panel";

/** Controls that have their place in another panel. */
const ELSEWHERE = ["preset", "save_preset", "record", "threshold_dbfs"];
const NUDGE_BEATS = 0.02;

/** Begins another dance. */
export function reroll(knobs: Knobs): void {
  knobs.ask("seed", Math.floor(Math.random() * ((knobs.spec("seed")?.high ?? 2147483647) + 1)));
}

/** Pushes the beat a little forward, or back. */
export function nudge(knobs: Knobs, direction: 1 | -1): void {
  knobs.ask("nudge", direction * NUDGE_BEATS);
}

/** What the dancer is told: how it dances, and which dance. */
export function dancePanel(knobs: Knobs, about: About): Panel {
  const group = (...children: Node[]) => element("div", { class: "buttons" }, ...children);
  const seed = knobs.field("seed");
  seed.append(button("Re-roll", () => reroll(knobs), { class: "reroll", title: "Begins another dance (R)" }));
  const children = [
    ...["temperature", "energy", "groove", "noise_correlation"].map((name) => knobs.slider(name)),
    knobs.choice("style", about.styles, "as it likes", about.titles),
    knobs.slider("style_guidance"),
    knobs.choice("seed_pose", about.seedPoses, "by the seed", about.titles),
    seed,
    ...["facing", "front_deg", "leash_m"].map((name) => knobs.slider(name)),
    group(...["mirror", "foot_lock", "grounding"].map((name) => knobs.switch(name))),
    group(...["keep_moving", "music_only", "idle"].map((name) => knobs.switch(name)), knobs.trigger("reset")),
  ];
  return makePanel("dance", "Dance", true, ...children);
}

/** Who tells the beat, and where it is. */
export function beatPanel(knobs: Knobs, live: Live, clapTest: HTMLElement): Panel {
  const clocks = knobs.spec("clock")?.description.match(/\b(auto|audio|tap|midi|link)\b/g) ?? [];
  const total = knobs.field("nudge");
  live.on("controls", () => {
    total.title = "All nudges together";
  });
  total.append(
    button("−", () => nudge(knobs, -1), { "aria-label": "Nudge the beat back", class: "small" }),
    button("+", () => nudge(knobs, 1), { "aria-label": "Nudge the beat forward", class: "small" }),
  );
  return makePanel(
    "beat",
    "Beat",
    true,
    element(
      "div",
      { class: "buttons" },
      knobs.trigger("tap", "Tap"),
      knobs.trigger("half", "½ ×"),
      knobs.trigger("double", "2 ×"),
    ),
    knobs.choice("clock", [...new Set(clocks)], null),
    knobs.field("bpm"),
    total,
    knobs.slider("offset_ms"),
    clapTest,
  );
}

/** Controls that a newer bridge has and this page has no place for; null when there are none. */
export function otherPanel(knobs: Knobs): Panel | null {
  const names = knobs.left.filter((name) => !ELSEWHERE.includes(name));
  return names.length === 0 ? null : makePanel("other", "More", false, ...names.map((name) => knobs.widget(name)));
}
