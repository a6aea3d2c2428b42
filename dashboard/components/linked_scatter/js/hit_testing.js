// @ts-check
// Hit testing: points under the pointer or within a polygon.

import { project } from "./camera.js";

/** @import { Viewport } from "./camera.js" */
/** @import { Layer } from "./layers.js" */

/** @typedef {[x: number, y: number]} PixelPosition */

/**
 * What lies under the pointer; a sentence comes with the row of its class.
 *
 * @typedef {{ row: number | null, sentence: number | null, pin: number | null }} Hit
 */

/** @type {Readonly<Hit>} */
export const NO_HIT = Object.freeze({ row: null, sentence: null, pin: null });

/**
 * Even-odd rule.
 *
 * @param {number} x
 * @param {number} y
 * @param {PixelPosition[]} polygon
 */
export function pointInPolygon(x, y, polygon) {
  let inside = false;
  for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i++) {
    const [ax, ay] = polygon[i];
    const [bx, by] = polygon[j];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
  }
  return inside;
}

/**
 * The visible point nearest to a position, null where none is within the radius; of equals the one drawn later.
 *
 * @param {Layer} layer
 * @param {Viewport} viewport
 * @param {PixelPosition} position
 * @param {number} radius
 */
export function nearestPoint(layer, viewport, [x, y], radius) {
  let nearest = null;
  let least = radius * radius;
  const point = [0, 0, 0];
  for (let i = 0; i < layer.radii.length; i++) {
    if (!layer.radii[i]) continue;
    project(layer, i, viewport, point);
    const distance = (point[0] - x) ** 2 + (point[1] - y) ** 2;
    if (distance <= least) [nearest, least] = [i, distance];
  }
  return nearest;
}

/**
 * @param {Layer} layer
 * @param {Viewport} viewport
 * @param {PixelPosition[]} polygon
 */
export function pointsInPolygon(layer, viewport, polygon) {
  const found = [];
  for (let i = 0; i < layer.radii.length; i++) {
    const [x, y] = project(layer, i, viewport);
    if (layer.radii[i] && pointInPolygon(x, y, polygon)) found.push(i);
  }
  return found;
}
