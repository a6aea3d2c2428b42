// @ts-check
// Shapes of points, all of a disc's area.

/** Their number has no factor in common with that of the colours, so that every pair of both comes once. */
export const SHAPES = ["disc", "square", "triangle", "diamond", "plus", "triangle-down", "ring"];
/** How far a shape reaches from its middle, in radii of the disc. */
export const REACH = 1.56;

// In radii of the disc.
const ARM = 1.2;
const HALF_ARM = 0.4;
const OUTER = 1.25;
const INNER = 0.75;
const TRIANGLE = [
  [0, -1.555],
  [1.347, 0.778],
  [-1.347, 0.778],
];

/**
 * Corners of the shapes that have any; x to the right and y down, in radii.
 *
 * @type {Record<string, number[][]>}
 */
const CORNERS = {
  square: quarterTurns([0.886, 0.886]),
  triangle: TRIANGLE,
  diamond: quarterTurns([0, 1.253]),
  plus: quarterTurns([HALF_ARM, ARM], [HALF_ARM, HALF_ARM], [ARM, HALF_ARM]),
  "triangle-down": TRIANGLE.map(([x, y]) => [x, -y]),
};

/** How far a place `p` is from the middle of a point of radius `r`, where `r` is the edge of its shape, in GLSL. */
export const EDGE_SHADER = `
float edge(vec2 p, float r, int shape) {
  vec2 a = abs(p);
  if (shape == 1) return max(a.x, a.y) / 0.886;
  if (shape == 2) return max(0.866 * a.x - 0.5 * p.y, p.y) / 0.778;
  if (shape == 3) return (a.x + a.y) / 1.253;
  if (shape == 4) return max(max(a.x, a.y) / ${ARM}, min(a.x, a.y) / ${HALF_ARM});
  if (shape == 5) return max(0.866 * a.x + 0.5 * p.y, -p.y) / 0.778;
  if (shape == 6) return r + max(length(p) - ${OUTER} * r, ${INNER} * r - length(p));
  return length(p);
}`;

/**
 * The outline of a shape, to be filled by the rule "evenodd".
 *
 * @param {CanvasRenderingContext2D} context
 * @param {number} x
 * @param {number} y
 * @param {number} radius
 * @param {number} shape
 */
export function traceShape(context, x, y, radius, shape) {
  const name = SHAPES[shape];
  context.beginPath();
  if (CORNERS[name]) {
    for (const [right, down] of CORNERS[name]) context.lineTo(x + right * radius, y + down * radius);
    context.closePath();
  } else if (name === "ring") {
    context.arc(x, y, OUTER * radius, 0, 2 * Math.PI);
    context.moveTo(x + INNER * radius, y);
    context.arc(x, y, INNER * radius, 0, 2 * Math.PI);
  } else context.arc(x, y, radius, 0, 2 * Math.PI);
}

/**
 * The clip path of a shape in CSS, in a square that is 2 `REACH` radii wide; "" for those that have no corners.
 *
 * @param {number} shape
 */
export function clipPath(shape) {
  const corners = CORNERS[SHAPES[shape]];
  if (!corners) return "";
  const share = (/** @type {number} */ radii) => `${(50 + (50 * radii) / REACH).toFixed(1)}%`;
  return `polygon(${corners.map(([x, y]) => `${share(x)} ${share(y)}`).join()})`;
}

/**
 * Corners, and what three quarter turns make of them, one after another.
 *
 * @param {...number[]} corners
 */
function quarterTurns(...corners) {
  return [
    ...corners,
    ...corners.map(([x, y]) => [y, -x]),
    ...corners.map(([x, y]) => [-x, -y]),
    ...corners.map(([x, y]) => [-y, x]),
  ];
}
