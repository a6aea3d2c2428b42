// @ts-check
// Label placement: labels cover neither points nor one another.

/** @typedef {[left: number, top: number, right: number, bottom: number]} Box In CSS pixels. */

const HALF_HEIGHT = 7;
const PADDING = 2;

/**
 * Place a label to the right, to the left, above or below its point, at the first of these places that is free.
 *
 * @param {{ x: number, y: number, width: number, offset: number, required: boolean }} label
 *   `offset` from the middle of the point; a required label covers others where no place is free.
 * @param {Box[]} occupied
 * @param {{ width: number, height: number }} pane
 * @returns {{ x: number, y: number, box: Box } | null} Left end and middle line of the text.
 */
export function placeLabel({ x, y, width, offset, required }, occupied, pane) {
  const candidates = [
    [x + offset, y],
    [x - offset - width, y],
    [x - width / 2, y - offset - 6],
    [x - width / 2, y + offset + 6],
  ]
    .map(([left, middle]) => ({ x: left, y: middle, box: labelBox(left, middle, width) }))
    .filter(
      ({ box: [left, top, right, bottom] }) => left >= 0 && top >= 0 && right <= pane.width && bottom <= pane.height,
    );
  const isFree = (/** @type {Box} */ box) => !occupied.some((other) => boxesOverlap(box, other));
  return candidates.find(({ box }) => isFree(box)) ?? (required ? candidates[0] : null) ?? null;
}

/**
 * @param {number} left
 * @param {number} middle
 * @param {number} width
 * @returns {Box}
 */
function labelBox(left, middle, width) {
  return [left - PADDING, middle - HALF_HEIGHT, left + width + PADDING, middle + HALF_HEIGHT];
}

/**
 * @param {Box} a
 * @param {Box} b
 */
export function boxesOverlap(a, b) {
  return a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
}

/** @param {string} text */
export function shortenLabel(text, maxLength = 26) {
  return text.length > maxLength ? `${text.slice(0, maxLength - 1)}…` : text;
}
