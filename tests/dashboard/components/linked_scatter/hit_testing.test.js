// @ts-check
import assert from "node:assert/strict";
import test from "node:test";

import { newCamera } from "#linked_scatter/camera.js";
import { nearestPoint, pointInPolygon, pointsInPolygon } from "#linked_scatter/hit_testing.js";
import { createLayer } from "#linked_scatter/layers.js";

/** @import { Viewport } from "#linked_scatter/camera.js" */
/** @import { PixelPosition } from "#linked_scatter/hit_testing.js" */

/** @type {Viewport} */
const VIEWPORT = { camera: newCamera(), progress: 1, width: 220, height: 220, extent: [1, 1] }; // 100 pixels per unit
// In pixels: (110, 110), (120, 110), hidden, (210, 10).
const POSITIONS = Float32Array.of(0, 0, 0, 0.1, 0, 0, NaN, NaN, 0, 1, 1, 0);
const LAYER = createLayer(POSITIONS, POSITIONS, 4);

test("a point lies within a concave polygon, or in its notch", () => {
  /** @type {PixelPosition[]} */
  const polygon = [[0, 0], [10, 0], [10, 10], [5, 2], [0, 10]]; // prettier-ignore
  assert.ok(pointInPolygon(1, 5, polygon));
  assert.ok(pointInPolygon(9, 5, polygon));
  assert.ok(!pointInPolygon(5, 5, polygon));
  assert.ok(!pointInPolygon(-1, 5, polygon));
  assert.ok(!pointInPolygon(NaN, 5, polygon));
  assert.ok(!pointInPolygon(1, 5, []));
});

test("the nearest visible point within the radius is hit", () => {
  assert.equal(nearestPoint(LAYER, VIEWPORT, [111, 110], 9), 0);
  assert.equal(nearestPoint(LAYER, VIEWPORT, [118, 112], 9), 1);
  assert.equal(nearestPoint(LAYER, VIEWPORT, [110, 119], 9), 0);
  assert.equal(nearestPoint(LAYER, VIEWPORT, [110, 120], 9), null);
});

test("of points at one position the one drawn later is hit", () => {
  const positions = new Float32Array(6);
  assert.equal(nearestPoint(createLayer(positions, positions, 4), VIEWPORT, [110, 110], 9), 1);
});

test("a polygon selects the visible points within it", () => {
  /** @type {PixelPosition[]} */
  const left = [[0, 0], [150, 0], [150, 220], [0, 220]]; // prettier-ignore
  assert.deepEqual(pointsInPolygon(LAYER, VIEWPORT, left), [0, 1]);
  assert.deepEqual(pointsInPolygon(LAYER, { ...VIEWPORT, camera: { ...newCamera(), x: -1 } }, left), [0, 1, 3]);
});
