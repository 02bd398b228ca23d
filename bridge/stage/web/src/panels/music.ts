import { Peak } from "../motion/easing";
import type { StageView } from "../stage/view";
import type { Live } from "../wire/live";
import { element, onFrame, setText } from "./element";
import type { Knobs } from "./knobs";
import { levelMeter } from "./level_meter";
import { makePanel, type Panel } from "./panel";
import { spectrogram } from "./spectrogram";

const BEATS_IN_BAR = 4;
const ONSET_FALL_S = 0.13;
const SOURCES: Record<string, string> = {
  audio: "heard in the sound",
  tap: "tapped",
  midi: "MIDI clock",
  link: "Ableton Link",
};

/** What the dancer hears: spectrum, onset, level, and the beat in time with the dance that is shown. */
export function musicPanel(live: Live, stage: StageView, knobs: Knobs): Panel {
  const tempo = element("span", { class: "figure", id: "tempo" }, "–");
  const sure = element("meter", { min: 0, max: 1, "aria-label": "How sure the tempo is" });
  const source = element("span", { id: "clock-source" });
  const onset = element("div", { class: "onset", "aria-hidden": "true" });
  const dots = Array.from({ length: BEATS_IN_BAR }, () => element("i"));
  const beats = element("div", { class: "beats", "aria-hidden": "true" }, ...dots);
  const meter = levelMeter(live, knobs);
  const panel = makePanel(
    "music",
    "Music",
    true,
    element(
      "div",
      { class: "tempo" },
      element("div", {}, tempo, element("span", { class: "unit" }, "bpm")),
      element("div", { class: "clock" }, beats, source, sure),
    ),
    element("div", { class: "heard" }, spectrogram(live), onset),
    meter.root,
  );
  const strength = new Peak(ONSET_FALL_S);
  let shownBeat = -1;
  live.on("heard", ({ audio }) => {
    strength.rise(audio.onset);
  });
  onFrame(panel.body, (nowMs) => {
    onset.style.transform = `scaleY(${Math.min(1, strength.at(nowMs)).toFixed(3)})`;
    const { beat } = live.latest;
    // The dance is shown later than it came, so the beat is too: both are of the same moment of the music.
    const ageMs = nowMs - beat.atMs - stage.drawing.delayMs;
    const beatsNow = beat.beat + beat.phase + (Number.isFinite(ageMs) ? (ageMs / 60000) * beat.bpm : 0);
    const inBar = ((Math.floor(beatsNow) % BEATS_IN_BAR) + BEATS_IN_BAR) % BEATS_IN_BAR;
    const isMoving = beat.bpm > 0 && nowMs - beat.atMs < 1000;
    const glow = isMoving ? (1 - (beatsNow - Math.floor(beatsNow))) ** 2 * (0.3 + 0.7 * beat.confidence) : 0;
    if (shownBeat !== inBar) for (let i = 0; i < BEATS_IN_BAR; i++) dots[i].style.opacity = "";
    shownBeat = inBar;
    dots[inBar].style.opacity = (0.25 + 0.75 * glow).toFixed(2);
    meter.draw();
  });
  live.on("second", () => {
    const { beat, clock } = live.latest;
    setText(tempo, beat.bpm > 0 ? beat.bpm.toFixed(1) : "–");
    sure.value = beat.confidence;
    sure.title = `${Math.round(100 * beat.confidence)} % sure`;
    setText(source, SOURCES[clock.source] ?? clock.source);
  });
  return panel;
}
