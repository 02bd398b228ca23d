import { helpDialog, listenToKeys, type Shortcut } from "../input/keys";
import { midiLearn } from "../input/midi";
import type { StageView } from "../stage/view";
import type { About, Live } from "../wire/live";
import { cameraBar } from "./cameras";
import { clapTest } from "./clap_test";
import { dancersPanel } from "./dancers";
import { button, element } from "./element";
import { healthPanel } from "./health";
import { joinPanel } from "./join";
import { Knobs } from "./knobs";
import { musicPanel } from "./music";
import type { Panel } from "./panel";
import { presetsPanel } from "./presets";
import { beatPanel, dancePanel, nudge, otherPanel, reroll } from "./steering";
import { takesPanel } from "./takes";
import { topBar } from "./top_bar";

/**
 * Puts everything around the stage: what is heard on the left, what steers on the right, health beneath.
 * Who may only watch gets nothing that steers, and no takes.
 */
export function mountPanels(root: HTMLElement, live: Live, stage: StageView, about: About): void {
  const { maySteer } = about;
  const knobs = new Knobs(live, maySteer ? about.controls : []);
  const bar = topBar(live, knobs, () => dialog.showModal());
  const cameras = cameraBar(stage);
  const left = [
    musicPanel(live, stage, knobs),
    dancersPanel(stage),
    ...(maySteer ? [takesPanel(live, stage, knobs), presetsPanel(live, knobs)] : []),
    joinPanel(live, about),
  ];
  const right = maySteer
    ? [dancePanel(knobs, about), beatPanel(knobs, live, clapTest(live, stage, knobs, about)), otherPanel(knobs)]
    : [];
  const steering: Shortcut[] = [
    { keys: [" "], shown: "Space", does: "Freeze, or go on", run: () => knobs.toggle("freeze") },
    {
      keys: ["Escape"],
      shown: "Esc",
      does: "Panic: ease into standing idle; also closes this",
      run: () => knobs.ask("panic"),
    },
    { keys: ["i"], shown: "I", does: "Idle, or dance again", run: () => knobs.toggle("idle") },
    { keys: ["t"], shown: "T", does: "Tap the beat", run: () => knobs.ask("tap") },
    { keys: ["ArrowLeft"], shown: "←", does: "Nudge the beat back", run: () => nudge(knobs, -1) },
    { keys: ["ArrowRight"], shown: "→", does: "Nudge the beat forward", run: () => nudge(knobs, 1) },
    { keys: ["n"], shown: "N", does: "Next phrase, on the next beat", run: () => knobs.ask("next_phrase") },
    { keys: ["r"], shown: "R", does: "Re-roll: another dance", run: () => reroll(knobs) },
    { keys: ["m"], shown: "M", does: "Mirror left and right", run: () => knobs.toggle("mirror") },
  ];
  const watching: Shortcut[] = [
    {
      keys: stage.cameras.slice(0, 9).map((_, index) => String(index + 1)),
      shown: "1 – 9",
      does: "Cameras",
      run: (key) => cameras.choose(Number(key) - 1),
    },
    { keys: ["h"], shown: "H", does: "Hide everything but the stage, or show it", run: () => hide() },
    {
      keys: ["d"],
      shown: "D",
      does: "Draw the stage, or not",
      run: () => {
        stage.drawn = !stage.drawn;
      },
    },
    { keys: ["?"], shown: "?", does: "This", run: () => dialog.showModal() },
  ];
  const keys = maySteer ? [...steering, ...watching] : watching;
  const dialog = helpDialog(keys, maySteer ? midiLearn(knobs) : null);
  const hide = (): void => {
    const isClean = document.documentElement.classList.toggle("is-clean");
    if (isClean && document.activeElement instanceof HTMLElement) document.activeElement.blur();
  };
  const columns: Column[] = [
    ["left", "Music", left],
    ["right", "Steering", right.filter((panel) => panel !== null)],
    ["bottom", "Health", [healthPanel(live, stage, about)]],
  ];
  const shown = columns.filter(([, , panels]) => panels.length > 0);
  const sides = shown.map(([side, title, panels]) =>
    element(
      "div",
      { class: `side ${side}`, id: `side-${side}`, role: "region", "aria-label": title },
      ...panels.map((p) => p.root),
    ),
  );
  root.append(bar.root, bar.messages, tabs(shown, sides), ...sides, cameras.root, dialog);
  listenToKeys(keys);
}

/** Its side of the page, its title, and what is in it. */
type Column = [string, string, Panel[]];

/** On a phone one column at a time is shown; the tabs choose which. On wide screens there are none. */
function tabs(columns: Column[], sides: HTMLElement[]): HTMLElement {
  const buttons = columns.map(([side, title], index) =>
    button(title, () => choose(index), { "aria-controls": `side-${side}`, "data-side": side }),
  );
  const choose = (chosen: number): void => {
    for (let i = 0; i < sides.length; i++) {
      sides[i].classList.toggle("is-chosen", i === chosen);
      buttons[i].setAttribute("aria-pressed", String(i === chosen));
    }
  };
  choose(columns.length > 2 ? 1 : 0);
  return element("nav", { class: "tabs", "aria-label": "Panels" }, ...buttons);
}
