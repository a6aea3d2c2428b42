// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import { paperZoom } from "#theme/print.js";

test("a wide page is made as small as the paper is, but can be read, and a narrow one stays as it is", () => {
  assert.equal(paperZoom(1000), 0.7);
  assert.equal(paperZoom(3000), 0.5);
  assert.equal(paperZoom(390), 1);
});
