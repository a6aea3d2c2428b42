// @ts-check
// Frames of a film strip: all frames side by side in one picture.

/**
 * CSS background position that shows one frame of a strip as wide as `count` frames.
 *
 * @param {number} step From 0.
 * @param {number} count
 */
export function framePosition(step, count) {
  return `${count > 1 ? (100 * step) / (count - 1) : 0}% 0`;
}

/**
 * The step after this one, and its direction: forwards to the last, backwards to the first, and so on.
 *
 * @param {number} step
 * @param {1 | -1} direction
 * @param {number} count
 * @returns {{ step: number, direction: 1 | -1 }}
 */
export function nextStep(step, direction, count) {
  const turns = step + direction < 0 || step + direction >= count;
  const next = /** @type {1 | -1} */ (turns ? -direction : direction);
  return { step: Math.min(count - 1, Math.max(0, step + next)), direction: next };
}
