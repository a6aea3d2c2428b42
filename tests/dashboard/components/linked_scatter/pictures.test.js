// @ts-check
import assert from "node:assert/strict";
import test from "node:test";

import { PictureSheet } from "#linked_scatter/pictures.js";

test("of the scaled sheets the three used last are kept, and the others' memory is given back", async () => {
  /** @type {number[]} */
  const closed = [];
  Object.assign(globalThis, {
    Image: class {
      naturalHeight = 128;
      decode = () => Promise.resolve();
    },
    createImageBitmap: (/** @type {unknown} */ _, /** @type {{ resizeHeight: number }} */ { resizeHeight }) =>
      Promise.resolve({ pixels: resizeHeight / 2, close: () => closed.push(resizeHeight / 2) }),
  });
  const sheet = new PictureSheet({ uri: "data:", columns: 32, pixels: 64 }, () => {});
  const ask = async (/** @type {number} */ pixels) => {
    sheet.at(pixels);
    await new Promise(setImmediate);
    assert.ok(sheet.at(pixels));
  };
  for (const pixels of [20, 22, 24, 20, 26]) await ask(pixels);
  assert.deepEqual([...sheet.scaled.keys()], [24, 20, 26]);
  assert.deepEqual(closed, [22]);
  sheet.at(28);
  sheet.keepOnly(0);
  await new Promise(setImmediate);
  assert.deepEqual(closed, [22, 24, 20, 26]);
  assert.equal(sheet.scaled.size, 0);
});
