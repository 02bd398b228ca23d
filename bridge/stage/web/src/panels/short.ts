const UNITS = ["", "k", "M", "G", "T"];

/**
 * A number in at most four characters and a sign, so that a place on the page is always wide enough: 12.3, 999, 4.6k, 78k.
 *
 * @param digits After the point, where there is room for them.
 */
export function short(value: number, digits: number): string {
  if (!Number.isFinite(value)) return "–";
  let size = Math.abs(value);
  let unit = 0;
  while (size >= 999.5 && unit < UNITS.length - 1) {
    size /= 1000;
    unit++;
  }
  const rest = size < (unit > 0 ? 9.95 : 99.95) ? (unit > 0 ? 1 : digits) : 0;
  return `${value < 0 ? "−" : ""}${size.toFixed(rest)}${UNITS[unit]}`;
}
