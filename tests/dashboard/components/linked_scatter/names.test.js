// @ts-check
import assert from "node:assert/strict";
import test from "node:test";

import { denseRows, densities } from "#linked_scatter/density.js";
import { createLayer } from "#linked_scatter/layers.js";
import { distanceAbove, rankedNames } from "#linked_scatter/names.js";

// Three classes close together, one apart, one without a place.
const POINTS = Float32Array.of(0, 0, 0, 0.04, 0, 0, 0.09, 0, 0, 0.9, 0.9, 0, NaN, NaN, 0);
const LAYER = createLayer(POINTS, POINTS, 4);
const SCENE = {
  names: ["cat", "dog", "fox", "car", "bus"],
  groups: ["pet", "pet", "wild", "", ""],
  colour: { title: "", values: Float32Array.of(0, 1, 0, 0, 0), categories: null, low: 0, high: 1 },
};

test("density is highest in the middle of others, and nearly 1 alone", () => {
  const [left, middle, right, alone] = densities(POINTS, [0, 1, 2, 3]);
  assert.ok(middle > left && left > right && right > 2 && Math.abs(alone - 1) < 1e-6);
});

test("classes without a place have no rank; those of a morph count at both ends", () => {
  assert.deepEqual(denseRows(LAYER), [1, 0, 2, 3]);
  const end = Float32Array.of(0.5, 0, 0, -0.5, 0, 0, 0.9, 0.9, 0, 0.9, 0.9, 0, 0.9, 0.9, 0);
  assert.deepEqual(denseRows(createLayer(POINTS, end, 4))[0], 2);
});

test("groups come first, the largest foremost, each at its densest class; no name is empty", () => {
  const names = rankedNames(SCENE, LAYER, denseRows(LAYER));
  assert.deepEqual(
    names.map(({ text }) => text),
    ["pet", "wild", "dog", "cat", "fox", "car"],
  );
  assert.deepEqual([names[0].row, names[1].row], [1, 2]);
});

test("the name of a group does not hide the point that it stands at", () => {
  assert.ok(distanceAbove(true, 6) > 6 + 9 - 1); // half its height above the point's edge
});

test("categories of the colour are named in place of groups, and one alone is not", () => {
  const colour = { ...SCENE.colour, categories: ["small", "large"] };
  assert.deepEqual(
    rankedNames({ ...SCENE, colour }, LAYER, denseRows(LAYER))
      .slice(0, 2)
      .map(({ text }) => text),
    ["small", "large"],
  );
  const one = { ...SCENE, groups: Array(5).fill("pet") };
  assert.equal(rankedNames(one, LAYER, denseRows(LAYER))[0].text, "dog");
});
