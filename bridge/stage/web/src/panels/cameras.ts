import type { StageView } from "../stage/view";
import { button, element, passing, TROUBLE_MS, wordsOf } from "./element";
import { recall, remember } from "./storage";

/** Where the stage is seen from, and the way into VR. */
export function cameraBar(stage: StageView): { root: HTMLElement; choose(index: number): void } {
  const problem = element("span", { class: "problem", role: "alert" });
  const tell = passing(problem, TROUBLE_MS);
  const choose = (index: number): void => {
    const name = stage.cameras[index];
    if (name === undefined) return;
    stage.setCamera(name);
    remember("camera", name);
    mark();
  };
  const buttons = stage.cameras.map((name, index) =>
    button(name, () => choose(index), { "data-camera": name, title: `Camera ${name} (${index + 1})` }),
  );
  const mark = (): void => {
    for (const made of buttons) made.setAttribute("aria-pressed", String(made.dataset.camera === stage.camera));
  };
  const vr = button("Enter VR", () => {
    tell("");
    stage.enterVr().catch((error: unknown) => tell(wordsOf(error)));
  });
  vr.id = "enter-vr";
  vr.className = "primary";
  vr.hidden = true;
  const faces = button(
    "Face me",
    () => {
      stage.facesViewer = !stage.facesViewer;
      remember("facesViewer", stage.facesViewer);
      faces.setAttribute("aria-checked", String(stage.facesViewer));
    },
    { role: "switch", class: "switch", title: "In VR the dance turns its front to you" },
  );
  faces.id = "face-me";
  stage.facesViewer = recall("facesViewer", true);
  faces.setAttribute("aria-checked", String(stage.facesViewer));
  faces.hidden = true;
  void stage.canEnterVr.then((can) => {
    vr.hidden = faces.hidden = !can;
  });
  const remembered = stage.cameras.indexOf(recall<string>("camera", ""));
  if (remembered >= 0) choose(remembered);
  mark();
  const root = element("nav", { class: "cameras", "aria-label": "Cameras" }, ...buttons, faces, vr, problem);
  return { root, choose };
}
