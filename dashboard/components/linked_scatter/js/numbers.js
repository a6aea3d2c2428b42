// @ts-check
// Number formatting in the legend, the tooltip and the table.

/**
 * Greatest minus least of the numbers among the values; undefined where they do not differ.
 *
 * @param {ArrayLike<unknown>} values
 */
export function valueRange(values) {
  let least = Infinity;
  let greatest = -Infinity;
  for (const value of Array.from(values)) {
    if (typeof value !== "number") continue;
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  return greatest > least ? greatest - least : undefined;
}

/**
 * Write a number with as many decimals as distinguish values within this range; text stays as it is.
 *
 * @param {number | string | null} value
 * @param {number} [range]
 */
export function formatNumber(value, range) {
  if (typeof value !== "number") return value ?? "";
  if (Number.isNaN(value)) return "unknown";
  if (Number.isInteger(value)) return (value + 0).toLocaleString("en");
  const magnitude = Math.floor(Math.log10((range ?? Math.abs(value)) || 1));
  const digits = Math.min(6, Math.max(0, 2 - magnitude));
  const rounded = Number(value.toFixed(digits)) + 0; // -0 + 0 is 0, which is written without a sign
  return rounded.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
