// @ts-check
import assert from "node:assert/strict";
import test from "node:test";

import { createLayer, styleLayer } from "#linked_scatter/layers.js";

test("points without a start or an end are hidden", () => {
  const start = Float32Array.of(0, 0, 0, NaN, NaN, 0, 1, 1, 0);
  const end = Float32Array.of(0, 0, 0, 1, 1, 0, 1, NaN, 0);
  assert.deepEqual([...createLayer(start, end, 4).radii], [4, 0, 0]);
});

test("emphasised points are drawn last, in the colour and shape of their class", () => {
  const signs = [
    { colour: [10, 20, 30], shape: 0 },
    { colour: [40, 50, 60], shape: 3 },
  ];
  const style = styleLayer([1, 0, 1, 0], signs, (row) => row === 1, { emphasised: 255, background: 45 });
  assert.deepEqual([...style.order], [1, 3, 0, 2]);
  assert.equal(style.backgroundCount, 2);
  assert.deepEqual([...style.colours.slice(0, 8)], [40, 50, 60, 255, 10, 20, 30, 45]);
  assert.deepEqual([...style.shapes], [3, 0, 3, 0]);
  assert.equal(style.opaque, false);
});

test("a background that is hardly seen through is opaque", () => {
  assert.ok(
    styleLayer([0], [{ colour: [0, 0, 0], shape: 0 }], () => false, { emphasised: 255, background: 225 }).opaque,
  );
});
