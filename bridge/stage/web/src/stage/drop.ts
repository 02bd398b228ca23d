import { passing, TROUBLE_MS, wordsOf } from "../panels/element";
import type { StageView } from "./view";
import "./drop.css";

const WEAR = "Let the dancer wear it";
const JOIN = "Let it dance beside";

/** What was set up. */
export interface Drops {
  /** Tells people of a trouble, such as an avatar that cannot be worn; null, that it is over. */
  tell(error: unknown): void;
  /** Where that stands; it may be moved. */
  readonly problem: HTMLElement;
}

/** Lets avatars be dropped anywhere on the page: one half for the dancer to wear, the other to dance beside it. */
export function acceptDrops(page: HTMLElement, stage: StageView): Drops {
  const overlay = page.appendChild(document.createElement("div"));
  overlay.className = "drop";
  const zones = [WEAR, JOIN].map((text) => {
    const zone = overlay.appendChild(document.createElement("div"));
    zone.textContent = text;
    return zone;
  });
  const problem = page.appendChild(document.createElement("div"));
  problem.className = "drop-problem";
  problem.setAttribute("role", "alert");

  const open = (isOpen: boolean, clientX = 0): void => {
    overlay.classList.toggle("is-open", isOpen);
    const isLeft = clientX < window.innerWidth / 2;
    zones[0].classList.toggle("is-under", isOpen && isLeft);
    zones[1].classList.toggle("is-under", isOpen && !isLeft);
  };
  const say = passing(problem, TROUBLE_MS);
  const tell = (error: unknown): void => say(error === null ? "" : wordsOf(error));
  const take = async (files: File[], isLeft: boolean): Promise<void> => {
    const [first, ...others] = files;
    const wearer = stage.dancers.find(({ dances }) => dances === "live");
    if (isLeft && wearer) await stage.changeAvatar(wearer.id, first);
    else await stage.addDancer(first);
    for (const file of others) await stage.addDancer(file);
  };

  window.addEventListener("dragover", (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    open(true, event.clientX);
  });
  window.addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) open(false);
  });
  window.addEventListener("drop", (event) => {
    const files = [...(event.dataTransfer?.files ?? [])];
    open(false);
    if (files.length === 0) return;
    event.preventDefault();
    take(files, event.clientX < window.innerWidth / 2).catch(tell);
  });
  return { tell, problem };
}
