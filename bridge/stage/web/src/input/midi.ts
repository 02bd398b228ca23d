import { button, element, setText } from "../panels/element";
import type { Knobs } from "../panels/knobs";
import { recall, remember } from "../panels/storage";
import { askedBy, forgotten, isMappable, learned, type MidiMap, type MidiSource, nameOf, readMidi } from "./midi_map";

/** Lets any knob or pad move any control: choose the control, press learn, move the knob. Kept by this browser. */
export function midiLearn(knobs: Knobs): HTMLElement {
  let map = recall<MidiMap>("midi", {});
  let learning: string | null = null;
  let access: MIDIAccess | null = null;
  const values = new Map<MidiSource, number>();
  const words = element("p", { role: "status", id: "midi-words" });
  const list = element("ul", { class: "list", id: "midi-map" });
  const select = element("select", { "aria-label": "Control to move by MIDI", id: "midi-control" });
  for (const name of knobs.names) {
    const spec = knobs.spec(name);
    if (spec && isMappable(spec)) select.append(element("option", { value: name }, knobs.titleOf(name)));
  }
  const show = (): void => {
    remember("midi", map);
    list.replaceChildren(
      ...(Object.entries(map) as [MidiSource, string][]).map(([source, name]) =>
        element(
          "li",
          { "data-source": source },
          `${knobs.titleOf(name)}: ${nameOf(source)} `,
          button(
            "Forget",
            () => {
              map = forgotten(map, source);
              show();
            },
            { "aria-label": `Forget ${nameOf(source)}` },
          ),
        ),
      ),
    );
  };
  const hear = (message: Event): void => {
    const event = readMidi((message as MIDIMessageEvent).data ?? []);
    if (!event) return;
    const before = values.get(event.source);
    values.set(event.source, event.value);
    if (learning !== null) {
      map = learned(map, event.source, learning);
      setText(words, `${knobs.titleOf(learning)} is moved by ${nameOf(event.source)}.`);
      learning = null;
      show();
      return;
    }
    const spec = knobs.spec(map[event.source] ?? "");
    if (!spec) return;
    const ask = askedBy(event, spec, before, knobs.isOn(spec.name));
    if (ask) knobs.ask(ask.name, ask.value);
  };
  const plug = (): void => {
    for (const input of access?.inputs.values() ?? []) input.onmidimessage = hear;
  };
  const open = async (): Promise<boolean> => {
    if (access) return true;
    if (!navigator.requestMIDIAccess) {
      setText(words, "This browser speaks no MIDI (Chrome, Edge and Firefox do, over HTTPS or from this machine).");
      return false;
    }
    try {
      access = await navigator.requestMIDIAccess();
    } catch {
      setText(words, "The browser was not allowed to use MIDI.");
      return false;
    }
    access.onstatechange = plug;
    plug();
    return true;
  };
  const learn = button(
    "Learn",
    async () => {
      if (!(await open())) return;
      learning = select.value;
      const numInputs = access?.inputs.size ?? 0;
      setText(
        words,
        numInputs > 0
          ? `Now move the knob for ${knobs.titleOf(learning)}.`
          : "No MIDI device is plugged in; plug one in and move it.",
      );
    },
    { id: "midi-learn" },
  );
  show();
  if (Object.keys(map).length > 0) void open(); // it was allowed before
  return element("div", { class: "midi" }, element("div", { class: "buttons" }, select, learn), words, list);
}
