import { CanvasTexture, Mesh, MeshBasicMaterial, PlaneGeometry, SRGBColorSpace } from "three";

const PIXELS_PER_M = 1600;
const LINE_PX = 46;
const MARGIN_PX = 20;

/** Lines of text that float in space. They are drawn anew only when they change. */
export class Sign extends Mesh<PlaneGeometry, MeshBasicMaterial> {
  private readonly context: CanvasRenderingContext2D | null;
  private shown = "";

  constructor(widthM: number, numLines: number) {
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(widthM * PIXELS_PER_M);
    canvas.height = LINE_PX * numLines + 24;
    const texture = new CanvasTexture(canvas);
    texture.colorSpace = SRGBColorSpace;
    const material = new MeshBasicMaterial({ map: texture, transparent: true, depthWrite: false, toneMapped: false });
    super(new PlaneGeometry(widthM, canvas.height / PIXELS_PER_M), material);
    this.context = canvas.getContext("2d");
  }

  show(text: string): void {
    if (text === this.shown || this.context === null) return;
    this.shown = text;
    const { context } = this;
    const { width, height } = context.canvas;
    context.clearRect(0, 0, width, height);
    context.fillStyle = "rgb(8 12 20 / 70%)";
    context.beginPath();
    context.roundRect(0, 0, width, height, 20);
    context.fill();
    context.fillStyle = "#dbe7ff";
    context.font = `${LINE_PX * 0.68}px system-ui, sans-serif`;
    context.textBaseline = "middle";
    text.split("\n").forEach((line, index) => {
      context.fillText(line, MARGIN_PX, 12 + LINE_PX * (index + 0.5), width - 2 * MARGIN_PX); // narrower where it is long
    });
    if (this.material.map) this.material.map.needsUpdate = true;
  }
}
