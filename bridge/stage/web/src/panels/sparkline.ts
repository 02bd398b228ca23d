import { element, setText, sharpCanvas } from "./element";
import { short } from "./short";

const SECONDS = 120;

/** A figure with its history of two minutes, one value a second. */
export class Tile {
  readonly root: HTMLElement;
  private readonly value = element("span", { class: "figure" }, "–");
  private readonly bounds = element("span", { class: "bounds" });
  private readonly history = new Float32Array(SECONDS).fill(Number.NaN);
  private readonly plot = sharpCanvas("");
  private next = 0;

  /** `hint` says what the figure means. */
  constructor(
    readonly title: string,
    private readonly unit: string,
    private readonly digits: number,
    hint = "",
  ) {
    this.plot.canvas.classList.add("spark");
    this.root = element(
      "div",
      { class: "tile", role: "group", "aria-label": title, title: hint },
      element("div", { class: "tile-row" }, element("span", { class: "title" }, title), this.bounds),
      element(
        "div",
        { class: "tile-row" },
        element("span", {}, this.value, element("span", { class: "unit" }, unit)),
        this.plot.canvas,
      ),
    );
  }

  /** Takes the value of this second; `isBad` colours it. */
  add(value: number, isBad = false): void {
    this.history[this.next++ % SECONDS] = value;
    setText(this.value, short(value, this.digits));
    this.value.title = Number.isFinite(value) ? `${value.toFixed(this.digits)} ${this.unit}` : "";
    this.root.classList.toggle("is-bad", isBad);
    this.draw();
  }

  private draw(): void {
    const { canvas, context, fitToScreen } = this.plot;
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (const value of this.history) {
      if (!Number.isFinite(value)) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    if (low > high || !fitToScreen()) return;
    setText(this.bounds, `${short(low, this.digits)}–${short(high, this.digits)}`);
    const summary = `${this.title}, last two minutes: ${low.toFixed(this.digits)} to ${high.toFixed(this.digits)} ${this.unit}`;
    canvas.setAttribute("aria-label", summary);
    const { clientWidth: width, clientHeight: height } = canvas;
    const room = Math.max(high - low, 1e-6 + 0.02 * Math.abs(high));
    context.clearRect(0, 0, width, height);
    context.beginPath();
    for (let i = 0; i < SECONDS; i++) {
      const value = this.history[(this.next + i) % SECONDS];
      if (!Number.isFinite(value)) continue;
      context.lineTo((i / (SECONDS - 1)) * width, height - 2 - ((value - low) / room) * (height - 4));
    }
    context.strokeStyle = getComputedStyle(canvas).color;
    context.lineWidth = 1.5;
    context.stroke();
  }
}
