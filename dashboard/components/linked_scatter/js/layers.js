// @ts-check
// Layers of points: all classes, or all sentences, of one pane.

/** @import { Sign } from "./colours.js" */

/**
 * Points that move from `start` to `end`. Arrays are replaced, never changed: an array that is the same object as
 * before needs no second upload to the graphics card.
 *
 * @typedef {object} Layer
 * @property {Float32Array} start 3 numbers per point within -1..1.
 * @property {Float32Array} end
 * @property {Float32Array} radii In CSS pixels; 0 hides a point.
 * @property {Uint8Array} colours RGBA.
 * @property {Float32Array} shapes Places in `SHAPES`.
 * @property {Uint32Array} order Points in drawing order: background first, emphasised last.
 * @property {number} backgroundCount How many of `order` are background.
 * @property {boolean} opaque Whether background points hide what is behind them.
 */

/** @typedef {Pick<Layer, "colours" | "shapes" | "order" | "backgroundCount" | "opaque">} LayerStyle */

const OPAQUE_ALPHA = 200; // from here on points are drawn as if opaque

/** @type {Layer} */
export const EMPTY_LAYER = Object.freeze({
  start: new Float32Array(),
  end: new Float32Array(),
  radii: new Float32Array(),
  colours: new Uint8Array(),
  shapes: new Float32Array(),
  order: new Uint32Array(),
  backgroundCount: 0,
  opaque: false,
});

/**
 * A layer without colours yet; points whose start or end is unknown are hidden.
 *
 * @param {Float32Array} start
 * @param {Float32Array} end
 * @param {number} radius
 * @returns {Layer}
 */
export function createLayer(start, end, radius) {
  const isKnown = (/** @type {Float32Array} */ points, /** @type {number} */ i) =>
    !Number.isNaN(points[3 * i] + points[3 * i + 1]);
  const radii = new Float32Array(start.length / 3);
  for (let i = 0; i < radii.length; i++) radii[i] = isKnown(start, i) && isKnown(end, i) ? radius : 0;
  return { ...EMPTY_LAYER, start, end, radii };
}

/**
 * Colours, shapes and drawing order of points that belong to these classes.
 *
 * @param {ArrayLike<number>} rows Class of each point.
 * @param {Sign[]} signs One per class.
 * @param {(row: number) => boolean} isEmphasised
 * @param {{ emphasised: number, background: number }} alpha 0 to 255.
 * @returns {LayerStyle}
 */
export function styleLayer(rows, signs, isEmphasised, alpha) {
  const rgba = new Uint8Array(4 * rows.length);
  const shapes = new Float32Array(rows.length);
  const order = new Uint32Array(rows.length);
  const emphasised = [];
  let backgroundCount = 0;
  for (let i = 0; i < rows.length; i++) {
    rgba.set(signs[rows[i]].colour, 4 * i);
    shapes[i] = signs[rows[i]].shape;
    if (isEmphasised(rows[i])) {
      rgba[4 * i + 3] = alpha.emphasised;
      emphasised.push(i);
    } else {
      rgba[4 * i + 3] = alpha.background;
      order[backgroundCount++] = i;
    }
  }
  order.set(emphasised, backgroundCount);
  return { colours: rgba, shapes, order, backgroundCount, opaque: alpha.background > OPAQUE_ALPHA };
}
