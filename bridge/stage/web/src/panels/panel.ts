import { element } from "./element";
import { recall, remember } from "./storage";

/** A part of the page with a title that folds it away; whether it is folded is remembered. */
export interface Panel {
  readonly root: HTMLElement;
  readonly body: HTMLElement;
  readonly isOpen: boolean;
  setOpen(isOpen: boolean): void;
}

/** Makes a panel; `id` is for the page's memory, for links and tests. */
export function makePanel(id: string, title: string, isOpenAtFirst: boolean, ...children: Node[]): Panel {
  const body = element("div", { class: "panel-body", id: `${id}-body` }, ...children);
  const fold = element("button", { type: "button", class: "fold", "aria-controls": body.id }, title);
  const root = element(
    "section",
    { class: "panel", id: `panel-${id}`, "aria-label": title },
    element("h2", {}, fold),
    body,
  );
  const setOpen = (isOpen: boolean): void => {
    body.hidden = !isOpen;
    fold.setAttribute("aria-expanded", String(isOpen));
    remember(`open.${id}`, isOpen);
  };
  fold.addEventListener("click", () => setOpen(body.hidden !== false));
  setOpen(recall<boolean>(`open.${id}`, isOpenAtFirst));
  return {
    root,
    body,
    get isOpen() {
      return body.hidden === false;
    },
    setOpen,
  };
}
