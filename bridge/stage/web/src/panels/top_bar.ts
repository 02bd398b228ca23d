import type { Link, Live } from "../wire/live";
import { button, element, passing, setText } from "./element";
import type { Knobs } from "./knobs";

const LINKS: Record<Link, string> = {
  connecting: "connecting",
  open: "live",
  lost: "lost, trying again",
  refused: "refused",
};

const REFUSAL_MS = 6000;

/** What must always be seen and always be reached: state, why nobody dances, link, notices, freeze and panic. */
export function topBar(live: Live, knobs: Knobs, help: () => void): { root: HTMLElement; messages: HTMLElement } {
  const state = element("strong", { id: "state", role: "status" }, "–");
  const link = element("span", { id: "link", role: "status" });
  // Chromium makes whatever scrolls a stop of the Tab key; here that is for what can be pressed.
  const notices = element("div", { id: "notices", role: "status", "aria-live": "polite", tabindex: "-1" });
  const why = element("div", { id: "why", role: "status", "aria-live": "polite", tabindex: "-1" });
  const refusal = element("div", { id: "refusal", role: "alert", tabindex: "-1" });
  const freeze = knobs.switch("freeze", "Freeze");
  freeze.classList.add("big");
  const panic = knobs.trigger("panic", "Panic");
  panic.classList.add("big", "panic");
  const watching = element("span", { id: "watching", hidden: live.maySteer }, "you watch");
  const record = element("span", { id: "recording", role: "status" });
  const refuse = passing(refusal, REFUSAL_MS);
  const show = (): void => {
    // What is no longer sent is not shown: it would be of a moment that is past.
    const { isPresent } = live;
    const { status, why: still, controls } = live.latest;
    const reason = isPresent ? still.text : "";
    const lines = isPresent ? live.latest.notices.filter((line) => line !== reason) : [];
    if (live.link === "refused") lines.push("This stage wants its token: open the address that the bridge prints.");
    if (live.link === "lost") lines.push("The bridge does not answer. The page goes on as soon as it does.");
    if (live.link === "open" && !isPresent) {
      const silentS = Math.floor(live.silentMs / 1000);
      lines.push(`The bridge has sent nothing for ${silentS} s. The page goes on as soon as it does.`);
    }
    setText(notices, lines.join("\n"));
    notices.hidden = lines.length === 0;
    setText(why, reason);
    why.hidden = reason === "";
    const shown = isPresent ? status.state : "";
    setText(state, shown || "–");
    document.documentElement.dataset.state = shown;
    setText(record, isPresent && Number(controls.record) ? "● marking" : "");
  };
  live.on("link", (now) => {
    setText(link, LINKS[now]);
    document.documentElement.dataset.link = now;
    show();
    if (now !== "open") refuse("");
  });
  live.on("second", show);
  live.on("controls", show);
  setInterval(show, 1000);
  live.on("refused", ({ reason }) => refuse(`Refused: ${reason.replace("/dance/control/", "")}`));
  const messages = element("div", { class: "messages" }, why, notices, refusal);
  const root = element(
    "header",
    { class: "top" },
    element("div", { class: "state" }, state, link, watching, record),
    element(
      "div",
      { class: "actions" },
      button("?", help, { class: "help-button", "aria-label": "Keys" }),
      freeze,
      panic,
    ),
  );
  return { root, messages };
}
