// @ts-check
import assert from "node:assert/strict";
import test from "node:test";

import { formatNumber, valueRange } from "#linked_scatter/numbers.js";

test("the range is that of the known numbers", () => {
  assert.equal(valueRange([3, NaN, 1, null, 6]), 5);
  assert.equal(valueRange(["a", "b"]), undefined);
  assert.equal(valueRange([2, 2]), undefined);
});

test("numbers have as many decimals as distinguish values within the range", () => {
  assert.equal(formatNumber(0.123456, 1), "0.12");
  assert.equal(formatNumber(0.123456, 0.01), "0.1235");
  assert.equal(formatNumber(1234.5678, 2000), "1,235");
  assert.equal(formatNumber(0.0123, undefined), "0.0123");
  assert.equal(formatNumber(0.5, 0), "0.50");
  assert.equal(formatNumber(-0.0004, 1), "0.00");
  assert.equal(formatNumber(-0, 1), "0");
  assert.equal(formatNumber(1e-9, 1e-9), "0.000000");
});

test("whole numbers, text and unknown values are written as they are", () => {
  assert.equal(formatNumber(12345, 1), "12,345");
  assert.equal(formatNumber("<b>", 1), "<b>");
  assert.equal(formatNumber(null, 1), "");
  assert.equal(formatNumber(NaN, 1), "unknown");
});
