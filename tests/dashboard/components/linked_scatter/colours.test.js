// @ts-check
import assert from "node:assert/strict";
import test from "node:test";

import {
  categoryColour,
  classColours,
  cssColour,
  oklchToRgb,
  sequentialColour,
  UNKNOWN_COLOUR,
} from "#linked_scatter/colours.js";

/** @import { Rgb } from "#linked_scatter/colours.js" */

/** @param {Rgb} rgb */
const luma = ([red, green, blue]) => 0.299 * red + 0.587 * green + 0.114 * blue;

test("OKLCH becomes sRGB", () => {
  assert.deepEqual(oklchToRgb(1, 0, 0), [255, 255, 255]);
  assert.deepEqual(oklchToRgb(0, 0, 0), [0, 0, 0]);
  assert.deepEqual(oklchToRgb(0.62796, 0.25768, (29.234 * Math.PI) / 180), [255, 0, 0]);
});

test("high values contrast with the background", () => {
  for (const dark of [false, true]) {
    const lumas = [0, 0.25, 0.5, 0.75, 1].map((share) => luma(sequentialColour(share, dark)));
    assert.deepEqual(
      lumas,
      [...lumas].sort((a, b) => (dark ? a - b : b - a)),
    );
  }
});

test("values beyond the scale have the colour of its end", () => {
  assert.deepEqual(sequentialColour(-1, true), sequentialColour(0, true));
  assert.deepEqual(sequentialColour(9, true), sequentialColour(1, true));
});

test("categories have different colours", () => {
  for (const count of [2, 8, 9, 40]) {
    const colours = Array.from({ length: count }, (_, i) => cssColour(categoryColour(i, count, false)));
    assert.equal(new Set(colours).size, count);
  }
});

test("one colour per class, by category or by number", () => {
  const scale = { title: "", low: 0, high: 10, categories: null, values: Float32Array.of(0, 10, NaN) };
  assert.deepEqual(classColours(scale, true), [sequentialColour(0, true), sequentialColour(1, true), UNKNOWN_COLOUR]);
  const categories = { ...scale, categories: ["a", "b"], values: Float32Array.of(1, 0, 1) };
  assert.deepEqual(
    classColours(categories, true),
    [1, 0, 1].map((i) => categoryColour(i, 2, true)),
  );
});

test("a scale without extent has one colour", () => {
  const scale = { title: "", low: 3, high: 3, categories: null, values: Float32Array.of(3) };
  assert.deepEqual(classColours(scale, false), [sequentialColour(0, false)]);
});
