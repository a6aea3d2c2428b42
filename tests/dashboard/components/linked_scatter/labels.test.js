// @ts-check
import assert from "node:assert/strict";
import test from "node:test";

import { boxesOverlap, placeLabel, shortenLabel } from "#linked_scatter/labels.js";

/** @import { Box } from "#linked_scatter/labels.js" */

const PANE = { width: 200, height: 100 };
const LABEL = { x: 100, y: 50, width: 40, offset: 5, required: false };
/** @type {Record<string, Box>} */
const OCCUPIED = {
  right: [104, 48, 150, 52],
  left: [50, 48, 96, 52],
  above: [70, 30, 130, 46],
  below: [70, 54, 130, 70],
};

test("a label lies to the right of its point, or at the next free place", () => {
  const { right, left, above } = OCCUPIED;
  const positionAmong = (/** @type {Box[]} */ occupied) => {
    const { x, y } = placeLabel(LABEL, occupied, PANE) ?? assert.fail("no free place");
    return [x, y];
  };
  assert.deepEqual(positionAmong([]), [105, 50]);
  assert.deepEqual(positionAmong([right]), [55, 50]);
  assert.deepEqual(positionAmong([right, left]), [80, 39]);
  assert.deepEqual(positionAmong([right, left, above]), [80, 61]);
});

test("without a free place a label is left out, unless it is required", () => {
  const everywhere = Object.values(OCCUPIED);
  assert.equal(placeLabel(LABEL, everywhere, PANE), null);
  assert.equal(placeLabel({ ...LABEL, required: true }, everywhere, PANE)?.x, 105);
});

test("a label lies within its pane", () => {
  assert.equal(placeLabel({ ...LABEL, x: 190 }, [], PANE)?.x, 145);
  assert.equal(placeLabel({ ...LABEL, width: 300, required: true }, [], PANE), null);
});

test("boxes that touch do not overlap", () => {
  assert.ok(boxesOverlap([0, 0, 2, 2], [1, 1, 3, 3]));
  assert.ok(!boxesOverlap([0, 0, 2, 2], [2, 0, 4, 2]));
});

test("long labels end in an ellipsis", () => {
  assert.equal(shortenLabel("a".repeat(26)), "a".repeat(26));
  assert.equal(shortenLabel("a".repeat(27)), `${"a".repeat(25)}…`);
});
