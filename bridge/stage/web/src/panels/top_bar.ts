import type { Link, Live } from "../wire/live";
import { button, element, setText } from "./element";
import type { Knobs } from "./knobs";

const LINKS: Record<Link, string> = {
  connecting: "connecting",
  open: "live",
  lost: "lost, trying again",
  refused: "refused",
};

/** What must always be seen and always be reached: state, why nobody dances, link, notices, freeze and panic. */
export function topBar(live: Live, knobs: Knobs, help: () => void): HTMLElement {
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
  const record = element("span", { id: "recording", role: "status" });
  let refusalTimer: ReturnType<typeof setTimeout> | undefined;
  const showNotices = (): void => {
    const reason = live.link === "open" ? live.news.why.text : "";
    const lines = live.link === "open" ? live.news.notices.filter((line) => line !== reason) : [];
    if (live.link === "refused") lines.unshift("This stage wants its token: open the address that the bridge prints.");
    if (live.link === "lost") lines.unshift("The bridge does not answer. The page goes on as soon as it does.");
    setText(notices, lines.join("\n"));
    notices.hidden = lines.length === 0;
    setText(why, reason);
    why.hidden = reason === "";
  };
  live.on("link", (now) => {
    setText(link, LINKS[now]);
    document.documentElement.dataset.link = now;
    showNotices();
  });
  live.on("second", ({ status }) => {
    setText(state, status.state || "–");
    document.documentElement.dataset.state = status.state;
    showNotices();
  });
  live.on("controls", ({ controls }) => setText(record, Number(controls.record) ? "● marking" : ""));
  live.on("refused", ({ reason }) => {
    clearTimeout(refusalTimer);
    setText(refusal, `Refused: ${reason.replace("/dance/control/", "")}`);
    refusalTimer = setTimeout(() => setText(refusal, ""), 6000);
  });
  return element(
    "header",
    { class: "top" },
    element("div", { class: "state" }, state, link, record),
    element("div", { class: "messages" }, why, notices, refusal),
    button("?", help, { class: "help-button", "aria-label": "Keys and MIDI" }),
    freeze,
    panic,
  );
}
