// @ts-check
import assert from "node:assert/strict";
import test from "node:test";

import { newCamera, pixelsPerUnit, project, radiusScale, rotate, zoomAt } from "#linked_scatter/camera.js";

/** @import { Area } from "#linked_scatter/camera.js" */

/** @type {Area} */
const SIZE = { width: 440, height: 220, extent: [1, 1] };
const POINTS = { start: [0, 0, 0, 1, -1, 0.5], end: [0.5, 0, 0, 1, -1, 0.5] };

/** @param {number[]} actual @param {number[]} expected */
function assertClose(actual, expected) {
  assert.equal(actual.length, expected.length);
  actual.forEach((value, i) => assert.ok(Math.abs(value - expected[i]) < 1e-9, `${actual} is not ${expected}`));
}

test("all points fit a pane with a margin", () => {
  const scale = (/** @type {number} */ across, /** @type {number} */ up) =>
    pixelsPerUnit({ ...SIZE, extent: [across, up] });
  assertClose([scale(1, 1), scale(1, 0.8), scale(1, 0.2), scale(0.2, 1)], [100, 125, 200, 100]);
  const viewport = { ...SIZE, camera: newCamera(), progress: 1 };
  assertClose(project(POINTS, 1, viewport), [320, 210, 0.5]); // upwards on the screen is a smaller y
});

test("points move on a straight line from start to end", () => {
  const at = (/** @type {number} */ progress) => project(POINTS, 0, { ...SIZE, camera: newCamera(), progress });
  assertClose(at(0), [220, 110, 0]);
  assertClose(at(0.5), [245, 110, 0]);
  assertClose(at(1), [270, 110, 0]);
});

test("the camera shifts and zooms", () => {
  const camera = { ...newCamera(), zoom: 2, x: 0.1, y: 0.2 };
  assertClose(project(POINTS, 1, { ...SIZE, camera, progress: 0 }), [430, 290, 0.5]);
});

test("zooming keeps what lies under the pointer in its place", () => {
  const before = { ...SIZE, camera: newCamera(), progress: 0 };
  const [x, y] = project(POINTS, 1, before);
  const camera = zoomAt(before, 3, x, y);
  assert.equal(camera.zoom, 3);
  assertClose(project(POINTS, 1, { ...before, camera }).slice(0, 2), [x, y]);
});

test("zoom has bounds", () => {
  const viewport = { ...SIZE, camera: newCamera(), progress: 0 };
  assert.equal(zoomAt(viewport, 1e9).zoom, 60);
  assert.equal(zoomAt(viewport, 1e-9).zoom, 0.4);
});

test("rotations stay orthonormal and add up", () => {
  const identity = newCamera().rotation;
  assertClose(rotate(identity, 0, 0), [...identity]);
  assertClose(rotate(rotate(identity, 0.3, 0), 0.4, 0), rotate(identity, 0.7, 0));
  const turned = rotate(rotate(identity, 0.3, -1), 2, 0.4);
  const columns = [0, 3, 6].map((k) => turned.slice(k, k + 3));
  const products = columns.flatMap((a) => columns.map((b) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2]));
  assertClose(products, [...identity]);
});

test("dragging to the right moves what is in front to the right", () => {
  const front = { start: [0, 0, 1], end: [0, 0, 1] };
  const camera = { ...newCamera(), rotation: rotate(newCamera().rotation, 0.1, 0) };
  assert.ok(project(front, 0, { ...SIZE, camera, progress: 1 })[0] > SIZE.width / 2);
});

test("points grow with the pane and the zoom, within bounds", () => {
  const scale = (/** @type {number} */ side, /** @type {number} */ zoom) =>
    radiusScale({ ...SIZE, width: side, height: side, camera: { ...newCamera(), zoom }, progress: 1 });
  assertClose([scale(380, 1), scale(10, 1), scale(9999, 1), scale(380, 60)], [1, 0.7, 1.15, 2]);
});
