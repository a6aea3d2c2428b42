// @ts-check
// The camera of a pane: projection of points within the cube -1..1 to the screen.

/**
 * Cameras are replaced, never changed, so that panes can share one.
 *
 * @typedef {object} Camera
 * @property {readonly number[]} rotation 3 x 3 matrix, column by column.
 * @property {number} zoom
 * @property {number} x Shift to the right; 1 is half a side of the cube.
 * @property {number} y Shift upwards.
 */

/** @typedef {{ width: number, height: number, extent: readonly [number, number] }} Area In CSS pixels; see Frame of scene.js. */

/**
 * What a pane shows: its area, its camera, and how far its points have moved from start to end.
 *
 * @typedef {Area & { camera: Camera, progress: number }} Viewport
 */

/** @typedef {{ start: ArrayLike<number>, end: ArrayLike<number> }} MovingPoints 3 numbers per point each. */

const MARGIN = 1.1;
export const MIN_ZOOM = 0.4;
const MAX_ZOOM = 60;
const IDENTITY = Object.freeze([1, 0, 0, 0, 1, 0, 0, 0, 1]);

/** @returns {Camera} */
export function newCamera() {
  return { rotation: IDENTITY, zoom: 1, x: 0, y: 0 };
}

/**
 * Scale at which all points fit a pane.
 *
 * @param {Area} area
 */
export function pixelsPerUnit({ width, height, extent }) {
  return Math.min(width / extent[0], height / extent[1]) / 2 / MARGIN;
}

/**
 * Factor on the radius of points: larger in a larger pane, and when zoomed in.
 *
 * @param {Viewport} viewport
 */
export function radiusScale({ camera, width, height }) {
  return Math.min(1.15, Math.max(0.7, Math.min(width, height) / 380)) * Math.min(2, camera.zoom ** 0.3);
}

/**
 * Where point `i` lies: x and y in CSS pixels of the pane, z towards the reader.
 *
 * @param {MovingPoints} points
 * @param {number} i
 * @param {Viewport} viewport
 * @param {number[]} out Written and returned, to spare an allocation per point.
 */
export function project({ start, end }, i, viewport, out = [0, 0, 0]) {
  const { camera, progress, width, height } = viewport;
  const m = camera.rotation;
  const k = 3 * i;
  const x = start[k] + progress * (end[k] - start[k]);
  const y = start[k + 1] + progress * (end[k + 1] - start[k + 1]);
  const z = start[k + 2] + progress * (end[k + 2] - start[k + 2]);
  const scale = pixelsPerUnit(viewport);
  out[0] = width / 2 + scale * (camera.zoom * (m[0] * x + m[3] * y + m[6] * z) + camera.x);
  out[1] = height / 2 - scale * (camera.zoom * (m[1] * x + m[4] * y + m[7] * z) + camera.y);
  out[2] = m[2] * x + m[5] * y + m[8] * z;
  return out;
}

/**
 * A rotation followed by one about the vertical and one about the horizontal axis.
 *
 * @param {readonly number[]} rotation
 * @param {number} vertical Angle about the vertical axis, in radians.
 * @param {number} horizontal
 */
export function rotate(rotation, vertical, horizontal) {
  const [c, s] = [Math.cos(vertical), Math.sin(vertical)];
  const [d, e] = [Math.cos(horizontal), Math.sin(horizontal)];
  const by = [c, e * s, -d * s, 0, d, e, s, -e * c, d * c];
  return [0, 3, 6].flatMap((k) =>
    [0, 1, 2].map((i) => by[i] * rotation[k] + by[i + 3] * rotation[k + 1] + by[i + 6] * rotation[k + 2]),
  );
}

/**
 * Zoom such that what lies at (x, y), in pixels, stays there.
 *
 * @param {Viewport} viewport
 * @param {number} factor
 * @param {number} x
 * @param {number} y
 * @returns {Camera}
 */
export function zoomAt(viewport, factor, x = viewport.width / 2, y = viewport.height / 2) {
  const { camera, width, height } = viewport;
  const scale = pixelsPerUnit(viewport);
  const zoom = Math.min(MAX_ZOOM, Math.max(MIN_ZOOM, camera.zoom * factor));
  const ratio = zoom / camera.zoom;
  const [u, v] = [(x - width / 2) / scale, (height / 2 - y) / scale];
  return { ...camera, zoom, x: u - (u - camera.x) * ratio, y: v - (v - camera.y) * ratio };
}
