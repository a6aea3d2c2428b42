// @ts-check
import assert from "node:assert/strict";
import test from "node:test";

import { smoothstep } from "#linked_scatter/animation.js";

test("smoothstep starts and ends slowly", () => {
  assert.deepEqual([0, 0.5, 1].map(smoothstep), [0, 0.5, 1]);
  assert.ok(smoothstep(0.1) < 0.1 && smoothstep(0.9) > 0.9);
});
