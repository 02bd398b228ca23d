import type { ControlSpec, Live } from "../wire/live";
import { button, element, setText } from "./element";
import { ANSWER_MS, Switches } from "./switches";

/** So long a value that the user has set stays, although the bridge has not yet confirmed it. */
const HOLD_MS = 700;
const FLASH_MS = 2500;
/** What turns switches over by itself. */
const TURN_OVER = ["panic", "reset", "preset"];

interface Knob {
  root: HTMLElement;
  show(value: number | string): void;
  /** When the user last had a hand on it. */
  heldAtMs: number;
}

/**
 * Makes what steers the bridge, from the bridge's own table of controls: ranges, units and help are those of the table.
 * All show what the bridge tells back. What it refuses flashes, with its reason, and shows the bridge's value again.
 */
export class Knobs {
  private readonly specs: Map<string, ControlSpec>;
  private readonly knobs = new Map<string, Knob[]>();
  private readonly switches: Switches;
  private lastAsked = "";

  constructor(
    private readonly live: Live,
    controls: readonly ControlSpec[],
  ) {
    this.specs = new Map(controls.map((spec) => [spec.name, spec]));
    this.switches = new Switches(live.latest);
    live.on("controls", () => this.showAll());
    live.on("refused", ({ reason }) => this.flash(reason));
  }

  /** The controls of the bridge, in its order. */
  get names(): string[] {
    return [...this.specs.keys()];
  }

  /** The controls that nothing was made for yet. */
  get left(): string[] {
    return this.names.filter((name) => !this.knobs.has(name));
  }

  /** What a control is called. */
  titleOf(name: string): string {
    return this.need(name).title;
  }

  spec(name: string): ControlSpec | undefined {
    return this.specs.get(name);
  }

  /** Asks the bridge for something, as everything here does. */
  ask(name: string, value?: number | string | boolean): void {
    this.lastAsked = name;
    if (TURN_OVER.includes(name)) this.switches.forget();
    if (typeof value === "boolean" && this.live.link === "open") {
      this.switches.asked(name, value, performance.now());
      this.showAll();
      setTimeout(() => this.showAll(), ANSWER_MS); // should no answer come
    } else for (const knob of this.knobs.get(name) ?? []) knob.heldAtMs = performance.now();
    this.live.control(name, value);
  }

  /** Whether a switch is on, as it was last asked for or reported. */
  isOn(name: string): boolean {
    return this.switches.isOn(name, performance.now());
  }

  /** Turns a switch over. */
  toggle(name: string): void {
    this.ask(name, !this.isOn(name));
  }

  /** The best widget for a control by its kind alone. */
  widget(name: string): HTMLElement {
    const spec = this.specs.get(name);
    if (spec?.kind === "switch") return this.switch(name);
    if (spec?.kind === "trigger") return this.trigger(name);
    if (spec?.kind === "text") return this.field(name);
    return spec?.low != null && spec.high != null && spec.high - spec.low <= 1000
      ? this.slider(name)
      : this.field(name);
  }

  /** A number between its bounds: a slider, and a field for those who know the number. */
  slider(name: string): HTMLElement {
    const spec = this.need(name);
    const low = spec.low ?? 0;
    const high = spec.high ?? 1;
    const step = spec.kind === "whole" ? 1 : 10 ** Math.floor(Math.log10((high - low) / 100));
    const digits = Math.max(0, -Math.round(Math.log10(step)));
    const range = element("input", {
      type: "range",
      min: low,
      max: high,
      step,
      "aria-label": this.titleOf(name),
      "aria-describedby": `help-${name}`,
      name,
    });
    const number = element("input", {
      type: "number",
      step,
      "aria-label": `${this.titleOf(name)}${spec.unit ? `, ${spec.unit}` : ""}`,
      name: `${name}-number`,
    });
    const root = this.row(name, "slider", number, element("span", { class: "unit" }, spec.unit), range);
    range.addEventListener("input", () => {
      number.value = Number(range.value).toFixed(digits);
      fill(range);
      this.ask(name, Number(range.value));
    });
    number.addEventListener("change", () => {
      number.dataset.shown = number.value; // what was asked for is no longer being typed
      if (number.value !== "") this.ask(name, Number(number.value));
    });
    return this.add(name, root, (value) => {
      if (document.activeElement !== number || number.dataset.shown === number.value) {
        number.value = number.dataset.shown = Number(value).toFixed(digits);
      }
      range.value = String(value);
      fill(range);
    });
  }

