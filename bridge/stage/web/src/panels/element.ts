type Child = Node | string;

/** A DOM element with attributes and children; an attribute that is false is left out, one that is true is empty. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string | number | boolean> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false) made.setAttribute(name, value === true ? "" : String(value));
  }
  made.append(...children);
  return made;
}

/** A button that does something. */
export function button(text: string, press: () => void, attributes: Record<string, string> = {}): HTMLButtonElement {
  const made = element("button", { type: "button", ...attributes }, text);
  made.addEventListener("click", press);
  return made;
}

/** Sets a text only where it differs, so that screen readers and the layout have peace. */
export function setText(node: HTMLElement, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}

/** Shows texts in a place, each for so long only: what tells of a moment must not stand there when that is long past. */
export function passing(node: HTMLElement, shownMs: number): (text: string) => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return (text) => {
    clearTimeout(timer);
    setText(node, text);
    if (text !== "") timer = setTimeout(() => setText(node, ""), shownMs);
  };
}

/** What an error says to people. */
export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** So long a trouble of a moment is shown. */
export const TROUBLE_MS = 9000;

/** A canvas as sharp as the screen, and its 2D context; `draw` works in CSS pixels of the size that it is given. */
export function sharpCanvas(label: string): {
  canvas: HTMLCanvasElement;
  context: CanvasRenderingContext2D;
  fitToScreen(): boolean;
} {
  const canvas = element("canvas", { role: "img", "aria-label": label });
  const context = canvas.getContext("2d");
  if (!context) throw new Error("This browser draws no 2D canvas.");
  const fitToScreen = (): boolean => {
    const scale = window.devicePixelRatio || 1;
    const width = Math.round(canvas.clientWidth * scale);
    const height = Math.round(canvas.clientHeight * scale);
    if (width === 0 || height === 0) return false;
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
    }
    context.setTransform(scale, 0, 0, scale, 0, 0);
    return true;
  };
  return { canvas, context, fitToScreen };
}

/** Calls back once a drawn frame as long as the element can be seen. */
export function onFrame(seen: HTMLElement, draw: (nowMs: number) => void): void {
  const frame = (nowMs: number): void => {
    if (seen.clientHeight > 0 && document.visibilityState === "visible") draw(nowMs);
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}
