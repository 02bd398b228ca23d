/** How much of a canvas is hidden at each of its edges, CSS pixels. */
export interface Covered {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** A box on the page, as `getBoundingClientRect` has it. */
export type Box = Pick<DOMRect, "left" | "right" | "top" | "bottom">;

/** So much of a canvas is always taken to be seen. */
const LEAST_SEEN = 0.3;

/**
 * What boxes hide of a canvas: what is seen is the largest gap between those that lie over its middle, from above and
 * from below; others hide it from the side.
 *
 * @param own The canvas.
 */
export function coveredBy(own: Box, boxes: Iterable<Box>): Covered {
  const covered = { left: 0, right: 0, top: 0, bottom: 0 };
  const middle = (own.left + own.right) / 2;
  const height = (own.top + own.bottom) / 2;
  const over: Box[] = [];
  for (const box of boxes) {
    const { left, right, top, bottom } = box;
    const isOver = left < right && top < bottom && left < own.right && right > own.left;
    if (!isOver || top >= own.bottom || bottom <= own.top) continue;
    if (left < middle && right > middle) over.push(box);
    else if (top < height && bottom > height) {
      if (right <= middle) covered.left = Math.max(covered.left, right - own.left);
      else covered.right = Math.max(covered.right, own.right - left);
    }
  }
  const [from, to] = largestGap(own.top, own.bottom, over);
  covered.top = from - own.top;
  covered.bottom = own.bottom - to;
  const most = 1 - LEAST_SEEN;
  const across = Math.min(1, (most * (own.right - own.left)) / (covered.left + covered.right || 1));
  const down = Math.min(1, (most * (own.bottom - own.top)) / (covered.top + covered.bottom || 1));
  return {
    left: across * covered.left,
    right: across * covered.right,
    top: down * covered.top,
    bottom: down * covered.bottom,
  };
}

function largestGap(top: number, bottom: number, boxes: Box[]): [number, number] {
  let largest: [number, number] = [top, top];
  let free = top;
  for (const box of [...boxes, { top: bottom, bottom }].sort((a, b) => a.top - b.top)) {
    if (box.top - free > largest[1] - largest[0]) largest = [free, box.top];
    free = Math.max(free, box.bottom);
  }
  return largest;
}

/**
 * Calls back with what is hidden of the canvas now, and whenever that changes.
 *
 * @param covers What may lie over it.
 */
export function watchCovered(canvas: Element, covers: readonly Element[], tell: (covered: Covered) => void): void {
  const look = (): void => {
    const seen = covers.filter((cover) => cover.checkVisibility({ visibilityProperty: true }));
    tell(
      coveredBy(
        canvas.getBoundingClientRect(),
        seen.map((cover) => cover.getBoundingClientRect()),
      ),
    );
  };
  const sizes = new ResizeObserver(look);
  for (const element of [canvas, ...covers]) sizes.observe(element);
  // Hiding all panels changes no size.
  new MutationObserver(look).observe(document.documentElement, { attributeFilter: ["class"] });
  look();
}
