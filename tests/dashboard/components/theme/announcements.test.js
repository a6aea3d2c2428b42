// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import { tellOfWork } from "#theme/announcements.js";

test("work that takes long is told of once, and so is its end; short work is not", () => {
  /** @type {string[]} */
  const told = [];
  /** @type {(() => void)[]} */
  const waiting = [];
  const later = /** @type {any} */ ((/** @type {() => void} */ call) => waiting.push(call));
  const onChange = tellOfWork((text) => told.push(text), later);
  onChange(true);
  onChange(false);
  waiting[0]();
  assert.deepEqual(told, []);
  onChange(true);
  onChange(true);
  assert.equal(waiting.length, 2);
  waiting[1]();
  onChange(false);
  onChange(false);
  assert.deepEqual(told, ["Working", "Ready"]);
});