  /** A field for a text or a number of many digits; it asks on Enter or when it is left. */
  field(name: string): HTMLElement {
    const spec = this.need(name);
    const isText = spec.kind === "text";
    const input = element("input", {
      type: isText ? "text" : "number",
      step: spec.kind === "whole" ? 1 : "any",
      "aria-label": this.titleOf(name),
      "aria-describedby": `help-${name}`,
      name,
      maxlength: 64,
      autocomplete: "off",
    });
    input.addEventListener("change", () => {
      input.dataset.shown = input.value;
      if (isText || input.value !== "") this.ask(name, isText ? input.value : Number(input.value));
    });
    const root = this.row(name, "field", input, element("span", { class: "unit" }, spec.unit));
    return this.add(name, root, (value) => {
      const text = typeof value === "number" ? String(Math.round(value * 100) / 100) : value;
      if (document.activeElement !== input || input.dataset.shown === input.value)
        input.value = input.dataset.shown = text;
    });
  }

  /** On or off. */
  switch(name: string, text = this.titleOf(name)): HTMLElement {
    const spec = this.need(name);
    const made = button(text, () => this.toggle(name), {
      role: "switch",
      "aria-checked": "false",
      class: "switch",
      title: spec.description,
      "data-control": name,
    });
    return this.add(name, made, () => made.setAttribute("aria-checked", String(this.isOn(name))));
  }

  /** Something that happens once. */
  trigger(name: string, text = this.titleOf(name)): HTMLElement {
    const made = button(text, () => this.ask(name), {
      title: this.need(name).description,
      class: "trigger",
      "data-control": name,
    });
    return this.add(name, made, () => {});
  }

  /** One of several texts, shown by their titles where they have some; the empty one is called by `none`. */
  choice(
    name: string,
    options: readonly string[],
    none: string | null,
    titles: Readonly<Record<string, string>> = {},
  ): HTMLElement {
    this.need(name);
    const select = element("select", { "aria-label": this.titleOf(name), "aria-describedby": `help-${name}`, name });
    if (none !== null) select.append(element("option", { value: "" }, none));
    for (const option of options) select.append(element("option", { value: option }, titles[option] ?? option));
    select.addEventListener("change", () => this.ask(name, select.value));
    return this.add(name, this.row(name, "choice", select), (value) => {
      const text = String(value);
      if (![...select.options].some((option) => option.value === text)) select.append(element("option", {}, text));
      select.value = text;
    });
  }

  private need(name: string): ControlSpec {
    const spec = this.specs.get(name);
    const title = name[0].toUpperCase() + name.slice(1).replaceAll("_", " ");
    return spec ?? { name, title, kind: "number", description: "", default: null, low: 0, high: 1, unit: "" };
  }

  private row(name: string, kind: string, ...inputs: Node[]): HTMLElement {
    const help = element("p", { class: "help", id: `help-${name}` }, this.need(name).description);
    const title = element("span", { class: "title", title: this.need(name).description }, this.titleOf(name));
    return element("div", { class: `knob ${kind}`, "data-control": name }, title, ...inputs, help);
  }

  private add(name: string, root: HTMLElement, show: Knob["show"]): HTMLElement {
    if (!this.specs.has(name)) root.hidden = true; // an older bridge does not know it
    const knob = { root, show, heldAtMs: Number.NEGATIVE_INFINITY };
    this.knobs.set(name, [...(this.knobs.get(name) ?? []), knob]);
    const value = this.live.latest.controls[name];
    if (value !== undefined) show(value);
    return root;
  }

  private showAll(): void {
    const nowMs = performance.now();
    let isHeld = false;
    for (const [name, knobs] of this.knobs) {
      const value = this.live.latest.controls[name];
      if (value === undefined) continue;
      for (const knob of knobs) {
        if (nowMs - knob.heldAtMs < HOLD_MS) isHeld = true;
        else knob.show(value);
      }
    }
    if (isHeld) setTimeout(() => this.showAll(), HOLD_MS);
  }

  private flash(reason: string): void {
    const name = this.names.find((known) => reason.includes(`/dance/control/${known} `)) ?? this.lastAsked;
    this.switches.refused(name);
    for (const knob of this.knobs.get(name) ?? []) {
      knob.heldAtMs = Number.NEGATIVE_INFINITY;
      for (const input of knob.root.querySelectorAll("input")) input.dataset.shown = input.value;
      knob.root.classList.add("refused");
      const help = knob.root.querySelector<HTMLElement>(".help");
      const before = this.need(name).description;
      if (help) setText(help, reason.replace("/dance/control/", ""));
      setTimeout(() => {
        knob.root.classList.remove("refused");
        if (help) setText(help, before);
      }, FLASH_MS);
    }
    this.showAll();
  }
}

/** Shows by colour how far a slider is pushed. */
function fill(range: HTMLInputElement): void {
  const part = (Number(range.value) - Number(range.min)) / (Number(range.max) - Number(range.min));
  range.style.setProperty("--part", `${100 * part}%`);
}
