import type { Arrangement, DancerInfo, StageView } from "../stage/view";
import { button, element, passing, TROUBLE_MS, wordsOf } from "./element";
import { makePanel, type Panel } from "./panel";
import { recall, remember } from "./storage";

/** Who is on the stage: avatars, places, mirrors and canons. */
export function dancersPanel(stage: StageView): Panel {
  const list = element("ul", { class: "list", id: "dancers" });
  const problem = element("p", { class: "problem", role: "alert" });
  const tell = passing(problem, TROUBLE_MS);
  const attempt = async (what: Promise<unknown>): Promise<void> => {
    tell("");
    try {
      await what;
    } catch (error) {
      tell(wordsOf(error));
    }
  };
  const add = filePicker("Add a dancer", (file) => void attempt(stage.addDancer(file)));
  const faces = button(
    "Faces",
    () => {
      stage.isExpressive = !stage.isExpressive;
      remember("isExpressive", stage.isExpressive);
      faces.setAttribute("aria-checked", String(stage.isExpressive));
    },
    { role: "switch", class: "switch", id: "faces", title: "Faces go with the energy of the dance" },
  );
  stage.isExpressive = recall("isExpressive", true);
  faces.setAttribute("aria-checked", String(stage.isExpressive));
  const panel = makePanel("dancers", "Dancers", false, list, element("div", { class: "buttons" }, add, faces), problem);
  const number = (
    dancer: DancerInfo,
    title: string,
    unit: string,
    step: number,
    key: keyof Arrangement,
  ): HTMLElement => {
    const input = element("input", {
      type: "number",
      step,
      value: Number(dancer[key]),
      "aria-label": `${title} of ${dancer.name}`,
    });
    input.addEventListener("change", () => {
      if (input.value !== "") stage.changeDancer(dancer.id, { [key]: Number(input.value) });
    });
    return element("label", {}, title, input, element("span", { class: "unit" }, unit));
  };
  const flip = (dancer: DancerInfo, title: string, key: "mirrored" | "loops"): HTMLElement =>
    button(title, () => stage.changeDancer(dancer.id, { [key]: !dancer[key] }), {
      role: "switch",
      "aria-checked": String(dancer[key]),
      class: "switch",
    });
  const row = (dancer: DancerInfo): HTMLElement => {
    return element(
      "li",
      {},
      element("div", { class: "name" }, dancer.name),
      element("div", { class: "quiet" }, dancer.dances === "live" ? "dances live" : `dances ${dancer.dances}`),
      element(
        "div",
        { class: "places" },
        number(dancer, "Left", "m", 0.25, "x"),
        number(dancer, "Front", "m", 0.25, "z"),
        number(dancer, "Turn", "°", 15, "turnDegrees"),
        number(dancer, "Delay", "ms", 50, "delayMs"),
      ),
      element(
        "div",
        { class: "buttons" },
        flip(dancer, "Mirror", "mirrored"),
        ...(dancer.dances === "live" ? [] : [flip(dancer, "Loop", "loops")]),
        filePicker("Avatar", (file) => void attempt(stage.changeAvatar(dancer.id, file))),
        button("Remove", () => stage.removeDancer(dancer.id), { "aria-label": `Remove ${dancer.name}` }),
      ),
    );
  };
  const show = (): void => {
    if (list.contains(document.activeElement) && document.activeElement instanceof HTMLInputElement) return;
    list.replaceChildren(...stage.dancers.map(row));
  };
  list.addEventListener("focusout", () => setTimeout(show, 0));
  stage.onDancers(show);
  show();
  return panel;
}

/** A button that asks for an avatar's file. */
function filePicker(text: string, chosen: (file: File) => void): HTMLElement {
  const input = element("input", { type: "file", accept: ".vrm,.glb", hidden: true, "aria-label": text });
  input.addEventListener("change", () => {
    const file = input.files?.[0];
    if (file) chosen(file);
    input.value = "";
  });
  return element(
    "span",
    { class: "picker" },
    button(`${text} …`, () => input.click()),
    input,
  );
}
