/**
 * How much of a canvas, from its lower edge up, is hidden under things that lie over the middle of it.
 *
 * @returns CSS pixels, at most half of the canvas.
 */
export function coveredBelow(canvas: Element, covers: Iterable<Element>): number {
  const own = canvas.getBoundingClientRect();
  const middle = own.left + own.width / 2;
  let covered = 0;
  for (const cover of covers) {
    const { left, right, top, bottom } = cover.getBoundingClientRect();
    const isOverMiddle = left < middle && right > middle && bottom > top;
    const isBelow = top > own.top + own.height / 2 && top < own.bottom;
    if (isOverMiddle && isBelow) covered = Math.max(covered, own.bottom - top);
  }
  return covered;
}

/** Calls back with `coveredBelow` now, and whenever the canvas or what lies over it changes its size. */
export function watchCovered(canvas: Element, root: Element, tell: (pixels: number) => void): void {
  const look = (): void => tell(coveredBelow(canvas, root.children));
  const observer = new ResizeObserver(look);
  for (const element of [canvas, ...root.children]) observer.observe(element);
  look();
}
