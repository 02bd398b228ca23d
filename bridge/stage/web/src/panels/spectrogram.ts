import type { Live } from "../wire/live";
import { element } from "./element";

const COLUMNS = 240;
const BANDS = 80;

/** Colours from silence to loud: the page's dark, violet, coral, near white. */
function colours(): Uint32Array {
  const stops = [
    [16, 19, 27],
    [64, 56, 128],
    [214, 96, 112],
    [255, 236, 200],
  ];
  return Uint32Array.from({ length: 256 }, (_, level) => {
    const at = (level / 255) * (stops.length - 1);
    const index = Math.min(stops.length - 2, Math.floor(at));
    const [r, g, b] = stops[index].map((low, i) => Math.round(low + (at - index) * (stops[index + 1][i] - low)));
    return (255 << 24) | (b << 16) | (g << 8) | r; // little-endian RGBA, as every machine with a browser has it
  });
}

/** The last eight seconds of the mel spectrum; each frame costs one column. */
export function spectrogram(live: Live): HTMLElement {
  const canvas = element("canvas", {
    class: "spectrogram",
    width: COLUMNS,
    height: BANDS,
    role: "img",
    "aria-label": "Spectrum of the music, the last eight seconds",
  });
  const context = canvas.getContext("2d", { alpha: false });
  const column = new ImageData(1, BANDS);
  const pixels = new Uint32Array(column.data.buffer);
  const colour = colours();
  if (context) {
    context.fillStyle = "#10131b";
    context.fillRect(0, 0, COLUMNS, BANDS);
  }
  live.on("heard", ({ spectrum }) => {
    if (!context || canvas.clientHeight === 0) return;
    context.drawImage(canvas, -1, 0);
    for (let band = 0; band < BANDS; band++) pixels[BANDS - 1 - band] = colour[spectrum[band]];
    context.putImageData(column, COLUMNS - 1, 0);
  });
  return canvas;
}
