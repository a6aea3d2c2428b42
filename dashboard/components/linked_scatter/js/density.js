// @ts-check
// Density of points (Gaussian kernel).

/** @import { Layer } from "./layers.js" */

const BANDWIDTH = 0.08; // standard deviation of the Gaussian kernel; the points lie within -1..1
/** Steps from a cell of a grid to it and its neighbours. */
const NEARBY_CELLS = [-1, 0, 1].flatMap((i) => [-1, 0, 1].flatMap((j) => [-1, 0, 1].map((k) => [i, j, k])));

/**
 * Gaussian kernel density at each of these points, in no unit; NaN points have none.
 *
 * @param {ArrayLike<number>} points 3 numbers per point.
 * @param {number[]} rows
 * @returns {number[]} One per row.
 */
export function densities(points, rows) {
  const reach = 2 * BANDWIDTH; // a cell's side: what lies two cells away adds less than e⁻⁸
  const cell = (/** @type {number} */ value) => Math.floor(value / reach);
  /** @type {Map<string, number[]>} */
  const cells = new Map();
  for (const row of rows) {
    const key = [0, 1, 2].map((axis) => cell(points[3 * row + axis])).join(" ");
    const members = cells.get(key);
    if (members) members.push(row);
    else cells.set(key, [row]);
  }
  return rows.map((row) => {
    const [x, y, z] = [0, 1, 2].map((axis) => points[3 * row + axis]);
    let sum = 0;
    for (const [i, j, k] of NEARBY_CELLS) {
      for (const other of cells.get(`${cell(x) + i} ${cell(y) + j} ${cell(z) + k}`) ?? []) {
        const [u, v, w] = [points[3 * other] - x, points[3 * other + 1] - y, points[3 * other + 2] - z];
        sum += Math.exp(-(u * u + v * v + w * w) / (2 * BANDWIDTH ** 2));
      }
    }
    return sum;
  });
}

/**
 * Rows of visible classes, the densest first; of a layer that moves, by the densities at its start and at its end.
 *
 * @param {Pick<Layer, "start" | "end" | "radii">} layer
 * @param {number[]} [among]
 */
export function denseRows({ start, end, radii }, among = Array.from(radii.keys())) {
  const rows = among.filter((row) => radii[row]);
  const around = densities(end, rows);
  if (start !== end) densities(start, rows).forEach((value, i) => (around[i] += value));
  return Array.from(rows.keys())
    .sort((i, j) => around[j] - around[i])
    .map((i) => rows[i]);
}
