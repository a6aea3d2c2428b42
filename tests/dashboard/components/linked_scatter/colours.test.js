// @ts-check
import assert from "node:assert/strict";
import test from "node:test";

import { categorySigns, classSigns, sequentialColour, UNKNOWN_SIGN } from "#linked_scatter/colours.js";
import { clipPath, SHAPES } from "#linked_scatter/shapes.js";

/** @import { Rgb } from "#linked_scatter/colours.js" */

/** @param {Rgb} rgb */
const luma = ([red, green, blue]) => 0.299 * red + 0.587 * green + 0.114 * blue;

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

/** @param {number[]} sizes Classes of each category. */
const scaleOf = (...sizes) => ({
  title: "",
  low: 0,
  high: 0,
  categories: sizes.map(String),
  values: Float32Array.from(sizes.flatMap((size, category) => Array(size).fill(category))),
});

test("categories have different colours and shapes together", () => {
  for (const count of [2, 34, 70]) {
    const signs = categorySigns(scaleOf(...Array(count).fill(1)));
    assert.equal(new Set(signs.map((sign) => JSON.stringify(sign))).size, count);
  }
});

test("categories that are near in size differ in both", () => {
  const signs = categorySigns(scaleOf(...Array.from({ length: 34 }, (_, i) => 40 - i)));
  for (let i = 0; i < signs.length; i++) {
    for (let j = i + 1; j < Math.min(i + 7, signs.length); j++) {
      assert.notEqual(signs[i].shape, signs[j].shape);
      assert.notDeepEqual(signs[i].colour, signs[j].colour);
    }
  }
});

test("of very many categories the small ones have no sign of their own", () => {
  const signs = categorySigns(scaleOf(...Array(130).fill(1), ...Array(70).fill(2)));
  assert.ok(signs.slice(0, 130).every((sign) => sign === UNKNOWN_SIGN));
  assert.equal(new Set(signs.slice(130).map((sign) => JSON.stringify(sign))).size, 70);
});

test("one sign per class, by category or by number", () => {
  const scale = { title: "", low: 0, high: 10, categories: null, values: Float32Array.of(0, 10, NaN) };
  const [low, high] = [0, 1].map((share) => ({ colour: sequentialColour(share, true), shape: 0 }));
  assert.deepEqual(classSigns(scale, true), [low, high, UNKNOWN_SIGN]);
  const categories = { ...scale, categories: ["a", "b"], values: Float32Array.of(1, 0, 1, NaN) };
  const [a, b] = categorySigns(categories);
  assert.deepEqual(classSigns(categories, true), [b, a, b, UNKNOWN_SIGN]);
});

test("a scale without extent has one colour", () => {
  const scale = { title: "", low: 3, high: 3, categories: null, values: Float32Array.of(3) };
  assert.deepEqual(classSigns(scale, false), [{ colour: sequentialColour(0, false), shape: 0 }]);
});

test("shapes with corners are cut out in the legend", () => {
  const paths = SHAPES.map((_, shape) => clipPath(shape));
  assert.equal(new Set(paths).size, SHAPES.length - 1); // a disc and a ring have none
  assert.equal(clipPath(SHAPES.indexOf("plus")).split(",").length, 12);
});
