// @ts-check
import assert from "node:assert/strict";
import test from "node:test";

import { selectByClick, selectRows } from "#linked_scatter/selection.js";

const SELECTED = new Set([3, 10]);

test("a click selects a class alone", () => {
  assert.deepEqual([...selectByClick(SELECTED, 5, false)], [5]);
});

test("a click on a selected class leaves the selection", () => {
  assert.deepEqual([...selectByClick(SELECTED, 3, false)], [3, 10]);
});

test("an adding click adds a class or takes it out", () => {
  assert.deepEqual([...selectByClick(SELECTED, 5, true)], [3, 5, 10]);
  assert.deepEqual([...selectByClick(SELECTED, 3, true)], [10]);
});

test("rows are in ascending order, once each", () => {
  assert.deepEqual([...selectRows([10, 9, 10])], [9, 10]);
});
