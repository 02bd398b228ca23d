import type { About, Live } from "../wire/live";
import { element, setText, wordsOf } from "./element";
import { makePanel, type Panel } from "./panel";

const ALONE =
  "Only this machine sees this stage. With --stage 0.0.0.0:39542 it is shown to telephones and headsets on the network too.";
const HOW = "Point a telephone's or a headset's camera at it.";
const WHO = { steer: "It lets in, so show it to those who may steer.", watch: "Who comes by it can only watch." };

/** How others come to this page: its address on the network, as a QR code that holds the token. */
export function joinPanel(live: Live, about: About): Panel {
  const picture = element("img", { class: "code", alt: "QR code of this page's address", hidden: true });
  const address = element("select", { "aria-label": "Address of this machine", hidden: true });
  const remote = element("input", { type: "checkbox", id: "join-remote" });
  const watch = element("input", { type: "checkbox", id: "join-watch", checked: !about.maySteer });
  const choice = element(
    "div",
    { hidden: true },
    element("label", { class: "check" }, remote, "As a remote control, without the stage"),
    element("label", { class: "check" }, watch, "Only to watch, for an audience"),
  );
  const words = element("p", { class: "quiet" });
  const panel = makePanel("join", "Telephone or headset", false, picture, address, choice, words);
  const show = (): void => {
    const isThere = address.value !== "";
    picture.hidden = address.hidden = !isThere;
    choice.hidden = !isThere || !about.maySteer;
    const source = `addresses/${address.value}.svg${watch.checked ? "?watch" : remote.checked ? "?remote" : ""}`;
    if (isThere) setText(words, `${HOW} ${watch.checked ? WHO.watch : WHO.steer}`);
    if (isThere && picture.getAttribute("src") !== source) picture.src = source;
  };
  const refresh = async (): Promise<void> => {
    if (!panel.isOpen || live.link !== "open") return;
    try {
      const answer = await fetch("addresses", { cache: "no-store" });
      if (!answer.ok) throw new Error(`The bridge does not tell its address (${answer.status}).`);
      const addresses = (await answer.json()) as string[];
      const before = address.selectedOptions[0]?.textContent ?? location.origin;
      address.replaceChildren(...addresses.map((url, index) => element("option", { value: index }, bare(url))));
      // The address by which somebody came here is the one that is known to work.
      address.value = String(Math.max(0, addresses.map(bare).indexOf(bare(before))));
      picture.removeAttribute("src"); // another network, another code
      if (addresses.length === 0) setText(words, ALONE);
    } catch (error) {
      address.replaceChildren();
      setText(words, wordsOf(error));
    }
    show();
  };
  address.addEventListener("change", show);
  for (const one of [remote, watch]) {
    one.addEventListener("change", () => {
      if (one.checked) (one === remote ? watch : remote).checked = false; // who only watches steers nothing
      show();
    });
  }
  panel.root.querySelector(".fold")?.addEventListener("click", () => void refresh());
  live.on("link", (link) => {
    if (link === "open") void refresh();
  });
  return panel;
}

/** An address without what a browser adds to it. */
function bare(url: string): string {
  return url.replace(/\/$/, "");
}
