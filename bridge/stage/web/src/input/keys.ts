import { button, element } from "../panels/element";

/** One key, and what it does. */
export interface Shortcut {
  /** As `KeyboardEvent.key` has it, letters small. */
  keys: readonly string[];
  shown: string;
  does: string;
  run(key: string): void;
}

/** Whether keys are for writing, or for the widget that has the focus. */
function isTaken(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return true;
  const target = event.target;
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.matches("select, textarea")) return true;
  if (target instanceof HTMLInputElement) return target.type !== "range" || event.key.startsWith("Arrow");
  return target.matches("button, a[href]") && (event.key === " " || event.key === "Enter");
}

/** Listens to the keyboard, but never while somebody types, nor while a dialog is open. */
export function listenToKeys(shortcuts: readonly Shortcut[]): void {
  const byKey = new Map(shortcuts.flatMap((shortcut) => shortcut.keys.map((key) => [key, shortcut] as const)));
  document.addEventListener("keydown", (event) => {
    if (document.querySelector("dialog[open]")) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (key !== "Escape" && isTaken(event)) return;
    const shortcut = byKey.get(key);
    if (!shortcut || event.repeat) return;
    event.preventDefault();
    shortcut.run(key);
  });
}

/** A dialog that tells the keys, and holds the map of MIDI where there is one. The browser keeps the focus in it, and Escape closes it. */
export function helpDialog(shortcuts: readonly Shortcut[], midi: HTMLElement | null): HTMLDialogElement {
  const rows = shortcuts.map(({ shown, does }) => [
    element("dt", {}, element("kbd", {}, shown)),
    element("dd", {}, does),
  ]);
  const dialog: HTMLDialogElement = element(
    "dialog",
    { "aria-label": midi ? "Keys and MIDI" : "Keys", id: "help" },
    element("h2", {}, "Keys"),
    element("dl", {}, ...rows.flat()),
    ...(midi ? [element("h2", {}, "MIDI"), midi] : []),
    button("Close", () => dialog.close()),
  );
  return dialog;
}
