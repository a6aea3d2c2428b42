// @ts-check
import assert from "node:assert/strict";
import test from "node:test";

import { Thinning, zoomOfStep, zoomStep } from "#linked_scatter/thinning.js";

/** @import { Box } from "#linked_scatter/labels.js" */

test("a step of the zoom lasts until the next is reached", () => {
  assert.deepEqual([0.5, 1, 1.4, 1.42, 2, 60].map(zoomStep), [-2, 0, 0, 1, 2, 11]);
  for (let step = -2; step <= 11; step++) assert.equal(zoomStep(zoomOfStep(step)), step);
});

test("nothing overlaps, what is shown stays when zoomed in, and in the end nearly everything is shown", () => {
  let seed = 1;
  const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  const places = Array.from({ length: 300 }, () => [300 * random(), 300 * random()]);
  const boxOf = (/** @type {number} */ i, /** @type {number} */ step) => {
    const [x, y] = places[i].map((value) => value * zoomOfStep(step));
    return /** @type {Box} */ ([x - 30, y - 9, x + 30, y + 9]);
  };
  const thinning = new Thinning(places.length, boxOf, -3);
  /** @type {number[]} */
  let before = [];
  const counts = [];
  for (let step = -3; step <= 12; step++) {
    const shown = thinning.at(step);
    const boxes = shown.map((i) => boxOf(i, step));
    boxes.forEach(([left, top, right, bottom], i) => {
      for (const [l, t, r, b] of boxes.slice(0, i)) assert.ok(left >= r || l >= right || top >= b || t >= bottom);
    });
    assert.ok(before.every((i) => shown.includes(i)));
    assert.equal(shown[0], 0);
    before = shown;
    counts.push(shown.length);
  }
  assert.ok(counts[0] < 20 && counts[6] > 4 * counts[0] && counts[15] >= 299, `${counts}`);
  assert.deepEqual(thinning.at(-9), thinning.at(-3));
});

test("an item without a box waits for a later step and takes no room", () => {
  /** @type {(i: number, step: number) => Box | null} */
  const boxOf = (i, step) => (i === 0 && step < 1 ? null : [0, 0, 1, 1]);
  assert.deepEqual(new Thinning(2, boxOf, 0).at(0), [1]);
  assert.deepEqual(new Thinning(2, boxOf, 1).at(1), [0]);
  assert.deepEqual(new Thinning(2, boxOf, 1, (step) => (step ? [[0, 0, 9, 9]] : [])).at(1), []);
});
