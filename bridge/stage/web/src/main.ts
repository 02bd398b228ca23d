import { mountPanels } from "./panels/panels";
import { acceptDrops } from "./stage/drop";
import { watchCovered } from "./stage/framing";
import { Stage } from "./stage/stage";
import { fetchAbout } from "./wire/about";
import { connect } from "./wire/connection";
import type { Live } from "./wire/live";

declare global {
  interface Window {
    /** What tests and the console may look at. */
    transflowerStage?: { readonly stage: Stage; readonly live: Live };
  }
}

const RETRY_MS = 2000;
/** The address of a remote control: the page without its stage. */
const REMOTE = "#remote";

/** What does not change, as soon as the bridge tells; until then people are told why there is nothing to see. */
async function about(tell: (error: unknown) => void): ReturnType<typeof fetchAbout> {
  for (;;) {
    try {
      return await fetchAbout();
    } catch (error) {
      tell(error);
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

async function main(): Promise<void> {
  const canvas = document.querySelector<HTMLCanvasElement>("#stage");
  if (canvas === null) throw new Error("The page has no #stage");
  const panels = document.querySelector<HTMLElement>("#panels") ?? document.body;
  const live = connect();
  const stage = new Stage(canvas, live);
  stage.drawn = location.hash !== REMOTE;
  window.transflowerStage = Object.freeze({ stage, live });
  const drops = acceptDrops(document.body, stage);
  stage.begin().catch(drops.tell);
  mountPanels(panels, live, stage, await about(drops.tell));
  watchCovered(canvas, panels, (belowPx) => stage.cover(belowPx));
}

void main();
