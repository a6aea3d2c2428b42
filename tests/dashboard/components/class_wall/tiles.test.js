// @ts-check
// Groups of the wall of classes, and pictures on its sheet.

import assert from "node:assert/strict";
import { test } from "node:test";

import { byGroup, placeOnSheet } from "#class_wall/tiles.js";

/** @param {string} name @param {string} group */
const tile = (name, group) => ({ name, group, start: "", card: "", note: "" });

test("groups keep the order of their first tile", () => {
  const tiles = [tile("pug", "dog"), tile("lynx", "cat"), tile("beagle", "dog")];
  assert.deepEqual(byGroup(tiles), [
    { title: "dog", members: [0, 2] },
    { title: "cat", members: [1] },
  ]);
});

test("the first picture is at the top left, the last of a full sheet at the bottom right", () => {
  assert.deepEqual(placeOnSheet(0, 4, 3), "0% 0%");
  assert.deepEqual(placeOnSheet(11, 4, 3), "100% 100%");
});

test("a sheet of one row or one column divides by nothing", () => {
  assert.deepEqual(placeOnSheet(2, 3, 1), "100% 0%");
  assert.deepEqual(placeOnSheet(1, 1, 2), "0% 100%");
});
