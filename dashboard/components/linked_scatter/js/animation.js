// @ts-check
// Animation on the browser's frames.

/**
 * Smoothstep: from 0 to 1 with slope 0 at both ends.
 *
 * @param {number} share
 */
export function smoothstep(share) {
  return share * share * (3 - 2 * share);
}

/**
 * Call `onFrame` on every frame with the share of the time that has passed, at last with 1.
 *
 * @param {number} milliseconds
 * @param {(share: number) => void} onFrame
 * @returns {() => void} Stops the animation.
 */
export function animate(milliseconds, onFrame) {
  const start = performance.now();
  let request = requestAnimationFrame(function next() {
    const share = Math.min(1, (performance.now() - start) / milliseconds);
    if (share < 1) request = requestAnimationFrame(next);
    onFrame(share);
  });
  return () => cancelAnimationFrame(request);
}
