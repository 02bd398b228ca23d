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

/** What must succeed, tried until it does; meanwhile the page shows why it does not. */
async function insist<T>(attempt: () => Promise<T>, tell: (error: unknown) => void): Promise<T> {
  for (;;) {
    try {
      const made = await attempt();
      tell(null);
      return made;
    } catch (error) {
      tell(error);
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

/** The token is in a cookie by now: it need not stay in the address, of which people take pictures and copies. */
function forgetToken(): void {
  const url = new URL(location.href);
  if (!url.searchParams.has("token")) return;
  url.searchParams.delete("token");
  history.replaceState(null, "", url);
}

async function main(): Promise<void> {
  forgetToken();
  const canvas = document.querySelector<HTMLCanvasElement>("#stage");
  if (canvas === null) throw new Error("The page has no #stage");
  const panels = document.querySelector<HTMLElement>("#panels") ?? document.body;
  const live = connect();
  const stage = new Stage(canvas, live);
  stage.drawn = location.hash !== REMOTE;
  window.transflowerStage = Object.freeze({ stage, live });
  const drops = acceptDrops(document.body, stage);
  void insist(() => stage.begin(), drops.tell);
  const about = await insist(fetchAbout, drops.tell);
  live.maySteer = about.maySteer;
  mountPanels(panels, live, stage, about);
  panels.querySelector(".messages")?.append(drops.problem);
  const covers = [...panels.children].filter((child) => !child.matches(".top")); // which has no ground of its own
  watchCovered(canvas, covers, (covered) => stage.cover(covered));
}

void main();
