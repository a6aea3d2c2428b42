// @ts-check
import assert from "node:assert/strict";
import test from "node:test";

import { newCamera, rotate } from "#linked_scatter/camera.js";
import { viewOf, withView } from "#linked_scatter/view_address.js";

/** @import { View } from "#linked_scatter/view_address.js" */

/** @type {View} */
const AT_FIRST = {
  savedCameras: {},
  arrangement: "side-by-side",
  morph: { progress: 0, keys: null },
  parts: new Set(["names"]),
};
const MOVED = { ...newCamera(), zoom: 2.5, x: -0.125, y: 3 };

test("a view is read as it was written, and other parameters stay", () => {
  /** @type {View} */
  const view = {
    savedCameras: { text: MOVED },
    arrangement: "morph",
    morph: { progress: 0.25, keys: ["text", "class"] },
    parts: new Set(["names", "contours"]),
  };
  const query = withView("class=12", view);
  assert.equal(query, "class=12&camera=text_2.5_-0.125_3&morph=text_class_0.25&show=names_contours");
  assert.deepEqual(viewOf(query), view);
});

test("a view replaces the one before, and nothing is written of what is as at first", () => {
  const query = withView("camera=text_2_0_0&class=12&morph=a_b_1", {
    ...AT_FIRST,
    savedCameras: { text: newCamera() },
  });
  assert.equal(query, "class=12");
  assert.equal(withView("camera=text_2_0_0"), "");
  assert.deepEqual(viewOf("class=12"), AT_FIRST);
});

test("a rotation is kept to three decimals", () => {
  const rotation = rotate(newCamera().rotation, 0.5, 0.25);
  const { savedCameras } = viewOf(withView("", { ...AT_FIRST, savedCameras: { a: { ...newCamera(), rotation } } }));
  savedCameras.a.rotation.forEach((value, i) => assert.ok(Math.abs(value - rotation[i]) <= 0.0005));
});

test("points alone are shown where nothing else is", () => {
  const query = withView("", { ...AT_FIRST, parts: new Set() });
  assert.equal(query, "show=points");
  assert.deepEqual(viewOf(query).parts, new Set());
});

test("what is no view is as at first", () => {
  for (const query of [
    "camera=text_0_0_0",
    "camera=text_1_2",
    "camera=text_1_x_0",
    "camera=",
    "morph=a_b_2",
    "morph=a",
  ]) {
    assert.deepEqual(viewOf(query), AT_FIRST, query);
  }
});
