// @ts-check
import assert from "node:assert/strict";
import test from "node:test";

import {
  coordinateFrames,
  decodeFloats,
  neighboursOf,
  normalise,
  paneShape,
  placedCount,
  unpackScene,
} from "#linked_scatter/scene.js";

/** @import { SentScene } from "#linked_scatter/scene.js" */

/** @param {Float32Array | Int32Array} array */
const encode = (array) => Buffer.from(array.buffer).toString("base64");
const floats = (/** @type {number[]} */ ...values) => encode(Float32Array.from(values));

/** @type {SentScene} */
const SENT = {
  dimensions: 2,
  panes: [
    { key: "a", title: "A", note: "", frame: "shared", axes: [] },
    { key: "b", title: "B", note: "", frame: "shared", axes: [] },
    { key: "c", title: "C", note: "", frame: "", axes: ["l", "r"] },
  ],
  names: ["x", "y"],
  groups: ["g", "g"],
  positions: { a: floats(0, 0, 4, 2), b: floats(8, 4, NaN, NaN), c: floats(5, 5, 5, 5) },
  colour: { title: "", values: floats(0, 1), categories: ["g", "h"], low: 0, high: 0 },
  thumbnails: null,
  sentences: { rows: encode(Int32Array.of(1)), texts: ["a sentence"], positions: { a: floats(-2, 2) } },
  pins: [{ label: "pin", mark: 1, nearest: [], positions: { a: [3, 2] } }],
  residuals: null,
  details: {},
  neighbours: { a: { rows: encode(Int32Array.of(1, 0)), similarities: floats(0.5, 0.5) } },
  contours: { a: [{ share: 0.5, lines: [floats(3, 2, -2, 2)] }] },
};

test("points without a place are not counted", () => {
  assert.equal(placedCount(Float32Array.of(0, 1, 2, NaN, NaN, 0, 3, 4, 0)), 2);
});

test("arrays arrive as they were", () => {
  assert.deepEqual([...decodeFloats(floats(0.5, -3, NaN))], [0.5, -3, NaN]);
});

test("panes of one frame share their coordinates, with all that lies in them", () => {
  const frames = coordinateFrames(SENT.panes, 2, [
    { a: [0, 0, 4, 2], b: [8, 4, NaN, NaN], c: [5, 5, 5, 5] },
    { a: [-2, 2] },
  ]);
  assert.deepEqual(frames.a, { middle: [3, 2], halfSide: 5, extent: [1, 0.4] });
  assert.deepEqual(frames.b, frames.a);
  assert.deepEqual(frames.c, { middle: [5, 5], halfSide: 1, extent: [0.2, 0.2] });
});

test("a frame without known points is the cube itself", () => {
  assert.deepEqual(coordinateFrames([{ key: "a", frame: "" }], 2, [{ a: [NaN, NaN] }]).a, {
    middle: [0, 0],
    halfSide: 1,
    extent: [1, 1],
  });
});

test("a pin widens what is shown, as far as the cube reaches", () => {
  assert.deepEqual(unpackScene(SENT).extents.a, [1, 0.4]);
  const pinned = { ...SENT, pins: [{ ...SENT.pins[0], positions: { a: [3, 99] } }] };
  assert.deepEqual(unpackScene(pinned).extents.a, [1, 1]);
});

test("points that can be turned may take all of the cube", () => {
  const { extent } = coordinateFrames([{ key: "a", frame: "" }], 3, [{ a: [0, 0, 0, 4, 1, 1] }]).a;
  assert.deepEqual(extent, [1, 1]);
});

test("a pane is as tall as the tallest needs, within bounds", () => {
  const shape = (/** @type {[number, number][]} */ ...extents) =>
    paneShape({ extents: Object.fromEntries(extents.entries()) });
  assert.deepEqual([shape([1, 0.75], [1, 0.4]), shape([1, 0.3]), shape([0.5, 1])], [0.75, 0.6, 1]);
});

test("points have three coordinates, whatever their dimensions", () => {
  const frame = { middle: [1, 2, 3], halfSide: 2 };
  assert.deepEqual([...normalise([1, 2, 3, NaN], 2, frame)], [0, 0, 0, 1, NaN, 0]);
  assert.deepEqual([...normalise([3, 2, 1], 3, frame)], [1, 0, -1]);
});

test("a scene is unpacked", () => {
  const scene = unpackScene(SENT);
  assert.equal(scene.classCount, 2);
  assert.equal(scene.is3D, false);
  assert.deepEqual([...scene.positions.a], [...Float32Array.of(-0.6, -0.4, 0, 0.2, 0, 0)]);
  assert.deepEqual([...(scene.sentences?.positions.a ?? [])], [-1, 0, 0]);
  assert.deepEqual([...(scene.sentences?.rows ?? [])], [1]);
  assert.deepEqual([...scene.pins[0].positions.a], [0, 0, 0]);
  assert.deepEqual([...scene.origins.a], [...Float32Array.of(-0.6, -0.4, 0)]);
  assert.deepEqual([...neighboursOf(scene, "a", 1)], [[0, 0.5]]);
  assert.deepEqual([...neighboursOf(scene, "b", 1)], []);
  assert.deepEqual([...scene.contours.a[0].lines[0]], [0, 0, 0, -1, 0, 0]);
  assert.deepEqual([...scene.colour.values], [0, 1]);
});
