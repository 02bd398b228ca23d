import type { Live } from "../wire/live";
import { button, element, setText } from "./element";
import type { Knobs } from "./knobs";
import { makePanel, type Panel } from "./panel";

/** When to look for a file that the bridge writes: at once where all is well, later on a busy machine. */
const WRITING_MS = [300, 1200, 4000];

/** Positions of the knobs that the bridge keeps: recalled by a press, saved under a name. */
export function presetsPanel(live: Live, knobs: Knobs): Panel {
  const list = element("div", { class: "buttons", id: "presets" });
  const name = element("input", {
    type: "text",
    name: "save_preset",
    "aria-label": "Name of the new preset",
    placeholder: "name",
    maxlength: 64,
    autocomplete: "off",
  });
  const form = element("form", { class: "knob field" }, name, element("button", { type: "submit" }, "Save"));
  const panel = makePanel("presets", "Presets", false, list, form);
  const refresh = async (): Promise<void> => {
    if (!panel.isOpen || live.link !== "open") return;
    try {
      const names = (await (await fetch("presets", { cache: "no-store" })).json()) as string[];
      list.replaceChildren(
        ...names.map((preset) => button(preset, () => knobs.ask("preset", preset), { "data-preset": preset })),
      );
      if (names.length === 0) list.append(element("span", { class: "quiet" }, "None yet."));
    } catch {
      // the link tells that the bridge is away; the old list stays
    }
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    knobs.ask("save_preset", name.value.trim());
    for (const waitMs of WRITING_MS) setTimeout(refresh, waitMs);
  });
  live.on("link", (link) => {
    if (link === "open") void refresh();
  });
  panel.root.querySelector(".fold")?.addEventListener("click", () => void refresh());
  setText(list, "");
  return panel;
}
